"""How an empty form field, and a chosen option, are drawn (PDF 32000-1, 12.5.5)."""

from __future__ import annotations

from typing import Any

from pypdf.generic import (
    ArrayObject,
    DecodedStreamObject,
    DictionaryObject,
    FloatObject,
    NameObject,
    StreamObject,
)

INK = "0.102 0.137 0.2"  # #1A2333
CIRCLE = 0.5523  # handle length of a quarter of a circle drawn as one Bézier, for a radius of 1


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
