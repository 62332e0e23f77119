"""The facts of the practice: which values are refused, which must be known, and how both kinds are shown."""

from __future__ import annotations

import datetime
import json
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import get_args

import pytest
from bs4 import BeautifulSoup
from pydantic import BaseModel

from plugins.build import Build
from plugins.practice.examples import AND, form_of
from plugins.practice.facts import Facts, Missing, check_facts, gaps_of, load_facts, without_expired
from plugins.practice.model import Bilingual, Practice
from plugins.practice.reading import Reading, read_practice
from plugins.practice.requirements import REQUIREMENTS
from plugins.reader.source import Source
from plugins.typography import NBSP, NNBSP

ReadFacts = Callable[[str], Reading]


def luhn(digits: str) -> str:
    """`digits` with their check digit."""
    total = sum(
        sum(divmod(int(digit) * (2 if place % 2 == 0 else 1), 10)) for place, digit in enumerate(reversed(digits))
    )
    return f"{digits}{-total % 10}"


def vat_number(siren: str) -> str:
    """The French VAT number that belongs to a SIREN: its key is (12 + 3 × (SIREN mod 97)) mod 97."""
    return f"FR{(12 + 3 * (int(siren) % 97)) % 97:02}{siren}"


# Computed, not copied: nothing says that these belong to anyone.
SIREN = luhn("00000123")
SIRET = luhn(f"{SIREN}0001")
IN_THREES = [SIREN[:3], SIREN[3:6], SIREN[6:]]
OTHER_SIREN = luhn("00000456")
WRONG_SIREN = SIREN[:-1] + str((int(SIREN[-1]) + 1) % 10)
WRONG_SIRET = SIRET[:-1] + str((int(SIRET[-1]) + 1) % 10)


@pytest.fixture
def facts(tmp_path: Path) -> ReadFacts:
    """Read facts written as TOML."""

    def reading(text: str) -> Reading:
        path = tmp_path / "practice.toml"
        path.write_text(text, encoding="utf-8")
        return read_practice(path)

    return reading


def reasons(reading: Reading) -> dict[str, str]:
    return {gap.field: gap.reason for gap in reading.gaps}


# What is refused


@pytest.mark.parametrize(
    "text",
    [
        f'siren = "{SIREN}"',
        f'siren = "{SIREN[:3]} {SIREN[3:6]} {SIREN[6:]}"',
        f'siren = "{SIREN}"\nsiret = "{SIRET}"',
        f'siren = "{SIREN}"\nvat_number = "{vat_number(SIREN)}"',
        'phone = "+33199001234"',
        'phone = "+3225550123"',
        'email = "bonjour@trajectoires.example"',
        'site_url = "https://trajectoires.example"',
        'legal_form = "SASU"',
        'trade_name = "Dupont & Fils"',
        "sells_to_consumers = false",
        "policy_updated_on = 2026-11-24",
        'address.country = "France"',
        'address.country = { en = "France", fr = "France" }',
        'address.street = "BP 12, 1 rue de la Fiction"',
        'retention.notes = { value = 3, unit = "years" }',
        "features.booking_url = false",
        'legal_name = ""',
    ],
)
def test_a_fact_in_its_form_is_accepted(facts: ReadFacts, text: str) -> None:
    assert reasons(facts(text)) == {}


