"""What a web server must say with each file: security headers, caching, not-found pages, the language of `/`."""

from pelican import signals

from . import aliases, outputs


def register() -> None:
    """Connect to Pelican, in the order of a build."""
    signals.generator_init.connect(outputs.install_policy)
    signals.all_generators_finalized.connect(aliases.check_aliases)
    signals.get_generators.connect(outputs.hosting_generator)
