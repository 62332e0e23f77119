"""Composes accessible PDFs from the site's own pages and data; plugins/pdf makes the files.

A document NAME is content/data/NAME.toml and theme/documents/NAME.typ; a page offers it with `documents: [NAME]`.
"""

from __future__ import annotations

from pelican import signals

from . import build, downloads


def register() -> None:
    """Connect to Pelican, in the order of a build."""
    signals.generator_init.connect(downloads.install_downloads)
    signals.all_generators_finalized.connect(build.render_documents)
    signals.finalized.connect(build.write_documents)