@pytest.mark.parametrize(
    ("text", "field", "kept"),
    [
        *((f'phone = "{typed}"', "phone", "+33199001234") for typed in (
            "01 99 00 12 34", "01.99.00.12.34", "0199001234", "+33 199001234", "+33 (0)1 99 00 12 34", "0033199001234",
        )),
        ('phone = "+32 2 555 12 12"', "phone", "+3225551212"),
        (f'siret = "{SIRET[:3]} {SIRET[3:]}"', "siret", SIRET),
        ('email = " marie@free.fr "', "email", "marie@free.fr"),
        ('email = "marie@email.com"', "email", "marie@email.com"),
        ('email = "o\'brien&co@cabinet.test"', "email", "o'brien&co@cabinet.test"),
        *((f"policy_updated_on = {typed}", "policy_updated_on", datetime.date(2026, 12, 1)) for typed in (
            "2026-12-01", '"2026-12-01"', '"1/12/2026"', '"01.12.2026"', '"1er décembre 2026"', '"1 December 2026"',
        )),
        *((f'sells_to_consumers = "{typed}"', "sells_to_consumers", True) for typed in ("oui", "Vrai", "yes", "True")),
        *((f'sells_to_consumers = "{typed}"', "sells_to_consumers", False) for typed in ("non", "faux", "No")),
        ("sells_to_consumers = True", "sells_to_consumers", True),
        ("sells_to_consumers = oui  # yes", "sells_to_consumers", True),
        ("sells_to_consumers = non", "sells_to_consumers", False),
        ('site_url = "https://trajectoires-élan.test/"', "site_url", "https://xn--trajectoires-lan-nqb.test"),
        ('site_url = "https://Trajectoires.TEST"', "site_url", "https://trajectoires.test"),
    ],
)  # fmt: skip
def test_a_fact_typed_as_people_do_is_kept_in_one_form(facts: ReadFacts, text: str, field: str, kept: object) -> None:
    reading = facts(text)
    assert reasons(reading) == {}
    assert reading.broken is None
    assert getattr(reading.practice, field) == kept


def test_a_postcode_with_a_space_and_one_of_another_country_are_kept(facts: ReadFacts) -> None:
    assert facts('address.postcode = "69 003"').practice.address.postcode == "69003"
    belgian = facts('address = { postcode = "1000", country = "Belgique" }')
    assert reasons(belgian) == {}
    assert belgian.practice.address.postcode == "1000"


@pytest.mark.parametrize(
    ("text", "field", "says"),
    [
        (f'siren = "{WRONG_SIREN}"', "siren", "check digit (Luhn)"),
        (f'siren = "{SIREN[:-1]}"', "siren", "nine digits"),
        (f'siret = "{WRONG_SIRET}"', "siret", "check digit (Luhn)"),
        (f'siret = "{SIREN}"', "siret", "fourteen digits"),
        (f'vat_number = "FR00{SIREN}"', "vat_number", "key"),
        ('phone = "+3319900"', "phone", "not a telephone number"),
        ('phone = "01 99 00"', "phone", "not a telephone number"),
        ('host_phone = "call us"', "host_phone", "not a telephone number"),
        ('phone = "01 99 00 12 34 (mornings)"', "phone", "not a telephone number"),
        ('email = "marie@gmial.com"', "email", "slip for gmail"),
        ('email = "marie@gmal.com"', "email", "slip for gmail"),
        ('email = "marie@hotmaill.fr"', "email", "slip for hotmail"),
        ('email = "hélène@cabinet.test"', "email", "no accents"),
        ('address.postcode = "6903"', "address.postcode", "five figures"),
        ('legal_form = "SASU"\nregistration_kind = "rne"', "registration_kind", "RCS"),
        ("copyright_since = 2201", "copyright_since", "a year from 1950"),
        ("policy_updated_on = 2201-01-01", "policy_updated_on", "2201"),
        ('policy_updated_on = "31/02/2026"', "policy_updated_on", "no such day"),
        ('site_url = "https://marie.test/site"', "site_url", "https://marie.test"),
        ('site_url = "https://marie.test?x=1"', "site_url", "https://marie.test"),
        ('site_url = "https://u:p@marie.test"', "site_url", "no password"),
        ('trade_name = "A\\uE000B"', "trade_name", "U+E000"),
        ('email = "bonjour"', "email", "not an e-mail address"),
        ('email = "a@b c.fr"', "email", "not an e-mail address"),
        ('site_url = "http://trajectoires.test"', "site_url", "https://"),
        ('site_url = "trajectoires.test"', "site_url", "https://"),
        ('legal_form = "Ltd"', "legal_form", "EURL"),
        ('sells_to_consumers = "perhaps"', "sells_to_consumers", "true or false"),
        ('policy_updated_on = "soon"', "policy_updated_on", "date"),
        ('address.street = "BP 123"', "address", "post-office box"),
        ('retention.notes = { value = 0, unit = "years" }', "retention.notes.value", "greater than 0"),
        ('retention.notes = { value = 3, unit = "weeks" }', "retention.notes.unit", "days, months, years"),
        ('quote = { text = { en = "Only English" } }', "quote.text.fr", "required"),
        (
            'coach.credentials = [{ title = { en = "a", fr = "b" }, body = "c" }]',
            "coach.credentials.evidence_url",
            "required",
        ),
        (
            'testimonials = [{ text = { en = "a", fr = "b" }, display_name = "c", date = 2026-01-01 }]',
            "testimonials.consent_on",
            "required",
        ),
        ('emial = "a@b.fr"', "emial", 'Did you mean "email"?'),
        ('address.stret = "1 rue"', "address.stret", 'Did you mean "street"?'),
    ],
)
def test_a_wrong_fact_is_named_with_its_reason(facts: ReadFacts, text: str, field: str, says: str) -> None:
    found = reasons(facts(text))
    assert field in found, found
    assert says in found[field]


