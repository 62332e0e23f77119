"""Changes of one block in the bytes of its file: no other line is touched, and lines end as those around them do."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ..frontmatter import divide

if TYPE_CHECKING:
    from .block_spans import Block
    from .blocks import Blocks

LINE = re.compile(rb"[^\n]*\n|[^\n]+\Z")
ENDING = re.compile(rb"\r?\n\Z")


def text_of_lines(data: bytes, first: int, last: int) -> str:
    """The lines `first` to `last` of a file, from 1, as its author typed them, without the end of the last one."""
    return ENDING.sub(b"", b"".join(LINE.findall(data)[first - 1 : last])).decode().replace("\r\n", "\n")


def with_lines(data: bytes, first: int, last: int, text: str) -> bytes:
    """`data` with `text` in place of the lines `first` to `last`; without them and an empty line where it is empty."""
    if text == text_of_lines(data, first, last):
        return data
    lines = LINE.findall(data)
    if typed := _typed(text, lines, first, last):
        lines[first - 1 : last] = typed
    else:
        _cut(lines, first, last, body_line(data))
    return _joined(lines, data)


def with_added(data: bytes, after: int, text: str) -> bytes:
    """`data` with `text` as a block below the line `after`: the last one of a block, or of the front matter."""
    lines = LINE.findall(data)
    if not (typed := _typed(text, lines, after, after)):
        return data
    _insert(lines, after, typed, body_line(data))
    return _joined(lines, data)


def moved(data: bytes, found: Blocks, index: int, by: int) -> bytes:
    """`data` with the block `index` of those `found` above the one before it (`by` -1), or below the next one (1).

    What shows nothing is passed over and does not move, a condition around others is passed as a whole; out of its own
    condition no block goes. Where there is nothing to pass, `data` comes back.
    """
    block, passed = found.blocks[index], _passed(found.blocks, index, by)
    if passed is None or not block.elements:
        return data
    lines, start = LINE.findall(data), body_line(data)
    taken = [_ended(line, _ending(lines, block.first)) for line in lines[block.first - 1 : block.last]]
    if by > 0:
        _insert(lines, passed[1], taken, start)
        _cut(lines, block.first, block.last, start)
    else:
        _cut(lines, block.first, block.last, start)
        above = passed[0] - 1
        while above >= start and _is_empty(lines[above - 1]):
            above -= 1
        _insert(lines, above, taken, start)
    return _joined(lines, data)


def _passed(blocks: tuple[Block, ...], index: int, by: int) -> tuple[int, int] | None:
    """The lines of the next block that shows something, or of the condition around it; None where there is none."""
    home, step = blocks[index].within, 1 if by > 0 else -1
    for block in blocks[index + step :: step] if index + step >= 0 else ():
        if home and (block.kind == "sign" or block.within != home):
            return None
        if block.elements:
            return block.within if block.within and not home else (block.first, block.last)
    return None


def _typed(text: str, lines: list[bytes], first: int, last: int) -> list[bytes]:
    """The lines of `text`, without empty ones around it, each ending as the line does whose place it takes."""
    rows = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    while rows and not rows[-1].strip():
        rows.pop()
    while rows and not rows[0].strip():
        rows.pop(0)
    return [row.encode() + _ending(lines, min(first + place, last)) for place, row in enumerate(rows)]


def _ending(lines: list[bytes], number: int) -> bytes:
    """How the line `number` ends, from 1; or the one above, where it is the last and has no end."""
    for line in reversed(lines[max(number - 2, 0) : number]):
        if ending := ENDING.search(line):
            return ending[0]
    return b"\n"


def _ended(line: bytes, ending: bytes) -> bytes:
    return line if line.endswith(b"\n") else line + ending


def _is_empty(line: bytes) -> bool:
    return not line.strip()


def _ends_above(line: bytes) -> bool:
    """Whether what stands below `line` needs no empty line: it is one, or the words of a condition begin there."""
    return _is_empty(line) or bool(re.match(rb"\s*\{%-?(?!\s*end)", line))


def _begins_below(line: bytes) -> bool:
    """Whether what stands above `line` needs no empty line: it is one, or the words of a condition end there."""
    return _is_empty(line) or bool(re.match(rb"\s*\{%-?\s*(?:end|el)", line))


def _cut(lines: list[bytes], first: int, last: int, first_line: int) -> None:
    """Take lines out, and one of the empty lines that would meet; or put one in between blocks that would."""
    ending = _ending(lines, first)
    del lines[first - 1 : last]
    above = lines[first - 2] if first > first_line else b""
    below = lines[first - 1] if first <= len(lines) else b""
    apart = _ends_above(above), _begins_below(below)
    if not any(apart):
        lines.insert(first - 1, ending)
    elif all(apart) and below and _is_empty(below):
        del lines[first - 1]
    elif all(apart) and above and _is_empty(above):
        del lines[first - 2]


def _insert(lines: list[bytes], after: int, typed: list[bytes], first_line: int) -> None:
    """Put lines below the line `after`, with an empty line above and below them."""
    ending = _ending(lines, after)
    lines[after - 1] = _ended(lines[after - 1], ending)
    above, below = lines[after - 1], lines[after] if after < len(lines) else b""
    apart = [] if after < first_line or _ends_above(above) else [ending]
    lines[after:after] = [*apart, *typed, *([] if _begins_below(below) else [ending])]


def body_line(data: bytes) -> int:
    """The line under the front matter."""
    return divide(data.decode("utf-8-sig", "replace"))[2]


def _joined(lines: list[bytes], data: bytes) -> bytes:
    """The bytes of `lines`; the last one ends as the last one of `data` does."""
    whole = b"".join(lines)
    return whole if data.endswith(b"\n") else ENDING.sub(b"", whole)
