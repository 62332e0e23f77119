"""Changes facts in the text of practice.toml and leaves everything else byte for byte, comments and order included.

A fact that has a line keeps it. One that has only an example (`# name = …`) gets a line right below it, so that the
example stays; emptied, that line goes again. Emptied facts without an example are `""`, as in a file not filled in yet.
"""

from __future__ import annotations

import datetime
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import tomlkit

from ..problems import say
from ..problems.lines import headers_and_keys
from .reading import ANSWER
from .values import ANSWERS

UNCHANGEABLE = say(
    "this fact is written in the file in a way that a form cannot change: ask whoever looks after the site"
)
Steps = Sequence[str | int]  # of a table: names, and the place of a row in a list of tables


def with_fact(text: str, field: str, value: Any) -> str:
    """`text` (TOML) in which the fact `field` is `value`: plain Python, None where it is unknown now.

    A list is given as a mapping from each item's place to the item: those that were there keep their place, what is
    missing goes, higher places are new. Raises ValueError where the file cannot be changed without touching more.
    """
    unix = text.replace("\r\n", "\n") if text.count("\r\n") == text.count("\n") else text
    done = _with_fact(
        ANSWER.sub(lambda match: f"{match[1]}{str(ANSWERS[match[2].lower()]).lower()}", unix), field, value
    )
    return done if unix is text else done.replace("\n", "\r\n")


def _with_fact(text: str, field: str, value: Any) -> str:
    *table, name = field.split(".")
    found = _at(tomllib.loads(text), table)
    if not isinstance(found, Mapping):
        raise ValueError(UNCHANGEABLE)
    now = found.get(name)
    if isinstance(value, Mapping) and all(isinstance(place, int) for place in value):
        return _with_list(text, table, name, value)
    if isinstance(now, dict) and _section(text, [*table, name]):
        if value is None:
            return _without_section(text, [*table, name])
        if not isinstance(value, Mapping):
            raise ValueError(UNCHANGEABLE)
        return _with_parts(text, [*table, name], now, value)
    if isinstance(value, Mapping) and not table and now is None and not set(value) <= {"en", "fr"}:
        return _with_section(text, f"[{name}]", [name], value)
    return _with_value(text, table, name, value)


def _with_parts(text: str, table: Steps, now: Mapping[str, Any], value: Mapping[str, Any]) -> str:
    for part in {**now, **value}:
        text = _with_value(text, table, part, value.get(part))
    return text


def _with_list(text: str, table: list[str], name: str, items: Mapping[int, Any]) -> str:
    """Tables of a list one by one where the file has such; an array whole."""
    path, before = [*table, name], _at(tomllib.loads(text), table).get(name)
    new_tables = before is None and not table and any(isinstance(item, Mapping) for item in items.values())
    if not _section(text, [*path, 0]) and not new_tables:
        return _with_value(text, table, name, list(items.values()))
    before = before or []
    for place in [place for place in items if place < len(before)]:
        text = _with_parts(text, [*path, place], before[place], items[place])
    for place in sorted(set(range(len(before))) - set(items), reverse=True):
        text = _without_section(text, [*path, place])
    for place in sorted(place for place in items if place >= len(before)):
        text = _with_section(text, f"[[{'.'.join(path)}]]", path, items[place])
    return text


def _with_value(text: str, table: Steps, name: str, value: Any) -> str:
    """`text` with one value, or without it where `value` is None or an empty list."""
    found = _at(tomllib.loads(text), table)
    is_empty = value in (None, [])
    if name not in found:
        return text if is_empty else _with_line(text, table, name, value)
    if found[name] == value and type(found[name]) is type(value):
        return text
    document = tomlkit.parse(text)
    place = _at(document, table)
    line = _line(text, table, name) or 0
    if is_empty and (_is_example(text.split("\n")[line - 1], name) or any(isinstance(step, int) for step in table)):
        place.remove(name)
        return _meant(document.as_string(), text, table, name, None)
    if is_empty:
        value = [] if isinstance(found[name], list) else ""
    place[name] = tomlkit.value(literal(value))
    return _meant(document.as_string(), text, table, name, value)


def _with_line(text: str, table: Steps, name: str, value: Any) -> str:
    """`text` with a new line: below its example, or else after the last line of its table, or in a table at the end."""
    new = f"{name} = {literal(value)}"
    lines, section = text.split("\n"), _section(text, table)
    if section is None and _at(tomllib.loads(text), table):  # `address.city = …`, or a table between braces
        document = tomlkit.parse(text)
        _at(document, table)[name] = tomlkit.value(literal(value))
        return _meant(document.as_string(), text, table, name, value)
    if section is None:
        header = f"[{'.'.join(map(str, table))}]"
        return _meant("\n".join([*_ended(lines), header, new, ""]), text, table, name, value)
    examples = [n + 1 for n in range(section.start, section.end) if _is_example(lines[n], name)]
    for place in [*examples[:1], *section.ends()]:
        with suppress(ValueError):  # in the middle of a value of several lines
            return _meant("\n".join([*lines[:place], new, *lines[place:]]), text, table, name, value)
    raise ValueError(UNCHANGEABLE)