@pytest.mark.parametrize(
    "value",
    [
        "TODO",
        "todo: ask",
        "TBD",
        "XXX",
        "xxxx",
        "lorem ipsum",
        "Foo",
        "changeme",
        "????",
        "…",
        "...",
        "[host]",
        "[",
        "à compléter",
        "To be completed",
        "www.example.com",
        "example.org",
        "00 00 00 00 00",
        "123 456 789",
        "123456789",
    ],
)
def test_what_looks_typed_to_fill_a_gap_is_refused(facts: ReadFacts, value: str) -> None:
    assert "looks like a placeholder" in reasons(facts(f'host_name = "{value}"'))["host_name"]


def test_placeholders_are_refused_in_either_language_and_in_tables(facts: ReadFacts) -> None:
    found = reasons(
        facts('vat_exempt_mention = { en = "Exempt", fr = "à compléter" }\n[address]\nstreet = "TODO"\ncity = "Paris"')
    )
    assert set(found) == {"vat_exempt_mention.fr", "address.street"}


@pytest.mark.parametrize("value", ["Todos Santos", "Hôtel Lorémie", "Foot & Co", "10 000 pas", "rue du 8 mai 1945"])
def test_a_real_name_that_resembles_a_placeholder_is_accepted(facts: ReadFacts, value: str) -> None:
    assert reasons(facts(f'host_name = "{value}"')) == {}


@pytest.mark.parametrize(
    ("text", "field", "says"),
    [
        (f'siren = "{OTHER_SIREN}"\nsiret = "{SIRET}"', "siret", "starts with the SIREN"),
        (f'siren = "{OTHER_SIREN}"\nvat_number = "{vat_number(SIREN)}"', "vat_number", "ends with the SIREN"),
        (
            'legal_form = "SAS"\nlegal_name = "Trajectoires"\npublication_director = "Trajectoires"',
            "publication_director",
            "natural person",
        ),
        (
            'trade_name = "Trajectoires"\npublication_director = "Trajectoires"',
            "publication_director",
            "natural person",
        ),
        ("features.contact_form = true", "features.contact_form", "not there"),
        ('coach = { name = "Dominique", anonymous = true }', "coach.name", "keep one of them"),
        ('coach.photo = "portrait.jpg"', "coach.photo_alt", "a portrait needs a text"),
        (
            'sessions.price_incl_tax = { en = "on request", fr = "sur demande" }',
            "sessions.price_incl_tax",
            "in figures",
        ),
        ('sessions.price_excl_tax = { en = "€80", fr = "90 €" }', "sessions.price_excl_tax", "the same in both"),
        ("features.analytics = true", "features.analytics", "not there"),
        ("features.newsletter = true", "features.newsletter", "not there"),
        ('features.booking_url = "https://rendez-vous.test"', "processors", "no processor is named"),
    ],
)
def test_facts_that_cannot_be_true_together_are_told(facts: ReadFacts, text: str, field: str, says: str) -> None:
    assert says in reasons(facts(text)).get(field, "")


