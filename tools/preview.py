"""The preview: the site on this machine, built again on every save.

Each build goes to a folder of its own and is shown once it is whole; one that fails leaves the last good one on show.
The watcher opens before the first build and keeps collecting while one runs, so no save is lost.
"""

from __future__ import annotations

import os
import shutil
import signal
import sys
import threading
from html import escape
from http import HTTPStatus
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from watchfiles import DefaultFilter, watch

from plugins.hosting.headers import headers_for
from plugins.problems import ROOT, Problem
from tools.build import build

PREVIEWS = ROOT / ".cache" / "preview"
WATCHED = ["content", "theme", "plugins", "tools", "pelicanconf.py", "publishconf.py", "tasks.py"]
PAGE = '<!doctype html><html lang="en"><meta charset="utf-8"><title>{title}</title><h1>{title}</h1><pre>{text}</pre>'


class Preview:
    """What is on show: the folder of the last good build, and the problems of the last one."""

    def __init__(self, folder: Path = PREVIEWS) -> None:
        self.folder = folder
        self.shown: Path | None = None
        self.problems: list[Problem] = []
        self._builds = 0
        shutil.rmtree(folder, ignore_errors=True)

    def rebuild(self) -> None:
        """Build, and show the result if it is good. The build before the one on show is kept for requests under way."""
        self._builds += 1
        built = build(self.folder / str(self._builds))
        self.problems = [problem for problem in built.problems if problem.severity == "error"]
        if built.output:
            self.shown = built.output
            shutil.rmtree(self.folder / str(self._builds - 2), ignore_errors=True)
        for problem in self.problems:
            print(f"\n{problem}", file=sys.stderr)
        if self.problems:
            print("\nThe last good pages stay on show until this is mended.", file=sys.stderr)


class Handler(SimpleHTTPRequestHandler):
    """Serves the folder on show, with the site's own not-found pages."""

    preview: Preview

    def do_GET(self) -> None:
        """Serve a file, or say in plain words why there is none."""
        if self.preview.shown is None:
            text = "\n\n".join(str(problem) for problem in self.preview.problems) or "The first build is under way."
            self._answer(HTTPStatus.SERVICE_UNAVAILABLE, PAGE.format(title="No page yet", text=escape(text)).encode())
            return
        self.directory = str(self.preview.shown)
        super().do_GET()

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        """The site's 404 page, in the language of the address."""
        if code != HTTPStatus.NOT_FOUND or not self.preview.shown:
            super().send_error(code, message, explain)
            return
        lang = self.path.strip("/").split("/")[0]
        page = self.preview.shown / lang / "404.html"
        page = page if page.is_file() and page.is_relative_to(self.preview.shown) else self.preview.shown / "404.html"
        self._answer(HTTPStatus.NOT_FOUND, page.read_bytes())

    def _answer(self, status: HTTPStatus, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def end_headers(self) -> None:
        """The headers of the published site; but a preview is never cached, so that the next save shows."""
        for name, value in (headers_for(getattr(self, "path", "/")) | {"Cache-Control": "no-store"}).items():
            self.send_header(name, value)
        super().end_headers()

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the name http.server calls
        """Requests are not news."""


def open_server(preview: Preview, port: int) -> ThreadingHTTPServer:
    """A server on the loopback interface: `port`, or the next free one of twenty. Raises OSError when none is free."""
    handler = type("PreviewHandler", (Handler,), {"preview": preview})
    handler.extensions_map = SimpleHTTPRequestHandler.extensions_map | {  # type: ignore[attr-defined]
        ".webmanifest": "application/manifest+json",
        ".xml": "application/xml",
    }
    for candidate in range(port, port + 20):
        try:
            return ThreadingHTTPServer(("127.0.0.1", candidate), handler)
        except OSError:
            continue
    raise OSError(f"ports {port} to {port + 19} are all in use: choose another with --port")


class _Watched(DefaultFilter):
    ignore_dirs = (*DefaultFilter.ignore_dirs, "output", ".cache")


def serve(port: int) -> None:
    """Build, serve and watch until interrupted (Ctrl-C or SIGTERM)."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    preview = Preview()
    server = open_server(preview, port)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    changes = watch(*[ROOT / name for name in WATCHED], watch_filter=_Watched(), yield_on_timeout=True, rust_timeout=50)
    try:
        next(changes)  # opens the watcher
        preview.rebuild()
        print(f"\nThe preview is at http://127.0.0.1:{server.server_port}/ – stop it with Ctrl-C.", flush=True)
        for changed in changes:
            if any(path.endswith(".py") for _, path in changed):
                server.server_close()
                os.execv(sys.executable, [sys.executable, "-m", "invoke", "serve", "--port", str(server.server_port)])
            if changed:
                preview.rebuild()
    except KeyboardInterrupt:
        print("\nThe preview has stopped.")
    finally:
        server.shutdown()
        server.server_close()
