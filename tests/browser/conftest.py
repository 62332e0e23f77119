"""A published build with fictitious facts, served with the published headers, and the system's Chromium to read it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.served_site import Site, built_and_served


@pytest.fixture(scope="session")
def site(browser: Browser, tmp_path_factory: pytest.TempPathFactory, fictitious: Path) -> Iterator[Site]:
    """The site as published (with fictitious facts), served on the loopback interface."""
    with built_and_served(tmp_path_factory.mktemp("browser"), fictitious) as site:
        yield site


@pytest.fixture
def page(browser: Browser, site: Site) -> Iterator[Page]:
    """A fresh page in a fresh context: nothing stored, light, 1280 px wide. `page.goto("/en/faq/")`."""
    context = browser.new_context(base_url=site.url)
    yield context.new_page()
    context.close()
