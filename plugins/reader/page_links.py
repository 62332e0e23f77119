"""What a page refers to, read off its HTML once, when it is parsed; references.py compares it with the site."""

from __future__ import annotations

import posixpath
import re
from dataclasses import dataclass
from html import unescape
from typing import NamedTuple

from ..public_files import place_of
from .markdown_mistakes import ANCHOR, Mistake, mistakes, tags_of

# Markdown writes double quotation marks; HTML typed by hand may have single ones or none, capitals and several lines.
ATTRIBUTE = re.compile(r"""([^\s"'<>/=]+)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""")
LINK = re.compile(r"\s*(?:(\{\w+\})([^#]*))?(?:#(.*))?", re.DOTALL)
MARKED = re.compile(r"[{|]\s*(?:static|attach|filename)\s*[|}]", re.IGNORECASE)
SITE_PATH = re.compile(r"""\bhref=["'](/[^"']*)["']""", re.IGNORECASE)
IMAGE = re.compile(r"<img\b[^>]*>", re.IGNORECASE)
ELSEWHERE = re.compile(
    r"<(?:img|script|iframe|video|audio|source|track|embed|object|link|input)\b[^>]*?"
    r"""\b(?:src|href|data|srcset|poster)=["']?((?:https?:)?//[^"'\s>]*)""",
    re.IGNORECASE,
)


class Link(NamedTuple):
    """One link as written, `{filename}faq.md#id`, and the path in the content folder that it leads to."""

    what: str  # {filename}, {static}, or another word in braces; empty for a fragment of the page itself
    target: str
    fragment: str
    path: str


@dataclass(frozen=True)
class PageLinks:
    """Everything in one page that has to be there, or must not."""

    anchors: frozenset[str]
    links: tuple[Link, ...]
    unread: tuple[tuple[str, str], ...]  # an attribute that takes no such address, and the address
    site_paths: tuple[str, ...]  # addresses of the site, typed instead of a file
    elsewhere: tuple[str, ...]  # what the page would load from other sites
    silent_images: tuple[str, ...]  # <img …> without a text
    mistakes: tuple[Mistake, ...]


def page_links(html: str, source: str, here: str) -> PageLinks:
    """`html` was made of the text `source` of the file `here` (en/pages/faq.md)."""
    tags = tags_of(html)
    links, unread = _links(tags, here)
    return PageLinks(
        frozenset(ANCHOR.findall(tags)),
        tuple(links),
        tuple(unread),
        tuple(SITE_PATH.findall(tags)),
        tuple(ELSEWHERE.findall(tags)),
        tuple(image for image in IMAGE.findall(tags) if not re.search(r"""\balt=["'][^"']""", image, re.IGNORECASE)),
        tuple(mistakes(html, source, here)),
    )


def _links(tags: str, here: str) -> tuple[list[Link], list[tuple[str, str]]]:
    """The addresses of files and fragments where Pelican reads them; and those where it does not."""
    links, unread = [], []
    for name, double, single, bare in ATTRIBUTE.findall(tags):
        value = unescape(double or single or bare)
        whole = LINK.fullmatch(value)
        if whole and (whole[1] or whole[3] is not None) and name in ("href", "src") and not bare:
            what, target, part = whole.groups("")
            links.append(Link(what, target, part, place_of(target, posixpath.dirname(here)) if target else here))
        elif MARKED.search(value):
            unread.append((name, value))
    return links, unread
