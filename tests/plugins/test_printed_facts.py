"""A fact is text wherever it is printed: each sign of it is shown, and none makes a heading or emphasis."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from bs4 import BeautifulSoup
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from plugins.build import Build
from plugins.practice.facts import Facts
from plugins.practice.model import Practice
from plugins.problems import Problem
from plugins.reader.facts_in_text import fill_in
from plugins.reader.markdown import converter
from plugins.reader.source import Source

Read = Callable[..., Source]
Problems = Callable[..., list[Problem]]

PLACES = {
    "a paragraph": "Text {{ trade_name }} here.",
    "its beginning": "{{ trade_name }} here.",
    "a heading": "## About {{ trade_name }}",
    "a list": "- one\n- {{ trade_name }}",
    "a table": "a | b\n---|---\none | {{ trade_name }}",
    "strong words": "Text **{{ trade_name }}** here.",
    "the words of a link": "[{{ trade_name }}](https://a.fr)",
    "code": "Text `{{ trade_name }}` here.",
    "HTML typed by hand": "<p>Text {{ trade_name }} here.</p>",
    "a definition": "One\n:   {{ trade_name }}",
    "a box": '!!! note "Title"\n    {{ trade_name }}',
    "a note": "Text.[^1]\n\n[^1]: {{ trade_name }}",
}
SIGNS = ["#", "##", ">", "-", "*", "**", "_", "__", "~~", "`", "``", "```", "[a](b)", "[a]", "![a](b)", "<b>", "</p>"]
SIGNS += [
    "<script>",
    "<!--",
    "-->",
    "&",
    "&amp;",
    "&#42;",
    "|",
    "{:.x}",
    "{#x}",
    "[^1]",
    "\\",
    "\\*",
    "1.",
    "a)",
    "!!!",
]
SIGNS += [":", "Table:", "klzzwxh:0001", "wzxhzdk:0", "https://x.fr/a_b_c", "a*b*c", "été", "d'or", "« mot »", "=="]


def body_of(build: Build, template: str, fact: str, lang: str = "en") -> BeautifulSoup:
    """What a text with this fact comes to, before typography."""
    markdown = build.markdown = build.markdown or converter()
    markdown.printed.reset()
    build.facts, build.facts_environment = Facts(Practice.model_construct(trade_name=fact)), None
    filled = fill_in(template, lang, build, markdown.printed, "a.md", 1)
    return BeautifulSoup(markdown.reset().convert(filled), "html.parser")


def words(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip()


@pytest.mark.parametrize("place", PLACES)
@given(parts=st.lists(st.sampled_from([*SIGNS, " ", "\n", "\n\n", "    "]), min_size=1, max_size=8))
@example(parts=["## ", "\n\n", "- a"])
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=60)
def test_a_fact_is_shown_sign_by_sign(build: Build, place: str, parts: list[str]) -> None:
    fact = "X" + "".join(parts) + "Z"
    found, usual = body_of(build, PLACES[place], fact), body_of(build, PLACES[place], "XZ")
    assert [tag.name for tag in found.find_all()] == [tag.name for tag in usual.find_all()]
    assert words(found.get_text()) == words(usual.get_text().replace("XZ", fact))


def test_an_attribute_and_an_address_hold_a_fact_whole(build: Build) -> None:
    soup = body_of(build, '[a]({{ trade_name }}) <abbr title="{{ trade_name }}">b</abbr>', 'https://x.fr/_a_?b="c"&d')
    assert [tag.get("href") or tag.get("title") for tag in soup.find_all(["a", "abbr"])] == [
        'https://x.fr/_a_?b="c"&d'
    ] * 2


def test_a_heading_with_a_fact_has_the_address_of_its_words(read: Read) -> None:
    source = read("## About {{ trade_name }}")
    heading = BeautifulSoup(source.html, "html.parser").h2
    assert heading
    assert heading["id"] == re.sub(r"[^a-z0-9]+", "-", heading.get_text().lower())


@pytest.mark.parametrize(
    ("text", "line", "says"),
    [
        ("One.\n\n{{ address }}", 9, "group of facts"),
        ("{{ trade_name.format }}", 7, "not a fact"),
        ("{{ trade_name.upper() }}", 7, "cannot be worked out"),
        ("{{ trade_name | date }}", 7, "cannot be worked out"),
        ("{{ email | siren }}", 7, "cannot be worked out"),
        ("One.\n{{ 'a' * 10**9 }}", 8, "not reckoned"),
        ("{{ '%999999999d' % 1 }}", 7, "not reckoned"),
        ("{{ 'a' | center(10**9) }}", 7, "center"),
        ("\n{% for a in email %}{% for b in email %}{% for c in email %}{% for d in email %}"
         "{% for e in email %}{{ email }}{% endfor %}{% endfor %}{% endfor %}{% endfor %}{% endfor %}", 8, "more text"),
        ("{% if email %}" * 200 + "a" + "{% endif %}" * 200, 7, "too many conditions"),
    ],
)  # fmt: skip
def test_what_is_no_fact_is_told_with_its_line(problems: Problems, text: str, line: int, says: str) -> None:
    (problem,) = problems(text)
    assert problem.line == line
    assert says in problem.message


@pytest.mark.parametrize("sign", ["\x0b", "\0", "\ufffe", "\ue000", "\ue100", "\x9f"])
def test_a_sign_that_cannot_be_shown_is_told_with_its_line(problems: Problems, sign: str) -> None:
    (problem,) = problems(f"One.\n\nThree words stand{sign} here.")
    assert problem.line == 9
    assert f"U+{ord(sign):04X}" in problem.message
    assert "“Three words stand”" in problem.remedy
