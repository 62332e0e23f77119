"""The worksheet in Chromium, Firefox and WebKit: filled in, kept, found again, saved, opened, printed (#12)."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader

from tests.browser.audit import PAGES, stated
from tests.browser.served_site import Site
from tests.engines.conftest import Engine, audited

TITLE = "Déléguer, cœur de métier"
SPECIFIC = "Le rapport « hebdomadaire », 1 200 €"
WRITTEN = "Object.fromEntries(['title', 'date_started', 's'].map((id) => [id, document.getElementById(id).value]))"
KEPT = "Object.values({ ...localStorage }).join()"


def when(engine: Engine, condition: str) -> None:
    """Go on as soon as something is true in the page; fail where it is not in half a minute."""
    look = f"(function look() {{ ({condition}) ? done(true) : requestAnimationFrame(look); }})()"
    assert engine.evaluate(f"new Promise((done) => {{ setTimeout(done, 29000); {look}; }})"), condition


def answer(engine: Engine, field: str, value: str) -> None:
    """Give a date, which each engine has a picker of its own for."""
    script = """(([field, value]) => {
        const input = document.getElementById(field);
        input.value = value;
        for (const type of ["input", "change"]) input.dispatchEvent(new Event(type, { bubbles: true }));
    })"""
    engine.evaluate(f"{script}({json.dumps([field, value])})")


@pytest.fixture(params=["en", "fr"])
def sheet(request: pytest.FixtureRequest, engine: Engine, site: Site) -> Engine:
    """A worksheet that is filled in on a telephone which keeps nothing yet."""
    address = site.url + PAGES[f"{request.param}/smart-worksheet"]
    engine.open(address)
    engine.resize(360)
    engine.evaluate("localStorage.clear()")
    engine.open(address)
    engine.type("#title", TITLE)
    engine.type("#s", SPECIFIC)
    answer(engine, "date_started", "2027-03-15")
    return engine


@pytest.fixture
def written() -> dict[str, str]:
    return {"title": TITLE, "date_started": "2027-03-15", "s": SPECIFIC}


def test_what_is_kept_is_there_again(sheet: Engine, written: dict[str, str]) -> None:
    assert sheet.evaluate(KEPT) == ""
    sheet.click("#keep")
    when(sheet, f"({KEPT}).includes('métier') && ({KEPT}).includes('2027-03-15')")
    sheet.open(sheet.evaluate("location.href"))
    when(sheet, "document.getElementById('keep').checked")
    assert sheet.evaluate(WRITTEN) == written
    assert sheet.evaluate("window.complaints") == []


def test_a_sheet_goes_to_a_file_and_comes_back(sheet: Engine, written: dict[str, str], tmp_path: Path) -> None:
    saved: dict[str, Any] = json.loads(sheet.download("[data-do=save]").read_text(encoding="utf-8"))
    assert {name: saved["answers"][name] for name in written} == written
    saved["answers"]["title"] = "D’une autre main"
    other = tmp_path / "sheet.json"
    other.write_text(json.dumps(saved), encoding="utf-8")
    sheet.choose("[type=file]", other)
    when(sheet, "document.querySelector('dialog[open]')")
    sheet.click("dialog button:last-of-type")  # replace mine
    when(sheet, "document.getElementById('title').value !== 'Déléguer, cœur de métier'")
    assert sheet.evaluate(WRITTEN) == written | {"title": "D’une autre main"}
    assert sheet.evaluate("window.complaints") == []


def test_it_is_printed_as_it_is_written(sheet: Engine, written: dict[str, str]) -> None:
    sheet.type("#statement", "D’ici au 30 juin, j’aurai confié trois tâches.")
    sheet.evaluate("(window.print = () => { dispatchEvent(new Event('beforeprint')); window.printed = true; }, null)")
    sheet.click("[data-do=print]")
    when(sheet, "window.printed")
    said = sheet.evaluate("document.querySelector('.handout').textContent")
    assert TITLE in said
    assert "2027" in said
    if sheet.name != "webkit":  # WebDriver has no printing in WebKitGTK; print.css is understood, says test_engines.py
        paper = "".join(page.extract_text() for page in PdfReader(io.BytesIO(sheet.pdf())).pages)
        assert "cœur de métier" in paper
        assert "2027" in paper
    assert sheet.evaluate("window.complaints") == []


def test_every_state_stays_inside_a_telephone(sheet: Engine) -> None:
    findings = []
    for view in ("parts", "summary", "whole"):
        sheet.click(f"[name=view][value={view}]")
        findings += [f"{view}: {each}" for each in audited(sheet, "audit.overflow()")]
    sheet.click("[data-do=erase]")
    when(sheet, "document.querySelector('dialog[open]')")
    inside = "(([box]) => box.left >= 0 && box.right <= innerWidth)(document.querySelector('dialog').getClientRects())"
    assert sheet.evaluate(inside)
    assert not findings, stated(findings)