def test_a_sole_trader_may_direct_the_publication_under_the_name_of_the_practice_in_law(facts: ReadFacts) -> None:
    assert not facts('legal_form = "EI"\nlegal_name = "Imaginaire"\npublication_director = "Imaginaire"').gaps


def parts(model: type[BaseModel], above: str = "") -> Iterator[str]:
    """The name of every fact, with its tables."""
    for name, field in model.model_fields.items():
        yield f"{above}{name}"
        for kind in (field.annotation, *get_args(field.annotation)):
            if isinstance(kind, type) and issubclass(kind, BaseModel) and kind is not Bilingual:
                yield from parts(kind, f"{above}{name}.")


@pytest.mark.parametrize("field", sorted({*parts(Practice)}))
def test_the_form_that_is_shown_of_a_fact_is_one_that_is_taken(field: str) -> None:
    """Of every fact that has several parts; one that has a single value needs none (#14)."""
    form = form_of(field)
    named = field.partition(".")[0]
    if form:
        text = form.replace(AND, "\n").replace(", …]", "]").replace("https://…", "https://a.example")
        text = text.replace('contact = "…"', 'contact = "a@b.example"').replace("…", "Un")
        assert getattr(Practice.model_validate(tomllib.loads(text)), named)
    else:
        assert field not in {"processors", "address", "coach", "quote", "coach.bio", "retention.notes", "credits"}


@pytest.mark.parametrize(
    ("line", "form"),
    [
        ("address = 'Paris'", '[address] · street = "…" · postcode = "…"'),
        ("vat_exempt_mention = 'TVA'", 'vat_exempt_mention = { en = "…", fr = "…" }'),
        ("data_storage_third_parties = 'OVH'", 'data_storage_third_parties = ["…", …]'),
        ("[retention]\nnotes = 3", '[retention] · notes = { value = 3, unit = "years" }'),
        ("[retention]\nnotes = { value = 3, unit = 'ans' }", '[retention] · notes = { value = 3, unit = "years" }'),
        ("[processors]\nname = 'x'", '[[processors]] · name = "…" · country = { en = "…", fr = "…" }'),
        ("[coach]\nbio = 'x'", '[coach] · bio = { en = "…", fr = "…" }'),
        ("[coach]\ncredentials = 'x'", '[[coach.credentials]] · title = { en = "…", fr = "…" } · body = "…"'),
        ("[coach]\nmemberships = ['x']", '[coach] · memberships = [{ en = "…", fr = "…" }, …]'),
    ],
)
def test_a_fact_of_several_parts_is_told_with_its_form(build: Build, tmp_path: Path, line: str, form: str) -> None:
    build.practice_file = tmp_path / "practice.toml"
    build.practice_file.write_text(line, encoding="utf-8")
    load_facts(SimpleNamespace(settings=build.settings | {"BUILD": build}))
    check_facts([SimpleNamespace(settings=build.settings | {"BUILD": build})])
    wrong = [problem for problem in build.problems if " is wrong" in problem.message]
    assert wrong
    assert all(form in problem.remedy for problem in wrong), wrong


def test_one_wrong_fact_hides_no_other(facts: ReadFacts) -> None:
    reading = facts(f'siren = "{WRONG_SIREN}"\nphone = "no"\nemial = "x"\ntrade_name = "Kept"\naddress.street = "TODO"')
    assert set(reasons(reading)) == {"siren", "phone", "emial", "address.street"}
    assert reading.practice.trade_name == "Kept"


