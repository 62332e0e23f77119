"""A page's settings as its owner changes them: only what was changed is written, and what is wrong is told in words."""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.applications import Starlette

from plugins.frontmatter import KINDS, parse
from plugins.frontmatter_edit import values_of, with_values
from plugins.frontmatter_form import NOT_ASKED, WORDS, settings_of, wrong
from plugins.problems import ROOT
from plugins.problems.unreadable import unshowable
from tests.desk.asking import Answer, ask
from tools.desk.desk import Desk
from tools.desk.keys import Keys
from tools.desk.pages import settings as page_settings
from tools.preview import Preview

NAME = "Human Trajectory Makers"


def place(answer: Answer) -> str:
    """Where an answer leads, without what the page there is told."""
    return answer.headers["location"].partition("#")[0]


Fields = dict[str, list[str]]


@dataclass
class Owner:
    """Who fills in the forms of a site's copy."""

    desk: Desk
    app: Starlette
    forms: dict[tuple[str, bytes], Fields] = field(default_factory=dict)

    def ask(self, name: str, fields: Fields | None = None, path: str = "settings", lang: str = "en") -> Answer:
        """Open the form of a page, or send it."""
        body = None if fields is None else urlencode(fields, doseq=True).encode()
        return ask(self.app, f"/.preview/{path}?page={name}", body, lang=lang)

    def form(self, name: str) -> Fields:
        """What a browser would send of the form as it is shown."""
        data = self.file(name).read_bytes() + (self.desk.content / "data" / "navigation.toml").read_bytes()
        if (name, data) not in self.forms:
            self.forms[name, data] = fields_of(self.ask(name))
        return dict(self.forms[name, data])

    def save(
        self,
        name: str,
        changed: dict[str, str | list[str] | None],
        form: Fields | None = None,
        path: str = "settings",
    ) -> Answer:
        """Change some fields of the form (None: untick), and send it."""
        fields: Fields = dict(form or self.form(name))
        for key, value in changed.items():
            fields[key] = [] if value is None else [value] if isinstance(value, str) else value
        return self.ask(name, fields, path)

    def file(self, name: str) -> Path:
        return self.desk.content / f"{name}.md"

    def edit(self, name: str, old: str, new: str) -> None:
        """Another program changes the file."""
        text = self.file(name).read_text(encoding="utf-8")
        assert old in text
        self.file(name).write_text(text.replace(old, new, 1), encoding="utf-8")


def fields_of(answer: Answer) -> Fields:
    fields: Fields = {}
    form = answer.page.find("form")
    assert form is not None, answer.text
    for one in form.find_all(["input", "textarea", "select"]):
        values = [str(one.get("value", ""))]
        if one.name == "textarea":
            values = [one.text]
        elif one.name == "select":
            values = [str(option["value"]) for option in one.find_all("option") if option.has_attr("selected")][:1] or [
                ""
            ]
        elif one.get("type") in ("checkbox", "radio") and not one.has_attr("checked"):
            continue
        fields.setdefault(str(one["name"]), []).extend(values)
    return fields


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Owner:
    root = tmp_path_factory.mktemp("settings")
    (root / "theme" / "documents").mkdir(parents=True)
    for design in (ROOT / "theme" / "documents").glob("*.typ"):
        shutil.copyfile(design, root / "theme" / "documents" / design.name)
    preview = Preview(root / "builds")
    preview.build = SimpleNamespace(  # type: ignore[assignment]
        facts=SimpleNamespace(trade_name=NAME),
        address="https://practice.test",
        gaps=[],
        site=SimpleNamespace(contents=[], drafts={}),
    )
    app = Starlette(routes=page_settings.ROUTES)
    app.state.desk, app.state.preview = Desk(preview, root), preview
    app.state.keys = Keys(root / ".cache" / "desk")
    return Owner(app.state.desk, app)


@pytest.fixture
def owner(site: Owner) -> Owner:
    for name in [*EVERY, "data/navigation"]:
        file = next((ROOT / "content").glob(f"{name}.*"))
        there = site.desk.content / file.relative_to(ROOT / "content")
        if not there.exists() or there.read_bytes() != file.read_bytes():
            there.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(file, there)
    return site


