"""Turns the HTML of a page or section into a tree that a Typst template can read: its blocks, one below another.

No Typst markup is ever written as text, so nothing needs escaping; a tag that is not known here is an error, never a
silent drop. Blocks are dictionaries with a type "t"; inline content is a list of texts and dictionaries.
"""

from __future__ import annotations

import json
from copy import copy
from functools import lru_cache
from typing import Any

from bs4 import BeautifulSoup, Tag
from bs4.element import Comment, NavigableString

from plugins.problems import say

from .html_inline import INLINE, inline, unknown
from .tree import Node, TreeError, plain

HEADINGS = {f"h{level}": level for level in range(2, 7)}
BOXES = ("rule", "proposal", "note", "help", "example")


def parse(html: str) -> list[Node]:
    """The blocks of an HTML fragment. Raises TreeError for a tag, a table or an image that a document cannot show.

    Chapters take several parts of one page, and a preview reads most pages again as they were: their blocks are kept,
    as text, because whoever composes a document goes on to change them.
    """
    blocks: list[Node] = json.loads(_parsed(html))
    return blocks


@lru_cache(maxsize=256)
def _parsed(html: str) -> str:
    soup = BeautifulSoup(html, "html.parser")
    _set_notes(soup)
    return json.dumps(_blocks(soup))


def _set_notes(soup: BeautifulSoup) -> None:
    """Put each note where its marks stand, as `<note of="fn:1">`: paper has a foot on every page."""
    section = soup.find("section", class_="notes")
    if not isinstance(section, Tag):
        return
    notes: dict[str, Tag] = {}
    for item in section.extract().find_all("li", id=True):
        for back in item.find_all("a", class_="footnote-backref"):
            if isinstance(back.previous_sibling, NavigableString):
                back.previous_sibling.replace_with(str(back.previous_sibling).rstrip())
            back.decompose()
        parts = item.find_all(True, recursive=False)
        if [part.name for part in parts] != ["p"]:
            mark = f"[^{str(item['id']).removeprefix('fn:')}]"
            message = say("the note {mark} is more than a paragraph", mark=mark)
            remedy = say("Write it as one: a PDF has it at the foot of the page.")
            raise TreeError(message, remedy, f"{mark}:")
        notes[f"#{item['id']}"] = parts[0]
    for raised in soup.find_all("sup"):
        if isinstance(link := raised.find("a", class_="footnote-ref"), Tag):
            note = copy(notes[str(link["href"])])
            note.name, note.attrs = "note", {"of": str(link["href"])}
            raised.replace_with(note)


def _blocks(parent: Tag) -> list[Node]:
    """Blocks in order; text that stands directly among them becomes a paragraph."""
    blocks: list[Node] = []
    loose: list[Any] = []

    def close() -> None:
        if content := inline(loose):
            blocks.append({"t": "p", "c": content})
        loose.clear()

    for child in parent.children:
        if isinstance(child, Comment):
            continue
        if isinstance(child, NavigableString) or (isinstance(child, Tag) and child.name in INLINE):
            loose.append(child)
        elif isinstance(child, Tag):
            close()
            found = _block(child)
            for node in found if isinstance(found, list) else [found]:
                if marks := child.get("data-s"):
                    node["s"] = str(marks).split()
                blocks.append(node)
    close()
    return blocks


def _block(tag: Tag) -> Node | list[Node]:
    if tag.name in HEADINGS:
        return {
            "t": "h",
            "level": HEADINGS[tag.name],
            "id": str(tag.get("id", "")),
            "c": inline(tag.children),
            "text": plain(inline(tag.children)),
        }
    match tag.name:
        case "p":
            image = _lone_image(tag)
            return {"t": "p", "c": inline(tag.children)} if image is None else _image(image)
        case "ul" | "ol":
            kind = "checklist" if "checklist" in _classes(tag) else tag.name
            return {
                "t": kind,
                "items": [_item(item) for item in tag.find_all("li", recursive=False)],
                "start": int(str(tag.get("start") or 1)),
            }
        case "dl":
            return {"t": "dl", "items": _definitions(tag)}
        case "table":
            return _table(tag)
        case "blockquote":
            return {"t": "quote", "c": _blocks(tag)}
        case "div" if "admonition" in _classes(tag):
            return _box(tag)
        case "div" | "section" | "article" | "thead":
            return _blocks(tag)
        case "img":
            return _image(tag)
        case "pre":
            return {"t": "pre", "text": tag.get_text().rstrip("\n")}
        case "hr":
            return []
    raise unknown(tag.name)


