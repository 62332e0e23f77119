"""The forms are filled in and saved by ordinary readers' engines, accents, œ and € included, and read back as typed."""

from __future__ import annotations

import ctypes
import subprocess
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from pypdf import PdfReader, PdfWriter

from tests.surroundings import need

TYPED = "Éléonore Lefèvre — Œ €"


def kept_values(path: Path) -> dict[str, str]:
    """Name -> value of each field, read by pikepdf, which wrote none of them."""
    with pikepdf.open(path) as pdf:
        return {str(field.T): str(field.get("/V", "")) for field in pdf.Root.AcroForm.Fields}


@pytest.fixture(params=[("smart-worksheet", "fr"), ("process-guide", "en")], ids=lambda value: value[0])
def blank(request: pytest.FixtureRequest, site: Any) -> tuple[Path, str, str, str]:
    """(file, a text field, a choice, one of its options)."""
    name, lang = request.param
    fields = site.spec(name, lang).fields
    text = next(field for field in fields if field.kind == "text")
    choice = next(field for field in fields if field.kind == "choice")
    return site.pdf(name, lang), text.name, choice.name, choice.options[1][0]


def test_filled_with_pypdf(blank: tuple[Path, str, str, str], tmp_path: Path) -> None:
    path, text, choice, option = blank
    writer = PdfWriter(clone_from=PdfReader(path))
    writer.update_page_form_field_values(None, {text: TYPED, choice: f"/{option}"}, auto_regenerate=False)
    filled = tmp_path / "filled.pdf"
    writer.write(filled)
    values = kept_values(filled)
    assert values[text] == TYPED
    assert values[choice] == f"/{option}"
    assert values[text] not in kept_values(path).values(), "the blank form was changed"


def test_filled_with_pdfium(blank: tuple[Path, str, str, str], tmp_path: Path) -> None:
    """PDFium is Chrome's and Edge's reader: click, type, click an option, save."""
    pdfium = pytest.importorskip("pypdfium2")
    raw = pytest.importorskip("pypdfium2.raw")
    path, text, choice, option = blank
    with pikepdf.open(path) as pdf:
        places = {}
        for number, page in enumerate(pdf.pages):
            for widget in page.obj.get("/Annots", []):
                if widget.Subtype == "/Widget":
                    name = str(widget.T if "/T" in widget else widget.Parent.T)
                    state = (
                        next((str(key)[1:] for key in widget.AP.N if key != "/Off"), "") if "/Parent" in widget else ""
                    )
                    rect = [float(edge) for edge in widget.Rect]
                    places[name, state] = (number, (rect[0] + rect[2]) / 2, (rect[1] + rect[3]) / 2)
    document = pdfium.PdfDocument(str(path))
    document.init_forms()
    form = document.formenv.raw
    for place, typed in ((places[text, ""], TYPED), (places[choice, option], "")):
        number, x, y = place
        page = document[number]
        raw.FORM_OnLButtonDown(form, page.raw, 0, x, y)
        raw.FORM_OnLButtonUp(form, page.raw, 0, x, y)
        for char in typed:
            raw.FORM_OnChar(form, page.raw, ord(char), 0)
        raw.FORM_ForceToKillFocus(form)
    filled = tmp_path / "filled.pdf"
    document.save(str(filled))
    document.close()
    values = kept_values(filled)
    assert values[text] == TYPED
    assert values[choice] == f"/{option}"


def test_shown_by_poppler(blank: tuple[Path, str, str, str], tmp_path: Path) -> None:
    """Poppler (Evince, Okular) shows what was filled in: the page's picture changes where the field is."""
    need("pdftoppm")
    path, text, choice, option = blank
    writer = PdfWriter(clone_from=PdfReader(path))
    writer.update_page_form_field_values(None, {text: TYPED, choice: f"/{option}"}, auto_regenerate=False)
    filled = tmp_path / "filled.pdf"
    writer.write(filled)
    pictures = []
    for number, file in enumerate((path, filled)):
        subprocess.run(
            ["pdftoppm", "-r", "60", "-gray", str(file), str(tmp_path / f"p{number}")], check=True, capture_output=True
        )
        pictures.append([picture.read_bytes() for picture in sorted(tmp_path.glob(f"p{number}-*.pgm"))])
    with pikepdf.open(path) as pdf:
        expected = {
            number
            for number, page in enumerate(pdf.pages)
            for widget in page.obj.get("/Annots", [])
            if (widget.Subtype == "/Widget" and str(widget.get("/T", "")) == text)
            or ("/Parent" in widget and choice == widget.Parent.T and f"/{option}" in widget.AP.N)
        }
    changed = {number for number, (before, after) in enumerate(zip(*pictures, strict=True)) if before != after}
    assert changed == expected


def test_limits_hold_in_pdfium(blank: tuple[Path, str, str, str]) -> None:
    """A reader stops typing at the field's limit."""
    pdfium = pytest.importorskip("pypdfium2")
    raw = pytest.importorskip("pypdfium2.raw")
    path, text, _, _ = blank
    with pikepdf.open(path) as pdf:
        number, widget = next(
            (number, widget)
            for number, page in enumerate(pdf.pages)
            for widget in page.obj.get("/Annots", [])
            if str(widget.get("/T", "")) == text
        )
        rect, limit = [float(edge) for edge in widget.Rect], int(widget.MaxLen)
    document = pdfium.PdfDocument(str(path))
    document.init_forms()
    form, page = document.formenv.raw, document[number]
    raw.FORM_OnLButtonDown(form, page.raw, 0, rect[0] + 5, rect[1] + 5)
    raw.FORM_OnLButtonUp(form, page.raw, 0, rect[0] + 5, rect[1] + 5)
    for _ in range(limit + 20):
        raw.FORM_OnChar(form, page.raw, ord("a"), 0)
    raw.FORM_SelectAllText(form, page.raw)
    size = raw.FORM_GetSelectedText(form, page.raw, None, 0)
    buffer = ctypes.create_string_buffer(size)
    raw.FORM_GetSelectedText(form, page.raw, buffer, size)
    document.close()
    assert buffer.raw.decode("utf-16-le").rstrip("\0") == "a" * limit
