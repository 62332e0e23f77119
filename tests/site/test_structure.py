"""What every page is made of: one title, headings in order, names for all that can be pressed or seen, tables."""

from __future__ import annotations

import datetime
import itertools
import re
from collections import Counter
from typing import Any

import pytest

from tests.site.built_site import Page, Site


def test_there_are_at_least_25_pages_in_each_language(published: Site) -> None:
    for lang in ("en", "fr"):
        assert len(published.in_language(lang)) >= 25


def test_every_source_has_its_page_and_every_page_its_source(published: Site, sources: dict[str, Any]) -> None:
    expected = {matter["address"] for by_key in sources.values() for matter in by_key.values()}
    assert {page.address for page in published.listed} == expected


def test_each_page_names_its_language(published: Site) -> None:
    for page in published.pages.values():
        assert page.soup.html
        assert page.soup.html["lang"] == (page.lang or "fr"), page


def test_each_page_has_one_first_level_heading_and_skips_no_level(published: Site) -> None:
    for page in published.pages.values():
        levels = [int(heading.name[1]) for heading in page.soup.find_all(re.compile(r"^h[1-6]$"))]
        assert levels.count(1) == 1, page
        assert levels[0] == 1, page
        jumps = [(above, below) for above, below in itertools.pairwise(levels) if below > above + 1]
        assert not jumps, f"{page}: {jumps}"


def test_no_heading_is_empty(published: Site) -> None:
    for page in published.pages.values():
        assert all(heading.get_text(strip=True) for heading in page.soup.find_all(re.compile(r"^h[1-6]$"))), page


@pytest.mark.parametrize("lang", ["en", "fr"])
@pytest.mark.parametrize("what", ["title", "description"])
def test_each_page_has_a_title_and_a_description_of_its_own(published: Site, what: str, lang: str) -> None:
    said = [
        page.head.title.get_text(strip=True) if what == "title" else page.meta("description")  # type: ignore[union-attr]
        for page in published.in_language(lang)
    ]
    assert all(said)
    assert [text for text, count in Counter(said).items() if count > 1] == []


def test_the_title_names_the_page_and_the_practice(published: Site) -> None:
    for page in published.listed:
        title, heading = page.head.title.get_text(), page.soup.h1.get_text(strip=True)  # type: ignore[union-attr]
        assert heading in title, page
        assert "Human Trajectory Makers" in title, page


def test_the_title_and_description_are_those_of_the_front_matter_length(published: Site) -> None:
    for page in published.listed:
        assert 70 <= len(page.meta("description") or "") <= 160, page


def test_each_image_says_what_it_shows_or_that_it_shows_nothing(published: Site) -> None:
    for page in published.pages.values():
        for image in page.soup.find_all("img"):
            assert image.has_attr("alt"), f"{page}: {image}"
            assert image.has_attr("width"), f"{page}: {image} makes the text jump when it arrives"
        for drawing in page.soup.find_all("svg"):
            named = drawing.get("aria-label") or drawing.find("title")
            hidden = drawing.get("aria-hidden") == "true" or drawing.find_parent(attrs={"aria-hidden": "true"})
            assert hidden or named, f"{page}: {drawing.get('class')}"


def test_ids_are_unique(published: Site) -> None:
    for page in published.pages.values():
        ids = Counter(element["id"] for element in page.soup.select("[id]"))
        assert not [name for name, count in ids.items() if count > 1], page


def test_what_refers_to_an_id_finds_it(published: Site) -> None:
    for page in published.pages.values():
        ids = {element["id"] for element in page.soup.select("[id]")}
        for attribute in ("for", "aria-labelledby", "aria-describedby", "aria-controls", "headers", "list", "form"):
            for element in page.soup.select(f"[{attribute}]"):
                assert set(str(element[attribute]).split()) <= ids, f"{page}: {element}"


def test_each_page_has_its_landmarks_and_a_link_past_the_menu(published: Site) -> None:
    for page in published.pages.values():
        assert len(page.soup.find_all("main")) == 1, page
        if page.lang:
            first = page.soup.body.find("a")  # type: ignore[union-attr]
            assert first["href"] == f"#{page.soup.main['id']}", page  # type: ignore[index]
            for landmark in ("header", "footer", "nav"):
                assert page.soup.find(landmark), page


