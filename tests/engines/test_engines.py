"""What a reader sees in Chromium, Firefox and WebKit is the same site: laid out, underlined, focused, silent (#12).

A coachee reads on an iPhone. What differs is found twice: by asking each engine which declarations of our style sheets
it understands, and by comparing the computed values that carry a meaning with those of Chromium.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import tinycss2

from tests.browser.audit import KINDS, PAGES, stated
from tests.browser.served_site import Site
from tests.engines.conftest import ENGINES, Engine, audited

WIDTHS = (360, 1280)  # a telephone, a desk

# A declaration that an engine does not know costs nobody a meaning: what it does there instead.
WITHOUT_HARM = {
    "text-wrap: pretty": "lines end where they happen to",
    "hyphenate-limit-chars: 9 4 4": "short words may be hyphenated",
    "hanging-punctuation: first": "a quotation mark stands in the line",
    "text-size-adjust: 100%": "a telephone that enlarges text asks for the name with a prefix, or never does",
    "-webkit-text-size-adjust: 100%": "the name without a prefix is known, or text is never enlarged",
    "-webkit-print-color-adjust: exact": "the name without a prefix is known",
    "orphans: 3": "a paragraph on paper may leave two lines on a page",
    "widows: 3": "a paragraph on paper may take two lines to the next page",
    "box-decoration-break: clone": "a box that is parted by a line's end has no edge there",
    "field-sizing: content": "a field has the lines that it was given, and scrolls",
    "forced-color-adjust: none": "there are no forced colours",
    "forced-color-adjust: preserve-parent-color": "there are no forced colours",
}

# Computed values with a meaning: whether something is there, is a link, is current, is an edge.
MEANING = """[...document.querySelectorAll(
    "a, button, summary, input, textarea, th, td, h1, h2, h3, li, .door, .admonition, circle"
  )].map((element, index) => {
    const style = getComputedStyle(element), box = element.getBoundingClientRect();
    const edge = (side) => style[`border${side}Style`] !== "none" && parseFloat(style[`border${side}Width`]) > 0;
    const words = element.textContent.trim().slice(0, 30);
    return [`${index} ${element.localName}.${element.getAttribute("class") ?? ""} ${words}`, {
      line: style.textDecorationLine,
      edges: ["Top", "Bottom"].map(edge),
      shown: box.width > 0 && style.visibility === "visible",
      weight: style.fontWeight,
      marker: element.localName === "li" && style.listStyleType,
      round: element.localName === "circle" && Math.abs(box.width - box.height) < 1,
    }];
  })"""
OPEN = """document.querySelector(".menu details").open &&
    document.querySelector(".menu ul a").getClientRects().length > 0"""


def declarations(root: Path) -> Iterator[tuple[str, str]]:
    """(property, value) of every declaration in the theme's style sheets, with the tokens of `:root` put in."""
    sheets = [file.read_text(encoding="utf-8") for file in sorted((root / "theme" / "static").rglob("*.css"))]
    found = [pair for sheet in sheets for pair in _declared(tinycss2.parse_stylesheet(sheet, True, True))]
    tokens = {name: value for name, value in reversed(found) if name.startswith("--")}
    for name, value in dict.fromkeys(found):
        if name.startswith("--"):
            continue
        for _ in range(4):  # as deep as tokens name each other
            value = re.sub(r"var\((--[\w-]+)\)", lambda match: tokens.get(match[1], match[0]), value)
        yield name, value


def _declared(nodes: Any) -> Iterator[tuple[str, str]]:
    for node in nodes:
        if node.type == "declaration":
            yield node.name, tinycss2.serialize(node.value).strip()
        elif node.type in ("qualified-rule", "at-rule") and node.content:
            yield from _declared(tinycss2.parse_blocks_contents(node.content, True, True))


@pytest.mark.parametrize("name", ENGINES)
def test_every_declaration_is_understood(window: Callable[..., Engine], site: Site, root: Path, name: str) -> None:
    """One that is not is dropped whole and without a word: an underline with it."""
    engine = window(name)
    engine.open(f"{site.url}/en/faq/")
    pairs = sorted(set(declarations(root)))
    assert len(pairs) > 300
    understood = engine.evaluate(f"{json.dumps(pairs)}.map(([name, value]) => CSS.supports(name, value))")
    dropped = {f"{name}: {value}" for (name, value), known in zip(pairs, understood, strict=True) if not known}
    known_harm = {line for line in dropped if line not in WITHOUT_HARM}
    assert not known_harm, stated(sorted(known_harm))


