"""Pictures and files in Chromium: chosen, dropped or pasted, put into pages of both languages; by everyone."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import Browser, FilePayload, Page, expect

from plugins.problems import ROOT
from tests.browser.audit import AUDIT, axe, media, stated
from tests.desk.test_editor_browser import CHOOSE, LANGS, SMALL, Desk, do, edit, save
from tests.desk.uploads import pdf, photograph, saved
from tests.tools.preview_session import Session, copy_of

BOX = ".desk-picture"
SENTENCE, FRENCH, ABOVE = (
    "Say so, at the first meeting or later.",
    "Dites-le, à la première",
    "Not in itself. Ask two things",
)
# Files as a drag or the clipboard carries them, onto an element.
ARRIVE = """(element, [kind, files]) => {
    const data = new DataTransfer();
    for (const [name, type, base64] of files)
        data.items.add(new File([Uint8Array.from(atob(base64), (sign) => sign.charCodeAt(0))], name, { type }));
    const options = { bubbles: true, cancelable: true, dataTransfer: data, clipboardData: data };
    const made = kind === "paste" ? new ClipboardEvent(kind, options) : new DragEvent(kind, options);
    return element.dispatchEvent(made);
}"""


@pytest.fixture(scope="module")
def desk(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    session = Session(copy_of(ROOT, tmp_path_factory.mktemp("pictures") / "site"))
    try:
        session.start().ready()
        yield Desk(session, browser)
    finally:
        session.kill()


@pytest.fixture
def page(desk: Desk) -> Iterator[Page]:
    context = desk.context()
    yield desk.page(context)
    context.close()


def file(name: str, kind: str, data: bytes) -> FilePayload:
    return {"name": name, "mimeType": kind, "buffer": data}


def chairs(colour: str = "teal") -> bytes:
    picture = photograph((400, 300))
    picture.paste(Image.new("RGB", (99, 99), colour), (200, 100))
    return saved(picture, "JPEG")


def carried(kind: str, *files: FilePayload) -> list[Any]:
    return [kind, [[one["name"], one["mimeType"], base64.b64encode(one["buffer"]).decode()] for one in files]]


def test_files_are_chosen_and_dropped_and_one_is_described_with_the_keyboard(page: Page, desk: Desk) -> None:
    page.goto("/.preview/pictures")
    page.get_by_label("Add pictures or files").set_input_files(
        [
            file("IMG_0815.HEIC", "image/heic", saved(photograph((600, 400)), "HEIF", quality=40)),
            file("Leaflet.pdf", "application/pdf", pdf()),
            file("notes.txt", "text/plain", b"words"),
        ]
    )
    expect(page.locator("#arrived li")).to_have_count(3)
    expect(page.locator("#arrived .error")).to_contain_text("notes.txt: The site takes JPEG")
    expect(page.locator("#library")).to_contain_text("leaflet.pdf")
    dropped = carried("drop", file("Two chairs.jpg", "image/jpeg", chairs()))
    assert page.locator("#library").evaluate(ARRIVE, dropped) is False  # else the browser would show the file
    page.wait_for_url("**/pictures/one?file=images%2Ftwo-chairs.jpg&done=added&undo=*")
    page.get_by_label("In English").focus()
    page.keyboard.type("Two chairs by a window")
    page.keyboard.press("Tab")
    page.keyboard.type("Deux chaises près d’une fenêtre")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status").filter(has_text="Saved.")).to_be_visible()
    texts = (desk.session.folder / "content/data/pictures.toml").read_text(encoding="utf-8")
    assert '"images/two-chairs.jpg" = {en = "Two chairs by a window", fr = "Deux chaises près' in texts
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Undone: What a picture shows")
    assert not (desk.session.folder / "content/data/pictures.toml").exists()


def test_a_new_picture_is_put_into_a_page_and_then_into_its_other_language(page: Page, desk: Desk) -> None:
    edit(page, SENTENCE)
    page.locator("[data-do=picture]").focus()
    page.keyboard.press("Enter")
    box = page.locator(BOX)
    box.get_by_label("A new one").set_input_files(file("Window.jpg", "image/jpeg", chairs("navy")))
    expect(box.get_by_label("window.jpg")).to_be_checked()
    do(page, "Put the picture in")
    expect(box.get_by_role("status")).to_have_text(
        "Say what it shows in the language of this page, or that it is decoration."
    )
    expect(box.get_by_label("What it shows, in English")).to_be_focused()
    page.keyboard.type("A window [open]")
    page.keyboard.press("Tab")
    page.keyboard.type("Une fenêtre ouverte")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.type("video.example/one(1)")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    written = "[![A window (open)]({static}../../images/window.jpg)](https://video.example/one%281%29)"
    expect(page.locator("#desk-text")).to_have_value(re.compile(rf"coach\.\n\n{re.escape(written)}$"))
    page.locator('.desk-shown img[alt="A window (open)"]').wait_for()
    assert page.locator(".desk-shown img").evaluate("image => image.decode().then(() => image.naturalWidth)") > 0
    save(page)
    shown = page.locator('main .prose a[href="https://video.example/one%281%29"] img[alt="A window (open)"]')
    shown.wait_for()
    edit(page, FRENCH, "/fr/faq/")
    page.locator("[data-do=picture]").click()
    box.get_by_label("window.jpg").check()
    expect(box.locator("[name=fr]")).to_have_value("Une fenêtre ouverte")
    page.locator("[data-do=pictured]").click()
    save(page)
    page.locator('main .prose img[alt="Une fenêtre ouverte"]').wait_for()


def test_a_picture_that_is_dropped_or_pasted_into_a_text_is_asked_about_and_can_be_exchanged(page: Page) -> None:
    edit(page, ABOVE)
    field, box = page.locator("#desk-text"), page.locator(BOX)
    before = field.input_value()
    assert field.evaluate(ARRIVE, carried("paste", file("image.png", "image/png", chairs("olive")))) is False
    expect(box.get_by_label("image.jpg")).to_be_checked()
    box.get_by_label("It is decoration").check()
    do(page, "Put the picture in")
    expect(field).to_have_value(f"{before}\n\n![]({{static}}../../images/image.jpg){{: .decoration }}")
    page.locator('.desk-shown img[alt=""]').wait_for()
    expect(page.locator(".desk-wrong").first).to_be_empty()  # the site asks for no text
    page.keyboard.press("Escape")
    edit(page, ABOVE)
    do(page, "Add below")
    two = (file("Lamp.jpg", "image/jpeg", chairs("gray")), file("Desk.jpg", "image/jpeg", chairs("maroon")))
    field.evaluate(ARRIVE, carried("drop", *two))
    expect(box.get_by_label("desk.jpg")).to_be_checked()
    expect(box.get_by_label("lamp.jpg")).to_be_visible()  # the other one is there too
    box.get_by_label("What it shows, in English").fill("A desk")
    do(page, "Put the picture in")
    expect(field).to_have_value("![A desk]({static}../../images/desk.jpg)")
    do(page, "Picture")
    expect(box.get_by_label("desk.jpg")).to_be_checked()
    expect(box.get_by_label("What it shows, in English")).to_have_value("A desk")
    box.get_by_label("image.jpg").check()
    expect(box.get_by_label("What it shows, in English")).to_be_disabled()  # it is decoration
    do(page, "Put the picture in")
    expect(field).to_have_value("![]({static}../../images/image.jpg){: .decoration }")
    page.keyboard.press("Control+z")
    expect(field).to_have_value("![A desk]({static}../../images/desk.jpg)")
    page.keyboard.press("Escape")


def test_a_file_to_download_is_linked_to(page: Page) -> None:
    edit(page, ABOVE)
    field = page.locator("#desk-text")
    field.evaluate(ARRIVE, carried("drop", file("Price list.pdf", "application/pdf", pdf() + b"\n")))
    expect(field).to_have_value(re.compile(r"\[price-list\.pdf\]\(\{static\}\.\./\.\./downloads/price-list\.pdf\)"))
    page.keyboard.press("Escape")
    page.reload()
    edit(page, ABOVE)
    do(page, "Link")
    page.locator(".desk-link").get_by_label("or a file to download").select_option("price-list.pdf")
    do(page, "Put the link in")
    expect(field).to_have_value(re.compile(r"\[text\]\(\{static\}\.\./\.\./downloads/price-list\.pdf\)"))
    page.keyboard.press("Escape")


@pytest.mark.parametrize("lang", LANGS)
def test_every_page_of_pictures_can_be_used_by_everyone(desk: Desk, lang: str) -> None:
    context = desk.context({"en": "en-GB", "fr": "fr-FR"}[lang], reduced_motion="reduce")
    context.add_init_script(AUDIT)
    page = desk.page(context)
    found: list[str] = []

    def look(state: str) -> None:
        for width, scheme in ((1280, "light" if lang == "en" else "dark"), (390, "dark"), (320, "light")):
            media(page, scheme, width)
            page.evaluate("scrollTo({ top: 0, behavior: 'instant' })")
            found.extend(f"{state}, {width}: {finding}" for finding in ([] if width == 320 else axe(page)))
            if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
                found.append(f"{state}, {width}: it scrolls sideways")
            found.extend(f"{state}, {width}: {name} is small" for name in page.evaluate(SMALL))
        media(page)

    for one in (file("Seat.jpg", "image/jpeg", chairs("gold")), file("Terms.pdf", "application/pdf", pdf() + b"\n\n")):
        page.goto("/.preview/pictures")
        page.locator("#file").set_input_files(one)
        page.wait_for_url("**/pictures/one?file=*")
        look(one["name"])
    page.goto("/.preview/pictures")
    page.locator("#file").set_input_files(file("b.txt", "text/plain", b"words"))
    page.locator("#arrived .error").wait_for()
    look("library")
    page.emulate_media(forced_colors="active")
    found.extend(f"forced colours: {finding}" for finding in axe(page))
    page.emulate_media(forced_colors="none")
    page.goto(f"/{lang}/faq/")
    page.locator("#desk-edit").click()
    page.locator(".desk-layer button").first.wait_for()
    page.evaluate(CHOOSE, "paragraph")
    page.locator("[data-do=picture]").click()
    page.locator(".desk-choices input").first.check()
    look("picture")
    context.close()
    assert not found, stated(found)


def test_the_portrait_is_added_where_it_is_asked_for(page: Page, desk: Desk) -> None:
    page.goto("/.preview/facts?open=coach")
    portrait = page.locator('[id="coach.photo"]')
    new = file("Marie.HEIC", "image/heic", saved(photograph((300, 400)), "HEIF", quality=40))
    portrait.get_by_label("A new picture").set_input_files(new)
    portrait.locator("img").wait_for()  # saved, and shown again
    expect(portrait.get_by_label("Portrait")).to_have_value("marie.jpg")
    assert 'photo = "marie.jpg"' in (desk.session.folder / "content/data/practice.toml").read_text(encoding="utf-8")
    portrait.get_by_label("A new picture").set_input_files(file("a.txt", "text/plain", b"words"))
    expect(page.locator("#saving")).to_contain_text("The site takes JPEG")