FAQ = "en/pages/faq"
EVERY = sorted(
    file.relative_to(ROOT / "content").with_suffix("").as_posix() for file in (ROOT / "content").glob("??/*/*.md")
)


def changed_lines(owner: Owner, name: str) -> list[str]:
    """The lines of a file that differ from the project's, as `- old` and `+ new`."""
    then = (ROOT / "content" / f"{name}.md").read_text(encoding="utf-8").splitlines()
    now = owner.file(name).read_text(encoding="utf-8").splitlines()
    return [f"- {line}" for line in then if line not in now] + [f"+ {line}" for line in now if line not in then]


RETITLED = ["- title: Frequently asked questions", "- modified: 2026-11-24", "+ title: FAQ"]
STEP = "action: {page: first-session, text: Prepare my first session}"


@pytest.mark.parametrize("kind", KINDS)
def test_every_key_of_the_model_is_asked_for_in_words_or_nobody_types_it(kind: str) -> None:
    assert set(settings_of(kind)) == KINDS[kind].model_fields.keys() - NOT_ASKED
    assert settings_of(kind).keys() <= WORDS.keys()


def test_a_form_that_is_sent_as_it_was_shown_changes_no_file(owner: Owner) -> None:
    for name in ("en/pages/home", FAQ, "fr/pages/about", "fr/articles/ending-well", "en/documents/guide-faq-hr"):
        assert owner.save(name, {}).status == 303
        assert changed_lines(owner, name) == []
        assert owner.file(name).read_bytes() == (ROOT / "content" / f"{name}.md").read_bytes()


def test_every_value_of_the_site_is_shown_and_meant_as_it_is_written() -> None:
    for name in EVERY:
        raw, kind = values_of((ROOT / "content" / f"{name}.md").read_bytes()), name.split("/")[1]
        for key, setting in settings_of(kind).items():
            value = setting.meant(setting.shown(raw.get(key)))
            assert (value.isoformat() if isinstance(value, date) else value) == raw.get(
                key, [] if value == [] else None
            )


@pytest.mark.parametrize(
    ("changed", "lines"),
    [
        ({"nav_title": "Q: “why?” #1"}, ["- nav_title: Questions", '+ nav_title: "Q: “why?” #1"']),
        ({"nav_title": " "}, ["- nav_title: Questions"]),
        ({"toc": None}, ["- toc: true"]),
        ({"languages": "later"}, ["+ translation: pending"]),
        ({"documents": ["smart-worksheet"]}, ["+ documents: [smart-worksheet]"]),
        ({"blocks": ["coach", "text", "testimonials", ""]}, ["+ blocks: [coach, text, testimonials]"]),
        ({"blocks": ["text", "coach", "", ""]}, ["+ blocks: [coach]"]),
        ({"second_action": ["", ""]}, ["- second_action: {page: for-hr, text: You work in HR}"]),
        (
            {"action": ["about", "Who, then?"]},
            [f"- {STEP}", '+ action: {page: about, text: "Who, then?"}'],
        ),
        ({"aliases": "/en/questions/\r\n\r\n /en/q/ "}, ["+ aliases: [/en/questions/, /en/q/]"]),
        ({"title": "FAQ"}, [*RETITLED, f"+ modified: {date.today()}"]),  # noqa: DTZ011
        ({"title": "FAQ", "modified": "2026-11-25"}, [*RETITLED, "+ modified: 2026-11-25"]),
    ],
    ids=str,
)  # fmt: skip
def test_what_is_changed_is_written_and_nothing_else(owner: Owner, changed: dict[str, Any], lines: list[str]) -> None:
    answer = owner.save(FAQ, changed)
    assert answer.status == 303, answer.page.get_text(" ", strip=True)
    assert sorted(changed_lines(owner, FAQ)) == sorted(lines)


