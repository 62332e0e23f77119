"""What a page refers to, read off its HTML once, when it is parsed; references.py compares it with the site."""

from __future__ import annotations

import posixpath
import re
from dataclasses import dataclass
from typing import NamedTuple
from urllib.parse import unquote

from .slips import ANCHOR, Slip, slips, tags_of

# Markdown writes double quotation marks; HTML typed by hand may have single ones, capitals and several lines.
LINK = re.compile(r"""\b(?:href|src)=["'](?:(\{\w+\})([^"'#]*))?(?:\#([^"']*))?["']""", re.IGNORECASE)
SITE_PATH = re.compile(r"""\bhref=["'](/[^"']*)["']""", re.IGNORECASE)
IMAGE = re.compile(r"<img\b[^>]*>", re.IGNORECASE)
ELSEWHERE = re.compile(
    r"<(?:img|script|iframe|video|audio|source|track|embed|object|link|input)\b[^>]*?"
    r"""\b(?:src|href|data|srcset|poster)=["']?((?:https?:)?//[^"'\s>]*)""",
    re.IGNORECASE,
)


class Link(NamedTuple):
    """One link as written, `{filename}faq.md#id`, and the path in the content folder that it leads to."""

    what: str  # {filename}, {static}; empty for a fragment of the page itself
    target: str
    fragment: str
    path: str


@dataclass(frozen=True)
class Refers:
    """Everything in one page that has to be there, or must not."""

    anchors: frozenset[str]
    links: tuple[Link, ...]
    site_paths: tuple[str, ...]  # addresses of the site, typed instead of a file
    elsewhere: tuple[str, ...]  # what the page would load from other sites
    silent_images: tuple[str, ...]  # <img …> without a text
    slips: tuple[Slip, ...]


def refers(html: str, source: str, here: str) -> Refers:
    """`html` was made of the text `source` of the file `here` (en/pages/faq.md)."""
    folder, tags = posixpath.dirname(here), tags_of(html)
    return Refers(
        frozenset(ANCHOR.findall(tags)),
        tuple(
            Link(what, target, part, posixpath.normpath(posixpath.join(folder, unquote(target))) if target else here)
            for what, target, part in LINK.findall(tags)
        ),
        tuple(SITE_PATH.findall(tags)),
        tuple(ELSEWHERE.findall(tags)),
        tuple(image for image in IMAGE.findall(tags) if not re.search(r"""\balt=["'][^"']""", image, re.IGNORECASE)),
        tuple(slips(html, source, here)),
    )
