"""`invoke serve` as a process: how it starts, restarts when code changes, and ends without leaving anything behind."""

from __future__ import annotations

import errno
import os
import re
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from plugins.problems import ROOT
from tests.tools.preview_session import PATIENCE, Session, copy_of, free_port
from tools.preview import listen

pytestmark = pytest.mark.long

PAGE = "content/en/pages/faq.md"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the project, with its caches warm after the first test."""
    return copy_of(ROOT, tmp_path_factory.mktemp("process") / "site")


@pytest.fixture
def preview(site: Path) -> Iterator[Session]:
    """A preview that the test starts; what is edited is put back."""
    session = Session(site)
    yield session
    session.kill()
    for place in (PAGE, *(file for file in CODE)):
        session.mend(place)


CODE = ["plugins/practice/formats.py", "pelicanconf.py"]


def test_the_next_port_is_taken_when_one_is_in_use(preview: Session) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", free_port()))
        other.listen()
        taken = other.getsockname()[1]
        preview.start(taken)
        assert taken < preview.port < taken + 20
        preview.ready()
        assert preview.get("/en/").status == 200


def test_no_free_port_is_told_in_plain_words(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise OSError(errno.EADDRINUSE, "in use")

    monkeypatch.setattr(socket, "create_server", refuse)
    with pytest.raises(OSError, match="ports 8000 to 8019 are all in use: choose another with --port"):
        listen("8000")


@pytest.mark.parametrize("name", ["content", "theme"])
def test_a_start_without_its_folder_is_told_until_it_is_there(preview: Session, name: str) -> None:
    """And with a home that is not there, nor can be made."""
    preview.environment |= {"HOME": "/proc/home"}
    folder, elsewhere = preview.folder / name, preview.folder / "elsewhere"
    folder.rename(elsewhere)
    try:
        preview.start()
        preview.shows("/fr/faq/", f"<code>{name}</code></p><p>ce dossier manque</p>")
        assert f"{name}: this folder is missing\n" in preview.log
    finally:
        elsewhere.rename(folder)
    preview.ready()
    preview.append(PAGE, "At last.")
    preview.shows("/en/faq/", "At last.")
    assert "Traceback" not in preview.log


def test_a_pipe_among_the_code_is_told_and_never_waited_for(preview: Session) -> None:
    pipe = preview.folder / "plugins" / "pipe.py"
    preview.start().ready()
    os.mkfifo(pipe)
    try:
        preview.shows("/en/faq/", "<code>plugins/pipe.py</code></p><p>this is no file, but a pipe or a device")
    finally:
        pipe.unlink()
    preview.hides("/en/faq/", "preview-errors")


def test_the_first_build_says_how_far_it_is(preview: Session) -> None:
    preview.start().ready()
    assert re.fullmatch(
        r"The preview is at http://127\.0\.0\.1:\d+/ – stop it with Ctrl-C\.\n"
        r"The desk opens with this link, once: http://127\.0\.0\.1:\d+/\.preview/start\?secret=[\w-]+\n"
        r"Reading the texts…\nMaking the PDFs…\nWriting \d+ pages…\nAll pages after [\d.]+ s\n",
        preview.log,
    )


def test_a_wrong_port_is_one_sentence_in_the_language_asked_for(site: Path) -> None:
    for port in ("70000", "-5", "abc"):
        command = [sys.executable, "-m", "invoke", "serve", f"--port={port}", "--lang", "fr"]
        said = subprocess.run(command, cwd=site, capture_output=True, encoding="utf-8", check=False)
        told = f"«\u00a0{port}\u00a0» n’est pas un port\u00a0: écrivez après --port un nombre de 1024 à 65535"
        assert (said.returncode, said.stdout, said.stderr.strip().replace("\u202f", "\u00a0")) == (1, "", told)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT], ids=["SIGTERM", "Ctrl-C"])
@pytest.mark.parametrize("when", ["idle", "building", "starting"])
def test_it_ends_when_asked_and_leaves_nothing(preview: Session, number: int, when: str) -> None:
    """With browsers listening, and in the middle of a build."""
    preview.start()
    if when != "starting":
        preview.ready()
        with preview.listening("/en/faq/") as events, preview.listening("/fr/faq/"):
            assert events.next() == "the same"
            if when == "building":
                preview.append(PAGE, "One more.")
                assert events.next() == "reload"  # the rest is still to be written
            assert preview.stop(number) == 0, preview.log
            assert events.next() in ("", "the same", "reload")
    else:
        assert preview.stop(number) == 0, preview.log
    assert preview.is_alone()
    assert preview.log.rstrip().endswith("The preview has stopped.")
    assert "Traceback" not in preview.log
    assert not preview.output.exists()
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", preview.port), timeout=PATIENCE)


def test_two_previews_of_one_site_do_not_meet(preview: Session) -> None:
    preview.start().ready()
    other = Session(preview.folder, log_name="other.log")
    try:
        other.start(preview.port).ready()
        assert other.port > preview.port
        assert preview.get("/en/faq/").status == other.get("/en/faq/").status == 200
        preview.append(PAGE, "In both.")
        preview.shows("/en/faq/", "In both.")
        other.shows("/en/faq/", "In both.")
        assert other.stop() == 0
        preview.append(PAGE, "In one.")
        preview.shows("/en/faq/", "In one.")
    finally:
        other.kill()


def test_two_signals_are_no_worse_than_one(preview: Session) -> None:
    preview.start().ready()
    preview.process.send_signal(signal.SIGINT)
    preview.process.send_signal(signal.SIGTERM)
    assert preview.process.wait(PATIENCE) == 0, preview.log
    assert preview.is_alone()


def test_changed_code_starts_it_again_on_the_same_port(preview: Session) -> None:
    """The process is the same, no request fails meanwhile, and browsers reload when they come back to an open desk."""
    preview.start().ready()
    link = re.search(r"(/\.preview/start\?secret=\S+)", preview.log)
    assert link
    cookie = preview.get(link[1]).headers["Set-Cookie"].partition(";")[0]
    failures: list[object] = []
    finished = threading.Event()

    def ask() -> None:
        while not finished.is_set():
            try:
                answer = preview.get("/en/articles/choosing-your-coach/")
                if answer.status != 200 or not answer.text.rstrip().endswith("</html>"):
                    failures.append(answer)
            except OSError as error:
                failures.append(error)

    tag = preview.get("/en/faq/").tag
    asker = threading.Thread(target=ask)
    asker.start()
    try:
        preview.edit("pelicanconf.py", "DEFAULT_LANG = ", "DEFAULT_LANG =  ")
        preview.edit("plugins/practice/schema_org.py", '"WebPage"', '"FAQPage"')
        preview.shows("/en/faq/", '"@type":"FAQPage"')
    finally:
        finished.set()
        asker.join(PATIENCE)
        preview.mend("plugins/practice/schema_org.py")
    assert failures == []
    assert preview.log.count("Python code has changed: starting again.") == 1
    assert preview.log.count("The preview is at") == 1
    with preview.listening("/en/faq/", tag) as events:
        assert events.next() == "reload"
    assert preview.get("/.preview/phone", Cookie=cookie).status == 200
    assert preview.process.poll() is None
    preview.append(PAGE, "After the restart.")
    preview.shows("/en/faq/", "After the restart.")
    assert preview.stop(signal.SIGINT) == 0
    assert preview.is_alone()


def test_broken_code_is_told_and_the_preview_goes_on(preview: Session) -> None:
    preview.start().ready()
    place = "plugins/practice/formats.py"
    with preview.listening("/fr/faq/") as events:
        assert events.next() == "the same"
        preview.append(place, "import nothing_of_this_name")
        assert events.next() == "reload"
    lines = (preview.folder / place).read_text(encoding="utf-8").count("\n")
    french = preview.get("/fr/faq/").text
    assert f"<code>{place}:{lines}</code>" in french
    assert "ce code ne peut pas être chargé\u00a0: ModuleNotFoundError" in french
    preview.append(PAGE, "Written meanwhile.")
    preview.shows("/en/faq/", "Written meanwhile.")
    assert "preview-errors" in preview.get("/en/faq/").text
    preview.mend(place)
    preview.hides("/en/faq/", "preview-errors")
    assert "Written meanwhile." in preview.get("/en/faq/").text


def test_settings_saved_by_renaming_are_seen_every_time(preview: Session) -> None:
    """As many editors save: a new file takes the place of the old one, whose watch would be gone with it."""
    preview.start().ready()
    path = preview.folder / "pelicanconf.py"
    good = path.read_text(encoding="utf-8")
    for text, shown in ((good + "\noops oops\n", True), (good, False), (good + "\noops(\n", True), (good, False)):
        aside = path.with_name("pelicanconf.py.aside")
        aside.write_text(text, encoding="utf-8")
        aside.replace(path)
        if shown:
            preview.shows("/en/", "preview-errors")
        else:
            preview.hides("/en/", "preview-errors")


def test_a_site_that_never_was_good_says_so_until_it_is(preview: Session) -> None:
    preview.edit(PAGE, "title: ", "titel: ")
    preview.start()
    preview.shows("/fr/faq/", "À corriger avant qu’une page puisse s’afficher")
    answer = preview.get("/en/faq/")
    assert answer.status == 503
    assert f"<code>{PAGE}:2</code>" in answer.text
    assert "No page could be built yet." in answer.text
    with preview.listening("/en/faq/") as events:
        assert events.next() == "the same"
        preview.mend(PAGE)
        assert events.next() == "reload"
    assert preview.get("/en/faq/").status == 200


def test_the_page_edited_is_on_show_before_all_pages_are(preview: Session) -> None:
    preview.start().ready()
    with preview.listening("/en/faq/") as events:
        preview.append(PAGE, "One more.")
        assert [events.next(), events.next()] == ["the same", "reload"]
    preview.until(lambda: preview.builds == 2, "the rest")
    assert re.search(r"Shown after [\d.]+ s\nAll pages after", preview.log)


@pytest.mark.skipif(not Path("/proc").is_dir(), reason="needs /proc")
def test_it_keeps_no_more_files_open_than_at_first(preview: Session) -> None:
    preview.start().ready()
    folder = f"/proc/{preview.process.pid}/fd"
    with preview.built_again():
        preview.append(PAGE, "The first.")
    before = len(os.listdir(folder))  # noqa: PTH208
    for number in range(5):
        with preview.listening("/en/faq/"), preview.built_again():
            preview.append(PAGE, f"{number}")
    preview.until(lambda: len(os.listdir(folder)) <= before + 3, "files are closed")  # noqa: PTH208
