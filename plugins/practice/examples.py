"""The form of a fact that has several parts, as it would be typed in practice.toml; read off its model."""

from __future__ import annotations

import datetime
from types import UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel

from .model import Practice

SOME = 3
AND = " · "  # between what stands on lines of their own


def form_of(field: str) -> str:
    """`[[processors]] · name = "…" · …` for the fact `processors` and its parts; empty for a fact of one value."""
    model: Any = Practice
    tables: list[str] = []
    for name in field.split("."):
        if not (isinstance(model, type) and issubclass(model, BaseModel)) or name not in model.model_fields:
            return ""
        kind = known_as(model.model_fields[name].annotation)
        path = ".".join([*tables, name])
        item = known_as(get_args(kind)[0]) if get_origin(kind) is list else None
        if item and is_model(item) and not _is_inline(item):
            return AND.join([f"[[{path}]]", *_lines(item)])
        if item or _is_inline(kind):
            return AND.join([*([f"[{'.'.join(tables)}]"] if tables else []), f"{name} = {_value(name, kind)}"])
        if is_model(kind) and any(part.is_required() for part in kind.model_fields.values()):
            return AND.join([f"[{path}]", *_lines(kind)])
        model, tables = kind, [*tables, name]
    return AND.join([f"[{field}]", *_lines(model)]) if is_model(model) else ""


def example_of(field: str) -> str:
    """How the value of a fact is typed: `"…"`, `true`, `2026-11-24`."""
    kind: Any = Practice
    for name in field.split("."):
        kind = known_as(kind.model_fields[name].annotation)
    return _value(name, kind)


def known_as(annotation: Any) -> Any:
    """What a fact is when it is known; of several forms, the one in both languages."""
    if get_origin(annotation) is Annotated:
        return known_as(get_args(annotation)[0])
    if get_origin(annotation) in (Union, UnionType):
        kinds = [known_as(part) for part in get_args(annotation) if part is not type(None)]
        return next(filter(is_model, kinds), kinds[0])
    return annotation


def is_model(kind: Any) -> bool:
    """Whether a kind of fact has parts."""
    return isinstance(kind, type) and issubclass(kind, BaseModel)


def _is_inline(kind: Any) -> bool:
    """Whether the parts stand between braces on one line: two that are required, as both languages of a text."""
    return is_model(kind) and len(kind.model_fields) == 2 and all(f.is_required() for f in kind.model_fields.values())


def _lines(model: type[BaseModel]) -> list[str]:
    """A line for each part that a table needs; for some that it may have, where it needs none."""
    needed = [name for name, field in model.model_fields.items() if field.is_required()]
    shown = needed or [*model.model_fields][:SOME]
    return [f"{name} = {_value(name, known_as(model.model_fields[name].annotation))}" for name in shown]


def _value(name: str, kind: Any) -> str:
    if get_origin(kind) is list:
        return f"[{_value(name, known_as(get_args(kind)[0]))}, …]"
    if get_origin(kind) is Literal:
        return f'"{get_args(kind)[-1]}"'
    if is_model(kind):
        return f"{{ {', '.join(_lines(kind))} }}"
    known = {int: "3", bool: "true", datetime.date: "2026-11-24"}
    return known.get(kind) or ('"https://…"' if name.endswith("_url") else '"…"')
