"""Every page holds with the fonts of any reader: narrow ones and wide ones, at every width, with large text (#12)."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.audit import KINDS, PAGES, Reader, arrive, media, overflow, shifts, stated
from tests.browser.served_site import Site, built_and_served
from tests.fonts import FONT_SETS, USUAL

pytestmark = pytest.mark.long

WIDTHS = (320, 360, 390, 768, 1024, 1152, 1280)  # telephones, a tablet both ways, the menu's narrowest row, a desk
NINE = ("method", "confidentiality", "for-hr", "first-session", "about", "contact", "faq", "glossary", "articles")
STAGES = ("implementation", "goal-setting", "sessions", "actions", "monitoring", "first-session", "about")
FAMILIES = {
    "narrow": {"Carlito", "TeX Gyre Pagella", "TeX Gyre Cursor"},
    "liberation": {"Liberation Serif", "Liberation Sans", "Liberation Mono"},
    "android": {"Roboto", "Noto Serif", "DejaVu Sans Mono"},
    "dejavu": {"DejaVu Serif", "DejaVu Sans", "DejaVu Sans Mono"},
}

SEVERAL_LINES = """() => [...document.querySelectorAll(".menu li a, .language a")]
    .filter((link) => link.getClientRects().length)
    .filter((link) => link.offsetHeight > 3.6 * parseFloat(getComputedStyle(link).fontSize))
    .map((link) => link.textContent)"""

AWAY = """() => {
    const at = (selector) => [...document.querySelectorAll(selector)].map((each) => each.getBoundingClientRect());
    const [circles, links] = [at(".stepper .whole circle"), at(".stepper li a")];
    return links.filter((link, n) => circles[n].width && (
        Math.abs(link.left - circles[n].left - circles[n].width / 2) > 2 ||
        link.top - circles[n].bottom < 0 || link.top - circles[n].bottom > 12)).map((link) => link.left);
}"""


@pytest.fixture(scope="module", params=FONT_SETS)
def reader(request: pytest.FixtureRequest, launch: Callable[[str], Browser], site: Any) -> Iterator[Reader]:
    """Somebody who has one set of fonts; `reader.fonts` names it."""
    context = launch(request.param).new_context(base_url=site.url)
    reader = Reader(context)
    reader.fonts = request.param
    yield reader
    context.close()


@contextmanager
def with_menu(name: str, keys: Iterable[str], folder: Path, root: Path, practice: Path) -> Iterator[Site]:
    """The site with these pages in one of its menus."""
    shutil.copytree(root / "content", folder / "content")
    menus = folder / "content" / "data" / "navigation.toml"
    listed = f"{name} = [" + ", ".join(f'"{key}"' for key in keys) + "]"
    text, count = re.subn(rf"^{name} = .*$", listed, menus.read_text(encoding="utf-8"), flags=re.M)
    assert count == 1
    menus.write_text(text, encoding="utf-8")
    with built_and_served(folder, practice, overrides={"PATH": str(folder / "content")}) as site:
        yield site


@pytest.fixture(scope="module")
def site_of_nine(tmp_path_factory: pytest.TempPathFactory, root: Path, fictitious: Path) -> Iterator[Site]:
    """The site with nine entries in its menu."""
    with with_menu("primary", NINE, tmp_path_factory.mktemp("nine"), root, fictitious) as site:
        yield site


@pytest.fixture(scope="module", params=[4, 6, 7])
def site_of_stages(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, root: Path, fictitious: Path
) -> Iterator[Site]:
    """The site with so many modalities: any page may be one."""
    folder = tmp_path_factory.mktemp("stages")
    with with_menu("modalities", STAGES[: request.param], folder, root, fictitious) as site:
        yield site


@pytest.mark.parametrize("name", PAGES)
def test_page(reader: Reader, name: str) -> None:
    reader.open(PAGES[name])
    findings = []
    for width in WIDTHS:
        media(reader.page, "light", width)
        findings += [f"{reader.fonts}, {width} px: {finding}" for finding in overflow(reader.page)]
    assert not findings, stated(findings)


@pytest.mark.parametrize("name", KINDS)
def test_large_text(reader: Reader, name: str) -> None:
    """At 200 %, by the browser's own setting (WCAG 2.2, 1.4.4)."""
    reader.open(PAGES[name])
    findings = []
    with large_text(reader.page):
        for width in WIDTHS:
            media(reader.page, "light", width)
            findings += [f"{reader.fonts}, {width} px: {finding}" for finding in overflow(reader.page)]
    assert not findings, stated(findings)


