"""Markdown means what it means in other editors (CommonMark 0.31): what is typed, and what its reader sees."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from bs4 import BeautifulSoup, Tag
from bs4.element import PageElement

from plugins.problems import Problem
from plugins.reader.markdown import converter
from plugins.reader.source import Source

MATTER = """\
title: A title
slug: a-title
description: A sentence that says what the reader finds on the page, long enough for a search engine.
modified: 2026-11-24
"""


def shape(text: str) -> str:
    """The elements that have something in them, and their words: `ul(li(a) li(b))`."""

    def of(tag: PageElement) -> str:
        if not isinstance(tag, Tag):
            return " ".join(str(tag).split())
        inner = " ".join(filter(None, map(of, tag.children)))
        return f"{tag.name}({inner})" if inner or tag.name == "br" else ""

    return " ".join(filter(None, map(of, BeautifulSoup(converter().convert(text), "html.parser").children)))


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("- one\n  - two\n  - three\n- four", "ul(li(one ul(li(two) li(three))) li(four))"),
        ("1. one\n   - two\n2. three", "ol(li(one ul(li(two))) li(three))"),
        ("1. one\n  - two\n2. three", "ol(li(one ul(li(two))) li(three))"),
        ("- one\n    - two\n        - three\n- four", "ul(li(one ul(li(two ul(li(three))))) li(four))"),
        ("- one\n\n  two\n- three", "ul(li(p(one) p(two)) li(p(three)))"),
        ("- one\n\n    two\n    - three\n- four", "ul(li(p(one) p(two) ul(li(three))) li(p(four)))"),
        ("1) one\n2) two", "ol(li(one) li(two))"),
        ("1. one\n- two", "ol(li(one)) ul(li(two))"),
        ("words\n- one\n- two", "p(words) ul(li(one) li(two))"),
        ("words\n1. one", "p(words) ol(li(one))"),
        ("words in\n1998. More words", "p(words in 1998. More words)"),
        ("words\n5. more", "p(words 5. more)"),
        ("2026. It was a good year.", "p(2026. It was a good year.)"),
        ("-\u00a0one\n-\u202ftwo", "ul(li(one) li(two))"),
        ("> - one\n>   - two", "blockquote(ul(li(one ul(li(two)))))"),
        ("- one\n\n  ```\n  # two\n    three\n  ```\n- four", "ul(li(p(one) pre(code(# two three))) li(p(four)))"),
        ("- one\n  ```\n  two\n  ```", "ul(li(p(one) pre(code(two))))"),
        ("> ```\n> - one\n> ```", "blockquote(pre(code(- one)))"),
        ('!!! note "T"\n\n    ```\n    # one\n    ```', "div(p(T) pre(code(# one)))"),
        ("words\n```\n- one\n  - two\n```\nmore", "p(words) pre(code(- one - two)) p(more)"),
        ("````\n```\none\n```\n````", "pre(code(``` one ```))"),
        ("~~~\n```\n~~~", "pre(code(```))"),
        ("```one``` two", "p(code(one) two)"),
        ("    - one\n      - two", "pre(code(- one - two))"),
        ("- one\n\n        two", "ul(li(one pre(code(two))))"),
        ("<pre>\n- one\n  - two\n</pre>", "pre(- one - two)"),
        ("one\\\ntwo", "p(one br() two)"),
        ("## C#", "h2(C#)"),
        ("#word", "p(#word)"),
        ("* * *", ""),
        ("a | b\n- | -\n1 | 2", "div(table(thead(tr(th(a) th(b))) tbody(tr(th(1) td(2)))))"),
        ("<details>\n<summary>S</summary>\n\n**one**\n\n</details>", "details(summary(S) p(strong(one)))"),
        ("<div>\n\n- one\n\n</div>\n\ntwo", "div(ul(li(one))) p(two)"),
        ('!!! note "T"\n\n    - a\n      - b\n        - c\n\n          d\n        - e',
         "div(p(T) ul(li(a ul(li(p(b) ul(li(p(c) p(d)) li(p(e))))))))"),
    ],
)  # fmt: skip
def test_a_text_means_what_it_means_elsewhere(text: str, seen: str) -> None:
    assert shape(text) == seen


@pytest.mark.parametrize(
    ("typed", "address", "title"),
    [
        ("[a](https://a.fr/L'Express 'L Express')", "https://a.fr/L'Express", "L Express"),
        ("[a](https://a.fr/L'Express)", "https://a.fr/L'Express", None),
        ('[a](https://a.fr/x_(y)_z "Title (1)")', "https://a.fr/x_(y)_z", "Title (1)"),
        ("[a](<https://a.fr/b c>)", "https://a.fr/b c", None),
        ("<https://a.fr/Loi_de_1901%C3%A9?a=1;b=2e>", "https://a.fr/Loi_de_1901%C3%A9?a=1;b=2e", None),
    ],
)
@pytest.mark.parametrize("lang", ["en", "fr"])
def test_an_address_keeps_each_character(
    read: Callable[..., Source], lang: str, typed: str, address: str, title: str | None
) -> None:
    (link,) = BeautifulSoup(read(typed, lang=lang).html, "html.parser")("a")
    assert (link["href"], link.get("title")) == (address, title)
    assert link.get_text() == (address if typed.startswith("<") else "a")


def test_columns_keep_their_alignment_without_a_style() -> None:
    soup = BeautifulSoup(converter().convert("a | b | c\n:-- | :-: | --:\n1 | 2 | 3"), "html.parser")
    assert [cell.get("class") for cell in soup("th") + soup("td")] == [
        *(None, ["align-center"], ["align-end"]), None, *(["align-center"], ["align-end"]),
    ]  # fmt: skip
    assert not soup.select("[style]")


@pytest.mark.parametrize(
    ("body", "line", "words"),
    [
        ("| a | b |\n|---|---|\n| one | two |\n| three | four | five |", 4, "five"),
        ("Text.\n\n[one]: https://a.fr", 3, "one https a fr"),
        ("Text.\n\n[x]: https://a.fr\n[x]: https://b.fr/c\n\n[x]", 3, "https fr"),
        ("## One {: #two #three }", 1, "two"),
    ],
)
def test_a_word_that_would_not_be_shown_is_told(read: Callable[..., Source], body: str, line: int, words: str) -> None:
    (mistake,) = read(body, matter=MATTER).metadata["page_links"].mistakes
    assert (mistake.line, mistake.message) == (line + MATTER.count("\n") + 2, f"“{words}” would not be shown")


@pytest.mark.parametrize(
    "body",
    [
        *("[" * 2000, "![" * 2000, "[a](" * 2000, "<a " * 2000, "<x a='" * 2000, "[^a" * 2000, "<http://" * 2000),
        *("- a" + " " * 20_000 + "{: x", "a" + "\n" * 5000 + "b", "> " * 500 + "a", "~~~a\n" * 5000, "[a]: \n" * 5000),
        "word " * 100_000,
    ],
)
def test_what_would_take_too_long_is_told_with_its_line(problems: Callable[..., list[Problem]], body: str) -> None:
    told = problems(f"Text.\n\n{body}")
    assert all(problem.line and problem.line >= 7 for problem in told)
    assert "letters" in told[0].message or "more signs here" in told[0].message


def test_markdown_that_fails_is_told_with_its_line(problems: Callable[..., list[Problem]]) -> None:
    (told,) = problems("Text.\n\n[^1]:[^1]:\n")
    assert (told.line, told.message) == (9, "Markdown cannot make sense of the signs here")
