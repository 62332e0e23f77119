"""The parts of the preview that decide what is shown: addresses, files of one build, what was read, what is added."""

from __future__ import annotations

import threading
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from urllib.request import urlopen

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plugins.hosting.headers import page_policy
from plugins.problems import Problem, say
from plugins.reader.cache import Parsed
from plugins.reader.source import Source
from plugins.shelf import Shelf
from tools.preview import server
from tools.preview.panel import added, language_of, panel
from tools.preview.preview import Preview
from tools.preview.rebuild import Draft
from tools.preview.restart import is_code, try_code
from tools.preview.server import page_tag
from tools.preview.shown import Site, State, name_of

PROBLEM = Problem("content/en/pages/a.md", 3, say("<b> & co"), say("Write it between the quotes of msgstr."))
PAGE = b'<!doctype html><html lang="fr"><head><title>T</title></head><body class="x"><p>P</p></body></html>'


@pytest.mark.parametrize(
    ("address", "name"),
    [
        ("/", "index.html"),
        ("/en/faq/", "en/faq/index.html"),
        ("/en/feed.xml", "en/feed.xml"),
        ("/fr/caf%C3%A9", "fr/café"),
        ("/.well-known/security.txt", ".well-known/security.txt"),
        ("", None),
        ("en", None),
        ("//en/", None),
        ("/en//faq", None),
        ("/../x", None),
        ("/en/..", None),
        ("/%2e%2e/x", None),
        ("/en%5cfaq", None),
        ("/C:/x", None),
        ("/a%00b", None),
        ("/%ff", None),
    ],
)
def test_the_file_of_an_address(address: str, name: str | None) -> None:
    assert name_of(address) == name


@given(st.text())
def test_no_address_leads_out_of_the_site(address: str) -> None:
    name = name_of(address)
    if name is not None:
        assert (Path("/site") / name).is_relative_to("/site")
        assert ".." not in Path(name).parts


def test_a_link_out_of_the_folder_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("secret")
    site = tmp_path / "site"
    site.mkdir()
    (site / "link").symlink_to(tmp_path / "secret")
    assert Site(site).read("link") is None
    assert Site(site).read("no/such") is None
    assert Site(site).read("a\0b") is None


def test_what_came_first_goes_before_the_build_before(tmp_path: Path) -> None:
    (tmp_path / "page.html").write_text("old")
    (tmp_path / "other.html").write_text("old")
    site = Site(tmp_path, {"page.html": b"new"})
    found = site.read("page.html"), site.read("other.html")
    assert [file and file.body for file in found] == [b"new", b"old"]


