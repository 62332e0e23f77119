"""Keeps what took long to make, each file named after its key and after its own bytes.

So a file that was cut short, damaged or put there by another is known by its name: it is thrown away and made again.
"""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from .files import write

LETTERS = 32  # of a SHA-256, in the name


class DiskCache:
    """The files `group.KEY.HASH.kind` of a folder; what else lies there is not looked at. Made anew for each build."""

    def __init__(self, folder: Path, group: str, kind: str) -> None:
        self.folder, self._group, self._kind = folder, group, kind
        self._names: dict[str, list[str]] = {}  # by key
        pattern = re.compile(rf"{re.escape(group)}\.([0-9a-f]+)\.[0-9a-f]{{{LETTERS}}}\.{kind}")
        with suppress(FileNotFoundError):
            for file in folder.iterdir():
                if match := pattern.fullmatch(file.name):
                    self._names.setdefault(match[1], []).append(file.name)

    def path(self, key: str, data: bytes) -> Path:
        """Where `data` is kept under `key`."""
        digest = hashlib.sha256(data).hexdigest()[:LETTERS]
        return self.folder / f"{self._group}.{key}.{digest}.{self._kind}"

    def find(self, key: str) -> tuple[Path, bytes] | None:
        """What is kept under `key`, read and found whole, and where."""
        for name in list(self._names.get(key, [])):
            path = self.folder / name
            with suppress(OSError):
                data = path.read_bytes()
                if path == self.path(key, data):
                    return path, data
            self._forget(key, name)
        return None

    def keep(self, key: str, data: bytes) -> Path:
        """Keep `data` under `key`. Raises OSError."""
        path = self.path(key, data)
        write(path, data)
        for name in set(self._names.get(key, [])) - {path.name}:
            self._forget(key, name)
        self._names[key] = [path.name]
        return path

    def touch(self, key: str) -> bool:
        """Mark what is kept under `key` as the newest; False where there is none."""
        with suppress(OSError):
            for name in self._names.get(key, []):
                os.utime(self.folder / name)
            return key in self._names
        return False

    def newest(self) -> list[str]:
        """The keys, the one that was kept or used last first."""
        times = {}
        for key, names in self._names.items():
            with suppress(OSError):  # another build has forgotten it meanwhile
                times[key] = max((self.folder / name).stat().st_mtime_ns for name in names)
        return sorted(times, key=lambda key: times[key], reverse=True)

    def only(self, keys: Iterable[str]) -> None:
        """Forget all but `keys`."""
        for key in self._names.keys() - set(keys):
            for name in list(self._names[key]):
                self._forget(key, name)

    def _forget(self, key: str, name: str) -> None:
        self._names[key].remove(name)
        with suppress(OSError):
            (self.folder / name).unlink()
