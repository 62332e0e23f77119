"""Two languages in one Pelican run: pages in pairs, words from gettext catalogs, dates, French typography, feeds."""

from typing import Any

from pelican import signals

from plugins.build import build_of

from . import alignment, catalogs, language_files, languages, pairs


def register() -> None:
    """Connect to Pelican, in the order of a build."""
    signals.initialized.connect(begin)
    signals.get_generators.connect(language_files.language_templates)
    signals.generator_init.connect(catalogs.install_gettext)
    signals.generator_init.connect(languages.install_functions)
    signals.all_generators_finalized.connect(pairs.pair_languages)
    signals.all_generators_finalized.connect(alignment.check_alignment)


def begin(pelican: Any) -> None:
    """On `initialized`: the two languages, then their catalogs."""
    languages.refuse_others(build_of(pelican.settings))
    catalogs.load_catalogs(pelican)
