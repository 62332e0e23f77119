"""How the owner comes to her desk: by a double click, which opens the browser at the one that runs, or at a new one."""

from __future__ import annotations

import http.client
import json
import os
import re
import shutil
import signal
import subprocess
import webbrowser
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread
from urllib.parse import urlsplit

import pytest

from plugins.problems import ROOT
from tests.tools.preview_session import PATIENCE, until
from tools import install
from tools.desk import start
from tools.desk.keys import Keys, private

SCRIPTS = ["start.sh", "start.command", "start.bat", "Human Trajectory Makers.desktop"]


def link_environment(folder: Path) -> None:
    """That of these tests in the project at `folder`, as if the lock had been installed there: nothing is fetched."""
    (folder / ".venv").mkdir()
    for part in (ROOT / ".venv").resolve().iterdir():
        if part.name != install.STAMP.name:
            (folder / ".venv" / part.name).symlink_to(part)
    (folder / ".venv" / install.STAMP.name).write_text(install.digest(folder / "requirements.txt"))


class Project:
    """The project's code without its pages, in a folder with a space and an accent, and a browser that takes notes."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.noted = folder / "Été 2026" / "site", folder / "noted"
        for name in ("plugins", "tools"):
            shutil.copytree(ROOT / name, self.folder / name)
        for name in ("pelicanconf.py", "publishconf.py", "tasks.py", "requirements.txt", *SCRIPTS):
            shutil.copy(ROOT / name, self.folder / name)
        link_environment(self.folder)
        browser = folder / "browser"
        browser.write_text(f"#!/bin/sh\nprintf '%s\\n' \"$1\" >>'{self.noted}'\n")
        browser.chmod(0o755)
        elsewhere = {"CI", "SSH_CONNECTION", "LC_ALL", "LC_MESSAGES"}
        self.environment = {name: value for name, value in os.environ.items() if name not in elsewhere}
        self.environment |= {"BROWSER": str(browser), "DISPLAY": ":0", "LANG": "en_GB.UTF-8"}

    def command(self, *arguments: str) -> list[str]:
        return ["sh", str(self.folder / "start.sh"), *arguments]

    def run(self, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
        """A start that ends by itself."""
        return subprocess.run(
            self.command(*arguments),
            cwd="/",
            env=self.environment | environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            encoding="utf-8",
            timeout=PATIENCE,
            check=False,
        )

    @property
    def opened(self) -> list[str]:
        """The addresses that the browser was given."""
        return self.noted.read_text().splitlines() if self.noted.exists() else []

    @property
    def running(self) -> Path:
        return self.folder / ".cache" / "desk" / start.RUNNING


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    return Project(tmp_path_factory.mktemp("start"))


@pytest.fixture
def first(project: Project) -> Iterator[subprocess.Popen[bytes]]:
    """The first start."""
    with (project.folder / "log").open("wb") as log:
        process = subprocess.Popen(
            project.command(), cwd="/", env=project.environment, stdout=log, stderr=log, start_new_session=True
        )
    yield process
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait(PATIENCE)


def visited(link: str) -> tuple[int, str | None]:
    """What a browser gets at the link: the status, and where it is sent."""
    place = urlsplit(link)
    connection = http.client.HTTPConnection(place.netloc, timeout=PATIENCE)
    connection.request("GET", f"{place.path}?{place.query}")
    answer = connection.getresponse()
    answer.read()
    connection.close()
    return answer.status, answer.getheader("Location")


def test_a_double_click_opens_the_desk_once_and_a_second_the_same(
    project: Project, first: subprocess.Popen[bytes]
) -> None:
    until(lambda: project.opened, "the browser opens", (project.folder / "log").read_text)
    link = project.opened[0]
    assert re.fullmatch(r"http://127\.0\.0\.1:\d+/\.preview/start\?secret=[\w-]{43}", link)
    assert visited(link) == (303, "/en/")
    assert visited(link)[0] == 403
    assert {file.stat().st_mode & 0o77 for file in project.running.parent.iterdir()} == {0}

    second = project.run()
    assert (second.returncode, second.stderr) == (0, "")
    assert second.stdout == f"The desk is open already, at {link.partition('.preview')[0]}\n"
    assert len(project.opened) == 2
    assert project.opened[1].partition("?")[0] == link.partition("?")[0]
    assert visited(project.opened[1]) == (303, "/en/")

    without = project.run("--no-open")
    printed = re.search(r"The desk opens with this link, once: (\S+)\n", without.stdout)
    assert printed
    assert len(project.opened) == 2
    assert visited(printed[1]) == (303, "/en/")

    os.killpg(first.pid, signal.SIGHUP)  # the window is closed
    assert first.wait(PATIENCE) is not None
    until(lambda: not project.running.exists(), "it says no more that it runs")


def test_without_a_new_python_it_is_one_sentence(project: Project) -> None:
    project_bin = project.folder.parent / "bin"
    project_bin.mkdir()
    for name in ("dirname", "uname", "cut"):
        (project_bin / name).symlink_to(shutil.which(name) or "")
    (project_bin / "python3").write_text("#!/bin/sh\nexit 1\n")  # as an old one answers
    (project_bin / "python3").chmod(0o755)
    shell = shutil.which("sh") or ""
    for lang, words in (("en_GB.UTF-8", "Python 3.11 or newer is missing"), ("fr_FR.UTF-8", "Il manque Python 3.11")):
        said = subprocess.run(
            [shell, project.folder / "start.sh"],
            env={"PATH": str(project_bin), "LANG": lang},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            encoding="utf-8",
            check=False,
        )
        assert (said.returncode, said.stderr) == (1, "")
        assert said.stdout.startswith(words)
        assert said.stdout.count("\n") == 1
        assert "python.org/downloads" in said.stdout


class Other(BaseHTTPRequestHandler):
    """Another program, at a port that was a desk's."""

    def do_GET(self) -> None:
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b"0" * 64)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its name in the library
        pass


