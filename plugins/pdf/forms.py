"""Turns the boxes that a template drew into form fields, tagged for screen readers.

Typst has no form fields yet (typst/typst#1765). A template draws each field as an empty figure whose alternative text
is `field:NAME@PAGE`, or `field:NAME=VALUE@PAGE` for one option of a choice; Typst puts it at the right place of the tag
tree with its bounding box. Here each such Figure becomes Form → OBJR → Widget (PDF 32000-1, 12.7 and 14.7.4.3;
ISO 14289-1, 7.18).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from pypdf import PdfWriter
from pypdf.generic import ArrayObject, DictionaryObject, NumberObject, TextStringObject

from .form_fields import FormError, FormField
from .form_font import DEFAULT_APPEARANCE, RESOURCES, form_font_object
from .form_widgets import group_of, name, widget_of

MARK = re.compile(r"field:([^=@]+)(?:=([^@]+))?@(\d+)")


def add_fields(writer: PdfWriter, fields: list[FormField]) -> None:
    """Make the form of `writer`'s document. Raises FormError when the fields drawn are not the fields defined."""
    known = {field.name: field for field in fields}
    if len(known) != len(fields):
        raise FormError("two fields have the same id")
    root: Any = writer.root_object["/StructTreeRoot"]
    parents: ArrayObject = root["/ParentTree"].get_object()["/Nums"].get_object()
    font = writer._add_object(form_font_object(writer))
    made: dict[str, Any] = {}
    order = ArrayObject()
    for element, field_name, value, page_number in list(drawn(root["/K"])):
        if field_name not in known:
            raise FormError(f'the template draws a field "{field_name}" that the data file does not define')
        field = known[field_name]
        page = writer.pages[page_number - 1]
        widget = widget_of(writer, field, value, element["/A"], page, font)
        reference = writer._add_object(widget)
        if field.options:
            if field_name not in made:
                made[field_name] = group_of(field)
                order.append(writer._add_object(made[field_name]))
            made[field_name]["/Kids"].append(reference)
            widget[name("Parent")] = made[field_name].indirect_reference
        else:
            made[field_name] = widget
            order.append(reference)
        _tag(element, reference, page, widget, parents, writer)
    if missing := set(known) - set(made):
        raise FormError(f"the template draws no field for: {', '.join(sorted(missing))}")
    writer.root_object[name("AcroForm")] = DictionaryObject(
        {
            name("Fields"): order,
            name("DR"): DictionaryObject(
                {name("Font"): DictionaryObject({name(resource): font for resource in RESOURCES})}
            ),
            name("DA"): TextStringObject(DEFAULT_APPEARANCE),
        }
    )


def drawn(element: Any) -> Iterator[tuple[DictionaryObject, str, str | None, int]]:
    """(element, field name, option or None, page from 1) of each drawn field, in reading order."""
    element = element.get_object()
    if isinstance(element, list):
        for kid in element:
            yield from drawn(kid)
    elif isinstance(element, DictionaryObject):
        match = MARK.fullmatch(str(element.get("/Alt", ""))) if element.get("/S") == "/Figure" else None
        if match:
            yield element, match[1], match[2], int(match[3])
        elif "/K" in element:
            yield from drawn(element["/K"])


def _tag(
    element: DictionaryObject,
    reference: Any,
    page: DictionaryObject,
    widget: DictionaryObject,
    parents: ArrayObject,
    writer: PdfWriter,
) -> None:
    """Make the Figure a Form that holds the widget, both ways: OBJR down, StructParent and ParentTree up."""
    root: Any = writer.root_object["/StructTreeRoot"]
    key = NumberObject(
        root["/ParentTreeNextKey"] if "/ParentTreeNextKey" in root else max(parents[::2], default=-1) + 1
    )
    element[name("S")] = name("Form")
    for attribute in ("/Alt", "/A"):
        element.pop(attribute, None)
    element[name("Pg")] = page.indirect_reference
    element[name("K")] = DictionaryObject(
        {name("Type"): name("OBJR"), name("Obj"): reference, name("Pg"): page.indirect_reference}
    )
    widget[name("StructParent")] = key
    parents.extend([key, element.indirect_reference])
    root[name("ParentTreeNextKey")] = NumberObject(key + 1)
    if "/Annots" not in page:
        page[name("Annots")] = ArrayObject()
    annotations: Any = page["/Annots"]
    annotations.append(reference)
    page[name("Tabs")] = name("S")
