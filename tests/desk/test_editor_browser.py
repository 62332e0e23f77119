"""The editor in Chromium: a page is changed where it is read, and nothing that was typed is lost."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Route
from playwright.sync_api import TimeoutError as PlaywrightTimeout

from plugins.problems import ROOT
from tests.browser.audit import AUDIT, axe, media, stated
from tests.tools.preview_session import PATIENCE, Session, copy_of
from tools.desk.keys import Keys

FAQ = "content/en/pages/faq.md"
SENTENCE = "Say so, at the first meeting or later."
HEADING, ABOVE = "Choosing a coach", "Not in itself. Ask two things"
TABLE = """\
Table: What is heard
{: #heard }

| Who | Says |
|:----|---|
| a \\| b |  `c | d`  |
|two||
"""
OPEN = ".desk-editor"
LANGS = [pytest.param("en", marks=pytest.mark.long), "fr"]  # French words are the longer ones


class Desk:
    """A running desk, and the owner's browser."""

    def __init__(self, session: Session, browser: Browser) -> None:
        self.session, self.browser = session, browser
        self.said: list[str] = []

    def context(self, locale: str = "en-GB", **more: Any) -> BrowserContext:
        address = f"http://127.0.0.1:{self.session.port}"
        size: Any = {"width": 1280, "height": 800}
        context = self.browser.new_context(base_url=address, viewport=size, locale=locale, **more)
        context.set_default_timeout(PATIENCE * 1000)
        keys = Keys(self.session.folder / ".cache" / "desk")
        context.add_cookies([{"name": keys.cookie, "value": keys.secret, "url": address}])
        return context

    def page(self, context: BrowserContext) -> Page:
        page = context.new_page()
        page.on("console", lambda message: self.said.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: self.said.append(str(error)))
        return page

    @property
    def file(self) -> Path:
        return self.session.folder / FAQ

    @property
    def text(self) -> str:
        return self.file.read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def running(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    session = Session(copy_of(ROOT, tmp_path_factory.mktemp("editor") / "site"))
    desk = Desk(session, browser)
    desk.file.write_text(f"{desk.text.rstrip()}\n\n{TABLE}", encoding="utf-8")
    try:
        session.start().ready()
        yield desk
    finally:
        session.kill()


@pytest.fixture
def desk(running: Desk) -> Iterator[Desk]:
    """The desk, whose page is put back; what the console says against us fails the test."""
    before = running.text
    running.said.clear()
    yield running
    if running.text != before:
        aside = running.file.with_name(".aside")
        aside.write_text(before, encoding="utf-8")
        with running.session.built_again():
            aside.replace(running.file)
    expected = (
        "ERR_",
        "Failed to load resource",
        "Applying inline style",
    )  # the last: live.js asks for another version
    assert [text for text in running.said if not any(part in text for part in expected)] == []


@pytest.fixture
def page(desk: Desk) -> Iterator[Page]:
    context = desk.context()
    yield desk.page(context)
    context.close()


def edit(page: Page, part: str, address: str = "/en/faq/") -> None:
    """Open the editor on the part that begins so."""
    if not page.url.endswith(address):
        page.goto(address)
    if page.get_by_role("button", name="Edit", exact=True).get_attribute("aria-pressed") == "false":
        page.get_by_role("button", name="Edit", exact=True).click()
    choice = page.locator(f'.desk-layer button[aria-label*="{part}"]').first
    try:
        choice.click(timeout=20_000)
    except PlaywrightTimeout:  # as anybody does with a page that seems to hang
        page.goto(address)
        if page.get_by_role("button", name="Edit", exact=True).get_attribute("aria-pressed") == "false":
            page.get_by_role("button", name="Edit", exact=True).click()
        choice.click()
    page.locator(OPEN).wait_for()


def do(page: Page, name: str) -> None:
    """Press a button of the editor."""
    page.locator(OPEN).get_by_role("button", name=name, exact=True).click()


def save(page: Page) -> None:
    """Save what is typed: the editor closes."""
    do(page, "Save")
    page.locator(OPEN).wait_for(state="detached")
    said(page, "Saved.")


def said(page: Page, text: str) -> None:
    """Wait until the bar says so."""
    page.locator("#desk-said", has_text=text).wait_for()


def shows(page: Page, text: str, selector: str = "main .prose") -> None:
    """Wait until the page shows it, as the server has built it: no editor is open."""
    page.locator(selector).filter(has_text=text).first.wait_for()


def built(page: Page) -> None:
    """Have the page tell when it was brought up to date after this."""
    page.evaluate("document.addEventListener('preview:updated', () => (window.fresh = true), { once: true })")


def is_fresh(page: Page) -> None:
    page.wait_for_function("() => window.fresh")
    page.evaluate("delete window.fresh")


def test_a_sentence_is_corrected_where_it_is_read_and_put_back(page: Page, desk: Desk) -> None:
    before = desk.text
    edit(page, SENTENCE)
    page.evaluate("window.kept = true")
    place = page.locator(OPEN).bounding_box()
    built(page)
    page.locator("#desk-text").fill("Say **it**, at once.")
    page.locator(".desk-shown strong", has_text="it").wait_for()
    do(page, "Save")
    said(page, "Saved. Undo")
    shows(page, "Say it, at once.")  # before it is built
    is_fresh(page)
    chosen = page.locator(".desk-layer button:focus")
    assert chosen.get_attribute("aria-label") == "Edit: Paragraph, Say it, at once."
    after = page.get_by_text("Say it, at once.").bounding_box()
    assert place is not None
    assert after is not None
    assert abs(place["y"] - after["y"]) < 60
    assert desk.text == "\n".join(
        "Say **it**, at once." if line.startswith(SENTENCE) else line for line in before.split("\n")
    )
    built(page)
    page.get_by_role("button", name="Undo").click()
    said(page, "It is as it was before.")
    is_fresh(page)
    shows(page, SENTENCE)
    assert desk.text == before
    assert page.evaluate("window.kept")


def test_the_answer_to_undo_is_heard_though_the_page_has_to_be_loaded_again(page: Page, desk: Desk) -> None:
    """Other styles cannot come into the page as it stands: it is loaded again, with what was on its way to it."""
    edit(page, SENTENCE)
    page.locator("#desk-text").fill("Say it.")
    save(page)

    def slowly(route: Route) -> None:
        page.evaluate("document.dispatchEvent(new CustomEvent('desk:changed'))")
        route.continue_()

    page.route("**/history/put-back", slowly)
    page.evaluate("window.kept = document.head.append(document.createElement('meta')) ?? true")  # a style that went
    page.get_by_role("button", name="Undo").click()
    page.wait_for_function("() => !window.kept")
    said(page, "It is as it was before.")


def test_parts_are_added_moved_and_deleted(page: Page, desk: Desk) -> None:
    edit(page, SENTENCE)
    do(page, "Add below")
    field = page.locator("#desk-text")
    field.fill("See ")
    do(page, "Link")
    page.get_by_label("A page").select_option(label="Contact")
    do(page, "Put the link in")
    field.press("End")
    do(page, "Note")
    page.keyboard.type("A note of ours.")
    page.locator(".desk-shown a[href='/en/contact/']").wait_for()
    save(page)
    shows(page, "A note of ours.", "main .notes")  # with a style sheet that the page did not have: it is loaded again
    link = page.locator("main .prose a[href='/en/contact/']", has_text="text")
    assert link.count() == 1
    assert "\n\nSee [text]({filename}contact.md)[^1]\n\n[^1]: A note of ours.\n\n## Conf" in desk.text
    edit(page, "See text")
    built(page)
    page.locator("#desk-text").press("Home")
    page.keyboard.type("Please ")
    do(page, "Move up")  # what was typed goes with it
    is_fresh(page)
    assert "\n\nPlease See [text]({filename}contact.md)[^1]\n\nSay so" in desk.text
    edit(page, "Please See")
    do(page, "Delete")
    said(page, "Deleted. Undo")
    assert link.count() == 0
    assert "A note of ours" not in desk.text
    edit(page, HEADING)
    assert page.locator("#desk-text").input_value() == HEADING
    page.locator("#desk-text").fill("Whom to choose")
    save(page)
    assert "\n## Whom to choose {: #choosing }\n" in desk.text
    page.get_by_role("button", name="The whole page").click()
    whole = page.locator("#desk-text")
    assert whole.input_value().startswith("“You” is the person")
    assert whole.evaluate("field => field.scrollTop") == 0
    whole.fill(whole.input_value().replace("“You” is", "You are", 1))
    page.locator(".desk-shown", has_text="You are the person").wait_for()
    save(page)
    shows(page, "You are the person")
    shows(page, "Whom to choose")
    assert "\n---\nYou are the person" in desk.text


def test_a_cell_of_a_table_changes_its_own_signs(page: Page, desk: Desk) -> None:
    def cell(row: int, column: int) -> Any:
        return page.get_by_label(f"Row {row}, column {column}", exact=True)

    def rows() -> list[str]:
        return desk.text[desk.text.index("Table: Wh") :].rstrip().split("\n")

    before = rows()
    edit(page, "What is heard")
    assert cell(2, 1).input_value() == r"a \| b"
    assert cell(2, 2).input_value() == "`c | d`"
    assert page.get_by_label("What the table shows").input_value() == "What is heard"
    cell(2, 1).fill("a | b `c")
    cell(3, 2).fill("`one | two`")
    page.get_by_label("What the table shows").fill("Who says what")
    save(page)
    assert rows() == [
        "Table: Who says what",
        *before[1:5],
        r"| a \| b \`c |  `c | d`  |",
        "|two|`one | two`|",
    ]
    edit(page, "Who says what")
    do(page, "Add a row")
    page.keyboard.press("Control+A")
    page.keyboard.type("new")
    do(page, "Add a column")
    do(page, "Take out row 2")
    do(page, "Take out column 2")
    save(page)
    assert [line.replace(" ", "") for line in rows()[3:]] == ["|Who|…|", "|:----|---|", "|two|…|", "|new|…|"]


def test_all_is_done_by_the_keyboard_alone(page: Page, desk: Desk) -> None:
    page.goto("/en/faq/")
    page.locator("#desk-edit").focus()
    page.keyboard.press("Enter")
    page.locator(".desk-layer button").first.wait_for()
    stops = 0
    while "“You” is" not in str(page.evaluate("document.activeElement.ariaLabel")):
        page.keyboard.press("Tab")
        stops += 1
        assert stops < 30
    page.keyboard.press("Enter")
    field = page.locator("#desk-text")
    page.keyboard.press("Control+A")
    page.keyboard.type("You")
    page.keyboard.press("Control+A")
    page.keyboard.press("Control+B")
    assert field.input_value() == "**You**"
    page.keyboard.press("Control+Z")
    assert field.input_value() == "You"
    page.keyboard.press("Escape")
    said(page, "Nothing was changed. Undo")
    assert page.locator(OPEN).count() == 0
    assert "“You” is" in page.evaluate("document.activeElement.ariaLabel")
    page.get_by_role("button", name="Undo").press("Enter")  # it was too soon
    page.locator(OPEN).wait_for()
    assert field.input_value() == "You"
    page.keyboard.type(" are read.")
    page.keyboard.press("Control+Enter")
    said(page, "Saved.")
    page.wait_for_function("() => document.activeElement.ariaLabel === 'Edit: Paragraph, You are read.'")
    assert "\n---\nYou are read.\n\n## Before" in desk.text


def test_what_was_typed_outlives_the_tab_the_server_and_a_refusal(page: Page, desk: Desk) -> None:
    edit(page, SENTENCE)
    page.locator("#desk-text").fill("Typed, and not saved.")
    desk.session.stop()
    do(page, "Save")
    page.locator(".desk-wrong", has_text="the desk does not answer").wait_for()
    assert page.locator("#desk-text").input_value() == "Typed, and not saved."
    page.close()
    desk.session.edit(FAQ, "“You” is the person", "Another paragraph.\n\n“You” is the person")
    desk.session.start(desk.session.port).ready()
    page = desk.page(page.context)
    page.goto("/en/faq/")
    said(page, "This is what you had typed before; it is not saved yet.")
    assert page.locator("#desk-text").input_value() == "Typed, and not saved."
    refusal = {"wrong": ["the disk of this machine is full"]}  # as tests/desk/test_edit.py has it
    page.route("**/save", lambda route: route.fulfill(status=507, body=json.dumps(refusal)))
    do(page, "Save")
    page.locator(".desk-wrong", has_text="the disk of this machine is full").wait_for()
    page.unroute("**/save")
    page.locator("#desk-text").fill("Typed. {% if x %}")
    do(page, "Save")
    page.locator(".desk-wrong li", has_text=" – ").first.wait_for()
    assert page.locator("#desk-text").input_value() == "Typed. {% if x %}"
    page.locator("#desk-text").fill("Typed, and saved.")
    save(page)
    assert "\n\nTyped, and saved.\n\n## Conf" in desk.text
    edit(page, ABOVE)
    do(page, "Add below")
    page.locator("#desk-text").fill("A new part.")
    page.reload()
    page.locator(OPEN).wait_for()
    assert page.locator("#desk-text").input_value() == "A new part."
    save(page)
    assert "\n\nA new part.\n\n### Must my" in desk.text


def test_two_versions_of_a_part_are_shown_and_one_is_chosen(page: Page, desk: Desk) -> None:
    for choice, reload in (("Keep mine", False), ("Keep the other", True)):
        edit(page, ABOVE)
        mine, theirs = f"Mine, for {choice}.", f"{ABOVE} and three: {choice}"
        page.locator("#desk-text").fill(mine)
        old = next(line for line in desk.text.split("\n") if line.startswith(ABOVE))
        with desk.session.built_again():
            desk.session.edit(FAQ, old, theirs)
        if reload:
            page.reload()
            said(page, "This is what you had typed before; it is not saved yet.")
        do(page, "Save")
        other = page.locator(".desk-other")
        other.get_by_text(theirs).wait_for()
        assert page.locator("#desk-text").input_value() == mine
        do(page, choice)
        page.locator(OPEN).wait_for(state="detached")
        assert ((mine in desk.text), (theirs in desk.text)) == ((not reload), reload)
        desk.session.edit(FAQ, mine if mine in desk.text else theirs, old)
        page.goto("/en/about/")


def test_a_page_that_cannot_be_read_is_mended(page: Page, desk: Desk) -> None:
    page.goto("/en/faq/")
    desk.session.edit(FAQ, "## Before you start", "{% if %}\n\n## Before you start")
    page.get_by_role("link", name="Problems (").wait_for()
    page.get_by_role("button", name="Edit", exact=True).click()
    page.wait_for_url("**/.preview/text?page=en/pages/faq")
    field = page.get_by_label("The file")
    field.fill(field.input_value().replace("{% if %}\n\n", ""))
    page.get_by_role("button", name="Save").click()
    page.get_by_role("status").filter(has_text="Saved.").wait_for()
    with page.expect_navigation():
        page.get_by_role("link", name="To the page").click()
    edit(page, SENTENCE)


@pytest.mark.parametrize("lang", LANGS)
def test_every_state_can_be_used_by_everyone(desk: Desk, lang: str) -> None:
    schemes = {"en": ["light", "dark", "light"], "fr": ["dark", "light", "dark"]}[lang]
    context = desk.context({"en": "en-GB", "fr": "fr-FR"}[lang], reduced_motion="reduce")  # it scrolls at once
    context.add_init_script(AUDIT)
    page = desk.page(context)
    found: list[str] = []

    def look(state: str) -> None:
        for width, scheme in zip((1280, 390, 320), schemes, strict=True):
            media(page, scheme, width)
            page.evaluate("scrollTo({ top: 0, behavior: 'instant' })")  # nothing of the page is behind the bar
            found.extend(f"{state}, {width}: {finding}" for finding in ([] if width == 320 else axe(page)))
            if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
                found.append(f"{state}, {width}: it scrolls sideways")
            found.extend(f"{state}, {width}: {name} is small" for name in page.evaluate(SMALL))

    def choose(kind: str) -> None:
        page.evaluate(CHOOSE, kind)
        page.locator(OPEN).wait_for()

    page.goto(f"/{lang}/faq/")
    look("bar")
    page.locator("#desk-edit").click()
    page.locator(".desk-layer button").first.wait_for()
    look("edited")
    choose("paragraph")
    page.locator(".desk-shown p").first.wait_for()
    page.locator("[data-do=link]").click()
    look("paragraph")
    page.keyboard.press("Escape")
    page.locator("[data-do=whole]").click()
    page.locator(".desk-shown p").first.wait_for()
    look("whole")
    page.keyboard.press("Escape")
    if lang == "en":
        choose("table")
        page.locator(".desk-shown td").first.wait_for()
        look("table")
    for name in ("pages", "problems", "publish", f"text?page={lang}/pages/faq"):
        page.goto(f"/.preview/{name}")
        look(name)
    context.close()
    assert not found, stated(found)


CHOOSE = "kind => [...document.querySelector('.desk-layer').children].find(one => one.block.kind === kind).click()"
SMALL = """() => [...document.querySelectorAll(
    ".desk-bar :is(a, button), .desk-editor :is(button, input, select, textarea), .desk-layer button, " +
    "body.desk :is(button, input:not([type=hidden]), textarea, select)")]
  .filter((one) => one.checkVisibility())
  .filter((one) => { const { width, height } = one.getBoundingClientRect(); return Math.min(width, height) < 24; })
  .map((one) => one.ariaLabel || one.textContent || one.name)"""