@pytest.mark.parametrize("key", [pytest.param(key, marks=[] if key in KINDS else pytest.mark.long) for key in PAGES])
def test_page(engine: Engine, site: Site, key: str) -> None:
    engine.open(site.url + PAGES[key])
    findings = []
    for width in WIDTHS:
        engine.resize(width)
        findings += [f"{width} px: {finding}" for finding in audited(engine, "audit.overflow()")]
    findings += engine.evaluate("window.complaints")
    assert engine.evaluate("innerWidth") == WIDTHS[-1]
    assert not findings, stated(findings)


@pytest.fixture(scope="module")
def usual(window: Callable[..., Engine], site: Site) -> Callable[[str], list[Any]]:
    """What carries a meaning on a page in Chromium, at each of the widths; asked once for both other engines."""

    @cache
    def found(key: str) -> list[Any]:
        return meaning(window("chromium"), site, key)

    return found


def meaning(engine: Engine, site: Site, key: str) -> list[Any]:
    engine.open(site.url + PAGES[key])
    found = []
    for width in WIDTHS:
        engine.resize(width)
        found.append(engine.evaluate(MEANING))
    return found


@pytest.mark.parametrize("key", KINDS)
@pytest.mark.parametrize("name", ENGINES[1:])
def test_what_carries_a_meaning_is_as_in_chromium(
    window: Callable[..., Engine], usual: Callable[[str], list[Any]], site: Site, name: str, key: str
) -> None:
    findings = []
    for width, here, there in zip(WIDTHS, usual(key), meaning(window(name), site, key), strict=True):
        assert len(here) == len(there) >= 10
        for (words, expected), (_, found) in zip(here, there, strict=True):
            findings += [
                f"{width} px: {words}: {value} is {found[value]!r}, and {expected[value]!r} in Chromium"
                for value in expected
                if found[value] != expected[value]
            ]
    assert not findings, stated(findings)


@pytest.mark.parametrize("key", KINDS)
def test_dark_and_at_200_percent(engine_for_tired_eyes: Engine, site: Site, key: str) -> None:
    engine = engine_for_tired_eyes
    engine.open(site.url + PAGES[key])
    assert engine.evaluate("matchMedia('(prefers-color-scheme: dark)').matches")
    assert engine.evaluate("parseFloat(getComputedStyle(document.documentElement).fontSize)") >= 32
    assert engine.evaluate("getComputedStyle(document.documentElement).backgroundColor") == "rgb(17, 23, 34)"
    findings = []
    for width in WIDTHS:
        engine.resize(width)
        findings += [f"{width} px: {finding}" for finding in audited(engine, "audit.overflow()")]
    findings += engine.evaluate("window.complaints")
    assert not findings, stated(findings)


@pytest.mark.parametrize("key", ["fr/home", "en/for-hr", "fr/goal-setting"])
def test_every_stop_of_the_keyboard_is_reached_and_seen(engine: Engine, site: Site, key: str) -> None:
    engine.open(site.url + PAGES[key])
    engine.resize(1280)
    expected = audited(engine, "audit.stops().map(audit.name)")
    assert len(expected) > 10
    findings = []
    for place, name in enumerate(expected, 1):
        engine.press("Tab")
        shown = "audit.settled().then(() => [audit.name(document.activeElement), audit.focus()])"
        reached, seen = audited(engine, shown)
        if reached != name:
            findings.append(f"stop {place} should be {name}, and is {reached}")
            break
        findings += seen
    assert not findings, stated(findings)


@pytest.mark.parametrize("lang", ["en", "fr"])
def test_the_menu_of_a_telephone_opens(engine: Engine, site: Site, lang: str) -> None:
    engine.open(f"{site.url}{PAGES[f'{lang}/method']}")
    engine.resize(360)
    assert not engine.evaluate(OPEN)
    engine.click(".menu summary")
    assert engine.evaluate(OPEN)
    current = "getComputedStyle(document.querySelector('.menu [aria-current]')).textDecorationLine"
    assert engine.evaluate(current) == "underline"
    assert not audited(engine, "audit.overflow()")
    engine.click(".menu summary")
    assert not engine.evaluate(OPEN)
