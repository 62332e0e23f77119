"""Reads practice.toml; a wrong value is left out and told, so that one bad line hides no other."""

from __future__ import annotations

import dataclasses
import re
import tomllib
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError

from ..problems import Problem, nearest, shown_path
from .model import Practice
from .requirements import contradictions


@dataclasses.dataclass
class Gap:
    """A fact that must be mended before publishing. `pages` are the files that need it."""

    field: str
    reason: str
    pages: list[str] = dataclasses.field(default_factory=list)


@dataclasses.dataclass
class Reading:
    """The file as read: the model, what is wrong in it, its text and its path for messages."""

    practice: Practice
    gaps: list[Gap]
    text: str
    path: str
    broken: Problem | None = None


def read_practice(path: Path) -> Reading:
    """Read and validate `path`. Only a file that is not TOML, or not UTF-8, is a problem by itself (`broken`)."""
    shown = shown_path(path)
    try:
        text = path.read_text(encoding="utf-8")
        values = tomllib.loads(text)
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        return Reading(Practice(), [], "", shown, unreadable(shown, error))
    gaps: list[Gap] = []
    while True:
        try:
            practice = Practice.model_validate(values)
            break
        except ValidationError as error:
            for wrong in error.errors():
                names = [str(step) for step in wrong["loc"] if step in KNOWN] or [str(wrong["loc"][0])]
                if not any(gap.field == ".".join(names) for gap in gaps):
                    gaps.append(Gap(".".join(names), _reason(wrong)))
                _remove(values, list(wrong["loc"]))
    gaps += [Gap(name, reason) for name, reason in contradictions(practice)]
    return Reading(practice, gaps, text, shown)


def unreadable(file: str, error: Exception) -> Problem:
    """A data file that cannot be read, with the line where the parser knows it."""
    line = re.search(r"line (\d+)", str(error))
    remedy = "Correct the line named here; a text stands between double quotes, and the file is saved as UTF-8."
    return Problem(file, int(line.group(1)) if line else None, f"this file cannot be read: {error}", remedy)


def line_of(text: str, dotted: str) -> int | None:
    """The line of `text` (TOML) that sets the fact `dotted`, or that opens its table; None where neither is there."""
    *tables, name = dotted.split(".")
    current, opened = "", None
    for number, line in enumerate(text.splitlines(), start=1):
        if header := re.match(r"\s*\[+\s*([\w.]+)\s*\]+", line):
            current = header.group(1)
            if current == ".".join(tables) and tables:
                opened = number
        elif current == ".".join(tables) and re.match(rf"\s*{re.escape(name)}\s*=", line):
            return number
    return opened


def _names(model: type[BaseModel]) -> set[str]:
    found = set(model.model_fields)
    for info in model.model_fields.values():
        for candidate in [info.annotation, *getattr(info.annotation, "__args__", ())]:
            if isinstance(candidate, type) and issubclass(candidate, BaseModel):
                found |= _names(candidate)
    return found


KNOWN = _names(Practice)


def _reason(wrong: Any) -> str:
    name = str(wrong["loc"][-1])
    if wrong["type"] == "extra_forbidden":
        return f'there is no fact called "{name}".{nearest(name, KNOWN)}'
    return str(wrong["msg"]).removeprefix("Value error, ").replace("Input should", "the value should")


def _remove(values: Any, steps: list[Any]) -> None:
    """Take the value at `steps` out, or as near to it as the file goes (pydantic's path names union branches too)."""
    parent, key = None, None
    for step in steps:
        if isinstance(values, dict) and step in values:
            parent, key, values = values, step, values[step]
        elif isinstance(values, list) and isinstance(step, int):
            break
    if parent is not None:
        del parent[key]
