"""The practice's own statements, S01 to S46: each has its place on the site in both languages, and none is lost."""

from __future__ import annotations

import datetime
import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
from bs4 import Tag

from tests.site.built_site import Page, Site

PARTS = {"S04": "abcde", "S34": "abcd"}
ALL = {f"S{n:02}{part}" for n in range(1, 47) for part in PARTS.get(f"S{n:02}", [""])}
LIST = tomllib.loads((Path(__file__).parents[2] / "content" / "data" / "statements.toml").read_text(encoding="utf-8"))
HOMES = [(name, page) for name, entry in LIST.items() for page in entry.get("pages", [])]


def says(page: Page, name: str) -> list[Tag]:
    return page.soup.select(f'[data-s~="{name}"]')


def test_the_list_holds_every_statement_of_the_original_page() -> None:
    assert set(LIST) == ALL
    assert all(entry.get("pages") or entry.get("footer") for entry in LIST.values())


@pytest.mark.parametrize("lang", ["en", "fr"])
@pytest.mark.parametrize(("name", "key"), HOMES, ids=[f"{name}-{key}" for name, key in HOMES])
def test_each_statement_is_said_where_the_list_says(
    published: Site, sources: dict[str, Any], lang: str, name: str, key: str
) -> None:
    found = says(published.pages[sources[lang][key]["address"]], name)
    assert found, f"content/{lang}/pages/{key}.md no longer says {name}: {LIST[name]['text']}"
    assert all(len(element.get_text(strip=True)) > 8 for element in found)


@pytest.mark.parametrize("name", [name for name, entry in LIST.items() if entry.get("footer")])
def test_what_the_footer_says_is_on_every_page(published: Site, name: str) -> None:
    for page in [page for page in published.pages.values() if page.lang]:
        assert len(says(page, name)) == 1, page
        assert says(page, name)[0].find_parent("footer"), page


def test_no_page_carries_a_statement_that_is_not_in_the_list(published: Site) -> None:
    for page in published.pages.values():
        for element in page.soup.select("[data-s]"):
            assert set(str(element["data-s"]).split()) <= set(LIST), f"{page}: {element['data-s']}"


def test_both_languages_say_the_same_statements_on_the_same_pages(published: Site, sources: dict[str, Any]) -> None:
    for key in sources["en"]:
        said = []
        for lang in ("en", "fr"):
            marks = published.pages[sources[lang][key]["address"]].soup.select("main [data-s]")
            said.append([name for mark in marks for name in str(mark["data-s"]).split()])
        assert said[0] == said[1], key


def test_the_quotation_opens_the_home_page_with_its_real_author(published: Site) -> None:
    for lang, author in (("en", "Franklin D. Roosevelt"), ("fr", "d’après Franklin D. Roosevelt")):
        (quotation,) = says(published.pages[f"/{lang}/"], "S02")
        assert author in quotation.get_text()
        assert "Eleanor" not in quotation.blockquote.get_text()  # type: ignore[union-attr]
        assert quotation.get_text().count("Eleanor") <= 1


def test_the_footer_leads_to_the_legal_pages(published: Site, sources: dict[str, Any]) -> None:
    for page, lang in [(page, page.lang) for page in published.pages.values() if page.lang]:
        (legal,) = says(page, "S43")
        links = {str(link["href"]) for link in legal.select("a[href]")}
        wanted = {sources[lang][key]["address"] for key in ("legal-notice", "privacy-policy", "cookie-policy")}
        assert wanted <= links, page


def test_the_footer_keeps_its_rights_from_2021_to_this_year(published: Site) -> None:
    year = datetime.datetime.now(datetime.UTC).year
    for page, lang in [(page, page.lang) for page in published.pages.values() if page.lang]:
        (rights,) = says(page, "S44")
        reserved = {"en": "All rights reserved", "fr": "Tous droits réservés"}[lang]
        assert re.search(rf"© 2021–{year} Human Trajectory Makers", rights.get_text()), page
        assert reserved in rights.get_text(), page


