"""The file that a browser saves when a page offers one."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from watchfiles import watch


def saved_by(act: Callable[[], None], folder: Path) -> Path:
    """The file that comes to `folder`, where browsers save, by what `act` does: returned when it is whole."""
    before = set(folder.iterdir())
    act()
    for _ in watch(folder, yield_on_timeout=True, rust_timeout=500):
        new = set(folder.iterdir()) - before
        unfinished = [file for file in new if file.suffix in (".part", ".wkdownload") or not file.stat().st_size]
        if new and not unfinished:
            break
    return new.pop()
