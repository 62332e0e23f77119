"""Pasting in Chromium with a real clipboard; both languages side by side, as they are seen and heard."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from plugins.problems import ROOT
from tests.browser.audit import AUDIT, axe, media, stated
from tests.desk.test_editor_browser import LANGS, OPEN, SENTENCE, SMALL, Desk, do, edit, said, save
from tests.tools.preview_session import Session, copy_of

SAMPLES = ROOT / "tests" / "fixtures" / "pasted"
WRITER = (SAMPLES / "libreoffice-7.4.html").read_text(encoding="utf-8")
COPY = """([html, text]) => navigator.clipboard.write([new ClipboardItem({
    ...(html && { "text/html": new Blob([html], { type: "text/html" }) }),
    "text/plain": new Blob([text], { type: "text/plain" }),
})])"""
PASTE = """([html, text]) => {
    const data = new DataTransfer();
    if (html) data.setData("text/html", html);
    if (text) data.setData("text/plain", text);
    const event = new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true });
    document.getElementById("desk-text").dispatchEvent(event);
}"""


@pytest.fixture(scope="module")
def running(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    session = Session(copy_of(ROOT, tmp_path_factory.mktemp("paste") / "site"))
    try:
        session.start().ready()
        yield Desk(session, browser)
    finally:
        session.kill()


@pytest.fixture
def page(running: Desk) -> Iterator[Page]:
    """The owner's page; what the console says against us fails the test."""
    running.said.clear()
    context = running.context(permissions=["clipboard-read", "clipboard-write"])
    yield running.page(context)
    context.close()
    expected = ("ERR_", "Failed to load", "Applying inline style")  # the last: live.js asks for another version
    assert [text for text in running.said if not any(part in text for part in expected)] == []


def below(page: Page) -> None:
    """A new part below the sentence."""
    edit(page, SENTENCE)
    do(page, "Add below")
    page.locator("#desk-text").wait_for()


def copied(page: Page, html: str, text: str) -> None:
    page.evaluate(COPY, [html, text])


def field(page: Page) -> str:
    return page.locator("#desk-text").input_value()


def test_a_document_of_writer_is_pasted_undone_and_saved(page: Page, running: Desk) -> None:
    before = running.text
    below(page)
    copied(page, WRITER, "Préparer un entretien")
    page.keyboard.press("Control+V")
    page.locator(".desk-shown table").wait_for()
    assert field(page).startswith("## Préparer un entretien\n\nUn entretien se prépare : on note **trois points**")
    assert "- relire ses notes ;\n    - celles de la séance," in field(page)
    assert field(page).endswith("\n\n[^2]: La seconde, avec 2\\*3\\*4 et [crochets].")
    expect(page.locator(".desk-told")).to_contain_text("One picture did not come with the text")
    page.keyboard.press("Control+Z")
    assert field(page) == ""
    page.keyboard.press("Control+V")
    page.locator(".desk-shown table").wait_for()
    assert page.locator(".desk-wrong li").count() == 0
    save(page)
    assert "| Le coach | écoute \\| questionne |" in running.text
    page.get_by_role("button", name="Undo", exact=True).click()
    said(page, "It is as it was before.")
    assert running.text == before


def test_words_come_into_a_sentence_and_parts_beside_it(page: Page) -> None:
    below(page)
    page.keyboard.type("Before and after.")
    for _ in "and after.":
        page.keyboard.press("ArrowLeft")
    page.evaluate(PASTE, ["<p><b>strong</b>&nbsp;words, </p>", ""])
    page.locator(".desk-shown strong").wait_for()
    assert field(page) == "Before **strong** words,and after."
    page.evaluate(PASTE, ["<ul><li>one<li>two</ul>", ""])
    page.locator(".desk-shown li").first.wait_for()
    assert field(page) == "Before **strong** words,\n\n- one\n- two\n\nand after."
    page.keyboard.press("Escape")


def test_plain_words_stay_as_they_are_but_for_signs_that_nobody_sees(page: Page) -> None:
    below(page)
    copied(page, "", "so\u00adft\tand\u00a0**plain**\n- x")
    page.keyboard.press("Control+V")
    assert field(page) == "soft and **plain**\n- x"
    page.keyboard.press("Control+A")
    copied(page, "<b>rich</b>", "rich")
    page.keyboard.press("Control+Shift+V")
    expect(page.locator("#desk-text")).to_have_value("rich")
    page.keyboard.press("Escape")


