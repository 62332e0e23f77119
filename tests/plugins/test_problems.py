"""How a problem is told."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from plugins.build import build_of
from plugins.problems import Problem, nearest, shown_path
from tools.build import settings_for


def test_a_problem_names_the_file_the_line_and_what_to_do() -> None:
    problem = Problem("content/en/pages/faq.md", 12, "the link is broken", "Correct it.")
    assert str(problem) == "content/en/pages/faq.md:12: the link is broken\n    What to do: Correct it."
    assert str(Problem("x.md", None, "it is missing", "Write it.")).startswith("x.md: it is missing\n")


def test_the_same_problem_is_told_once_and_in_the_order_of_files_and_lines() -> None:
    build = build_of(settings_for(Path("unused"), False, None))
    first, second, third = (Problem(file, line, "m", "r") for file, line in (("a", 2), ("a", 10), ("b", None)))
    for problem in (third, second, first, second, Problem("a", 1, "m", "r", "warning")):
        build.report(problem)
    assert build.errors == [first, second, third]
    assert len(build.problems) == 4


@pytest.mark.parametrize(
    ("word", "said"), [("titel", ' Did you mean "title"?'), ("slugg", ' Did you mean "slug"?'), ("zzz", "")]
)
def test_a_misspelt_word_suggests_the_nearest_one(word: str, said: str) -> None:
    assert nearest(word, ["title", "slug"]) == said


def test_a_file_is_named_as_its_author_knows_it() -> None:
    from plugins.problems import ROOT

    assert shown_path(ROOT / "content" / "en" / "pages" / "faq.md") == "content/en/pages/faq.md"
    assert shown_path("/elsewhere/faq.md") == "/elsewhere/faq.md"


def test_whatever_tells_of_a_problem_may_use_the_package_because_it_leans_on_nothing(root: Path) -> None:
    files = [file.read_text(encoding="utf-8") for file in root.glob("plugins/problems/*.py")]
    assert {name for text in files for name in re.findall(r"from \.\.(\w*)", text)} == {"file_names", "typography"}