def test_navigations_of_a_page_have_different_names(published: Site) -> None:
    for page in published.pages.values():
        names = []
        for nav in page.soup.find_all("nav"):
            labelled = page.soup.find(id=str(nav.get("aria-labelledby")))
            names.append(nav.get("aria-label") or (labelled.get_text(strip=True) if labelled else None))
        assert None not in names, page
        assert len(names) == len(set(names)), f"{page}: {names}"


def test_every_link_and_button_has_words(published: Site) -> None:
    for page in published.pages.values():
        for element in page.soup.select("a, button, summary"):
            assert element.get_text(strip=True) or element.get("aria-label"), f"{page}: {element}"


def test_links_that_say_the_same_lead_to_the_same_place(published: Site) -> None:
    """Read out of its sentence, a link is known by its words only (WCAG 2.4.9)."""
    for page in published.listed:
        places: dict[str, set[str]] = {}
        for link in page.soup.select("main a[href]:not(.breadcrumbs a)"):
            words = link.get_text(" ", strip=True)
            places.setdefault(words, set()).add(str(link["href"]))
        assert not {words: hrefs for words, hrefs in places.items() if len(hrefs) > 1}, page


def test_each_field_has_a_label(published: Site) -> None:
    for page in published.pages.values():
        for field in page.soup.select("input:not([type=hidden], [hidden]), textarea, select"):
            label = field.find_parent("label") or page.soup.select_one(f'label[for="{field.get("id")}"]')
            assert label or field.get("aria-label") or field.get("aria-labelledby"), f"{page}: {field}"


def test_the_page_at_hand_is_marked_in_its_menus(published: Site) -> None:
    for page in published.listed:
        for link in page.soup.select('[aria-current="page"]'):
            assert link["href"] == page.address, f"{page}: {link}"


def test_each_table_has_a_caption_scoped_headers_and_no_empty_cell(published: Site) -> None:
    tables = 0
    for page in published.pages.values():
        for table in page.soup.find_all("table"):
            tables += 1
            caption = table.find("caption")
            where = f"{page}: {caption or table.get_text(' ', strip=True)[:80]}"
            assert caption, where
            assert caption.get_text(strip=True), where
            assert {cell.get("scope") for cell in table.select("thead th")} == {"col"}, where
            widths = set()
            for row in table.select("tbody tr"):
                cells = row.find_all(["th", "td"])
                widths.add(len(cells))
                assert (cells[0].name, cells[0].get("scope")) == ("th", "row"), where
                assert all(cell["data-label"] for cell in cells[1:]), where
            assert widths == {len(table.select("thead th"))}, where
            for cell in table.find_all(["th", "td"]):
                text = cell.get_text(strip=True)
                assert text, f"{where}: an empty cell"
                assert re.search(r"\w|–", text), f"{where}: {text!r} says nothing to those who hear it"
    assert tables > 20


def test_captions_of_a_page_are_different(published: Site) -> None:
    for page in published.listed:
        captions = [caption.get_text(strip=True) for caption in page.soup.find_all("caption")]
        assert len(captions) == len(set(captions)), page


def test_dates_are_readable_by_machines(published: Site) -> None:
    for page in published.listed:
        for time in page.soup.find_all("time"):
            day = datetime.date.fromisoformat(str(time["datetime"]))
            assert str(day.year) in time.get_text(), page


def test_each_page_shows_its_way_up(published: Site) -> None:
    for page in published.listed:
        trail = [str(link["href"]) for link in page.soup.select(".breadcrumbs a")]
        if page.address in ("/en/", "/fr/"):
            assert trail == []
        else:
            assert trail[0] == f"/{page.lang}/", page
            assert trail[-1] == page.address, page


def test_the_contents_of_a_long_page_lead_to_its_sections(published: Site, sources: dict[str, Any]) -> None:
    long = [matter for by_key in sources.values() for matter in by_key.values() if matter.get("toc")]
    assert long
    for matter in long:
        page = published.pages[matter["address"]]
        sections = [f"#{heading['id']}" for heading in page.soup.select(".prose h2[id]")]
        assert [link["href"] for link in page.soup.select(".contents a")] == sections, page


def test_each_page_offers_the_next_step_of_its_front_matter(published: Site, sources: dict[str, Any]) -> None:
    for lang, by_key in sources.items():
        for matter in by_key.values():
            page = published.pages[matter["address"]]
            doors = [str(link["href"]) for link in page.soup.select("nav.doors a")]
            steps = [matter[name]["page"] for name in ("action", "second_action") if matter.get(name)]
            assert doors == [sources[lang][step]["address"] for step in steps], page


