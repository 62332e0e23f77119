"""Both languages of a page side by side: what changed since they agreed is marked, and that they agree is one click."""

from __future__ import annotations

import json
import re
import subprocess
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

import pytest
from bs4 import BeautifulSoup, Tag
from markupsafe import Markup
from starlette.applications import Starlette

from plugins.i18n.alignment import Pair
from plugins.problems import Problem, say
from tests.desk.asking import Answer, ask
from tests.desk.small_site import small_site
from tools.desk.app import desk_application
from tools.desk.desk import Desk
from tools.desk.history import history
from tools.desk.history.saving import digest, notice, save
from tools.desk.languages import languages
from tools.desk.languages.agreement import agree, both, earlier
from tools.desk.overview import OF_LANGUAGES, Told, _place

NAMES = [f"{lang}/pages/{key}" for lang in ("en", "fr") for key in ("faq", "contact")]
SENTENCE, OTHER = "Say so, at the first meeting or later.", "Dites-le, à la première rencontre ou plus tard."
AGREE = "/.preview/languages/agree"


@dataclass
class Owner:
    """Who looks at both languages of the questions."""

    desk: Desk
    app: Starlette

    def page(self, name: str = "pages/faq", lang: str = "en") -> BeautifulSoup:
        answer = ask(self.app, f"/.preview/languages?page={name}", lang=lang)
        assert answer.status == 200
        return answer.page

    def path(self, lang: str = "en") -> Path:
        return self.desk.content / lang / "pages" / "faq.md"

    @property
    def pair(self) -> Pair:
        return both(self.desk, "pages", "faq")

    def change(self, old: str, new: str, lang: str = "en") -> str:
        """Change a page on the desk. The entry of the history."""
        data = self.path(lang).read_bytes()
        assert old.encode() in data
        path = self.path(lang)
        return save(
            self.desk, {path: data.replace(old.encode(), new.encode(), 1)}, {path: digest(data)}, say("T")
        ).entry

    def press(self, fields: dict[str, str]) -> Answer:
        return ask(self.app, AGREE, urlencode(fields).encode())

    def form(self) -> dict[str, str]:
        """What the button of the page sends."""
        return {str(one["name"]): str(one["value"]) for one in self.page().select(f'form[action="{AGREE}"] input')}

    def correct(self, entry: str) -> Answer:
        """Press “Small correction”, as the editor's script does."""
        return ask(self.app, AGREE, json.dumps({"entry": entry}).encode(), "application/json")


@pytest.fixture
def owner(tmp_path: Path) -> Owner:
    """The questions and the contact page; both agree."""
    desk = small_site(tmp_path, NAMES)
    owner = Owner(desk, desk_application(desk))
    if owner.pair.state != "paired":
        agree(desk, owner.pair)
    notice(desk)
    return owner


def changed(page: BeautifulSoup) -> list[list[str]]:
    """Of each part that is marked: its language, what was taken out and what was put in."""
    found = []
    for part in page.select(".part.changed"):
        words = part.select_one(".difference")
        assert isinstance(words, Tag)
        for unseen in words.select(".unseen"):
            unseen.decompose()
        found.append(
            [str(words["lang"]), *(" ".join(one.get_text() for one in words.select(tag)) for tag in ("del", "ins"))]
        )
    return found


def test_each_part_stands_beside_the_one_that_says_the_same(owner: Owner) -> None:
    page = owner.page()
    rows = [[part.get_text(" ", strip=True) for part in row.select(".part")] for row in page.select("ul.pairs > li")]
    assert all(len(row) == 2 for row in rows)
    beside = dict(rows)
    assert next(right for left, right in beside.items() if left.startswith(SENTENCE[:20])).startswith(OTHER[:12])
    assert [left for left, right in rows if "Nothing stands here." in (left, right)] == []
    assert next(right for left, right in rows if left.startswith("Choosing a coach")).startswith("Choisir son coach")
    titles = [row.select_one(".label") for row in page.select("ul.pairs > li")][:3]
    assert [one and one.get_text() for one in titles] == ["Title", "Short title", "Description"]
    assert not changed(page)
    assert page.find("button", string="Both say the same") is None
    assert "Both languages say the same." in page.get_text()
    identifiers = [str(tag["id"]) for tag in page.select("[id]")]
    assert len(identifiers) == len(set(identifiers))


