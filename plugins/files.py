"""Puts files in their place whole: written aside, then renamed, never half there."""

from __future__ import annotations

import os
from pathlib import Path


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


def write(path: Path, data: bytes) -> None:
    """`data` at `path`, in one step for whoever looks. Raises OSError, and leaves what was there, where it cannot."""
    path.parent.mkdir(parents=True, exist_ok=True)
    aside = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        aside.write_bytes(data)
        aside.replace(path)
    except OSError:
        aside.unlink(missing_ok=True)
        raise
