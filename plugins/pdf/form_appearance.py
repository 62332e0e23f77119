"""The font of form fields and how an empty or chosen one is drawn (PDF 32000-1, 9.6.3, 12.5.5)."""

from __future__ import annotations

from typing import Any

from pypdf import PdfWriter
from pypdf.generic import (
    ArrayObject,
    DecodedStreamObject,
    DictionaryObject,
    FloatObject,
    NameObject,
    NumberObject,
    StreamObject,
)

from .fonts import WIN_ANSI, form_font

FONT_NAME = "/HTMFRM+SourceSansPro-Regular"  # a subset: six capitals before the name (9.6.4)
NON_SYMBOLIC = 32
FIRST, LAST = 0x20, 0xFF
INK = "0.102 0.137 0.2"  # #1A2333
CIRCLE = 0.5523  # handle length of a quarter of a circle drawn as one Bézier, for a radius of 1


def form_font_object(writer: PdfWriter) -> DictionaryObject:
    """A simple TrueType font in WinAnsi encoding, embedded; widths in thousandths of the size."""
    data, font = form_font()
    cmap, metrics, scale = font.getBestCmap(), font["hmtx"].metrics, 1000 / font["head"].unitsPerEm
    by_code = {char.encode("cp1252")[0]: ord(char) for char in WIN_ANSI}
    widths = [
        round(metrics[cmap[by_code[code]]][0] * scale) if by_code.get(code) in cmap else 0
        for code in range(FIRST, LAST + 1)
    ]
    file = DecodedStreamObject()
    file.set_data(data)
    file[NameObject("/Length1")] = NumberObject(len(data))
    head, os2 = font["head"], font["OS/2"]
    box = [head.xMin, head.yMin, head.xMax, head.yMax]
    descriptor = DictionaryObject(
        {
            NameObject("/Type"): NameObject("/FontDescriptor"),
            NameObject("/FontName"): NameObject(FONT_NAME),
            NameObject("/Flags"): NumberObject(NON_SYMBOLIC),
            NameObject("/FontBBox"): ArrayObject([NumberObject(round(edge * scale)) for edge in box]),
            NameObject("/ItalicAngle"): NumberObject(0),
            NameObject("/Ascent"): NumberObject(round(os2.sTypoAscender * scale)),
            NameObject("/Descent"): NumberObject(round(os2.sTypoDescender * scale)),
            NameObject("/CapHeight"): NumberObject(round(os2.sCapHeight * scale)),
            NameObject("/StemV"): NumberObject(84),
            NameObject("/FontFile2"): writer._add_object(file.flate_encode(9)),
        }
    )
    return DictionaryObject(
        {
            NameObject("/Type"): NameObject("/Font"),
            NameObject("/Subtype"): NameObject("/TrueType"),
            NameObject("/BaseFont"): NameObject(FONT_NAME),
            NameObject("/FirstChar"): NumberObject(FIRST),
            NameObject("/LastChar"): NumberObject(LAST),
            NameObject("/Widths"): ArrayObject([NumberObject(width) for width in widths]),
            NameObject("/Encoding"): NameObject("/WinAnsiEncoding"),
            NameObject("/FontDescriptor"): writer._add_object(descriptor),
        }
    )


def empty(width: float, height: float, font: Any) -> StreamObject:
    """The state of a field with nothing in it; the box itself is printed on the page. Sizes in pt."""
    return _drawing(width, height, b"/Tx BMC\nEMC" if font is not None else b"", font)


def dot(width: float, height: float) -> StreamObject:
    """A chosen option: a disc of ink in the middle of the printed circle."""
    x, y, r = width / 2, height / 2, min(width, height) * 0.3
    k = r * CIRCLE
    curves = [(r, k, k, r, 0, r), (-k, r, -r, k, -r, 0), (-r, -k, -k, -r, 0, -r), (k, -r, r, -k, r, 0)]
    ends = [" ".join(f"{value + (y if place % 2 else x):.2f}" for place, value in enumerate(curve)) for curve in curves]
    path = f"{INK} rg {x + r:.2f} {y:.2f} m {' c '.join(ends)} c f"
    return _drawing(width, height, path.encode(), None)


def _drawing(width: float, height: float, content: bytes, font: Any) -> StreamObject:
    stream = DecodedStreamObject()
    stream.set_data(content)
    resources = DictionaryObject(
        {NameObject("/Font"): DictionaryObject({NameObject("/Form"): font})} if font is not None else {}
    )
    stream.update(
        {
            NameObject("/Type"): NameObject("/XObject"),
            NameObject("/Subtype"): NameObject("/Form"),
            NameObject("/BBox"): ArrayObject(
                [FloatObject(0), FloatObject(0), FloatObject(round(width, 3)), FloatObject(round(height, 3))]
            ),
            NameObject("/Resources"): resources,
        }
    )
    return stream
