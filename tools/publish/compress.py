"""Smaller copies beside the files, made once here instead of at every request: .gz and .br."""

from __future__ import annotations

import gzip
from pathlib import Path

import brotli  # type: ignore[import-untyped]

from plugins.hosting.hosts import COMPRESSED

SUFFIXES = {f".{name}" for name in COMPRESSED}
LEAST = 500  # bytes; below, the answer's own headers are most of it


def compress(folder: Path) -> int:
    """Write the copies that are smaller than their file. The same file gives the same copy. Returns how many."""
    made = 0
    for file in sorted(folder.rglob("*")):
        if file.suffix not in SUFFIXES or file.is_symlink() or not file.is_file():
            continue
        data = file.read_bytes()
        if len(data) < LEAST:
            continue
        for suffix, copy in ((".gz", gzip.compress(data, 9, mtime=0)), (".br", brotli.compress(data, quality=11))):
            if len(copy) < len(data):
                file.with_name(file.name + suffix).write_bytes(copy)
                made += 1
    return made
