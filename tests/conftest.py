"""What every test may use: surroundings of its own, the project's folders, facts for tests, a browser."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import settings as hypothesis_settings
from playwright.sync_api import Browser, sync_playwright

from tests.fonts import USUAL, environment
from tests.surroundings import need, settle

ROOT = Path(__file__).resolve().parent.parent
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]  # no sandbox: CI runs as root

HOME = settle()

# No time limit on an example, so that a busy machine fails nothing; the same examples every time where CI runs.
CI = "CI" in os.environ
hypothesis_settings.register_profile("site", deadline=None, derandomize=CI, max_examples=50 if CI else 150)
hypothesis_settings.register_profile("thorough", deadline=None, max_examples=20_000)  # --hypothesis-profile=thorough
hypothesis_settings.load_profile("site")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Where CI runs, leave out what is marked `long`, and say so."""
    for item in items:
        if CI and item.get_closest_marker("long"):
            item.add_marker(pytest.mark.skip("long: `make test` runs it on a machine of one's own"))


@pytest.fixture(scope="session")
def root() -> Path:
    """The project's folder."""
    return ROOT


@pytest.fixture(scope="session")
def fictitious(root: Path) -> Path:
    """Facts that are complete and invented: with them a build can be tested as published."""
    return root / "tests" / "fixtures" / "practice.toml"


@pytest.fixture(scope="session")
def incomplete(root: Path) -> Path:
    """Facts of a practice that has only begun to fill them in."""
    return root / "tests" / "fixtures" / "incomplete.toml"


def pytest_unconfigure() -> None:
    """The home of these tests goes with them."""
    shutil.rmtree(HOME, ignore_errors=True)


@pytest.fixture(scope="session")
def chromium() -> str:
    """The system's Chromium, under one of its names."""
    names = ("chromium", "chromium-browser", "google-chrome")
    found = next((path for name in names if (path := shutil.which(name))), None)
    if found is None:
        need("chromium")
    return str(found)


@pytest.fixture(scope="session")
def launch(chromium: str) -> Iterator[Callable[[str], Browser]]:
    """`launch("dejavu")` is a Chromium that has these fonts alone; one for each set, kept for all tests."""
    with sync_playwright() as playwright:
        launched: dict[str, Browser] = {}

        def with_fonts(fonts: str) -> Browser:
            if fonts not in launched:
                launched[fonts] = playwright.chromium.launch(
                    executable_path=chromium, args=ARGUMENTS, env=dict(environment(fonts))
                )
            return launched[fonts]

        yield with_fonts
        for browser in launched.values():
            browser.close()


@pytest.fixture(scope="session")
def browser(launch: Callable[[str], Browser]) -> Browser:
    """The Chromium of a test that is not about fonts; each test opens a context of its own."""
    return launch(USUAL)
