"""A preview as its owner has it: `invoke serve` in a process of its own, on a copy of the site, seen over HTTP."""

from __future__ import annotations

import http.client
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from plugins.problems import ROOT

PARTS = ["content", "theme", "plugins", "tools", "pelicanconf.py", "publishconf.py", "tasks.py"]
PATIENCE = 60  # seconds that anything may take on a busy machine


def until(condition: Callable[[], object], what: str, log: Callable[[], str] = lambda: "") -> None:
    """Ask again and again until `condition` holds."""
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < deadline, f"waited {PATIENCE} s in vain: {what}\n{log()}"
        time.sleep(0.01)


def copy_of(root: Path, folder: Path) -> Path:
    """The project's sources and compiled code in `folder`, with the PDFs and pictures that were made before."""
    for name in PARTS:
        if (root / name).is_dir():
            halves = shutil.ignore_patterns("*.pyc.*")  # which other processes are writing just now
            shutil.copytree(root / name, folder / name, ignore=halves)
        else:
            folder.mkdir(parents=True, exist_ok=True)
            shutil.copy2(root / name, folder / name)
    for name in ("documents", "social"):
        if (root / ".cache" / name).is_dir():
            parts = shutil.ignore_patterns("*.part")  # which other tests are writing just now
            shutil.copytree(root / ".cache" / name, folder / ".cache" / name, ignore=parts)
    return folder


@dataclass(frozen=True)
class Answer:
    """What a request came back with."""

    status: int
    headers: http.client.HTTPMessage  # whatever the case of their names
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode()

    @property
    def tag(self) -> str:
        """The name of this version of the page, as its script tells the server."""
        found = re.search(r"live\.js\?tag=(\w+)", self.text)
        assert found, "the page has no reloading script"
        return found[1]


@dataclass
class Session:
    """A running preview. `log` is what it printed."""

    folder: Path
    port: int = 0
    log_name: str = "serve.log"
    environment: dict[str, str] = field(default_factory=lambda: dict(os.environ))
    process: subprocess.Popen[bytes] = field(init=False)

    @property
    def log(self) -> str:
        return (self.folder / self.log_name).read_text(encoding="utf-8")

    def until(self, condition: Callable[[], object], what: str) -> None:
        """Wait for `condition`; where that is in vain, say what the preview printed."""
        until(condition, what, lambda: self.log)

    def start(self, port: int = 0) -> Session:
        """Start it at the port asked for (0: any), and wait until its address is known."""
        command = [sys.executable, "-m", "invoke", "serve", "--port", str(port), "--lang", "en", "--no-open"]
        with (self.folder / self.log_name).open("wb") as log:
            self.process = subprocess.Popen(
                command, cwd=self.folder, env=self.environment, stdout=log, stderr=log, start_new_session=True
            )
        self.until(lambda: self._address() or self.process.poll() is not None, "the preview says its address")
        found = self._address()
        assert found, self.log
        self.port = int(found[1])
        return self

    def _address(self) -> re.Match[str] | None:
        return re.search(r"http://[\d.]+:(\d+)/", self.log)

    def ready(self) -> Session:
        """Wait for the first whole build."""
        self.until(lambda: self.builds > 0, "the first build")
        return self

    @property
    def output(self) -> Path:
        """Where it builds: the last build in a folder with the highest number."""
        return self.folder / ".cache" / "preview" / str(self.port)

    @property
    def builds(self) -> int:
        """How many whole builds there were."""
        return self.log.count("All pages after")

    @contextmanager
    def built_again(self) -> Iterator[None]:
        """Wait for a whole build that began after what is done inside."""
        ends = ("All pages", "The last good")
        self.until(lambda: self.log.rstrip().rsplit("\n", 1)[-1].startswith(ends), "the build before")
        before = self.builds
        yield
        self.until(lambda: self.builds > before, "another build")

    def get(self, path: str, method: str = "GET", **headers: str) -> Answer:
        """One request, on a connection of its own."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        try:
            connection.request(method, path, headers={name.replace("_", "-"): value for name, value in headers.items()})
            response = connection.getresponse()
            return Answer(response.status, response.headers, response.read())
        finally:
            connection.close()

    def raw(self, request: bytes) -> bytes:
        """Bytes as no browser would send them, asking for the end, and all that comes back."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=PATIENCE) as connection:
            connection.sendall(request)
            return b"".join(iter(lambda: connection.recv(65536), b""))

    def shows(self, path: str, text: str) -> None:
        """Wait until the page contains `text`."""
        self.until(lambda: text in self.get(path).text, f"{path} shows {text!r}")

    def hides(self, path: str, text: str) -> None:
        """Wait until the page no longer contains `text`."""
        self.until(lambda: text not in self.get(path).text, f"{path} no longer shows {text!r}")

    def edit(self, place: str, old: str, new: str) -> None:
        """Replace `old`, which must be there, by `new`, everywhere, in one step, so that half a file is never read."""
        path = self.folder / place
        text = path.read_text(encoding="utf-8")
        assert old in text, f"{place} no longer contains {old!r}: choose another text for this test"
        aside = path.with_name(f".{path.name}.aside")
        aside.write_text(text.replace(old, new), encoding="utf-8")
        aside.replace(path)

    def mend(self, place: str) -> None:
        """Put a file back as it is in the project."""
        shutil.copyfile(ROOT / place, self.folder / place)

    def append(self, place: str, text: str) -> None:
        """Add a paragraph at the end of a file."""
        with (self.folder / place).open("a", encoding="utf-8") as file:
            file.write(f"\n\n{text}\n")

    @contextmanager
    def listening(self, page: str, tag: str | None = None) -> Iterator[Events]:
        """The events of a page, as the browser that shows it gets them."""
        tag = self.get(page).tag if tag is None else tag
        with socket.create_connection(("127.0.0.1", self.port), timeout=PATIENCE) as connection:
            connection.sendall(
                f"GET /.preview/events?page={page}&tag={tag} HTTP/1.1\r\nHost: localhost:{self.port}\r\n\r\n".encode()
            )
            yield Events(connection)

    def stop(self, number: int = signal.SIGTERM) -> int:
        """Send a signal, and wait for the end. The exit code."""
        self.process.send_signal(number)
        return self.process.wait(timeout=PATIENCE)

    def kill(self) -> None:
        """Whatever is left of it, at the end of a test."""
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(timeout=PATIENCE)

    def is_alone(self) -> bool:
        """Whether nothing that it started is left."""
        try:
            os.killpg(self.process.pid, 0)
        except ProcessLookupError:
            return True
        return False


class Events:
    """An open event stream."""

    def __init__(self, connection: socket.socket) -> None:
        self._lines = connection.makefile("rb")
        status = self._lines.readline()
        assert b" 200 " in status, status
        while self._lines.readline().strip():
            pass

    def next(self) -> str:
        """The next event's name; `the same` when the server looked and found no change; empty at the end."""
        for line in self._lines:
            text = line.decode().strip()
            if text.startswith((":", "event:")):
                return text.split(":", 1)[1].strip()
        return ""


def free_port() -> int:
    """A port that nobody has just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
