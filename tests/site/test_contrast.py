"""The contrast that the accessibility page claims, computed from the theme's colours (WCAG 2.2, relative luminance)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import product
from pathlib import Path
from typing import Any

import pytest
import tinycss2
from tinycss2 import color3

TEXT = ("text", "quiet", "link", "warm")
GROUNDS = ("page", "panel")
DRAWN = 3  # what SC 1.4.11 asks of a mark that is no text
CLAIM = re.compile(r"(\d+(?:[.,]\d+)?) (?:to|pour) 1\b")
SCHEMES = ("light", "dark")


def declared(nodes: list[Any], scheme: str) -> Iterator[tuple[str, str]]:
    """The custom properties of `:root` in a scheme: a later one takes the place of an earlier."""
    for node in nodes:
        if node.type == "at-rule" and f"prefers-color-scheme: {scheme}" in tinycss2.serialize(node.prelude):
            yield from declared(tinycss2.parse_rule_list(node.content, True, True), scheme)
        elif node.type == "qualified-rule" and tinycss2.serialize(node.prelude).strip() == ":root":
            for found in tinycss2.parse_declaration_list(node.content, True, True):
                yield found.name.removeprefix("--"), tinycss2.serialize(found.value).strip()


def colours(css: Path, scheme: str) -> dict[str, str]:
    sheet = tinycss2.parse_stylesheet((css / "tokens.css").read_text(encoding="utf-8"), True, True)
    return dict(declared(sheet, scheme))


def luminance(colour: str) -> float:
    parsed = color3.parse_color(colour)
    assert parsed is not None, colour
    assert parsed.alpha == 1, f"{colour} lets its ground through"
    channels = [float(channel) for channel in parsed[:3]]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def ratio(one: str, other: str) -> float:
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


@pytest.fixture
def css(root: Path) -> Path:
    return root / "theme" / "static" / "css"


@pytest.fixture
def claimed(root: Path) -> float:
    """The ratio that the page claims, the same in both languages."""
    pages = [root / "content" / lang / "pages" / "accessibility.md" for lang in ("en", "fr")]
    found = [CLAIM.findall(page.read_text(encoding="utf-8")) for page in pages]
    assert found[0] == [number.replace(",", ".") for number in found[1]]
    assert len(found[0]) == 1, "the page claims one ratio"
    return float(found[0][0])


def test_ratios_are_those_of_wcag() -> None:
    assert ratio("#fff", "#000") == pytest.approx(21)
    assert ratio("#777", "#fff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize(("name", "ground"), list(product(TEXT, GROUNDS)))
def test_text_stands_out_as_much_as_the_accessibility_page_claims(
    css: Path, claimed: float, scheme: str, name: str, ground: str
) -> None:
    names = colours(css, scheme)
    found = ratio(names[name], names[ground])
    assert found >= claimed, f"--{name} on --{ground}, {scheme}: {found:.2f} to 1, and {claimed:g} to 1 is claimed"


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("ground", GROUNDS)
def test_the_drawn_line_stands_out_as_a_mark_must(css: Path, scheme: str, ground: str) -> None:
    names = colours(css, scheme)
    assert ratio(names["line"], names[ground]) >= DRAWN


def test_each_scheme_has_its_own_colours(css: Path) -> None:
    light, dark = (colours(css, scheme) for scheme in SCHEMES)
    assert [name for name in (*TEXT, *GROUNDS, "line") if light[name] == dark[name]] == []


def test_no_text_has_another_colour(css: Path) -> None:
    """The page's own colour stands on that of links or of warm words, at the same ratio; the line's is of drawings."""
    used: dict[str, set[str]] = {}
    for sheet in css.rglob("*.css"):
        for name in re.findall(r"(?<![\w-])color:\s*var\(--([\w-]+)\)", sheet.read_text(encoding="utf-8")):
            used.setdefault(name, set()).add(sheet.name)
    assert set(used) - {"line", "page"} <= set(TEXT)
    assert used["line"] == {"trajectory.css"}
