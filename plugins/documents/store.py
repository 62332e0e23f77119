"""Keeps rendered documents by key."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from ..files import write

KEPT = 3


@dataclass(frozen=True)
class Store:
    """A folder with files `process-guide.en.KEY.pdf`; the newest of a document is its last good one."""

    folder: Path

    def path(self, name: str, lang: str, key: str) -> Path:
        return self.folder / f"{name}.{lang}.{key}.pdf"

    def find(self, name: str, lang: str, key: str) -> Path | None:
        """The document with this key, marked as the newest; None when it has to be rendered."""
        path = self.path(name, lang, key)
        if not path.exists():
            return None
        os.utime(path)
        return path

    def last(self, name: str, lang: str) -> Path | None:
        """The last good rendering, whatever its key."""
        found = sorted(self.folder.glob(f"{name}.{lang}.*.pdf"), key=lambda path: path.stat().st_mtime_ns)
        return found[-1] if found else None

    def keep(self, name: str, lang: str, key: str, data: bytes) -> Path:
        """Store a rendering and forget all but the newest few of the document."""
        path = self.path(name, lang, key)
        write(path, data)
        others = sorted(self.folder.glob(f"{name}.{lang}.*.pdf"), key=lambda other: other.stat().st_mtime_ns)
        for old in others[:-KEPT]:
            old.unlink(missing_ok=True)
        return path
