"""Publishing in Chromium: a browser that is closed changes nothing, and everyone can use each of its pages."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from plugins.problems import ROOT
from tests.browser.audit import AUDIT, axe, media, stated
from tests.desk.test_editor_browser import LANGS, SMALL, Desk
from tests.publish.conftest import account, ground, sshd  # noqa: F401 - fixtures
from tests.publish.servers import Sshd
from tests.tools.preview_session import Session, copy_of
from tools.desk.publishing.place_form import KINDS

PUBLISH = "/.preview/publish"


@pytest.fixture(scope="module")
def desk(browser: Browser, fictitious: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """Of a practice that is complete, and publishes into a folder of this machine."""
    place = tmp_path_factory.mktemp("publish")
    folder = copy_of(ROOT, place / "site")
    for name in ("requirements.txt", "pyproject.toml"):
        shutil.copy(ROOT / name, folder / name)
    facts = fictitious.read_text(encoding="utf-8").replace("fictitious = true", "fictitious = false")
    (folder / "content" / "data" / "practice.toml").write_text(facts, encoding="utf-8")
    (place / "rclone.conf").write_text("[store]\ntype = local\n")
    lines = [f"{key} = {json.dumps(value)}" for key, value in local(place).items()]
    (folder / "publish.toml").write_text("\n".join(['target = "host"', "[targets.host]", *lines]) + "\n")
    session = Session(folder)
    try:
        session.start().ready()
        yield Desk(session, browser)
    finally:
        session.kill()


def local(place: Path) -> dict[str, str]:
    store = {"remote": f"store:{place}/www", "aside": f"store:{place}/aside"}
    return {"kind": "rclone", "rclone_config": str(place / "rclone.conf"), **store}


def look(page: Page, state: str, found: list[str]) -> None:
    """What somebody cannot use, at each width and in both schemes."""
    for width, scheme in ((1280, "light"), (390, "dark"), (320, "light")):
        media(page, scheme, width)
        found.extend(f"{state}, {width}: {finding}" for finding in ([] if width == 320 else axe(page)))
        if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            found.append(f"{state}, {width}: it scrolls sideways")
        found.extend(f"{state}, {width}: {name} is small" for name in page.evaluate(SMALL))


@pytest.mark.long
def test_a_browser_that_is_closed_changes_nothing(desk: Desk) -> None:
    """The button by the keyboard alone; the steps; the browser goes; another one is told how it ended."""
    found: list[str] = []
    context = desk.context(reduced_motion="reduce")
    context.add_init_script(AUDIT)
    page = desk.page(context)
    page.goto(PUBLISH)
    look(page, "before", found)
    page.route("**/publish/steps", lambda route: route.abort())  # the page stays, to be looked at
    page.get_by_role("button", name="Publish now").focus()
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Publishing").wait_for()
    assert page.locator("[data-state=now]").inner_text().startswith("The site is checked and built")
    look(page, "going on", found)
    context.close()

    context = desk.context(reduced_motion="reduce")
    context.add_init_script(AUDIT)
    page = desk.page(context)
    page.goto(PUBLISH)
    page.get_by_role("heading", name="Your site is live").wait_for()  # the script loads the page again at the end
    look(page, "ended", found)
    text = desk.text.replace("at the first meeting or later", "at the first meeting, or after it")
    assert text != desk.text
    desk.file.write_text(text, encoding="utf-8")
    page.reload()
    page.get_by_text("The words that change").click()
    page.locator("ins", has_text="after it").wait_for()
    look(page, "something to publish", found)
    page.goto(f"{PUBLISH}/earlier")
    page.get_by_text("this is live").wait_for()
    look(page, "earlier", found)
    context.close()
    assert not [one for one in desk.said if "publish/steps" not in one and "ERR_FAILED" not in one]
    assert not found, stated(found)


@pytest.mark.parametrize("lang", LANGS)
def test_every_page_can_be_used_by_everyone(desk: Desk, sshd: Sshd, lang: str) -> None:  # noqa: F811
    found: list[str] = []
    context = desk.context({"en": "en-GB", "fr": "fr-FR"}[lang], reduced_motion="reduce")
    context.add_init_script(AUDIT)
    page = desk.page(context)
    for name in ("publish", "computer", *(f"place?kind={kind}" for kind in KINDS)):
        page.goto(f"/.preview/{name}")
        look(page, name, found)
    page.goto("/.preview/place?kind=ssh")
    page.locator("#address").fill("https://example.org")
    page.locator("main [type=submit]").first.click()
    page.locator("#to-mend").wait_for()
    assert page.evaluate("document.activeElement.id") == "to-mend"
    look(page, "typed wrong", found)
    before = (desk.session.folder / "publish.toml").read_bytes()
    typed = {"address": "127.0.0.1", "port": str(sshd.proxy.port), "user": "marie", "folder": "/srv/site"}
    for name, words in typed.items():
        page.locator(f"#{name}").fill(words)
    page.locator("#key").uncheck()
    page.locator("main [type=submit]").first.click()
    page.wait_for_url("**/place?saved")
    look(page, "saved", found)
    page.locator('form[action$="/try"] button').click()
    page.locator("code").first.wait_for()
    look(page, "a key that is not known", found)
    context.close()
    (desk.session.folder / "publish.toml").write_bytes(before)
    assert not found, stated(found)
