"""The facts as a form: each fact of the model has its words, and what is changed touches nothing else in the file."""

from __future__ import annotations

import datetime
import difflib
import tomllib
from pathlib import Path
from typing import Any, get_args

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from plugins.practice.editing import with_fact
from plugins.practice.form import OPTIONS, WORDS, Field, Kind, asked_as, fields, fields_of, label_of
from plugins.practice.model import Practice
from plugins.practice.reading import read_practice
from plugins.practice.requirements import REQUIREMENTS

ROOT = Path(__file__).resolve().parents[2]
FILES = {
    name: (ROOT / name).read_text(encoding="utf-8")
    for name in ("content/data/practice.toml", "tests/fixtures/practice.toml")
}
ODD = 'It’s “so”: "é" = [1] # \\ {x}'


def every_path(found: Any) -> set[str]:
    return {path for field in found for path in {field.path, *every_path(field.parts)}}


def sample(field: Field, words: str = ODD) -> Any:
    """A value of the kind of `field`, as the file would have it; a list with an item more than any file here has."""
    known: dict[str, Any] = {
        "siren": "000000000",
        "siret": "00000000000000",
        "vat_number": "FR12000000000",
        "postcode": "75000",
    }
    match field.kind:
        case "list":
            return {place: sample(field.parts[0], words) for place in range(2)}
        case "row":
            return {part.name: sample(part, words) for part in field.parts}
        case "pair":
            return {"en": words, "fr": words[::-1]}
        case "duration":
            return {"value": 18, "unit": "months"}
        case "day":
            return datetime.date(2026, 11, 24)
        case "choice":
            return field.options[-1]
        case "yes_no":
            return True
        case "year":
            return 2020
    if field.kind == "address_or_none" or field.name.endswith("_url"):
        return "https://trajectoires.test"
    if "email" in field.name or field.name == "contact":
        return "marie@cabinet.test"
    return "+33199001234" if "phone" in field.name else known.get(field.name, words)


def plain(value: Any) -> Any:
    """What the file says of a list that is given by its places."""
    return list(value.values()) if isinstance(value, dict) and all(isinstance(key, int) for key in value) else value


def at(values: Any, path: str) -> Any:
    for name in path.split("."):
        values = values.get(name, {}) if isinstance(values, dict) else getattr(values, name)
    return values


def test_each_fact_of_the_model_has_its_words() -> None:
    assert every_path(fields_of(Practice)) == set(WORDS)
    assert {option for field in fields().values() for option in field.options} <= set(OPTIONS)
    assert {need.field for need in REQUIREMENTS} <= set(WORDS)
    assert {field.kind for field in fields().values()} == set(get_args(Kind))


@pytest.mark.parametrize(
    ("field", "label", "place"),
    [
        ("host_phone", "Telephone of the host", "host_phone"),
        ("coach.bio.en", "What the coach has done", "coach.bio"),
        ("testimonials.2.date", "Day on which they said it", "testimonials"),
        ("testimonials.consent_on", "Day on which they agreed", "testimonials"),
        ("address", "Who you are in law", "address.street"),
        ("nonsense", "nonsense", ""),
    ],
)
def test_people_call_a_fact_by_its_label_and_find_its_place(field: str, label: str, place: str) -> None:
    assert (label_of(field), asked_as(field)) == (label, place)


@pytest.mark.parametrize("name", FILES)
def test_each_fact_is_set_and_emptied_and_the_rest_stays(name: str) -> None:
    """Lines of other facts and every comment are there, in their order; one with an example leaves no trace."""
    before = FILES[name]
    examples = 0
    for path in fields() if "content" in name else ["coach.credentials"]:
        field = fields()[path]
        given = with_fact(before, path, sample(field))
        assert at(tomllib.loads(given), path) == plain(sample(field)), path
        emptied = with_fact(given, path, {} if field.kind == "list" else None)
        assert at(tomllib.loads(emptied), path) in ("", [], {}), path
        for after in (given, emptied):
            changes = [*difflib.unified_diff(before.split("\n"), after.split("\n"), lineterm="", n=0)][2:]
            assert sum(line.startswith("@@") for line in changes) <= 1 + (field.kind == "list"), path
            assert not [line for line in changes if line.startswith("-#")], path
            lost = [line for line in changes if line.startswith("-") and line != "-"]
            assert len(lost) <= (5 if field.parts else 1), path
        if f"# {field.name} = " in before or f"# [[{field.name}]]" in before:
            assert emptied == before, path
            examples += 1
    assert examples > 25 or "content" not in name


