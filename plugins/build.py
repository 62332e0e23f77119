"""One build of the site: what it is told, and what it finds. Made by pelicanconf.py, passed on to whoever works for it.

It is the only setting of ours among Pelican's, under the name BUILD. What it finds comes in the order of a build; each
field says which function sets it, and reading it before is an AttributeError.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from .problems import Problem, shown_path

if TYPE_CHECKING:  # the rooms that work for a build know it; it knows their names only as types
    from .assets import Assets
    from .documents.downloads import Download
    from .i18n.catalogs import Catalog
    from .i18n.languages import Site
    from .picture_sizes import PictureSizes, Sized
    from .practice.facts import Facts
    from .practice.reading import Gap, Reading
    from .reader.cache import Parsed
    from .reader.facts_in_text import FactsEnvironment
    from .reader.markdown import PageMarkdown
    from .writing.writer import PageWriter


@dataclass(frozen=True)
class Language:
    """A language of the site: its name in itself, its name in English, its Babel locale."""

    name: str
    english: str
    locale: str


LANGUAGES = {"en": Language("English", "English", "en_GB"), "fr": Language("Français", "French", "fr_FR")}


class Viewer(Protocol):
    """Somebody who looks at the site while it is built. `documents`: those of the build before, shown until the new."""

    documents: dict[tuple[str, str], Download]

    def waits_for(self, name: str, source: str | None) -> bool:
        """Whether the output file `name`, made of the file `source`, is to come before all else."""

    def show(self, build: Build, files: dict[str, bytes]) -> None:
        """Show the files that came first, by their name in the output."""

    def go_on(self) -> None:
        """Raise what ends the build where nobody waits for it any more."""


@dataclass(eq=False)
class Build:
    """See above. `languages` goes by code, `files` by the name of the template that makes one in each language."""

    # What it is told
    languages: dict[str, Language]
    date: datetime.datetime
    practice_file: Path
    cache: Path  # the folder of everything kept for the next build
    files: dict[str, str]
    published: bool = False
    trust_cache: bool = True
    last_output: Path | None = None  # the folder of the build before: files that come out the same are taken from there
    parsed: Parsed | None = None  # what an earlier build of this process read
    viewer: Viewer | None = None
    tell: Callable[[str], None] = lambda words: None  # is told how far the build is

    # What it finds
    settings: dict[str, Any] = field(init=False)  # Pelican's: build_of
    problems: list[Problem] = field(init=False, default_factory=list)
    pelican_said: list[str] = field(init=False, default_factory=list)  # its warnings: tools/build.py
    catalogs: dict[str, Catalog] = field(init=False)  # by language: i18n.catalogs.load_catalogs
    reading: Reading = field(init=False)  # the facts' file: practice.facts.load_facts
    facts: Facts = field(init=False)  # the same
    gaps: list[Gap] = field(init=False)  # facts that are missing or wrong: the same
    address: str = field(init=False)  # of the site, without a slash at its end: the same
    menus: dict[str, list[str]] = field(init=False)  # translation keys: practice.data.load_data
    worksheet: dict[str, Any] = field(init=False)  # the same
    facts_environment: FactsEnvironment | None = field(init=False, default=None)  # reader.facts_in_text
    markdown: PageMarkdown | None = field(init=False, default=None)  # the parser of all its pages: reader.source
    unread: set[str] = field(init=False, default_factory=set)  # pages that were refused, as told: reader.unread
    illegible: set[str] = field(init=False, default_factory=set)  # those of which nothing could be read: reader.source
    site: Site = field(init=False)  # all pages: i18n.languages.install_functions; filled by i18n.pairs.pair_languages
    assets: Assets = field(init=False)  # the theme's files: assets.install_asset
    public_files: dict[str, Path] | None = field(init=False, default=None)  # that may be published: public_files.listed
    shown_files: dict[str, Path] = field(init=False, default_factory=dict)  # that pages show: public_files
    damaged_files: dict[str, list[Problem]] = field(init=False, default_factory=dict)  # the same
    picture_sizes: PictureSizes | None = field(init=False, default=None)  # those kept: writing.pictures
    pictures: dict[tuple[str, int], Sized] = field(init=False, default_factory=dict)  # that pages show: the same
    documents: dict[tuple[str, str], Download] = field(init=False, default_factory=dict)  # documents.build
    writer: PageWriter = field(init=False)  # the files to write: writing.writer
    written: set[str] = field(init=False, default_factory=set)  # files of the output: output_gate.admit

    @property
    def content(self) -> Path:
        return Path(self.settings["PATH"])

    @property
    def theme(self) -> Path:
        return Path(self.settings["THEME"])

    @property
    def output(self) -> Path:
        return Path(self.settings["OUTPUT_PATH"])

    def is_unread(self, path: str) -> bool:
        """Whether there is a page at a path in the content folder, and it was refused: it is not missing for anyone."""
        return shown_path(self.content / path) in self.unread

    def report(self, problem: Problem) -> None:
        """Have `problem` told, once."""
        if problem not in self.problems:
            self.problems.append(problem)

    @property
    def errors(self) -> list[Problem]:
        """The problems that stop this build, in the order of files and lines."""
        errors = [problem for problem in self.problems if problem.severity == "error"]
        return sorted(errors, key=lambda problem: (problem.file, problem.line or 0, problem.message))


def build_of(settings: dict[str, Any]) -> Build:
    """The build that these settings of Pelican's are for."""
    build: Build = settings["BUILD"]
    build.settings = settings
    return build
