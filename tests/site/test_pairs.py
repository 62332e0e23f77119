"""The two languages are two originals about the same things: same facts, same sections, same tables."""

from __future__ import annotations

import re
from typing import Any

from tests.site.built_site import Site

EXPLICIT_ID = re.compile(r"\{:[^}]*#([\w-]+)")
FACT = re.compile(r"\{[{%][^}%]*[}%]\}")


def pairs(sources: dict[str, Any]) -> list[tuple[str, dict[str, Any], dict[str, Any]]]:
    assert set(sources["en"]) == set(sources["fr"])
    return [(key, sources["en"][key], sources["fr"][key]) for key in sources["en"]]


def test_both_languages_have_the_same_heading_ids_in_the_same_order(sources: dict[str, Any]) -> None:
    for key, en, fr in pairs(sources):
        assert EXPLICIT_ID.findall(en["body"]) == EXPLICIT_ID.findall(fr["body"]), key


def test_both_languages_have_the_same_levels_of_headings(published: Site, sources: dict[str, Any]) -> None:
    for key, en, fr in pairs(sources):
        levels = [
            [heading.name for heading in published.pages[matter["address"]].soup.select("main :is(h1, h2, h3, h4)")]
            for matter in (en, fr)
        ]
        assert levels[0] == levels[1], key


def test_both_languages_use_the_same_facts(sources: dict[str, Any]) -> None:
    for key, en, fr in pairs(sources):
        used = [sorted(re.sub(r'"[^"]*"', '""', fact) for fact in FACT.findall(matter["body"])) for matter in (en, fr)]
        assert used[0] == used[1], key


def test_both_languages_miss_the_same_facts(preview: Site, sources: dict[str, Any]) -> None:
    seen = 0
    for key, en, fr in pairs(sources):
        marks = [
            [mark["data-fact"] for mark in preview.pages[matter["address"]].soup.select("main mark.missing")]
            for matter in (en, fr)
        ]
        assert marks[0] == marks[1], key
        seen += len(marks[0])
    assert seen > 20


def test_both_languages_have_tables_of_the_same_size(published: Site, sources: dict[str, Any]) -> None:
    for key, en, fr in pairs(sources):
        sizes = [
            [
                (len(table.select("tr")), len(table.select("thead th")))
                for table in published.pages[matter["address"]].soup.find_all("table")
            ]
            for matter in (en, fr)
        ]
        assert sizes[0] == sizes[1], key


def test_both_languages_have_the_same_front_matter_but_for_words(sources: dict[str, Any]) -> None:
    words = {"title", "nav_title", "slug", "description", "body", "address", "aligned"}
    for key, en, fr in pairs(sources):
        plain = []
        for matter in (en, fr):
            kept = {name: value for name, value in matter.items() if name not in words}
            for name in ("action", "second_action"):
                if name in kept:
                    kept[name] = kept[name]["page"]
            plain.append(kept)
        assert plain[0] == plain[1], key


def test_both_languages_name_the_same_emergency_numbers(published: Site, sources: dict[str, Any]) -> None:
    for key, en, fr in pairs(sources):
        numbers = [
            set(re.findall(r"\b(?:15|112|3114)\b", published.pages[matter["address"]].soup.main.get_text(" ")))  # type: ignore[union-attr]
            for matter in (en, fr)
        ]
        assert numbers[0] == numbers[1], key
