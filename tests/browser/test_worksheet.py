"""The interactive worksheet as a person uses it, in both languages: nothing sent, nothing kept unasked or lost."""

from __future__ import annotations

import io
import json
import re
import tomllib
import unicodedata
from collections.abc import Callable, Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect
from pypdf import PdfReader

from plugins.typography import french
from tests.browser.audit import (
    PAGES,
    SHEET,
    Device,
    Reader,
    assert_silent,
    axe,
    focus,
    media,
    overflow,
    stated,
)

KEY = "htm-smart-worksheet"
LANGS = ["en", "fr"]
STORED = "Object.entries({ ...localStorage })"
HEARD = """() => {
    const spoken = document.querySelector("#worksheet > .unseen");
    window.heard = [];
    new MutationObserver(() => heard.push(spoken.textContent)).observe(spoken, { childList: true });
}"""
FORBIDDEN = """Object.defineProperty(window, "localStorage", {
    get() { throw new DOMException("no", "SecurityError"); }
});"""
FULL = "() => { Storage.prototype.setItem = () => { throw new DOMException('full', 'QuotaExceededError'); } }"
PRINTS = "window.printed = 0; window.print = () => { document.body.dataset.printed = window.printed += 1; };"
ANSWERS = {
    "title": "Déléguer, cœur de métier",
    "date_started": "2027-03-15",
    "s": "Le rapport « hebdomadaire », 1 200 € et œuvre…\nsur deux lignes",
    "t": "2027-06-30",
    "statement": "D’ici au 30 juin, j’aurai confié trois tâches.",
    "review_date": "2027-04-30",
}
WORDS = {
    "en": {
        "left": "{} characters left",
        "one": "1 character left",
        "kept": "Kept on this device.",
        "unkept": "Nothing is kept on this device now.",
        "restored": "Here is the sheet kept on this device.",
        "refused": "This browser does not allow it, or has no room left: nothing is kept.",
        "spoilt": "What is kept on this device cannot be read here; what you write on this page is not kept.",
        "over": "{} over the limit: nothing is cut, but shorter is clearer",
        "long": "Over the limit, and left whole: Starting wish, in my words.",
        "full": "This browser has no room left: your latest changes are not kept.",
        "apart": "Another sheet is kept on this device",
        "later": "Decide later",
        "mine": "Keep the one on this page",
        "theirs": "Take the one on the device",
        "save-mine": "Save mine to a file",
        "save-other": "Save the other to a file",
        "absent": "This cannot be loaded now",
        "lost": "Left out: {}.",
        "opened": "Sheet opened. Fields filled in: {}.",
        "unchanged": "Nothing has changed on the page.",
        "broken": "This file cannot be read.",
        "foreign": "This file does not come from this sheet.",
        "newer": "The sheet is newer than this page",
        "large": "This file is too large to be a sheet.",
        "erased": "Everything is erased.",
        "fictitious": "Fictitious example: the person, the team and the figures are invented.",
        "early": "The end date is not later than the starting date.",
        "late": "The review comes after the end date",
        "undated": "Write the review date first.",
        "nothing": "Nothing is written yet.",
        "day": "15 March 2027",
        "shared": "Nobody",
        "file": "smart-worksheet",
        "event": "Review of my goal",
    },
    "fr": {
        "left": "{} caractères restants",
        "one": "1 caractère restant",
        "kept": "Vos réponses sont gardées sur cet appareil.",
        "unkept": "Plus rien n’est gardé sur cet appareil.",
        "restored": "Voici la feuille gardée sur cet appareil.",
        "refused": "Ce navigateur ne le permet pas ou n’a plus de place : rien n’est gardé.",
        "spoilt": (
            "Ce qui est gardé sur cet appareil est illisible ici ; ce que vous écrivez sur cette page n’est pas gardé."
        ),
        "over": "{} de trop : rien n’est coupé, mais plus court sera plus clair",
        "long": "Au-delà de la limite, laissés entiers : Mon souhait, avec mes mots.",
        "full": "Ce navigateur n’a plus de place : vos dernières modifications ne sont pas gardées.",
        "apart": "Une autre feuille, du",
        "later": "Décider plus tard",
        "mine": "Garder celle de cette page",
        "theirs": "Prendre celle de l’appareil",
        "save-mine": "Enregistrer la mienne dans un fichier",
        "save-other": "Enregistrer l’autre dans un fichier",
        "absent": "Chargement impossible pour l’instant",
        "lost": "Laissés de côté : {}.",
        "opened": "Feuille ouverte. Champs remplis : {}.",
        "unchanged": "Rien n’a changé sur la page.",
        "broken": "Ce fichier est illisible.",
        "foreign": "Ce fichier ne vient pas de cette feuille.",
        "newer": "La feuille est plus récente que cette page",
        "large": "Ce fichier est trop gros pour être une feuille.",
        "erased": "Tout est effacé.",
        "fictitious": "Exemple fictif : la personne, l’équipe et les chiffres sont inventés.",
        "early": "L’échéance n’est pas après la date de départ.",
        "late": "Le point vient après l’échéance",
        "undated": "Écrivez d’abord la date du point.",
        "nothing": "Rien n’est encore écrit.",
        "day": "15 mars 2027",
        "shared": "Personne",
        "file": "feuille-smart",
        "event": "Point sur mon objectif",
    },
}
WORDS["fr"] = {name: french(words) for name, words in WORDS["fr"].items()}


@pytest.fixture(scope="module")
def fields(root: Path) -> dict[str, dict[str, Any]]:
    """The fields of the data file by their ids."""
    data = tomllib.loads((root / "content" / "data" / "smart-worksheet.toml").read_text(encoding="utf-8"))
    return {field["id"]: field for step in data["steps"] for field in step["fields"]}


@pytest.fixture(scope="module")
def example(root: Path) -> dict[str, Any]:
    data = tomllib.loads((root / "content" / "data" / "smart-worksheet.toml").read_text(encoding="utf-8"))
    return dict(data["example"])