def _with_section(text: str, header: str, path: list[str], values: Mapping[str, Any]) -> str:
    """`text` with one more table: after the last of its list, below the example of its header, or at the end."""
    lines = text.split("\n")
    new = ["", header, *(f"{name} = {literal(value)}" for name, value in values.items())]
    meant: Any = dict(values)
    places: list[int] = []
    if header.startswith("[["):
        before = _at(tomllib.loads(text), path[:-1]).get(path[-1], [])
        meant = [*before, meant]
        if last := _section(text, [*path, len(before) - 1]) if before else None:
            places = [*last.ends()]
    example = next((n for n, line in enumerate(lines) if line.startswith("#") and header in line), None)
    if not places and example is not None:
        places = [next((n for n in range(example, len(lines)) if not lines[n].startswith("#")), len(lines))]
    for place in places:
        with suppress(ValueError):
            with_table = "\n".join([*lines[:place], *new, *lines[place:]])
            return _meant(with_table, text, path[:-1], path[-1], meant)
    return _meant("\n".join([*_ended(lines), *new[1:], ""]), text, path[:-1], path[-1], meant)


def _without_section(text: str, path: Steps) -> str:
    """`text` without a table: from its header to its last line, and the empty line above."""
    section = _section(text, path)
    lines = text.split("\n")
    *above, name = path
    wanted = tomllib.loads(text)
    del _at(wanted, above)[name]
    if isinstance(name, int) and not _at(wanted, above):
        del _at(wanted, above[:-1])[above[-1]]
    for end in section.ends() if section else []:
        assert section
        start = section.header - (section.header > 0 and not lines[section.header - 1])
        without = "\n".join([*lines[:start], *lines[end:]])
        if _parsed(without) == wanted:
            return without
    raise ValueError(UNCHANGEABLE)


def _meant(new: str, old: str, table: Steps, name: str, value: Any) -> str:
    """`new`, where it says what `old` does but for one value. Raises ValueError otherwise."""
    wanted: Any = tomllib.loads(old)
    place = wanted
    for step in table:
        place = place[step] if isinstance(step, int) else place.setdefault(step, {})
    if value is None:
        place.pop(name, None)
    else:
        place[name] = value
    if _parsed(new) != wanted:
        raise ValueError(UNCHANGEABLE)
    return new


def _parsed(text: str) -> dict[str, Any] | None:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return None


@dataclass(frozen=True)
class Section:
    """Lines of a table, counted from 0: its header (-1 for the top of the file), and `start` to `end` below it."""

    header: int
    start: int
    end: int
    last: int  # where its last key stands; its header where it has none

    def ends(self) -> Iterator[int]:
        """Where something can be put after its last value, first where that has one line only."""
        yield from range(self.last + 1, self.end + 1)


def _sections(text: str) -> Iterator[tuple[str, list[str], Section]]:
    sign, header, last = "", -1, -1
    names: list[str] = []
    for number, found, keys in headers_and_keys(text):
        if found == "=":
            last = number - 1
        else:
            yield sign, names, Section(header, header + 1, number - 1, last)
            sign, names, header, last = found, keys, number - 1, number - 1
    yield sign, names, Section(header, header + 1, text.count("\n") + 1, last)


def _section(text: str, path: Steps) -> Section | None:
    """The lines of a table, or of a row of a list; None where it has no header of its own."""
    rows = bool(path) and isinstance(path[-1], int)
    names = [step for step in path if isinstance(step, str)]
    found = [section for sign, keys, section in _sections(text) if keys == names and (sign == "[[") == rows]
    place = int(path[-1]) if rows else 0
    return found[place] if place < len(found) else None


def _line(text: str, table: Steps, name: str) -> int | None:
    section = _section(text, table)
    found = (number - 1 for number, sign, keys in headers_and_keys(text) if sign == "=" and keys == [name])
    return next((n for n in found if section and section.start <= n < section.end), None)


def _is_example(line: str, name: str) -> bool:
    """Whether a comment shows how a fact is written: `# name = …`."""
    return line.startswith("#") and line.lstrip("# ").partition("=")[0].strip() == name and "=" in line


def _ended(lines: list[str]) -> list[str]:
    """The lines of a file with an empty one at the end."""
    return [*lines, ""] if lines[-1] else lines[: len(lines) - (len(lines) == 1)]


def _at(values: Any, path: Steps) -> Any:
    """The table at a path in parsed TOML; an empty one where there is none. Raises ValueError where it is no table."""
    for step in path:
        if isinstance(step, str) and not isinstance(values, Mapping):
            raise ValueError(UNCHANGEABLE)
        if isinstance(step, str) and step not in values:
            return {}
        values = values[step]
    return values


def literal(value: Any) -> str:
    """A value as it stands in the file: a list of texts in both languages with a line for each."""
    if isinstance(value, Mapping):
        return f"{{ {', '.join(f'{name} = {literal(part)}' for name, part in value.items())} }}"
    if isinstance(value, list) and any(isinstance(item, Mapping) for item in value):
        return "\n".join(["[", *(f"    {literal(item)}," for item in value), "]"])
    if isinstance(value, list):
        return f"[{', '.join(map(literal, value))}]"
    if isinstance(value, bool | int | datetime.date):
        return value.isoformat() if isinstance(value, datetime.date) else str(value).lower()
    return str(tomlkit.item(value).as_string())
