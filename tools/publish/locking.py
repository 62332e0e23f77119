"""One publisher at a time: a lock on this machine, which ends with the process, and the lock a target carries.

The system lets go of the local lock when a process dies, however it dies. So whoever holds it, and finds a lock of the
same checkout on the target, knows that it was left by a publish that is no more, and may take it over.
"""

from __future__ import annotations

import getpass
import secrets
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from plugins.problems import ROOT, say

from .errors import Locked
from .target import Lock, printable

FOLDER = ROOT / ".cache" / "publish"


_held: set[int] = set()


def inherited() -> tuple[int, ...]:
    """What a child that writes to the target is given: should we be killed, the lock lasts until it has ended."""
    return () if sys.platform == "win32" else tuple(_held)


def hold(stream: IO[str]) -> None:
    """Lock an open file until it is closed. Raises OSError where another has it."""
    if sys.platform == "win32":
        import msvcrt

        msvcrt.locking(stream.fileno(), msvcrt.LK_NBLCK, 1)
    else:
        import fcntl

        fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)


@contextmanager
def alone(target: str, folder: Path | None = None) -> Iterator[Lock]:
    """Be the only publisher of this checkout to `target`. Yields the lock to put there. Raises Locked."""
    folder = folder or FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / f"{target}.lock").open("a") as stream:
        try:
            hold(stream)
        except OSError:
            raise Locked(
                say("another publish to {target} is running on this machine", target=target),
                say("Wait until it is done."),
            ) from None
        _held.add(stream.fileno())
        try:
            yield Lock(secrets.token_hex(8), checkout(folder), owner())
        finally:
            _held.discard(stream.fileno())


def checkout(folder: Path) -> str:
    """A random name for this folder of sources, made once."""
    file = folder / "checkout"
    if not file.exists():
        file.write_text(secrets.token_hex(8), encoding="utf-8")
    return file.read_text(encoding="utf-8").strip()


def owner() -> str:
    """Who publishes, for people."""
    try:
        user = getpass.getuser()
    except (OSError, KeyError):
        user = "someone"
    return printable(f"{user}@{socket.gethostname()}")