def test_what_was_left_by_a_crash_is_no_trap(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    keys = Keys(tmp_path / "keys")
    assert start.running(keys) is None
    with HTTPServer(("127.0.0.1", 0), Other) as other:
        Thread(target=other.serve_forever, daemon=True).start()
        noted = {"address": f"http://127.0.0.1:{other.server_port}/", "pid": 1}
        private(keys.folder / start.RUNNING, json.dumps(noted))
        assert start.running(keys) is None
        other.shutdown()
    assert start.running(keys) is None  # now nobody is there
    for left in ("", "[", "[1]", '{"address": 3}', '{"address": "x"}', '{"address": "http://127.0.0.1:x/"}'):
        private(keys.folder / start.RUNNING, left)
        assert start.running(keys) is None
    private(keys.folder / start.RUNNING, json.dumps({"address": "http://127.0.0.1:1/", "pid": 1}))
    start.forget(keys)
    assert (keys.folder / start.RUNNING).exists()  # another process's
    start.note(keys, "http://127.0.0.1:1/")
    monkeypatch.setattr(start, "HTTPConnection", lambda *_, **__: pytest.fail("it asks itself"))
    assert start.running(keys) is None  # this one's, which loads its code again


def fails(link: str) -> bool:
    raise webbrowser.Error


@pytest.mark.parametrize(("opens", "printed"), [(lambda link: True, 0), (lambda link: False, 1), (fails, 1)])
def test_a_browser_that_does_not_open_leaves_the_link(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    opens: Callable[[str], bool],
    printed: int,
) -> None:
    monkeypatch.setattr(start, "has_browser", lambda: True)
    monkeypatch.setattr(webbrowser, "open", opens)
    start.show(Keys(tmp_path / "keys"), "http://127.0.0.1:8000/", "en", True)
    assert capsys.readouterr().out.count("once: http://127.0.0.1:8000/.preview/start?secret=") == printed


@pytest.mark.parametrize(
    ("surroundings", "there"),
    [
        ({"DISPLAY": ":0"}, True),
        ({"WAYLAND_DISPLAY": "wayland-0"}, True),
        ({}, False),
        ({"DISPLAY": ":0", "SSH_CONNECTION": "192.0.2.1 22"}, False),
        ({"DISPLAY": ":0", "CI": "true"}, False),
    ],
)
def test_when_a_browser_may_be_opened(
    monkeypatch: pytest.MonkeyPatch, surroundings: dict[str, str], there: bool
) -> None:
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "SSH_CONNECTION", "CI"):
        monkeypatch.delenv(name, raising=False)
    for name, value in surroundings.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr("sys.platform", "linux")
    assert start.has_browser() is there


@pytest.mark.parametrize("name", SCRIPTS)
def test_what_is_double_clicked_may_be_run_and_has_the_ends_of_lines_of_its_system(name: str) -> None:
    windows = name.endswith(".bat")
    assert bool((ROOT / name).stat().st_mode & 0o100) is not windows
    rule = f"*{Path(name).suffix} text eol={'crlf' if windows else 'lf'}"
    assert rule in (ROOT / ".gitattributes").read_text().splitlines()
    assert windows or b"\r" not in (ROOT / name).read_bytes()
