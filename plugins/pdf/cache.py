"""Keeps the newest PDFs of each document on disk, each by the key of what it was made of."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

from plugins.disk_cache import DiskCache

KEPT = 3


class PdfCache:
    """The renderings of one document in one language; the one kept or used last is its last good one."""

    def __init__(self, folder: Path, name: str, lang: str) -> None:
        self._disk = DiskCache(folder, f"{name}.{lang}", "pdf")

    def find(self, key: str) -> bytes | None:
        """The rendering with this key, marked as the newest; None when it has to be made."""
        found = self._disk.find(key)
        return found[1] if found and self._disk.touch(key) else None

    def last(self) -> bytes | None:
        """The last good rendering, whatever its key."""
        return next((found[1] for key in self._disk.newest() if (found := self._disk.find(key))), None)

    def keep(self, key: str, data: bytes) -> bytes:
        """Store a rendering and forget all but the newest few of the document."""
        with suppress(OSError):  # the disk is full, perhaps: the next build makes it again
            self._disk.keep(key, data)
            self._disk.only(self._disk.newest()[:KEPT])
        return data
