"""The preview itself: builds aside, and puts on show what is whole and good."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

from pelican import signals

from plugins import folders
from plugins.build import Build
from plugins.files import write
from plugins.problems import ROOT, Problem, formatted, in_language, say
from plugins.public_files import public_files
from tools.build import Built, build, unexpected

from .content_cache import ContentCache
from .state import Draft, ShownBuild, State, tag_of
from .viewer import Browsers, Superseded

PREVIEWS = ROOT / ".cache" / "preview"


class Preview:
    """What is on show (`state`), who is looking at what, and how the next build comes about.

    Each build has a folder of its own under `folder`. The one before the one on show is kept for requests under way.
    `live` adds the panel and the reloading script to pages as they are served; `lang` is the language of the terminal.
    """

    def __init__(
        self, folder: Path = PREVIEWS, live: bool = False, last_good: Path | None = None, lang: str = "en"
    ) -> None:
        self.folder, self.live, self.lang = folder, live, lang
        self.state = State(ShownBuild(last_good) if last_good else None)
        self.build: Build | None = None  # the last one that had facts and settings, whether it came to pages or not
        self.addresses: list[str] = []  # where browsers find it: this machine's first, then those of the network
        self.closing = False
        self._open: dict[Callable[[], None], str] = {}
        self._pending: set[str] = set()  # saved since the last whole build
        self._cache = ContentCache()
        self._documents: dict[Any, Any] = {}
        self._number = int(last_good.name) if last_good and last_good.name.isdigit() else 0

    def clean(self, everything: bool = False) -> None:
        """Remove every build but the one on show, or that too."""
        for old in self.folder.iterdir() if self.folder.is_dir() else []:
            if everything or old != self.shown:
                folders.leave(old)
        if everything:
            folders.leave(self.folder)

    @property
    def shown(self) -> Path | None:
        """The folder on show. Setting it shows one that was built elsewhere."""
        return self.state.site.folder if self.state.site else None

    @shown.setter
    def shown(self, folder: Path) -> None:
        self.show(State(ShownBuild(folder)))

    def show(self, state: State) -> None:
        """Put `state` on show, and tell those who wait for another."""
        self.state = state
        for wake in list(self._open):  # a copy: browsers come and go meanwhile
            wake()

    def opened(self, name: str, wake: Callable[[], None]) -> None:
        """A browser has the page with this output file before it; `wake` is called when another state is on show."""
        self._open[wake] = name

    def left(self, wake: Callable[[], None]) -> None:
        """It has no longer."""
        self._open.pop(wake, None)

    def open_pages(self) -> set[str]:
        """The output files of the pages that browsers have before them."""
        return set(self._open.copy().values())

    def close(self) -> None:
        """Let go of everyone who waits."""
        self.closing = True
        self.show(self.state)

    def hand_over(self) -> Path | None:
        """The folder on show, with the pages that came first written into it: what the next process shows at first."""
        if self.state.site is None:
            return None
        with suppress(OSError):  # then they come with the next build
            for name, content in self.state.site.fresh.items():
                write(self.state.site.folder / name, content)
            folders.finish(self.state.site.folder)
        return self.state.site.folder

    def refuse_code(self, problems: Iterable[Problem]) -> None:
        """Show what is wrong with Python code that cannot be loaded; with no problem, take it away again."""
        self.show(replace(self.state, code=tuple(problems)))
        self._tell(self.state.code)

    def rebuild(self, edited: Iterable[str] = (), superseded: Callable[[], bool] = lambda: False) -> bool:
        """Build what is on disk now; `edited` names the files saved. False when it gave way to a later save."""
        self._pending |= set(edited)
        before, media, start = self.state, media_tag(), time.monotonic()
        told: dict[str, Any] = {"parsed": self._cache.parsed}

        def announce(build: Build, files: dict[str, bytes]) -> None:
            if before.site:
                first = ShownBuild(before.site.folder, files)
                self.show(State(first, (), before.code, before.warnings, _drafts(build), media))
                self._say(say("Shown after {seconds} s", seconds=f"{time.monotonic() - start:.2f}"))

        if before.site is None:
            told["tell"] = self._say
            self._say(say("Reading the texts…"))
        first = announce if before.site else None
        told["viewer"] = Browsers(frozenset(self._pending), self.open_pages, first, superseded, self._documents)
        try:
            with signals.generator_init.connected_to(self._cache.attach):
                built = build(self.folder / str(self._number + 1), overrides=told, last=self.shown)
        except Superseded:
            return False
        except Exception as error:  # whatever it is: the preview goes on
            built = Built(None, [unexpected(error, ROOT / "content", ROOT / "theme")])
        self.build = built.build or self.build
        errors = tuple(sorted((p for p in built.problems if p.severity == "error"), key=self._was_edited, reverse=True))
        if built.output is None or built.build is None:
            if superseded():  # perhaps by the end of the file that seemed wrong
                return False
            self.show(replace(before, problems=errors))
            self._tell(errors)
            return True
        warnings = tuple(problem for problem in built.problems if problem.severity == "warning")
        self.show(State(ShownBuild(built.output), (), before.code, warnings, _drafts(built.build), media))
        self._say(say("All pages after {seconds} s", seconds=f"{time.monotonic() - start:.2f}"))
        self._pending.clear()
        self._number += 1
        self._documents = built.build.documents
        folders.leave(self.folder / str(self._number - 2))
        return True

    def _was_edited(self, problem: Problem) -> bool:
        """Whether its file is one of those just saved: what is wrong there may be the cause of all the rest."""
        return str(ROOT / problem.file) in self._pending

    def _say(self, words: str) -> None:
        print(in_language(words, self.lang), flush=True)

    def _tell(self, problems: tuple[Problem, ...]) -> None:
        for problem in problems:
            print(f"\n{formatted(problem, self.lang)}", file=sys.stderr)
        if problems:
            words = say("The last good pages stay on show until this is mended.")
            print(f"\n{in_language(words, self.lang)}", file=sys.stderr, flush=True)


def _drafts(build: Build) -> tuple[Draft, ...]:
    return tuple(Draft(draft.title, f"/{draft.url}", draft.lang) for draft in build.site.drafts.values())


def media_tag() -> str:
    """Names the state of the files whose address does not say what is in them: the pictures in content."""
    stamps = []
    with suppress(OSError, RuntimeError):  # one that goes just now, or leads to itself: the build tells
        for path in public_files(ROOT / "content").values():
            stamps.append((path.as_posix(), path.stat().st_size, path.stat().st_mtime_ns))
    return tag_of(repr(stamps).encode())
