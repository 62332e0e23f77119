"""What a composed document holds: its headings, the practice's statements, the facts it lacks."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from .tree import Node, plain


def nodes(value: Any) -> Iterator[Node]:
    """Every dictionary of a tree, outermost first."""
    if isinstance(value, dict):
        yield value
    for item in value.values() if isinstance(value, dict) else value:
        if isinstance(item, (list, dict)):
            yield from nodes(item)


def statements(value: Any) -> set[str]:
    """The numbers of the practice's statements that a tree expresses."""
    return {mark for node in nodes(value) for mark in node.get("s", [])}


def missing_facts(value: Any) -> list[str]:
    """The facts whose mark [to be completed: …] a tree prints."""
    return [node["fact"] for node in nodes(value) if "fact" in node]


def headings(chapters: list[Node], forms: list[dict[str, Any]]) -> list[tuple[int, str]]:
    """(level, text) of every heading: chapters (but not front matter) 1, the title of a form 2 and its parts 3."""
    found: list[tuple[int, str]] = []
    for chapter in chapters:
        if not chapter["front"]:
            found.append((1, chapter["title"]))
        for block in chapter["c"]:
            if block["t"] == "h":
                found.append((block["level"], plain(block["c"])))
            for form in (form for form in forms if block["t"] == "form" and form["id"] == block["name"]):
                found.append((2, form["title"]))
                found += [(3, part["title"]) for part in form["steps"]]
    return found
