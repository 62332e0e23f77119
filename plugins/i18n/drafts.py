"""Drafts: in the preview at their own address, in no menu, list or feed; a published build leaves them out."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import Any

from pelican.contents import Content
from pelican.generators import ArticlesGenerator, PagesGenerator, StaticGenerator

LISTS = ("draft_pages", "draft_translations", "drafts", "drafts_translations")


def drafts_of(generators: list[Any]) -> Iterator[Content]:
    """Every draft of this build, in both languages."""
    for generator in generators:
        if isinstance(generator, (PagesGenerator, ArticlesGenerator)):
            yield from chain.from_iterable(getattr(generator, name, []) for name in LISTS)


def leave_out_drafts(generators: list[Any]) -> None:
    """On `all_generators_finalized`: no draft where the site is published, nowhere an image that a draft lacks."""
    for generator in generators:
        if isinstance(generator, StaticGenerator):
            generator.staticfiles = [
                file for file in generator.staticfiles if Path(generator.path, file.source_path).is_file()
            ]
    if not generators[0].settings["PUBLISHED"]:
        return
    for generator in generators:
        if isinstance(generator, (PagesGenerator, ArticlesGenerator)):
            for name in LISTS:
                if hasattr(generator, name):
                    setattr(generator, name, [])


def unlink(draft: Content, target: str) -> None:
    """Take the address out of a draft's link to something that is not there (yet): a draft never stops a build."""
    draft._content = re.sub(
        rf'\b(href|src)="\{{(?:filename|static)\}}{re.escape(target)}(?:#[^"]*)?"', r'\1="#"', draft._content
    )
