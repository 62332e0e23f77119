"""The PDF objects of one form field: its widget, and the group of a choice (PDF 32000-1, 12.5.6.19 and 12.7)."""

from __future__ import annotations

from typing import Any

from pypdf import PdfWriter
from pypdf.generic import ArrayObject, DictionaryObject, FloatObject, NameObject, NumberObject, TextStringObject

from .form_appearance import dot, empty
from .form_fields import FormError, FormField
from .form_font import DEFAULT_APPEARANCE

INSET = 1.5  # pt, between the drawn box and the widget, so that the focus ring does not hide the line
PRINT = 4  # annotation flag: printed (table 165)
MULTILINE, RADIO = 1 << 12, 1 << 15  # field flags (tables 228 and 226)
ONE_LINE = 18  # pt; a higher box takes several lines, whatever its kind


def name(value: str) -> NameObject:
    """A PDF name."""
    return NameObject(f"/{value}")


def widget_of(
    writer: PdfWriter, field: FormField, value: str | None, attributes: Any, page: DictionaryObject, font: Any
) -> DictionaryObject:
    left, bottom, right, top = (float(edge) for attribute in attributes for edge in attribute.get("/BBox", ()))
    rect = (left + INSET, bottom + INSET, right - INSET, top - INSET)
    size = rect[2] - rect[0], rect[3] - rect[1]
    widget = DictionaryObject(
        {
            name("Type"): name("Annot"),
            name("Subtype"): name("Widget"),
            name("Rect"): ArrayObject([FloatObject(round(edge, 3)) for edge in rect]),
            name("F"): NumberObject(PRINT),
            name("P"): page.indirect_reference,
        }
    )
    if value is not None:
        labels = dict(field.options)
        if value not in labels:
            raise FormError(
                f'the template draws the option "{value}" of "{field.name}", which the data file does not define'
            )
        on, off = writer._add_object(dot(*size)), writer._add_object(empty(*size, None))
        widget[name("AS")] = name("Off")
        widget[name("TU")] = TextStringObject(f"{field.label}: {labels[value]}")
        widget[name("AP")] = DictionaryObject({name("N"): DictionaryObject({name(value): on, name("Off"): off})})
        return widget
    appearance = writer._add_object(empty(*size, font))
    widget[name("FT")] = name("Tx")
    widget[name("T")] = TextStringObject(field.name)
    widget[name("TU")] = TextStringObject(field.label)
    widget[name("DA")] = TextStringObject(DEFAULT_APPEARANCE)
    widget[name("AP")] = DictionaryObject({name("N"): appearance})
    widget[name("V")] = TextStringObject("")
    if field.kind == "text" or size[1] > ONE_LINE:
        widget[name("Ff")] = NumberObject(MULTILINE)
    if field.limit:
        widget[name("MaxLen")] = NumberObject(field.limit)
    return widget


def group_of(field: FormField) -> DictionaryObject:
    """The field that a choice's widgets share."""
    return DictionaryObject(
        {
            name("FT"): name("Btn"),
            name("Ff"): NumberObject(RADIO),
            name("T"): TextStringObject(field.name),
            name("TU"): TextStringObject(field.label),
            name("V"): name("Off"),
            name("Kids"): ArrayObject(),
        }
    )
