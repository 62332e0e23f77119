"""The parts of the preview that decide what is shown: addresses, files of one build, what was read, what is added."""

from __future__ import annotations

import errno
import mmap
import os
import re
import shutil
import socket
import subprocess
import threading
from collections.abc import Callable, Iterator
from http.client import HTTPConnection
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from urllib.request import urlopen

import pytest
import watchfiles
from hypothesis import given
from hypothesis import strategies as st

from plugins.disk_cache import DiskCache
from plugins.hosting.headers import page_policy
from plugins.problems import ROOT, Problem, say, unreadable_files
from plugins.reader.cache import Parsed
from plugins.reader.source import Source
from tests.tools.preview_session import PATIENCE, until
from tools.preview import Server, app, listen
from tools.preview import watcher as watcher_module
from tools.preview.app import page_tag
from tools.preview.panel import added, language_of, panel
from tools.preview.preview import Preview
from tools.preview.restart import is_code, try_code
from tools.preview.server import addresses
from tools.preview.state import Draft, ShownBuild, State, name_of
from tools.preview.watcher import Watcher

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
    assert ShownBuild(site).read("link") is None
    assert ShownBuild(site).read("no/such") is None
    assert ShownBuild(site).read("a\0b") is None


def test_what_came_first_goes_before_the_build_before(tmp_path: Path) -> None:
    (tmp_path / "page.html").write_text("old")
    (tmp_path / "other.html").write_text("old")
    site = ShownBuild(tmp_path, {"page.html": b"new"})
    found = site.read("page.html"), site.read("other.html")
    assert [file and file.body for file in found] == [b"new", b"old"]


def test_a_broken_save_leaves_what_came_first_on_show(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from tools.build import Built
    from tools.preview import preview as module

    preview = Preview(tmp_path / "builds", live=True)
    preview.show(State(ShownBuild(tmp_path, {"page.html": b"new"}), drafts=(Draft("D", "/d/", "en"),)))
    monkeypatch.setattr(module, "build", lambda *_, **__: Built(None, [PROBLEM]))
    assert preview.rebuild()
    assert preview.state.site == ShownBuild(tmp_path, {"page.html": b"new"})
    assert preview.state.errors == (PROBLEM,)
    assert preview.state.drafts == (Draft("D", "/d/", "en"),)


def test_a_request_whose_build_goes_away_is_answered_from_the_next(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "page.html").write_bytes(PAGE)
    preview = Preview(tmp_path / "builds")
    preview.shown = tmp_path / "gone"
    first = app.look_up

    def look_up(state: State, address: str) -> Any:
        if preview.shown == tmp_path / "gone":
            preview.shown = tmp_path
        return first(state, address)

    monkeypatch.setattr(app, "look_up", look_up)
    with listen("0") as listening:
        server = Server(preview, listening)
        server.start()
        with urlopen(f"http://127.0.0.1:{listening.getsockname()[1]}/page.html") as answer:
            assert answer.read() == PAGE  # with nothing added, because it is not live
        server.stop()


def test_nothing_is_added_where_there_is_nothing_to_say() -> None:
    assert panel(State(ShownBuild(Path())), "en") == ""
    told = say("{field} is missing ({reason}){needed}", field="phone", reason="x", needed="")
    missing_fact = Problem("content/data/practice.toml", 1, told, "y", "warning")  # the page's own banner tells these
    assert panel(State(ShownBuild(Path()), warnings=(missing_fact,)), "en") == ""


def test_a_wrong_fact_is_among_the_remarks() -> None:
    told = say("{field} is wrong ({reason}){needed}", field="phone", reason="x", needed="")
    shown = panel(
        State(ShownBuild(Path()), warnings=(Problem("content/data/practice.toml", 1, told, "y", "warning"),)), "en"
    )
    assert "phone is wrong" in shown


def test_the_panel_speaks_the_language_of_the_page() -> None:
    state = State(ShownBuild(Path()), (PROBLEM,), warnings=(PROBLEM,), drafts=(Draft("A <b>", "/en/drafts/a/", "en"),))
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
    live = added(page, "/x", State(ShownBuild(Path()), (PROBLEM,)), "abc").decode()
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
        State(ShownBuild(tmp_path)),
        State(ShownBuild(tmp_path, {"index.html": b"<p>"})),
        State(ShownBuild(tmp_path), (PROBLEM,)),
        State(ShownBuild(tmp_path), drafts=(Draft("A", "/a/", "en"),)),
        State(ShownBuild(tmp_path), media="1"),
    ]
    assert len({page_tag(state, "/") for state in states}) == len(states)
    assert page_tag(State(ShownBuild(tmp_path)), "/") == page_tag(State(ShownBuild(tmp_path)), "/")


