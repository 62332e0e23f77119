"""Changes keys in the front matter of a file and leaves every other byte of it as it is.

A value is written as YAML that reads back as the same; `with_values` looks that it does before it gives anything back.
"""

from __future__ import annotations

import datetime
import json
from collections.abc import Iterator, Mapping
from typing import Any

import yaml

from .frontmatter import KINDS, SHOWN, closing, load

ORDER = list(KINDS["articles"].model_fields)  # it has the keys of every kind


def values_of(data: bytes) -> dict[str, Any]:
    """The keys of a file's front matter, as they are written and not yet held against a model; a day is a text.

    Raises ValueError where there is no front matter, or no text in UTF-8, and yaml.YAMLError.
    """
    start, end = _place(text := data.decode())
    return _mapping(text[start:end])[1]


def with_values(data: bytes, changed: Mapping[str, Any]) -> bytes:
    """`data`, a file with front matter, with the keys of `changed` (text, bool, date, list or dict of texts; or None).

    A key whose value is None or the model's default goes; a new one comes after the one it follows in the model.
    A remark behind a value stays, but where it is a part of the words that was not put between quotation marks.
    Raises ValueError where there is no front matter, or one that cannot be changed so (aliases of YAML, braces around
    all of it), and yaml.YAMLError where it cannot be read.
    """
    text = data.decode()
    start, end = _place(text)
    matter = text[start:end]
    wanted = _mapping(matter)[1]
    try:
        for key, value in changed.items():
            wanted.pop(key, None)
            if value is None or value == _default(key):
                matter = _without(matter, key)
            else:
                matter = _with(matter, key, _yaml(value))
                wanted[key] = value.isoformat() if isinstance(value, datetime.date) else value
        same = _mapping(matter)[1] == wanted
    except yaml.YAMLError:
        same = False
    if not same:
        raise ValueError("this front matter cannot be changed line by line")
    return (text[:start] + matter + text[end:]).encode()


def _place(text: str) -> tuple[int, int]:
    """Where the front matter of `text` begins and ends, without its lines of hyphens. Raises ValueError."""
    lines = text.split("\n")
    end = closing(lines)
    if end is None:
        raise ValueError("no front matter")
    start = len(lines[0]) + 1
    return start, start + sum(len(line) + 1 for line in lines[1:end])


def _mapping(matter: str) -> tuple[list[tuple[yaml.Node, yaml.Node]], dict[str, Any]]:
    node, values = load(matter)
    if not isinstance(node, yaml.MappingNode):
        raise ValueError("the front matter has no keys")
    return node.value, values


def _default(key: str) -> Any:
    """What a page is taken to say where the key is not there; Ellipsis where it has to be."""
    field = KINDS["articles"].model_fields.get(key)
    return ... if field is None or field.is_required() else field.default


def _spans(matter: str) -> Iterator[tuple[str, int, int, int]]:
    """(key, where it begins, where its value begins, right after the colon, and ends) of each."""
    for key, value in _mapping(matter)[0]:
        colon = matter.index(":", key.end_mark.index) + 1
        written = matter[colon : _end(value)].rstrip()
        yield key.value, key.start_mark.index, colon, colon + len(written)


def _end(node: yaml.Node) -> int:
    """Where a value ends. A list of several lines is said to end where the next key begins, after remarks."""
    if isinstance(node, yaml.CollectionNode) and not node.flow_style and node.value:
        last = node.value[-1]
        return _end(last[1] if isinstance(last, tuple) else last)
    return int(node.end_mark.index)


def _after_line(matter: str, place: int) -> int:
    """Where the line after the one at `place` begins."""
    return matter.find("\n", place) + 1 or len(matter)


def _without(matter: str, key: str) -> str:
    for name, begin, _, end in _spans(matter):
        if name == key:
            return matter[:begin] + matter[_after_line(matter, end) :]
    return matter


def _with(matter: str, key: str, written: str) -> str:
    spans = list(_spans(matter))
    for name, _, colon, end in spans:
        if name == key:
            line = matter[colon : _after_line(matter, end)]
            if key in SHOWN:  # what follows would be told as words that are not shown
                end = colon + len(line.rstrip())
            return f"{matter[:colon]} {written}{matter[end:]}"
    above = ORDER[: ORDER.index(key)] if key in ORDER else ORDER
    places = {name: _after_line(matter, end) for name, _, _, end in spans}
    place = next((places[name] for name in reversed(above) if name in places), spans[0][1])
    ending = "\r\n" if "\r\n" in matter else "\n"
    return f"{matter[:place]}{key}: {written}{ending}{matter[place:]}"


def _yaml(value: Any, inside: bool = False) -> str:
    """`value` on one line of YAML; `inside` brackets or braces, where a text has more signs to look out for."""
    match value:
        case bool():
            return "true" if value else "false"
        case datetime.date():
            return value.isoformat()
        case dict():
            return "{" + ", ".join(f"{key}: {_yaml(part, True)}" for key, part in value.items()) + "}"
        case list():
            return "[" + ", ".join(_yaml(part, True) for part in value) + "]"
    return _text(str(value), inside)


def _text(value: str, inside: bool) -> str:
    """As typed where YAML takes it for the same text; or between double quotes, with as few escapes as can be."""
    escaped = str(yaml.safe_dump(value, default_style='"', allow_unicode=True, width=float("inf"))).strip()
    for written in (value, json.dumps(value, ensure_ascii=False), escaped):
        probe = f"[{written}, {{k: {written}}}]" if inside else f"k: {written}"
        wanted = [value, {"k": value}] if inside else {"k": value}
        try:
            if load(probe)[1] == wanted:
                return written
        except yaml.YAMLError:
            continue
    raise ValueError("no YAML says this text")
