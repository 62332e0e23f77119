"""Two languages: each page knows the other, the switch stays on the page, and foreign words are marked."""

from __future__ import annotations

import copy
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from bs4 import Tag

from tests.site.built_site import ORIGIN, Page, Site

OTHER = {"en": "fr", "fr": "en"}

# French has accents that English lacks; English has small words that French lacks. They betray most phrases.
TELLING = {
    "en": re.compile(r"\b\w*[àâçéèêëîïôûùœÀÂÇÉÈÊËÎÏÔÛÙŒ]\w*|\b(?:du|des|une|aux|avec|pour|dans|est)\b"),
    "fr": re.compile(
        r"\b(?:the|and|with|your|which|they|their|from|there)\b|\b(?:of|to|is) [a-z]+ing?\b", re.IGNORECASE
    ),
}
NAMES = {
    "fr": [
        "Management Review",
        "There’s a S.M.A.R.T. Way",
        "assignable",
        "International Coaching Federation",
        "Global Code of Ethics",
        "Association for Coaching",
        "Web Content Accessibility Guidelines",
        "counselling",
    ],
    "en": ["Société française de coaching", "Défenseur des droits", "Cinq septembre", "place de Fontenoy"],
}


def alternates(page: Page) -> dict[str, str]:
    return {str(link["hreflang"]): str(link["href"]) for link in page.head.select('link[rel~="alternate"][hreflang]')}


def test_each_page_names_itself_the_other_and_the_entrance(published: Site, sources: dict[str, Any]) -> None:
    for lang, by_key in sources.items():
        for key, matter in by_key.items():
            expected = {
                lang: ORIGIN + matter["address"],
                OTHER[lang]: ORIGIN + sources[OTHER[lang]][key]["address"],
                "x-default": f"{ORIGIN}/",
            }
            assert alternates(published.pages[matter["address"]]) == expected, key


def test_what_one_page_says_of_another_that_one_says_too(published: Site) -> None:
    for page in published.listed:
        for lang, address in alternates(page).items():
            if lang != "x-default":
                back = alternates(published.pages[address.removeprefix(ORIGIN)])
                assert back[page.lang or ""] == ORIGIN + page.address, page


def test_the_entrance_leads_to_both_home_pages(published: Site) -> None:
    entrance = published.pages["/"]
    expected = {"en": f"{ORIGIN}/en/", "fr": f"{ORIGIN}/fr/", "x-default": f"{ORIGIN}/"}
    assert alternates(entrance) == expected
    assert {str(link["href"]) for link in entrance.soup.select("a[hreflang]")} == {"/en/", "/fr/"}
    assert not entrance.soup.find_all("script")
    assert not entrance.soup.select('meta[http-equiv="refresh"]')


@pytest.mark.parametrize("address", ["/", "/404.html"])
def test_a_page_that_speaks_both_languages_marks_each(published: Site, address: str) -> None:
    page = published.pages[address]
    sections = {str(section["lang"]): section for section in page.soup.select("main [lang]")}
    assert set(sections) == {"en", "fr"}
    for lang, section in sections.items():
        assert section.find(["h2", "h3"]), lang
        links = section.select("a[href]")
        assert links
        assert all(str(link["href"]).startswith(f"/{lang}/") for link in links), lang
    if address == "/":
        assert "English" in sections["en"].a.get_text()  # type: ignore[union-attr]
        assert "français" in sections["fr"].a.get_text()  # type: ignore[union-attr]


@pytest.mark.parametrize("lang", ["en", "fr"])
def test_each_language_has_a_not_found_page_of_its_own(published: Site, lang: str) -> None:
    page = published.pages[f"/{lang}/404.html"]
    assert page.soup.html["lang"] == lang  # type: ignore[index]
    assert page.soup.h1.get_text(strip=True) == {"en": "Page not found", "fr": "Page introuvable"}[lang]  # type: ignore[union-attr]
    assert page.soup.select_one(f'main a[href="/{lang}/"]')


def test_not_found_pages_are_kept_from_search_engines(published: Site) -> None:
    for address in ("/404.html", "/en/404.html", "/fr/404.html"):
        assert "noindex" in (published.pages[address].meta("robots") or ""), address


