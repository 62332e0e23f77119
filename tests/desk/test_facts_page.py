"""The facts' page as its owner uses it: without a script here, which sends the same forms."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlencode

import pytest
from bs4 import BeautifulSoup, Tag
from starlette.applications import Starlette

from plugins.practice.form import fields
from plugins.practice.model import Practice
from plugins.practice.reading import KNOWN, read_practice
from plugins.problems import Message
from tests.desk.asking import ask
from tests.desk.test_facts_form import FILES, at, plain, sample
from tools.desk.desk import Desk
from tools.desk.facts import facts as facts_module
from tools.desk.facts.fact_fields import checked, shown
from tools.desk.facts.facts import ROUTES
from tools.desk.facts.presets import presets
from tools.desk.history.saving import Changed, digest
from tools.desk.keys import Keys
from tools.preview.state import State

Typed = dict[str, str]


class Owner:
    """Who has the page before them. `file` is that of the facts; `said`, what the history is told."""

    def __init__(self, folder: Path, lang: str = "en") -> None:
        self.file = folder / "content" / "data" / "practice.toml"
        self.file.parent.mkdir(parents=True)
        self.file.write_text(FILES["content/data/practice.toml"], encoding="utf-8")
        self.app = Starlette(routes=ROUTES)
        preview: Any = SimpleNamespace(build=None, state=State(), addresses=[])
        self.app.state.desk, self.app.state.keys = Desk(preview, folder), Keys(folder / ".cache")
        self.lang, self.status = lang, 0
        self.said: list[Message] = []
        self._text = ""
        self._page: BeautifulSoup | None = None
        self.look()

    def save(self, desk: Desk, changes: dict[Path, bytes], seen: dict[Path, str], what: Message) -> None:
        if seen[self.file] != digest(self.file.read_bytes()):
            raise Changed(self.file, self.file.read_bytes())
        self.file.write_bytes(changes[self.file])
        self.said.append(what)

    def ask(self, method: str, body: str = "") -> tuple[int, str, str]:
        """Status, address of a redirection, and body."""
        got = ask(self.app, "/.preview/facts", body.encode() if method == "POST" else None, lang=self.lang)
        return got.status, got.headers.get("location", ""), got.text

    def look(self) -> None:
        self.status, _, text = self.ask("GET")
        self._text, self._page = text, None

    def type(self, group: str, typed: Typed, **button: str) -> None:
        """Fill in a group of the page that is there, and press its button."""
        values = self.values(group) | typed | button
        self.send(group, values)

    def send(self, group: str, values: Typed) -> None:
        """What a browser does with a form that is sent."""
        self.status, place, text = self.ask("POST", urlencode({name: value for name, value in values.items() if value}))
        if self.status == 303:
            assert place.endswith(f"#{group}")
            text = self.ask("GET")[2]
        self._text, self._page = text, None

    def values(self, group: str) -> Typed:
        """What a browser would send of the page as it is, by the button of a group."""
        found: Typed = {}
        form = self.page.find("form", id="facts")
        assert isinstance(form, Tag)
        for control in form.find_all(["input", "select", "textarea"]):
            if not control.has_attr("name"):  # is not sent
                continue
            if control.get("type") in ("radio", "checkbox") and not control.has_attr("checked"):
                continue
            value = control.text if control.name == "textarea" else control.get("value", "")
            if control.name == "select":
                options = control.find_all("option")
                value = next((option for option in options if option.has_attr("selected")), options[0])["value"]
            found[str(control["name"])] = str(value)
        return found | {"group": group}

    @property
    def page(self) -> BeautifulSoup:
        """What is shown; parsed where a test asks, which takes longer than making it."""
        self._page = self._page or BeautifulSoup(self._text, "lxml")
        return self._page

    def field(self, path: str) -> Tag:
        found = self.page.find(id=path)
        assert isinstance(found, Tag)
        return found

    def shows(self, name: str) -> str:
        """What stands in an input."""
        found = self.page.find(True, attrs={"name": name})
        assert isinstance(found, Tag)
        return found.text if found.name == "textarea" else str(found["value"])

    @property
    def text(self) -> str:
        return self.file.read_text(encoding="utf-8")


@pytest.fixture
def owner(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Owner:
    someone = Owner(tmp_path)
    monkeypatch.setattr(facts_module, "save", someone.save)
    return someone


def words_of(tag: Any) -> str:
    return " ".join(tag.get_text(" ").split())


def inputs(name: str, raw: Any) -> Iterator[tuple[str, str]]:
    """What is typed for a fact, by the names of its inputs."""
    if isinstance(raw, str):
        yield (f"{name}.none", "yes") if raw == "no" and name.endswith("booking_url") else (name, raw)
    else:
        for part, value in raw.items():
            yield from inputs(f"{name}.{part}", value)


def test_every_fact_has_its_place_and_no_name_of_the_file_is_shown(owner: Owner) -> None:
    assert all(owner.field(path) for path in fields())
    told = words_of(owner.page)
    assert [name for name in KNOWN if "_" in name and name in told] == []
    assert f"{owner.page.find('progress')['value']} of the" in told  # type: ignore[index]
    assert "Next: Who you are in law" in told


def test_every_fact_can_be_given_through_the_form_and_is_read_back(owner: Owner) -> None:
    owner.lang = "fr"
    owner.look()
    values = owner.values("who")
    for path, field in fields().items():
        values.update(inputs(path, shown(field, plain(sample(field, "Marie & Cie")), "fr")))
    owner.send("who", values)
    assert owner.status == 303, words_of(owner.page)
    said = read_practice(owner.file).practice.model_dump(exclude_none=True)
    for path, field in fields().items():
        assert at(said, path) == plain(sample(field, "Marie & Cie")), path


def test_what_does_not_apply_is_not_shown(owner: Owner) -> None:
    asked = ["first_names", "share_capital", "mediator_name", "coach.anonymous_reason"]
    assert all(owner.field(path).has_attr("hidden") for path in asked)
    owner.type("who", {"legal_form": "SASU"})
    assert [path for path in asked if not owner.field(path).has_attr("hidden")] == ["share_capital"]
    owner.type("who", {"legal_form": "EI"})
    owner.type("clients", {"sells_to_consumers": "yes"})
    assert [path for path in asked if not owner.field(path).has_attr("hidden")] == ["first_names", "mediator_name"]


def test_what_is_typed_is_shown_as_it_was_understood(owner: Owner) -> None:
    owner.type("reach", {"phone": "0033 199001234"})
    assert owner.shows("phone") == "01 99 00 12 34"
    assert 'phone = "+33199001234"   ' in owner.text
    assert "# as you dial it in France" in owner.text
    owner.type("data", {"policy_updated_on": "1/12/2026", "retention.notes.value": "3"})
    assert owner.shows("policy_updated_on") == "1 December 2026"
    assert "policy_updated_on = 2026-12-01\n" in owner.text
    assert 'notes = { value = 3, unit = "years" }' in owner.text
    assert owner.field("retention.notes")["data-state"] == "known"
    assert owner.said[-1] == "Changed: How long you keep your notes of sessions, Day of the last change to the policies"


def test_nothing_changed_is_nothing_saved(owner: Owner) -> None:
    before = owner.text
    owner.type("who", {})
    assert owner.status == 303
    assert (owner.text, owner.said) == (before, [])


def test_a_wrong_one_keeps_what_was_typed_and_the_others_are_saved(owner: Owner) -> None:
    owner.type("reach", {"phone": "01 99 00 12 34", "email": "marie@gmial.com"})
    assert owner.status == 422
    assert owner.shows("email") == "marie@gmial.com"
    assert "To mend: “gmial.com” looks like a slip for gmail." in words_of(owner.field("email"))
    assert "gmial" not in owner.text
    assert "+33199001234" in owner.text
    owner.type("reach", {"email": "marie@gmail.com"})
    assert owner.status == 303
    assert 'email = "marie@gmail.com"' in owner.text


def test_the_same_in_other_words_is_no_contradiction(owner: Owner) -> None:
    """As when a browser sends again what it has not heard yet that it was saved."""
    values = owner.values("reach") | {"phone": "0199001234"}
    owner.send("reach", values)
    owner.send("reach", values)
    assert owner.status == 303
    assert len(owner.said) == 1


def test_both_languages_or_none(owner: Owner) -> None:
    owner.type("coach", {"coach.bio.en": "A coach"})
    assert "To mend: write it in both languages." in words_of(owner.field("coach.bio"))
    assert owner.shows("coach.bio.en") == "A coach"
    owner.type("coach", {"coach.bio.fr": "Un coach"})
    assert 'bio = { en = "A coach", fr = "Un coach" }\n' in owner.text
    owner.type("coach", {"coach.bio.en": "", "coach.bio.fr": ""})
    assert owner.text == FILES["content/data/practice.toml"]


def test_facts_that_cannot_be_true_together_say_so(owner: Owner) -> None:
    owner.type("who", {"siren": "000 000 000", "siret": "73282932000074"})
    assert "starts with the SIREN" in words_of(owner.field("siret"))
    assert owner.field("siret")["data-state"] == "wrong"


def test_what_is_wrong_with_a_table_stands_with_its_first_fact(owner: Owner) -> None:
    owner.type("who", {"address.street": "BP 12", "address.city": "Lyon"})
    assert "a post-office box alone is not an address" in words_of(owner.field("address.street"))
    assert 'city = "Lyon"' in owner.text
    owner.file.write_text(owner.text.replace('street = ""', 'street = "BP 12"', 1), encoding="utf-8")
    owner.look()
    assert "a post-office box alone is not an address" in words_of(owner.field("address.street"))
    assert owner.field("address.city")["data-state"] != "missing"


def test_what_was_changed_elsewhere_meanwhile_stays(owner: Owner) -> None:
    owner.file.write_text(owner.text.replace('phone = ""', 'phone = "+33199005678"', 1), encoding="utf-8")
    owner.type("reach", {"email": "marie@cabinet.test"})
    assert owner.status == 303
    assert 'phone = "+33199005678"' in owner.text
    assert 'email = "marie@cabinet.test"' in owner.text


@pytest.mark.parametrize(("button", "kept"), [("keep", "01 99 00 12 34"), ("take", "01 99 00 56 78")])
def test_a_fact_changed_here_and_elsewhere_is_shown_as_two_values(owner: Owner, button: str, kept: str) -> None:
    owner.file.write_text(owner.text.replace('phone = ""', 'phone = "+33199005678"', 1), encoding="utf-8")
    owner.type("reach", {"phone": "01 99 00 12 34"})
    for _ in range(2):  # and nothing else decides it
        assert owner.status == 422
        assert owner.shows("phone") == "01 99 00 12 34"
        assert "changed elsewhere too, to: “01 99 00 56 78”" in words_of(owner.field("phone"))
        assert 'phone = "+33199005678"' in owner.text
        owner.type("reach", {})
    owner.type("reach", {}, **{button: "phone"})
    assert owner.status == 303
    assert owner.shows("phone") == kept


def test_another_who_writes_at_the_same_moment_loses_nothing(owner: Owner, monkeypatch: pytest.MonkeyPatch) -> None:
    def first(*args: Any) -> None:
        monkeypatch.setattr(facts_module, "save", owner.save)
        owner.file.write_text(owner.text.replace('dpo = ""', 'dpo = "Elm"'), encoding="utf-8")
        owner.save(*args)

    monkeypatch.setattr(facts_module, "save", first)
    owner.type("reach", {"phone": "01 99 00 12 34"})
    assert 'dpo = "Elm"' in owner.text
    assert "+33199001234" in owner.text


def test_rows_are_added_and_taken_out(owner: Owner) -> None:
    row = {
        "text.en": "Good",
        "text.fr": "Bien",
        "display_name": "M. B.",
        "date": "24/11/2026",
        "consent_on": "24/11/2026",
    }
    owner.type("voices", {f"testimonials.0.{name}": value for name, value in row.items()})
    assert "To mend: this is needed too." in words_of(owner.field("testimonials"))
    assert owner.shows("testimonials.0.display_name") == "M. B."
    scope = {"consent_scope.en": "the site", "consent_scope.fr": "le site"}
    owner.type("voices", {f"testimonials.0.{name}": value for name, value in scope.items()})
    owner.type("voices", {f"testimonials.1.{name}": value for name, value in {**row, **scope}.items()})
    owner.type("voices", {"testimonials.1.display_name": "C. D."})
    known = read_practice(owner.file).practice.testimonials
    assert [one.display_name for one in known] == ["M. B.", "C. D."]
    assert known[0].date == datetime.date(2026, 11, 24)
    owner.type("voices", {}, remove="testimonials.0")
    owner.type("voices", {}, remove="testimonials.0")
    assert owner.text == FILES["content/data/practice.toml"]


def test_no_booking_service_and_one(owner: Owner) -> None:
    owner.type("processing", {"features.booking_url": "https://calendly.com/marie"})
    assert 'booking_url = "https://calendly.com/marie"' in owner.text
    owner.type("processing", {"features.booking_url.none": "yes"})
    assert owner.text == FILES["content/data/practice.toml"]


def test_a_known_host_fills_its_fields_and_says_where_that_is_from(owner: Owner) -> None:
    owner.type("host", {"host_phone": "01 99 00 12 34"}, preset="hosts.5")
    assert owner.status == 303
    assert owner.shows("host_name") == "Infomaniak Network SA"
    assert owner.shows("host_country.fr") == "Suisse"
    assert not owner.field("host_safeguard").has_attr("hidden")
    told = words_of(owner.page.find(id="host"))
    assert "seen on 29 November 2026" in told
    assert "Not the company’s own page: compare it with your contract." in told


def test_a_known_service_becomes_a_row_once(owner: Owner) -> None:
    for _ in range(2):
        owner.type("processing", {}, preset="booking.0")
    assert [one.name for one in read_practice(owner.file).practice.processors] == ["Calendly LLC"]
    owner.type("tax", {}, preset="vat_exempt.0")
    assert owner.shows("vat_exempt_mention.fr") == "TVA non applicable, article 293 B du CGI"


def test_what_is_offered_is_good(owner: Owner) -> None:
    for kind, offers in presets().items():
        for preset in offers:
            assert preset["source"].startswith("http")
            assert isinstance(preset["seen"], datetime.date)
            named = {f"host_{name}": value for name, value in preset.items() if f"host_{name}" in Practice.model_fields}
            for path, value in named.items() if kind == "hosts" else []:
                assert not checked(fields()[path], shown(fields()[path], value, "en"))[1], (preset["name"], path)
            until = preset.get("until", datetime.date.max)
            assert until > datetime.date(2026, 11, 29)


def test_a_file_that_cannot_be_read_is_told_with_its_line_and_left_alone(owner: Owner) -> None:
    typed = owner.values("reach") | {"phone": "01 99 00 12 34"}
    owner.file.write_text(owner.text.replace('email = ""', 'email = "marie@'), encoding="utf-8")
    before = owner.text
    line = before.split("\n").index('email = "marie@') + 1
    for method, body in (("GET", ""), ("POST", urlencode(typed))):
        status, _, text = owner.ask(method, body)
        page = BeautifulSoup(text, "lxml")
        assert status == 409
        assert f"Line {line}: this file cannot be read: a quotation mark is not closed" in words_of(page)
        assert page.main is not None
        assert page.main.find("a", href="/.preview/history")
    assert owner.text == before


def test_a_disk_that_refuses_loses_nothing_typed(owner: Owner, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*args: Any) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(facts_module, "save", refuse)
    owner.type("reach", {"phone": "01 99 00 12 34"})
    assert owner.status == 422
    assert "the disk of this machine is full" in words_of(owner.page)
    assert owner.shows("phone") == "01 99 00 12 34"


def test_a_value_that_is_wrong_in_the_file_is_shown_with_why(owner: Owner) -> None:
    text = owner.text.replace('siren = ""', 'siren = "12 34"').replace("[ip]", '[ip]\nnonsense = "x"')
    owner.file.write_text(text, encoding="utf-8")
    owner.look()
    assert owner.shows("siren") == "12 34"
    assert "nine digits" in words_of(owner.field("siren"))
    assert "something that this form does not know" in words_of(owner.page)
    owner.type("who", {"siren": "000000000"})
    assert 'siren = "000000000"' in owner.text


def test_each_field_is_named_and_its_words_belong_to_it(owner: Owner) -> None:
    ids = [str(tag["id"]) for tag in owner.page.find_all(id=True)]
    assert len(ids) == len(set(ids))
    labels = {str(tag["for"]) for tag in owner.page.find_all("label", attrs={"for": True})}
    for control in owner.page.find_all(["input", "select", "textarea"]):
        if control.get("type") != "hidden":
            named = control.get("id") in labels or control.get("aria-label") or control.find_parent("label")
            assert named, control
        for described in str(control.get("aria-describedby", "")).split():
            assert described in ids
    for text in owner.page.select("main [lang]"):
        assert str(text["name"]).endswith(f".{text['lang']}")
