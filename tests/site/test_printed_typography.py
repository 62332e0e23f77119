"""Typography as readers get it: French rules on French pages, titles, descriptions and feeds; English left English."""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Iterator
from typing import Any
from xml.etree import ElementTree

import pytest
from babel.dates import get_month_names
from bs4 import BeautifulSoup, Tag

from tests.site.built_site import Page, Site

MONTHS = "|".join(get_month_names("wide", locale="fr").values())
ATOM = "{http://www.w3.org/2005/Atom}"
FRENCH_FAULTS = {
    "a plain space, or none, where a narrow one belongs": r"[ \u00a0\n][;!?]",
    "a plain or narrow space before a colon": r"[ \u202f\n]:",
    "no space before a mark": r"\w[;!?](?= |$)",
    "a wrong space inside quotation marks": r"«[^\u00a0]|[^\u00a0]»",
    "a straight apostrophe or quotation mark": r"['\"]",
    "an English quotation mark that stands alone": r"‘|“ | ”",
    "three dots": r"\.\.\.",
    "an ellipsis after etc.": r"\betc(?:…|\.…)",
    "a space before an ellipsis": r"(?<=\w)[ \u00a0\u202f]…",
    "a space before a comma, a full stop or a bracket": r" [,)]| \.(?!\w)|\( ",
    "a plain space in a number": r"\d \d{3}\b",
    "a plain space before a unit": r"\d (?:%|€|h|km|Mo|ko|min)(?!\w)",
    "no space before %": r"\d%",
    "a plain space after n°, art., p. or §": r"(?:\bn°|\bart\.|\bp\.|§) (?=\d)",
    "a plain space in a date": rf"\b\d{{1,2}}(?:er)? (?:{MONTHS})",
    "a month with a capital": rf"\d\u00a0(?!{MONTHS})(?i:{MONTHS})\b",
    "an ordinal in -ème": r"\d[èe]me\b",
    "a plain space between figures of a telephone number": r"\b0\d \d\d \d\d",
    "a capital without its accent": (
        r"\b(?:A (?:propos|quoi|qui|la|partir)|Etape|Etat|Etre|Equipe|Evalu|Echange|Ecout|Ecri|Ethique|Ca )"
    ),
    "oe for œ": r"\b(?:c|s|b|n|v|m)oe[uf]|\boe[uil]|manoeuv",
    "a middle dot": r"\w·\w",
    "two spaces": r"[ \u00a0\u202f]{2}",
    # But a title sets the name of the practice apart.
    "a dash without its no-break space": r"(?<!Makers) – (?!Human Trajectory)",
    "a hyphen for a dash": r"\w - \w",
}
ENGLISH_FAULTS = {
    "a space before a mark": r"\w[ \u00a0\u202f][;:!?](?:\s|$)",
    "a narrow no-break space": r"\u202f",
    "French quotation marks": r"[«»]",
    "a straight apostrophe or quotation mark": r"['\"]",
    "three dots": r"\.\.\.",
    "a space before a comma, a full stop or a bracket": r" [,)]| \.(?!\w)|\( ",
    "a space before %": r"\d[ \u00a0]%",
    "a hyphen for a dash": r"\w - \w",
    "an unspaced em dash": r"—",
    "two spaces": r"[ \u00a0]{2}",
    "American spelling": r"\b(?:counsel(?:ing|or)|behavior|organiz(?:e|ation)|recogniz|color|center|fulfill)\b",
}
BLOCKS = [
    "p",
    "li",
    "h1",
    "h2",
    "h3",
    "h4",
    "td",
    "th",
    "dt",
    "dd",
    "caption",
    "legend",
    "label",
    "summary",
    "figcaption",
    "option",
]
SHOWN = ("title", "alt", "aria-label", "data-label", "placeholder")


