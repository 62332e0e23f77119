"""What stands in the fields of the facts' form: from the file to what is shown, from what is typed to what is written.

A `Raw` is what one fact is in a form: a text, or a mapping of its parts to theirs (languages, parts of a row, and the
items of a list by their places in the file).
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from pydantic import BaseModel, ValidationError

from plugins.i18n.catalogs import long_date
from plugins.practice.form import Field
from plugins.practice.model import Practice
from plugins.practice.values import ANSWERS
from plugins.problems import LANGUAGES, Message, reason_of, say

Raw: TypeAlias = "str | dict[str, Raw]"
NUMBERS = {"phone": "phone", "host_phone": "phone", "siren": "siren", "siret": "siret"}
LOCALES = {"en": "en_GB", "fr": "fr"}
YES, NO = "yes", "no"


@dataclass
class View:
    """One fact, or a part of one, as a template shows it: words, kind, the name of its inputs, what is in them."""

    asked: Field
    name: str
    raw: Raw
    wrong: str = ""
    parts: list[View] = field(default_factory=list)


def shown(field: Field, value: Any, lang: str) -> Raw:
    """What the form shows of a value of the file; also of one that is wrong there."""
    match field.kind:
        case "pair":
            return {name: _text(value.get(name) if isinstance(value, Mapping) else value) for name in LANGUAGES}
        case "duration":
            parts = value if isinstance(value, Mapping) else {}
            return {name: _text(parts.get(name)) for name in ("value", "unit")}
        case "row":
            parts = value if isinstance(value, Mapping) else {}
            return {part.name: shown(part, parts.get(part.name), lang) for part in field.parts}
        case "list":
            items = {
                str(n): shown(field.parts[0], v, lang) for n, v in enumerate(value if isinstance(value, list) else [])
            }
            return {place: item for place, item in items.items() if not is_blank(item)}
        case "yes_no" | "address_or_none":
            answer = ANSWERS.get(str(value).lower())
            return _text(value) if answer is None else YES if answer else NO
    return _plain_spaces(_written(field, value, lang))


def value_at(values: Any, path: str) -> Any:
    """The value of a fact among those of the file; None where it is not there."""
    for name in path.split("."):
        values = values.get(name) if isinstance(values, Mapping) else None
    return values


def _text(value: Any) -> str:
    return "" if value is None else re.sub(r"[ \t\r\n]+", " ", str(value)).strip()


def _plain_spaces(text: str) -> str:
    return re.sub(r"[\u00a0\u202f]", " ", text)


def _written(field: Field, value: Any, lang: str) -> str:
    """A number as it is read out, a day in words: whoever typed them otherwise sees how they were understood."""
    if isinstance(value, datetime.date):
        return long_date(value, lang, LOCALES[lang])
    if field.name in NUMBERS and value:
        from plugins.practice.numbers import international, written

        kind = NUMBERS[field.name]
        number = international(str(value)) if kind == "phone" else str(value)
        try:
            return written(kind, number, lang) if number else _text(value)
        except ValueError:
            return _text(value)
    return _text(value)


def typed(field: Field, name: str, form: Mapping[str, Any]) -> Raw:
    """What was typed for a fact; rows that were left empty, or taken out with a button, are none."""
    match field.kind:
        case "pair":
            return {lang: _text(form.get(f"{name}.{lang}")) for lang in LANGUAGES}
        case "duration":
            value = _text(form.get(f"{name}.value"))
            return {"value": value, "unit": _text(form.get(f"{name}.unit")) if value else ""}
        case "row":
            return {part.name: typed(part, f"{name}.{part.name}", form) for part in field.parts}
        case "list":
            places = {found[1] for key in form if (found := re.match(rf"{re.escape(name)}\.(\d+)(?:\.|$)", key))}
            items = {
                place: typed(field.parts[0], f"{name}.{place}", form)
                for place in sorted(places, key=int)
                if form.get("remove") != f"{name}.{place}"
            }
            return {place: item for place, item in items.items() if not is_blank(item)}
        case "address_or_none":
            text = _text(form.get(name))
            none_before = form.get(f"seen:{name}") == f'"{NO}"'
            return NO if form.get(f"{name}.none") and not (text and none_before) else text
    return _text(form.get(name))


def is_blank(raw: Raw) -> bool:
    """Whether nothing was typed."""
    return not raw if isinstance(raw, str) else all(map(is_blank, raw.values()))


def _value(field: Field, raw: Raw) -> Any:
    """What the model is asked about, None for nothing. A list as a mapping from places to items."""
    if field.kind == "list":
        assert isinstance(raw, dict)
        return {int(place): _value(field.parts[0], item) for place, item in raw.items()}
    if is_blank(raw):
        return None
    if isinstance(raw, str):
        is_answer = field.kind == "yes_no" or (field.kind == "address_or_none" and raw == NO)
        return ANSWERS.get(raw, raw) if is_answer else raw
    if field.kind == "row":
        parts = {part.name: _value(part, raw[part.name]) for part in field.parts}
        return {name: value for name, value in parts.items() if value is not None}
    return dict(raw)


def checked(field: Field, raw: Raw) -> tuple[Any, dict[str, Message]]:
    """The value to write (see plugins.practice.editing.with_fact), as the model keeps it; what is wrong, by input."""
    value = _value(field, raw)
    if value is None or value == {}:
        return value, {}
    places = list(value) if field.kind == "list" else []
    told: Any = list(value.values()) if places else value
    names = field.path.split(".")
    for name in reversed(names):
        told = {name: told}
    try:
        found: Any = Practice.model_validate(told)
    except ValidationError as error:
        return None, _faults(field, error, places)
    for name in names:
        found = getattr(found, name)
    return (dict(zip(places, map(_plain, found), strict=True)) if places else _plain(found)), {}


def understood(field: Field, value: Any, lang: str) -> Raw:
    """What the form shows once a checked value is in the file."""
    return shown(field, list(value.values()) if field.kind == "list" and value else value, lang)


def _plain(value: Any) -> Any:
    return value.model_dump(exclude_none=True) if isinstance(value, BaseModel) else value


def _faults(field: Field, error: ValidationError, places: list[int]) -> dict[str, Message]:
    """What is wrong, by the name of the input; of a whole table, by the one fact that was typed."""
    faults: dict[str, Message] = {}
    depth = field.path.count(".") + 1
    for wrong in error.errors():
        loc = [str(step) for step in wrong["loc"]]
        if places and len(loc) > depth:
            loc[depth] = str(places[int(loc[depth])])
        faults.setdefault(".".join(loc) if len(loc) >= depth else field.path, _reason(wrong))
    return faults


def _reason(wrong: Any) -> Message:
    """What to do about one of pydantic's errors, for whoever sees a form and no file."""
    kind = wrong["type"]
    if kind == "missing" and wrong["loc"][-1] in LANGUAGES:
        return say("write it in both languages")
    if kind == "missing":
        return say("this is needed too")
    if kind.startswith("int"):
        return say("write a number in figures")
    if kind.startswith("date"):
        return say("write a day such as 24/11/2026")
    reason = reason_of(wrong)
    return reason if isinstance(reason, Message) else say("{reason}", reason=reason)


def view_of(field: Field, name: str, raw: Raw, faults: Mapping[str, str], length: int = 0) -> View:
    """A fact as it is shown. A list ends with an empty item; `length` is how many the file has."""
    view = View(field, name, raw)
    if field.kind == "row":
        assert isinstance(raw, dict)
        view.parts = [view_of(part, f"{name}.{part.name}", raw[part.name], faults) for part in field.parts]
    elif field.kind == "list":
        assert isinstance(raw, dict)
        new = max([length, *(int(place) + 1 for place in raw)])
        items = {**raw, str(new): shown(field.parts[0], None, "en")}
        view.parts = [view_of(field.parts[0], f"{name}.{place}", item, faults) for place, item in items.items()]
    own = (key == name if view.parts else f"{key}.".startswith(f"{name}.") for key in faults)
    view.wrong = next((reason for reason, is_own in zip(faults.values(), own, strict=True) if is_own), "")
    return view