@pytest.fixture(params=LANGS)
def lang(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def device(browser: Browser, site: Any) -> Iterator[Device]:
    context = browser.new_context(base_url=site.url, reduced_motion="reduce")
    context.add_init_script(PRINTS)
    yield Device(context)
    context.close()


@pytest.fixture
def reader(device: Device) -> Iterator[Reader]:
    with device.reader() as reader:
        yield reader


@pytest.fixture
def first_visit(browser: Browser, site: Any) -> Iterator[Reader]:
    """Somebody whose browser has no file of the site yet."""
    context = browser.new_context(base_url=site.url, reduced_motion="reduce")
    reader = Reader(context)
    yield reader
    assert_silent(reader)
    context.close()


@pytest.fixture
def sheet(reader: Reader, lang: str) -> Page:
    """The worksheet, opened in the language of the test."""
    return reader.open(PAGES[f"{lang}/smart-worksheet"])


def press(page: Page, name: str) -> None:
    page.locator(f"[data-do={name}]").click()


def fill(page: Page, answers: dict[str, str]) -> None:
    for name, text in answers.items():
        page.locator(f"#{name}").fill(text)


def view(page: Page, name: str) -> None:
    page.locator(f"[name=view][value={name}]").check()


def said(page: Page) -> Any:
    """Where the page says what was done: above the sheet or below it."""
    return page.locator(".said:not(:empty)")


def stored(page: Page) -> dict[str, str]:
    return dict(page.evaluate(STORED))


def kept(page: Page) -> dict[str, Any]:
    return dict(json.loads(stored(page)[KEY])["answers"])


def entered(page: Page) -> dict[str, str]:
    """What stands in the form."""
    script = "Object.fromEntries([...new FormData(document.querySelector('form'))].filter(([, value]) => value))"
    return dict(page.evaluate(script))


def saved(page: Page, name: str) -> tuple[str, str]:
    """The (name, text) of the file that a button gives."""
    with page.expect_download() as download:
        press(page, name)
    return download.value.suggested_filename, Path(download.value.path()).read_text(encoding="utf-8")


def choose(page: Page, content: str | bytes, name: str = "") -> None:
    """Open a file, through the button as a person does."""
    name = name or ("sheet.pdf" if content[:1] in ("%", b"%") else "sheet.json")
    with page.expect_file_chooser() as chooser:
        press(page, "open")
    raw = content if isinstance(content, bytes) else content.encode()
    chooser.value.set_files({"name": name, "mimeType": "application/json", "buffer": raw})


def file(answers: Any, **others: Any) -> str:
    return json.dumps({"format": KEY, "version": 1, "answers": answers} | others)


def plain(text: str) -> str:
    """Without what a typeface or a line's end does to a text: ligatures, kinds of spaces."""
    return re.sub(r"\s+", " ", unicodedata.normalize("NFKC", text))


def keeps(page: Page) -> str:
    """What the box says is kept on this device."""
    state = page.locator("#keep").evaluate("box => [box.checked, box.indeterminate]")
    return {(False, False): "nothing", (True, False): "this sheet", (False, True): "something else"}[tuple(state)]


def answers_offered(page: Page) -> list[str]:
    """The answers to the question which of two sheets is to stay, by their names."""
    return named(page, page.locator("dialog .buttons").first.locator("button").all_text_contents())


def named(page: Page, labels: list[str]) -> list[str]:
    words = WORDS[page.evaluate("document.documentElement.lang")]
    return [next(name for name, text in words.items() if text == label) for label in labels]


def decide(page: Page, name: str, saves: bool = False) -> str:
    """Press a button of that question; the text of the file that it gives."""
    button = page.get_by_role("dialog").get_by_role(
        "button", name=WORDS[page.evaluate("document.documentElement.lang")][name]
    )
    if not saves:
        button.click()
        return ""
    with page.expect_download() as download:
        button.click()
    return Path(download.value.path()).read_text(encoding="utf-8")


def printed(page: Page) -> str:
    """The words of the page on paper, with plain spaces."""
    text = "\n".join(sheet.extract_text() for sheet in PdfReader(io.BytesIO(page.pdf(format="A4"))).pages)
    return plain(text)


def today() -> date:
    """The day it is for the browser, which shares the clock of this machine."""
    return datetime.now().astimezone().date()


def unfolded(calendar: str) -> list[str]:
    return calendar.replace("\r\n ", "").replace("\n ", "").splitlines()


def complain(device: Device) -> None:
    """Somebody keeps a sheet, and the page complains."""
    with device.reader() as reader:
        reader.open(PAGES["en/smart-worksheet"]).locator("#keep").check()
        fill(reader.page, ANSWERS)
        assert kept(reader.page)
        reader.page.evaluate("console.error('a complaint')")


def test_each_reader_comes_to_a_new_device_and_complaints_are_heard(device: Device) -> None:
    """What all tests below rely on."""
    with pytest.raises(AssertionError, match="console error: a complaint"):
        complain(device)
    assert device.context.pages == [device.open]
    with device.reader() as reader:
        sheet = reader.open(PAGES["en/smart-worksheet"])
        assert stored(sheet) == {}
        assert entered(sheet) == {"sharing": "nobody"}


# Without the script


def test_without_javascript_it_is_the_form_alone(
    browser: Browser, site: Any, lang: str, fields: dict[str, Any]
) -> None:
    context = browser.new_context(base_url=site.url, java_script_enabled=False)
    page = context.new_page()
    page.goto(PAGES[f"{lang}/smart-worksheet"])
    for hidden in (".sheet-tools", ".handout", ".sheet-finish"):
        expect(page.locator(hidden)).to_be_hidden()
    assert page.locator("button").evaluate_all("all => all.every((each) => !each.checkVisibility())")
    assert page.locator(".counter, .advice").count() == 0
    assert page.locator(".field").count() == len(fields)
    page.locator("#title").fill("By hand")
    text = printed(page)
    assert "By hand" in text
    for field in fields.values():
        assert plain(field["label"][lang]) in text
    context.close()


def test_a_script_that_does_not_come_leaves_the_form(browser: Browser, site: Any, lang: str) -> None:
    context = browser.new_context(base_url=site.url)
    context.route("**/*.js", lambda route: route.abort())
    page = context.new_page()
    page.goto(PAGES[f"{lang}/smart-worksheet"])
    assert page.get_by_role("button").count() == 0
    page.locator("#title").fill("By hand")
    expect(page.locator("#title")).to_have_value("By hand")
    assert page.locator("[name=sharing]:checked").input_value() == "nobody"
    context.close()


# The sheet


def test_it_opens_whole_empty_and_shared_with_nobody(sheet: Page, fields: dict[str, Any]) -> None:
    assert entered(sheet) == {"sharing": "nobody"}
    assert sheet.locator("form > fieldset:visible").count() == sheet.locator("form > fieldset").count() == 11
    assert sheet.locator("[name=view]:checked").input_value() == "whole"
    expect(sheet.locator(".handout")).to_be_hidden()
    assert not sheet.locator("#keep").is_checked()
    assert sheet.locator(".advice:not(:empty)").count() == 0


def test_limits_are_those_of_the_data_everywhere(sheet: Page, fields: dict[str, Any], lang: str) -> None:
    for name, field in fields.items():
        if limit := field.get("limit"):
            assert sheet.locator(f"#{name}").get_attribute("data-limit") == str(limit)
            expect(sheet.locator(f"#{name}_counter")).to_have_text(WORDS[lang]["left"].format(limit))


def test_what_belongs_to_a_field_describes_it(sheet: Page, fields: dict[str, Any]) -> None:
    for name, field in fields.items():
        expected = ([f"{name}_hint"] if "hint" in field else []) + [f"{name}_advice"]
        expected += [f"{name}_counter"] if "limit" in field else []
        assert (sheet.locator(f"#{name}").get_attribute("aria-describedby") or "").split() == expected
        assert all(sheet.locator(f"#{each}").count() == 1 for each in expected)


# One part at a time


def test_one_part_at_a_time(sheet: Page) -> None:
    view(sheet, "parts")
    parts = sheet.locator("form > fieldset")
    titles = parts.locator("h2").all_text_contents()
    assert sheet.locator("#part option").all_text_contents() == [
        f"{number}/11 {title}" for number, title in enumerate(titles, 1)
    ]
    expect(sheet.locator("[data-do=previous]")).to_be_hidden()
    for number, title in enumerate(titles):
        expect(parts.locator("visible=true").locator("h2")).to_have_text([title])
        assert sheet.locator("#part").evaluate("part => part.selectedIndex") == number
        if number:
            assert sheet.evaluate("document.activeElement.textContent") == title
        if number < 10:
            press(sheet, "next")
    expect(sheet.locator("[data-do=next]")).to_be_hidden()
    press(sheet, "previous")
    assert sheet.evaluate("document.activeElement.textContent") == titles[9]
    sheet.locator("#part").select_option(index=3)
    expect(sheet.locator("form > fieldset:visible h2")).to_have_text([titles[3]])
    view(sheet, "whole")
    assert sheet.locator("form > fieldset:visible").count() == 11
    expect(sheet.locator("#part")).to_be_hidden()


def test_answers_stay_while_the_view_changes(sheet: Page) -> None:
    fill(sheet, ANSWERS)
    for name in ("parts", "summary", "parts", "whole"):
        view(sheet, name)
    assert entered(sheet) == ANSWERS | {"sharing": "nobody"}


# Counters


def test_what_is_left_is_seen_while_writing_and_said_sparingly(sheet: Page, lang: str) -> None:
    left = WORDS[lang]["left"]
    counter, spoken = sheet.locator("#title_counter"), sheet.locator("#worksheet > .unseen")
    assert not counter.is_visible()
    sheet.locator("#title").focus()
    expect(counter).to_be_visible()
    assert spoken.get_attribute("role") == "status"
    sheet.evaluate(HEARD)
    for _ in range(79):
        sheet.keyboard.type("é")
    expect(counter).to_have_text(WORDS[lang]["one"])
    none = left.format(0) if lang == "en" else french("0 caractère restant")
    sheet.keyboard.type("é")
    expect(counter).to_have_text(none)
    assert sheet.evaluate("heard") == [left.format(16), left.format(10), none]
    assert "over" not in (counter.get_attribute("class") or "")
    sheet.locator("#wish").focus()
    expect(counter).to_be_visible()  # so near the end it stays
    sheet.locator("#title").fill("short")
    sheet.locator("#wish").focus()
    expect(counter).to_be_hidden()


def test_what_is_over_the_limit_stays_and_is_said(sheet: Page, reader: Reader, lang: str) -> None:
    """Pasted, it is neither cut on the page nor in the summary, on paper, in a file, or when that is opened again."""
    long = " ".join(f"word{number}" for number in range(250))
    sheet.evaluate(HEARD)
    sheet.locator("#wish").focus()
    sheet.keyboard.insert_text(long)
    expect(sheet.locator("#wish")).to_have_value(long)
    over = WORDS[lang]["over"].format(len(long) - 300)
    expect(sheet.locator("#wish_counter")).to_have_text(over)
    sheet.keyboard.insert_text("!")
    assert sheet.evaluate("heard") == [over]  # once
    sheet.locator("#title").focus()
    expect(sheet.locator("#wish_counter")).to_be_visible()
    view(sheet, "summary")
    expect(sheet.locator(".handout dd").first).to_have_text(f"{long}!")
    assert f"{long}!" in printed(sheet)
    for name in ("save", "text"):
        given, text = saved(sheet, name)
        page = reader.open(PAGES[f"{lang}/smart-worksheet"])
        choose(page, text, given)
        expect(said(page)).to_contain_text(WORDS[lang]["long"])
        expect(page.locator("#wish")).to_have_value(f"{long}!")


# Advice


def test_advice_comes_on_leaving_a_field_and_goes_when_mended(sheet: Page, lang: str) -> None:
    fill(sheet, {"date_started": "2027-03-15"})
    advice, spoken = sheet.locator("#t_advice"), sheet.locator("#worksheet > .unseen")
    sheet.locator("#statement").fill("A sentence")
    assert advice.inner_text() == ""  # still writing
    sheet.locator("#title").focus()
    expect(advice).not_to_be_empty()
    fill(sheet, {"t": "2027-03-01"})
    sheet.locator("#title").focus()
    expect(advice).to_have_text(WORDS[lang]["early"])
    expect(advice).to_be_visible()
    assert WORDS[lang]["early"] in spoken.inner_text()
    fill(sheet, {"t": "2027-06-30"})
    sheet.locator("#title").focus()
    expect(advice).to_be_empty()
    expect(advice).to_be_hidden()


def test_advice_is_said_once(sheet: Page) -> None:
    fill(sheet, {"date_started": "2027-03-15", "t": "2027-03-01", "title": "x"})
    sheet.evaluate("document.querySelector('#worksheet > .unseen').textContent = ''")
    fill(sheet, {"wish": "y", "s": "z"})
    sheet.locator("#title").focus()
    expect(sheet.locator("#t_advice")).not_to_be_empty()
    assert sheet.locator("#worksheet > .unseen").inner_text() == ""


def test_advice_blocks_nothing(sheet: Page, lang: str) -> None:
    fill(sheet, {"date_started": "2027-03-15", "t": "2027-03-01", "review_date": "2027-12-01", "statement": "x"})
    view(sheet, "summary")
    assert WORDS[lang]["late"] in sheet.locator(".again").inner_text()
    press(sheet, "print")
    assert sheet.evaluate("printed") == 1
    _, text = saved(sheet, "save")
    assert json.loads(text)["answers"]["t"] == "2027-03-01"
    assert saved(sheet, "calendar")[1].startswith("BEGIN:VCALENDAR")


def test_nothing_moves_from_under_a_pointer_that_is_pressed(sheet: Page) -> None:
    sheet.locator("#obstacles_1_obstacle").press_sequentially("Fear")
    below, advice = sheet.locator("#obstacles_2_obstacle"), sheet.locator("#obstacles_1_response_advice")
    below.scroll_into_view_if_needed()
    box = below.bounding_box()
    assert box
    sheet.mouse.move(box["x"] + 20, box["y"] + 20)
    sheet.mouse.down()
    expect(below).to_be_focused()
    assert (below.bounding_box(), advice.inner_text()) == (box, "")
    sheet.mouse.up()
    expect(advice).to_be_visible()


def test_the_summary_leads_back_to_what_is_to_be_looked_at_again(sheet: Page) -> None:
    fill(sheet, {"date_started": "2027-03-15", "t": "2027-03-01"})
    for place in ("whole", "parts"):
        view(sheet, place)
        press(sheet, "summary")
        links = sheet.locator(".again a")
        assert links.evaluate_all("all => all.map((each) => each.hash)") == ["#statement", "#t"]
        links.nth(1).click()
        expect(sheet.locator("#t")).to_be_focused()
        assert sheet.locator("form > fieldset:visible").count() == (11 if place == "whole" else 1)


# The summary, and paper


def test_the_summary_holds_what_is_answered_and_no_more(sheet: Page, lang: str, fields: dict[str, Any]) -> None:
    fill(sheet, ANSWERS)
    sheet.locator("[name=commitment][value='8']").check()
    sheet.locator("[name=action_type][value=need]").check()
    press(sheet, "summary")
    assert sheet.evaluate("document.activeElement === document.querySelector('.handout h2')")
    expect(sheet.locator(".handout .statement")).to_have_text(ANSWERS["statement"])
    values = sheet.locator(".handout dd").all_text_contents()
    need = next(each["label"][lang] for each in fields["action_type"]["options"] if each["value"] == "need")
    assert WORDS[lang]["day"] in values
    assert {ANSWERS["title"], ANSWERS["s"], "8", need.replace("'", "’"), WORDS[lang]["shared"]} <= set(values)
    assert len(values) == len(ANSWERS) - 1 + 3
    expect(sheet.locator("form")).to_be_hidden()
    assert "\n" in sheet.locator(".handout dd").filter(has_text="deux lignes").inner_text()


def test_an_empty_summary_says_so(sheet: Page, lang: str) -> None:
    view(sheet, "summary")
    assert WORDS[lang]["nothing"] in sheet.locator(".handout").inner_text()
    assert sheet.locator(".handout dd").count() == 0


@pytest.mark.parametrize("from_view", ["whole", "parts", "summary"])
def test_what_is_printed_is_the_handout(sheet: Page, lang: str, from_view: str, fields: dict[str, Any]) -> None:
    fill(sheet, ANSWERS)
    view(sheet, from_view)
    text = printed(sheet)
    assert len(PdfReader(io.BytesIO(sheet.pdf(format="A4"))).pages) == 1
    assert ANSWERS["statement"] in text
    assert plain(WORDS[lang]["day"]) in text
    for name in ("wish", "indicators_1_name", "first_action", "stakeholder"):
        assert fields[name]["label"][lang] not in text
    # what is only known later has room to be written by hand
    for name in ("review_result", "review_note"):
        assert fields[name]["label"][lang] in text
    assert all(option["label"][lang] in text for option in fields["review_result"]["options"])
    for control in sheet.locator("button").all_text_contents():
        assert control not in text
    assert text.count(fields["review_note"]["label"][lang]) == 1


def test_an_empty_sheet_prints_as_the_paper_form(sheet: Page, lang: str, fields: dict[str, Any]) -> None:
    for from_view in ("parts", "summary"):
        view(sheet, from_view)
        text = printed(sheet)
        for field in fields.values():
            assert plain(field["label"][lang]) in text
        assert WORDS[lang]["nothing"] not in text


def test_printing_without_the_sentence_asks_and_obeys(sheet: Page) -> None:
    press(sheet, "print")
    assert sheet.evaluate("printed") == 1  # an empty sheet is a form to fill in with a pen
    fill(sheet, {"title": "A goal"})
    press(sheet, "print")
    dialog = sheet.get_by_role("dialog")
    expect(dialog).to_be_visible()
    dialog.locator("button").first.click()
    expect(sheet.locator("#statement")).to_be_focused()
    press(sheet, "print")
    sheet.keyboard.press("Escape")
    expect(sheet.locator("#statement")).to_be_focused()
    assert sheet.evaluate("printed") == 1
    press(sheet, "print")
    dialog.locator("button").last.click()
    expect(sheet.locator("body")).to_have_attribute("data-printed", "2")


# Files


def test_a_saved_sheet_opens_in_the_other_language(sheet: Page, reader: Reader, lang: str) -> None:
    fill(sheet, ANSWERS)
    sheet.locator("[name=sharing][value=coach]").check()
    name, text = saved(sheet, "save")
    assert name == f"{WORDS[lang]['file']}-{today().isoformat()}.json"
    assert json.loads(text) == {
        "format": KEY,
        "version": 1,
        "language": lang,
        "saved": today().isoformat(),
        "answers": ANSWERS | {"sharing": "coach"},
    }
    assert "œuvre" in text
    assert "€" in text
    other = {"en": "fr", "fr": "en"}[lang]
    page = reader.open(PAGES[f"{other}/smart-worksheet"])
    choose(page, text)
    expect(said(page)).to_have_text(WORDS[other]["opened"].format(len(ANSWERS) + 1))
    assert entered(page) == ANSWERS | {"sharing": "coach"}


def test_a_file_by_another_hand_is_taken_as_far_as_it_goes(sheet: Page, lang: str, fields: dict[str, Any]) -> None:
    answers = {"title": "x" * 99, "commitment": 7, "t": "soon", "colour": "blue", "wish": "kept"}
    choose(sheet, "\ufeff" + file(answers))
    text = said(sheet).inner_text()
    assert WORDS[lang]["opened"].format(3) in text
    assert fields["title"]["label"][lang] in text
    assert text.rstrip(".").endswith("2")
    assert entered(sheet) == {"title": "x" * 99, "commitment": "7", "wish": "kept", "sharing": "nobody"}
    expect(sheet.locator("#title_counter")).to_be_visible()


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "broken"),
        (b"\x89PNG\r\n\x1a\n\x00", "broken"),
        ("{'title': 'x'}", "broken"),
        ('{"name": "package"}', "foreign"),
        (file(["x"]), "foreign"),
        (file({}, version=3), "newer"),
        (file({"s": "x" * 100_000}), "large"),
        (b"%PDF-1.7\n" + b"x" * 200_000, "broken"),
    ],
)
def test_a_file_that_will_not_do_changes_nothing(sheet: Page, lang: str, content: str | bytes, reason: str) -> None:
    fill(sheet, {"title": "Mine"})
    choose(sheet, content)
    expect(said(sheet)).to_contain_text(WORDS[lang][reason])
    expect(said(sheet)).to_contain_text(WORDS[lang]["unchanged"])
    assert entered(sheet) == {"title": "Mine", "sharing": "nobody"}
    expect(sheet.locator("[type=file]")).to_have_value("")  # so the same file can be chosen again