@pytest.mark.parametrize(
    ("text", "line"),
    [
        (b'trade_name = "x"\nphone = 33 199\nemail = ""\n', 2),
        (b'trade_name = "x"\n\n[address\n', 3),
        (b'trade_name = "x"\ntrade_name = "y"\n', 2),
        ('legal_name = "x"\ncity = "Orléans"\n'.encode("latin-1"), None),
    ],
)
def test_a_file_that_cannot_be_read_is_told_with_its_line(tmp_path: Path, text: bytes, line: int | None) -> None:
    path = tmp_path / "practice.toml"
    path.write_bytes(text)
    broken = read_practice(path).broken
    assert broken is not None
    assert broken.file.endswith("practice.toml")
    assert "cannot be read" in broken.message
    assert broken.remedy
    if line:
        assert broken.line == line


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    broken = read_practice(tmp_path / "practice.toml").broken
    assert broken is not None
    assert "practice.toml" in broken.file


# What must be known


def missing(reading: Reading) -> set[str]:
    return {gap.field for gap in gaps_of(reading)} - set(reasons(reading))


@pytest.mark.parametrize(
    ("condition", "needed"),
    [
        ('legal_form = "EI"', {"first_names"}),
        ('legal_form = "micro"', {"first_names"}),
        ('legal_form = "SAS"', {"share_capital"}),
        ('legal_form = "EURL"', {"share_capital"}),
        ('legal_form = "association"', set()),
        ('registration_kind = "rcs"', {"rcs_city"}),
        ('registration_kind = "rne"', set()),
        ('vat_regime = "liable"', {"vat_number"}),
        ('vat_regime = "exempt"', {"vat_exempt_mention"}),
        (
            "sells_to_consumers = true",
            {*("mediator_name", "mediator_address", "mediator_url", "micro_enterprise"), "sessions.price_incl_tax"},
        ),
        ("coach.anonymous = true", {"coach.anonymous_reason"}),
        ("sells_to_consumers = false", set()),
        ('host_country = { en = "United States", fr = "États-Unis" }', {"host_safeguard"}),
        ('host_country = { en = "France", fr = "France" }', set()),
        ('host_country = { en = "The Netherlands", fr = "les Pays-Bas" }', set()),
        ('host_country = { en = "norway", fr = "Norvège" }', set()),
        ('host_country = { en = "Switzerland", fr = "Suisse" }', {"host_safeguard"}),
        ('host_country = { en = "United Kingdom", fr = "Royaume-Uni" }', {"host_safeguard"}),
        ('host_country = { en = "France", fr = "États-Unis" }', {"host_safeguard"}),
    ],
)
def test_some_facts_are_needed_only_under_a_condition(facts: ReadFacts, condition: str, needed: set[str]) -> None:
    conditional = {
        *("first_names", "share_capital", "rcs_city", "vat_number", "vat_exempt_mention"),
        *("mediator_name", "mediator_address", "mediator_url", "micro_enterprise", "host_safeguard"),
        *("sessions.price_incl_tax", "coach.anonymous_reason"),
    }
    assert missing(facts(condition)) & conditional == needed


def test_every_fact_the_law_asks_of_anyone_is_required(facts: ReadFacts) -> None:
    assert missing(facts("")) >= {
        *("legal_name", "legal_form", "phone", "email", "siren", "siret", "registration_kind", "vat_regime"),
        *("address.street", "address.postcode", "address.city", "address.country"),
        *("publication_director", "publication_director_role", "host_name", "host_address", "host_phone", "host_url"),
        "host_country",
        *("sells_to_consumers", "privacy_contact_email", "site_url", "policy_updated_on", "trade_name", "quote"),
        *("retention.prospects", "retention.contracts", "retention.invoices", "retention.host_log", "retention.notes"),
        *("features.contact_form", "features.booking_url", "features.analytics", "features.newsletter"),
    }


def test_an_empty_text_is_as_unknown_as_an_absent_one_and_false_is_an_answer(facts: ReadFacts) -> None:
    reading = facts('legal_name = ""\nsells_to_consumers = false\nfeatures.booking_url = false')
    assert "legal_name" in missing(reading)
    assert not {"sells_to_consumers", "features.booking_url"} & missing(reading)