@pytest.mark.parametrize(
    ("name", "changed", "field", "says"),
    [
        (FAQ, {"title": ""}, "title", "This is needed."),
        (FAQ, {"title": "<b>FAQ</b>"}, "title", "“<b>” would be printed"),
        (FAQ, {"title": "A title " * 7}, "title", "With “Human Trajectory Makers” behind it"),
        (FAQ, {"description": "Short."}, "description", "This has 6 characters; it needs at least 70."),
        (FAQ, {"description": "x" * 161}, "description", "This has 161 characters; at most 160 fit."),
        (FAQ, {"slug": "Été"}, "slug", "small letters without accents"),
        (FAQ, {"slug": "contact"}, "slug", "This is the address of “Contact” already."),
        (FAQ, {"slug": ""}, "slug", "This is the address of “Individual professional coaching” already."),
        (FAQ, {"aliases": "/en/contact"}, "aliases", "One of these is an address of “Contact”."),
        (FAQ, {"aliases": "questions"}, "aliases", "from the first slash on"),
        (FAQ, {"modified": ""}, "modified", "This is no day of the calendar."),
        (FAQ, {"modified": "1066-10-14"}, "modified", "the year 1066 must be a slip"),
        (FAQ, {"action": ["", "Words"]}, "action", "Choose the page that it leads to."),
        (FAQ, {"action": ["about", ""]}, "action", "Write the words of the link."),
        (FAQ, {"blocks": ["coach", "text", "coach", ""]}, "blocks", "The same is chosen twice."),
        (FAQ, {"nav_title": "a\ue000b"}, "nav_title", "cannot be shown (U+E000)"),
        (FAQ, {"languages": "alone"}, "languages", "There is a version in the other language: “Questions fréquentes”"),
        (FAQ, {"date": "2026-02-30"}, "date", "This is no day of the calendar."),
        ("en/articles/ending-well", {"date": "2026-02-30"}, "date", "This is no day of the calendar."),
        ("en/documents/guide-faq-hr", {"title": "a `b`"}, "title", "would be printed"),
    ],
    ids=str,
)  # fmt: skip
def test_what_is_wrong_is_told_at_its_field(
    owner: Owner, name: str, changed: dict[str, Any], field: str, says: str
) -> None:
    errors = json.loads(owner.save(name, changed, path="settings/check").text)
    assert says.casefold() in errors.pop(field).casefold()
    assert errors == {}


def test_a_form_with_mistakes_comes_back_as_it_was_filled_in_and_nothing_is_written(owner: Owner) -> None:
    before = owner.file(FAQ).read_bytes()
    changed: dict[str, Any] = {
        "title": "<b>FAQ</b>",
        "toc": [],
        "action": ["about", ""],
        "blocks": ["coach", "text", "coach", ""],
    }
    answer = owner.save(FAQ, changed)
    assert answer.status == 400
    assert [link["href"] for link in answer.page.select("#to-mend a")] == ["#title", "#action", "#blocks"]
    assert "“<b>” would be printed" in answer.page.select_one("#title-error").text  # type: ignore[union-attr]
    typed = fields_of(answer)
    assert {key: typed.get(key, []) for key in changed} == changed | {"title": ["<b>FAQ</b>"]}
    assert owner.file(FAQ).read_bytes() == before


def test_a_sentence_is_told_in_french_where_its_french_is_known(owner: Owner) -> None:
    errors = json.loads(owner.ask(FAQ, owner.form(FAQ) | {"title": ["a\ue000b"]}, "settings/check", "fr").text)
    assert errors == {"title": "Il y a ici un signe qui ne peut pas s’afficher (U+E000)"}


def test_a_changed_address_leads_its_readers_on(owner: Owner) -> None:
    form = owner.form("fr/pages/contact")
    assert form["redirect"] == ["1"]
    answer = owner.save("fr/pages/contact", {"slug": "nous-ecrire"}, form)
    assert place(answer) == "/fr/nous-ecrire/"
    assert changed_lines(owner, "fr/pages/contact") == [
        "- slug: contact",
        "+ slug: nous-ecrire",
        "+ aliases: [/fr/contact/]",
    ]
    assert changed_lines(owner, "en/pages/contact") == []
    owner.save("fr/pages/contact", {"slug": "contact"})  # and back
    assert changed_lines(owner, "fr/pages/contact") == ["+ aliases: [/fr/nous-ecrire/]"]


def test_an_address_can_change_without_a_trace(owner: Owner) -> None:
    assert (
        place(owner.save("en/articles/ending-well", {"slug": "the-end", "redirect": None})) == "/en/articles/the-end/"
    )
    assert "aliases" not in values_of(owner.file("en/articles/ending-well").read_bytes())
    owner.save("en/articles/ending-well", {"slug": "at-last"})
    assert values_of(owner.file("en/articles/ending-well").read_bytes())["aliases"] == ["/en/articles/the-end/"]