def test_opening_asks_before_it_replaces(sheet: Page, lang: str) -> None:
    fill(sheet, {"title": "Mine", "wish": "Mine too"})
    choose(sheet, file({"title": "Another"}))
    dialog = sheet.get_by_role("dialog")
    dialog.locator("button").first.click()
    expect(said(sheet)).to_have_text(WORDS[lang]["unchanged"])
    assert entered(sheet)["title"] == "Mine"
    choose(sheet, file({"title": "Another"}))
    dialog.locator("button").last.click()
    expect(sheet.locator("#title")).to_have_value("Another")
    assert entered(sheet) == {"title": "Another", "sharing": "nobody"}


def test_the_text_can_be_read_anywhere(sheet: Page, lang: str, fields: dict[str, Any]) -> None:
    fill(sheet, ANSWERS)
    name, text = saved(sheet, "text")
    assert name == f"{WORDS[lang]['file']}-{today().isoformat()}.txt"
    lines = text.split("\n")
    assert lines[1] == "=" * len(lines[0])
    for field, answer in ANSWERS.items():
        at = lines.index(fields[field]["label"][lang])
        first = WORDS[lang]["day"] if field == "date_started" else answer.split("\n")[0]
        if fields[field]["kind"] != "date" or field == "date_started":
            assert lines[at + 1] == f"    {first}"
    assert "    sur deux lignes" in lines
    assert fields["wish"]["label"][lang] not in lines


