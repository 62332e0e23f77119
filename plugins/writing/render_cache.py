"""Knows what each page of the last output was rendered from, so that one that would come out the same is kept.

A page is its own source, seen through everything else: templates, styles, catalogs, data, facts, settings, code, the
documents on offer, and of the other pages what stands in their front matter. Of their text a page shows nothing. What
has no source, such as a feed, may show them all.
"""

from __future__ import annotations

import datetime
import hashlib
from collections.abc import Iterable
from contextlib import suppress
from typing import Any, NamedTuple

from pydantic import TypeAdapter

from plugins.build import Build
from plugins.disk_cache import DiskCache
from plugins.problems import ROOT
from plugins.public_files import listed, sources
from plugins.social_pictures import design_digest

ELSEWHERE = {"OUTPUT_PATH", "BUILD"}  # settings that no page shows, and what is asked for by its parts


class Page(NamedTuple):
    """A page as it was written: what it was rendered from, and its bytes' SHA-256."""

    key: str
    digest: str


PAGES = TypeAdapter(dict[str, Page])


class RenderCache:
    """The pages of the last output, asked for when all sources are read and all documents made."""

    def __init__(self, build: Build, sources: Iterable[str]) -> None:
        assert build.parsed is not None
        self._build, self._parsed = build, build.parsed
        self._sources = sorted(sources)
        self._all = hashlib.sha256(b"".join(map(self._parsed.digest, self._sources))).digest()
        self._disk = DiskCache(build.cache / "pages", "rendered", "json")
        self._view = self._seen_through()
        self._pages: dict[str, Page] = {}
        if build.trust_cache and (found := self._disk.find(self._parsed.key)):
            with suppress(ValueError):  # of another shape: then pages are rendered
                self._pages = PAGES.validate_json(found[1])
        self.used: dict[str, Page] = {}

    def _seen_through(self) -> bytes:
        """Names all that a page shows but its own text."""
        build = self._build
        made = build.documents.values()
        known = {name: value for name, value in build.settings.items() if name.isupper() and _plain(value)}
        parts = [
            (self._parsed.key, design_digest(), build.gaps, build.date.date()),
            (build.languages, build.files, build.published, build.address),
            sorted((name, value) for name, value in known.items() if name not in ELSEWHERE),
            [(source, self._parsed.result(source).matter) for source in self._sources],
            sorted((one, repr(sized)) for one, sized in build.pictures.items()),
            sorted((file.name, file.url, file.title, file.size, file.date) for file in made),
        ]
        digest = hashlib.sha256(repr(parts).encode())
        content = build.content
        for place in (build.theme, content / "data", *ROOT.glob("*conf.py")):
            for file in [place] if place.is_file() else sources(place, "**/*"):
                if file.suffix != ".pyc":
                    digest.update(repr((str(file), hashlib.sha256(file.read_bytes()).digest())).encode())
        for file in listed(build).values():
            digest.update(repr((str(file), file.stat().st_size, file.stat().st_mtime_ns)).encode())
        return digest.digest()

    def key(self, source: str | None) -> str:
        """Names all that the page of this source file, or of none, is rendered from now."""
        own = self._parsed.digest(source) if source else self._all
        return hashlib.sha256(self._view + own).hexdigest()

    def find(self, name: str, source: str | None) -> Page | None:
        """The page last written to the output file `name`, if it would be rendered from the same again."""
        page = self._pages.get(name)
        return page if page and page.key == self.key(source) else None

    def keep(self, name: str, page: Page) -> None:
        """The output file `name` is `page` from now on."""
        self.used[name] = page

    def save(self) -> None:
        """Leave this for the next build."""
        if not self._build.trust_cache or self.used == self._pages:
            return
        with suppress(OSError):  # the disk is full, perhaps: the next build renders them again
            self._disk.keep(self._parsed.key, PAGES.dump_json(self.used))
            self._disk.only([self._parsed.key])


def _plain(value: Any) -> bool:
    """Whether `repr` says all there is to say about a value, the same in every process."""
    match value:
        case None | bool() | int() | float() | str() | datetime.date():
            return True
        case list() | tuple():
            return all(map(_plain, value))
        case dict():
            return all(_plain(name) and _plain(item) for name, item in value.items())
    return False
