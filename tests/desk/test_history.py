"""What was changed is told in words, and each change can be put back by itself."""

from __future__ import annotations

import json
import re
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from http.client import HTTPConnection
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlencode

import pytest
from bs4 import BeautifulSoup
from pelican.contents import Page

from plugins.build import build_of
from plugins.i18n.languages import Site
from plugins.practice.facts import load_facts
from plugins.problems import in_language, say
from plugins.reader.source import source_of
from tests.desk.saves import project
from tests.tools.preview_session import PATIENCE
from tools.build import settings_for
from tools.desk.desk import Desk
from tools.desk.history import history
from tools.desk.history.history import Touched, before_and_after, entries, entry_of, put_back, without
from tools.desk.history.history_pages import ROUTES, with_text
from tools.desk.history.saving import digest, notice, save
from tools.desk.keys import Keys
from tools.preview import Preview, Server, listen
from tools.preview.app import application

PAGE = "content/en/pages/a.md"


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """A small project with a history."""
    return project(tmp_path / "site")


def write(desk: Desk, data: bytes | None, words: str = "The text was changed", name: str = PAGE, **values: Any) -> str:
    """A save of the owner's; its entry."""
    path = desk.root / name
    now = path.read_bytes() if path.exists() else None
    return save(desk, {path: data}, {path: digest(now)}, say(words, **values)).entry


def told(desk: Desk, page: str | None = None) -> list[str]:
    return [str(entry.what) for entry in entries(desk, page)]


def test_each_change_is_told_in_words_in_either_language(desk: Desk) -> None:
    write(desk, b"one\n", "Remarks: {count}", count=say("Drafts, which are not published: {count}", count=3))
    entry = entries(desk)[0]
    assert str(entry.what) == "Remarks: Drafts, which are not published: 3"
    assert in_language(entry.what, "fr") == "Remarques\u00a0: Brouillons, qui ne sont pas publiés\u00a0: 3"
    assert entry.files == (PAGE,)
    assert before_and_after(desk, entry, PAGE) == (b"old\n", b"one\n")


def test_what_changed_elsewhere_is_noticed_when_the_history_is_looked_at(desk: Desk) -> None:
    (desk.root / PAGE).write_bytes(b"by an editor\n")
    assert told(desk) == ["Changed outside the desk", "The history begins"]


