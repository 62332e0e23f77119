"""Reads practice.toml; a wrong value is left out and told, so that one bad line hides no other."""

from __future__ import annotations

import dataclasses
import re
import tomllib
from pathlib import Path
from typing import Any, get_args

from pydantic import BaseModel, ValidationError

from ..problems import Problem, nearest, reason_of, say, shown_path, unreadable
from .model import Practice
from .requirements import contradictions


@dataclasses.dataclass
class Gap:
    """A fact that must be mended before publishing. `pages` are the files that need it; `meant`: of an unknown name."""

    field: str
    reason: str
    meant: str = ""
    pages: list[str] = dataclasses.field(default_factory=list)


@dataclasses.dataclass
class Reading:
    """The file as read: the model, what is wrong in it, its text and its path for messages."""

    practice: Practice
    gaps: list[Gap]
    text: str
    path: str
    broken: Problem | None = None


# `sells_to_consumers = oui`, which is no TOML without quotation marks; values.py knows what it means.
ANSWER = re.compile(r"^(\s*[\w.-]+\s*=\s*)(oui|non|vrai|faux|yes|no|true|false)(?=\s*(?:#.*)?$)", re.M | re.I)


def values_of(text: str) -> dict[str, Any]:
    """What stands in practice.toml, as typed. Raises tomllib.TOMLDecodeError where it is no TOML."""
    return tomllib.loads(ANSWER.sub(r'\1"\2"', text))


def read_practice(path: Path) -> Reading:
    """Read and validate `path`. Only a file that is not TOML, or not UTF-8, is a problem by itself (`broken`)."""
    shown = shown_path(path)
    text = ""
    try:
        text = path.read_text(encoding="utf-8-sig")
        values = values_of(text)
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        return Reading(Practice(), [], "", shown, unreadable(shown, error, text))
    gaps: list[Gap] = []
    while True:
        try:
            practice = Practice.model_validate(values)
            break
        except ValidationError as error:
            for wrong in error.errors():
                name = _name(wrong)
                if not any(gap.field == name for gap in gaps):
                    gaps.append(Gap(name, *_reason(wrong)))
                _remove(values, list(wrong["loc"]))
    gaps += [Gap(name, reason) for name, reason in contradictions(practice)]
    return Reading(practice, gaps, text, shown)


def _names(annotation: Any) -> set[str]:
    """Every name of fact in a model, and in the models inside it."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        fields = annotation.model_fields
        return set(fields).union(*(_names(info.annotation) for info in fields.values()))
    return set().union(*(_names(part) for part in get_args(annotation)))


KNOWN = _names(Practice)


def _name(wrong: Any) -> str:
    """The fact with its tables, `address.street`: pydantic's path without places in lists and branches of unions."""
    path = wrong["loc"]
    last = path[-1] if wrong["type"] == "extra_forbidden" else None
    return ".".join(str(step) for step in path if step in KNOWN or step == last)


UNKNOWN = 'there is no fact called "{name}".{nearest}'


def _reason(wrong: Any) -> tuple[str, str]:
    """What is wrong, and which fact an unknown name was probably meant for."""
    name = str(wrong["loc"][-1])
    if wrong["type"] == "extra_forbidden" and name in KNOWN:
        return say('"{name}" stands under the wrong [title]', name=name), name
    if wrong["type"] == "extra_forbidden":
        close = nearest(name, KNOWN)
        message = say('there is no fact called "{name}".{nearest}', name=name, nearest=close)
        return message, str(getattr(close, "values", {}).get("word", ""))
    return reason_of(wrong), ""


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