def test_what_changed_since_they_agreed_is_marked_on_its_side(owner: Owner) -> None:
    owner.change(SENTENCE, "Say so, at the first meeting or much later.")
    owner.change("title: Frequently", "title: Often")
    page = owner.page()
    assert sorted(changed(page)) == [["en", "", "much"], ["en", "Frequently", "Often"]]
    assert "It is marked: bring the other version up to date, then say that both say the same." in page.get_text()
    edit = next(part for part in page.select(".part.changed") if "much" in part.get_text()).find("a")
    assert isinstance(edit, Tag)
    line = owner.path().read_text(encoding="utf-8").split("\n")[int(str(edit["href"]).rpartition(":")[2]) - 1]
    assert str(edit["href"]).startswith("/en/faq/#desk:")
    assert line.startswith("Say so, at the first meeting or much later.")


def test_what_was_taken_out_is_marked_too(owner: Owner) -> None:
    paragraph = next(
        line for line in owner.path("fr").read_text(encoding="utf-8").split("\n") if line.startswith(OTHER)
    )
    owner.change(f"{paragraph}\n", "", "fr")
    page = owner.page()
    assert [(lang, out.startswith(OTHER), new) for lang, out, new in changed(page)] == [("fr", True, "")]
    assert "Taken out since both agreed:" in page.get_text()


def test_both_say_the_same_is_recorded_as_one_change_and_undone(owner: Owner) -> None:
    owner.change(SENTENCE, "Say it.")
    owner.change(OTHER, "Dites-le.", "fr")
    before = {lang: owner.path(lang).read_bytes() for lang in ("en", "fr")}
    answer = owner.press(owner.form())
    assert answer.status == 303
    assert owner.pair.state == "paired"
    page = ask(owner.app, answer.headers["location"]).page
    assert "It is recorded: both say the same." in page.get_text()
    undo = page.select_one('form[action$="put-back"] input')
    assert isinstance(undo, Tag)
    entry = history.entry_of(owner.desk, str(undo["value"]))
    assert sorted(entry.files) == ["content/en/pages/faq.md", "content/fr/pages/faq.md"]
    assert str(entry.what) == "Both languages say the same: “Frequently asked questions”"
    history.put_back(owner.desk, entry)
    assert {lang: owner.path(lang).read_bytes() for lang in ("en", "fr")} == before


def test_nothing_is_recorded_of_what_was_not_read(owner: Owner) -> None:
    owner.change(SENTENCE, "Say it.")
    form = owner.form()
    owner.change("Say it.", "Say it now.")
    answer = owner.press(form)
    assert answer.status == 409
    assert "A version was changed just now." in answer.page.get_text()
    assert owner.pair.state == "stale"
    assert owner.press({"page": "pages/none"}).status == 404
    assert owner.press({"page": "pages/faq"}).status == 409


def test_a_small_correction_still_agrees_by_one_click(owner: Owner) -> None:
    parts = ask(owner.app, "/.preview/blocks?page=en/pages/faq").json
    part = next(block for block in parts["blocks"] if SENTENCE in block["text"])
    sent = {"file": parts["file"], "seen": parts["seen"], "first": part["first"], "last": part["last"]}
    body = json.dumps(sent | {"text": part["text"].replace("Say so", "Tell it")}).encode()
    saved = ask(owner.app, "/.preview/save", body, "application/json").json
    assert saved["parted"]
    answer = owner.correct(saved["undo"])
    assert answer.status == 200
    assert owner.pair.state == "paired"
    assert answer.json["undo"]
    assert owner.correct(saved["undo"]).status == 409  # it is no longer the last change


def test_a_correction_is_not_offered_where_more_is_to_be_read(owner: Owner) -> None:
    first = owner.change(SENTENCE, "Say it.")
    second = owner.change("Say it.", "Say it now.")
    assert owner.correct(first).status == 409
    assert owner.correct(second).status == 409
    assert owner.pair.state == "stale"
    agree(owner.desk, owner.pair)
    third = owner.change("Say it now.", "Say it.")
    owner.change(OTHER, "Dites-le.", "fr")
    assert owner.correct(third).status == 409
    assert owner.correct("no entry").status == 409
    assert owner.press({"entry": third}).status == 409