def test_the_modalities_lead_from_one_to_the_next(published: Site, sources: dict[str, Any]) -> None:
    for lang in ("en", "fr"):
        keys = ["implementation", "goal-setting", "sessions", "actions", "monitoring"]
        addresses = [sources[lang][key]["address"] for key in keys]
        for place, address in enumerate(addresses):
            soup = published.pages[address].soup
            before, after = (soup.select_one(f'main a[rel="{rel}"]') for rel in ("prev", "next"))
            assert (before["href"] if before else None) == (addresses[place - 1] if place else None)
            assert (after["href"] if after else None) == (addresses[place + 1] if place < 4 else None)


def test_a_script_is_loaded_by_the_worksheet_only(published: Site, sources: dict[str, Any]) -> None:
    worksheets = {sources[lang]["smart-worksheet"]["address"] for lang in ("en", "fr")}
    for page in published.pages.values():
        if page.address not in worksheets:
            assert not page.soup.select('script:not([type="application/ld+json"])'), page


# What the facts make: who the coach is, what can be counted on


def block(page: Page, name: str) -> str:
    """The words of a section that the site makes of the facts; empty where the page has none."""
    found = page.soup.select_one(f"main section[aria-labelledby={name}-title]")
    return found.get_text(" ", strip=True) if found else ""


@pytest.mark.parametrize(
    ("lang", "training", "supervision"),
    [("en", "Imaginary School of Coaching", "imaginary supervisor"), ("fr", "École imaginaire", "personne imaginaire")],
)
def test_home_and_about_say_who_the_coach_is(
    published: Site, sources: dict[str, Any], lang: str, training: str, supervision: str
) -> None:
    for key in ("home", "about"):
        said = block(published.pages[sources[lang][key]["address"]], "who")
        assert "Dominique Imaginaire" in said, key
        assert training in said, key
        assert supervision in said, key


def test_about_has_the_coach_s_story_and_where_a_qualification_can_be_checked(
    published: Site, sources: dict[str, Any]
) -> None:
    for lang, story in (("en", "imaginary years"), ("fr", "années imaginaires")):
        page = published.pages[sources[lang]["about"]["address"]]
        assert story in page.soup.main.get_text()  # type: ignore[union-attr]
        assert page.soup.select_one('main a[href="https://registre.example/dominique-imaginaire"]'), lang


def test_price_and_delay_stand_once_wherever_people_decide(published: Site, sources: dict[str, Any]) -> None:
    for lang, price, delay in (("en", "€100", "two working days"), ("fr", "100", "deux jours ouvrés")):
        for key in ("home", "first-session", "contact"):
            said = block(published.pages[sources[lang][key]["address"]], "practice")
            assert price in said, key
            assert delay in said, key
            assert "agreed together" not in said, key
        home = published.pages[sources[lang]["home"]["address"]]
        languages = {"en": "English, French", "fr": "français, anglais"}[lang]
        assert home.soup.main.get_text().count(languages) == 1, "in one of the two sections"  # type: ignore[union-attr]
        contact = published.pages[sources[lang]["contact"]["address"]]
        assert contact.soup.main.get_text().count(delay) == 2, "in the text too"  # type: ignore[union-attr]


def test_what_is_not_known_is_one_sentence_and_the_name_a_mark(preview: Site, sources: dict[str, Any]) -> None:
    for lang, sentence in (("en", "are agreed together before you begin."), ("fr", "ensemble, avant de commencer.")):
        home = preview.pages[sources[lang]["home"]["address"]]
        assert sentence in block(home, "practice")
        assert not home.soup.select("section[aria-labelledby=practice-title] dl")
        assert "coach.name]" in block(home, "who")


def test_the_rules_of_the_practice_are_as_many_on_both_pages_that_list_them(
    published: Site, sources: dict[str, Any]
) -> None:
    for lang, said in (("en", "six rules"), ("fr", "six règles")):
        method = published.pages[sources[lang]["method"]["address"]].soup.select(".admonition.rule ol > li")
        about = published.pages[sources[lang]["about"]["address"]].soup
        assert len(about.select("main .prose ol > li")) == len(method) == 6
        assert said in about.main.get_text().replace("\N{NO-BREAK SPACE}", " ")  # type: ignore[union-attr]
