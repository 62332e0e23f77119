"""Puts files in their place whole: written aside, then renamed, never half there; and says why a disk refuses."""

from __future__ import annotations

import errno
import os
import re
import shutil
from contextlib import suppress
from pathlib import Path

from .problems import Message, say

FULL = {errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC)}  # of the disk, of what one person may use of it


def link(source: Path, target: Path) -> None:
    """The file `source` at `target` too, without a copy where the disk allows it. Neither is ever written in place."""
    if not target.parent.is_dir():  # of thousands, few need more than this look and the link
        target.parent.mkdir(parents=True, exist_ok=True)
    try:
        os.link(source, target)
    except FileExistsError:
        target.unlink()
        link(source, target)
    except OSError:
        write(target, source.read_bytes())


def write(path: Path, data: bytes, new: bool = False) -> None:
    """`data` at `path`, in one step for whoever looks; with the rights of the file it replaces.

    Raises OSError, and leaves what was there, where it cannot; FileExistsError for a `new` file that is there already.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    aside = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        aside.unlink(missing_ok=True)  # never into what may be a link
        aside.write_bytes(data)
        with suppress(FileNotFoundError):
            shutil.copymode(path, aside)
        if new:
            _show(aside, path)
        else:
            aside.replace(path)
    finally:
        aside.unlink(missing_ok=True)


def _show(aside: Path, path: Path) -> None:
    """Rename, but never over another file."""
    try:
        os.link(aside, path)
    except FileExistsError:
        raise
    except OSError:  # a disk without links
        with path.open("xb") as file:
            file.write(aside.read_bytes())


def refused(error: OSError) -> Message:
    """Why this machine refuses, in one sentence; of a tree that could not be copied, for its first file."""
    place, why, number = error.filename, error.strerror or str(error), error.errno
    if isinstance(error, shutil.Error) and error.args and isinstance(error.args[0], list):
        place, _, why = error.args[0][0]
    if number in FULL or any(os.strerror(code) in str(why) for code in FULL):
        return say("the disk of this machine is full")
    reason = re.sub(r"^\[Errno \d+\] |: '.*", "", str(why))
    return say("{reason}: {file}", reason=reason, file=place) if place else say("{reason}", reason=reason)