def test_a_draft_is_shown_at_its_own_address_and_leaves_none(owner: Owner) -> None:
    owner.edit("en/articles/ending-well", "slug: ", "status: draft\nslug: ")
    assert place(owner.save("en/articles/ending-well", {"slug": "the-end"})) == "/en/drafts/the-end/"
    assert "aliases" not in values_of(owner.file("en/articles/ending-well").read_bytes())


def test_the_home_page_stays_where_it_is(owner: Owner) -> None:
    form = owner.form("en/pages/home")
    assert "slug" not in form
    assert place(owner.save("en/pages/home", {"nav_title": "Start", "slug": "start"}, form)) == "/en/"
    assert changed_lines(owner, "en/pages/home") == ["- nav_title: Home", "+ nav_title: Start"]


def test_a_draft_is_finished_when_it_is_written(owner: Owner) -> None:
    owner.edit(FAQ, "title: Frequently", "status: draft\ntitle: To write: Frequently")
    owner.edit(FAQ, "title: To write: Frequently asked questions", 'title: "To write: the title"')
    answer = owner.save(FAQ, {"status": None})
    assert answer.status == 400
    assert "still to be written" in answer.text
    assert owner.save(FAQ, {"status": None, "title": "Questions"}).status == 303


@pytest.mark.parametrize(
    ("place", "line"),
    [
        ("", 'footer = ["process-guide", "smart-worksheet", "articles", "glossary"]'),
        ("footer/", 'footer = ["faq", "process-guide", "smart-worksheet", "articles", "glossary"]'),
        ("footer/glossary", 'footer = ["process-guide", "smart-worksheet", "articles", "glossary", "faq"]'),
        ("legal/legal-notice", 'legal = ["legal-notice", "faq", "privacy-policy", "cookie-policy", "accessibility"]'),
    ],
)
def test_a_page_moves_to_where_it_is_wanted_in_the_menus(owner: Owner, place: str, line: str) -> None:
    menus = owner.desk.content / "data" / "navigation.toml"
    before = menus.read_text(encoding="utf-8").splitlines()
    assert owner.form(FAQ)["menu"] == ["footer/articles"]
    assert owner.save(FAQ, {"menu": place}).status == 303
    after = menus.read_text(encoding="utf-8").splitlines()
    assert line in after
    assert [old for old in before if not old.startswith(("footer", "legal"))] == [
        new for new in after if not new.startswith(("footer", "legal"))
    ]
    assert owner.form(FAQ)["menu"] == [place]


def test_the_top_of_the_page_has_no_more_entries_than_it_has_room_for(owner: Owner) -> None:
    menus = owner.desk.content / "data" / "navigation.toml"
    text = menus.read_text(encoding="utf-8")
    menus.write_text(
        text.replace('"contact"]', '"contact", "articles", "glossary", "accessibility"]'), encoding="utf-8"
    )
    before = menus.read_bytes()
    assert "room for 9" in owner.save(FAQ, {"menu": "primary/"}).text
    assert menus.read_bytes() == before
    assert owner.save("en/pages/contact", {"menu": "primary/"}).status == 303  # it is there already


def test_what_was_changed_elsewhere_meanwhile_stays(owner: Owner) -> None:
    form = owner.form(FAQ)
    owner.edit(FAQ, "nav_title: Questions", "nav_title: Your questions")
    owner.file(FAQ).write_text(owner.file(FAQ).read_text(encoding="utf-8") + "\nMore.\n", encoding="utf-8")
    assert owner.save(FAQ, {"toc": None}, form).status == 303
    text = owner.file(FAQ).read_text(encoding="utf-8")
    assert "nav_title: Your questions" in text
    assert "toc:" not in text
    assert text.endswith("\nMore.\n")