def test_a_text_can_be_opened_again(sheet: Page, reader: Reader, lang: str) -> None:
    """Also after it has been through an editor that strips the ends of lines and writes them as Windows does."""
    answers = ANSWERS | {"wish": "One\n\n    set in\nlast", "date_started": "2027-08-01"}
    fill(sheet, answers)
    sheet.locator("[name=sharing][value=coach]").check()
    sheet.locator("[name=commitment][value='7']").check()
    _, text = saved(sheet, "text")
    page = reader.open(PAGES[f"{lang}/smart-worksheet"])
    choose(page, "\r\n".join(line.rstrip() for line in text.split("\n")), "sheet.txt")
    expect(said(page)).to_have_text(WORDS[lang]["opened"].format(len(answers) + 2))
    assert entered(page) == answers | {"sharing": "coach", "commitment": "7"}


def answered(fields: dict[str, Any]) -> dict[str, str]:
    """Every field filled in."""
    answers = {}
    for number, (name, field) in enumerate(fields.items(), 1):
        match field["kind"]:
            case "date":
                answers[name] = f"2027-{number % 12 + 1:02}-{number % 28 + 1:02}"
            case "choice":
                answers[name] = field["options"][-1]["value"]
            case "scale":
                answers[name] = "7"
            case _:
                answers[name] = f"Œuvre n° {number}"
    return answers