@given(words=st.text(min_size=1), name=st.sampled_from(["legal_name", "coach.memberships"]))
@example(words='"""', name="legal_name")
@example(words="\r\n", name="coach.bio")
@settings(max_examples=12)
def test_whatever_is_typed_comes_back(words: str, name: str) -> None:
    value = sample(fields()[name], words)
    text = with_fact(FILES["content/data/practice.toml"], name, value)
    assert at(tomllib.loads(text), name) == plain(value)


def test_each_fact_is_read_back_as_meant(tmp_path: Path) -> None:
    file = tmp_path / "practice.toml"
    text = FILES["content/data/practice.toml"]
    for path, field in fields().items():
        text = with_fact(text, path, sample(field, "Marie & Cie"))
    file.write_text(text, encoding="utf-8")
    reading = read_practice(file)
    contradictions = {gap.field for gap in reading.gaps}
    assert contradictions <= {
        "vat_number",
        "coach.name",
        "publication_director",
        "sessions.price_excl_tax",
        "sessions.price_incl_tax",
        "features.contact_form",
        "features.analytics",
        "features.newsletter",
        "registration_kind",
    }
    said = reading.practice.model_dump(exclude_none=True)
    for path, field in fields().items():
        assert at(said, path) == plain(sample(field, "Marie & Cie")), path


@pytest.mark.parametrize(
    ("text", "field", "value", "expected"),
    [
        ("", "legal_name", "Elm", 'legal_name = "Elm"\n'),
        ("", "address.city", "Lyon", '[address]\ncity = "Lyon"\n'),
        ("address = { city = 'Lyon' }", "address.city", "Arles", 'address = { city = "Arles" }'),
        ('address.city = "A"\n', "address.street", "B", 'address.city = "A"\naddress.street = "B"\n'),
        ("sells_to_consumers = oui  # yes\n", "dpo", "Elm", 'sells_to_consumers = true  # yes\ndpo = "Elm"\n'),
        ('a = """\nb = 1\n"""\r\n', "dpo", "Elm", None),
        ('dpo = ""\r\n# end\r\n', "dpo", "Elm", 'dpo = "Elm"\r\n# end\r\n'),
        ('bio = ["a",\n  "b"]\n[ip]\n', "dpo", "Elm", 'bio = ["a",\n  "b"]\ndpo = "Elm"\n[ip]\n'),
        ("[ip]", "dpo", "Elm", 'dpo = "Elm"\n[ip]'),
        ("# about\n\n[ip]\n# ours\n", "quote", {"text": {"en": "a", "fr": "b"}},
         '# about\n\n[ip]\n# ours\n\n[quote]\ntext = { en = "a", fr = "b" }\n'),
    ],
)  # fmt: skip
def test_a_file_written_otherwise_is_changed_where_it_can_be(
    text: str, field: str, value: Any, expected: str | None
) -> None:
    changed = with_fact(text, field, value)
    assert at(tomllib.loads(changed), field) == value
    assert expected is None or changed == expected


@pytest.mark.parametrize(
    ("text", "field"), [('address = "x"', "address.city"), ("[[coach]]", "coach.name"), ("[dpo]\nx = 1", "dpo")]
)
def test_what_a_form_cannot_change_it_leaves(text: str, field: str) -> None:
    with pytest.raises(ValueError, match="a form cannot change"):
        with_fact(text, field, "Elm")


def test_a_row_among_others_is_changed_and_taken_out_alone() -> None:
    text = FILES["content/data/practice.toml"]
    rows = {place: {"name": f"Service {place}", "country": {"en": "France", "fr": "France"}} for place in range(3)}
    three = with_fact(text, "processors", rows)
    commented = three.replace('name = "Service 1"', '# since May\nname = "Service 1"  # ours')
    changed = with_fact(commented, "processors", {0: rows[0], 1: {**rows[1], "name": "Service B"}, 2: rows[2]})
    assert changed == commented.replace("Service 1", "Service B")
    first = with_fact(changed, "processors", {1: {**rows[1], "name": "Service B"}, 2: rows[2]})
    assert first == changed.replace(
        '[[processors]]\nname = "Service 0"\ncountry = { en = "France", fr = "France" }\n\n', "", 1
    )