def test_a_wrong_fact_is_told_as_wrong_and_not_also_as_missing(facts: ReadFacts) -> None:
    fields = [gap.field for gap in gaps_of(facts('phone = "no"'))]
    assert fields.count("phone") == 1


def test_each_requirement_says_why_and_where(root: Path) -> None:
    for need in REQUIREMENTS:
        assert need.why
        assert (root / "content" / "fr" / "pages" / f"{need.page}.md").is_file(), need.field


def test_the_fictitious_facts_are_complete_and_say_what_they_are(fictitious: Path) -> None:
    reading = read_practice(fictitious)
    assert (reading.broken, gaps_of(reading)) == (None, [])
    assert reading.practice.fictitious is True


def test_credentials_that_have_expired_are_not_shown(facts: ReadFacts) -> None:
    words = '{{ title = {{ en = "a", fr = "a" }}, body = "b"'
    entry = words + ', evidence_url = "https://registre.test/{}", valid_until = {} }}'
    reading = facts(f"coach.credentials = [{entry.format(1, '2026-11-23')}, {entry.format(2, '2026-11-24')}]")
    shown = without_expired(reading.practice, datetime.date(2026, 11, 24)).coach.credentials
    assert [item.evidence_url for item in shown or []] == ["https://registre.test/2"]


def test_credentials_that_have_expired_are_none(facts: ReadFacts) -> None:
    entry = (
        '{ title = { en = "a", fr = "a" }, body = "b", evidence_url = "https://r.test/1", valid_until = 2026-11-23 }'
    )
    reading = facts(f"coach.credentials = [{entry}]")
    assert "coach.credentials" not in missing(reading)
    reading.practice = without_expired(reading.practice, datetime.date(2026, 11, 24))
    assert "coach.credentials" in missing(reading)


def test_what_can_be_counted_on_is_what_is_known(read: Callable[..., Source], build: Build, facts: ReadFacts) -> None:
    """A page or a section of a document prints the rows too."""
    body = "{% for row in in_practice %}\n- {{ row.label }}: {{ row.value }}\n{% endfor %}\n\nEnd."
    given = facts(
        "coach.remote = false\n"
        'sessions.number = { en = "six", fr = "six" }\nsessions.price_incl_tax = { en = "€90", fr = "90 €" }'
    )
    build.facts = Facts(given.practice)
    rows = [item.get_text() for item in BeautifulSoup(read(body).html, "html.parser").select("li")]
    assert rows == ["Price, tax included: €90", "Number of sessions: six", "At a distance: no"]


# How they are shown


@pytest.mark.parametrize(
    ("lang", "text"), [("en", "[to be completed: host_phone]"), ("fr", f"[à compléter{NBSP}: host_phone]")]
)
def test_an_unknown_fact_is_a_visible_mark_in_the_language_of_the_page(
    read: Callable[..., Source], build: Build, facts: ReadFacts, lang: str, text: str
) -> None:
    build.facts = Facts(facts("").practice)
    body = (
        "{{ host_phone }} {{ host_phone | tel_link }}"
        "{% if host_phone is known %}never{% endif %}{% if host_phone %}never{% endif %}"
    )
    soup = BeautifulSoup(read(body, lang=lang).html, "html.parser")
    assert [mark.get_text() for mark in soup.select("mark.missing")] == [text] * 2
    assert "never" not in soup.get_text()


def test_an_unknown_fact_of_a_table_is_named_with_its_table(
    read: Callable[..., Source], build: Build, facts: ReadFacts
) -> None:
    build.facts = Facts(facts("").practice)
    html = read("{{ address.street }} {{ retention.notes | duration }} {{ address_line }}").html
    assert html.count("[to be completed: address.street]") == 2
    assert "[to be completed: retention.notes]" in html