@pytest.mark.parametrize("encoding", ["utf-8", "cp1252"])
def test_a_text_opens_whole_in_the_other_language(
    sheet: Page, reader: Reader, lang: str, fields: dict[str, Any], encoding: str
) -> None:
    """Also after an editor that knows neither its characters' code nor its spaces."""
    everything = answered(fields)
    choose(sheet, file(everything))
    expect(said(sheet)).to_have_text(WORDS[lang]["opened"].format(len(fields)))
    assert entered(sheet) == everything
    _, text = saved(sheet, "text")
    other = {"en": "fr", "fr": "en"}[lang]
    page = reader.open(PAGES[f"{other}/smart-worksheet"])
    choose(page, text.encode(encoding, "replace"), "sheet.txt")
    expect(said(page)).to_have_text(WORDS[other]["opened"].format(len(fields)))
    assert entered(page) == everything


def test_lines_of_a_text_that_belong_nowhere_are_told(sheet: Page, lang: str, fields: dict[str, Any]) -> None:
    label = fields["wish"]["label"][lang]
    choose(sheet, f"{label}\n    Mine\nand a line by hand\n\nNo such field\n    x\n", "sheet.txt")
    expect(said(sheet)).to_have_text(f"{WORDS[lang]['opened'].format(1)} {WORDS[lang]['lost'].format(2)}")
    assert entered(sheet) == {"wish": "Mine", "sharing": "nobody"}


def test_without_a_connection_nothing_is_half_done(sheet: Page, reader: Reader, lang: str) -> None:
    """What is fetched only when asked for: the reading of texts, and calendars."""
    sheet.route("**/worksheet-files.*", lambda route: route.abort())
    fill(sheet, ANSWERS)
    press(sheet, "calendar")
    expect(said(sheet)).to_contain_text(WORDS[lang]["absent"])
    choose(sheet, "A text", "sheet.txt")
    expect(said(sheet)).to_contain_text(WORDS[lang]["absent"])
    expect(said(sheet)).to_contain_text(WORDS[lang]["unchanged"])
    assert entered(sheet) == ANSWERS | {"sharing": "nobody"}
    reader.complaints.clear()
    sheet.unroute("**/worksheet-files.*")
    assert saved(sheet, "calendar")[1].startswith("BEGIN:VCALENDAR")


def test_the_review_goes_into_a_calendar(sheet: Page, lang: str) -> None:
    press(sheet, "calendar")
    expect(said(sheet)).to_have_text(WORDS[lang]["undated"])
    expect(sheet.locator("#review_date")).to_be_focused()
    fill(sheet, ANSWERS)
    name, text = saved(sheet, "calendar")
    assert name == f"{WORDS[lang]['file']}-{today().isoformat()}.ics"
    lines = unfolded(text)
    assert "DTSTART;VALUE=DATE:20270430" in lines
    assert "DTEND;VALUE=DATE:20270501" in lines
    assert f"SUMMARY:{WORDS[lang]['event']} – Déléguer\\, cœur de métier" in lines
    assert ANSWERS["statement"] not in text  # a calendar at work has other readers
    again = unfolded(saved(sheet, "calendar")[1])
    uid = [line for line in lines if line.startswith("UID:")]
    assert uid != [line for line in again if line.startswith("UID:")]


# Keeping


def test_nothing_is_kept_before_it_is_asked(sheet: Page, reader: Reader, lang: str) -> None:
    fill(sheet, ANSWERS)
    press(sheet, "summary")
    view(sheet, "parts")
    assert stored(sheet) == {}
    page = reader.open(PAGES[f"{lang}/smart-worksheet"])
    assert entered(page) == {"sharing": "nobody"}


