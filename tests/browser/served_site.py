"""A build being served to a browser, as the preview serves it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from audit import Reader
from playwright.sync_api import Browser

from tools.build import build
from tools.preview import Preview, Server, listen


@dataclass(frozen=True)
class Site:
    """A build being served: where it answers and where its files are."""

    url: str
    folder: Path


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """The preview's own server showing `folder` at this address, so that what is tested is what is served."""
    preview = Preview(folder.with_name("builds"))
    preview.shown = folder
    with listen("0") as listening:
        server = Server(preview, listening)
        server.start()
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        server.stop()


@contextmanager
def previewed(browser: Browser, folder: Path, practice: Path, **overrides: Any) -> Iterator[Reader]:
    """Somebody who reads a preview that is built into `folder`."""
    built = build(folder / "site", published=False, practice=practice, overrides=overrides)
    assert built.output, "\n".join(str(problem) for problem in built.problems)
    with served(built.output) as url:
        context = browser.new_context(base_url=url)
        yield Reader(context)
        context.close()
