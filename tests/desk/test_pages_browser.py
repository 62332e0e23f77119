"""The list of pages, new pages, menus and what is taken off the site, in Chromium: by keyboard, and for everybody."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from plugins.problems import ROOT
from tests.browser.audit import AUDIT, axe, media, overflow, stated, walk
from tests.desk.test_editor_browser import OPEN, Desk
from tests.tools.preview_session import Session, copy_of

PLACES = [
    *("pages", "new?kind=article", "menu", "delete?page=pages/faq", "delete?page=pages/glossary"),
    *("delete?page=pages/legal-notice", "settings?page=en/pages/faq", "settings?page=fr/articles/three-chairs"),
]


@pytest.fixture(scope="module")
def desk(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    session = Session(copy_of(ROOT, tmp_path_factory.mktemp("pages") / "site"))
    try:
        session.start().ready()
        yield Desk(session, browser)
    finally:
        session.kill()


@pytest.fixture
def page(desk: Desk) -> Iterator[Page]:
    context = desk.context()
    context.add_init_script(AUDIT)
    yield desk.page(context)
    context.close()


def named(page: Page, name: str, role: Any = "button") -> Locator:
    """A control by what it does and to what: `Down: Method`, which a browser may say with a space before the colon."""
    return page.get_by_role(role, name=re.compile(f"^{re.escape(name).replace(':', ' ?:')}$"))


def tab_to(page: Page, name: str, role: Any = "button") -> None:
    """Tab on from where the focus is until this control has it."""
    control = named(page, name, role)
    for _ in range(200):
        if control.evaluate("each => each === document.activeElement"):
            return
        page.keyboard.press("Tab")
    raise AssertionError(name)


@pytest.mark.parametrize("locale", [pytest.param("en-GB", marks=pytest.mark.long), "fr-FR"])
def test_everybody_can_use_these_pages(desk: Desk, locale: str) -> None:
    context = desk.context(locale)
    context.add_init_script(AUDIT)
    page = desk.page(context)
    findings = []
    for place in PLACES:
        page.goto(f"/.preview/{place}")
        for scheme in ("light", "dark"):
            for width in (320, 1280):
                media(page, scheme, width)
                findings += [f"{place} {scheme} {width}: {each}" for each in axe(page) + overflow(page)]
        if place.startswith(("menu", "new", "delete?page=pages/faq")):
            page.goto(f"/.preview/{place}")
            findings += [f"{place}: {each}" for each in walk(page)]
    context.close()
    assert not findings, stated(findings)


def test_the_menu_is_arranged_by_keyboard_alone(desk: Desk, page: Page) -> None:
    page.goto("/.preview/menu")
    tab_to(page, "Down: Method")
    for place in (2, 3):
        page.keyboard.press("Enter")
        expect(page.get_by_role("status").filter(has_text=f"is number {place} of 6")).to_be_visible()
        expect(named(page, "Down: Method")).to_be_focused()
    tab_to(page, "Save the menus")
    page.keyboard.press("Enter")
    page.get_by_text("Saved.").wait_for()
    menus = tomllib.loads((desk.session.folder / "content/data/navigation.toml").read_text(encoding="utf-8"))
    assert menus["primary"][:3] == ["confidentiality", "for-hr", "method"]
    desk.session.until(lambda: "method" in desk.session.get("/en/").text, "the site is built")


def test_a_new_page_is_edited_at_once_and_goes_again(desk: Desk, page: Page) -> None:
    page.goto("/.preview/pages")
    page.get_by_role("link", name="New page", exact=True).click()
    page.get_by_label("Title in English").fill("My room")
    page.keyboard.press("Enter")
    page.wait_for_url("**/en/drafts/my-room/#desk:10")
    page.locator(OPEN).wait_for()
    page.locator("#desk-text").fill("A quiet room, near the station.")
    page.locator(OPEN).get_by_role("button", name="Save", exact=True).click()
    expect(page.locator("#desk-said")).to_contain_text("Saved.")
    file = desk.session.folder / "content/en/pages/my-room.md"
    assert "A quiet room, near the station." in file.read_text(encoding="utf-8")
    page.goto("/.preview/pages")
    named(page, "Delete: My room", "link").click()
    page.get_by_role("button", name="Take it off the site").click()
    page.get_by_text("It is taken away.").wait_for()
    assert not file.exists()
    page.get_by_role("button", name="Undo", exact=True).click()
    page.wait_for_url("**/.preview/history/*")
    assert "A quiet room, near the station." in file.read_text(encoding="utf-8")


def test_the_day_is_asked_for_an_article_alone(page: Page) -> None:
    page.goto("/.preview/new?kind=page")
    expect(page.get_by_label("Appears on")).to_be_hidden()
    page.get_by_label("An article").check()
    expect(page.get_by_label("Appears on")).to_be_visible()
