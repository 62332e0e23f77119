"""The worksheet open several times: what was typed in one tab is never replaced by another unasked (#12)."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from tests.browser.audit import PAGES, Device, Reader, axe
from tests.browser.test_worksheet import (
    FULL,
    KEY,
    WORDS,
    answers_offered,
    decide,
    entered,
    file,
    fill,
    keeps,
    kept,
    press,
    said,
    stored,
    today,
)

OTHER = {"en": "fr", "fr": "en"}
MINE = {"title": "Typed in A", "s": "Une phrase d’A"}
YOURS = {"title": "Typed in B", "wish": "Un souhait de B"}
SET = "([key, entry]) => localStorage.setItem(key, entry)"
ROOM = "() => { Storage.prototype.setItem = window.setItem; }"
BACK = "dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }))"
ANSWERED = """() => {
    const { dataset } = document.body;
    dataset.answers = "";
    const { json } = Response.prototype;
    Response.prototype.json = function () { return json.call(this).finally(() => { dataset.answers += "x"; }); };
}"""
SEEN = "document.dispatchEvent(new Event('visibilitychange'))"


@pytest.fixture(params=["en", pytest.param("fr", marks=pytest.mark.long)])
def lang(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def device(browser: Browser, site: Any) -> Iterator[Device]:
    context = browser.new_context(base_url=site.url, reduced_motion="reduce")
    yield Device(context)
    context.close()


@pytest.fixture
def reader(device: Device) -> Iterator[Reader]:
    with device.reader() as reader:
        yield reader


@pytest.fixture
def sheet(reader: Reader, lang: str) -> Page:
    """Tab A."""
    return reader.open(PAGES[f"{lang}/smart-worksheet"])


@pytest.fixture
def second(sheet: Page, reader: Reader, lang: str) -> Page:
    """Tab B, in the other language."""
    page = reader.context.new_page()
    page.goto(PAGES[f"{OTHER[lang]}/smart-worksheet"])
    return page


def words(page: Page) -> dict[str, str]:
    found: dict[str, str] = WORDS[page.evaluate("document.documentElement.lang")]
    return found


def whole(answers: dict[str, str]) -> dict[str, str]:
    return answers | {"sharing": "nobody"}


def asks_when_closed(page: Page) -> bool:
    found: list[str] = []

    def note(dialog: Any) -> None:
        found.append(dialog.type)
        dialog.accept()

    page.on("dialog", note)
    with page.expect_event("close"):
        page.close(run_before_unload=True)
    return found == ["beforeunload"]


def dispute(first: Page, second: Page) -> None:
    """Both tabs hold something else, and the first one keeps it."""
    fill(first, MINE)
    fill(second, YOURS)
    first.locator("#keep").check()
    expect(second.get_by_role("dialog")).to_be_visible()


# Which of two is to stay


def test_what_is_typed_in_one_tab_is_not_replaced_by_another_that_keeps(sheet: Page, second: Page) -> None:
    dispute(sheet, second)
    assert entered(second) == whole(YOURS)
    assert keeps(second) == "something else"
    dialog = second.get_by_role("dialog")
    expect(dialog).to_have_accessible_name(re.compile(re.escape(words(second)["apart"]) + r".*\b" + str(today().year)))
    expect(dialog.locator("button").first).to_be_focused()
    assert answers_offered(second) == ["later", "mine", "theirs"]
    assert not axe(second)
    second.keyboard.press("Escape")
    expect(said(second)).to_contain_text(words(second)["apart"])
    fill(second, {"m": "and more"})
    assert kept(sheet) == whole(MINE)
    fill(sheet, {"m": "more in A"})  # the reader has put it off, so this asks nothing again
    second.wait_for_function("(key) => localStorage.getItem(key).includes('more in A')", arg=KEY)
    assert kept(second) == whole(MINE | {"m": "more in A"})
    assert entered(second) == whole(YOURS | {"m": "and more"})
    expect(dialog).to_be_hidden()
    second.locator("#keep").click()
    decide(second, "later")
    assert keeps(second) == "something else"
    assert asks_when_closed(second)
    assert keeps(sheet) == "this sheet"


def test_the_one_on_the_page_stays(sheet: Page, second: Page) -> None:
    dispute(sheet, second)
    decide(second, "mine")
    expect(said(second)).to_have_text(words(second)["kept"])
    expect(sheet.locator("#title")).to_have_value("Typed in B")
    assert entered(sheet) == entered(second) == kept(second) == whole(YOURS)
    assert [keeps(sheet), keeps(second)] == ["this sheet"] * 2
    assert not asks_when_closed(second)


def test_the_one_on_the_device_is_taken_as_it_is_by_then(sheet: Page, second: Page) -> None:
    dispute(sheet, second)
    fill(sheet, {"m": "later still"})
    sheet.close()
    decide(second, "theirs")
    expect(second.locator("#m")).to_have_value("later still")
    assert entered(second) == whole(MINE | {"m": "later still"})
    assert keeps(second) == "this sheet"
    fill(second, {"a": "goes on"})
    assert kept(second) == whole(MINE | {"m": "later still", "a": "goes on"})


def test_both_can_be_had_as_files_before_it_is_decided(sheet: Page, second: Page) -> None:
    dispute(sheet, second)
    assert json.loads(decide(second, "save-mine", saves=True))["answers"] == whole(YOURS)
    expect(second.locator("dialog [role=status]")).not_to_be_empty()
    assert json.loads(decide(second, "save-other", saves=True))["answers"] == whole(MINE)
    expect(second.get_by_role("dialog")).to_be_visible()
    assert kept(second) == whole(MINE)


def test_it_is_decided_with_the_keyboard_alone(sheet: Page, second: Page) -> None:
    dispute(sheet, second)
    second.keyboard.press("Tab")
    expect(second.get_by_role("dialog").get_by_role("button", name=words(second)["mine"])).to_be_focused()
    second.keyboard.press("Enter")
    expect(said(second)).to_have_text(words(second)["kept"])
    assert kept(second) == whole(YOURS)


def test_a_question_that_has_settled_itself_goes(sheet: Page, second: Page) -> None:
    dispute(sheet, second)
    sheet.locator("#keep").uncheck()
    expect(second.get_by_role("dialog")).to_be_hidden()
    expect(said(second)).to_have_text(words(second)["unkept"])
    assert keeps(second) == "nothing"
    assert entered(second) == whole(YOURS)
    second.locator("#keep").check()
    expect(sheet.get_by_role("dialog")).to_be_visible()  # and now the other one is asked
    assert entered(sheet) == whole(MINE)


def test_one_question_at_a_time(sheet: Page, second: Page) -> None:
    fill(sheet, MINE)
    fill(second, YOURS)
    press(second, "erase")
    sheet.locator("#keep").check()
    expect.soft(second.get_by_role("dialog")).to_have_count(1)
    expect(second.locator("#keep")).to_have_js_property("indeterminate", True)
    second.keyboard.press("Escape")
    expect(second.get_by_role("dialog")).to_have_accessible_name(re.compile(words(second)["apart"]))
    assert entered(second) == whole(YOURS)


# What needs no question


def test_two_tabs_of_one_sheet_agree(sheet: Page, second: Page) -> None:
    fill(sheet, MINE)
    sheet.locator("#keep").check()
    expect(second.locator("#title")).to_have_value("Typed in A")  # nothing was written there
    expect(said(second)).to_have_text(words(second)["restored"])
    fill(second, {"title": "From the second "})
    expect(sheet.locator("#title")).to_have_value("From the second")
    fill(sheet, {"wish": "From the first"})
    expect(second.locator("#wish")).to_have_value("From the first")
    assert [keeps(sheet), keeps(second)] == ["this sheet"] * 2
    assert sheet.locator("dialog").count() == second.locator("dialog").count() == 0


def test_the_same_words_in_both_are_no_dispute(sheet: Page, second: Page) -> None:
    for page in (sheet, second):
        fill(page, MINE)
    sheet.locator("#keep").check()
    expect(second.locator("#keep")).to_be_checked()
    assert second.locator("dialog").count() == 0
    assert not asks_when_closed(second)


@pytest.mark.parametrize("way", ["unticked", "erased", "cleared"])
def test_what_one_tab_erases_the_other_neither_loses_nor_keeps_again(
    sheet: Page, second: Page, reader: Reader, way: str
) -> None:
    fill(sheet, MINE)
    sheet.locator("#keep").check()
    expect(second.locator("#title")).to_have_value("Typed in A")
    if way == "unticked":
        sheet.locator("#keep").uncheck()
    elif way == "erased":
        press(sheet, "erase")
        sheet.get_by_role("dialog").locator("button").last.click()
    else:
        page = reader.context.new_page()
        page.goto(PAGES["en/faq"])
        page.evaluate("localStorage.clear()")
    expect(second.locator("#keep")).not_to_be_checked()
    expect(said(second)).to_have_text(words(second)["unkept"])
    assert entered(second) == whole(MINE)
    if way == "unticked":
        second.locator("#title").click()  # a browser asks only where somebody has been
    else:
        fill(second, {"title": "Still here"})
    assert stored(second) == {}
    assert keeps(second) == "nothing"
    assert asks_when_closed(second)


# What a tab has not heard of: it was frozen, or in the cache of pages left


@pytest.mark.parametrize("call", [BACK, SEEN, ""])
def test_what_was_cleared_unheard_is_not_kept_again(sheet: Page, lang: str, call: str) -> None:
    fill(sheet, MINE)
    sheet.locator("#keep").check()
    sheet.evaluate("localStorage.clear()")  # of this page's own doing it hears nothing
    sheet.evaluate(call) if call else fill(sheet, {"m": "more"})
    expect(said(sheet)).to_have_text(WORDS[lang]["unkept"])
    assert keeps(sheet) == "nothing"
    fill(sheet, {"title": "On"})
    assert stored(sheet) == {}
    assert asks_when_closed(sheet)


@pytest.mark.parametrize("act", [BACK, SEEN, "type", "untick"])
def test_what_was_replaced_unheard_is_not_overwritten(sheet: Page, lang: str, act: str) -> None:
    fill(sheet, MINE)
    sheet.locator("#keep").check()
    sheet.evaluate(SET, [KEY, file(whole(YOURS), saved="2027-01-02")])
    if act == "type":
        fill(sheet, {"m": "more"})
        expect(sheet.get_by_role("dialog")).to_be_visible()
        assert entered(sheet) == whole(MINE | {"m": "more"})
        assert kept(sheet) == whole(YOURS)
    elif act == "untick":  # what goes is then what is seen
        sheet.locator("#keep").click()
        expect(said(sheet)).to_have_text(WORDS[lang]["unkept"])
        assert entered(sheet) == whole(YOURS)
        assert stored(sheet) == {}
    else:  # nothing was typed here since, so it is followed
        sheet.evaluate(act)
        expect(sheet.locator("#title")).to_have_value("Typed in B")
        assert keeps(sheet) == "this sheet"


def test_ticking_an_unticked_box_overwrites_nothing(sheet: Page, lang: str) -> None:
    fill(sheet, MINE)
    sheet.evaluate(SET, [KEY, file(whole(YOURS), saved="2027-01-02")])
    sheet.locator("#keep").click()
    day = "2 January 2027" if lang == "en" else "2 janvier 2027"
    expect(sheet.get_by_role("dialog")).to_have_accessible_name(re.compile(day.replace(" ", r"\s")))
    assert kept(sheet) == whole(YOURS)
    assert entered(sheet) == whole(MINE)


# No room


def test_no_room_leaves_the_earlier_version_and_says_so(sheet: Page, reader: Reader, lang: str) -> None:
    fill(sheet, MINE)
    sheet.locator("#keep").check()
    sheet.evaluate("() => { window.setItem = Storage.prototype.setItem; }")
    sheet.evaluate(FULL)
    fill(sheet, {"title": "Too much"})
    expect(said(sheet)).to_contain_text(WORDS[lang]["full"])
    expect(said(sheet)).to_contain_text(str(today().year))
    assert keeps(sheet) == "something else"
    assert kept(sheet) == whole(MINE)
    fill(sheet, {"m": "and more"})
    assert entered(sheet) == whole(MINE | {"title": "Too much", "m": "and more"})
    sheet.locator("#keep").click()
    assert answers_offered(sheet) == ["later", "mine", "theirs"]
    assert json.loads(decide(sheet, "save-mine", saves=True))["answers"]["m"] == "and more"
    decide(sheet, "mine")  # there is still no room
    expect(said(sheet)).to_contain_text(WORDS[lang]["full"])
    sheet.evaluate(ROOM)
    fill(sheet, {"m": "less"})
    expect(said(sheet)).to_have_text(WORDS[lang]["kept"])
    assert kept(sheet) == whole(MINE | {"title": "Too much", "m": "less"})
    assert keeps(sheet) == "this sheet"


def test_without_room_closing_asks_and_the_earlier_version_can_be_taken(sheet: Page, second: Page) -> None:
    fill(sheet, MINE)
    sheet.locator("#keep").check()
    expect(second.locator("#title")).to_have_value("Typed in A")
    for page in (sheet, second):
        page.evaluate(FULL)
        fill(page, {"title": "Too much"})
        assert keeps(page) == "something else"
    sheet.locator("#keep").click()
    decide(sheet, "theirs")
    expect(sheet.locator("#title")).to_have_value("Typed in A")
    assert keeps(sheet) == "this sheet"
    assert asks_when_closed(second)


# What a page has no field for


def test_what_has_no_field_here_stays_in_what_is_kept(sheet: Page, reader: Reader, lang: str) -> None:
    """A page from before or after a change of the sheet gives back what it does not know."""
    sheet.evaluate(SET, [KEY, file({"colour": "blue", "title": "Kept", "t": "soon"})])
    page = reader.open(PAGES[f"{lang}/smart-worksheet"])
    expect(said(page)).to_have_text(f"{WORDS[lang]['restored']} {WORDS[lang]['lost'].format(2)}")
    fill(page, {"wish": "More"})
    assert kept(page) == {"colour": "blue", "t": "soon", "title": "Kept", "wish": "More", "sharing": "nobody"}
    press(page, "erase")
    page.get_by_role("dialog").locator("button").last.click()
    page.locator("#keep").check()
    assert kept(page) == {"sharing": "nobody"}


# The example, meanwhile


def test_a_dispute_while_the_example_is_shown_is_about_what_is_set_aside(sheet: Page, second: Page) -> None:
    fill(sheet, MINE)
    fill(second, YOURS)
    press(second, "example")
    expect(second.locator("[data-do=leave]")).to_be_focused()
    sheet.locator("#keep").check()
    decide(second, "theirs")
    press(second, "leave")
    assert entered(second) == whole(MINE)
    assert entered(sheet) == whole(MINE)


def test_the_example_asked_for_twice_does_not_become_the_reader_s_own(sheet: Page) -> None:
    held: list[Route] = []
    sheet.route("**/smart-worksheet.json", lambda route: held.append(route))
    sheet.evaluate(ANSWERED)
    fill(sheet, MINE)
    for _ in range(2):
        with sheet.expect_request("**/smart-worksheet.json"):
            press(sheet, "example")
    held[0].continue_()
    expect(sheet.locator("[data-do=leave]")).to_be_visible()
    held[1].continue_()
    expect(sheet.locator("body")).to_have_attribute("data-answers", "xx")
    press(sheet, "leave")
    assert entered(sheet) == whole(MINE)