def test_the_same_change_within_minutes_is_one_entry_and_is_put_back_as_one(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    for text in (b"o", b"on", b"one\n"):
        write(desk, text)
    newest = entries(desk)[0]
    assert told(desk) == ["The text was changed", "The history begins"]
    assert before_and_after(desk, entry_of(desk, newest.id), PAGE) == (b"old\n", b"one\n")
    put_back(desk, newest)
    assert (desk.root / PAGE).read_bytes() == b"old\n"
    monkeypatch.setattr(history, "BURST", timedelta(0))
    assert told(desk)[1:4] == ["The text was changed"] * 3


def test_one_page_has_its_own_list_and_lists_go_on(desk: Desk) -> None:
    for number in range(4):
        write(desk, b"%d\n" % number, f"Number {number}")
    write(desk, None, "Away", "content/en/pages/gone.md")
    assert told(desk, "content/en/pages/gone.md") == ["Away", "The history begins"]
    first = entries(desk, count=2)
    assert [str(entry.what) for entry in first] == ["Away", "Number 3"]
    assert [str(entry.what) for entry in entries(desk, start=first[-1].id, count=2)] == ["Number 2", "Number 1"]


LINES = b"---\nmodified: 1\n---\none\ntwo\nthree\nfour\n"


def test_only_that_change_is_put_back_and_can_be_done_again(desk: Desk) -> None:
    write(desk, LINES, "Begun")
    write(desk, LINES.replace(b"two", b"TWO").replace(b": 1", b": 2"), "Two")
    write(desk, LINES.replace(b"two", b"TWO").replace(b": 1", b": 3").replace(b"three", b"THREE"), "Three")
    put_back(desk, entries(desk)[1])
    only_three = LINES.replace(b"three", b"THREE").replace(b": 1", b": 3")
    assert (desk.root / PAGE).read_bytes() == only_three
    put_back(desk, entries(desk)[0])
    assert (desk.root / PAGE).read_bytes() == only_three.replace(b"two", b"TWO")
    put_back(desk, entries(desk)[0])
    assert told(desk)[:3] == ["Undone: Two", "Done again: Two", "Undone: Two"]


def test_where_the_same_lines_changed_again_nothing_is_put_back_unless_the_owner_wants_it(desk: Desk) -> None:
    write(desk, LINES.replace(b"two", b"2"), "First")
    write(desk, LINES.replace(b"two", b"II"), "Second")
    first = entries(desk)[1]
    with pytest.raises(Touched) as touched:
        put_back(desk, first)
    assert touched.value.files == [PAGE]
    assert (desk.root / PAGE).read_bytes() == LINES.replace(b"two", b"II")
    put_back(desk, first, as_then=True)
    assert (desk.root / PAGE).read_bytes() == b"old\n"


def test_a_page_that_came_or_went_is_put_back_too(desk: Desk) -> None:
    write(desk, b"new\n", "Came", "content/en/pages/new.md")
    write(desk, None, "Went", "content/en/pages/gone.md")
    put_back(desk, entries(desk)[0])
    put_back(desk, entries(desk)[2])
    assert sorted(file.name for file in (desk.root / "content/en/pages").iterdir()) == ["a.md", "gone.md"]


@pytest.mark.parametrize("end", [b"\n", b"\r\n"])
def test_line_endings_stay(end: bytes) -> None:
    before, after, now = (end.join(text.split()) for text in (b"a b c d", b"a B c d", b"a B c D"))
    assert without(before, after, now) == end.join([b"a", b"b", b"c", b"D"])


def test_an_unknown_entry_is_an_error_to_tell(desk: Desk) -> None:
    for name in ("", "x", "0" * 40, "../../HEAD"):
        with pytest.raises(LookupError):
            entry_of(desk, name)
    with pytest.raises(LookupError):
        put_back(desk, entries(desk)[-1])


# The pages


FAQ, OTHER = "content/en/pages/faq.md", "content/en/pages/other.md"
TEXT = """\
---
title: {title}
slug: faq
description: A sentence that says what the reader finds on the page, long enough for a search engine.
modified: 2026-11-24
---
A paragraph with a [link]({{filename}}other.md) and {words}.

Another paragraph by {{{{ trade_name }}}}.
"""
SHOWN = (
    '<!doctype html><html lang="en"><head><title>T</title></head><body class="page"><h1>As it is</h1>'
    '<div class="prose"><div><p>As it is.</p></div></div><div class="foot">Foot</div></body></html>'
)


@dataclass
class Pages:
    """The desk's pages of the history over HTTP, for a site of one page."""

    desk: Desk
    port: int

    def ask(self, address: str, **form: str) -> tuple[int, str, BeautifulSoup]:
        """The status, where it leads, and the page; with a form, by POST."""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        kind = {"Content-Type": "application/x-www-form-urlencoded", "Accept-Language": "en"}
        connection.request("POST" if form else "GET", f"/.preview/history{address}", urlencode(form) or None, kind)
        answer = connection.getresponse()
        page = BeautifulSoup(answer.read(), "html.parser")
        connection.close()
        return answer.status, answer.getheader("Location", ""), page

    def words(self, address: str) -> str:
        status, _, page = self.ask(address)
        assert status == 200, page
        assert page.main
        return " ".join(page.main.get_text(" ").split())


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory, fictitious: Path) -> Iterator[Pages]:
    """See Pages. Its history: the beginning, a page changed twice, the facts changed."""
    folder = tmp_path_factory.mktemp("site")
    (folder / "content/en/pages").mkdir(parents=True)
    settings = settings_for(folder / "output", False, fictitious, {"PATH": str(folder / "content")})
    load_facts(SimpleNamespace(settings=settings))
    build, preview = build_of(settings), Preview(folder / "builds")
    build.site = Site(build)
    context: dict[str, Any] = {"generated_content": {}, "static_content": {}}
    for name in ("faq", "other"):
        metadata = {"title": name, "lang": "en", "key": name, "url": f"en/{name}/", "save_as": f"en/{name}/index.html"}
        source = str(folder / f"content/en/pages/{name}.md")
        page = Page("", metadata, settings | {"PAGE_URL": "en/{slug}/"}, source, context)
        page.key, page.override_url, page.override_save_as = name, metadata["url"], metadata["save_as"]
        context["generated_content"][f"en/pages/{name}.md"] = page
    build.site.fill(list(context["generated_content"].values()))
    preview.build, preview.shown = build, folder / "shown"
    (folder / "shown/en/faq").mkdir(parents=True)
    (folder / "shown/en/faq/index.html").write_text(SHOWN)
    desk = Desk(preview, folder)
    (folder / FAQ).write_text(TEXT.format(title="Questions", words="old words"))
    source_of(folder / FAQ, (folder / FAQ).read_bytes(), build)  # as a build has done, with a parser of its own
    notice(desk)
    write(desk, TEXT.format(title="Questions", words="new words").encode(), "The words were changed", FAQ)
    write(desk, TEXT.format(title="Answers", words="new words").encode(), "The title was changed", FAQ)
    for number in ("1", "2"):
        write(desk, f'phone = "{number}"\n# remark\n'.encode(), f"Phone {number}", "content/data/practice.toml")
    app = application(preview, ROUTES)
    app.state.desk, app.state.keys = desk, Keys(folder / "keys")
    with listen("0") as listening:
        server = Server(preview, listening, app)
        server.start()
        yield Pages(desk, listening.getsockname()[1])
        server.stop()


