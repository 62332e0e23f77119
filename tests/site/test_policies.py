"""The policies follow the facts: what is declared has its row in both languages, what is not leaves no trace."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest
from bs4 import BeautifulSoup

from plugins.build import build_of
from plugins.practice.facts import load_facts
from plugins.practice.storage import KEY
from plugins.reader.source import read_source
from tools.build import settings_for

Read = Callable[[str, str, str], BeautifulSoup]

STORAGE = """
[[storage_keys]]
key = "worksheet-test"
purpose = { en = "Keeps your answers", fr = "Garde vos réponses" }
lifetime = { en = "Until you erase them", fr = "Jusqu’à ce que vous les effaciez" }
"""
PROCESSOR = """
[[processors]]
name = "Agenda Imaginaire"
country = { en = "Atlantis", fr = "Atlantide" }
purpose = { en = "Booking appointments", fr = "La prise de rendez-vous" }
safeguard = { en = "Standard clauses", fr = "Clauses types" }
"""
BOOKING = "https://agenda.example/rendez-vous"
LANGUAGES = ["en", "fr"]
COMPANY = (
    ('legal_form = "EI"', 'legal_form = "SASU"'),
    ('legal_name = "Imaginaire"', 'legal_name = "Trajectoires Imaginaires"'),
    (
        'registration_kind = "rne"',
        'registration_kind = "rcs"\nrcs_city = "Ville-Imaginaire"\nshare_capital = "1000 euros"',
    ),
)


@pytest.fixture
def read(root: Path, fictitious: Path, tmp_path: Path) -> Read:
    """A page of the site as it reads with the fictitious facts changed: `read("cookie-policy", "fr", changed text)`."""

    def page(key: str, lang: str, facts: str) -> BeautifulSoup:
        file = tmp_path / "practice.toml"
        file.write_text(facts, encoding="utf-8")
        settings = settings_for(tmp_path / "output", True, file)
        load_facts(SimpleNamespace(settings=settings))
        assert build_of(settings).gaps == []
        source = read_source(root / "content" / lang / "pages" / f"{key}.md", build_of(settings))
        return BeautifulSoup(source.html, "html.parser")

    return page


@pytest.fixture
def facts(fictitious: Path) -> str:
    """The fictitious facts without what the policies list."""
    text = fictitious.read_text(encoding="utf-8")
    tables = text.split("\n[[")
    return tables[0] + "".join(
        f"\n[[{table}" for table in tables[1:] if not table.startswith(("storage_keys", "processors"))
    )


def changed(facts: str, *pairs: tuple[str, str]) -> str:
    for old, new in pairs:
        assert old in facts, old
        facts = facts.replace(old, new, 1)
    return facts


def row(soup: BeautifulSoup, header: str) -> list[str]:
    """The cells of the table row that has `header`."""
    found = [
        cells for cells in (r.find_all(["th", "td"]) for r in soup.select("tbody tr")) if header in cells[0].get_text()
    ]
    assert len(found) == 1, f"{header}: {len(found)} rows"
    return [cell.get_text(strip=True) for cell in found[0][1:]]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_each_storage_key_has_its_row(read: Read, facts: str, lang: str) -> None:
    expected = {
        "en": ["Keeps your answers", "Until you erase them"],
        "fr": ["Garde vos réponses", "Jusqu’à ce que vous les effaciez"],
    }
    soup = read("cookie-policy", lang, facts + STORAGE)
    assert row(soup, "worksheet-test") == expected[lang]
    assert soup.select_one("tbody th code").get_text() == "worksheet-test"  # type: ignore[union-attr]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_without_a_storage_key_there_is_no_table(read: Read, facts: str, lang: str) -> None:
    soup = read("cookie-policy", lang, facts)
    assert not soup.select("table")
    assert {"en": "stores nothing", "fr": "n’enregistre rien"}[lang] in soup.get_text()


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_booking_service_is_named_with_its_link_and_who_runs_it(read: Read, facts: str, lang: str) -> None:
    with_booking = changed(facts, ("booking_url = false", f'booking_url = "{BOOKING}"')) + PROCESSOR
    cookies = read("cookie-policy", lang, with_booking)
    assert cookies.select_one(f'#services ~ * a[href="{BOOKING}"]')
    privacy = read("privacy-policy", lang, with_booking)
    assert row(privacy, "Agenda Imaginaire")[0] == {"en": "Atlantis", "fr": "Atlantide"}[lang]
    assert any({"en": "ppointment", "fr": "endez-vous"}[lang] in heading.get_text() for heading in privacy.select("h3"))


@pytest.mark.parametrize("lang", LANGUAGES)
def test_without_services_none_is_mentioned(read: Read, facts: str, lang: str) -> None:
    cookies = read("cookie-policy", lang, facts)
    assert not cookies.select("#services")
    privacy = read("privacy-policy", lang, facts).get_text()
    for word in {
        "en": ["newsletter", "audience", "Appointment"],
        "fr": ["Lettre d’information", "audience", "rendez-vous"],
    }[lang]:
        assert word not in privacy, word


@pytest.mark.parametrize("lang", LANGUAGES)
def test_without_processors_there_is_no_list_of_them(read: Read, facts: str, lang: str) -> None:
    soup = read("privacy-policy", lang, facts)
    section = soup.select_one("#recipients")
    assert section
    following = section.find_next_siblings(limit=2)
    assert not any(element.name == "div" for element in following)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_retention_periods_are_those_of_the_facts(read: Read, facts: str, lang: str) -> None:
    text = read(
        "privacy-policy", lang, changed(facts, ("prospects = { value = 3", "prospects = { value = 7"))
    ).get_text()
    assert {"en": "7\u00a0years", "fr": "7\u00a0ans"}[lang] in text
    assert {"en": "3\u00a0years", "fr": "3\u00a0ans"}[lang] not in text


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_mediator_is_named_only_by_a_practice_that_sells_to_consumers(read: Read, facts: str, lang: str) -> None:
    assert "Médiation Imaginaire" in read("legal-notice", lang, facts).get_text()
    alone = changed(facts, ("sells_to_consumers = true", "sells_to_consumers = false"))
    assert "Médiation Imaginaire" not in read("legal-notice", lang, alone).get_text()


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_legal_notice_states_what_each_form_of_practice_must(read: Read, facts: str, lang: str) -> None:
    sole = read("legal-notice", lang, facts).get_text()
    assert "Dominique Imaginaire EI" in sole
    assert "000\u00a0000\u00a0000" in sole.replace("\u202f", "\u00a0")
    company = changed(facts, *COMPANY)
    text = read("legal-notice", lang, company).get_text()
    assert "Trajectoires Imaginaires" in text
    assert " EI" not in text
    assert "1000" in text.replace("\u202f", "").replace(",", "")
    assert "RCS" in text


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_wording_of_a_vat_exemption_is_the_accountant_s(read: Read, facts: str, lang: str) -> None:
    words = {"en": "VAT not applicable (fictitious wording)", "fr": "TVA non applicable (mention fictive)"}
    assert words[lang] in read("legal-notice", lang, facts).get_text()
    liable = changed(facts, ('vat_regime = "exempt"', 'vat_regime = "liable"\nvat_number = "FR12000000000"'))
    text = read("legal-notice", lang, liable).get_text()
    assert "FR12000000000" in text.replace("\u202f", "").replace("\u00a0", "").replace(" ", "")
    assert words[lang] not in text


ORGANISATIONS = (("sells_to_consumers = true", "sells_to_consumers = false"), ("micro_enterprise = true\n", ""))
LARGER = (("micro_enterprise = true", "micro_enterprise = false"),)
KINDS = {
    "a sole trader and consumers": (),
    "a sole trader and organisations": ORGANISATIONS,
    "a company and consumers": COMPANY,
    "a company and organisations": COMPANY + ORGANISATIONS,
}
OF_A_SOLE_TRADER = {"en": ["Address (domicile)", "Imaginaire EI"], "fr": ["Domicile", "Imaginaire EI"]}
OF_A_COMPANY = {"en": ["Registered office", "Share capital"], "fr": ["Siège social", "Capital social"]}
OF_CONSUMERS = {
    "en": ["all taxes included", "L112-1", "L221-1", "Fourteen days", "L221-18", "L221-25", "L612-1"],
    "fr": ["toutes taxes comprises", "L112-1", "L221-1", "Quatorze jours", "L221-18", "L221-25", "L612-1"],
}
OF_ORGANISATIONS = {"en": ["organisations and professionals only"], "fr": ["qu’avec des organisations"]}
OF_NOBODY = {
    "en": ["separate notice", "French version prevails", "94-665", "canvassed", "6-III", "ec.europa.eu"],
    "fr": ["notice distincte", "fait foi", "94-665", "consommatrice", "autrice", "6-III", "ec.europa.eu"],
}


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("kind", KINDS)
def test_the_legal_pages_of_each_kind_of_practice_say_what_holds_for_it(
    read: Read, facts: str, kind: str, lang: str
) -> None:
    company, consumers = "company" in kind, "consumers" in kind
    of_kind = changed(facts, *KINDS[kind])
    legal, privacy, cookies, accessibility = (
        read(key, lang, of_kind).get_text()
        for key in ("legal-notice", "privacy-policy", "cookie-policy", "accessibility")
    )
    must = [*(OF_A_COMPANY if company else OF_A_SOLE_TRADER)[lang], "2007-1527", "200"]
    must += (OF_CONSUMERS if consumers else OF_ORGANISATIONS)[lang]
    must_not = [*(OF_A_SOLE_TRADER if company else OF_A_COMPANY)[lang]]
    must_not += (OF_ORGANISATIONS if consumers else OF_CONSUMERS)[lang]
    assert [words for words in must if words not in legal] == []
    assert [words for words in must_not if words in legal] == []
    every = legal + privacy + cookies + accessibility
    assert [words for words in OF_NOBODY[lang] if words in every] == []
    assert not re.search(r"to be completed|à compléter|\bNone\b|[{}]", every)


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize(
    ("pairs", "voluntary", "exempt"),
    [((), True, True), (ORGANISATIONS, True, False), (LARGER, False, True)],
    ids=["a micro-enterprise", "organisations only", "a larger practice"],
)
def test_the_accessibility_statement_is_voluntary_where_no_law_asks_for_it(
    read: Read, facts: str, lang: str, pairs: tuple[tuple[str, str], ...], voluntary: bool, exempt: bool
) -> None:
    text = read("accessibility", lang, changed(facts, *pairs)).get_text()
    assert ({"en": "It is voluntary", "fr": "Elle est volontaire"}[lang] in text) == voluntary
    assert ({"en": "a voluntary one", "fr": "déclaration volontaire"}[lang] in text) == voluntary
    assert ({"en": "fewer than ten people", "fr": "moins de dix personnes"}[lang] in text) == exempt
    assert ("DGCCRF" in text) == (not voluntary)
    assert "L412-13" in text
    assert "2019/882" in text
    assert "2005-102" in text


OUTSIDE = (
    'host_country = { en = "France", fr = "France" }',
    'host_country = { en = "United States", fr = "États-Unis" }\n'
    'host_safeguard = { en = "Imaginary framework", fr = "Cadre imaginaire" }',
)
NO_TRANSFER = {"en": "no transfer of data outside", "fr": "aucun transfert de données hors"}


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_host_outside_the_european_economic_area_is_told_with_what_protects(
    read: Read, facts: str, lang: str
) -> None:
    text = read("privacy-policy", lang, changed(facts, OUTSIDE)).get_text()
    assert {"en": "(United States)", "fr": "(États-Unis)"}[lang] in text
    assert {"en": "Imaginary framework", "fr": "Cadre imaginaire"}[lang] in text
    assert NO_TRANSFER[lang] not in text


@pytest.mark.parametrize("lang", LANGUAGES)
def test_no_transfer_is_claimed_only_where_no_provider_could_make_one(read: Read, facts: str, lang: str) -> None:
    assert NO_TRANSFER[lang] in read("privacy-policy", lang, facts).get_text()
    assert NO_TRANSFER[lang] not in read("privacy-policy", lang, facts + PROCESSOR).get_text()


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_coach_s_notes_have_their_legal_basis(read: Read, facts: str, lang: str) -> None:
    soup = read("privacy-policy", lang, facts)
    table = soup.select_one(f'table:-soup-contains("{ {"en": "The coach’s notes", "fr": "Notes du coach"}[lang] }")')
    assert table
    text = table.get_text()
    assert [article for article in ("6.1.b", "9.2.a") if article not in text] == []


def test_what_the_code_keeps_has_the_name_that_the_build_reads(root: Path) -> None:
    """localStorage and the like are trackers in law (CNIL). The build compares each `const KEY` with the facts."""
    for script in (root / "theme" / "static" / "js").rglob("*.js"):
        text = script.read_text(encoding="utf-8")
        assert not re.search(r"document\.cookie|indexedDB|cookieStore|\bcaches\.", text), script
        names = re.findall(r"\bsetItem\((\w+),|\b(?:local|session)Storage\.setItem\(([^,]*),", text)
        assert {name for pair in names for name in pair if name} <= {"KEY"}, f"{script.name}: name it in a constant KEY"
        assert "setItem" not in text or KEY.search(text), script
