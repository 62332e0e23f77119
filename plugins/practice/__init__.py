"""The facts of the practice and the site's other data: read once, validated, given to pages, templates and PDFs."""

from pelican import signals

from . import data, facts, storage, templates


def register() -> None:
    """Connect to Pelican, in the order of a build."""
    signals.initialized.connect(facts.load_facts)
    signals.initialized.connect(data.load_data)
    signals.generator_init.connect(templates.install_facts)
    signals.all_generators_finalized.connect(facts.check_facts)
    signals.all_generators_finalized.connect(storage.check_storage)
