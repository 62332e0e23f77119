"""The owner's pages about publishing name what the desk has, and say the same in both languages."""

from __future__ import annotations

import re

import pytest

from plugins.problems import ROOT
from tests.desk.test_guides import desk_words, spaced


def told(lang: str) -> str:
    name = {"en": "publishing.md", "fr": "publishing.fr.md"}[lang]
    return (ROOT / "docs" / name).read_text(encoding="utf-8")


@pytest.mark.parametrize("lang", ["en", "fr"])
def test_what_is_pressed_is_on_the_desk(lang: str) -> None:
    labels = {spaced(label) for label in re.findall(r"\*\*([^*]+)\*\*", told(lang))}
    assert len(labels) >= 12
    assert labels - desk_words(lang) == set()


def test_both_have_the_same_parts_in_the_same_order() -> None:
    shapes = [re.findall(r"^(#+|\d\.|\*|\|) ", told(lang), re.M) for lang in ("en", "fr")]
    assert shapes[0] == shapes[1]
    assert len(shapes[0]) >= 25
