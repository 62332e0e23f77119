"""Who is told what: the table of the confidentiality page is the rule, and no sentence elsewhere says otherwise.

A sentence that says whether HR hears the status (the stage reached, the sessions attended) carries the class
`status-rule`: `{: .status-rule }`. It is held here against the two cells of the table.
"""

from __future__ import annotations

import re
from typing import Any

import pytest
from bs4 import Tag

from tests.site.built_site import LANGUAGES, Site

HR = 4  # the column of HR or the sponsor; the first is what is told
STATUS = {"en": ("Sessions attended", "Stage reached"), "fr": ("La présence aux séances", "L’étape atteinte")}
ON_AGREEMENT = {"en": "if the agreement says so", "fr": "si l’accord le prévoit"}
YES = {"en": "yes", "fr": "oui"}
SPEAKS_OF_IT = {  # names HR and the status
    "en": r"(?=.*\bhr\b)(?=.*(?:\bstatus\b|stage reached|which stage|attend|sessions held))",
    "fr": r"(?=.*\brh\b)(?=.*(?:avancement|point de situation|étape atteinte|quelle étape|présence aux séances))",
}
STATES_IT = {"confidentiality", "faq", "first-session", "glossary", "three-chairs", "what-your-employer-hears"}


def spoken(element: Tag) -> str:
    return " ".join(element.get_text(" ", strip=True).split()).casefold()


def matrix(site: Site, sources: dict[str, Any], lang: str) -> dict[str, str]:
    """What the table says of HR, by the information of each row."""
    page = site.pages[sources[lang]["confidentiality"]["address"]].soup
    table = page.select_one("h2#matrix ~ .table table, h2#matrix ~ table, h2#matrix ~ * table")
    assert table, f"no table under the heading #matrix of the confidentiality page in {lang}"
    rows = [row.find_all(["th", "td"]) for row in table.select("tbody tr")]
    return {cells[0].get_text(" ", strip=True): spoken(cells[HR]) for cells in rows}


def status(site: Site, sources: dict[str, Any], lang: str) -> str:
    """The one answer of the table to: does HR hear the status?"""
    told = matrix(site, sources, lang)
    answers = {answer for name in STATUS[lang] for row, answer in told.items() if row.startswith(name)}
    assert len(answers) == 1, f"{STATUS[lang]}: {answers}"
    return answers.pop()


@pytest.mark.parametrize("lang", LANGUAGES)
def test_hr_hears_the_status_where_the_table_says_so_and_nowhere_else(
    published: Site, sources: dict[str, Any], lang: str
) -> None:
    answer = status(published, sources, lang)
    assert answer in (YES[lang], ON_AGREEMENT[lang]), "say in this test how a sentence repeats this answer"
    stated = set()
    for key, matter in sources[lang].items():
        for sentence in published.pages[matter["address"]].soup.select("main .status-rule"):
            stated.add(key)
            on_agreement = ON_AGREEMENT[lang] in spoken(sentence)
            assert on_agreement == (answer == ON_AGREEMENT[lang]), f"{key}: the table says “{answer}”: {sentence}"
    assert stated >= STATES_IT


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_sentence_that_names_hr_and_the_status_is_one_of_them(
    published: Site, sources: dict[str, Any], lang: str
) -> None:
    """Or it would be held against nothing. On the page for HR, “you” is HR: its sentences are marked by hand."""
    for key, matter in sources[lang].items():
        for element in published.pages[matter["address"]].soup.select("main :is(p, li, dd)"):
            if key != "for-hr" and not element.find(["p", "li"]) and re.match(SPEAKS_OF_IT[lang], spoken(element)):
                assert any("status-rule" in str(one.get("class")) for one in (element, *element.parents)), (
                    f"{key}: mark it with {{: .status-rule }}: {element}"
                )


def test_the_table_gives_hr_the_same_in_both_languages(published: Site, sources: dict[str, Any]) -> None:
    english, french = (list(matrix(published, sources, lang).values()) for lang in LANGUAGES)
    assert len(english) == len(french)
    pairs = set(zip(english, french, strict=True))
    assert len(pairs) == len(set(english)) == len(set(french)), pairs
    assert (ON_AGREEMENT["en"], ON_AGREEMENT["fr"]) in pairs


@pytest.mark.parametrize("lang", LANGUAGES)
def test_nobody_answers_with_the_stage_whoever_asks(published: Site, sources: dict[str, Any], lang: str) -> None:
    """The reply that is ready for anyone gives what the table gives anyone: the calendar."""
    stage = {"en": "the calendar and the stage", "fr": "le calendrier et l’étape"}[lang]
    for key in STATES_IT:
        assert stage not in spoken(published.pages[sources[lang][key]["address"]].soup.main), key  # type: ignore[arg-type]
