"""On which line of a file something stands. Lines count from 1, as editors show them: U+2028 ends none."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from html import unescape
from pathlib import Path


def lines_matching(pattern: str, lines: Iterable[str]) -> list[int]:
    """The number of every line that holds what `pattern`, a regular expression, describes."""
    return [number for number, line in enumerate(lines, start=1) if re.search(pattern, line)]


def line_matching(pattern: str, lines: Iterable[str], nth: int = 1) -> int | None:
    """The number of the first such line, or the `nth`; None where there are not so many."""
    found = lines_matching(pattern, lines)
    return found[nth - 1] if len(found) >= nth else None


def line_with(file: str | Path, *texts: str) -> int | None:
    """The first line of `file` (UTF-8) that holds the first of `texts` that is in it, with entities or not.

    None where it holds none of them, or where there is no such file.
    """
    path = Path(file)
    lines = path.read_text(encoding="utf-8-sig").split("\n") if path.is_file() else []
    numbered = list(enumerate(lines, start=1))
    return next((n for text in texts for n, line in numbered if text in line or text in unescape(line)), None)


def line_of_fact(text: str, dotted: str) -> int | None:
    """The line of `text` (TOML) that sets the fact `dotted`, or that opens its table; None where neither is there."""
    *tables, name = dotted.split(".")
    current: list[str] = []
    opened = None
    for number, sign, names in headers_and_keys(text):
        if sign != "=":
            current = names
            if names == tables:
                opened = number
        elif current == tables and names == [name]:
            return number
    return opened


def line_of_entry(text: str, place: tuple[int | str, ...]) -> int | None:
    """The line of `text` (TOML) nearest to a place such as ("steps", 3, "fields", 0, "kind"); None where nothing is."""
    counts: dict[tuple[str, ...], int] = {}
    table: list[int | str] = []
    nearest_line, depth = None, 0
    for number, sign, parts in headers_and_keys(text):
        names = tuple(parts)
        if sign == "=":
            path = [*table, *names]
        else:
            if sign == "[[":
                counts = {name: count for name, count in counts.items() if name[: len(names)] != names or name == names}
                counts[names] = counts.get(names, -1) + 1
            steps = [(name, counts.get(names[: place + 1])) for place, name in enumerate(names)]
            table = path = [part for step in steps for part in step if part is not None]
        if len(path) > depth and tuple(path) == place[: len(path)]:
            nearest_line, depth = number, len(path)
    return nearest_line


def headers_and_keys(text: str) -> Iterator[tuple[int, str, list[str]]]:
    """(line, sign, names) of each `[table]`, each `[[table of a list]]` and each `key =` of `text` (TOML)."""
    for number, line in enumerate(text.split("\n"), start=1):
        if header := re.match(r"\s*(\[\[?)\s*([\w.-]+)\s*\]", line):
            yield number, header[1], header[2].split(".")
        elif key := re.match(r"\s*([\w.-]+)\s*=", line):
            yield number, "=", key[1].split(".")
