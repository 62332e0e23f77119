"""The published site in three engines. Each test runs in Chromium, Firefox and WebKit, which are started once."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Protocol

import pytest
from playwright.sync_api import Browser

from tests.browser.audit import AUDIT
from tests.browser.served_site import Site, served
from tests.engines.chromium import Chromium
from tests.engines.firefox import Firefox
from tests.engines.webkit import WebKit
from tests.fonts import USUAL
from tests.surroundings import need
from tools.build import build

ENGINES = ("chromium", "firefox", "webkit")
OFTEN = [pytest.param("chromium", marks=pytest.mark.long), *ENGINES[1:]]  # tests/browser has Chromium in any case
LISTEN = '<script src="/listen.js"></script>'


class Engine(Protocol):
    """What a test may ask of a window, whatever its engine."""

    name: str

    def open(self, address: str) -> None: ...
    def evaluate(self, expression: str) -> Any: ...
    def resize(self, width: int, height: int = 900) -> None: ...
    def click(self, selector: str) -> None: ...
    def type(self, selector: str, text: str) -> None: ...
    def press(self, key: str) -> None: ...
    def choose(self, selector: str, file: Path) -> None: ...
    def download(self, selector: str) -> Path: ...
    def pdf(self) -> bytes: ...
    def close(self) -> None: ...


def audited(engine: Engine, call: str) -> Any:
    """The answer of one of the functions of tests/browser/audit.js, in any engine."""
    return engine.evaluate(f"(() => {{ if (!globalThis.audit) {{ {AUDIT} }} return {call}; }})()")


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory, fictitious: Path) -> Iterator[Site]:
    """The site as published, with a script in each page that listens to complaints, before the page's policy begins."""
    folder = tmp_path_factory.mktemp("engines")
    built = build(folder / "built", published=True, practice=fictitious)
    assert built.output, "\n".join(str(problem) for problem in built.problems)
    shutil.copytree(built.output, folder / "site")
    shutil.copyfile(Path(__file__).with_name("listen.js"), folder / "site" / "listen.js")
    for file in (folder / "site").rglob("*.html"):
        text = file.read_text(encoding="utf-8")
        file.write_text(re.sub(r"(<meta charset[^>]*>)", rf"\1{LISTEN}", text, count=1), encoding="utf-8")
    with served(folder / "site") as url:
        yield Site(url, folder / "site")


@pytest.fixture(scope="session")
def window(launch: Callable[[str], Browser]) -> Iterator[Callable[..., Engine]]:
    """`window("webkit", dark=True, large=True)`: each kind of window is opened once."""
    opened: dict[tuple[str, bool, bool], Engine] = {}

    def make(name: str, dark: bool, large: bool) -> Engine:
        if name == "chromium":
            return Chromium(launch(USUAL), dark, large)
        if name == "firefox":
            need("firefox-esr")
            sizes = {f"font.size.variable.{script}": 32 for script in ("x-western", "x-unicode")} if large else {}
            return Firefox(**{"ui.systemUsesDarkTheme": int(dark), **sizes})
        need("WebKitWebDriver", "Xvfb", "xdotool")
        return WebKit(dark, large)

    def window(name: str, dark: bool = False, large: bool = False) -> Engine:
        if (name, dark, large) not in opened:
            opened[name, dark, large] = make(name, dark, large)
        return opened[name, dark, large]

    yield window
    for engine in opened.values():
        engine.close()


@pytest.fixture(params=OFTEN)
def engine(request: pytest.FixtureRequest, window: Callable[..., Engine]) -> Engine:
    """An ordinary window: light, text at its usual size."""
    return window(request.param)


@pytest.fixture(params=OFTEN)
def engine_for_tired_eyes(request: pytest.FixtureRequest, window: Callable[..., Engine]) -> Engine:
    """A window of somebody who reads on a dark ground, and at 200 %."""
    return window(request.param, dark=True, large=True)