def test_the_switch_stays_on_the_page_and_names_the_language_in_itself(
    published: Site, sources: dict[str, Any]
) -> None:
    for lang, by_key in sources.items():
        for key, matter in by_key.items():
            (switch,) = published.pages[matter["address"]].soup.select("header a[hreflang]")
            other = OTHER[lang]
            assert switch["href"] == sources[other][key]["address"], key
            assert (switch["lang"], switch["hreflang"]) == (other, other), key
            assert switch.get_text(strip=True) == {"en": "English", "fr": "Français"}[other], key


def test_no_other_link_changes_the_language_unannounced(published: Site) -> None:
    for page in published.listed:
        for link in page.soup.select("a[href]"):
            if str(link["href"]).startswith(f"/{OTHER[page.lang or '']}/"):
                assert link.get("hreflang") == OTHER[page.lang or ""], f"{page}: {link}"


def test_a_language_is_marked_only_where_it_differs(published: Site) -> None:
    for page in published.listed:
        for element in page.soup.body.select("[lang]"):  # type: ignore[union-attr]
            around = next((str(parent["lang"]) for parent in element.parents if parent.get("lang")), page.lang)
            assert element["lang"] != around, f"{page}: {element}"
            assert element["lang"] in ("en", "fr", "la"), f"{page}: {element}"


def own_words(page: Page) -> Iterator[str]:
    """The text of a page outside elements of another language, block by block; and its title and description."""
    assert page.soup.body
    body = copy.copy(page.soup.body)
    for element in body.select(f'[lang]:not([lang^="{page.lang}"]), script, code, kbd, svg'):
        element.replace_with(" … ")
    for block in body.find_all(
        ["p", "li", "h1", "h2", "h3", "h4", "td", "th", "dt", "dd", "caption", "a", "label", "legend"]
    ):
        if isinstance(block, Tag):
            yield block.get_text(" ")
    yield page.head.title.get_text() if page.head.title else ""
    yield page.meta("description") or ""


@pytest.fixture(scope="session")
def proper_names(fictitious: Path) -> list[str]:
    """Names and addresses in the facts, which stay as they are in both languages."""
    facts = tomllib.loads(fictitious.read_text(encoding="utf-8"))
    flat = [value for value in [*facts.values(), *facts["address"].values()] if isinstance(value, str)]
    return sorted(flat, key=len, reverse=True)


@pytest.mark.parametrize("lang", ["en", "fr"])
def test_words_of_the_other_language_are_marked(published: Site, proper_names: list[str], lang: str) -> None:
    found = []
    for page in published.in_language(lang):
        for text in own_words(page):
            for name in proper_names:
                text = text.replace(name, "")
            found += [f"{page}: {match.group()!r} in {text.strip()[:90]!r}" for match in TELLING[lang].finditer(text)]
    assert not found, "\n".join(dict.fromkeys(found))


@pytest.mark.parametrize(("lang", "name"), [(lang, name) for lang, names in NAMES.items() for name in names])
def test_a_known_foreign_title_is_always_marked(published: Site, lang: str, name: str) -> None:
    seen = False
    for page in published.in_language(lang):
        for text in page.soup.body.find_all(string=re.compile(re.escape(name))):  # type: ignore[union-attr]
            seen = True
            around = next((str(parent["lang"]) for parent in text.parents if parent.get("lang")), None)
            assert around == OTHER[lang], f"{page}: {text.strip()[:90]}"
    assert seen, f"{name} is no longer on any {lang} page: take it out of this list"


def test_no_french_page_speaks_of_american_english(published: Site) -> None:
    """pelican-seo once put en_US on every page."""
    for file in published.folder.rglob("*"):
        if file.suffix in (".html", ".xml", ".webmanifest"):
            assert not re.search(r"en[_-]US", file.read_text(encoding="utf-8")), file


@pytest.mark.parametrize("lang", ["en", "fr"])
def test_menus_speak_the_language_of_their_page(published: Site, sources: dict[str, Any], lang: str) -> None:
    titles = {
        matter["address"]: (matter["title"], matter.get("nav_title") or matter["title"])
        for matter in sources[lang].values()
    }
    for page in published.in_language(lang):
        for link in page.soup.select(".menu a, .site-footer nav a, .breadcrumbs a"):
            assert (
                link.get_text(strip=True).replace("\u00a0", " ").replace("\u202f", " ") in titles[str(link["href"])]
            ), page
