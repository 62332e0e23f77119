"""What was changed, when and by which words; what it was before; and how one change is put back, the later ones kept.

The history itself is tools/desk/history/versions.py; its pages are tools/desk/history/history_pages.py.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path

from dulwich.objects import Commit
from merge3 import Merge3

from plugins.problems import Message, say

from ..desk import Desk
from .saving import Saved, digest, notice, save
from .versions import DAMAGED, Versions, told_in, versions_of

BURST = datetime.timedelta(minutes=5)  # the same change of the same files again within it is no entry of its own
NAME = re.compile(r"([0-9a-f]{40})(?:-([0-9a-f]{40}))?")
LATEST = (b"modified:", b"aligned:")  # lines of a front matter that only say of when and of what a page is


class Touched(Exception):
    """What is to be put back was changed again since, in the same lines of these files."""

    def __init__(self, files: list[str]) -> None:
        super().__init__(", ".join(files))
        self.files = files


@dataclass(frozen=True)
class Entry:
    """A change, or several in a row that are one for the owner: all that lies between two commits.

    `before` is b"" for the first of all, with which the history begins. `files` are paths in the project.
    """

    before: bytes
    first: bytes
    last: bytes
    when: datetime.datetime
    what: Message
    files: tuple[str, ...]

    @property
    def id(self) -> str:
        """Its name in addresses."""
        return self.last.decode() + (f"-{self.first.decode()}" if self.first != self.last else "")


def entries(desk: Desk, page: str | None = None, start: str | None = None, count: int = 50) -> list[Entry]:
    """The newest first; of one file only, by its path in the project, where `page` is given.

    `start` is the `id` of the entry after which to go on. What was changed outside the desk is noticed first.
    """
    if start is None:
        with suppress(OSError):  # a disk that takes nothing more: what is known is told
            notice(desk)
    kept = versions_of(desk.root)
    begin = entry_of(desk, start).before if start else kept.head()
    told = (entry for entry in _bursts(_walk(kept, begin)) if page is None or page in entry.files)
    return list(islice(told, count))


def entry_of(desk: Desk, name: str) -> Entry:
    """The entry with this `id`. Raises LookupError."""
    found = NAME.fullmatch(name)
    if not found:
        raise LookupError(name)
    kept, last = versions_of(desk.root), found[1].encode()
    first = (found[2] or found[1]).encode()
    try:
        entry = _entry(kept, kept.commit(last))
        if first != last:
            before = _entry(kept, kept.commit(first)).before
            entry = replace(entry, first=first, before=before, files=tuple(kept.changes(before, last)))
    except DAMAGED:
        raise LookupError(name) from None
    return entry


def _entry(kept: Versions, commit: Commit) -> Entry:
    zone = datetime.timezone(datetime.timedelta(seconds=commit.commit_timezone))
    before = bytes(commit.parents[0]) if commit.parents else b""
    name, files = bytes(commit.id), tuple(kept.changes(before, bytes(commit.id)))
    when = datetime.datetime.fromtimestamp(commit.commit_time, zone)
    return Entry(before, name, name, when, told_in(commit.message), files)


def _walk(kept: Versions, commit: bytes) -> Iterator[Entry]:
    """One entry for each commit, from this one back; to where the history can be read."""
    with suppress(*DAMAGED):
        while commit:
            yield (entry := _entry(kept, kept.commit(commit)))
            commit = entry.before


def _bursts(found: Iterator[Entry]) -> Iterator[Entry]:
    """The same, those together that follow each other at once and say the same of the same files."""
    entry: Entry | None = None
    oldest = datetime.datetime.now(datetime.UTC)
    for one in found:
        if entry and (one.what, one.files) == (entry.what, entry.files) and oldest - one.when < BURST:
            entry = replace(entry, first=one.first, before=one.before)
        else:
            if entry:
                yield entry
            entry = one
        oldest = one.when
    if entry:
        yield entry


def before_and_after(desk: Desk, entry: Entry, path: str) -> tuple[bytes | None, bytes | None]:
    """The bytes of a file before and after a change; None where it was not there. Raises LookupError."""
    kept = versions_of(desk.root)
    try:
        old, new = kept.changes(entry.before, entry.last)[path]
        return (kept.read(old) if old else None), (kept.read(new) if new else None)
    except DAMAGED:
        raise LookupError(path) from None


def put_back(desk: Desk, entry: Entry, as_then: bool = False) -> Saved:
    """Take this change back; what was changed since stays. It is an entry itself, and can be put back.

    Raises Touched where the same lines were changed again, and writes nothing; `as_then` makes those files what they
    were before the change. Raises Changed and OSError as `save` does, LookupError for the first entry of all.
    """
    if not entry.before:
        raise LookupError(entry.id)
    changes: dict[Path, bytes | None] = {}
    seen: dict[Path, str] = {}
    touched: list[str] = []
    for name in entry.files:
        before, after = before_and_after(desk, entry, name)
        path = desk.root / name
        now = path.read_bytes() if path.exists() else None
        seen[path] = digest(now)
        try:
            changes[path] = without(before, after, now)
        except ValueError:
            touched.append(name)
            changes[path] = before
    if touched and not as_then:
        raise Touched(touched)
    return save(desk, changes, seen, _words(entry.what))


def _words(what: Message) -> Message:
    """What to call putting back; of what was put back before, doing it again."""
    back, again = say("Undone: {what}", what=what), say("Done again: {what}", what=what)
    if what.template == back.template:
        return say(again.template, what=what.values["what"])
    return say(back.template, what=what.values["what"]) if what.template == again.template else back


def without(before: bytes | None, after: bytes | None, now: bytes | None) -> bytes | None:
    """`now` without the change from `before` to `after`. Raises ValueError where later changes are in its lines."""
    if now in (after, before):
        return before
    if before is None or after is None or now is None or b"\0" in before + after + now:
        raise ValueError
    base, mine, back = (text.splitlines(keepends=True) for text in (after, now, before))
    lines: list[bytes] = []
    for region in Merge3(base, mine, back).merge_regions():
        match region:
            case "unchanged", start, end:
                lines += base[start:end]
            case "same" | "a", start, end:
                lines += mine[start:end]
            case "b", start, end:
                lines += back[start:end]
            case _, start, end, *of_both:
                lines += _each(base[start:end], mine[slice(*of_both[:2])], back[slice(*of_both[2:])])
    return b"".join(lines)


def _each(base: list[bytes], now: list[bytes], back: list[bytes]) -> Iterator[bytes]:
    """Lines that touch each other, but each of which was changed once only. Raises ValueError where that is not so."""
    if not len(base) == len(now) == len(back):
        raise ValueError
    for was, one, other in zip(base, now, back, strict=True):
        if was == one:
            yield other
        elif was == other or one == other or was.startswith(LATEST):
            yield one
        else:
            raise ValueError