def test_the_makers_of_the_original_site_are_credited_while_they_are_known(
    published: Site, preview: Site, sources: dict[str, Any]
) -> None:
    for lang in ("en", "fr"):
        address = sources[lang]["legal-notice"]["address"]
        (credit,) = says(published.pages[address], "S45")
        assert "Cinq septembre" in credit.get_text()
        assert says(preview.pages[address], "S45") == []
        assert "Cinq septembre" not in preview.pages[address].soup.get_text()


def test_the_method_lists_its_five_modalities_in_order(published: Site, sources: dict[str, Any]) -> None:
    for lang in ("en", "fr"):
        lists = says(published.pages[sources[lang]["method"]["address"]], "S46")
        keys = ["implementation", "goal-setting", "sessions", "actions", "monitoring"]
        assert lists
        for steps in lists:
            assert [link["href"] for link in steps.select("a[href]")] == [sources[lang][key]["address"] for key in keys]


def rows(page: Page, section: str) -> list[list[str]]:
    """The cells of the table below the heading with this id."""
    table = page.soup.select_one(f"#{section}").find_next("table")  # type: ignore[union-attr]
    assert isinstance(table, Tag)
    return [[cell.get_text(" ", strip=True) for cell in row.select("th, td")] for row in table.select("tbody tr")]


@pytest.mark.parametrize(
    ("lang", "agreement", "no"), [("en", "If the agreement says so", "No"), ("fr", "Si l’accord le prévoit", "Non")]
)
def test_hr_is_told_what_the_confidentiality_matrix_says(
    published: Site, sources: dict[str, Any], lang: str, agreement: str, no: str
) -> None:
    """The status only if the agreement says so, nothing of what is said: the same on both pages."""
    pages = {key: published.pages[sources[lang][key]["address"]] for key in ("for-hr", "confidentiality")}
    matrix = rows(pages["confidentiality"], "matrix")
    said, _, status, *_ = rows(pages["for-hr"], "confidentiality")
    assert said[1:] == [no, no]
    assert status[2] == agreement
    assert {row[4] for row in matrix if row[3].startswith(status[1] + ",")} == {agreement}


@pytest.mark.parametrize("lang", ["en", "fr"])
def test_the_page_for_hr_is_read_in_fifteen_minutes_and_leads_to_a_request(
    published: Site, sources: dict[str, Any], lang: str
) -> None:
    page = published.pages[sources[lang]["for-hr"]["address"]]
    prose = page.soup.select_one(".prose")
    assert prose
    assert len(prose.get_text(" ").split()) < 1_250
    assert len(prose.select("table")) == 1
    contact = sources[lang]["contact"]["address"]
    assert [link["href"] for link in page.soup.select(".doors a.door:not(.quiet)")] == [contact]
    assert prose.select(f'a[href="{contact}"]')
    assert {"en": "fundamental", "fr": "fondamental"}[lang] in says(page, "S10")[0].get_text()
    assert len(page.soup.select(".downloads a")) == 2


OURS = ["for-hr", "method", "implementation", "goal-setting", "sessions", "actions", "monitoring", "process-guide"]


def test_english_does_not_count_coachings(root: Path, sources: dict[str, Any]) -> None:
    """Coaching, an engagement, a programme: “a coaching” is no English."""
    files = [root / "content/en/pages" / f"{key}.md" for key in [*OURS, "smart-worksheet"]]
    files += [*(root / "content/en/documents").glob("*.md"), *(root / "content/data").glob("*.toml")]
    for file in files:
        text = file.read_text(encoding="utf-8")
        assert not re.search(r"\b(?:an?|one|another) (?:individual )?coaching\b(?! \w)|coachings", text), file


def test_what_the_practice_never_says_is_said_nowhere(published: Site) -> None:
    """No rate of success, no method that is not the practice's, no placeholder (content/NOTES.md)."""
    for page in published.listed:
        text = page.soup.main.get_text(" ")  # type: ignore[union-attr]
        assert "Eleanor" not in text or page.address in ("/en/", "/fr/"), page
        assert not re.search(r"groupe de codéveloppement|coaché·e|lorem ipsum|\bTODO\b", text, re.IGNORECASE), page
        assert not re.search(r"\b\d+\s?% (?:of|des) (?:clients|coachees|personnes accompagnées)", text), page
