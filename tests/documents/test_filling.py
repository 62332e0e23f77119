"""The forms are filled in and saved by ordinary readers' engines, accents, œ and € included, and read back as typed."""

from __future__ import annotations

import ctypes
import re
import subprocess
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from pypdf import PdfReader, PdfWriter

from tests.surroundings import need

TYPED = "Éléonore Lefèvre — Œ €"
NAMES = "Nguyễn, Çağlar, Ștefan, ț, Łukasz, ő, ř, ž, ģ, ẽ, Ирина, Ελένη"
LINES = [f"line-{number}" for number in range(1, 8)]  # in a box for three


def kept_values(path: Path) -> dict[str, str]:
    """Name -> value of each field, read by pikepdf, which wrote none of them."""
    with pikepdf.open(path) as pdf:
        return {str(field.T): str(field.get("/V", "")) for field in pdf.Root.AcroForm.Fields}


def places_of(path: Path) -> dict[tuple[str, str], tuple[int, list[float]]]:
    """(field, option or "") -> (page from 0, rectangle) of each widget."""
    places = {}
    states: Any
    with pikepdf.open(path) as pdf:
        for number, page in enumerate(pdf.pages):
            for widget in page.obj.get("/Annots", []):
                if widget.Subtype == "/Widget":
                    name = str(widget.T if "/T" in widget else widget.Parent.T)
                    states = widget.AP.N if "/Parent" in widget else {}
                    state = next((str(key)[1:] for key in states if key != "/Off"), "")
                    places[name, state] = (number, [float(edge) for edge in widget.Rect])
    return places


def fill_with_pdfium(path: Path, filled: Path, typed: dict[tuple[str, str], str]) -> None:
    """Click the widgets one after another and type, in Chrome's reader; save."""
    pdfium = pytest.importorskip("pypdfium2")
    raw = pytest.importorskip("pypdfium2.raw")
    places = places_of(path)
    document = pdfium.PdfDocument(str(path))
    document.init_forms()
    form, pages = document.formenv.raw, list(document)
    for widget, text in typed.items():
        number, (left, bottom, right, top) = places[widget]
        page, x, y = pages[number].raw, (left + right) / 2, (bottom + top) / 2
        raw.FORM_OnLButtonDown(form, page, 0, x, y)
        raw.FORM_OnLButtonUp(form, page, 0, x, y)
        for char in text.replace("\n", "\r"):
            raw.FORM_OnChar(form, page, ord(char), 0)
        raw.FORM_ForceToKillFocus(form)
    document.save(str(filled))
    document.close()


@pytest.fixture
def worksheet(site: Any) -> tuple[Path, str, str]:
    """(file, its first field of one line, its first of several)."""
    fields = site.spec("smart-worksheet", "fr").fields
    one, several = (next(field.name for field in fields if field.kind == kind) for kind in ("line", "text"))
    return site.pdf("smart-worksheet", "fr"), one, several


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
    path, text, choice, option = blank
    filled = tmp_path / "filled.pdf"
    fill_with_pdfium(path, filled, {(text, ""): TYPED, (choice, option): ""})
    values = kept_values(filled)
    assert values[text] == TYPED
    assert values[choice] == f"/{option}"


def test_names_are_drawn_whole_in_pdfium(worksheet: tuple[Path, str, str], tmp_path: Path) -> None:
    """Each letter of a name is drawn, in the form's own font: a font of the machine is another on the next one."""
    path, one, several = worksheet
    filled = tmp_path / "filled.pdf"
    fill_with_pdfium(path, filled, {(one, ""): NAMES, (several, ""): NAMES})
    assert printed(filled).get_text_range().count(NAMES) == 2
    with pikepdf.open(filled) as pdf:
        for field in (field for field in pdf.Root.AcroForm.Fields if str(field.T) in (one, several)):
            drawing = field.AP.N
            fonts = set(re.findall(rb"/(\S+) [\d.]+ Tf", drawing.read_bytes()))
            assert fonts
            for font in fonts:
                descriptor = drawing.Resources.Font["/" + font.decode()].DescendantFonts[0].FontDescriptor
                assert "/FontFile2" in descriptor, f"{font.decode()} is not in the file"


def printed(path: Path) -> Any:
    """The text of the first page as PDFium prints it, with what was filled in."""
    pdfium = pytest.importorskip("pypdfium2")
    document = pdfium.PdfDocument(str(path))
    document.init_forms()
    page = document[0]
    page.flatten(pytest.importorskip("pypdfium2.raw").FLAT_PRINT)
    return document[0].get_textpage()


def test_lines_beyond_the_box_are_printed_by_pdfium(worksheet: tuple[Path, str, str], tmp_path: Path) -> None:
    """More short lines than the box was drawn for are set smaller, until the last of them is seen."""
    path, _, several = worksheet
    filled = tmp_path / "filled.pdf"
    fill_with_pdfium(path, filled, {(several, ""): "\n".join(LINES)})
    _, (left, bottom, right, top) = places_of(path)[several, ""]
    text = printed(filled)
    for line in LINES:
        found = text.search(line).get_next()
        assert found, f"{line} is not drawn"
        for index in range(found[0], sum(found)):
            box = text.get_charbox(index)
            assert left <= box[0] < box[2] <= right, line
            assert bottom <= box[1] < box[3] <= top, line


def test_drawn_whole_by_poppler(worksheet: tuple[Path, str, str], tmp_path: Path) -> None:
    """Poppler sets names in the form's own font, and lines beyond the box so small that the last of them is seen."""
    need("pdftotext", "pdftocairo", "pdffonts")
    path, one, several = worksheet
    filled, drawn = tmp_path / "filled.pdf", tmp_path / "drawn.pdf"
    with pikepdf.open(path) as pdf:
        for field in pdf.Root.AcroForm.Fields:
            if str(field.T) in (one, several):
                field.V = pikepdf.String(NAMES if str(field.T) == one else "\n".join(LINES))
        pdf.Root.AcroForm.NeedAppearances = True  # so that it draws them as it does when they are typed
        pdf.save(filled)

    def said(*command: str) -> str:
        return subprocess.run(command, check=True, capture_output=True, encoding="utf-8").stdout

    assert NAMES in said("pdftotext", "-l", "1", "-layout", str(filled), "-")
    places = dict(re.findall(r'yMax="([\d.]+)">(line-\d)<', said("pdftotext", "-l", "1", "-bbox", str(filled), "-")))
    assert sorted(places.values()) == LINES
    bottom = 841.89 - places_of(path)[several, ""][1][1]
    assert max(map(float, places)) <= bottom + 1
    said("pdftocairo", "-l", "1", "-pdf", str(filled), str(drawn))
    fonts = [line.split()[0] for line in said("pdffonts", str(drawn)).splitlines()[2:]]
    assert {font.split("+")[-1].split("-")[0] for font in fonts} == {"SourceSansPro", "LibertinusSerif"}


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
