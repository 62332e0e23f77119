"""Keeps rendered documents by key, and puts them into the site: written aside, then renamed, never half there."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

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


def link(source: Path, target: Path) -> None:
    """The file `source` at `target` too, without a copy where the disk allows it. Neither is ever written in place."""
    target.parent.mkdir(parents=True, exist_ok=True)
    target.unlink(missing_ok=True)
    try:
        os.link(source, target)
    except OSError:
        write(target, source.read_bytes())


def write(path: Path, data: bytes) -> None:
    """`data` at `path`, in one step for whoever looks."""
    path.parent.mkdir(parents=True, exist_ok=True)
    aside = path.with_name(f".{path.name}.{os.getpid()}.part")
    aside.write_bytes(data)
    aside.replace(path)
