"""What a page refers to, read off its HTML once, when it is parsed; references.py compares it with the site."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable
from dataclasses import dataclass
from html import unescape
from typing import NamedTuple

from ..public_files import place_of
from .markdown_mistakes import ANCHOR, Mistake, mistakes_in_addresses, tags_of

# As allowed.py writes every tag: small letters, double quotation marks.
ATTRIBUTE = re.compile(r'([^\s"<>/=]+)="([^"]*)"')
LINK = re.compile(r"\s*(?:(\{\w+\})([^#]*))?(?:#(.*))?", re.DOTALL)
MARKED = re.compile(r"[{|]\s*(?:static|attach|filename)\s*[|}]", re.IGNORECASE)
SITE_PATH = re.compile(r'\bhref="(/[^"]*)"')
IMAGE = re.compile(r"<img\b[^>]*>")
SPEAKING = re.compile(r'\balt="[^"]|\bclass="(?:[^"]* )?decoration[" ]')  # it has a text, or is said to need none
ELSEWHERE = re.compile(r'<img\b[^>]*?\bsrc="((?:https?:)?//[^"]*)"')  # of what allowed.py allows, only images load


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


def page_links(html: str, source: str, here: str, mistakes: Iterable[Mistake] = ()) -> PageLinks:
    """`html` was made of the text `source` of the file `here` (en/pages/faq.md); `mistakes` are known of it."""
    tags = tags_of(html)
    links, unread = _links(tags, here)
    return PageLinks(
        frozenset(ANCHOR.findall(tags)),
        tuple(links),
        tuple(unread),
        tuple(SITE_PATH.findall(tags)),
        tuple(ELSEWHERE.findall(tags)),
        tuple(image for image in IMAGE.findall(tags) if not SPEAKING.search(image)),
        (*mistakes_in_addresses(html, source, here), *mistakes),
    )


def _links(tags: str, here: str) -> tuple[list[Link], list[tuple[str, str]]]:
    """The addresses of files and fragments where Pelican reads them; and those where it does not."""
    links, unread = [], []
    for name, given in ATTRIBUTE.findall(tags):
        value = unescape(given)
        whole = LINK.fullmatch(value)
        if whole and (whole[1] or whole[3] is not None) and name in ("href", "src"):
            what, target, part = whole.groups("")
            links.append(Link(what, target, part, place_of(target, posixpath.dirname(here)) if target else here))
        elif MARKED.search(value):
            unread.append((name, value))
    return links, unread
