"""Drafts: in the preview at their own address, in no menu, list or feed; a published build leaves them out."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from itertools import chain
from typing import Any

from pelican.contents import Content
from pelican.generators import ArticlesGenerator, PagesGenerator

from plugins.build import build_of

from ..pelican_internals import html_of, set_html

LISTS = ("draft_pages", "draft_translations", "drafts", "drafts_translations")


def drafts_of(generators: list[Any]) -> Iterator[Content]:
    """Every draft of this build, in both languages."""
    for generator in generators:
        if isinstance(generator, (PagesGenerator, ArticlesGenerator)):
            yield from chain.from_iterable(getattr(generator, name, []) for name in LISTS)


def leave_out_drafts(generators: list[Any]) -> None:
    """On `all_generators_finalized`: no draft where the site is published."""
    if not build_of(generators[0].settings).published:
        return
    for generator in generators:
        if isinstance(generator, (PagesGenerator, ArticlesGenerator)):
            for name in LISTS:
                if hasattr(generator, name):
                    setattr(generator, name, [])


def unlink(content: Content, what: str, target: str) -> None:
    """Take an address that leads to nothing (yet) out of a page: a draft never stops a build."""

    def emptied(match: re.Match[str]) -> str:
        address = unescape(match[3]).strip().partition("#")[0]
        return f"{match[1]}{match[2]}#{match[2]}" if address == what + target else match[0]

    pattern = r"""\b((?:href|src)\s*=\s*)(["'])(.*?)\2"""
    set_html(content, re.sub(pattern, emptied, html_of(content), flags=re.DOTALL))
