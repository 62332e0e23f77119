"""A build being served to a browser, as the preview serves it."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from http.server import ThreadingHTTPServer
from pathlib import Path

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
