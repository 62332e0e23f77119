"""Mistakes that Markdown forgives: each is told on the line where it stands, and what is right is left alone."""

from __future__ import annotations

import pytest

from plugins.reader.markdown import converter
from plugins.reader.markdown_mistakes import Mistake, completed, mistakes_in_addresses, mistakes_in_text

HERE = "en/pages/faq.md"


def found(body: str) -> list[Mistake]:
    html = converter().convert(body)
    return [*mistakes_in_text(html, body), *mistakes_in_addresses(html, body, HERE)]


@pytest.mark.parametrize(
    ("body", "line", "says"),
    [
        ("[a]({filename}b.md)\n\n[b] ({filename}b.md)", 3, "the link is not complete"),
        ("[a]({filename}b.md\n\nmore", 1, "the link is not complete"),
        ("**a** b\n\n**c d", 3, "** opens bold words"),
        ("## A {: #a }\n\n## B {: #b", 3, "{: opens a mark"),
        ("## A {: #a }\n\nText\n\n## B {: #a }", 5, 'the id "a" is given 2 times'),
        ("[a]({filename}b.md)\n\n[b](b.md)", 3, "b.md leads nowhere"),
        ("![a](/images/b.jpg)", 1, "/images/b.jpg leads nowhere"),
        ("a[^1]\n\nb[^2]\n\n[^1]: One.", 3, "[^2] has no note"),
        ("a[^1]\n\n[^1]:", 1, "[^1] has no note"),
        ("a[^1]\n\n[^1]: One.\n[^2]: Two.", 4, "nothing in the text refers to the note [^2]"),
        ("a[^1]\n\n[^1]: One.\n\n[^1]: Two.", 5, "[^1] is written 2 times"),
        ("a[^b c]\n\n[^b c]: One.", 3, "[^b c] is more than a word"),
        ("a[^1]\n\n## B[^1]\n\n[^1]: One.", 3, "stands in a heading"),
    ],
)
def test_a_mistake_is_told_on_its_line(body: str, line: int, says: str) -> None:
    told = found(body)
    assert any(mistake.line == line and says in mistake.message and mistake.remedy for mistake in told), told


@pytest.mark.parametrize(
    "body",
    [
        "[a]({filename}b.md), [b](https://b.example/), [c](mailto:a@b.example), [d](tel:+33199001234), [e](#f)",
        "![a]({static}../../images/b.jpg)",
        "`[a] ({filename}b.md)` and `**` and `{: #a }`",
        "```\n**a\n{: b\n```",
        "**a** *b* 2 * 3",
        "## A {: #a }\n\n## B {: #a-b }",
        "## A\n\n- a[^1]\n\n    [^1]: One, **two** and [three](https://b.example/).\n\nb[^é]\n\n[^é]: Four.",
        "`[^1]`\n\n```\na[^2]\n\n[^2]: Two.\n```\n",
    ],
)
def test_what_is_right_is_left_alone(body: str) -> None:
    assert found(body) == []


@pytest.mark.parametrize(
    ("address", "meant"),
    [
        ("glossary.md", "{filename}glossary.md"),
        ("method/sessions", "{filename}sessions.md"),
        ("www.example.com", "https://www.example.com"),
        ("http:/example.com", "https://example.com"),
        ("a@b.example", "mailto:a@b.example"),
        ("desk.jpg", "{static}../../images/desk.jpg"),
        ("Plaquette Coaching 2026.pdf", "{static}../../downloads/Plaquette Coaching 2026.pdf"),
        ("files/Leaflet.PDF", "{static}../../downloads/Leaflet.PDF"),
        ("Plaquette.docx", "{static}../../downloads/Plaquette.docx"),
        ("Plaquette.docm", "{static}../../downloads/Plaquette.pdf"),
    ],
)
def test_what_was_probably_meant(address: str, meant: str) -> None:
    assert completed(address, "en/pages") == meant