def test_what_two_changed_is_shown_with_both_values(owner: Owner) -> None:
    form = owner.form(FAQ)
    owner.edit(FAQ, "nav_title: Questions", "nav_title: Theirs")
    answer = owner.save(FAQ, {"nav_title": "Mine", "toc": None}, form)
    assert answer.status == 409
    assert "now “Theirs”" in answer.page.select_one("#nav_title-error").text  # type: ignore[union-attr]
    shown = fields_of(answer)
    assert shown["nav_title"] == ["Mine"]
    assert "nav_title: Theirs" in owner.file(FAQ).read_text(encoding="utf-8")
    assert owner.save(FAQ, {}, shown).status == 303
    text = owner.file(FAQ).read_text(encoding="utf-8")
    assert ("nav_title: Mine" in text, "toc:" in text) == (True, False)


def test_a_fault_that_was_there_is_told_and_hinders_no_other_change(owner: Owner) -> None:
    owner.edit(FAQ, "description: ", "description: Short.\nunpaired: ")
    told = owner.ask(FAQ).page.find(id="description-error")
    assert told is not None
    assert "at least 70" in told.text
    assert owner.save(FAQ, {"toc": None}).status == 303
    assert owner.save(FAQ, {"description": "Short too."}).status == 400


def test_what_is_not_read_as_it_was_written_is_typed_again(owner: Owner) -> None:
    owner.edit(FAQ, "title: Frequently asked questions", "title: 0777")
    answer = owner.ask(FAQ)
    assert "type it again" in answer.page.select_one("#title-error").text  # type: ignore[union-attr]
    assert fields_of(answer)["title"] == [""]
    assert owner.save(FAQ, {"toc": None}).status == 303
    assert "title: 0777\n" in owner.file(FAQ).read_text(encoding="utf-8")
    assert owner.save(FAQ, {"title": "0777"}).status == 303
    assert values_of(owner.file(FAQ).read_bytes())["title"] == "0777"


@pytest.mark.parametrize(
    "name",
    [
        *("", "en", "en/pages", "en/pages/nothing", "de/pages/faq", "en/data/practice", "en/pages/faq/x"),
        *("../../etc/passwd", "en/pages/../pages/faq", "en/pages/faq.md", "en/pages/fa*", "en/pages/faq\0"),
    ],
)
def test_only_pages_have_settings(owner: Owner, name: str) -> None:
    answer = owner.ask(name)
    assert (answer.status, "There is no page of this name." in answer.text) == (404, True)
    assert owner.ask(name, {"title": ["x"]}).status == 404


@pytest.mark.parametrize(
    "text", ["Text.", "---\ntitle: a: b\n---\nText.\n", "---\n- a\n---\nText.\n", "---\n{title: x}\n---\n"]
)
def test_settings_that_cannot_be_changed_by_a_form_are_told_and_left(owner: Owner, text: str) -> None:
    owner.file(FAQ).write_text(text, encoding="utf-8")
    answer = owner.ask(FAQ, {"title": ["Questions"], "was": ["{}"]})
    assert (answer.status, "cannot be read, or not be changed here" in answer.text) == (409, True)
    assert owner.file(FAQ).read_text(encoding="utf-8") == text


def test_a_form_that_the_desk_did_not_make_changes_nothing(owner: Owner) -> None:
    before = owner.file(FAQ).read_bytes()
    for was in ("x", "[]", "1"):
        assert owner.save(FAQ, {"was": was, "toc": None}).status == 409
    owner.save(FAQ, {"menu": "elsewhere/x"})
    assert owner.file(FAQ).read_bytes() == before
    assert (owner.desk.content / "data" / "navigation.toml").read_text(encoding="utf-8").count("faq") <= 1


def test_a_search_engine_shows_the_beginning(owner: Owner) -> None:
    page = owner.ask(FAQ).page.select_one(".snippet")
    assert page is not None
    address, title, description = page.select("[data-shows]")
    assert (address.text, address["data-before"]) == ("practice.test › en › faq", "practice.test › en")
    assert title.text == f"Frequently asked questions – {NAME}"
    assert description.text.startswith("Plain answers")
    assert page_settings.cut("One two three", 9) == "One two …"
    assert page_settings.cut("One two", 7) == "One two"