def test_what_was_parsed_is_kept_for_the_same_bytes_and_the_same_key() -> None:
    parsed = Parsed()
    parsed.open("facts", None)
    parsed.put("a.md", b"one", one := object())
    assert parsed.get("a.md", b"one") is one
    assert parsed.get("a.md", b"two") is None
    assert parsed.get("b.md", b"one") is None
    parsed.open("facts", None)
    assert parsed.get("a.md", b"one") is one
    parsed.open("other facts", None)
    assert parsed.get("a.md", b"one") is None


def source(title: str) -> Source:
    return Source(title, "en", title.lower(), f"<p>{title}</p>", f"{title}.md", f"title: {title}", {"title": title})


def test_what_no_build_asked_for_is_not_saved(tmp_path: Path) -> None:
    def disk() -> DiskCache:
        return DiskCache(tmp_path / "pages", "pages", "json")

    parsed = Parsed()
    parsed.open("0a", None)
    parsed.put("a.md", b"a", source("A"))
    parsed.put("b.md", b"b", source("B"))
    parsed.save(disk())
    later = Parsed()
    later.open("0a", disk())
    assert later.get("a.md", b"a") == source("A")
    later.save(disk())
    last = Parsed()
    last.open("0a", disk())
    assert last.get("b.md", b"b") is None
    assert last.get("a.md", b"a") == source("A")


def test_what_is_code(root: Path) -> None:
    code = ["plugins/x.py", "plugins/problems/fr.po", "tasks.py", "pelicanconf.py"]
    assert all(is_code(str(root / place)) for place in code)
    assert not any(is_code(str(root / place)) for place in ("content/a.md", "theme/templates/a.html", "../x.py"))


def test_our_own_code_can_be_loaded() -> None:
    assert try_code() == []


def test_a_silent_end_of_the_code_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    def run(*_: object, **__: object) -> None:
        raise subprocess.CalledProcessError(1, "python", stderr="")

    monkeypatch.setattr("subprocess.run", run)
    (problem,) = try_code()
    assert problem.file == "plugins"
    assert "this code cannot be loaded" in problem.message


@pytest.mark.parametrize(
    ("host", "address", "known"),
    [
        ("localhost:8000", "127.0.0.1", True),
        ("LOCALHOST:8000", "127.0.0.1", True),
        ("127.0.0.1:8000", "127.0.0.1", True),
        ("[::1]:8000", "::1", True),
        ("192.168.1.7:8000", "192.168.1.7", True),  # a phone, with --host 0.0.0.0
        ("192.168.1.7:8000", "::ffff:192.168.1.7", True),
        ("[fe80::1]:8000", "fe80::1%eth0", True),
        (f"{app.MACHINE}:8000", "192.168.1.7", True),
        (f"{app.MACHINE}.local:8000", "192.168.1.7", True),
        ("192.168.1.8:8000", "192.168.1.7", False),
        ("93.184.216.34:8000", "127.0.0.1", False),
        ("0.0.0.0:8000", "127.0.0.1", False),
        ("attacker.example:8000", "127.0.0.1", False),
        ("attacker.example:8000", "192.168.1.7", False),
        ("attacker.example", "127.0.0.2", False),
        ("127.0.0.1.attacker.example:8000", "127.0.0.1", False),
        ("localhost.attacker.example:8000", "127.0.0.1", False),
        ("attackerlocalhost:8000", "127.0.0.1", False),
        ("localhost@attacker.example:8000", "127.0.0.1", False),
        ("localhost", "127.0.0.1", False),  # which is port 80
        ("localhost:8001", "127.0.0.1", False),
        ("localhost:99999", "127.0.0.1", False),
        ("[evil]:8000", "127.0.0.1", False),
        ("[::1", "::1", False),
        ("", "127.0.0.1", False),
    ],
)
def test_which_host_is_this_machine(host: str, address: str, known: bool) -> None:
    assert app.means_us(host, address, 8000) is known