@contextmanager
def large_text(page: Page) -> Iterator[None]:
    """Text at 200 % for as long as this lasts, so that media queries in rem follow."""
    session = page.context.new_cdp_session(page)
    session.send("Page.setFontSizes", {"fontSizes": {"standard": 32, "fixed": 26}})
    yield
    session.send("Page.setFontSizes", {"fontSizes": {"standard": 16, "fixed": 13}})
    session.detach()


@pytest.mark.parametrize("name", ["fr/for-hr", "en/smart-worksheet", "fr/process-guide", "entrance"])
def test_no_other_font_is_used(reader: Reader, name: str) -> None:
    """Or the machine's own fonts would decide what the other tests see."""
    reader.open(PAGES[name])
    session = reader.context.new_cdp_session(reader.page)
    session.send("DOM.enable")
    session.send("CSS.enable")
    nodes = session.send("DOM.getFlattenedDocument", {"depth": -1})["nodes"]
    used = {
        font["familyName"]
        for node in nodes
        if node["nodeType"] == 1
        for font in session.send("CSS.getPlatformFontsForNode", {"nodeId": node["nodeId"]})["fonts"]
    }
    session.detach()
    assert used
    assert used <= FAMILIES[reader.fonts]


@pytest.mark.parametrize("lang", ["en", "fr"])
@pytest.mark.parametrize("fonts", FONT_SETS)
def test_a_menu_of_nine(launch: Callable[[str], Browser], site_of_nine: Site, fonts: str, lang: str) -> None:
    """Whole words, in rows or behind “Menu”; and nothing moves while the page arrives."""
    context = launch(fonts).new_context(base_url=site_of_nine.url)
    reader = Reader(context)
    page = reader.open(f"/{lang}/")
    findings = []
    for width in (*WIDTHS, 1104, 1216, 1440):
        media(page, "light", width)
        if not page.locator(".menu li").first.is_visible():
            page.locator(".menu summary").click()
        findings += [f"{fonts}, {width} px: {finding}" for finding in overflow(page)]
        broken = page.evaluate(SEVERAL_LINES)
        findings += [f"{fonts}, {width} px: in several lines: {words}" for words in broken]
    html = (site_of_nine.folder / lang / "index.html").read_text(encoding="utf-8")
    for width in (390, 1104, 1152, 1280):
        media(page, "light", width)
        arrive(page, html)
        findings += [f"{fonts}, {width} px: {finding}" for finding in shifts(page)]
    context.close()
    assert not findings, stated(findings)


@pytest.mark.parametrize("fonts", [USUAL])
def test_each_modality_stands_at_its_station_however_many(
    launch: Callable[[str], Browser], site_of_stages: Site, fonts: str
) -> None:
    """Below it on a wide screen, and within the window on any."""
    context = launch(fonts).new_context(base_url=site_of_stages.url)
    page = Reader(context).open("/fr/methode/")  # where the words are longest
    findings = []
    for width in (*WIDTHS, 1440):
        media(page, "light", width)
        findings += [f"{fonts}, {width} px: {finding}" for finding in overflow(page)]
        findings += [f"{fonts}, {width} px: away from its station: {name}" for name in page.evaluate(AWAY)]
    context.close()
    assert not findings, stated(findings)


@pytest.mark.parametrize("fonts", FONT_SETS)
def test_nothing_moves_while_it_arrives(launch: Callable[[str], Browser], site: Any, fonts: str) -> None:
    """In the widths where the header changes, whatever the fonts."""
    context = launch(fonts).new_context(base_url=site.url)
    page = Reader(context).page
    findings = []
    for lang, width in [(lang, width) for lang in ("en", "fr") for width in (390, 768, 1104, 1152, 1216, 1280)]:
        media(page, "light", width)
        arrive(page, (site.folder / lang / "index.html").read_text(encoding="utf-8"))
        findings += [f"{fonts}, {lang}, {width} px: {finding}" for finding in shifts(page)]
    context.close()
    assert not findings, stated(findings)
