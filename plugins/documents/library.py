"""The pages and sections of one language, of which documents are composed."""

from __future__ import annotations

import datetime
import hashlib
from dataclasses import dataclass
from pathlib import Path
from unicodedata import normalize

from plugins.build import Build
from plugins.pelican_internals import html_of
from plugins.problems import ContentError, shown_path
from plugins.public_files import listed, sources
from plugins.reader import read_and_report
from plugins.trajectory import stations

from .data_file import read_data, templates_folder


@dataclass(frozen=True)
class SourceHtml:
    """A page or a section as HTML: `path` is relative to content/, `file` is what a message names."""

    key: str
    title: str
    html: str
    path: str
    file: str


@dataclass(frozen=True)
class Library:
    """The pages and sections of one language, and the addresses of all pages.

    `dates`: page key -> day of its last change; `addresses`: path in the content folder -> full address.
    """

    lang: str
    build: Build
    pages: dict[str, SourceHtml]
    sections: dict[str, SourceHtml]
    dates: dict[str, datetime.date]
    addresses: dict[str, str]

    def address(self, path: str, fragment: str) -> str | None:
        """The full address of a page by its path in the content folder, `en/pages/faq.md`; None where there is none."""
        address = self.addresses.get(path)
        return address and f"{address}{'#' + fragment if fragment else ''}"

    def digest(self) -> str:
        """Names all that a document can be made of, but for its own data file."""
        build = self.build
        facts = build.reading
        parts = [
            (self.lang, self.pages, self.sections, self.dates, sorted(self.addresses.items())),
            (build.parsed and build.parsed.key, build.settings["SITENAME"], build.published, build.date.date()),
            [(path, file.stat().st_size, file.stat().st_mtime_ns) for path, file in listed(build).items()],
            stations(build),
            (facts.practice, [gap.field for gap in facts.gaps], read_data(templates_folder(build) / "words.toml")),
        ]
        return hashlib.sha256(repr(parts).encode()).hexdigest()


def read_library(lang: str, build: Build) -> Library:
    """What documents in `lang` can be made of: its pages and the sections in content/<lang>/documents."""
    root = build.content
    pages, dates, addresses = {}, {}, {}
    for content in build.site.contents:
        path = Path(content.source_path).relative_to(root).as_posix()
        addresses[normalize("NFC", path)] = build.site.absolute(content)
        if content.lang == lang and path.startswith(f"{lang}/pages/"):
            pages[content.key] = SourceHtml(
                content.key, content.title, html_of(content), path, shown_path(content.source_path)
            )
            dates[content.key] = datetime.date(content.modified.year, content.modified.month, content.modified.day)
    sections = {}
    for file in sources(root / lang / "documents", "*.md", True):
        try:
            source = read_and_report(file, build)
        except ContentError:
            continue
        sections[source.key] = SourceHtml(
            source.key, source.title, source.html, file.relative_to(root).as_posix(), shown_path(file)
        )
    return Library(lang, build, pages, sections, dates, addresses)