@pytest.mark.parametrize("host", ["127.0.0.1", "0.0.0.0"])
def test_wherever_it_listens_a_foreign_name_reads_nothing(tmp_path: Path, host: str) -> None:
    (tmp_path / "index.html").write_bytes(PAGE)
    preview, before = Preview(tmp_path / "builds", live=True), set(threading.enumerate())
    preview.shown = tmp_path
    with listen("0", host) as listening:
        server, port = Server(preview, listening), listening.getsockname()[1]
        server.start()

        def ask(path: str, asked: str) -> tuple[int, bytes]:
            connection = HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
            connection.request("GET", path, headers={"Host": asked, "Origin": "http://attacker.example"})
            answer = connection.getresponse()
            assert answer.getheader("Access-Control-Allow-Origin") is None
            read = answer.status, answer.read()
            connection.close()
            return read

        for foreign in ("attacker.example", f"attacker.example:{port}", f"192.0.2.1:{port}", f"{host}.:{port}"):
            for path in ("/", "/.preview/events?page=/&tag=x"):
                assert ask(path, foreign) == (421, b"This preview is for the machine it runs on.\n")
        for own in (f"localhost:{port}", f"127.0.0.1:{port}", f"{app.MACHINE}:{port}"):
            status, body = ask("/", own)
            assert status == 200
            assert b"<p>P</p>" in body
        server.stop()
    assert not set(threading.enumerate()) - before


@given(st.text())
def test_any_host_can_be_asked_for(host: str) -> None:
    assert app.means_us(host, "127.0.0.1", 8000) in (True, False)


@pytest.mark.parametrize("port", ["70000", "65536", "-5", "abc", "", "8000.5", "8000 8001"])
def test_what_is_no_port_is_told(port: str) -> None:
    with pytest.raises(OSError, match=f"^“{port}” is no port: write a number from 1024 to 65535 after --port$"):
        listen(port)