def test_what_is_kept_comes_back_in_both_languages_until_the_box_is_unticked(
    sheet: Page, reader: Reader, lang: str
) -> None:
    fill(sheet, {"title": "Before"})
    warning = sheet.locator("#keep_hint")
    expect(warning).to_be_visible()
    assert sheet.locator("#keep").get_attribute("aria-describedby") == "keep_hint"
    sheet.locator("#keep").check()
    expect(said(sheet)).to_have_text(WORDS[lang]["kept"])
    assert kept(sheet) == {"title": "Before", "sharing": "nobody"}
    fill(sheet, ANSWERS)
    assert list(stored(sheet)) == [KEY]
    assert kept(sheet) == ANSWERS | {"sharing": "nobody"}
    for other in LANGS:
        page = reader.open(PAGES[f"{other}/smart-worksheet"])
        assert page.locator("#keep").is_checked()
        expect(said(page)).to_have_text(WORDS[other]["restored"])
        assert entered(page) == ANSWERS | {"sharing": "nobody"}
    page.locator("#keep").uncheck()
    expect(said(page)).to_have_text(WORDS["fr"]["unkept"])
    assert stored(page) == {}
    assert entered(page) == ANSWERS | {"sharing": "nobody"}
    fill(page, {"title": "After"})
    assert stored(page) == {}


def test_a_browser_that_keeps_nothing_says_so(sheet: Page, reader: Reader, lang: str) -> None:
    sheet.evaluate(FULL)
    sheet.locator("#keep").click()
    expect(said(sheet)).to_have_text(WORDS[lang]["refused"])
    assert not sheet.locator("#keep").is_checked()
    fill(sheet, ANSWERS)
    assert stored(sheet) == {}


def test_a_browser_without_storage_still_has_the_sheet(browser: Browser, site: Any, lang: str) -> None:
    context = browser.new_context(base_url=site.url)
    context.add_init_script(FORBIDDEN)
    page = context.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto(PAGES[f"{lang}/smart-worksheet"])
    fill(page, ANSWERS)
    page.locator("#keep").click()
    expect(said(page)).to_have_text(WORDS[lang]["refused"])
    press(page, "erase")
    page.get_by_role("dialog").locator("button").last.click()
    expect(said(page)).to_have_text(WORDS[lang]["erased"])
    assert errors == []
    context.close()


@pytest.mark.parametrize("entry", ["", "{", '{"format": "other"}', file({}, version=9)])
def test_an_entry_that_cannot_be_read_stays_until_it_is_decided(
    sheet: Page, reader: Reader, lang: str, entry: str
) -> None:
    """Whatever is written; and before that, it can be had as a file."""
    sheet.evaluate("([key, entry]) => localStorage.setItem(key, entry)", [KEY, entry])
    page = reader.open(PAGES[f"{lang}/smart-worksheet"])
    expect(said(page)).to_contain_text(WORDS[lang]["spoilt"])
    assert (WORDS[lang]["newer"] in said(page).inner_text()) == ("9" in entry)
    assert entered(page) == {"sharing": "nobody"}
    assert keeps(page) == "something else"
    fill(page, {"title": "Typed"})
    assert stored(page) == {KEY: entry}
    page.locator("#keep").click()
    assert answers_offered(page) == ["later", "mine"]
    assert decide(page, "save-other", saves=True) == entry
    page.keyboard.press("Escape")
    assert keeps(page) == "something else"
    expect(said(page)).to_contain_text(WORDS[lang]["spoilt"])
    assert stored(page) == {KEY: entry}
    page.locator("#keep").click()
    decide(page, "mine")
    expect(said(page)).to_have_text(WORDS[lang]["kept"])
    assert kept(page) == {"title": "Typed", "sharing": "nobody"}
    assert keeps(page) == "this sheet"


@pytest.mark.parametrize("entry", ["{", file({}, version=9)])
def test_erasing_everything_also_erases_what_cannot_be_read(sheet: Page, reader: Reader, lang: str, entry: str) -> None:
    sheet.evaluate("([key, entry]) => localStorage.setItem(key, entry)", [KEY, entry])
    page = reader.open(PAGES[f"{lang}/smart-worksheet"])
    press(page, "erase")
    page.get_by_role("dialog").locator("button").last.click()
    expect(said(page)).to_have_text(WORDS[lang]["erased"])
    assert stored(page) == {}
    assert keeps(page) == "nothing"


def test_closing_asks_only_when_something_would_be_lost(reader: Reader, lang: str) -> None:
    address = PAGES[f"{lang}/smart-worksheet"]
    for prepare, asks in (
        (lambda page: None, False),
        (lambda page: page.locator("#title").press_sequentially("x"), True),
        (lambda page: (page.locator("#title").press_sequentially("x"), saved(page, "save")), False),
        (lambda page: (page.locator("#keep").check(), page.locator("#title").press_sequentially("x")), False),
    ):
        page = reader.context.new_page()
        page.goto(address)
        prepare(page)
        found: list[str] = []

        def note(dialog: Any, found: list[str] = found) -> None:
            found.append(dialog.type)
            dialog.accept()

        page.on("dialog", note)
        with page.expect_event("close"):
            page.close(run_before_unload=True)
        assert found == (["beforeunload"] if asks else [])


# Erasing


def test_erasing_asks_first_and_then_leaves_nothing(sheet: Page, lang: str) -> None:
    sheet.locator("#keep").check()
    fill(sheet, ANSWERS)
    sheet.locator("[name=sharing][value=hr]").check()
    dialog = sheet.get_by_role("dialog")
    for back in (lambda: sheet.keyboard.press("Escape"), lambda: dialog.locator("button").first.click()):
        press(sheet, "erase")
        expect(dialog).to_have_accessible_name(sheet.locator("#question").inner_text())
        assert sheet.evaluate("document.activeElement === document.querySelector('dialog button')")
        back()
        expect(dialog).to_be_hidden()
        expect(sheet.locator("[data-do=erase]")).to_be_focused()
        assert entered(sheet) == ANSWERS | {"sharing": "hr"}
        assert list(stored(sheet)) == [KEY]
    press(sheet, "erase")
    dialog.locator("button").last.click()
    expect(said(sheet)).to_have_text(WORDS[lang]["erased"])
    assert entered(sheet) == {"sharing": "nobody"}
    assert stored(sheet) == {}
    assert not sheet.locator("#keep").is_checked()
    expect(sheet.locator("[data-do=erase]")).to_be_focused()
    assert sheet.locator(".advice:not(:empty)").count() == 0
    expect(sheet.locator("#s_counter")).to_have_text(WORDS[lang]["left"].format(400))


# The example


