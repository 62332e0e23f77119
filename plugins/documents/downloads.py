"""`downloads(page)` for templates: the documents that a page offers, with their real size and date."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from plugins.build import build_of
from plugins.pdf.render import PreparedDocument
from plugins.typography import NBSP


@dataclass(frozen=True)
class Download:
    """A document as a page links to it. `size` and `date` are written in the page's language."""

    name: str
    title: str
    url: str
    kind: str
    size: str
    date: str
    lang: str
    data: bytes
    target: str
    prepared: PreparedDocument


def size_text(size: int, lang: str) -> str:
    """`210 kB`, « 210 ko », `1.2 MB`, « 1,2 Mo »: decimal units, as browsers count."""
    if size < 999_500:
        return f"{max(1, round(size / 1000))}{NBSP}{'ko' if lang == 'fr' else 'kB'}"
    number = f"{size / 1_000_000:.1f}"
    return f"{number.replace('.', ',')}{NBSP}Mo" if lang == "fr" else f"{number}{NBSP}MB"


def install_downloads(generator: Any) -> None:
    """On `generator_init`: `downloads(page)`, the documents that a page offers in its own language."""
    build = build_of(generator.settings)

    def downloads(content: Any) -> list[Download]:
        made = build.documents
        return [
            made[name, content.lang]
            for name in getattr(content, "documents", None) or []
            if (name, content.lang) in made
        ]

    generator.env.globals["downloads"] = downloads