@pytest.mark.parametrize("host", ["", "no such name", "a" * 300, "a..b", "a\0b"])
def test_what_is_no_host_is_told(host: str, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = socket.getaddrinfo

    def getaddrinfo(name: str, *args: Any, **kwargs: Any) -> Any:
        if name == "no such name":  # which a test does not ask the network about
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        return asked(name, *args, **kwargs)

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    with pytest.raises(OSError, match=r"^there is no address “.*”: leave out --host, or write --host 0\.0\.0\.0$"):
        listen("0", host)


@pytest.mark.parametrize(
    ("number", "told"),
    [
        (errno.EADDRNOTAVAIL, "“192.0.2.1” is not an address of this machine: leave out --host"),
        (errno.EACCES, "port 80 is kept for the system: choose one from 1024 upwards with --port"),
        (errno.ENOBUFS, "nothing can be served at 192.0.2.1, port 80: so it is"),
    ],
)
def test_what_the_system_refuses_is_told(number: int, told: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise OSError(number, "so it is")

    monkeypatch.setattr(socket, "create_server", refuse)
    with pytest.raises(OSError, match=f"^{re.escape(told)}"):
        listen("80", "192.0.2.1")


def test_no_port_above_the_last_is_tried(monkeypatch: pytest.MonkeyPatch) -> None:
    tried: list[int] = []

    def refuse(address: tuple[str, int], **_: object) -> None:
        tried.append(address[1])
        raise OSError(errno.EADDRINUSE, "in use")

    monkeypatch.setattr(socket, "create_server", refuse)
    with pytest.raises(OSError, match="ports 65530 to 65535 are all in use"):
        listen("65530")
    assert tried == list(range(65530, 65536))


@pytest.mark.parametrize(
    ("host", "family", "found"),
    [
        ("127.0.0.1", socket.AF_INET, ["http://127.0.0.1:8000/"]),
        ("::1", socket.AF_INET6, ["http://[::1]:8000/"]),
        ("0.0.0.0", socket.AF_INET, ["http://localhost:8000/", "http://192.168.1.7:8000/"]),
        ("::", socket.AF_INET6, ["http://localhost:8000/", "http://[fd00::7]:8000/"]),
    ],
)
def test_where_a_browser_finds_it(host: str, family: int, found: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    class Asked:
        def __init__(self, family: int, kind: int) -> None:
            self.own = "fd00::7" if family == socket.AF_INET6 else "192.168.1.7"

        def __enter__(self) -> Asked:
            return self

        def __exit__(self, *_: object) -> None: ...

        def connect(self, address: tuple[str, int]) -> None:
            assert address[0] in ("192.0.2.1", "2001:db8::1")

        def getsockname(self) -> tuple[str, int]:
            return self.own, 0

    monkeypatch.setattr(socket, "socket", Asked)
    assert addresses(SimpleNamespace(family=family, getsockname=lambda: (host, 8000, 0, 0))) == found  # type: ignore[arg-type]


@pytest.fixture
def watched(tmp_path: Path) -> Iterator[tuple[Path, Watcher]]:
    """A small project below a folder whose changes nobody would look at, and its watcher."""
    root = tmp_path / "output" / ".venv" / "node_modules"
    (root / "content" / "en").mkdir(parents=True)
    (root / "settings.py").touch()
    before = set(threading.enumerate())
    watcher = Watcher(root, ("content", "theme", "settings.py"))
    yield root, watcher
    watcher.stop()
    assert not set(threading.enumerate()) - before


def seen(watcher: Watcher, path: Path) -> None:
    """Wait until a change of `path`, or of a folder that it is in, has been seen."""
    found: set[str] = set()

    def arrived() -> bool:
        found.update(watcher.take(timeout=1))
        return any(path.is_relative_to(one) for one in found)

    until(arrived, f"{path} is seen")


def test_what_is_watched_wherever_the_project_is(watched: tuple[Path, Watcher]) -> None:
    root, watcher = watched
    for name in ("content/en/a.md", "settings.py", "content/en/a.md"):
        (root / name).write_text("text", encoding="utf-8")
        seen(watcher, root / name)


def beside(file: Path, name: str) -> Path:
    """A file beside `file` with a new text, as editors write one before it takes the place of the other."""
    other = file.with_name(name)
    other.write_text("a new text", encoding="utf-8")
    return other


def at_its_end(file: Path) -> None:
    with file.open("a", encoding="utf-8") as opened:
        opened.write("more")


def backed_up(file: Path) -> None:
    file.rename(file.with_name(f"{file.name}~"))
    file.write_text("a new text", encoding="utf-8")


def removed_first(file: Path) -> None:
    file.unlink()
    file.write_text("a new text", encoding="utf-8")


def cut_short(file: Path) -> None:
    with file.open("r+b") as opened:
        opened.truncate(0)
        opened.flush()
        opened.write(b"a new text")


def in_the_middle(file: Path) -> None:
    with file.open("r+b") as opened:
        opened.seek(1)
        opened.write(b"X")


def mapped(file: Path) -> None:
    with file.open("r+b") as opened, mmap.mmap(opened.fileno(), 0) as memory:
        memory[0:1] = b"Y"
        memory.flush()
    os.utime(file)


def replaced_by_a_link(file: Path) -> None:
    other = beside(file, ".other")
    file.unlink()
    os.link(other, file)


SAVES: dict[str, Callable[[Path], object]] = {
    "written over": lambda file: file.write_text("a new text", encoding="utf-8"),
    "written after its end": at_its_end,
    "another renamed over it": lambda file: beside(file, ".a.md.swp").rename(file),
    "another replaced it": lambda file: beside(file, "a.md.tmp").replace(file),
    "copied over": lambda file: shutil.copyfile(beside(file, "a.md.part"), file),
    "the old one kept aside": backed_up,
    "removed and written": removed_first,
    "cut short and written": cut_short,
    "changed in its middle": in_the_middle,
    "through memory": mapped,
    "another linked in its place": replaced_by_a_link,
}


@pytest.mark.parametrize("how", SAVES)
def test_however_a_file_is_saved_it_is_seen(watched: tuple[Path, Watcher], how: str) -> None:
    root, watcher = watched
    file = root / "content" / "en" / "a.md"
    file.write_text("text", encoding="utf-8")
    seen(watcher, file)
    for _ in range(2):
        while watcher.take(timeout=0.2):
            pass
        SAVES[how](file)
        seen(watcher, file)


def test_a_folder_that_comes_goes_and_comes_back_is_watched(watched: tuple[Path, Watcher]) -> None:
    root, watcher = watched
    for _ in range(2):
        (root / "theme").mkdir()
        seen(watcher, root / "theme")
        (root / "theme" / "a.html").write_text("text", encoding="utf-8")
        seen(watcher, root / "theme" / "a.html")
        (root / "theme").rename(root / "aside")
        seen(watcher, root / "theme")
        (root / "aside" / "a.html").unlink()
        (root / "aside").rmdir()
    (root / "content").rename(root / "aside")
    (root / "content").symlink_to("aside", target_is_directory=True)
    seen(watcher, root / "content")
    (root / "aside" / "b.md").write_text("text", encoding="utf-8")
    seen(watcher, root / "content" / "b.md")


def test_where_there_are_no_more_watches_files_are_looked_at(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def watch(*paths: Path, force_polling: bool | None, **options: Any) -> Any:
        if not force_polling:
            raise OSError("OS file watch limit reached.")
        return watchfiles.watch(*paths, force_polling=True, poll_delay_ms=20, **options)

    monkeypatch.setattr(watcher_module, "watch", watch)
    (tmp_path / "content").mkdir()
    watcher = Watcher(tmp_path, ("content",))
    try:
        seen(watcher, tmp_path / "content")  # what was saved before it looked
        (tmp_path / "content" / "a.md").write_text("text", encoding="utf-8")
        seen(watcher, tmp_path / "content" / "a.md")
    finally:
        watcher.stop()


def test_what_a_build_cannot_read_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    content = tmp_path / "content"
    for folder in ("closed", "images", "elsewhere/deep", "synced", "page.md"):
        (content / folder).mkdir(parents=True)
    for name, target in {
        "ring": ".",
        "elsewhere/deep/ring": "../..",
        "above": str(ROOT.parent),
        "there": "../content/synced",
        "nowhere": "gone",
        "itself": "itself",
        "null": os.devnull,
        ".#lock": "editor@machine.1:2",
        "images/ring": ".",
        "images/nowhere": "gone",
    }.items():
        (content / name).symlink_to(target)
    os.mkfifo(content / "pipe.md")
    os.mkfifo(content / "images" / "pipe.png")
    listed = os.scandir

    def scandir(folder: Path) -> Any:
        if folder.name == "closed":
            raise PermissionError(errno.EACCES, "Permission denied")
        return listed(folder)

    monkeypatch.setattr(os, "scandir", scandir)
    found = unreadable_files({"PATH": content, "THEME": tmp_path / "theme"})
    pipe = "this is no file, but a pipe or a device, and cannot be read"
    assert [(str(problem.file).removeprefix(f"{tmp_path}/"), str(problem.message)) for problem in found] == [
        ("content/above", "this link leads back to a folder that it is in"),
        ("content/closed", "this folder cannot be read: this account may not read it"),
        ("content/elsewhere/deep/ring", "this link leads back to a folder that it is in"),
        ("content/images/pipe.png", pipe),
        ("content/itself", "this link leads nowhere"),
        ("content/nowhere", "this link leads nowhere"),
        ("content/null", pipe),
        ("content/page.md", "this is a folder, and has the name of a file"),
        ("content/pipe.md", pipe),
        ("content/ring", "this link leads back to a folder that it is in"),
        ("theme", "this folder is missing"),
    ]


def test_a_build_and_a_check_tell_it_and_open_nothing(tmp_path: Path) -> None:
    from tools.build import build
    from tools.check import check

    os.mkfifo(tmp_path / "pipe.md")
    overrides = {"PATH": str(tmp_path)}
    built = build(tmp_path / "site", overrides=overrides)
    found = check(overrides=overrides)
    assert [Path(problem.file).name for problem in built.problems] == ["pipe.md"]
    assert [Path(finding.problem.file).name for finding in found] == ["pipe.md"]


def test_whatever_goes_wrong_in_a_build_the_preview_goes_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from tools.preview import preview as module

    def build(*_: object, **__: object) -> None:
        raise RuntimeError("nobody foresaw this")

    preview = Preview(tmp_path / "builds", live=True)
    monkeypatch.setattr(module, "build", build)
    assert preview.rebuild()
    assert [problem.message for problem in preview.state.errors] == ["RuntimeError: nobody foresaw this"]


def test_code_that_cannot_even_be_tried_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    def run(*_: object, **__: object) -> None:
        raise FileNotFoundError(errno.ENOENT, "No such file or directory", "python")

    monkeypatch.setattr("subprocess.run", run)
    (problem,) = try_code()
    assert "this code cannot be loaded: [Errno 2] No such file or directory" in problem.message
