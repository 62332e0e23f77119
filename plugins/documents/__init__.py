"""Accessible PDFs made of the site's own pages and data, and the pictures shown where a page is shared (Typst).

A document NAME is content/data/NAME.toml and theme/documents/NAME.typ; a page offers it with `documents: [NAME]`.
"""

from __future__ import annotations

from pelican import signals

from . import build, downloads, pictures
from .social import social_image

__all__ = ["register", "social_image"]


def register() -> None:
    """Connect to Pelican, in the order of a build."""
    signals.generator_init.connect(downloads.install_downloads)
    signals.generator_init.connect(pictures.install_pictures)
    signals.all_generators_finalized.connect(build.render_documents)
    signals.finalized.connect(build.write_documents)
    signals.finalized.connect(pictures.write_pictures)
