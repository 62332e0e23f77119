"""A build being served to a browser, as the preview serves it."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import ThreadingHTTPServer
from pathlib import Path
from typing import Any

from audit import Reader
from playwright.sync_api import Browser

from tools.build import build
from tools.preview import Preview, open_server


@dataclass(frozen=True)
class Site:
    """A build being served: where it answers and where its files are."""

    url: str
    folder: Path


def serve(folder: Path) -> ThreadingHTTPServer:
    """The preview's own server showing `folder` on a free port, so that what is tested is what is served."""
    preview = Preview(folder.with_name("builds"))
    preview.shown = folder
    server = open_server(preview, 0)
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    return server


@contextmanager
def previewed(browser: Browser, folder: Path, practice: Path, **overrides: Any) -> Iterator[Reader]:
    """Somebody who reads a preview that is built into `folder`."""
    built = build(folder / "site", published=False, practice=practice, overrides=overrides)
    assert built.output, "\n".join(str(problem) for problem in built.problems)
    server = serve(built.output)
    context = browser.new_context(base_url=f"http://127.0.0.1:{server.server_port}")
    yield Reader(context)
    context.close()
    server.shutdown()
    server.server_close()
