"""The page of components, which only a preview has: as accessible and as whole as the pages it is made for."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser

from tests.browser.audit import Reader, axe, complaints, media, overflow, stated
from tests.browser.served_site import Site, previewed


@pytest.fixture(scope="module")
def reader(browser: Browser, tmp_path_factory: pytest.TempPathFactory, fictitious: Path) -> Iterator[Reader]:
    with previewed(browser, tmp_path_factory.mktemp("preview"), fictitious) as reader:
        yield reader


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 768, 1280])
@pytest.mark.parametrize("lang", ["en", "fr"])
def test_style_page(reader: Reader, lang: str, width: int, scheme: Any) -> None:
    media(reader.page, scheme, width)
    reader.open(f"/{lang}/style.html")
    findings = overflow(reader.page) + axe(reader.page) + complaints(reader)
    assert not findings, stated(findings)
    assert reader.page.locator('meta[name="robots"][content="noindex"]').count() == 1


def test_it_is_never_published(site: Site) -> None:
    assert not list(site.folder.rglob("style*"))