def test_a_section_of_documents_has_fewer_settings_and_stays_on_its_form(owner: Owner) -> None:
    form = owner.form("en/documents/guide-faq-hr")
    assert form.keys() == {"was", "title", "languages"}
    answer = owner.save("en/documents/guide-faq-hr", {"title": "What HR asks"}, form)
    page, _, _ = answer.headers["location"].partition("&parted=")
    assert page == "/.preview/settings?page=en/documents/guide-faq-hr&saved"
    told = ask(owner.app, answer.headers["location"]).page
    assert told.find("button", string="Small correction: both still say the same")


PLAIN = values_of((ROOT / "content" / f"{FAQ}.md").read_bytes())


TYPED = ["title", "nav_title", "description", "action", "aliases", "slug"]


@given(typed=st.text(), key=st.sampled_from(TYPED))
def test_what_the_form_takes_is_what_a_build_reads(typed: str, key: str) -> None:
    setting = settings_of("pages")[key]
    value = setting.meant(setting.typed(["about", typed] if key == "action" else [typed]))
    told = wrong("pages", PLAIN | {key: value})
    if key not in told:
        data = with_values((ROOT / "content" / f"{FAQ}.md").read_bytes(), {key: value})
        matter = data.decode().split("\n---\n")[0].removeprefix("---\n")
        parsed, _ = parse(matter, "pages", "faq.md")
        read = getattr(parsed, key)
        assert (read.model_dump() if key == "action" else read) == value
        assert not list(unshowable("faq.md", matter))


def test_old_addresses_that_are_not_a_list_are_put_right_with_a_new_one(owner: Owner) -> None:
    owner.edit(FAQ, "slug: faq", "slug: faq\naliases: /en/questions/")
    assert owner.save(FAQ, {"slug": "answers"}).status == 303
    assert values_of(owner.file(FAQ).read_bytes())["aliases"] == ["/en/faq/"]


def test_a_draft_to_which_others_lead_is_told_before_it_is_one(owner: Owner) -> None:
    answer = owner.save("en/articles/three-chairs", {"status": "1", "languages": "later"})
    assert answer.status == 400
    told = answer.page.select_one("#status-error")
    assert told is not None
    assert "“What your employer hears, and does not” lead here" in told.text
    assert answer.page.select_one("a[href='/.preview/delete?page=articles/three-chairs']")
    assert changed_lines(owner, "en/articles/three-chairs") == []
    owner.edit("en/articles/what-your-employer-hears", "({filename}three-chairs.md)", "({filename}ending-well.md)")
    assert owner.save("en/articles/three-chairs", {"status": "1", "languages": "later"}).status == 303


def test_a_day_to_come_is_as_a_draft_for_those_that_lead_there(owner: Owner) -> None:
    errors = owner.save("en/articles/three-chairs", {"date": "2099-01-01"}, path="settings/check").json
    assert "lead here" in errors["date"]


def test_a_page_has_a_day_to_appear_on_and_needs_none(owner: Owner) -> None:
    form = owner.form("en/pages/glossary")
    assert form["date"] == [""]
    answer = owner.save("en/pages/monitoring", {"date": "2099-01-01", "languages": "later"})
    assert answer.status == 400  # it is a step of the method, in the guide, and linked to
    assert owner.save("en/pages/glossary", {"date": "2020-01-01"}, form).status == 303
    assert changed_lines(owner, "en/pages/glossary") == ["+ date: 2020-01-01"]


@pytest.mark.parametrize(
    ("choice", "line"),
    [("later", "+ translation: pending"), ("alone", "+ unpaired: This page is in English only.")],
)
def test_a_page_in_one_language_is_a_choice(owner: Owner, choice: str, line: str) -> None:
    name, aligned = "en/articles/ending-well", "aligned"
    owner.file("fr/articles/ending-well").unlink()
    assert owner.save(name, {"languages": choice}).status == 303
    assert [one for one in changed_lines(owner, name) if aligned not in one] == [line]
    assert owner.form(name)["languages"] == [choice]
    told = owner.save(name, {"languages": "both"})
    assert told.status == 400
    assert "There is no version in the other language yet." in told.text


def test_one_version_alone_is_no_draft_without_saying_that_it_waits(owner: Owner) -> None:
    errors = owner.save("en/articles/ending-well", {"status": "1"}, path="settings/check").json
    assert "Choose “Only in English, for now” below too" in errors["status"]
