"""What an author did wrong, in words an author can act on: file, line, what is wrong, what to do.

Every plugin reports here instead of raising, so that one build shows every problem at once;
`plugins.reader` stops the build before anything is written when an error was reported.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class Problem:
    """One thing to mend. `line` counts from 1 and is None where a whole file is meant."""

    file: str
    line: int | None
    message: str
    remedy: str
    severity: str = "error"  # or "warning": shown, but does not stop a build

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}" if self.line else self.file
        return f"{place}: {self.message}\n    What to do: {self.remedy}"


class ContentError(Exception):
    """A source that cannot be read; the problems have been reported already."""


class BuildStopped(Exception):
    """Raised before the first file is written. `problems` lists every error found."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = list(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))


def problems_of(settings: dict[str, Any]) -> list[Problem]:
    """The list that this build collects its problems in."""
    found: list[Problem] = settings.setdefault("PROBLEMS", [])
    return found


def report(settings: dict[str, Any], problem: Problem) -> None:
    """Add `problem` to the build's list, once."""
    if problem not in problems_of(settings):
        problems_of(settings).append(problem)


def errors_of(settings: dict[str, Any]) -> list[Problem]:
    """The problems that stop this build, in the order of files and lines."""
    errors = [problem for problem in problems_of(settings) if problem.severity == "error"]
    return sorted(errors, key=lambda problem: (problem.file, problem.line or 0, problem.message))


def shown_path(path: str | Path) -> str:
    """`path` as an author knows it: relative to the project, with forward slashes."""
    path = Path(path)
    return (path.relative_to(ROOT) if path.is_relative_to(ROOT) else path).as_posix()


def nearest(word: str, known: Iterable[str]) -> str:
    """` Did you mean "title"?` for a misspelt word, or an empty string."""
    match = difflib.get_close_matches(word, list(known), n=1, cutoff=0.6)
    return f' Did you mean "{match[0]}"?' if match else ""
