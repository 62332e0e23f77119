"""The site without a mouse: every stop is reached in order and seen, and what opens, opens with a key."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.audit import KINDS, PAGES, Reader, focus, media, stated, walk

SKIPLESS = ("entrance", "404")  # they begin with their content
FRAMED = [name for name in KINDS if name not in SKIPLESS]


@pytest.fixture(scope="module")
def reader(browser: Browser, site: Any) -> Iterator[Reader]:
    context = browser.new_context(base_url=site.url, reduced_motion="reduce")
    yield Reader(context)
    context.close()


def start(reader: Reader, name: str, width: int = 1280) -> Page:
    """Open a page with nothing focused yet."""
    media(reader.page, "light", width)
    return reader.open(PAGES[name])


def tab_to(page: Page, selector: str) -> None:
    """Press Tab until this element has the focus."""
    for _ in range(200):
        page.keyboard.press("Tab")
        if page.evaluate("(selector) => document.activeElement.matches(selector)", selector):
            return
    raise AssertionError(f"the Tab key never reaches {selector}")


@pytest.mark.parametrize(("width", "scheme"), [(320, "light"), (1280, "dark")])
@pytest.mark.parametrize("name", KINDS)
def test_every_stop_is_reached_and_seen(reader: Reader, name: str, width: int, scheme: str) -> None:
    page = start(reader, name, width)
    media(page, scheme, width)
    findings = walk(page)
    assert not findings, stated(findings)


@pytest.mark.parametrize("name", FRAMED)
def test_skip_link(reader: Reader, name: str) -> None:
    page = start(reader, name, 320)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.matches('.skip')")
    assert page.evaluate("document.activeElement.getBoundingClientRect().top") >= 0
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('main') !== null")


@pytest.mark.parametrize("name", FRAMED)
def test_menu_opens_and_closes(reader: Reader, name: str) -> None:
    page = start(reader, name, 320)
    links = page.locator(".menu a")
    assert not any(link.is_visible() for link in links.all())
    tab_to(page, ".menu summary")
    page.keyboard.press("Enter")
    assert all(link.is_visible() for link in links.all())
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.matches('.menu li:first-child a')")
    findings = focus(page)
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Space")
    assert not any(link.is_visible() for link in links.all())
    assert not findings, stated(findings)


@pytest.mark.parametrize("lang", ["en", "fr"])
def test_menu_leads_to_its_page(reader: Reader, lang: str) -> None:
    page = start(reader, f"{lang}/home", 320)
    tab_to(page, ".menu summary")
    page.keyboard.press("Enter")
    tab_to(page, ".menu li:first-child a")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{PAGES[f'{lang}/method']}")


@pytest.mark.parametrize("name", [name for name in PAGES if "/" in name])
def test_language_switch_keeps_the_page(reader: Reader, name: str) -> None:
    page = start(reader, name, 768)
    lang, key = name.split("/")
    other = {"en": "fr", "fr": "en"}[lang]
    counterpart = PAGES[f"{other}/{key}" if key != "404" else f"{other}/home"]
    tab_to(page, ".language a")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{counterpart}")
    assert page.evaluate("document.documentElement.lang") == other


@pytest.mark.parametrize("name", KINDS)
def test_every_disclosure_opens_and_closes(reader: Reader, name: str) -> None:
    page = start(reader, name, 320)
    for summary in page.locator("summary").all():
        if not summary.is_visible():
            continue
        states = []
        summary.focus()
        for key in ("Enter", "Enter", "Space", "Space"):
            page.keyboard.press(key)
            states.append(summary.evaluate("(summary) => summary.parentElement.open"))
        assert states == [True, False, True, False]


@pytest.mark.parametrize("lang", ["en", "fr"])
def test_form_is_filled_in_and_sent_nowhere(reader: Reader, lang: str) -> None:
    page = start(reader, f"{lang}/smart-worksheet")
    page.wait_for_load_state("networkidle")
    before, address = len(reader.requests), page.url
    tab_to(page, "form.worksheet textarea")
    page.keyboard.type("A clear sentence")
    assert page.evaluate("document.activeElement.value") == "A clear sentence"
    tab_to(page, "form.worksheet input[type=text]")
    page.keyboard.type("A name")
    page.keyboard.press("Enter")
    tab_to(page, "form.worksheet .scale input")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    assert page.evaluate("document.activeElement.checked && document.activeElement.value !== '0'")
    assert page.url == address
    assert [request for request in reader.requests[before:] if "/favicon." not in request] == []  # a browser asks late
