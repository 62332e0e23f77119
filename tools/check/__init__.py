"""`invoke check`: everything that would embarrass the practice, as `file:line: message` and what to do.

Each check is a function from a `CheckedSite` to problems, in a module of its own; CHECKS is their table of contents.
Errors decide the exit status; warnings are for a person to judge.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from plugins.problems import Problem, unreadable_files

from . import building, catalogs, expiry, images, links, markdown, pairs, spelling, statements, typed_facts, typography
from .site import CheckedSite

CHECKS: dict[str, Callable[[CheckedSite], Iterable[Problem]]] = {
    "build": building.problems,
    "pairs": pairs.problems,
    "statements": statements.problems,
    "images": images.problems,
    "catalogs": catalogs.problems,
    "markdown": markdown.problems,
    "typography": typography.problems,
    "spelling": spelling.problems,
    "facts": typed_facts.problems,
    "expiry": expiry.problems,
    "published": expiry.published,
}
SOURCES = frozenset(CHECKS) - {"published"}  # what is looked at before publishing, which mends the rest


@dataclass(frozen=True)
class Finding:
    """A problem, and the name of the check that found it."""

    check: str
    problem: Problem


def check(
    external: bool = False,
    practice: Path | None = None,
    overrides: dict[str, Any] | None = None,
    only: Iterable[str] = (),
) -> list[Finding]:
    """Every finding, in the order of files and lines. `external` asks other sites whether our links lead there."""
    if strange := unreadable_files(overrides):  # which nothing else must open
        return [Finding("build", problem) for problem in strange]
    site = CheckedSite.read(practice, overrides)
    checks = CHECKS | ({"links": links.problems} if external else {})
    found: dict[tuple[str, int | None, str], Finding] = {}
    for name, function in checks.items():
        if not only or name in only:
            for problem in function(site):
                if name != "build" and problem.file in site.illegible:
                    continue
                found.setdefault((problem.file, problem.line, problem.message), Finding(name, problem))
    return sorted(found.values(), key=lambda finding: (finding.problem.file, finding.problem.line or 0))
