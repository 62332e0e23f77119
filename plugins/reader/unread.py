"""Which pages were refused: each was told where it is wrong, and is not missing for anything that refers to it."""

from __future__ import annotations

from typing import Any

from plugins.build import build_of

from ..problems import ContentError, shown_path
from ..public_files import sources
from .source import read_and_report


def find_unread(generators: list[Any]) -> None:
    """On `all_generators_finalized`, before anything asks: build.unread. Sections of documents are read here first."""
    build = build_of(generators[0].settings)
    found = generators[0].context["generated_content"]
    build.unread |= {shown_path(build.content / path) for path, content in found.items() if content is None}
    for lang in build.languages:
        for file in sources(build.content / lang / "documents", "*.md", True):
            try:
                read_and_report(file, build)
            except ContentError:
                build.unread.add(shown_path(file))
