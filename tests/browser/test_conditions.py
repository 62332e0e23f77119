"""Every page, in both colour schemes and at three widths: accessible, whole, silent and still."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser

from tests.browser.audit import PAGES, Reader, arrive, axe, complaints, media, overflow, shifts, stated, tables

EACH = [(scheme, width) for scheme in ("light", "dark") for width in (320, 768, 1280)]
OFTEN = [("light", 320), ("dark", 1280)]  # each scheme, and each layout, wherever tests run
CONDITIONS = [pytest.param(*one, marks=[] if one in OFTEN else pytest.mark.long) for one in EACH]
LONG = pytest.param("fr/goal-setting", marks=pytest.mark.long)
ARRIVING = ["entrance", "404", "fr/home", "fr/method", LONG, "en/sessions", "fr/smart-worksheet"]


@pytest.fixture(scope="module")
def reader(browser: Browser, site: Any) -> Iterator[Reader]:
    """One window for all pages."""
    context = browser.new_context(base_url=site.url, viewport={"width": 320, "height": 900})
    yield Reader(context)
    context.close()


@pytest.fixture(scope="module", params=PAGES)
def opened(request: pytest.FixtureRequest, reader: Reader) -> Reader:
    """Each page is loaded once, on a narrow window; the conditions change under it."""
    media(reader.page, "light", 320)
    reader.open(PAGES[request.param])
    return reader


def test_every_page_is_visited(site: Any) -> None:
    built = {f"/{file.relative_to(site.folder).as_posix()}" for file in site.folder.rglob("*.html")}
    assert built == {address + ("index.html" if address.endswith("/") else "") for address in PAGES.values()}


def test_nothing_moves_while_it_loads(opened: Reader) -> None:
    findings = shifts(opened.page)
    assert not findings, stated(findings)


@pytest.mark.parametrize("width", [320, 390, pytest.param(768, marks=pytest.mark.long), 1152])
@pytest.mark.parametrize("name", ARRIVING)
def test_nothing_moves_while_it_arrives(browser: Browser, site: Any, name: str, width: int) -> None:
    """What is painted of a page that has not all come stays where it is when the rest comes."""
    context = browser.new_context(base_url=site.url, viewport={"width": width, "height": 900})
    page = Reader(context).page
    file = site.folder / PAGES[name].lstrip("/")
    arrive(page, (file / "index.html" if file.is_dir() else file).read_text(encoding="utf-8"))
    findings = shifts(page)
    context.close()
    assert not findings, stated(findings)


def test_tables_are_heard_as_tables(opened: Reader) -> None:
    """Also on a phone, where each row is shown as a block."""
    findings = tables(opened.page)
    assert not findings, stated(findings)


@pytest.mark.parametrize(("scheme", "width"), CONDITIONS)
def test_page(opened: Reader, scheme: str, width: int) -> None:
    media(opened.page, scheme, width)
    findings = overflow(opened.page) + axe(opened.page) + complaints(opened)
    assert not findings, stated(findings)
