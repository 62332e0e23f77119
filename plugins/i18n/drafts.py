"""Drafts: in the preview at their own address, in no menu, list or feed; a published build leaves them out.

A page or an article that is dated in the future is a draft until its day.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from itertools import chain
from typing import Any

from pelican.contents import Content
from pelican.generators import ArticlesGenerator, PagesGenerator

from plugins.build import Build, build_of

from ..pelican_internals import html_of, set_html
from ..problems import Problem, say

LISTS = ("draft_pages", "draft_translations", "drafts", "drafts_translations")


def drafts_of(generators: list[Any]) -> Iterator[Content]:
    """Every draft of this build, in both languages."""
    for generator in generators:
        if isinstance(generator, (PagesGenerator, ArticlesGenerator)):
            yield from chain.from_iterable(getattr(generator, name, []) for name in LISTS)


def until_its_day(metadata: dict[str, Any], file: str, build: Build) -> dict[str, Any]:
    """What Pelican is told of a page: a draft while its day is still to come, which is told."""
    date, lines, today = metadata.get("date"), metadata["lines"], build.date.date()
    if date is None or metadata["status"] == "draft":
        return metadata
    if date.date() > today and "status" in lines:
        message = say("this page is dated {date}, and says that it is published", date=date.date())
        remedy = say("Take the line “status: published” out, and it waits for its day; or give it the day of today.")
        build.report(Problem(file, lines["date"], message, remedy))
    elif date.date() > today:
        message = say("this page waits for its day, {date}: until then it is a draft", date=date.date())
        remedy = say("Publish on that day or later, and it appears.")
        build.report(Problem(file, lines["date"], message, remedy, "warning"))
        return metadata | {"status": "draft", "waits": True}
    return metadata | {"modified": max(metadata["modified"], date)}  # one that waited is new on its day


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
