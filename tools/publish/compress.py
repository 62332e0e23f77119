"""Smaller copies beside the files, made once here instead of at every request: .gz and .br."""

from __future__ import annotations

import gzip
import hashlib
import re
import zlib
from collections.abc import Callable
from pathlib import Path

import brotli

from plugins.files import write
from plugins.hosting.hosts import COMPRESSED

SUFFIXES = {f".{name}" for name in COMPRESSED}
CODINGS: dict[str, Callable[[bytes], bytes]] = {
    ".gz": lambda data: gzip.compress(data, 9, mtime=0),
    ".br": lambda data: brotli.compress(data, quality=11),
}
UNPACK: dict[str, Callable[[bytes], bytes]] = {".gz": gzip.decompress, ".br": brotli.decompress}
KEPT = re.compile(r"[0-9a-f]{64}\.(gz|br)")
LEAST = 500  # bytes; below, the answer's own headers are most of it


def compress(folder: Path, cache: Path | None = None) -> int:
    """Write the copies that are smaller than their file. The same file gives the same copy. Returns how many.

    `cache` keeps what was made for the files of the last time, named after their content.
    """
    made, used = 0, set()
    for file in sorted(folder.rglob("*")):
        if file.suffix not in SUFFIXES or file.is_symlink() or not file.is_file():
            continue
        data = file.read_bytes()
        if len(data) < LEAST:
            continue
        digest = hashlib.sha256(data).hexdigest()
        for suffix, shorten in CODINGS.items():
            kept = cache and cache / f"{digest}{suffix}"
            copy = kept.read_bytes() if kept and kept.is_file() else b""
            if not unpacks_to(data, copy, suffix):
                copy = shorten(data)
                keep(copy, kept)
            used.add(kept)
            if len(copy) < len(data):
                file.with_name(file.name + suffix).write_bytes(copy)
                made += 1
    for old in set(cache.iterdir()) - used if cache and cache.is_dir() else ():
        if KEPT.fullmatch(old.name):
            old.unlink()
    return made


def unpacks_to(data: bytes, copy: bytes, suffix: str) -> bool:
    """Whether a copy from the cache is one of this file; what lies on a disk is not believed."""
    try:
        return bool(copy) and UNPACK[suffix](copy) == data
    except (OSError, EOFError, zlib.error, brotli.error):
        return False


def keep(copy: bytes, place: Path | None) -> None:
    """Put a copy in the cache, whole or not at all."""
    if place:
        write(place, copy)
