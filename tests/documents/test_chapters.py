"""Chapters composed of pages and sections: choice of headings, levels, unique ids, links."""

from __future__ import annotations

from typing import Any

import pytest

from plugins.documents.chapters import Composer
from plugins.documents.library import SourceHtml
from tests.documents.tree_queries import headings, statements

METHOD = (
    '<p>Intro</p><h2 id="what">What</h2><p data-s="S03">It is.</p><h3 id="more">More</h3>'
    '<h2 id="not">Not</h2><p>See <a href="{filename}faq.md#who">who</a>.</p>'
)
FAQ = '<h2 id="what">What?</h2><p><a href="{filename}method.md">method</a> <a href="{filename}other.md#x">other</a></p>'


def composer(told: list[tuple[str, str, str, str]]) -> Composer:
    def source(key: str, html: str) -> SourceHtml:
        return SourceHtml(key, key.title(), html, f"en/pages/{key}.md", f"content/en/pages/{key}.md")

    def address(path: str, fragment: str) -> str | None:
        return f"https://site.example/{path}#{fragment}" if path.endswith(("other.md", "faq.md")) else None

    pages = {"method": source("method", METHOD), "faq": source("faq", FAQ)}
    return Composer(pages, {}, "content/data/guide.toml", address, lambda *problem: told.append(problem))


def compose(specs: list[dict[str, Any]]) -> tuple[list[dict[str, Any]], list[tuple[str, str, str, str]]]:
    told: list[tuple[str, str, str, str]] = []
    return composer(told).chapters(specs), told


def test_only_except_and_intro() -> None:
    chapters, told = compose(
        [
            {"id": "a", "title": "A", "parts": [{"page": "method", "only": ["not", "intro"]}]},
            {"id": "b", "title": "B", "parts": [{"page": "method", "except": ["not"]}]},
        ]
    )
    assert not told
    assert headings(chapters, []) == [(1, "A"), (2, "Not"), (1, "B"), (2, "What"), (3, "More")]


def test_titled_and_bare() -> None:
    chapters, _ = compose(
        [
            {"id": "a", "title": "A", "parts": [{"page": "method", "only": ["what"], "titled": True}]},
            {"id": "b", "title": "B", "parts": [{"page": "faq", "bare": True}]},
        ]
    )
    assert headings(chapters, []) == [(1, "A"), (2, "Method"), (3, "What"), (4, "More"), (1, "B")]


def test_a_part_says_who_is_addressed_below_its_heading_or_at_its_head() -> None:
    chapters, told = compose(
        [
            {"id": "a", "title": "A", "parts": [{"page": "method", "only": ["what"], "reader": "coachee"}]},
            {"id": "b", "title": "B", "parts": [{"page": "method", "only": ["intro"], "reader": "hr"}]},
        ]
    )
    assert not told
    assert [[block["t"] for block in chapter["c"]][:2] for chapter in chapters] == [["h", "reader"], ["reader", "p"]]
    assert [block["name"] for chapter in chapters for block in chapter["c"] if block["t"] == "reader"] == [
        "coachee",
        "hr",
    ]


def test_ids_are_unique_and_links_lead_inside_where_they_can() -> None:
    chapters, told = compose(
        [
            {"id": "what", "title": "A", "parts": [{"page": "method"}]},
            {"id": "b", "title": "B", "parts": [{"page": "faq"}]},
        ]
    )
    labels = [chapter["id"] for chapter in chapters] + [
        block["label"] for chapter in chapters for block in chapter["c"] if "label" in block
    ]
    assert len(labels) == len(set(labels))
    links = [item for chapter in chapters for block in chapter["c"] for item in block["c"] if isinstance(item, dict)]
    assert (
        links[0]["href"] == "https://site.example/en/pages/faq.md#who"
    )  # that heading of the page is not in the document
    assert links[1]["to"] == "what"
    assert links[2]["href"] == "https://site.example/en/pages/other.md#x"
    assert not told


def test_statements_are_carried() -> None:
    chapters, _ = compose([{"id": "a", "title": "A", "parts": [{"page": "method"}]}])
    assert statements(chapters) == {"S03"}


@pytest.mark.parametrize(
    ("part", "words"),
    [
        ({"page": "methode"}, 'Did you mean "method"?'),
        ({"page": "method", "only": ["nott"]}, 'Did you mean "not"?'),
        ({"section": "x"}, "does not exist"),
    ],
)
def test_what_is_missing_is_told(part: dict[str, Any], words: str) -> None:
    _, told = compose([{"id": "a", "title": "A", "parts": [part]}])
    assert len(told) == 1
    assert words in " ".join(told[0])
