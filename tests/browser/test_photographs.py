"""Photographs on a page: what a telephone and a desk are sent, what waits, what moves, and that nobody is barred."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Response

from plugins.picture_sizes import HEAVIEST
from tests.browser.audit import Reader, axe, complaints, media, overflow, stated
from tests.browser.served_site import Site, built_and_served
from tests.tools.pictures import photograph, saved

ADDRESSES = {"en": "/en/faq/", "fr": "/fr/faq/"}
MATTER = "\n---\n"
BODY = """
A few words.

![Two chairs]({static}../../images/first.jpg)

%s

![A window]({static}../../images/second.jpg)

Words under the picture, with [a leaflet]({static}../../downloads/leaflet.pdf).
""" % ("A paragraph of words that fills the screen of a telephone, and that of a desk.\n\n" * 60)
MOVES = """globalThis.moved = 0; new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) globalThis.moved += entry.value;
}).observe({ type: "layout-shift", buffered: true });"""
SHOWN = (
    """() => [...document.querySelectorAll(".prose img")].map((image) => image.complete && image.naturalWidth > 0)"""
)


@contextmanager
def with_photographs(root: Path, practice: Path, folder: Path) -> Iterator[Site]:
    """The site with two photographs on a page, one above the other's screen, served from `folder`."""
    shutil.copytree(root / "content", folder / "content")
    for name in ("images", "downloads"):
        (folder / "content" / name).mkdir(exist_ok=True)
    (folder / "content/downloads/leaflet.pdf").write_bytes(b"%PDF-1.7\n%%EOF\n")
    for seed, name in enumerate(("first", "second")):
        picture = saved(photograph(1300, 860, seed), quality=92)
        (folder / f"content/images/{name}.jpg").write_bytes(picture)
    for lang in ADDRESSES:
        page = folder / f"content/{lang}/pages/faq.md"
        page.write_text(page.read_text(encoding="utf-8").split(MATTER)[0] + MATTER + BODY, encoding="utf-8")
    told = {"PATH": str(folder / "content"), "cache": folder / "cache"}
    with built_and_served(folder, practice, published=False, overrides=told) as site:
        yield site


@pytest.fixture(scope="module")
def site(root: Path, fictitious: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with with_photographs(root, fictitious, tmp_path_factory.mktemp("photographs")) as site:
        yield site


@pytest.fixture
def page(browser: Browser, site: Site, request: pytest.FixtureRequest) -> Iterator[Page]:
    """A window of (width, height, pixels for each pixel of CSS)."""
    width, height, pixels = request.param
    context = browser.new_context(
        base_url=site.url, viewport={"width": width, "height": height}, device_scale_factor=pixels
    )
    context.add_init_script(MOVES)
    yield context.new_page()
    context.close()


def opened(page: Page, address: str) -> list[Response]:
    """What comes of pictures, now and later."""
    came: list[Response] = []

    def note(response: Response) -> None:
        if response.request.resource_type == "image" and "/pictures/" in response.url:
            came.append(response)

    page.on("response", note)
    page.goto(address)
    page.evaluate("document.querySelector('.prose img').decode()")
    return came


def kinds(came: list[Response]) -> list[str]:
    return [response.headers["content-type"] for response in came]


@pytest.mark.parametrize(
    ("page", "across"),
    [((390, 844, 2), 326), ((390, 844, 3), 326), ((1280, 900, 1), 620), ((1280, 900, 2), 620)],
    indirect=["page"],
)
def test_a_photograph_costs_60_kb_at_most_waits_its_turn_and_moves_nothing(page: Page, across: int) -> None:
    came = opened(page, ADDRESSES["en"])
    first, second = page.locator(".prose img").all()
    assert kinds(came) == ["image/avif"]
    assert page.evaluate(SHOWN) == [True, False], "the second came before anybody went there"
    assert page.evaluate("document.querySelector('.prose img').clientWidth") == across
    with page.expect_response("**/pictures/**"):
        second.scroll_into_view_if_needed()
    second.evaluate("image => image.decode()")
    assert kinds(came) == ["image/avif"] * 2
    assert max(len(response.body()) for response in came) <= HEAVIEST
    assert page.evaluate("globalThis.moved") == 0
    assert first.evaluate("image => image.currentSrc").endswith(".avif")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 1280])
@pytest.mark.parametrize("lang", ADDRESSES)
def test_pictures_bar_no_reader(browser: Browser, site: Site, lang: str, width: int, scheme: Any) -> None:
    context = browser.new_context(base_url=site.url)
    reader = Reader(context)
    try:
        media(reader.page, scheme, width)
        reader.open(ADDRESSES[lang])
        findings = overflow(reader.page) + axe(reader.page) + complaints(reader)
        assert not findings, stated(findings)
    finally:
        context.close()
