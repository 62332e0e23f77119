"""What a browser sends to change the text of a page: its own lines are written and no others, or it is told why not."""

from __future__ import annotations

import errno
import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from urllib.parse import quote, urlencode

import pytest
from starlette.applications import Starlette

from plugins.build import build_of
from plugins.i18n.languages import Site
from plugins.picture_sizes import Sized
from plugins.practice.facts import load_facts
from plugins.problems import ROOT, Problem, say
from plugins.reader import block_spans
from plugins.reader.blocks import WHOLE
from tests.desk.asking import FORM, Answer, ask
from tests.desk.small_site import small_site
from tests.tools.copied_site import files_in
from tools.build import settings_for
from tools.desk.app import desk_application
from tools.desk.bar import KINDS
from tools.desk.desk import Desk
from tools.desk.editing import edit
from tools.desk.history import saving

NAMES = ["en/pages/faq", "fr/pages/faq", "en/pages/method", "en/documents/guide-agreement"]
PAGE = "en/pages/faq"
BODY = b'<!doctype html><html lang="en"><head><title>T</title></head><body><main><p>A page.</p></main></body></html>'
SENTENCE = "Say so, at the first meeting or later."


@dataclass
class Owner:
    """Who edits a copy of some pages; `asks` as a stranger where nobody `entered`."""

    desk: Desk
    app: Starlette
    entered: bool = True

    def ask(self, path: str, body: bytes | None = None, kind: str = "application/json", lang: str = "en") -> Answer:
        """One request: GET, or POST where there is a body."""
        return ask(self.app, path, body, kind, lang, self.entered)

    def parts(self, name: str = PAGE) -> Any:
        """What the browser is told of a page."""
        return self.ask(f"/.preview/blocks?page={name}").json

    def part(self, text: str, name: str = PAGE) -> dict[str, Any]:
        """The change of the part that contains `text`, as a browser sends it while nothing is typed."""
        told = self.parts(name)
        block = next(block for block in told["blocks"] if text in block["text"])
        return {key: told[key] for key in ("file", "seen")} | {key: block[key] for key in ("first", "last", "text")}

    def save(self, change: dict[str, Any], **other: Any) -> Answer:
        return self.ask("/.preview/save", json.dumps(change | other).encode())

    def form(self, fields: dict[str, str]) -> Answer:
        """The form with a page's whole file, sent."""
        return self.ask("/.preview/text", urlencode(fields).encode(), FORM)

    def file(self, name: str = PAGE) -> Path:
        return self.desk.content / f"{name}.md"

    def edit(self, old: str, new: str, name: str = PAGE) -> None:
        """Another program changes a page."""
        data = self.file(name).read_text(encoding="utf-8")
        assert old in data
        self.file(name).write_text(data.replace(old, new, 1), encoding="utf-8")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Owner:
    root = tmp_path_factory.mktemp("edit")
    desk = small_site(root, NAMES)
    page = root / "content" / f"{PAGE}.md"
    parts = page.read_text(encoding="utf-8").split("\n\n")
    kept = ("---", "## Before", "{% if sells", "### What if", SENTENCE, "## Conf")
    page.write_text("\n\n".join(part for part in parts if part.startswith(kept)) + "\n", encoding="utf-8")
    for name in ("index.html", "en/faq/index.html"):
        (root / "site" / name).parent.mkdir(parents=True, exist_ok=True)
        (root / "site" / name).write_bytes(BODY)
    desk.preview.shown = root / "site"
    return Owner(desk, desk_application(desk))


@pytest.fixture
def owner(site: Owner) -> Iterator[Owner]:
    """Whose pages are as they were."""
    state, site.entered = site.desk.preview.state, True
    before = files_in(site.desk.content)
    yield site
    site.desk.preview.show(state)
    for name, data in before.items():
        if (site.desk.content / name).read_bytes() != data:
            (site.desk.content / name).write_bytes(data)


def changed(before: bytes, after: bytes) -> list[tuple[str, str]]:
    """The lines that are others, of files with as many lines."""
    pairs = zip(before.decode().split("\n"), after.decode().split("\n"), strict=True)
    return [pair for pair in pairs if pair[0] != pair[1]]


