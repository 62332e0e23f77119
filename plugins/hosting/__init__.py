"""What a web server must say with each file: security headers, caching, not-found pages, the language of `/`."""

from pelican import signals

from . import outputs


def register() -> None:
    """Connect to Pelican, in the order of a build."""
    signals.generator_init.connect(outputs.install_policy)
    signals.get_generators.connect(outputs.hosting_generator)
