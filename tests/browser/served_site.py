"""A build being served to a browser, as the preview serves it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser

from tests.browser.audit import Reader
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
def built_and_served(
    folder: Path, practice: Path, published: bool = True, overrides: dict[str, Any] | None = None
) -> Iterator[Site]:
    """A build into `folder`, served while it is used."""
    built = build(folder / "site", published=published, practice=practice, overrides=overrides)
    assert built.output, "\n".join(str(problem) for problem in built.problems)
    with served(built.output) as url:
        yield Site(url, built.output)


@contextmanager
def previewed(browser: Browser, folder: Path, practice: Path, **overrides: Any) -> Iterator[Reader]:
    """Somebody who reads a preview that is built into `folder`."""
    with built_and_served(folder, practice, published=False, overrides=overrides) as site:
        context = browser.new_context(base_url=site.url)
        yield Reader(context)
        context.close()