def _classes(tag: Tag) -> list[str]:
    return [str(name) for name in (tag.get("class") or [])]


def _item(tag: Tag) -> Node:
    return {"c": _blocks(tag), "s": str(tag.get("data-s", "")).split()}


def _definitions(tag: Tag) -> list[Node]:
    items: list[Node] = []
    for child in tag.find_all(("dt", "dd"), recursive=False):
        if child.name == "dt":
            items.append({"term": inline(child.children), "id": str(child.get("id", "")), "c": [], "s": []})
        elif items:
            items[-1]["c"] += _blocks(child)
            items[-1]["s"] += str(child.get("data-s", "")).split()
    return items


def _inside(tag: Tag, outer: str, inner: str) -> list[Tag]:
    """Without a CSS selector: the first one costs 50 ms, for its engine."""
    return [found for part in tag.find_all(outer) for found in part.find_all(inner)]


def _table(tag: Tag) -> Node:
    columns = _inside(tag, "thead", "th")
    head = [inline(cell.children) for cell in columns]
    rows = [
        [inline(cell.children) for cell in row.find_all(("th", "td"), recursive=False)]
        for row in _inside(tag, "tbody", "tr")
    ]
    caption = tag.find("caption")
    words = plain(head[0]) if head else ""
    if caption is None:
        raise TreeError(
            say("the table that starts with “{words}” has no caption", words=words),
            say("Put a paragraph “Table: what it shows” right above it."),
            words,
        )
    if any(len(row) != len(head) for row in rows):
        raise TreeError(
            say("the table that starts with “{words}” has rows of different lengths", words=words),
            say("Give every row as many cells as the first line has."),
            words,
        )
    marks = [mark for cell in tag.find_all(True, {"data-s": True}) for mark in str(cell["data-s"]).split()]
    align = [next((name[6:] for name in _classes(cell) if name.startswith("align-")), "start") for cell in columns]
    return {"t": "table", "caption": inline(caption.children), "head": head, "align": align, "rows": rows, "s": marks}


def _box(tag: Tag) -> Node:
    kind = next((name for name in _classes(tag) if name in BOXES), None)
    title = tag.find(class_="admonition-title")
    if kind is None:
        message = say("a box of an unknown kind: {kind}", kind=" ".join(_classes(tag)))
        raise TreeError(message, say("Kinds: {kinds}.", kinds=", ".join(BOXES)), "!!! ")
    heading = inline(title.extract().children) if isinstance(title, Tag) else []
    return {"t": "box", "kind": kind, "title": heading, "c": _blocks(tag)}


def _lone_image(tag: Tag) -> Tag | None:
    """The image of a paragraph that holds nothing else, which is how Markdown writes one."""
    only = tag.find("img", recursive=False)
    return only if isinstance(only, Tag) and not tag.get_text().strip() else None


def _image(tag: Tag) -> Node | list[Node]:
    """Nothing for a decoration: paper has its own."""
    source = str(tag.get("src", ""))
    if "decoration" in _classes(tag):
        return []
    if not tag.get("alt"):
        raise TreeError(
            say("the image {file} has no text for those who cannot see it", file=source),
            say("Write it between the brackets: ![what it shows](…)."),
            source.rsplit("/", 1)[-1],
        )
    return {"t": "img", "src": source, "alt": str(tag["alt"])}
