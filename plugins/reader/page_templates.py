"""Which templates of the theme a page may name: those that put a page's text into the frame of all pages.

The others make files that are no page (not found, the entrance, the style page), or are frames themselves.
"""

from __future__ import annotations

import re
from pathlib import Path

from ..frontmatter import KINDS
from ..public_files import sources

FRAME = "base"
EXTENDS = re.compile(r"""\{%-?\s*extends\s+["']([\w-]+)\.html["']""")
IN_PLACE_OF_THE_TEXT = re.compile(r"\{%-?\s*block\s+(?:main|body)\b")
TEXT = "current.content"


def page_templates(folder: Path) -> dict[str, frozenset[str]]:
    """The templates of a theme, by the kind of what may name them. An article has all that a page has, and a day."""
    texts = {file.stem: file.read_text(encoding="utf-8-sig", errors="replace") for file in sources(folder, "*.html")}
    chains = {name: _chain(name, texts) for name in texts}
    return {
        kind: frozenset(name for name, chain in chains.items() if chain and not _of_more(kind) & {*chain})
        for kind in KINDS
    }


def _chain(name: str, texts: dict[str, str], below: tuple[str, ...] = ()) -> tuple[str, ...]:
    """The template and those it extends, up to the frame; empty where a page's text would not be shown.

    One that is broken is not judged: Jinja tells what is wrong with it.
    """
    text, chain = texts.get(name, ""), (*below, name)
    if name in below or (IN_PLACE_OF_THE_TEXT.search(text) and TEXT not in text) or "<html" in text:
        return ()
    above = EXTENDS.search(text)
    return chain if not above or above[1] == FRAME else _chain(above[1], texts, chain)


def _of_more(kind: str) -> set[str]:
    """The templates made for a kind that has what this one has not."""
    return {
        more.model_fields["template"].default
        for more in KINDS[kind].__subclasses__()
        if "template" in more.model_fields
    }
