"""Resolves the links and pictures of a document: to a place inside it where there is one, else to a full address."""

from __future__ import annotations

import posixpath
from collections.abc import Callable
from unicodedata import normalize
from urllib.parse import unquote

from .tree import Node, nodes

Anchors = dict[tuple[str, str], str]  # (path under content/, id) -> label; the id "" is the source itself
Address = Callable[[str, str], str | None]  # (path, fragment) -> full address, None where there is no such page


def resolve(block: Node, anchors: Anchors, address: Address, missing: Callable[[str, str], None]) -> None:
    """Give each `{filename}x.md#id` in `block` its label ("to") or its address ("href").

    `missing(path of the source, target)` is told of a link to nothing.
    """
    source = block.get("from", "")
    for node in nodes(block):
        if node.get("src", "").startswith("{static}"):
            node["src"] = _beside(source, node["src"].removeprefix("{static}"))
        href = node.get("href", "")
        if not href.startswith(("{filename}", "#")):
            continue
        target, _, fragment = href.removeprefix("{filename}").partition("#")
        path = _beside(source, target) if target else source
        if inside := anchors.get((path, fragment)):
            node["to"] = inside
            continue
        found = address(path, fragment)
        if found is None:
            missing(source, path)
        node["href"] = found or "#"


def _beside(source: str, target: str) -> str:
    """`target` as a path under content/: relative to `source`, or to content/ when it begins with a slash."""
    return normalize("NFC", posixpath.normpath(posixpath.join(posixpath.dirname(source), unquote(target))).lstrip("/"))
