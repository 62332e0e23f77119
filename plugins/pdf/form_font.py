"""The font that readers type with in form fields (PDF 32000-1, 9.7 and 9.10.3).

A name is drawn whole only if the reader finds each of its letters in the form's font: a simple font has 256 of them at
most, and what is missing is left out, or drawn in a font of the reader's own that is not in the file. So it is a
composite font. A code, the number of its glyph and the character are one number: some readers (PDFBox) go by the table
in the font, others by the map to Unicode, and PDFium writes what is in neither as its bare number.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from typing import TYPE_CHECKING, Any

from pypdf import PdfWriter
from pypdf.generic import (
    ArrayObject,
    DecodedStreamObject,
    DictionaryObject,
    NameObject,
    NumberObject,
    StreamObject,
    TextStringObject,
)

from .fonts import form_font

if TYPE_CHECKING:
    from fontTools.ttLib import TTFont

# Its names in the form's resources, in the order in which `DEFAULT_APPEARANCE` sets them: the last is what holds.
# PDFium, which is Chrome's reader, takes the first. It looks for a letter in the font of the form only if the two are
# of one Windows code page, and else in fonts of the machine, if any; by the name of a symbol font it looks here always.
RESOURCES = ("Wingdings", "Form")
# Size 0: the reader sets the text as large as it can be for all of it to be seen (12.7.3.3).
DEFAULT_APPEARANCE = " ".join(f"/{resource} 0 Tf" for resource in RESOURCES) + " 0 g"

FONT_NAME = "/HTMFRM+SourceSansPro-Regular"  # a subset: six capitals before the name (9.6.4)
NON_SYMBOLIC = 32
# Thousandths of the size, for a code without a glyph. pdf.js, which is Firefox's reader, measures the text of a line
# before it turns the letters into codes, and takes two of them for one: twice a letter's width, with some to spare.
TWO_LETTERS = 1100
CODES = 1 << 16
MOST = 100  # entries in one section of a map (Adobe technical note 5014)
MAP = """/CIDInit /ProcSet findresource begin
12 dict begin
begincmap
/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def
/CMapName /Adobe-Identity-UCS def
/CMapType 2 def
1 begincodespacerange
<0000> <FFFF>
endcodespacerange
{sections}
endcmap
CMapName currentdict /CMap defineresource pop
end
end"""


def form_font_object(writer: PdfWriter) -> DictionaryObject:
    """The composite font, embedded, with its map to Unicode; its objects are added to `writer`."""
    data, font = form_font()
    characters = sorted(font.getBestCmap())
    descendant = {
        "/Type": NameObject("/Font"),
        "/Subtype": NameObject("/CIDFontType2"),
        "/BaseFont": NameObject(FONT_NAME),
        "/CIDSystemInfo": _dictionary(
            {
                "/Registry": TextStringObject("Adobe"),
                "/Ordering": TextStringObject("Identity"),
                "/Supplement": NumberObject(0),
            }
        ),
        "/CIDToGIDMap": writer._add_object(_stream(_glyphs(characters))),
        "/FontDescriptor": writer._add_object(_descriptor(font, writer._add_object(_file(data)))),
        "/DW": NumberObject(TWO_LETTERS),
        "/W": ArrayObject(_widths(font, characters)),
    }
    return _dictionary(
        {
            "/Type": NameObject("/Font"),
            "/Subtype": NameObject("/Type0"),
            "/BaseFont": NameObject(FONT_NAME),
            "/Encoding": NameObject("/Identity-H"),
            "/DescendantFonts": ArrayObject([writer._add_object(_dictionary(descendant))]),
            "/ToUnicode": writer._add_object(_stream(_to_unicode(characters).encode("ascii"))),
        }
    )


def _runs(characters: list[int]) -> Iterator[list[int]]:
    """Those that follow each other, together. None passes from one high byte to the next: maps may not (9.10.3)."""
    for _, run in groupby(enumerate(characters), lambda entry: (entry[1] - entry[0], entry[1] >> 8)):
        yield [character for _, character in run]


def _to_unicode(characters: list[int]) -> str:
    lines = [f"<{run[0]:04X}> <{run[-1]:04X}> <{run[0]:04X}>" for run in _runs(characters)]
    sections = [lines[start : start + MOST] for start in range(0, len(lines), MOST)]
    return MAP.format(
        sections="\n".join("\n".join([f"{len(part)} beginbfrange", *part, "endbfrange"]) for part in sections)
    )


def _glyphs(characters: list[int]) -> bytes:
    """The number of each code's glyph, in two bytes: its own, or 0, which is drawn as a box, if it has none."""
    known = set(characters)
    return b"".join((code if code in known else 0).to_bytes(2, "big") for code in range(CODES))


def _widths(font: TTFont, characters: list[int]) -> Iterator[Any]:
    """The first code of each run, and the widths of its glyphs in thousandths of the size."""
    glyphs, metrics, scale = font.getBestCmap(), font["hmtx"].metrics, 1000 / font["head"].unitsPerEm
    for run in _runs(characters):
        yield NumberObject(run[0])
        yield ArrayObject(NumberObject(round(metrics[glyphs[character]][0] * scale)) for character in run)


def _descriptor(font: TTFont, file: Any) -> DictionaryObject:
    head, hhea, scale = font["head"], font["hhea"], 1000 / font["head"].unitsPerEm
    box = [head.xMin, head.yMin, head.xMax, head.yMax]
    return _dictionary(
        {
            "/Type": NameObject("/FontDescriptor"),
            "/FontName": NameObject(FONT_NAME),
            "/Flags": NumberObject(NON_SYMBOLIC),
            "/FontBBox": ArrayObject([NumberObject(round(edge * scale)) for edge in box]),
            "/ItalicAngle": NumberObject(0),
            "/Ascent": NumberObject(round(hhea.ascent * scale)),  # with accents: PDFium cuts the first line here
            "/Descent": NumberObject(round(hhea.descent * scale)),
            "/CapHeight": NumberObject(round(font["OS/2"].sCapHeight * scale)),
            "/StemV": NumberObject(84),
            "/FontFile2": file,
        }
    )


def _file(data: bytes) -> StreamObject:
    stream = _stream(data)
    stream[NameObject("/Length1")] = NumberObject(len(data))
    return stream


def _stream(data: bytes) -> StreamObject:
    stream = DecodedStreamObject()
    stream.set_data(data)
    return stream.flate_encode(9)


def _dictionary(entries: dict[str, Any]) -> DictionaryObject:
    return DictionaryObject({NameObject(key): value for key, value in entries.items()})
