"""The owner's desk: the preview's pages, edited where they are read; facts, settings and history as forms.

It stands on the preview and asks the rooms below for what they know: blocks and their lines (plugins/reader), front
matter (plugins/frontmatter), facts (plugins/practice), problems (plugins/problems). It has no rule of its own.
"""

from __future__ import annotations

from tools.preview import Preview
from tools.preview import serve as serve_preview

from .app import desk_application
from .desk import Desk

__all__ = ["Desk", "serve"]


def serve(port: str, host: str, lang: str) -> None:
    """The preview with the desk, until interrupted. Raises OSError where it cannot listen."""

    def make(preview: Preview):  # type: ignore[no-untyped-def]
        return desk_application(Desk(preview))

    serve_preview(port, host, lang, make)
