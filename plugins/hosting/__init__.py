"""What a web server must say with each file: security headers, caching, not-found pages, the language of `/`."""

from pelican import signals

from . import aliases, host_files


def register() -> None:
    """Connect to Pelican, in the order of a build."""
    signals.generator_init.connect(host_files.install_policy)
    signals.all_generators_finalized.connect(aliases.check_aliases)
    signals.get_generators.connect(host_files.hosting_generator)