def test_the_example_is_marked_and_stays_apart(
    sheet: Page, reader: Reader, lang: str, example: dict[str, Any], fields: dict[str, Any]
) -> None:
    sheet.locator("#keep").check()
    fill(sheet, ANSWERS)
    before = stored(sheet)
    press(sheet, "example")
    mark = sheet.locator(".sheet-tools .as-example")
    expect(mark).to_contain_text(WORDS[lang]["fictitious"])
    expect(sheet.locator("[data-do=leave]")).to_be_focused()
    expect(sheet.locator("[data-do=leave]")).to_have_accessible_description(WORDS[lang]["fictitious"])
    for name, given in example.items():
        if name == "note" or "month" in given:
            continue
        field = fields[name]
        if field["kind"] in ("choice", "scale"):
            assert sheet.locator(f"[name={name}]:checked").input_value() == given[lang]
        else:
            shown = sheet.locator(f"#{name}").input_value()
            assert shown == (french(given[lang]) if lang == "fr" else given[lang])
    year = today().year + example["t"]["years"]
    assert sheet.locator("#t").input_value().endswith(str(year))
    # nothing of it can be changed, kept, saved or mistaken
    texts = sheet.locator("form :is(input[type=text], textarea)")
    assert texts.evaluate_all("all => all.every((each) => each.readOnly)")
    assert sheet.locator("form input[type=radio]").evaluate_all("all => all.every((each) => each.disabled)")
    for own in ("#keep", "[data-do=open]", "[data-do=save]", "[data-do=text]", "[data-do=calendar]", "[data-do=erase]"):
        expect(sheet.locator(own)).to_be_hidden()
    assert sheet.locator(".advice:not(:empty)").count() == 0
    press(sheet, "summary")
    expect(sheet.locator(".handout .as-example")).to_have_text(WORDS[lang]["fictitious"])
    text = printed(sheet)
    assert plain(WORDS[lang]["fictitious"]) in text
    assert ANSWERS["statement"] not in text
    assert stored(sheet) == before
    press(sheet, "leave")
    expect(sheet.locator("[data-do=example]")).to_be_focused()
    expect(mark).to_be_hidden()
    view(sheet, "whole")
    assert entered(sheet) == ANSWERS | {"sharing": "nobody"}
    assert stored(sheet) == before
    fill(sheet, {"title": "Mine again", "t": "2027-07-01"})
    assert kept(sheet)["title"] == "Mine again"


def test_the_example_fits_the_sheet(sheet: Page, site: Any, lang: str) -> None:
    """It is a saved sheet itself, but for the one date that is a text."""
    text = (site.folder / lang / "smart-worksheet.json").read_text(encoding="utf-8")
    choose(sheet, text)
    expect(said(sheet)).to_contain_text(WORDS[lang]["opened"].format(len(json.loads(text)["answers"]) - 1))
    advised = sheet.locator(".advice:not(:empty)").evaluate_all("all => all.map((each) => each.id)")
    assert advised == ["first_action_date_advice"]


def test_an_example_that_does_not_come_is_told(sheet: Page, reader: Reader, lang: str) -> None:
    sheet.route("**/smart-worksheet.json", lambda route: route.fulfill(status=200, body="<!doctype html>"))
    fill(sheet, ANSWERS)
    press(sheet, "example")
    expect(said(sheet)).not_to_be_empty()
    assert entered(sheet) == ANSWERS | {"sharing": "nobody"}


# What leaves the page, and what the page is like


def test_nothing_is_sent(sheet: Page, reader: Reader, site: Any, lang: str) -> None:
    requests: list[tuple[str, str]] = []
    reader.context.on("request", lambda request: requests.append((request.method, request.url)))
    sheet.locator("#keep").check()
    fill(sheet, ANSWERS)
    sheet.locator("#title").press("Enter")
    for name in ("save", "text", "calendar"):
        saved(sheet, name)
    press(sheet, "print")
    press(sheet, "example")
    press(sheet, "leave")
    choose(sheet, file({"title": "x"}))
    sheet.get_by_role("dialog").locator("button").last.click()
    expect(sheet.locator("#title")).to_have_value("x")
    asked = [(method, url) for method, url in requests if not url.startswith("blob:") and "favicon" not in url]
    script, sample = asked  # for the calendar, and for the example
    assert re.fullmatch(re.escape(f"{site.url}/theme/worksheet-files.") + r"\w+\.js", script[1])
    assert sample[1] == f"{site.url}/{lang}/smart-worksheet.json"
    assert {method for method, _ in asked} == {"GET"}
    assert urlsplit(sheet.url).path == PAGES[f"{lang}/smart-worksheet"]
    assert urlsplit(sheet.url).query == ""


STATES: dict[str, Callable[[Page], Any]] = {
    "advice": lambda page: (
        fill(page, {"date_started": "2027-03-15", "t": "2027-03-01", "statement": "x", "title": "x" * 75}),
        fill(page, {"first_action": "x", "first_action_date": "2027-05-01", "milestones_2_date": "2028-01-01"}),
        page.locator("#wish").focus(),
    ),
    "parts": lambda page: (view(page, "parts"), press(page, "next"), press(page, "next"), press(page, "next")),
    "summary": lambda page: (fill(page, ANSWERS), fill(page, {"t": "2027-03-01"}), view(page, "summary")),
    "example": lambda page: press(page, "example"),
    "example summary": lambda page: (press(page, "example"), view(page, "summary")),
    "question": lambda page: press(page, "erase"),
    "refusal": lambda page: choose(page, "{"),
}


@pytest.mark.parametrize("state", STATES)
def test_every_state_is_accessible_and_whole(sheet: Page, state: str) -> None:
    STATES[state](sheet)
    findings = []
    for width in (320, 1280):
        for scheme in ("light", "dark"):
            media(sheet, scheme, width)
            found = overflow(sheet) + axe(sheet)
            if state == "question":  # a dialog lies over the page
                found = [each for each in found if "text over text" not in each]
            findings += [f"{width} px, {scheme}: {each}" for each in found]
    assert not findings, stated(findings)


