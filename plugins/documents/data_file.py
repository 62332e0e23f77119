"""Reads the data file of a document (content/data/NAME.toml), tells what it lacks, gives its texts in one language.

Every `{ en = …, fr = … }` becomes its text in the language asked for, French with French typography; every date of an
example `{ years, month, day }` becomes a date counted from the year of the build; a step with `repeat = 3` is written
out three times, with `{n}` replaced by 1, 2, 3 in its texts and ids.
"""

from __future__ import annotations

import tomllib
from datetime import date
from pathlib import Path
from typing import Any

from plugins.build import Build
from plugins.problems import Problem, say, shown_path, unreadable
from plugins.typography import french

LANGUAGES = {"en", "fr"}


def templates_folder(build: Build) -> Path:
    """Where the documents' design is."""
    return build.theme / "documents"


def data_path(name: str, build: Build) -> Path:
    """Where the document NAME is defined."""
    return build.content / "data" / f"{name}.toml"


def pdf_name(name: str, lang: str, data: dict[str, Any], pages: dict[str, str]) -> str:
    """`coaching-process-guide.pdf`: [document] file says it, else the last part of the page's slug."""
    given = data.get("document", {}).get("file", {}).get(lang)
    return f"{given or pages.get(name, name).rsplit('/', 1)[-1]}.pdf"


def read_definition(name: str, build: Build) -> dict[str, Any] | None:
    """The data file as written, or None after its problem was reported."""
    path = data_path(name, build)
    shown = shown_path(path)
    template = templates_folder(build) / f"{name}.typ"
    if not path.exists() or not template.exists():
        missing = shown if not path.exists() else shown_path(template)
        message = say('a page offers the document "{name}", but this file is missing', name=name)
        build.report(Problem(missing, None, message, say('Write it, or correct "documents:" in the page.')))
        return None
    try:
        raw = read_data(path)
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        text = "" if isinstance(error, OSError) else path.read_text(encoding="utf-8-sig", errors="replace")
        build.report(unreadable(shown, error, text))
        return None
    return raw if _is_whole(raw, shown, build) else None


def _is_whole(raw: dict[str, Any], shown: str, build: Build) -> bool:
    """Whether the file has what every document needs; what it lacks is reported."""
    lacks = [] if "title" in raw else [("title = { en = …, fr = … }", say("the document"))]
    chapters = raw.get("chapters", [])
    lacks += [
        (f"{key} = …", say("chapter {number}", number=number))
        for number, entry in enumerate(chapters, 1)
        for key in ("id", "parts")
        if key not in entry
    ]
    forms = {form.get("id") for form in raw.get("forms", [])}
    parts = [part for entry in chapters for part in entry.get("parts", [])]
    used = [part[kind] for part in parts for kind in ("form", "pointer") if kind in part]
    lacks += [(f'[[forms]] id = "{name}"', say("a chapter’s form")) for name in used if name not in forms]
    named = dict.fromkeys(part["reader"] for part in parts if "reader" in part)
    lacks += [
        (f"{name} = {{ en = …, fr = … }}", say("the table [readers]"))
        for name in named
        if name not in raw.get("readers", {})
    ]
    for what, where in lacks:
        message = say("{where} has no {what}", where=where, what=what)
        build.report(Problem(shown, None, message, say("Add it; the entries beside it show the form.")))
    return not lacks


def read_data(path: Path) -> dict[str, Any]:
    """The file as it is written, repeats written out. Raises OSError, UnicodeDecodeError or tomllib.TOMLDecodeError."""
    data: dict[str, Any] = _repeat(tomllib.loads(path.read_text(encoding="utf-8-sig")))
    return data


def localized(value: Any, lang: str, year: int) -> Any:
    """`value` in `lang`; `year` is that of the build."""
    if isinstance(value, dict):
        if set(value) == LANGUAGES:
            return _localized_text(value[lang], lang)
        if set(value) == {"years", "month", "day"}:
            return date(year + value["years"], value["month"], value["day"]).isoformat()
        return {key: localized(item, lang, year) for key, item in value.items()}
    if isinstance(value, list):
        return [localized(item, lang, year) for item in value]
    return value.isoformat() if isinstance(value, date) else value


def _localized_text(value: Any, lang: str) -> Any:
    """A text, or a list of texts, with the typography of its language."""
    if isinstance(value, list):
        return [_localized_text(item, lang) for item in value]
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
