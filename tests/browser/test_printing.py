"""Every page on paper: nothing cut, every word there, links say where they lead."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser

from tests.browser.audit import PAGES, SHEET, Reader, media, paper, stated

COLOURS = "[getComputedStyle(document.body).color, getComputedStyle(document.documentElement).backgroundColor]"
FRAME = "nav:not(.stepper), .skip, .banner, .tools"


@pytest.fixture(scope="module")
def reader(browser: Browser, site: Any) -> Iterator[Reader]:
    context = browser.new_context(base_url=site.url)
    yield Reader(context)
    context.close()


@pytest.mark.parametrize("name", PAGES)
def test_prints_whole(reader: Reader, name: str) -> None:
    """Nothing is cut or left out, and it is black on white without the frame, even from a dark screen."""
    media(reader.page, "dark", SHEET)
    page = reader.open(PAGES[name])
    findings = paper(page)
    page.emulate_media(media="print")
    colours = page.evaluate(COLOURS)
    shown = page.locator(FRAME).evaluate_all("all => all.filter(audit.seen).map(audit.name)")
    page.emulate_media(media="screen")
    assert not findings, stated(findings)
    assert colours == ["rgb(0, 0, 0)", "rgb(255, 255, 255)"]
    assert shown == []