def test_from_wish_to_paper_with_the_keyboard_alone(sheet: Page, lang: str) -> None:
    def tab_to(selector: str, back: bool = False) -> None:
        for _ in range(200):
            sheet.keyboard.press("Shift+Tab" if back else "Tab")
            if sheet.evaluate("(selector) => document.activeElement.matches(selector)", selector):
                findings = focus(sheet)
                assert not findings, stated(findings)
                return
        raise AssertionError(f"the Tab key never reaches {selector}")

    tab_to("[name=view]")
    sheet.keyboard.press("ArrowRight")  # one part at a time
    tab_to("#keep")
    sheet.keyboard.press("Space")
    tab_to("#part")
    sheet.keyboard.press("ArrowDown")
    tab_to("#wish")
    sheet.keyboard.type("Mieux déléguer, cœur")
    tab_to("[data-do=next]")
    sheet.keyboard.press("Enter")
    tab_to("#s")
    sheet.keyboard.type("Trois tâches")
    sheet.locator("#s").evaluate("each => each.blur()")
    tab_to("[data-do=next]")
    for _ in range(5):
        sheet.keyboard.press("Enter")
        tab_to("[data-do=next]")
    tab_to("#statement", back=True)
    sheet.keyboard.type("D’ici au 30 juin")
    tab_to("[data-do=summary]")
    sheet.keyboard.press("Enter")
    assert sheet.evaluate("document.activeElement.matches('.handout h2')")
    tab_to(".again a")
    tab_to("[data-do=print]")
    sheet.keyboard.press("Space")
    assert sheet.evaluate("printed") == 1
    tab_to("[data-do=erase]")
    sheet.keyboard.press("Enter")
    expect(sheet.get_by_role("dialog")).to_be_visible()
    findings = focus(sheet)
    sheet.keyboard.press("Enter")  # the first answer keeps everything
    expect(sheet.locator("[data-do=erase]")).to_be_focused()
    assert kept(sheet)["wish"] == "Mieux déléguer, cœur"
    sheet.keyboard.press("Enter")
    sheet.keyboard.press("Tab")
    sheet.keyboard.press("Enter")
    expect(said(sheet)).to_have_text(WORDS[lang]["erased"])
    assert stored(sheet) == {}
    assert not findings, stated(findings)


def test_a_question_asked_at_once_again_is_asked(sheet: Page) -> None:
    """The first one closes in its own time, and takes nothing of the second with it."""
    fill(sheet, {"title": "x"})
    again = """() => {
        const erase = document.querySelector("[data-do=erase]");
        erase.click();
        document.querySelector("dialog button").click();
        erase.click();
        return audit.settled();
    }"""
    sheet.evaluate(again)
    sheet.get_by_role("dialog").get_by_role("button").last.click()
    expect(sheet.locator("#title")).to_have_value("")
    expect(sheet.locator("dialog")).to_have_count(0)


def test_the_words_of_both_languages_are_their_own(site: Any) -> None:
    """A message that is the same in both is one that nobody translated."""
    from bs4 import BeautifulSoup

    said = {}
    for each in LANGS:
        html = (site.folder / PAGES[f"{each}/smart-worksheet"].strip("/") / "index.html").read_text(encoding="utf-8")
        lines = BeautifulSoup(html, "html.parser").select_one("#worksheet template").get_text().strip().splitlines()  # type: ignore[union-attr]
        said[each] = dict(line.split("=", 1) for line in lines)
    assert said["en"].keys() == said["fr"].keys()
    assert not [name for name in said["en"] if said["en"][name] == said["fr"][name]]
    for name, words in said["en"].items():
        assert set(re.findall(r"\{\w+\}", words)) == set(re.findall(r"\{\w+\}", said["fr"][name])), name


def test_the_tools_have_their_place_before_they_come(first_visit: Reader, lang: str) -> None:
    """Arriving at the sheet itself, nothing moves when the script has come."""
    page = first_visit.open(PAGES[f"{lang}/smart-worksheet"] + "#worksheet")
    assert page.evaluate("audit.shifts()") == []


# Long words, and paper


LONG = {
    "title": "https://intranet.example/" + "a" * 120,
    "wish": "Donaudampfschifffahrtselektrizitätenhauptbetriebswerk" * 2,
    "statement": "x" * 350,
    "obstacles_1_obstacle": "o" * 100,
    "obstacles_1_response": "r" * 120,
    "indicators_1_name": "n" * 80,
    "indicators_1_baseline": "b" * 30,
    "indicators_1_target": "t" * 30,
    "indicators_1_source": "s" * 60,
    "milestones_1_name": "m" * 80,
    "stakeholder": "@" * 80,
}


@pytest.mark.parametrize("width", [320, 768, 1280])
def test_a_word_of_any_length_stays_within_the_page(sheet: Page, width: int) -> None:
    fill(sheet, LONG)
    for name in ("whole", "summary"):
        sheet.emulate_media(media="screen")
        view(sheet, name)
        for media_type in ("screen", "print"):
            sheet.emulate_media(media=media_type)
            sheet.set_viewport_size({"width": SHEET if media_type == "print" else width, "height": 900})
            found = overflow(sheet)
            wide = sheet.locator("#worksheet :is(form, .handout) *").evaluate_all(
                "all => all.filter((each) => each.checkVisibility() && each.getBoundingClientRect().right > innerWidth)"
                ".map((each) => each.outerHTML.slice(0, 80))"
            )
            assert not found + wide, stated([f"{name}, {media_type}: {each}" for each in found + wide])


@pytest.mark.parametrize("paper", ["A4", "Letter"])
def test_no_printed_page_is_blank(sheet: Page, paper: str) -> None:
    press(sheet, "example")
    expect(sheet.locator("[data-do=leave]")).to_be_visible()
    shown = PdfReader(io.BytesIO(sheet.pdf(format=paper))).pages
    press(sheet, "leave")
    empty = PdfReader(io.BytesIO(sheet.pdf(format=paper))).pages
    assert all(page.extract_text().strip() for page in [*shown, *empty])


def test_room_below_the_last_line_makes_no_page(sheet: Page) -> None:
    """However many lines there are."""
    script = """() => {
        const end = (each) => each.getBoundingClientRect().bottom;
        return end(document.querySelector(".sheet")) - end(document.querySelector(".handout"));
    }"""
    fill(sheet, ANSWERS)
    view(sheet, "summary")
    sheet.emulate_media(media="print")
    assert sheet.evaluate(script) == 0


def test_the_sheet_to_fill_in_with_a_pen_begins_a_page_and_strands_no_heading(
    sheet: Page, lang: str, root: Path
) -> None:
    steps = tomllib.loads((root / "content" / "data" / "smart-worksheet.toml").read_text(encoding="utf-8"))["steps"]
    pages = [plain(page.extract_text()) for page in PdfReader(io.BytesIO(sheet.pdf(format="A4"))).pages]
    sheet.emulate_media(media="print")
    assert sheet.locator("#worksheet").evaluate("each => getComputedStyle(each).breakBefore") == "page"
    begins = next(number for number, text in enumerate(pages) if text.startswith(plain(steps[0]["title"][lang])))
    for step in steps:
        title, first = plain(step["title"][lang]), plain(step["fields"][0]["label"][lang])
        assert any(title in text and first in text[text.index(title) :] for text in pages[begins:]), title
    assert not re.search(r"\b(mm|dd|jj|yyyy|aaaa)\b", " ".join(pages[begins:]))
