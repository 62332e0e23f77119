"""Which form fields a PDF has, read from the `fields` lists of its data.

Kinds: `line` (one line), `text` (several), `date` (a line with its format in the label, since a calendar needs a script
and PDF/A forbids them), `choice` (one of the options), `scale` (a whole number from 0 to 10).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

DATE_LENGTH = len("DD/MM/YYYY")
SCALE = range(11)


class FormError(Exception):
    """The template draws other fields than the data defines, or two have one name."""


@dataclass(frozen=True)
class FormField:
    """One field. `label` is both visible and the tooltip; `limit` is in characters; `options` are (value, label)."""

    name: str
    kind: str
    label: str
    limit: int | None
    options: tuple[tuple[str, str], ...] = ()


def form_fields(data: Any, words: dict[str, str]) -> list[FormField]:
    """Every field of the localized `data`, in the order of the data; `words["date_format"]` ends a date's label."""
    return [_form_field(entry, words) for entry in entries(data)]


def entries(data: Any) -> Iterator[dict[str, Any]]:
    """The entries of every `fields` list anywhere in `data`."""
    if isinstance(data, dict):
        for key, value in data.items():
            yield from value if key == "fields" else entries(value)
    elif isinstance(data, list):
        for item in data:
            yield from entries(item)


def _form_field(entry: dict[str, Any], words: dict[str, str]) -> FormField:
    kind, label = entry["kind"], entry["label"]
    options: tuple[tuple[str, str], ...] = tuple(
        (option["value"], option["label"]) for option in entry.get("options", [])
    )
    if kind == "scale":
        options = tuple((str(number), str(number)) for number in SCALE)
    if kind == "date":
        return FormField(entry["id"], kind, f"{label} ({words['date_format']})", DATE_LENGTH)
    return FormField(entry["id"], kind, label, entry.get("limit"), options)
