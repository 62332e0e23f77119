"""Keeps what Markdown files came to, so that a file is parsed again only when something that could alter it changed.

That is the file's own bytes, which each result is kept with, and what the key names: settings, facts, code, libraries.
Pelican's own caches are off. They read and write everything at each build, and stamp a file *after* it was read: a save
in between is then taken for what was read before, and lost.
"""

from __future__ import annotations

import datetime
import hashlib
import sys
from contextlib import suppress
from dataclasses import replace
from functools import cache
from importlib.metadata import version
from typing import Any, NamedTuple

from jinja2.bccache import Bucket, BytecodeCache
from pelican.utils import SafeDatetime
from pydantic import TypeAdapter

from plugins.build import Build, build_of

from ..disk_cache import DiskCache
from ..problems import ROOT
from ..public_files import sources
from .page_links import PageLinks
from .source import Source

LIBRARIES = ["pelican", "markdown", "jinja2", "markupsafe", "babel", "pyyaml", "pydantic", "phonenumberslite"]
LIBRARIES += ["python-stdnum", "beautifulsoup4", "nh3"]
DAYS = ("date", "modified")
KEPT = 4  # keys: the owner's facts and a test's, or code before and after a change, do not push each other out


class Parsed:
    """Results by path, valid for one key. The preview keeps one for as long as it runs."""

    def __init__(self) -> None:
        self.key = ""
        self.changed = False
        self._kept: dict[str, tuple[bytes, Source]] = {}  # path -> SHA-256 of its bytes, what they came to
        self._used: set[str] = set()

    def open(self, key: str, disk: DiskCache | None) -> None:
        """Begin a build: forget what another key made; where nothing is known yet, look on the `disk`."""
        self._used = set()
        if self.key != key:
            self.key, self._kept = key, {}
        if disk and not self._kept and (found := disk.find(key)):
            self._kept = read_records(found[1])
        self.changed = False

    def get(self, path: str, data: bytes) -> Source | None:
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

    def save(self, disk: DiskCache) -> None:
        """Keep what this build used, if it is not what was found, and forget old keys."""
        with suppress(OSError):  # the disk is full, perhaps: the next build reads the sources again
            if not self.changed and len(self._used) == len(self._kept) and disk.touch(self.key):
                return
            self._kept = {path: kept for path, kept in self._kept.items() if path in self._used}
            disk.keep(self.key, records(self._kept))
            disk.only(disk.newest()[:KEPT])
        self.changed = False


class Record(NamedTuple):
    """A result as it is written, in JSON, which runs nothing when it is read. What has no word there stands apart."""

    digest: str
    source: Source
    days: dict[str, datetime.date]
    page_links: PageLinks | None


RECORDS = TypeAdapter(dict[str, Record])


def records(kept: dict[str, tuple[bytes, Source]]) -> bytes:
    """Results by path, as written. A page with a mistake is left out: what an author is told knows how it was made."""
    written = {}
    for path, (digest, source) in kept.items():
        plain = dict(source.metadata)
        page_links: PageLinks | None = plain.pop("page_links", None)
        days = {name: plain.pop(name).date() for name in DAYS if name in plain}
        if not (page_links and page_links.mistakes):
            written[path] = Record(digest.hex(), replace(source, metadata=plain), days, page_links)
    return RECORDS.dump_json(written)


def read_records(data: bytes) -> dict[str, tuple[bytes, Source]]:
    """The same, read again; nothing where it has another shape."""
    kept = {}
    with suppress(ValueError):
        for path, (digest, source, days, page_links) in RECORDS.validate_json(data, strict=True).items():
            for name, day in days.items():
                source.metadata[name] = SafeDatetime(day.year, day.month, day.day)
            if page_links:
                source.metadata["page_links"] = page_links
            kept[path] = bytes.fromhex(digest), source
    return kept


@cache
def versions() -> tuple[str, ...]:
    """Of the libraries that this process has loaded."""
    return tuple(version(name) for name in LIBRARIES)


def key_of(build: Build) -> str:
    """Names everything but its own bytes that a parsed file depends on."""
    reading = build.reading
    parts = [
        (ROOT, str(build.content), build.languages, build.date.year),
        (sys.version_info[:2], versions()),
        (reading.practice, [gap.field for gap in reading.gaps]),
    ]
    digest = hashlib.sha256(repr(parts).encode())
    for file in sources(ROOT / "plugins", "**/*.py"):
        digest.update(file.read_bytes())
    return digest.hexdigest()[:16]


def _disk(build: Build) -> DiskCache:
    return DiskCache(build.cache / "pages", "pages", "json")


def open_cache(pelican: Any) -> None:
    """On `get_generators`, the first signal once facts are known: build.parsed, with what earlier builds left."""
    build = build_of(pelican.settings)
    key = key_of(build)
    build.settings["JINJA_ENVIRONMENT"] = build.settings["JINJA_ENVIRONMENT"] | {"bytecode_cache": COMPILED}
    build.parsed = build.parsed or Parsed()
    build.parsed.open(key, _disk(build) if build.trust_cache else None)


class CompiledTemplates(BytecodeCache):
    """Templates that this process has compiled. On disk they would be code, which the next build would run."""

    def __init__(self) -> None:
        self._kept: dict[tuple[str, str], Any] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        bucket.code = self._kept.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._kept[bucket.key, bucket.checksum] = bucket.code


COMPILED = CompiledTemplates()


def keep_what_was_parsed(build: Build) -> None:
    """When all is written, or when a build stops: leave what was parsed for the next build."""
    if build.parsed:
        build.parsed.save(_disk(build))
