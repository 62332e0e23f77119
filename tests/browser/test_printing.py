"""Every page on paper: nothing cut, every word there, links say where they lead."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser

from tests.browser.audit import PAGES, SHEET, Reader, media, paper, stated
from tests.browser.served_site import previewed

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


@pytest.fixture(scope="module")
def coded(browser: Browser, root: Path, fictitious: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Reader]:
    """A site with lines of code that no screen and no paper is wide enough for."""
    folder = tmp_path_factory.mktemp("coded")
    shutil.copytree(root / "content", folder / "content")
    page = folder / "content" / "en" / "pages" / "faq.md"
    lines = f"```\n{'x1y2z3' * 20}\n{'one two three four five ' * 5}\n```"
    page.write_text(f"{page.read_text('utf-8')}\n{lines}\n\n- In a list `{'x1y2z3' * 20}`\n", encoding="utf-8")
    with previewed(browser, folder, fictitious, PATH=str(folder / "content")) as reader:
        yield reader


WITHIN = "pre => pre.getBoundingClientRect().right <= innerWidth && document.documentElement.scrollWidth <= innerWidth"
LONGER = "pre => pre.scrollWidth > pre.clientWidth"


@pytest.mark.parametrize("width", [320, 768, 1280])
def test_a_long_line_of_code_scrolls_in_its_own_box_and_wraps_on_paper(coded: Reader, width: int) -> None:
    media(coded.page, "light", width)
    page = coded.open("/en/faq/")
    code = page.locator(".prose pre")
    assert (code.evaluate(WITHIN), code.evaluate(LONGER)) == (True, True)
    assert code.evaluate("pre => (pre.scrollLeft = 60, pre.scrollLeft)") == 60
    media(page, "light", SHEET)
    page.emulate_media(media="print")
    on_paper = (code.evaluate(WITHIN), code.evaluate(LONGER))
    page.emulate_media(media="screen")
    assert on_paper == (True, False)
