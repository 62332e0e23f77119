"""Turns the inline HTML of a paragraph into a list of texts and nodes, such as `{"t": "b", "c": [...]}`."""

from __future__ import annotations

import re
from typing import Any

from bs4 import Tag
from bs4.element import Comment, NavigableString

from plugins.problems import say

from .tree import Node, TreeError

INLINE = {
    "strong": "b", "b": "b", "em": "i", "i": "i", "cite": "i", "sup": "sup", "sub": "sub", "code": "code", "br": "br",
    "mark": "missing", "span": "span", "abbr": "span", "time": "span", "small": "span", "q": "span", "a": "a",
    "note": "note",
}  # fmt: skip
BLOCKS = {
    "p", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "li", "dl", "dt", "dd", "table", "blockquote", "div", "img", "hr",
}  # fmt: skip
SPACE = re.compile(r"[ \t\r\n\f]+")  # not the no-break spaces


def unknown(name: str) -> TreeError:
    """The error for a tag that documents have no form for."""
    remedy = say(
        "Write it another way, or teach plugins/documents/html_blocks.py and theme/documents/content.typ this tag."
    )
    return TreeError(say("<{tag}> cannot be shown in a PDF", tag=name), remedy, f"<{name}")


def inline(children: Any) -> list[Any]:
    """Texts and inline nodes, with spaces collapsed as a browser does."""
    out: list[Any] = []
    for child in children:
        if isinstance(child, Comment):
            continue
        if isinstance(child, NavigableString):
            text = SPACE.sub(" ", str(child))
            if text.startswith(" ") and (not out or (isinstance(out[-1], str) and out[-1].endswith(" "))):
                text = text[1:]
            if text:
                out.append(text)
        elif isinstance(child, Tag):
            if child.name not in INLINE:
                if child.name not in BLOCKS:
                    raise unknown(child.name)
                raise TreeError(
                    say("<{tag}> stands inside a line of text", tag=child.name),
                    say("Put an empty line before it."),
                    f"<{child.name}",
                )
            out.append(_inline_node(child))
    if out and isinstance(out[-1], str):
        out[-1] = out[-1].rstrip(" ")
    return [item for item in out if item != ""]


def _inline_node(tag: Tag) -> Node:
    if tag.name == "note":  # of html_blocks.py: the words of a note are not part of the line
        return {"t": "note", "c": [], "note": inline(tag.children), "of": str(tag["of"])}
    node: Node = {"t": INLINE[tag.name], "c": _spaced(tag)}
    for name in ("lang", "href"):
        if tag.get(name):
            node[name] = str(tag[name])
    if tag.get("data-fact"):
        node["fact"] = str(tag["data-fact"])
    return node


def _spaced(tag: Tag) -> list[Any]:
    """Inline content of an inline element: its own spaces at either end belong to the sentence around it."""
    content = inline(tag.children)
    first, last = next(iter(tag.strings), ""), (list(tag.strings) or [""])[-1]
    if content and isinstance(content[0], str) and SPACE.match(str(first)):
        content[0] = " " + content[0]
    if content and isinstance(content[-1], str) and SPACE.search(str(last)[-1:]):
        content[-1] += " "
    return content
