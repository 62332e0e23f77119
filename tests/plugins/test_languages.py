"""Pages in pairs, menus, breadcrumbs, neighbours and addresses, from a site of a few made-up pages."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any, Literal
from unicodedata import normalize

import pytest

from plugins.build import build_of
from plugins.i18n.languages import Site
from plugins.reader.source import Source
from plugins.trajectory import stations_on
from tools.build import settings_for

BUILD = build_of(settings_for(Path("unused"), False, None))
BUILD.menus = {"primary": ["method", "about"], "modalities": ["first", "second", "third"]}
BUILD.address = "https://trajectoires.example"


class Content:
    """A page as Pelican gives it."""

    def __init__(self, lang: str, key: str, slug: str, day: int = 1) -> None:
        self.lang, self.key, self.slug = lang, key, slug
        self.url = f"{lang}/{slug}/" if slug else f"{lang}/"
        self.date = datetime.date(2026, 11, day)


class Article(Content):
    """The Site tells articles from pages by this name."""


@pytest.fixture
def site() -> Site:
    site = Site(BUILD)
    site.fill(
        [
            *(Content(lang, "home", "") for lang in ("en", "fr")),
            Content("en", "method", "method"),
            Content("fr", "method", "methode"),
            *(Content("en", key, f"method/{key}") for key in ("first", "second", "third")),
            *(Content("fr", key, f"methode/{key}") for key in ("first", "second", "third")),
            *(Content("en", key, key) for key in ("about", "articles", "only-english")),
            *(Content("fr", key, key) for key in ("about", "articles")),
            *(Article("en", key, key, day) for key, day in (("old", 1), ("new", 3), ("middle", 2))),
        ]
    )
    return site


def keys(contents: list[Any]) -> list[str]:
    return [content.key for content in contents]


def test_a_page_is_found_by_its_key_in_each_language(site: Site) -> None:
    assert site.find("method", "fr").url == "fr/methode/"
    with pytest.raises(LookupError, match=r'no page "methd" in content/fr.*Did you mean "method"'):
        site.find("methd", "fr")


def test_the_other_language_is_the_same_page(site: Site) -> None:
    assert site.other(site.find("method", "en")).url == "fr/methode/"  # type: ignore[union-attr]
    assert site.other(site.find("only-english", "en")) is None


def test_alternates_name_the_page_itself_first_then_the_other(site: Site) -> None:
    found = [(one["lang"], one["name"], one["url"]) for one in site.alternates(site.find("method", "fr"))]
    assert found == [
        ("fr", "Français", "https://trajectoires.example/fr/methode/"),
        ("en", "English", "https://trajectoires.example/en/method/"),
    ]
    assert [one["lang"] for one in site.alternates(site.find("only-english", "en"))] == ["en"]


def test_links_are_from_the_root_and_full_where_asked(site: Site) -> None:
    page = site.find("home", "en")
    assert (site.link(page), site.absolute(page)) == ("/en/", "https://trajectoires.example/en/")
    assert site.absolute("/sitemap.xml") == site.absolute("sitemap.xml") == "https://trajectoires.example/sitemap.xml"


def test_what_readers_show_elsewhere_has_full_links(site: Site) -> None:
    markup = '<a href="/en/faq/">a</a> <img src="/x.png"> <a href="#here">b</a> <a href="https://other.test/">c</a>'
    assert site.absolute_links(markup, site.find("home", "en")) == (
        '<a href="https://trajectoires.example/en/faq/">a</a> <img src="https://trajectoires.example/x.png"> '
        '<a href="https://trajectoires.example/en/#here">b</a> <a href="https://other.test/">c</a>'
    )


@pytest.mark.parametrize(
    ("typed", "whole"),
    [
        ("<a href='/en/x/'>", "<a href='https://trajectoires.example/en/x/'>"),
        ('<A\nHREF = "/en/x/">', '<A\nHREF = "https://trajectoires.example/en/x/">'),
        ("<img alt='a > b' src='/x.png'>", "<img alt='a > b' src='https://trajectoires.example/x.png'>"),
        ('<a href="//other.test/">', '<a href="//other.test/">'),
        ("<code>href='/en/x/'</code>", "<code>href='/en/x/'</code>"),
    ],
)
def test_links_of_html_that_was_typed_are_full_too(site: Site, typed: str, whole: str) -> None:
    assert site.absolute_links(typed, site.find("home", "en")) == whole


def test_a_menu_keeps_the_order_of_its_file(site: Site) -> None:
    assert keys(site.menu("primary", "fr")) == ["method", "about"]


@pytest.mark.parametrize(
    ("lang", "key", "trail"),
    [
        ("en", "home", ["home"]),
        ("en", "about", ["home", "about"]),
        ("fr", "second", ["home", "method", "second"]),
        ("en", "old", ["home", "articles", "old"]),
    ],
)
def test_breadcrumbs_follow_the_address(site: Site, lang: str, key: str, trail: list[str]) -> None:
    assert keys(site.breadcrumbs(site.find(key, lang))) == trail


def test_modalities_lead_from_one_to_the_next(site: Site) -> None:
    first, second, third = (site.find(key, "fr") for key in ("first", "second", "third"))
    assert [site.modality_number(page) for page in (first, second, third)] == [1, 2, 3]
    assert (site.modality(first, -1), site.modality(third, 1)) == (None, None)
    assert (site.modality(second, -1), site.modality(second, 1)) == (first, third)
    about = site.find("about", "fr")
    assert (site.modality_number(about), site.modality(about, 1), site.modality(about, -1)) == (None, None, None)


def test_articles_are_newest_first(site: Site) -> None:
    assert keys(site.articles["en"]) == ["new", "middle", "old"]
    assert site.articles["fr"] == []


@pytest.mark.parametrize("number", [2, 4, 5, 6, 7])
def test_stations_stand_on_the_line_evenly(root: Path, number: int) -> None:
    """The first and the last stay where they are; where five stand, the path's own points say."""
    path = (root / "theme" / "templates" / "macros" / "trajectory.path").read_text(encoding="utf-8")
    places = stations_on(path, number)
    assert (places[0], places[-1]) == ([200, 318], [840, 112])
    steps = [after[0] - before[0] for before, after in pairwise(places)]
    assert max(steps) - min(steps) <= 1
    assert all(before[1] > after[1] for before, after in pairwise(places)), "the line rises"
    if number == 5:
        assert places == [[int(figure) for figure in row.split()[-2:]] for row in path.splitlines()[3:8]]


@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_two_languages_are_a_pair_however_their_disk_writes_an_accent(
    read: Callable[..., Source], form: Literal["NFC", "NFD"]
) -> None:
    assert read("Text.", key=normalize(form, "été")).key == "été"