def test_a_broken_save_leaves_what_came_first_on_show(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from tools.build import Built
    from tools.preview import preview as module

    preview = Preview(tmp_path / "builds", live=True)
    preview.show(State(Site(tmp_path, {"page.html": b"new"}), drafts=(Draft("D", "/d/", "en"),)))
    monkeypatch.setattr(module, "build", lambda *_, **__: Built(None, [PROBLEM]))
    assert preview.rebuild()
    assert preview.state.site == Site(tmp_path, {"page.html": b"new"})
    assert preview.state.errors == (PROBLEM,)
    assert preview.state.drafts == (Draft("D", "/d/", "en"),)


def test_a_request_whose_build_goes_away_is_answered_from_the_next(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "page.html").write_bytes(PAGE)
    preview = Preview(tmp_path / "builds")
    preview.shown = tmp_path / "gone"
    first = server.look_up

    def look_up(state: State, address: str) -> Any:
        if preview.shown == tmp_path / "gone":
            preview.shown = tmp_path
        return first(state, address)

    monkeypatch.setattr(server, "look_up", look_up)
    opened = server.open_server(preview, 0)
    threading.Thread(target=opened.serve_forever, args=(0.01,), daemon=True).start()
    try:
        with urlopen(f"http://127.0.0.1:{opened.server_port}/page.html") as answer:
            assert answer.read() == PAGE  # with nothing added, because it is not live
    finally:
        opened.shutdown()
        opened.server_close()


def test_nothing_is_added_where_there_is_nothing_to_say() -> None:
    assert panel(State(Site(Path())), "en") == ""
    told = say("{field} is missing ({reason}){needed}", field="phone", reason="x", needed="")
    missing_fact = Problem("content/data/practice.toml", 1, told, "y", "warning")  # the page's own banner tells these
    assert panel(State(Site(Path()), warnings=(missing_fact,)), "en") == ""


def test_a_wrong_fact_is_among_the_remarks() -> None:
    told = say("{field} is wrong ({reason}){needed}", field="phone", reason="x", needed="")
    shown = panel(State(Site(Path()), warnings=(Problem("content/data/practice.toml", 1, told, "y", "warning"),)), "en")
    assert "phone is wrong" in shown


def test_the_panel_speaks_the_language_of_the_page() -> None:
    state = State(Site(Path()), (PROBLEM,), warnings=(PROBLEM,), drafts=(Draft("A <b>", "/en/drafts/a/", "en"),))
    english, french = panel(state, "en"), panel(state, "fr")
    for said in (
        "To mend: 1.",
        "Remarks: 1",
        "Drafts, which are not published: 1",
        "What to do:",
        "&lt;b&gt; &amp; co",
    ):
        assert said in english
    for said in ("À corriger\u00a0: 1.", "Remarques\u00a0: 1", "Brouillons, qui ne sont pas publiés\u00a0: 1"):
        assert said in french
    assert '<p lang="en">&lt;b&gt; &amp; co</p>' in french  # a sentence that has no French
    assert '<a href="/en/drafts/a/" lang="en" hreflang="en">A &lt;b&gt;</a>' in french


@pytest.mark.parametrize("scripts", [False, True])
def test_what_is_added_to_a_page(scripts: bool) -> None:
    policy = f'<meta http-equiv="Content-Security-Policy" content="{page_policy(b"", scripts)}"><title>'
    page = PAGE.replace(b"<title>", policy.encode())
    live = added(page, "/x", State(Site(Path()), (PROBLEM,)), "abc").decode()
    assert f'content="{page_policy(b"", scripts=True)}"' in live
    assert '<script type="module" src="/.preview/live.js?tag=abc"></script></head>' in live
    assert '<body class="x"><aside class="preview-panel" lang="fr" aria-label="Aperçu">' in live
    assert "<title>À corriger – T</title>" in live


@pytest.mark.parametrize(
    ("page", "address", "lang"),
    [(PAGE, "/en/", "fr"), (b"", "/fr/x/", "fr"), (b"", "/", "en"), (b'<html lang="de">', "/", "en")],
)
def test_the_language_of_what_is_added(page: bytes, address: str, lang: str) -> None:
    assert language_of(page, address) == lang


def test_a_page_is_another_when_anything_on_it_is(tmp_path: Path) -> None:
    (tmp_path / "index.html").write_bytes(PAGE)
    states = [
        State(),
        State(Site(tmp_path)),
        State(Site(tmp_path, {"index.html": b"<p>"})),
        State(Site(tmp_path), (PROBLEM,)),
        State(Site(tmp_path), drafts=(Draft("A", "/a/", "en"),)),
        State(Site(tmp_path), media="1"),
    ]
    assert len({page_tag(state, "/") for state in states}) == len(states)
    assert page_tag(State(Site(tmp_path)), "/") == page_tag(State(Site(tmp_path)), "/")


def test_what_was_parsed_is_kept_for_the_same_bytes_and_the_same_key() -> None:
    parsed = Parsed()
    parsed.open("facts", None)
    parsed.put("a.md", b"one", "ONE")
    assert parsed.get("a.md", b"one") == "ONE"
    assert parsed.get("a.md", b"two") is None
    assert parsed.get("b.md", b"one") is None
    parsed.open("facts", None)
    assert parsed.get("a.md", b"one") == "ONE"
    parsed.open("other facts", None)
    assert parsed.get("a.md", b"one") is None


def source(title: str) -> Source:
    return Source(title, "en", title.lower(), f"<p>{title}</p>", f"{title}.md", f"title: {title}", {"title": title})


def test_what_no_build_asked_for_is_not_saved(tmp_path: Path) -> None:
    def shelf() -> Shelf:
        return Shelf(tmp_path / "pages", "pages", "json")

    parsed = Parsed()
    parsed.open("0a", None)
    parsed.put("a.md", b"a", source("A"))
    parsed.put("b.md", b"b", source("B"))
    parsed.save(shelf())
    later = Parsed()
    later.open("0a", shelf())
    assert later.get("a.md", b"a") == source("A")
    later.save(shelf())
    last = Parsed()
    last.open("0a", shelf())
    assert last.get("b.md", b"b") is None
    assert last.get("a.md", b"a") == source("A")


def test_what_is_code(root: Path) -> None:
    code = ["plugins/x.py", "tools/messages/fr.po", "tasks.py", "pelicanconf.py"]
    assert all(is_code(str(root / place)) for place in code)
    assert not any(is_code(str(root / place)) for place in ("content/a.md", "theme/templates/a.html", "../x.py"))


def test_our_own_code_can_be_loaded() -> None:
    assert try_code() == []


def test_a_silent_end_of_the_code_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("subprocess.run", lambda *_, **__: SimpleNamespace(returncode=1, stderr=""))
    (problem,) = try_code()
    assert problem.file == "plugins"
    assert "this code cannot be loaded" in problem.message
