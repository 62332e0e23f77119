"""What the checks look at: the build, and the build's own reading of the site, which stops before it would write."""

from __future__ import annotations

import logging
import tempfile
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from pelican import Pelican, signals

from plugins.build import Build, build_of
from plugins.problems import BuildStopped, Problem
from tools.build import Listener, settings_for, unexpected, unexplained

from .prose import Passage, passages


class _Enough(Exception):
    """Everything has been read; nothing is to be written."""


@dataclass
class CheckedSite:
    """One state of the site. `found` is what the build itself said about it."""

    build: Build
    found: list[Problem] = field(default_factory=list)

    @classmethod
    def read(cls, practice: Path | None = None, overrides: dict[str, Any] | None = None) -> CheckedSite:
        """Run Pelican as far as its gate, in a preview's settings, and keep what was reported."""
        with tempfile.TemporaryDirectory() as nowhere:
            settings = settings_for(Path(nowhere), False, practice, overrides)
            return cls(build_of(settings), _reported(settings))

    @property
    def content(self) -> Path:
        return self.build.content

    @property
    def theme(self) -> Path:
        return self.build.theme

    @property
    def languages(self) -> tuple[str, ...]:
        return tuple(self.build.languages)

    @property
    def illegible(self) -> set[str]:
        """The pages of which nothing could be read, as problems name them: there is nothing else to say of those."""
        return self.build.illegible

    @cached_property
    def passages(self) -> list[Passage]:
        """What people read, line by line."""
        return list(passages(self.content, self.theme, self.languages))


def _reported(settings: dict[str, Any]) -> list[Problem]:
    build = build_of(settings)

    def enough(pelican: Any) -> None:
        raise _Enough

    listener, logger = Listener(), logging.getLogger("pelican")
    logger.addHandler(listener)
    propagates, logger.propagate = logger.propagate, False
    failed: list[Problem] = []
    try:
        with signals.get_writer.connected_to(enough):
            Pelican(settings).run()
    except (_Enough, BuildStopped):
        failed = [] if build.errors else unexplained(listener)
    except Exception as error:
        failed = build.errors or [*unexplained(listener), unexpected(error, build.content, build.theme)]
    finally:
        logger.removeHandler(listener)
        logger.propagate = propagates
    return [*failed, *(problem for problem in build.problems if problem not in failed)]