def blocks(tree: Tag, lang: str) -> Iterator[str]:
    """The text of each block, with a letter in place of code and of words in another language."""
    tree = copy.copy(tree)
    for element in tree.select(f'[lang]:not([lang^="{lang}"]), code, pre, kbd, script, svg'):
        element.replace_with("X")
    for line_break in tree.find_all("br"):
        line_break.replace_with("\n")
    for block in tree.find_all(BLOCKS):
        inner = copy.copy(block)
        for nested in inner.find_all([*BLOCKS, "ul", "ol", "table"]):
            nested.extract()
        yield re.sub(r"\s*\n\s*", "\n", inner.get_text()).strip()


def words_of(page: Page) -> Iterator[str]:
    """Everything of a page that is read or heard."""
    yield from blocks(page.soup.body, page.lang or "")  # type: ignore[arg-type]
    yield page.head.title.get_text()  # type: ignore[union-attr]
    for name in ("description", "og:title", "og:description", "og:image:alt"):
        yield page.meta(name) or ""
    for element in page.soup.find_all(True):
        around = next((parent["lang"] for parent in (element, *element.parents) if parent.get("lang")), page.lang)
        yield from (str(element[name]) for name in SHOWN if element.get(name) and around == page.lang)
    for script in page.soup.select('script[type="application/ld+json"]'):
        for part in json.loads(script.get_text())["@graph"]:
            yield from (value for key, value in part.items() if key in ("headline", "description"))


def faults(texts: Iterator[str], rules: dict[str, str]) -> Iterator[str]:
    for text in texts:
        for name, pattern in rules.items():
            if match := re.search(pattern, text):
                around = text[max(0, match.start() - 30) : match.end() + 30]
                yield f"{name}: {around!r}"


@pytest.fixture(params=["published", "preview"])
def site(request: pytest.FixtureRequest) -> Site:
    found: Site = request.getfixturevalue(request.param)
    return found


@pytest.mark.parametrize(("lang", "rules"), [("fr", FRENCH_FAULTS), ("en", ENGLISH_FAULTS)], ids=["fr", "en"])
def test_all_that_is_read_on_a_page_follows_the_rules_of_its_language(
    site: Site, lang: str, rules: dict[str, str]
) -> None:
    pages = [page for page in site.pages.values() if page.lang == lang]
    found = [f"{page}: {fault}" for page in pages for fault in faults(words_of(page), rules)]
    assert not found, "\n".join(dict.fromkeys(found))


@pytest.mark.parametrize(("lang", "rules"), [("fr", FRENCH_FAULTS), ("en", ENGLISH_FAULTS)], ids=["fr", "en"])
def test_so_do_the_pages_that_speak_both_languages(site: Site, lang: str, rules: dict[str, str]) -> None:
    for address in ("/", "/404.html"):
        for section in site.pages[address].soup.select(f'main [lang="{lang}"]'):
            assert list(faults(blocks(section, lang), rules)) == [], address


@pytest.mark.parametrize(("lang", "rules"), [("fr", FRENCH_FAULTS), ("en", ENGLISH_FAULTS)], ids=["fr", "en"])
def test_so_do_the_feeds(site: Site, lang: str, rules: dict[str, str]) -> None:
    feed = ElementTree.fromstring(site.text(f"{lang}/feed.xml"))
    texts = [feed.findall(f".//{ATOM}{name}") for name in ("title", "subtitle", "summary")]
    assert all(texts)
    assert list(faults((element.text or "" for found in texts for element in found), rules)) == []
    for content in feed.iter(f"{ATOM}content"):
        article = BeautifulSoup(content.text or "", "html.parser")
        assert list(faults(blocks(article, lang), rules)) == []


def test_the_rules_are_looked_for_in_enough_text(published: Site) -> None:
    """A test of the tests: they read most of what is on the pages."""
    bodies: list[tuple[Any, str]] = [(page.soup.body, page.lang or "") for page in published.listed]
    read = sum([len(text) for body, lang in bodies for text in blocks(body, lang)])
    there = sum([len(body.get_text(" ", strip=True)) for body, _ in bodies])
    assert read > 0.9 * there


def test_french_ordinals_are_raised(published: Site) -> None:
    for page in published.in_language("fr"):
        assert not re.search(r">[^<]*\b(?:1er|1re|\d{1,2}e)\b", str(page.soup.main)), page
