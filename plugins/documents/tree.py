"""The tree of a document's content: dictionaries with a type "t" and lists; walks through it, its text."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

Node = dict[str, Any]


class TreeError(Exception):
    """Something the documents cannot show. `near` is a text to look for in the source."""

    def __init__(self, message: str, remedy: str, near: str = "") -> None:
        self.message, self.remedy, self.near = message, remedy, near
        super().__init__(message)


def nodes(value: Any) -> Iterator[Node]:
    """Every dictionary of a tree, outermost first."""
    if isinstance(value, dict):
        yield value
    for item in value.values() if isinstance(value, dict) else value:
        if isinstance(item, (list, dict)):
            yield from nodes(item)


def missing_facts(value: Any) -> list[str]:
    """The facts whose mark [to be completed: …] a tree prints."""
    return [node["fact"] for node in nodes(value) if "fact" in node]


def plain(content: list[Any]) -> str:
    """Inline content as text."""
    return "".join(item if isinstance(item, str) else plain(item["c"]) for item in content)
