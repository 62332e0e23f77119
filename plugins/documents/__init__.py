"""Composes accessible PDFs from the site's own pages and data; plugins/pdf makes the files.

A document NAME is content/data/NAME.toml and theme/documents/NAME.typ; a page offers it with `documents: [NAME]`.
"""

from __future__ import annotations

from pelican import signals

from . import downloads


def register() -> None:
    """Connect to Pelican. Documents are made when all pages are read: plugins/writing."""
    signals.generator_init.connect(downloads.install_downloads)
