"""Folders that a build makes, removes and replaces whole: each proves first, by its mark, that it is one of those.

The mark is a file in the folder, which goes where the folder goes and which no publish sends. Once the folder is
finished, it lists what is in it: whatever else is there is somebody's own. Nothing is removed or replaced that has no
mark, holds another's file, is a link, has a disk mounted in it, or has the project in it.
"""

from __future__ import annotations

import json
import os
import re
import shutil
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from unicodedata import normalize

from .files import write
from .problems import ROOT, Message, Problem, say, shown_path

MARK = ".built"
MADE = "Made by a build of this site. The next one replaces this folder whole, if nothing else is put in it."
SYSTEM = re.compile(r"(?:.*/)?(?:\.DS_Store|Thumbs\.db|desktop\.ini|\._[^/]*)")  # what a desktop leaves where it looks


class NotOurs(Exception):
    """A folder that is not ours to remove or replace: `problem` says why, and what to do."""

    def __init__(self, folder: Path, reason: Message, remedy: Message) -> None:
        message = say("this folder would be replaced whole, and that is refused: {reason}", reason=reason)
        self.problem = Problem(shown_path(folder), None, message, remedy)
        super().__init__(str(self.problem))


def own(folder: Path) -> None:
    """Make `folder`, empty and ours. Raises NotOurs where something else is there."""
    remove(folder)
    folder.mkdir(parents=True)
    _sign(folder, None)


def finish(folder: Path) -> None:
    """List in the mark what is in `folder` now. From here on, anything else in it is another's."""
    _sign(folder, sorted(_names(folder)))


def disown(folder: Path) -> None:
    """Take the mark away: `folder` is its new owner's, and no build replaces it any more."""
    (folder / MARK).unlink(missing_ok=True)


def remove(folder: Path) -> None:
    """Remove `folder`, which may be absent. Raises NotOurs."""
    prove(folder)
    _remove(folder)


def _remove(folder: Path) -> None:
    if not folder.exists():
        return
    for entry in sorted(os.scandir(folder), key=lambda entry: entry.name == MARK):  # the mark last: a half is ours too
        if entry.is_dir(follow_symlinks=False):
            shutil.rmtree(entry.path)
        else:
            Path(entry.path).unlink()
    folder.rmdir()


def leave(folder: Path) -> None:
    """Remove `folder` if it is ours and the disk lets us; otherwise it stays."""
    with suppress(NotOurs, OSError):
        remove(folder)


def replace(new: Path, folder: Path) -> None:
    """Put the finished folder `new` in the place of `folder`, with two renames. Raises NotOurs, OSError.

    What is killed between the two is set right by `restore`.
    """
    old = aside(folder, "old")
    remove(old)
    prove(folder)
    folder.parent.mkdir(parents=True, exist_ok=True)
    if folder.exists():
        folder.rename(old)
    try:
        new.rename(folder)
    except BaseException:
        if old.exists() and not folder.exists():
            old.rename(folder)
        raise
    with suppress(OSError):
        _remove(old)


def restore(folder: Path) -> None:
    """Put back what was there, where `replace` was broken off between its two renames."""
    old = aside(folder, "old")
    if not os.path.lexists(folder) and (files := _files(old)) and set(files) <= set(_names(old)):
        old.rename(folder)


def aside(folder: Path, word: str) -> Path:
    """Where a folder waits to take the place of `folder`, or to be removed."""
    return folder.with_name(f".{folder.name}.{word}")


def is_ours(folder: Path) -> bool:
    """Whether a build made `folder`, and nobody put anything in it."""
    return folder.is_dir() and _files(folder) is not None and not _unfit(folder) and not _stranger(folder)


def prove(folder: Path) -> None:
    """Raises NotOurs unless `folder` may be removed or replaced."""
    if reason := _unfit(folder):
        raise NotOurs(folder, reason, say("Name a folder that is not there yet."))
    if other := _stranger(folder):
        remedy = say("Name a folder that is not there yet, or move this one out of the way.")
        raise NotOurs(folder, say("it holds {file}, which no build put there", file=other), remedy)


def _unfit(folder: Path) -> Message | None:
    """Why nothing may be removed there, whatever it holds."""
    if folder.is_symlink() or getattr(os.path, "isjunction", os.path.islink)(folder):
        return say("it is a link to another place")
    if not folder.exists():
        return None
    if not folder.is_dir():
        return say("it is a file")
    if ROOT.is_relative_to(folder.resolve()):
        return say("the project itself is in it")
    if _mounted(folder.resolve()):
        return say("another disk is mounted there")
    return None


def _stranger(folder: Path) -> str | None:
    """A file in `folder` that no build put there; None where each is ours, and where there is none."""
    if not folder.exists() or (files := _files(folder)) == []:
        return None
    known = set(files or [])
    return next((name for name in _names(folder) if name not in known and not SYSTEM.fullmatch(name)), None)


def _files(folder: Path) -> list[str] | None:
    """What the mark of `folder` lists; an empty list while everything in it is ours; None where there is no mark."""
    with suppress(OSError, ValueError, KeyError, TypeError):
        mark = json.loads((folder / MARK).read_text(encoding="utf-8"))
        if mark["made"] == MADE and all(isinstance(name, str) for name in mark["files"]):
            return list(mark["files"])
    return None


def _sign(folder: Path, files: list[str] | None) -> None:
    text = json.dumps({"made": MADE, "files": files or []}, indent=0)
    write(folder / MARK, f"{text}\n".encode())


def _names(folder: Path, before: str = "") -> Iterator[str]:
    """Every file and link under `folder` but the mark, as a path with forward slashes."""
    with os.scandir(folder) as found:
        entries = list(found)  # closed, even where nobody asks for the rest
    for entry in entries:
        name = before + normalize("NFC", entry.name)
        if entry.is_dir(follow_symlinks=False):
            yield from _names(Path(entry.path), f"{name}/")
        elif name != MARK:
            yield name


def _mounted(folder: Path) -> bool:
    """Whether `folder`, or one in it, is where another disk or folder is mounted."""
    try:
        mounts = Path("/proc/self/mountinfo").read_text(encoding="utf-8", errors="surrogateescape").splitlines()
    except OSError:  # not Linux
        return any(map(os.path.ismount, [folder, *(path for path in folder.rglob("*") if path.is_dir())]))
    places = (re.sub(r"\\(\d{3})", lambda code: chr(int(code[1], 8)), mount.split(" ")[4]) for mount in mounts)
    return any(Path(place).is_relative_to(folder) for place in places)
