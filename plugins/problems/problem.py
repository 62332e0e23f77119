"""One problem: file, line, what is wrong, what to do.

Every plugin reports to the build instead of raising, so that one build shows every problem at once;
`plugins.reader` stops the build before anything is written when an error was reported.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from .messages import in_language

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Problem:
    """One thing to mend. `line` counts from 1 and is None where a whole file is meant."""

    file: str
    line: int | None
    message: str
    remedy: str
    severity: str = "error"  # or "warning": shown, but does not stop a build

    def __str__(self) -> str:
        return formatted(self, "en")


def place_of(file: str, line: int | None) -> str:
    """`file:line`, or the file alone where there is no line."""
    return f"{file}:{line}" if line else file


def translated(problem: Problem, lang: str) -> Problem:
    """The same problem with its message and remedy in `lang`."""
    return replace(problem, message=in_language(problem.message, lang), remedy=in_language(problem.remedy, lang))


def formatted(problem: Problem, lang: str) -> str:
    """The problem as a terminal shows it, in `lang`."""
    label = {"en": "What to do: ", "fr": "À faire\u00a0: "}[lang]
    words = translated(problem, lang)
    return f"{place_of(problem.file, problem.line)}: {words.message}\n    {label}{words.remedy}"


class ContentError(Exception):
    """A source that cannot be read; the problems have been reported already."""


class IllegibleError(ContentError):
    """A source of which nothing can be read, so that nothing else can be said of it: its encoding, its front matter."""


class BuildStopped(Exception):
    """Raised before the first file is written. `problems` lists every error found."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = list(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))


def shown_path(path: str | Path) -> str:
    """`path` as an author knows it: relative to the project, with forward slashes."""
    path = Path(path)
    return (path.relative_to(ROOT) if path.is_relative_to(ROOT) else path).as_posix()
