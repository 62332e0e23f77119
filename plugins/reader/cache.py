"""Keeps what Markdown files came to, so that a file is parsed again only when something that could alter it changed.

That is the file's own bytes, which each result is kept with, and what the key names: settings, facts, code, libraries.
Pelican's own caches are off. They read and write everything at each build, and stamp a file *after* it was read: a save
in between is then taken for what was read before, and lost.
"""

from __future__ import annotations

import hashlib
import os
import pickle
import sys
from collections.abc import Iterable, Sequence
from contextlib import suppress
from importlib.metadata import version
from pathlib import Path
from typing import Any

from jinja2 import FileSystemBytecodeCache

from ..files import write
from ..parallel import ENOUGH, can_share, in_shares
from ..problems import ROOT, ContentError
from .source import read_source

LIBRARIES = ["pelican", "markdown", "jinja2", "markupsafe", "babel", "pyyaml", "pydantic", "phonenumberslite"]
LIBRARIES += ["python-stdnum", "beautifulsoup4"]
KEPT = 4  # keys: the owner's facts and a test's, or code before and after a change, do not push each other out


class Parsed:
    """Results by path, valid for one key. The preview keeps one for as long as it runs."""

    def __init__(self) -> None:
        self.key = ""
        self.changed = False
        self._kept: dict[str, tuple[bytes, Any]] = {}  # path -> SHA-256 of its bytes, what they came to
        self._used: set[str] = set()

    def open(self, key: str, file: Path | None) -> None:
        """Begin a build: forget what another key made; where nothing is known yet, read `file`."""
        self._used = set()
        if self.key != key:
            self.key, self._kept = key, {}
        if file and not self._kept:
            with suppress(Exception):  # not there, or cut short by a power failure: then the sources are read
                self._kept = pickle.loads(file.read_bytes())
        self.changed = False

    def get(self, path: str, data: bytes) -> Any:
        """What these bytes came to, or None."""
        digest, result = self._kept.get(path, (b"", None))
        if result is None or digest != hashlib.sha256(data).digest():
            return None
        self._used.add(path)
        return result

    def digest(self, path: str) -> bytes:
        """The SHA-256 of the bytes that what is kept for `path` was made of. Raises KeyError."""
        return self._kept[path][0]

    def result(self, path: str) -> Any:
        """What is kept for `path`. Raises KeyError."""
        return self._kept[path][1]

    def put(self, path: str, data: bytes, result: Any) -> None:
        """Keep what `data`, the bytes of the file at `path`, came to."""
        self._kept[path] = hashlib.sha256(data).digest(), result
        self._used.add(path)
        self.changed = True

    def all(self, paths: Iterable[str]) -> dict[str, tuple[bytes, Any]]:
        """What is kept for these paths, to be taken in by another process."""
        return {path: self._kept[path] for path in paths if path in self._kept}

    def take(self, results: dict[str, tuple[bytes, Any]]) -> None:
        """Keep what another process made."""
        self._kept |= results
        self.changed |= bool(results)

    def save(self, file: Path) -> None:
        """Write what this build used, if it is not what was read."""
        if not self.changed and len(self._used) == len(self._kept) and file.exists():
            os.utime(file)  # it is in use, so it is not the one to forget
            return
        self._kept = {path: kept for path, kept in self._kept.items() if path in self._used}
        with suppress(OSError):  # the disk is full, perhaps: the next build reads the sources again
            write(file, pickle.dumps(self._kept, pickle.HIGHEST_PROTOCOL))
        self.changed = False


def key_of(settings: dict[str, Any]) -> str:
    """Names everything but its own bytes that a parsed file depends on."""
    reading = settings["PRACTICE_READING"]
    parts = [
        (ROOT, settings["PATH"], settings["LANGUAGES"], settings["BUILD_DATE"].year),
        (sys.version_info[:2], [version(name) for name in LIBRARIES]),
        (reading.practice, [gap.field for gap in reading.gaps]),
    ]
    digest = hashlib.sha256(repr(parts).encode())
    for file in sorted((ROOT / "plugins").rglob("*.py")):
        digest.update(file.read_bytes())
    return digest.hexdigest()[:16]


def _file(settings: dict[str, Any]) -> Path:
    return Path(settings["CACHE_PATH"]) / f"{settings['PARSED'].key}.pickle"


def open_cache(pelican: Any) -> None:
    """On `get_generators`, the first signal once facts are known: settings["PARSED"], with what earlier builds left."""
    settings = pelican.settings
    key = key_of(settings)
    kept = Path(settings["CACHE_PATH"])
    settings["JINJA_ENVIRONMENT"] = settings["JINJA_ENVIRONMENT"] | {"bytecode_cache": compiled_templates(settings)}
    settings.setdefault("PARSED", Parsed()).open(key, kept / f"{key}.pickle" if settings["TRUST_CACHE"] else None)
    if can_share():
        _parse_what_is_new(settings)


def _parse_what_is_new(settings: dict[str, Any]) -> None:
    """Parse in several processes where there is much to read; what is wrong is left for the readers to tell."""
    parsed: Parsed = settings["PARSED"]
    root = Path(settings["PATH"])
    folders = [root / folder for folder in settings["PAGE_PATHS"] + settings["ARTICLE_PATHS"]]
    files = [file for folder in folders for file in sorted(folder.glob("*.md"))]

    def work(files: Sequence[Path]) -> dict[str, tuple[bytes, Any]]:
        for file in files:
            with suppress(ContentError):
                read_source(file, settings)
        return parsed.all(map(str, files))

    with suppress(OSError):
        new = [file for file in files if parsed.get(str(file), file.read_bytes()) is None]
        if len(new) >= ENOUGH:
            for results in in_shares(new, work):
                parsed.take(results)


def compiled_templates(settings: dict[str, Any]) -> FileSystemBytecodeCache:
    """A folder of compiled templates: they depend on their source, which Jinja checks, its version and its options."""
    options = {name: value for name, value in settings["JINJA_ENVIRONMENT"].items() if name != "bytecode_cache"}
    key = hashlib.sha256(repr((version("jinja2"), sys.version_info[:2], options)).encode()).hexdigest()[:16]
    folder = Path(settings["CACHE_PATH"]).with_name("templates") / key
    folder.mkdir(parents=True, exist_ok=True)
    return FileSystemBytecodeCache(str(folder))


def save_cache(pelican: Any) -> None:
    """On `finalized`, or when a build stops: leave what was parsed for the next build, and forget old keys."""
    settings = pelican.settings
    settings["PARSED"].save(_file(settings))
    files = sorted(Path(settings["CACHE_PATH"]).glob("*.pickle"), key=lambda file: file.stat().st_mtime_ns)
    for old in files[:-KEPT]:
        old.unlink(missing_ok=True)
