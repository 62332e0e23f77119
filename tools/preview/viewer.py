"""Who looks at the preview while it is built: what is edited or open in a browser comes first; a later save ends it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from plugins.build import Build


class Superseded(BaseException):
    """Raised between two pages when another file was saved: the next build has all that this one would have shown.

    Not an Exception, because nothing is wrong: a build must not report it.
    """


@dataclass
class Browsers:
    """A Viewer (plugins/build.py). Where nothing is on show yet, `announce` is None, and nothing comes first."""

    edited: frozenset[str]  # sources, as absolute paths
    open_pages: Callable[[], set[str]]  # output files
    announce: Callable[[Build, dict[str, bytes]], None] | None  # is given the first files
    superseded: Callable[[], bool]
    documents: dict[tuple[str, str], Any]

    def waits_for(self, name: str, source: str | None) -> bool:
        return self.announce is not None and (source in self.edited or name in self.open_pages())

    def show(self, build: Build, files: dict[str, bytes]) -> None:
        if self.announce:
            self.announce(build, files)

    def go_on(self) -> None:
        if self.superseded():  # what was read may be half of a file that was being saved
            raise Superseded