def test_a_form_says_too_that_both_still_agree(owner: Owner) -> None:
    entry = owner.change("title: Frequently", "title: Often")
    assert owner.press({"entry": entry}).headers["location"].startswith("/.preview/languages?page=pages/faq&agreed=")
    assert owner.pair.state == "paired"


def test_a_version_is_found_in_the_history_of_the_desk_and_in_that_of_the_project(owner: Owner, tmp_path: Path) -> None:
    stamp = owner.pair.versions["en"].version
    text = owner.path().read_text(encoding="utf-8")
    owner.change(SENTENCE, "Say it.")
    assert earlier(owner.path(), stamp, owner.desk.root) == text
    assert earlier(owner.path(), "00000000", owner.desk.root) is None
    project = tmp_path / "project"
    page = project / "content" / "en" / "pages" / "faq.md"
    page.parent.mkdir(parents=True)
    page.write_text(text, encoding="utf-8")
    git = ["git", "-C", str(project), "-c", "user.name=A", "-c", "user.email=a@example.org"]
    for command in (["init", "--quiet"], ["add", "--all"], ["commit", "--quiet", "--message", "A"]):
        subprocess.run([*git, *command], check=True)
    page.write_text(text.replace(SENTENCE, "Say it."), encoding="utf-8")
    assert earlier(page, stamp, project) == text


def test_a_page_in_one_language_says_so_and_offers_the_other(owner: Owner) -> None:
    owner.path("fr").unlink()
    page = owner.page()
    assert "There is no French version." in page.get_text()
    assert page.select_one('form[action="/.preview/new/other"] input[value="en/pages/faq"]')
    assert page.select_one('a[href="/.preview/settings?page=en/pages/faq"]')
    assert page.find("button", string="Both say the same") is None
    assert all(len(row.select(".part")) == 1 for row in page.select("ul.pairs > li"))


def test_the_list_begins_with_what_stops_a_publication(owner: Owner) -> None:
    owner.change(SENTENCE, "Say it.")
    contact = owner.desk.content / "fr" / "pages" / "contact.md"
    contact.write_text(
        contact.read_text(encoding="utf-8").replace("slug:", "translation: pending\nslug:", 1), encoding="utf-8"
    )
    page = ask(owner.app, "/.preview/languages").page
    rows = [row.get_text(" ", strip=True) for row in page.select("ul.rows")[0].find_all("li")]
    assert [re.split(" · | Something| It", row)[0] for row in rows] == ["Frequently asked questions", "Contact"]
    assert [row.endswith("Until then the site cannot be published.") for row in rows] == [True, False]


def test_a_problem_between_languages_is_shown_here(owner: Owner) -> None:
    told = [
        Problem("content/en/pages/faq.md", 1, say(one), say("Run “invoke translated faq”."))
        for one in sorted(OF_LANGUAGES)
    ]
    for problem in told:
        assert _place(owner.desk, problem, "en") == ("Frequently asked questions", "/.preview/languages?page=pages/faq")
        assert "invoke" not in Told(problem, "", "").remedy


def test_a_version_that_cannot_be_read_is_said_and_led_to(owner: Owner) -> None:
    owner.change("## Before", "{% if %}\n\n## Before")
    page = owner.page()
    assert page.select_one('main a[href="/.preview/text?page=en/pages/faq"]')
    assert "One version cannot be read as it stands." in page.get_text()
    assert ask(owner.app, "/.preview/languages?page=pages/../faq").status == 404
    assert ask(owner.app, "/.preview/languages?page=none").status == 404


def test_parts_are_aligned_by_headings_and_then_by_their_kinds() -> None:
    def part(kind: str, tag: str = "p", name: str = "", words: str = "") -> languages.Part:
        return languages.Part((kind, tag, name), Markup(words or kind), "", [])

    left = [part("paragraph"), part("heading", "h2", "a"), part("list"), part("heading", "h2", "b"), part("table")]
    right = [part("heading", "h2", "a"), part("paragraph"), part("list"), part("heading", "h2", "b"), part("table")]
    rows = [(one and str(one.html), other and str(other.html)) for one, other in languages.side_by_side(left, right)]
    assert rows == [
        ("paragraph", None),
        ("heading", "heading"),
        (None, "paragraph"),
        ("list", "list"),
        ("heading", "heading"),
        ("table", "table"),
    ]
