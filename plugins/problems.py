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


class Said(str):
    """A sentence for the owner, in English, that remembers how it was made: `tools/messages` says it in French."""

    template: str
    values: dict[str, Any]


def say(template: str, /, **values: Any) -> Said:
    """`template` with its `{names}` filled in (braces are plain text where no value is given).

    Every problem is written with it, because it is also what gathers the sentences to translate.
    """
    said = Said(template.format(**values) if values else template)
    said.template, said.values = template, values
    return said


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


class IllegibleError(ContentError):
    """A source of which nothing can be read, so that nothing else can be said of it: its encoding, its front matter."""


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


def reason_of(wrong: Any) -> str:
    """What one of pydantic's errors says: our own words where a validator of ours raised it, plain ones otherwise."""
    context = wrong.get("ctx") or {}
    match wrong["type"]:
        case "value_error" | "assertion_error":
            return context["error"].args[0] if context.get("error") else str(wrong["msg"])
        case "literal_error":
            choices = context["expected"].replace("'", "").replace(" or ", ", ")
            return say("it is one of these: {choices}", choices=choices)
        case "missing":
            return say("it is required here, and missing")
        case "extra_forbidden":
            return say('there is nothing called "{name}" here', name=wrong["loc"][-1])
        case "greater_than":
            return say("it must be greater than {limit}", limit=context["gt"])
        case "greater_than_equal":
            return say("it must be at least {limit}", limit=context["ge"])
        case "less_than_equal":
            return say("it must be at most {limit}", limit=context["le"])
    return next((what for kind, what in EXPECTED.items() if wrong["type"].startswith(kind)), str(wrong["msg"]))


NUMBER = say("it is a number, without quotation marks")
PARTS = say("it has several parts, between braces or under a [title]")
EXPECTED = {  # how pydantic's name for the error begins: what the value must be
    "string_type": say("it is a text between double quotes"),
    "bool": say("it is true or false, without quotation marks"),
    "float": NUMBER,
    "finite": NUMBER,
    "int": say("it is a whole number, without quotation marks"),
    "date": say("it is a date such as 2026-11-24, without quotation marks"),
    "list_type": say("it is a list between square brackets"),
    "model_type": PARTS,
    "model_attributes_type": PARTS,
    "dict_type": PARTS,
}


def nearest(word: str, known: Iterable[str]) -> str:
    """` Did you mean "title"?` for a misspelt word, or an empty string."""
    match = difflib.get_close_matches(word, list(known), n=1, cutoff=0.6)
    return say(' Did you mean "{word}"?', word=match[0]) if match else ""
