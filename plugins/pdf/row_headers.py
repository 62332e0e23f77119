"""Marks the first cell of every table row as its header, in the tag tree of a PDF that Typst made.

Typst tags column headers only: its `pdf.header-cell` is not reachable through the Python binding.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from pypdf import PdfWriter
from pypdf.generic import ArrayObject, DictionaryObject, NameObject, TextStringObject


def elements(element: Any, kind: str) -> Iterator[DictionaryObject]:
    """The structure elements of a `kind` ("/Table") under `element`, in reading order."""
    element = element.get_object()
    if isinstance(element, list):
        for kid in element:
            yield from elements(kid, kind)
    elif isinstance(element, DictionaryObject):
        if "/S" in element and str(element["/S"]) == kind:
            yield element
        if "/K" in element:
            yield from elements(element["/K"], kind)


def kids(element: DictionaryObject) -> list[Any]:
    """The children of an element, whether it has none, one or several."""
    value = element.get("/K")
    value = value.get_object() if value is not None else []
    return [kid.get_object() for kid in value] if isinstance(value, list) else [value]


def add_row_headers(writer: PdfWriter) -> None:
    """Make the first cell of each body row a TH with the scope Row, and name it in the Headers of the row (14.8.5.7).

    Typst gives every cell an explicit list of column headers, which takes the place of scopes: the row's must join it.
    """
    root: Any = writer.root_object["/StructTreeRoot"]
    ids: dict[str, Any] = {}
    for table_number, table in enumerate(elements(root["/K"], "/Table"), start=1):
        rows = [row for body in kids(table) if body["/S"] == "/TBody" for row in kids(body)]
        for row_number, row in enumerate(rows, start=1):
            first, *others = kids(row)
            if first["/S"] != "/TD":
                continue
            name = f"T{table_number}R{row_number}"
            first[NameObject("/S")] = NameObject("/TH")
            first[NameObject("/ID")] = TextStringObject(name)
            _table_attributes(first)[NameObject("/Scope")] = NameObject("/Row")
            ids[name] = first.indirect_reference
            for cell in others:
                _table_attributes(cell).setdefault(NameObject("/Headers"), ArrayObject()).append(TextStringObject(name))
    if ids:
        names = root["/IDTree"].get_object()["/Names"].get_object()
        known = dict(zip([str(key) for key in names[::2]], names[1::2], strict=True)) | ids
        root["/IDTree"].get_object()[NameObject("/Names")] = ArrayObject(
            [item for key in sorted(known) for item in (TextStringObject(key), known[key])]
        )


def _table_attributes(cell: DictionaryObject) -> DictionaryObject:
    """The attribute object of a cell whose owner is Table, made if there is none."""
    attributes = cell.setdefault(NameObject("/A"), ArrayObject()).get_object()
    for attribute in attributes if isinstance(attributes, list) else [attributes]:
        if attribute.get_object().get("/O") == "/Table":
            found: DictionaryObject = attribute.get_object()
            return found
    made = DictionaryObject({NameObject("/O"): NameObject("/Table")})
    attributes.append(made)
    return made
