"""What the build itself says: front matter, encoding, pairs, addresses, links, data; unknown facts in one line."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from plugins.practice.facts import is_missing
from plugins.problems import Problem, say

from .site import Site


def problems(site: Site) -> Iterator[Problem]:
    """Every problem of the build; facts that nobody has given yet are counted rather than listed."""
    return gathered(site.found)


def gathered(found: Iterable[Problem]) -> Iterator[Problem]:
    """`found`, with all warnings about facts that nobody has given yet made one."""
    missing: list[Problem] = []
    for problem in found:
        if problem.severity == "warning" and is_missing(problem):
            missing.append(problem)
        else:
            yield problem
    if missing:
        names = ", ".join(str(problem.message.values["field"]) for problem in missing)  # type: ignore[attr-defined]
        message = say(
            "{count} facts are unknown, and the site cannot be published without them: {names}",
            count=len(missing),
            names=names,
        )
        remedy = say("Fill them in as you learn them; “invoke build --published” says why each one is needed.")
        yield Problem(missing[0].file, None, message, remedy, "warning")
