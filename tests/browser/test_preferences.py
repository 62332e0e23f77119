"""Readers who set their browser otherwise: larger text, wider spacing, forced colours, no motion, no JavaScript."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser

from tests.browser.audit import KINDS, PAGES, Reader, axe, complaints, media, overflow, stated

Opener = Callable[..., Reader]

# WCAG 2.2, success criterion 1.4.12
SPACING = """() => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(`
        * { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important; }
        p { margin-block-end: 2em !important; }`);
    document.adoptedStyleSheets = [sheet];
}"""


@pytest.fixture(scope="module")
def open_with(browser: Browser, site: Any) -> Iterator[Opener]:
    """Opens a page in a window with these preferences; one window for each set of them."""
    readers: dict[str, Reader] = {}

    def opened(name: str, **preferences: Any) -> Reader:
        reader = readers.get(str(preferences))
        if reader is None:
            size = {"width": 1280, "height": 900}
            context = browser.new_context(base_url=site.url, **({"viewport": size} | preferences))
            reader = readers[str(preferences)] = Reader(context)
        reader.open(PAGES[name])
        return reader

    yield opened
    for reader in readers.values():
        reader.context.close()


@pytest.mark.parametrize("name", PAGES)
def test_large_text_and_no_motion(open_with: Opener, name: str) -> None:
    """Text at 200 % as the browser's own setting does it, so that media queries in rem follow (1.4.4)."""
    page = open_with(name, reduced_motion="reduce").page
    media(page, "light", 320)
    size = "parseFloat(getComputedStyle(document.querySelector('.site-name')).fontSize)"
    usual = page.evaluate(size)
    with_cdp = page.context.new_cdp_session(page)
    with_cdp.send("Page.setFontSizes", {"fontSizes": {"standard": 32, "fixed": 26}})
    findings = []
    for width in (320, 768, 1280):
        media(page, "light", width)
        findings += [f"{width} px: {finding}" for finding in overflow(page)]
        if (name_size := page.evaluate(size)) < 1.95 * usual:
            findings.append(f"{width} px: the practice's name is {name_size} px, and {usual} px usually")
    assert page.evaluate("getComputedStyle(document.documentElement).fontSize") == "32px"
    with_cdp.detach()
    findings += [f"moves by itself: {animation}" for animation in page.evaluate("audit.motion()")]
    assert page.evaluate("getComputedStyle(document.documentElement).scrollBehavior") == "auto"
    assert not findings, stated(findings)


@pytest.mark.parametrize("name", PAGES)
def test_text_spaced_out(open_with: Opener, name: str) -> None:
    page = open_with(name).page
    page.evaluate(SPACING)
    findings = []
    for width in (320, 1280):
        media(page, "light", width)
        findings += [f"{width} px: {finding}" for finding in overflow(page)]
    assert not findings, stated(findings)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", KINDS)
def test_forced_colours(open_with: Opener, name: str, scheme: str) -> None:
    reader = open_with(name, forced_colors="active", color_scheme=scheme)
    assert reader.page.evaluate("matchMedia('(forced-colors: active)').matches")
    findings = overflow(reader.page) + axe(reader.page) + complaints(reader)
    findings += reader.page.evaluate("[...audit.unbounded(), ...audit.vanished()]")
    assert not findings, stated(findings)


@pytest.mark.parametrize("name", KINDS)
def test_motion_is_short_and_happens_once(open_with: Opener, name: str) -> None:
    page = open_with(name, viewport={"width": 640, "height": 900}, reduced_motion="no-preference").page
    for animation in page.evaluate("audit.motion()"):
        assert animation["name"] == "draw"
        assert name in ("entrance", "en/home", "fr/home")
        assert animation["ends"] <= 1200


@pytest.mark.parametrize("name", PAGES)
def test_without_javascript(open_with: Opener, name: str) -> None:
    """Every word and link is there, and nothing to press that would do nothing."""
    words = "document.querySelector('main').innerText"
    controls = "[...document.querySelectorAll('button, [role=button]')].filter((e) => e.checkVisibility()).length"
    with_it = open_with(name).page
    without = open_with(name, java_script_enabled=False).page
    assert without.evaluate(controls) == 0
    if "smart-worksheet" in name:
        fields = "document.querySelectorAll('form.worksheet :is(input, textarea):enabled').length"
        assert without.evaluate(fields) > 30
        assert set(without.evaluate(words).split()) <= set(with_it.evaluate(words).split())
    else:
        assert without.evaluate(words) == with_it.evaluate(words)
        assert with_it.evaluate("document.querySelector('script:not([type=\"application/ld+json\"])')") is None