def test_a_wrong_fact_is_a_mark_and_is_never_printed(
    read: Callable[..., Source], build: Build, facts: ReadFacts
) -> None:
    reading = facts('phone = "+33 wrong"\naddress.city = "TODO"\naddress.street = "1 rue de la Fiction"')
    build.facts = Facts(reading.practice, wrong=frozenset(reasons(reading)))
    html = read("{{ phone }} {{ address.city }} {{ address.street }}").html
    assert "wrong" not in html
    assert "TODO" not in html
    assert html.count("<mark") == 2
    assert "1 rue de la Fiction" in html


@pytest.mark.parametrize(
    ("expression", "en", "fr"),
    [
        ("'+33199001234' | tel_link", '<a href="tel:+33199001234">01_99_00_12_34</a>', None),
        ("'+447700900123' | tel_link", '<a href="tel:+447700900123">+44_7700_900123</a>', None),
        ("'a@b.example' | mail_link", '<a href="mailto:a@b.example">a@b.example</a>', None),
        ("'https://a.example/b' | web_link", '<a href="https://a.example/b">a.example/b</a>', None),
        ("retention.prospects | duration", "3_years", "3_ans"),
        ("retention.notes | duration", "1_year", "1_an"),
        ("retention.host_log | duration", "12_months", "12_mois"),
        ("policy_updated_on | date", "24 November 2026", "24_novembre 2026"),
        (f"'{SIREN}' | siren", "_".join(IN_THREES), "~".join(IN_THREES)),
        (f"'{SIRET}' | siret", "_".join([*IN_THREES, SIRET[9:]]), "~".join([*IN_THREES, SIRET[9:]])),
        ("1200 | money", "€1,200", "1~200_€"),
        ("sessions.rhythm | agreed", "agreed together", "convenu ensemble"),
        ("vat_exempt_mention", "VAT not applicable (fictitious wording)", "TVA non applicable (mention fictive)"),
        ("practice_name", "Dominique Imaginaire EI", None),
        ("address_line", "1 rue de la Fiction, 75000 Ville-Imaginaire", None),
        ("build_year", str(datetime.datetime.now(datetime.UTC).year), None),
    ],
)
def test_facts_are_written_as_each_language_writes_them(
    read: Callable[..., Source], expression: str, en: str, fr: str | None
) -> None:
    for lang, expected in (("en", en), ("fr", fr or en)):
        html = read("{{ " + expression + " }}", lang=lang).html
        assert html.replace(NBSP, "_").replace(NNBSP, "~") == f"<p>{expected}</p>"


def test_a_fact_never_becomes_markup(read: Callable[..., Source], build: Build, facts: ReadFacts) -> None:
    build.facts = Facts(facts('trade_name = "A <b>& B</b> {{ email }}"').practice)
    assert read("{{ trade_name }}").html == "<p>A &lt;b&gt;&amp; B&lt;/b&gt; {{ email }}</p>"


def test_a_name_that_does_not_exist_raises_with_the_nearest_one(facts: ReadFacts) -> None:
    shown = Facts(facts("").practice)
    with pytest.raises(AttributeError, match=r'no fact "fone".*Did you mean "phone"'):
        _ = shown.fone
    with pytest.raises(AttributeError, match=r'no fact "address.stret".*Did you mean "street"'):
        _ = shown.address.stret


def test_an_unknown_fact_is_false_and_cannot_be_mistaken_for_text() -> None:
    assert not Missing("phone")
    assert json.dumps(str(Missing("phone").mark("en")))  # only its mark can be printed


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ('legal_form = "EI"\nlegal_name = "Imaginaire"\nfirst_names = "Dominique"', "Dominique Imaginaire EI"),
        ('legal_form = "micro"\nlegal_name = "Imaginaire"\nfirst_names = "Dominique"', "Dominique Imaginaire EI"),
        ('legal_form = "SAS"\nlegal_name = "Trajectoires"', "Trajectoires"),
        ('trade_name = "Human Trajectory Makers"', "Human Trajectory Makers"),
    ],
)
def test_the_practice_signs_with_its_name_in_law(facts: ReadFacts, text: str, name: str) -> None:
    assert Facts(facts(text).practice).derived()["practice_name"] == name
