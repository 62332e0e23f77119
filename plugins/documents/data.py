"""Reads a document's data file (content/data/NAME.toml) in one language.

Every `{ en = …, fr = … }` becomes its text in the language asked for, French with French typography; every date of an
example `{ years, month, day }` becomes a date counted from the year of the build; a step with `repeat = 3` is written
out three times, with `{n}` replaced by 1, 2, 3 in its texts and ids.
"""

from __future__ import annotations

import tomllib
from datetime import date
from pathlib import Path
from typing import Any

from plugins.typography import french

LANGUAGES = {"en", "fr"}


def read_data(path: Path) -> dict[str, Any]:
    """The file as it is written, repeats written out. Raises OSError, UnicodeDecodeError or tomllib.TOMLDecodeError."""
    data: dict[str, Any] = _repeat(tomllib.loads(path.read_text(encoding="utf-8-sig")))
    return data


def localized(value: Any, lang: str, year: int) -> Any:
    """`value` in `lang`; `year` is that of the build."""
    if isinstance(value, dict):
        if set(value) == LANGUAGES:
            return localized_text(value[lang], lang)
        if set(value) == {"years", "month", "day"}:
            return date(year + value["years"], value["month"], value["day"]).isoformat()
        return {key: localized(item, lang, year) for key, item in value.items()}
    if isinstance(value, list):
        return [localized(item, lang, year) for item in value]
    return value.isoformat() if isinstance(value, date) else value


def localized_text(value: Any, lang: str) -> Any:
    """A text, or a list of texts, with the typography of its language."""
    if isinstance(value, list):
        return [localized_text(item, lang) for item in value]
    return french(value) if lang == "fr" and isinstance(value, str) else value


def _repeat(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _repeat(item) for key, item in value.items()}
    if not isinstance(value, list):
        return value
    items: list[Any] = []
    for item in value:
        times = item.get("repeat") if isinstance(item, dict) else None
        items += [_numbered(item, number) for number in range(1, times + 1)] if times else [_repeat(item)]
    return items


def _numbered(value: Any, number: int) -> Any:
    if isinstance(value, dict):
        return {key: _numbered(item, number) for key, item in value.items() if key != "repeat"}
    if isinstance(value, list):
        return [_numbered(item, number) for item in value]
    return value.replace("{n}", str(number)) if isinstance(value, str) else value