def test_a_sentence_changes_its_own_line_and_can_be_found_in_the_history(owner: Owner) -> None:
    before, part = owner.file().read_bytes(), owner.part(SENTENCE)
    saved = owner.save(part, text=part["text"].replace("Say so", "Say it"))
    assert saved.status == 200
    assert changed(before, owner.file().read_bytes()) == [(part["text"], part["text"].replace("Say so", "Say it"))]
    with saving.at_rest(owner.desk) as kept:
        assert kept.head().decode() == saved.json["undo"] != ""
    assert owner.save(owner.part("Say it")).json == {"undo": ""}  # nothing changed


def test_parts_are_added_moved_and_deleted(owner: Owner) -> None:
    text = owner.file().read_text()
    heading, part = owner.part("### What if we do not get on?"), owner.part(SENTENCE)
    assert owner.save(part, act="below", text="New.[^9]\n\n[^9]: A note.").status == 200
    assert f"{part['text']}\n\nNew.[^9]\n\n[^9]: A note.\n\n## Conf" in owner.file().read_text()
    assert owner.save(part, act="below", text=" \n").json == {"undo": ""}  # nothing was typed
    note = owner.part("[^9]: A note.")
    refused = owner.save(note, act="delete", text="")
    assert (refused.status, refused.json["wrong"][0][:24]) == (422, "the mark [^9] has no not")
    assert owner.save(owner.part("New.[^9]"), act="delete", text="").status == 200  # its note goes with it
    assert owner.file().read_text() == text
    assert owner.save(owner.part(SENTENCE), act="up", text="").status == 200
    assert f"{part['text']}\n\n{heading['text']}\n\n## Conf" in owner.file().read_text()
    assert owner.save(owner.part(SENTENCE), act="down", text="").status == 200
    assert owner.file().read_text() == text
    first = owner.part("“You” is the person")
    for refused in (owner.save(first, act="up"), owner.save(owner.part("“You” is the person"), act="up")):
        assert (refused.status, refused.json) == (422, {"wrong": ["It stands as far up or down as it can."]})


