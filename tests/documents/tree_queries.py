"""What tests ask of a composed document: its headings and the practice's statements."""

from __future__ import annotations

from typing import Any

from plugins.documents.tree import nodes, plain


def statements(value: Any) -> set[str]:
    """The numbers of the practice's statements that a tree expresses."""
    return {mark for node in nodes(value) for mark in node.get("s", [])}


def headings(chapters: list[dict[str, Any]], forms: list[dict[str, Any]]) -> list[tuple[int, str]]:
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
