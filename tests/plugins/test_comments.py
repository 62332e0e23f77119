"""An author's comments come out nowhere, and what stands around them comes out as if they had never been there."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from plugins.problems import Problem
from plugins.reader.comments import without_comments
from plugins.reader.source import Source

Read = Callable[..., Source]


@pytest.mark.parametrize("lang", ["en", "fr"])
@pytest.mark.parametrize(
    ("commented", "plain"),
    [
        ("One.\n\n<!-- secret -->\n\nTwo.", "One.\n\nTwo."),
        ("One\n<!-- secret -->\ntwo.", "One\ntwo."),
        ("One <!-- secret -->two.", "One two."),
        ("One <!-- secret -->\ntwo.", "One\ntwo."),
        ("One.\n\n<!-- secret\n\n# no heading\n\n{{ no_fact }} ` -->\n\nTwo.", "One.\n\nTwo."),
        (
            "| A | B |\n|---|---|\n<!-- secret -->\n| a | b <!-- secret --> |\n| c | d |",
            "| A | B |\n|---|---|\n| a | b |\n| c | d |",
        ),
        ("| A | B |\n|---|---|\n| a | b | <!-- secret -->\n| c | d |", "| A | B |\n|---|---|\n| a | b |\n| c | d |"),
        ("- a <!-- secret\nsecret -->\n- b\n    <!-- secret -->\n- c", "- a\n- b\n- c"),
        ("1. a\n\n    <!-- secret -->\n\n    b", "1. a\n\n    b"),
        ("a[^1]\n\n[^1]: b <!-- secret -->", "a[^1]\n\n[^1]: b"),
        ("## A <!-- secret -->\n\nb", "## A\n\nb"),
        ("A <!-- secret --> <!-- secret -->\nb", "A\nb"),
        ("<!--[if IE]> secret <![endif]-->\n\nA", "A"),
        ("A <!--> secret -->b", "A b"),
        ("A{## secret ##}b\n\n{## secret\n{{ nothing }} ##}\n\nc", "Ab\n\nc"),
        ('!!! note "A"\n    b\n\n    <!-- secret -->\n\n    c', '!!! note "A"\n    b\n\n    c'),
        ("*a* <!-- secret -->{{ trade_name }}", "*a* {{ trade_name }}"),
    ],
)
def test_a_comment_leaves_no_trace(read: Read, lang: str, commented: str, plain: str) -> None:
    html = read(commented, lang=lang).html
    assert "secret" not in html
    assert html == read(plain, lang=lang, key="plain").html


def test_in_code_a_comment_is_shown(read: Read) -> None:
    html = read("`<!-- a -->`\n\n```\n<!-- b -->\n```\n\n``<!-- ` -->``").html
    assert html.count("&lt;!--") == 3


def test_a_comment_that_is_not_closed_is_told(problems: Callable[..., list[Problem]]) -> None:
    (problem,) = problems("One <!-- two -->.\n\nThree.\n\n<!-- four\n\nFive.")
    assert problem.line == 11
    assert "a comment opens here" in problem.message


def test_lines_are_counted_as_the_file_does(problems: Callable[..., list[Problem]]) -> None:
    assert [problem.line for problem in problems("<!-- a\nb\n-->\n\n{{ nothing_like_this }}")] == [11]


def test_a_page_of_comments_is_empty(problems: Callable[..., list[Problem]]) -> None:
    (problem,) = problems("<!-- one\ntwo -->\n")
    assert "there is no text" in problem.message


def test_a_comment_in_a_title_is_told(problems: Callable[..., list[Problem]]) -> None:
    matter = f"title: A <!-- secret --> title\nslug: a\ndescription: {'A sentence. ' * 8}\nmodified: 2026-11-24\n"
    (problem,) = problems("One.", matter=matter)
    assert problem.line == 2
    assert "plain text" in problem.message


def test_many_comments_and_many_open_ones_take_no_time(read: Read) -> None:
    """Twenty thousand of each are read in the time of one page: nothing here is quadratic."""
    body = "a <!-- b -->\n" * 20_000 + " " * 50_000 + "c" + "`" * 5_001
    assert "b -->" not in without_comments(body, "a.md", 1)
