"""Two files trade places in one step of the system, so that what is replaced can be looked at: none is lost."""

from __future__ import annotations

import ctypes
import errno
import os
import sys
from functools import cache
from pathlib import Path
from typing import Any

from plugins.files import write

EXCHANGE = 2  # Linux: RENAME_EXCHANGE of renameat2(2); macOS: RENAME_SWAP of renamex_np(2)
HERE = -100 if sys.platform.startswith("linux") else -2  # AT_FDCWD
UNKNOWN = {errno.ENOSYS, errno.EINVAL, errno.ENOTSUP, errno.EOPNOTSUPP, errno.EPERM}  # to this system, or to this disk


@cache
def _system() -> Any:
    """The system's call, or None."""
    if sys.platform == "win32":
        return None
    return getattr(ctypes.CDLL(None, use_errno=True), "renameatx_np" if sys.platform == "darwin" else "renameat2", None)


def exchange(first: Path, second: Path) -> bool:
    """Have two files, both there, trade places. False where this cannot be done here; raises OSError."""
    call = _system()
    if call is None:
        return False
    if call(HERE, os.fsencode(first), HERE, os.fsencode(second), EXCHANGE) == 0:
        return True
    if (number := ctypes.get_errno()) in UNKNOWN:
        return False
    raise OSError(number, os.strerror(number), str(second))


def aside_of(path: Path) -> Path:
    """Where the new bytes of a file are written, and where its old ones are then."""
    return path.with_name(f".{path.name}.desk.part")


def way_of(path: Path) -> Path:
    """Where a file is on its way aside, where two cannot trade places."""
    return path.with_name(f".{path.name}.desk-was.part")


def trade(path: Path) -> list[bytes]:
    """The file at `path` and the one aside trade places; either may be missing.

    Returns what someone else put there meanwhile and was not put aside. Raises OSError.
    """
    aside, way = aside_of(path), way_of(path)
    met: list[bytes] = []
    while True:
        try:
            if not aside.exists():
                if path.exists():
                    path.replace(aside)
                return met
            if path.exists():
                if exchange(aside, path):
                    return met
                path.replace(way)
            _appear(aside, path)
            if way.exists():
                way.replace(aside)
            else:
                aside.unlink()
            return met
        except FileNotFoundError:  # it went just now
            continue
        except FileExistsError:  # another came just now
            if way.exists():
                met.append(way.read_bytes())


def _appear(aside: Path, path: Path) -> None:
    """The file aside at `path` too. Raises FileExistsError where there is one. Needs no room on most disks."""
    try:
        os.link(aside, path)
    except FileExistsError:
        raise
    except OSError:  # a disk without links
        write(path, aside.read_bytes(), new=True)
