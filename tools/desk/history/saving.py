"""How the owner's changes come to the disk: all of one or none, each in the history, and nobody's text lost.

A save is a commit that is made first, then pending while its files are put in place, then the last of the history
(versions.py). A process that finds a pending one goes on with it. What lies on the disk and is not what the history
last saw was changed outside the desk, and is recorded before anything else.
"""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from plugins.problems import Message

from ..desk import Desk
from .exchange import aside_of, trade, way_of
from .versions import DAMAGED, Files, Versions, changed, versions_of


class Changed(Exception):
    """A file is not what it was when the owner saw it: it has the bytes `now`, none where it is gone."""

    def __init__(self, path: Path, now: bytes) -> None:
        super().__init__(str(path))
        self.path, self.now = path, now


@dataclass(frozen=True)
class Saved:
    """What a save came to: its entry in the history (empty where nothing changed), what is `seen` of each file now."""

    entry: str
    seen: dict[Path, str]


def digest(data: bytes | None) -> str:
    """What names the bytes of a file; "" for one that is not there."""
    return "" if data is None else hashlib.sha256(data).hexdigest()


def save(desk: Desk, changes: Mapping[Path, bytes | None], seen: Mapping[Path, str], what: Message) -> Saved:
    """Write files (None deletes one), all or none, and record it as `what`.

    `seen` has the `digest` of each as the owner saw it, "" for one that was not there. Raises Changed where one is
    another by now and not what is to be written; OSError, told by `plugins.files.refused`, where the disk refuses.
    """
    names = {_name(desk, path): path for path in changes}
    with at_rest(desk) as kept:
        now = {name: _read(desk.root / name) for name in names}
        kept.record(kept.look(now))
        wanted = {name: changes[path] for name, path in names.items() if changes[path] != now[name]}
        for name in wanted:
            if digest(now[name]) != seen.get(names[name], ""):
                raise Changed(names[name], now[name] or b"")
        entry = _write(kept, wanted, now, what) if wanted else b""
    return Saved(entry.decode(), {path: digest(data) for path, data in changes.items()})


def _name(desk: Desk, path: Path) -> str:
    """The path of a file in the project. Raises ValueError for one outside, or one that no owner changes."""
    name = Path(os.path.normpath(desk.root / path)).relative_to(os.path.normpath(desk.root)).as_posix()
    if name.startswith("."):
        raise ValueError(name)
    return name


def _read(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None


@contextmanager
def at_rest(desk: Desk) -> Iterator[Versions]:
    """The history, alone, readable, with nothing pending."""
    kept = versions_of(desk.root)
    with kept.alone():
        try:
            kept.files(kept.head())
        except DAMAGED:
            kept.begin_anew()
        try:
            _go_on(kept)
        except DAMAGED:  # what was pending cannot be read
            kept.given_up()
        yield kept


def notice(desk: Desk) -> None:
    """Record what was changed outside the desk, and go on with what was broken off. Raises OSError."""
    with at_rest(desk) as kept:
        kept.record(kept.look({}))
        kept.tidy()


def _go_on(kept: Versions) -> None:
    """Go on with a save whose process died: files that are as they were get what they were to be."""
    pending = kept.found_pending()
    if not pending:
        return
    met: dict[str, list[bytes]] = {}
    before, after = dict(kept.files(kept.head())), dict(kept.files(pending))
    for name in changed(before, after):
        was, will = (kept.read(files[name]) if name in files else None for files in (before, after))
        place = _Place((kept.root / name).resolve(), was, will)
        place.gather()
        with suppress(OSError):  # what is not written now is told as changed outside the desk
            if _read(place.path) == was:
                place.prepare()
                place.settle()
        place.gather()
        met[name] = place.met
    kept.arrived()
    _record_met(kept, met)


def _write(kept: Versions, wanted: Mapping[str, bytes | None], now: Mapping[str, bytes | None], what: Message) -> bytes:
    """Put files in place, as one change. Raises Changed and OSError, and leaves all as it was."""
    files: Files = {name: blob for name, blob in kept.files(kept.head()).items() if name not in wanted}
    files |= {name: kept.keep(data) for name, data in wanted.items() if data is not None}
    entry = kept.make(files, what)
    places = {name: _Place((kept.root / name).resolve(), now[name], data) for name, data in wanted.items()}
    done: list[_Place] = []
    try:
        kept.pending(entry)
        for place in places.values():
            place.prepare()
        for name, place in places.items():
            if not place.settle():
                raise Changed(kept.root / name, _read(place.path) or b"")
            done.append(place)
    except BaseException:
        for place in done:
            place.take_back()
        _gather(places)
        kept.given_up()
        raise
    else:
        _gather(places)
        kept.arrived()
    finally:
        _record_met(kept, {name: place.met for name, place in places.items()})
    return entry


def _gather(places: Mapping[str, _Place]) -> None:
    for place in places.values():
        place.gather()


def _record_met(kept: Versions, met: Mapping[str, list[bytes]]) -> None:
    """Have in the history what other programs wrote just then, even where it is on the disk no more."""
    for name, texts in met.items():
        for text in texts:
            kept.record(kept.files(kept.head()) | {name: kept.keep(text)})
    if any(met.values()):
        kept.record(kept.look({}))


@dataclass
class _Place:
    """A file to be replaced, which `was` these bytes and `will` be those; `met`: what others put there meanwhile."""

    path: Path
    was: bytes | None
    will: bytes | None
    met: list[bytes] = field(default_factory=list)

    def prepare(self) -> None:
        """Write the new bytes aside, with the rights of the old file."""
        aside = aside_of(self.path)
        aside.parent.mkdir(parents=True, exist_ok=True)
        aside.unlink(missing_ok=True)
        if self.will is not None:
            with aside.open("wb") as file:
                file.write(self.will)
                file.flush()
                os.fsync(file.fileno())  # the old file goes: a power cut must not find the new one empty
            with suppress(FileNotFoundError):
                shutil.copymode(self.path, aside)

    def settle(self) -> bool:
        """Put the new bytes in place of the old ones.

        False where another program has put something else there in this very moment: that is there again then.
        """
        put, expected, count = self.will, self.was, 0
        while True:
            self.met += trade(self.path)
            came = _read(aside_of(self.path))
            if came == expected:
                return count == 0
            if came is not None:
                self.met.append(came)
            put, expected, count = came, put, count + 1

    def take_back(self) -> None:
        """Put the old bytes, which are aside, in place of the new ones; unless they are others by now."""
        self.was, self.will = self.will, self.was
        self.settle()

    def gather(self) -> None:
        """Leave nothing beside the file, and lose nothing that is there, wherever the save was broken off."""
        aside, way = aside_of(self.path), way_of(self.path)
        with suppress(OSError):
            if way.exists() and not self.path.exists():
                way.replace(self.path)
            for place in (aside, way):
                if (text := _read(place)) is not None:
                    self.met += [text] if text not in (self.was, self.will) else []
                    place.unlink()
