"""What is looked at of a clipboard's HTML, read as a browser reads it; and words as plain signs."""

from __future__ import annotations

import re
from itertools import accumulate
from unicodedata import normalize

import nh3
from bs4 import BeautifulSoup, Tag

HEADINGS = [f"h{level}" for level in range(1, 7)]
LOST = {"math": "formula"} | dict.fromkeys(
    ("svg", "canvas", "video", "audio", "iframe", "object", "embed", "form"), "drawing"
)
CONTAINERS = ["div", "section", "article", "main", "header", "footer", "nav", "aside", "center", "address", "figure"]
CONTAINERS += ["figcaption", "fieldset", "details", "summary"]
HOLDERS = ["li", "blockquote", "dd"]  # blocks with blocks in them
PARTS = ["tbody", "thead", "tfoot", "tr", "td", "th", "caption"]
BLOCKS = ["p", "pre", "ul", "ol", "dl", "dt", "table", "hr", *HEADINGS, *HOLDERS, *PARTS, *CONTAINERS]
STRONG, EMPHASIS, STRUCK = ["b", "strong"], ["i", "em", "cite", "dfn", "var"], ["s", "strike"]
CLEANER = nh3.Cleaner(
    tags={*BLOCKS, *LOST, *STRONG, *EMPHASIS, *STRUCK, "span", "font", "a", "img", "br", "sup", "sub", "del"},
    attributes={
        "*": {"style", "class", "id", "name", "role", "aria-level", "data-aria-level"},
        "a": {"href"},
        "img": {"src", "alt", "width"},
        "ol": {"start"},
        "td": {"colspan", "rowspan"},
        "th": {"colspan", "rowspan"},
    },
    clean_content_tags={"script", "style", "title", "template", "noscript", "button", "select", "textarea"},
    url_schemes={"https", "http", "mailto", "tel", "data", "file", "cid", "blob"},
    link_rel=None,
)
# Signs that nobody sees, that no page may hold (plugins/problems/unreadable.py), or that only say where a line ends.
UNSEEN = re.compile(
    "[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff\ufffe\uffff\ue000-\uf8ff\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f]"
)
SPACES = re.compile("[\\s\u0085\u00a0\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+")
NESTED = re.compile(r"<(/?)(?:div|span|font|section|article|blockquote|ul|ol|dl|table|b|i|em|strong|a)\b", re.I)
DEEPEST = 200  # of these, one in the other: what no program writes
LIGATURES = re.compile("[\ufb00-\ufb06]")


def tree_of(html: str) -> BeautifulSoup:
    """The tree of a clipboard's HTML: without scripts, comments and what else nobody sees, every tag closed.

    Raises ValueError where its tags stand in each other without end.
    """
    depths = accumulate(-1 if tag[1] else 1 for tag in NESTED.finditer(html))
    if max(depths, default=0) > DEEPEST:
        raise ValueError("tags without end")
    return BeautifulSoup(CLEANER.clean(html), "html.parser")


def has_blocks(tag: Tag) -> bool:
    """Whether there are blocks in a tag."""
    return any(isinstance(one, Tag) and one.name in BLOCKS for one in tag.descendants)


def style_of(tag: Tag) -> str:
    """The style attribute of a tag in small letters, without spaces."""
    return re.sub(r"\s", "", str(tag.get("style", ""))).lower()


def classes(tag: Tag) -> set[str]:
    """The classes of a tag."""
    return set(tag.get_attribute_list("class")) - {None}


def plain(text: str) -> str:
    """Text without signs that nobody sees, its accents written one way, with plain spaces: French ones come back."""
    text = LIGATURES.sub(lambda sign: normalize("NFKC", sign[0]), UNSEEN.sub("", text))
    return normalize("NFC", SPACES.sub(" ", text).replace("\u2011", "-"))


def fragment_of(link: Tag) -> str:
    """The place on a page that a link leads to; "" where it names none."""
    return str(link.get("href", "")).partition("#")[2]


def new(name: str, **attributes: str) -> Tag:
    """A tag; `data_note` is the attribute data-note."""
    return Tag(name=name, attrs={key.replace("_", "-"): value for key, value in attributes.items()})