def test_the_history_lists_days_times_sentences_and_pages(pages: Pages) -> None:
    words = pages.words("")
    assert re.search(r"2026|20\d\d", words)
    assert words.index("Phone 2") < words.index("The title was changed") < words.index("The words were changed")
    assert "Answers (EN)" in words
    assert "Facts about the practice" in words
    only = pages.words("?page=en/pages/faq")
    assert "What was changed in “Answers”" in only
    assert "Phone" not in only


def id_of(pages: Pages, what: str) -> str:
    return next(entry.id for entry in entries(pages.desk) if str(entry.what) == what)


def test_a_change_is_shown_by_words_with_text_for_who_does_not_see_colours(pages: Pages) -> None:
    _, _, page = pages.ask(f"/{id_of(pages, 'The words were changed')}")
    (taken,), (put,) = page.find_all("del"), page.find_all("ins")
    assert taken.get_text() == "[taken out: old]"
    assert put.get_text() == "[put in: new]"
    assert "Another paragraph" not in page.get_text()
    title = pages.words(f"/{id_of(pages, 'The title was changed')}")
    assert "Title [taken out: Questions ] [put in: Answers ]" in title
    facts = pages.words(f"/{id_of(pages, 'Phone 2')}")
    assert "Telephone [taken out: 1 ] [put in: 2 ]" in facts
    assert "remark" not in facts


@pytest.mark.parametrize(("side", "words"), [("before", "old"), ("after", "new")])
def test_a_page_is_seen_as_it_was_with_a_banner(pages: Pages, side: str, words: str) -> None:
    status, _, page = pages.ask(f"/{id_of(pages, 'The words were changed')}/{side}?page={FAQ}")
    assert status == 200
    prose, banner = page.find(class_="prose"), page.find(class_="desk-version")
    assert prose
    assert banner
    assert f"link and {words} words." in " ".join(prose.get_text().split())
    assert prose.a
    assert prose.a["href"] == "/en/other/"
    assert "As it is" not in page.get_text()
    assert "Foot" in page.get_text()
    assert f"{side} this change: The words were changed" in " ".join(banner.get_text().split())


@pytest.mark.parametrize("address", ["/x", "/x/before?page=y", f"/{'0' * 40}", f"?start={'0' * 40}"])
def test_what_is_not_there_is_said(pages: Pages, address: str) -> None:
    status, _, page = pages.ask(address)
    assert status == 404
    assert "The history has no such change" in page.get_text()


def test_put_back_by_a_button_leads_to_what_it_did(pages: Pages) -> None:
    words = id_of(pages, "The words were changed")
    status, address, _ = pages.ask("/put-back", entry=words)
    assert status == 303
    assert "Undone: The words were changed" in pages.words(address.removeprefix("/.preview/history"))
    assert (pages.desk.root / FAQ).read_text() == TEXT.format(title="Answers", words="old words")
    write(pages.desk, TEXT.format(title="Answers", words="yet others").encode(), "Again", FAQ)
    status, _, page = pages.ask("/put-back", entry=words)
    assert status == 409
    alert = page.find(role="alert")
    assert alert
    assert "the same lines were changed again since" in alert.get_text()
    assert "yet others" in (pages.desk.root / FAQ).read_text()
    asked = urllib.request.Request(
        f"http://127.0.0.1:{pages.port}/.preview/history/put-back",
        json.dumps({"entry": words}).encode(),
        {"Content-Type": "application/json"},
    )
    with pytest.raises(HTTPError) as refused, urllib.request.urlopen(asked):
        pass
    assert json.load(refused.value) == {"place": f"/.preview/history/{words}"}
    assert pages.ask("/put-back", entry=words, **{"as-then": "yes"})[0] == 303
    assert (pages.desk.root / FAQ).read_text() == TEXT.format(title="Questions", words="old words")


def test_the_text_of_a_page_ends_where_its_box_ends() -> None:
    assert with_text('<h1 id="a">T</h1><div class="prose"><div>x</div></div>Y', "<T>", "<p>n</p>") == (
        '<h1 id="a">&lt;T&gt;</h1><div class="prose"><p>n</p></div>Y'
    )
