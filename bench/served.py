"""The published site behind a small server on this machine, compressed and with its headers; and tools that npm has.

The facts are the tests' own, said to be real for once, so that the pages are those a search engine would read.
"""

from __future__ import annotations

import gzip
import os
import re
import shutil
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from plugins.hosting.headers import headers_for
from plugins.problems import ROOT
from tools.build import build

TOOLS = ROOT / ".cache" / "bench"
RESULTS = ROOT / "bench" / "pages.md"
FACTS = ROOT / "tests" / "fixtures" / "practice.toml"
PACKAGES = ["node@22.23.3", "lighthouse@13.5.0", "pa11y@10.0.0"]  # node: Lighthouse wants a newer one than Debian's
FLAGS = ["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-background-networking"]

# Seconds. Without any, the icon is here before the first paint, as it never is over a network, and Lighthouse then
# takes it for a part of that paint in some runs and not in others: 650 ms or 900 ms for the same page.
ROUND_TRIP = 0.06

EMPTY = "/empty/"
EMPTY_PAGE = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>An empty page</title>
<meta name="viewport" content="width=device-width"><meta name="description" content="A page with one word on it.">
<link rel="manifest" href="/en/site.webmanifest">
<link rel="icon" type="image/svg+xml" href="{icon}"></head><body><main><h1>Empty</h1></main></body></html>"""

TYPES = {
    ".html": "text/html; charset=utf-8",
    ".css": "text/css",
    ".js": "text/javascript",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".avif": "image/avif",
    ".webp": "image/webp",
    ".pdf": "application/pdf",
    ".txt": "text/plain; charset=utf-8",
    ".xml": "application/xml",
    ".webmanifest": "application/manifest+json",
}


def record(title: str, text: str) -> None:
    """Print `text` and keep it under `## title` in RESULTS, in place of the last run's."""
    print(f"\n{text}")
    known = RESULTS.read_text(encoding="utf-8") if RESULTS.exists() else "# Pages in a browser, as last measured\n"
    first, *sections = re.split(r"^(?=## )", known, flags=re.MULTILINE)
    kept = {section.partition("\n")[0]: section.strip() for section in sections}
    kept[f"## {title}"] = f"## {title}\n\n{text}"
    RESULTS.write_text("\n\n".join([first.strip(), *kept.values()]) + "\n", encoding="utf-8")


def tool(name: str) -> list[str]:
    """The command for a tool of PACKAGES, fetched once. Exits, saying why, where npm or Chromium is missing."""
    for needed, reason in (("npm", "npm brings the measuring tools"), ("chromium", "the pages are read in it")):
        if not shutil.which(needed):
            raise SystemExit(f"{name} was not run: {needed} is not on this machine, and {reason}.")
    wanted = TOOLS / "packages.txt"
    if not wanted.exists() or wanted.read_text(encoding="utf-8").split() != PACKAGES:
        TOOLS.mkdir(parents=True, exist_ok=True)
        settings = os.environ | {"PUPPETEER_SKIP_DOWNLOAD": "1"}
        command = ["npm", "install", "--no-audit", "--no-fund", "--prefix", str(TOOLS), *PACKAGES]
        subprocess.run(command, check=True, env=settings, stdout=subprocess.DEVNULL)
        wanted.write_text("\n".join(PACKAGES), encoding="utf-8")
    return [str(TOOLS / "node_modules" / ".bin" / "node"), str(TOOLS / "node_modules" / ".bin" / name)]


class Handler(BaseHTTPRequestHandler):
    """Answers from memory, compressed when asked, over connections that stay open."""

    protocol_version = "HTTP/1.1"
    files: dict[str, tuple[str, bytes, bytes]]

    def do_GET(self) -> None:
        time.sleep(ROUND_TRIP)
        path = self.path.split("?")[0]
        status = 200 if path in self.files else 404
        kind, plain, packed = self.files[path if status == 200 else "/404.html"]
        compressed = "gzip" in self.headers.get("Accept-Encoding", "") and len(packed) < len(plain)
        body = packed if compressed else plain
        self.send_response(status)
        headers = headers_for(path) | {
            "Content-Type": kind,
            "Content-Length": str(len(body)),
            "Vary": "Accept-Encoding",
        }
        if compressed:
            headers["Content-Encoding"] = "gzip"
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the name http.server calls
        """Requests are not news."""


def answers(folder: Path) -> dict[str, tuple[str, bytes, bytes]]:
    """Address → content type, body, compressed body; with the empty page among them."""
    icon = next((folder / "theme").glob("favicon.*")).name
    empty = EMPTY_PAGE.format(icon=f"/theme/{icon}").encode()
    found = {EMPTY: (TYPES[".html"], empty, gzip.compress(empty, 9))}
    for file in folder.rglob("*"):
        if file.is_file() and file.suffix in TYPES:
            address = f"/{file.relative_to(folder).as_posix()}"
            content = file.read_bytes()
            found[address.removesuffix("index.html")] = (TYPES[file.suffix], content, gzip.compress(content, 9))
    return found


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """Build the site into `folder` and serve it on a free port: yields its address, without a slash at the end."""
    facts = folder / "practice.toml"
    facts.write_text(
        FACTS.read_text(encoding="utf-8").replace("fictitious = true", "fictitious = false"), encoding="utf-8"
    )
    built = build(folder / "site", published=True, practice=facts)
    if built.output is None:
        raise SystemExit("\n".join(str(problem) for problem in built.problems))
    handler = type("Served", (Handler,), {"files": answers(built.output)})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