def test_a_picture_within_the_words_is_kept(page: Page) -> None:
    taken = {"path": "images/photo.png", "address": "{static}../../images/photo.png", "undo": ""}
    page.route("**/pictures/add", lambda route: route.fulfill(json=taken))
    below(page)
    page.evaluate(PASTE, ['<p>x <img src="data:image/png;base64,iVBORw0KGgo=" alt="A chair"></p>', "x"])
    expect(page.locator("#desk-text")).to_have_value("x ![A chair]({static}../../images/photo.png)")
    page.unroute("**/pictures/add")
    page.route("**/pictures/add", lambda route: route.fulfill(status=422, json={"wrong": ["Too large."]}))
    page.locator("#desk-text").fill("")
    page.evaluate(PASTE, ['<p>x <img src="data:image/png;base64,iVBORw0KGgo="></p>', "x"])
    expect(page.locator(".desk-told li")).to_have_text(
        ["Too large.", "One picture did not come with the text: choose it with “Picture”."]
    )
    page.route("**/.preview/paste", lambda route: route.abort())
    page.locator("#desk-text").fill("")
    page.evaluate(PASTE, ["<b>rich</b>", "rich\u00ad"])
    expect(page.locator("#desk-text")).to_have_value("rich")
    expect(page.locator(".desk-told li")).to_have_text(
        "Only plain words could be pasted: how they were laid out could not be read."
    )
    page.keyboard.press("Escape")


def test_a_small_correction_is_one_click_and_undone(page: Page, running: Desk) -> None:
    french = running.session.folder / "content" / "fr" / "pages" / "faq.md"
    before = french.read_bytes()
    edit(page, SENTENCE)
    page.locator("#desk-text").fill("Say so at the first meeting, or later.")
    save(page)
    with running.session.built_again():
        page.get_by_role("button", name="Small correction: both still say the same").click()
    said(page, "It is recorded: both say the same. Undo")
    assert french.read_bytes() != before
    page.goto("/.preview/languages?page=pages/faq")
    expect(page.locator("main .note").first).to_contain_text("Both languages say the same.")
    page.go_back()
    page.get_by_role("button", name="Undo", exact=True).click()
    said(page, "It is as it was before.")
    assert french.read_bytes() == before
    edit(page, "Say so at the first meeting")
    page.keyboard.press("Escape")
    page.get_by_role("link", name="Both languages", exact=True).click()
    expect(page.locator(".part.changed")).to_have_count(1)
    page.locator(".part.changed a").click()
    page.locator(OPEN).wait_for()
    assert field(page) == "Say so at the first meeting, or later."
    page.keyboard.press("Escape")
    page.goto("/.preview/settings?page=en/pages/faq")
    page.get_by_label("Title", exact=True).fill("Questions and answers")
    page.get_by_role("button", name="Save", exact=True).click()
    said(page, "Saved. Undo")
    assert page.get_by_role("button", name="Small correction").count() == 0  # more was changed before
    assert "#" not in page.url
    page.goto("/.preview/languages?page=pages/faq")
    page.get_by_role("button", name="Both say the same").press("Enter")
    expect(page.get_by_role("status").filter(has_text="It is recorded")).to_be_visible()
    expect(page.locator(".part.changed")).to_have_count(0)


@pytest.mark.parametrize("lang", LANGS)
def test_both_languages_can_be_compared_by_everyone(running: Desk, lang: str, tmp_path: Path) -> None:
    running.session.edit("content/en/pages/about.md", "\n---\n", "\n---\nA new beginning.\n\n")
    running.session.edit(
        "content/fr/pages/contact.md", "slug:", "translation: pending\nslug:"
    ) if lang == "en" else None
    context = running.context({"en": "en-GB", "fr": "fr-FR"}[lang], forced_colors="none", reduced_motion="reduce")
    context.add_init_script(AUDIT)
    page = running.page(context)
    found: list[str] = []
    for name in ("languages", "languages?page=pages/about", "languages?page=pages/contact"):
        page.goto(f"/.preview/{name}")
        for width, scheme in ((1280, "light"), (390, "dark"), (320, "light"), (1280, "dark")):
            media(page, scheme, width)
            found.extend(f"{name}, {width}: {finding}" for finding in ([] if width == 320 else axe(page)))
            if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
                found.append(f"{name}, {width}: it scrolls sideways")
            found.extend(f"{name}, {width}: {one} is small" for one in page.evaluate(SMALL))
    context.close()
    assert not found, stated(found)