def test_a_part_is_shown_with_room_for_its_picture_and_the_size_of_its_download(
    owner: Owner, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As the next build will show it, so that nothing moves when it has come."""
    build, files = owner.desk.build, {name: tmp_path / name for name in ("a.png", "b.mp3")}
    assert build
    for file in files.values():
        file.write_bytes(b"x" * 3000)
    shown = {"images/a.png": files["a.png"], "downloads/b.mp3": files["b.mp3"]}
    monkeypatch.setattr(build, "shown_files", shown)
    monkeypatch.setattr(build, "pictures", {("images/a.png", 0): Sized(40, 30, {})})
    change = owner.part(SENTENCE) | {"text": "![A dot](/images/a.png) [Calm](/downloads/b.mp3)"}
    answer = owner.ask("/.preview/render", json.dumps(change).encode()).page
    image, link = answer.select_one("img"), answer.select_one('a[href="/downloads/b.mp3"]')
    assert image
    assert link
    assert (image["width"], image["height"]) == ("40", "30")
    assert link.get_text() == "Calm (MP3, 3\N{NO-BREAK SPACE}kB)"


def test_what_changed_elsewhere_in_the_page_stays(owner: Owner) -> None:
    part = owner.part(SENTENCE)
    owner.edit("## Before you start", "A paragraph more.\u2028In two.\n\n## Before you start")
    owner.edit("modified: 2026-11-24", "modified: 2026-11-24\nnav_order: 3")
    before = owner.file().read_bytes()
    assert owner.save(part, text="Mine.").status == 200
    assert changed(before, owner.file().read_bytes()) == [(part["text"], "Mine.")]


def test_a_note_goes_with_its_last_mark(owner: Owner) -> None:
    text, part = owner.file().read_text(), owner.part(SENTENCE)
    noted = part["text"] + "[^1]\n\n[^1]: Of one.\n\n[^2]: Of another,\n    in two lines.\n\nTwice.[^2] Again.[^1]"
    assert owner.save(part, text=noted).status == 200
    for typed, notes in (("Twice. Again.[^1]", ["[^1]: Of one."]), ("Again.", ["[^1]: Of one."])):
        assert owner.save(owner.part("Again."), text=typed).status == 200
        assert [line for line in owner.file().read_text().splitlines() if line.startswith(("[^", "    in"))] == notes
    assert owner.save(owner.part("Again."), act="delete").status == 200
    assert owner.save(owner.part(SENTENCE), text=part["text"]).status == 200
    assert owner.file().read_text() == text


@pytest.mark.parametrize("restarted", [False, True])
@pytest.mark.parametrize("above", ["", "Another paragraph.\n\n"])
def test_of_two_versions_of_a_part_none_is_lost(
    owner: Owner, restarted: bool, above: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    part = owner.part(SENTENCE)
    owner.edit("“You” is", f"{above}“You” is")
    owner.edit("Say so, at the first", "Tell us, at the first")
    if restarted:
        monkeypatch.setattr(edit, "VERSIONS", edit.Versions())
    before = owner.file().read_bytes()
    mine = part | {"was": part["text"], "text": "Mine."}
    met = owner.save(mine)
    assert met.status == 409
    assert met.json["text"] == part["text"].replace("Say so", "Tell us")
    assert owner.file().read_bytes() == before
    there = {key: met.json[key] for key in ("seen", "first", "last")} | {"was": met.json["text"]}
    assert owner.save(mine | there).status == 200
    assert changed(before, owner.file().read_bytes()) == [(met.json["text"], "Mine.")]


@pytest.mark.parametrize("act", ["replace", "delete", "below"])
def test_after_a_restart_a_part_is_found_by_its_text(owner: Owner, act: str, monkeypatch: pytest.MonkeyPatch) -> None:
    part = owner.part(SENTENCE)
    owner.edit("“You” is", "Another paragraph.\n\n“You” is")
    monkeypatch.setattr(edit, "VERSIONS", edit.Versions())
    before = owner.file().read_text()
    assert owner.save(part, was=part["text"], text="Mine.", act=act).status == 200
    expected = {"replace": "Mine.", "below": f"{part['text']}\n\nMine."}
    after = (
        before.replace(part["text"], expected[act]) if act in expected else before.replace(part["text"] + "\n\n", "")
    )
    assert owner.file().read_text() == after


def test_other_facts_make_other_parts(owner: Owner) -> None:
    """A page is divided again with each build: its conditions may be others."""
    build = owner.desk.build
    assert build is not None
    private = "You may also come on your own, and then nobody"
    assert next(b for b in owner.parts()["blocks"] if private in b["text"])
    settings = settings_for(
        owner.desk.root / "out2", False, ROOT / "tests/fixtures/incomplete.toml", {"PATH": str(owner.desk.content)}
    )
    load_facts(SimpleNamespace(settings=settings))
    owner.desk.preview.build = build_of(settings)
    owner.desk.preview.build.site = Site(owner.desk.preview.build)
    try:
        shown = [block["text"] for block in owner.parts()["blocks"] if block["elements"]]
    finally:
        owner.desk.preview.build = build
    assert not any(private in text for text in shown)


MISTAKES = ["{% if practice %}", "{{ no.such.fact }}", "{% endif %}", "<script>alert(1)</script>", "[^3]: a\n\n{{"]


@pytest.mark.parametrize("mistake", MISTAKES)
def test_what_would_stop_the_pages_is_refused_in_words(owner: Owner, mistake: str) -> None:
    part = owner.part(SENTENCE)
    before = owner.file().read_bytes()
    refused = owner.save(part, text=f"{part['text']} {mistake}")
    assert refused.status == 422
    assert all(" – " in sentence for sentence in refused.json["wrong"])
    assert owner.file().read_bytes() == before
    shown = owner.ask("/.preview/render", json.dumps(part | {"text": mistake}).encode()).page
    assert len(shown.select("#wrong li")) > 0


def test_a_full_disk_is_told_and_nothing_is_lost(owner: Owner, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(path: Path, data: bytes) -> int:
        raise OSError(errno.ENOSPC, "No space left on device", str(path))

    part = owner.part(SENTENCE)
    before = owner.file().read_bytes()
    form = {"page": PAGE, "seen": part["seen"], "text": "A new text"}
    monkeypatch.setattr(Path, "write_bytes", full)
    refused = owner.save(part, text="Mine.")
    assert (refused.status, refused.json) == (507, {"wrong": ["the disk of this machine is full"]})
    page = owner.form(form).page
    assert "the disk of this machine is full" in page.get_text()
    assert page.select_one("textarea[name=text]").text.strip() == "A new text"  # type: ignore[union-attr]
    assert owner.file().read_bytes() == before


HOSTILE = [
    *("../../x", "en/pages/../../data/practice", "en/pages/..", "en//faq", "/etc/passwd", "en/pages/faq/x"),
    *("en/pages/faq.md", "en\\pages\\faq", "de/pages/faq", "en/data/practice", "x" * 10_000, "\0", "", "é/pages/faq"),
    *("en/pages/" + "faq/" * 3000, "data/practice", "en/pages/FAQ", "en/pages/faq\n", "en/pages/%66aq"),
]


@pytest.mark.parametrize("name", HOSTILE, ids=range(len(HOSTILE)))
def test_no_other_file_is_read_or_written(owner: Owner, name: str) -> None:
    (owner.desk.content / "data").mkdir(exist_ok=True)
    (owner.desk.content / "data" / "practice.toml").write_text("secret = 1\n")
    before, change = files_in(owner.desk.content), owner.part(SENTENCE) | {"text": "Mine."}
    answers = [
        owner.ask(f"/.preview/blocks?page={quote(name)}"),
        owner.ask(f"/.preview/text?page={quote(name)}"),
        owner.save(change, file=name),
        owner.ask("/.preview/render", json.dumps(change | {"file": name}).encode()),
        owner.form({"page": name, "seen": change["seen"], "text": "Mine."}),
    ]
    assert [answer.status for answer in answers] == [404] * 5
    assert not any("secret = 1" in answer.text for answer in answers)
    assert files_in(owner.desk.content) == before


LINES = [(-5, 3), (0, 0), (1, 3), (2, 70), (72, 10**9), (10**12, 10**12), (72, 70), (-(10**30), 10**30)]


@pytest.mark.parametrize("act", ["replace", "below", "up", "delete"])
@pytest.mark.parametrize("lines", LINES)
def test_no_other_lines_than_those_of_a_part_are_written(owner: Owner, lines: tuple[int, int], act: str) -> None:
    before, part = owner.file().read_bytes(), owner.part(SENTENCE)
    assert owner.save(part, first=lines[0], last=lines[1], act=act, text="Mine.").status in (400, 409)
    assert owner.file().read_bytes() == before


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b"null",
        b'{"file": 3}',
        b"{" * 50_000,
        b"\xff\xfe",
        b'{"file": "en/pages/faq", "seen": "", "first": "x", "last": 1}',
        b'{"file": "en/pages/faq", "seen": "", "first": 72, "last": 72, "act": "erase"}',
        b'{"file": "en/pages/faq", "seen": "", "first": 72, "last": 72, "text": "\\ud800"}',
        b'{"file": "en/pages/faq", "seen": "", "first": 72, "last": 72, "text": ["x"]}',
    ],
)
def test_what_no_page_of_ours_sends_changes_nothing(owner: Owner, body: bytes) -> None:
    before = owner.file().read_bytes()
    assert owner.ask("/.preview/save", body).status == 400
    assert owner.ask("/.preview/render", body).status == 400
    assert owner.file().read_bytes() == before


def test_a_page_without_a_text_gets_its_first(owner: Owner) -> None:
    data = owner.file().read_text()
    owner.file().write_text("---\n" + data.split("---\n")[1] + "---\n")
    whole = owner.parts()["whole"]
    told = {"file": PAGE, "seen": owner.parts()["seen"], "first": whole["first"], "last": whole["last"], "was": ""}
    assert owner.ask("/.preview/render", json.dumps(told | {"text": "First."}).encode()).page.select("#made p")
    assert owner.save(told, text="First.\n\nSecond.").status == 200
    assert owner.file().read_text() == "---\n" + data.split("---\n")[1] + "---\nFirst.\n\nSecond.\n"


def test_a_page_that_cannot_be_read_is_mended_as_a_file(owner: Owner) -> None:
    owner.edit("title: Frequently", "title: [Frequently")
    owner.edit("## Before", "{% if %}\n\n## Before")
    assert owner.ask(f"/.preview/blocks?page={PAGE}").status == 422
    page = owner.ask(f"/.preview/text?page={PAGE}").page
    assert page.select("#wrong .error")
    fields = {str(one["name"]): str(one["value"]) for one in page.select("input[name]")}
    typed = page.select_one("textarea[name=text]").text.removeprefix("\n")  # type: ignore[union-attr]
    assert typed == owner.file().read_text()
    sent = fields | {"text": typed.replace("[Freq", "Freq").replace("{% if %}\n\n", "").replace("\n", "\r\n")}
    assert owner.form(sent).status == 303
    mended = sent["text"].replace("\r\n", "\n")
    assert owner.file().read_text() == mended
    again = owner.form(sent | {"text": "Mine."}).page  # what it had seen is no longer there
    assert "Frequently asked" in again.select_one("textarea[readonly]").text  # type: ignore[union-attr]
    assert again.select_one("textarea[name=text]").text.strip() == "Mine."  # type: ignore[union-attr]
    assert owner.file().read_text() == mended
    assert owner.form({"page": PAGE, "seen": fields["seen"]}).status == 200  # nothing was sent
    assert owner.file().read_text() == mended


@pytest.mark.parametrize("ending", ["\n", "\r\n"])
def test_a_file_that_is_sent_as_it_was_stays_as_it_was(owner: Owner, ending: str) -> None:
    text = owner.file().read_text().replace("Say so", "Say\u2028so\x0b").rstrip("\n").replace("\n", ending)
    owner.file().write_bytes(("\ufeff" + text).encode())
    page = owner.ask(f"/.preview/text?page={PAGE}").page
    fields = {str(one["name"]): str(one["value"]) for one in page.select("input[name]")}
    assert owner.form(fields | {"text": text.replace(ending, "\r\n")}).status == 303
    assert owner.file().read_bytes() == ("\ufeff" + text).encode()


def test_the_bar_is_on_the_page_as_it_is_served_and_in_no_file(owner: Owner) -> None:
    built = files_in(owner.desk.root / "site")
    bar = owner.ask("/en/faq/").page.select_one("nav.desk-bar")
    assert bar is not None
    assert bar.select_one("#desk-edit[data-page='en/pages/faq']")
    assert bar.find("a", string="Other language")["href"] == "/fr/faq/"  # type: ignore[index]
    assert owner.ask("/en/faq/", lang="fr-CA,fr;q=0.8").page.select_one("nav.desk-bar[lang=fr]")
    entrance = owner.ask("/").page
    assert entrance.select_one("nav.desk-bar")
    assert not entrance.select("#desk-edit, script[src*='edit.js']")
    assert files_in(owner.desk.root / "site") == built
    owner.entered = False
    stranger = owner.ask("/en/faq/")
    assert stranger.page.select_one("nav.desk-bar a[href='/.preview/enter']")
    assert not stranger.page.select("button, template, script[src*='edit.js'], a[href*='facts']")
    assert owner.save({"file": PAGE, "seen": "", "first": 72, "last": 72}).status == 403


def test_the_bar_counts_what_is_missing_and_what_is_to_be_mended(owner: Owner) -> None:
    def said(lang: str = "en") -> list[str]:
        return [link.text for link in owner.ask("/en/faq/", lang=lang).page.select("nav.desk-bar a")]

    assert {"Facts", "Problems"} <= set(said())
    found = Problem("content/en/pages/faq.md", 72, say("a mistake"), say("Mend it."))
    state = owner.desk.preview.state
    owner.desk.preview.show(replace(state, problems=(found,), warnings=(replace(found, severity="warning"),)))
    assert "Problems (2)" in said()
    page = owner.ask("/.preview/problems").page
    places = [link["href"] for link in page.select("main .rows a")]
    assert places == ["/.preview/text?page=en/pages/faq", "/en/faq/#desk:72"]  # what stops the pages, and a remark
    assert "Frequently asked questions" in page.text


def test_each_kind_of_part_has_a_name_in_the_editor() -> None:
    """Where one had none, the script of the page would stop, and nothing on it could be chosen."""
    made = {*block_spans.KINDS.values(), *block_spans.NAMED.values(), "note", "html", "condition", "group", WHOLE}
    assert made <= KINDS.keys()
