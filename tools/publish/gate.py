"""What may be published: a fresh published build without a problem, of a practice that exists."""

from __future__ import annotations

import re
import sys
import tomllib
from pathlib import Path

from plugins.problems import Problem
from tools.build import build, settings_for
from tools.check import check

from .errors import PublishError
from .release import uncommitted

NOINDEX = re.compile(r'<meta name="robots" content="noindex"')


def fresh_build(practice: Path | None = None) -> Path:
    """Build the site as published and return its folder. Raises PublishError with everything there is to mend."""
    refuse_invented(practice)
    refuse(checked(practice), "The site cannot be published yet")
    built = build(published=True, practice=practice)
    if built.output is None:
        errors = [problem for problem in built.problems if problem.severity == "error"]
        refuse(errors, "The site cannot be published yet")
        raise AssertionError("a build that failed without a problem")
    refuse_unfindable(built.output)
    return built.output


def checked(practice: Path | None = None) -> list[Problem]:
    """What `invoke check` calls an error; the build itself refuses missing facts, broken links and stale pages."""
    return [finding.problem for finding in check(practice=practice) if finding.problem.severity == "error"]


def refuse(problems: list[Problem], headline: str) -> None:
    """Raise PublishError listing `problems`, if there are any."""
    if problems:
        listed = "\n".join(f"  {problem}" for problem in problems)
        number = f"{len(problems)} thing{'s' if len(problems) > 1 else ''} to mend"
        raise PublishError(f"{headline}, {number}:\n{listed}", "Mend them, then publish again. Nothing was sent.")


def refuse_invented(practice: Path | None = None) -> None:
    """Invented facts (`fictitious = true`) are for tests: no switch publishes them."""
    file = Path(settings_for(Path("unused"), True, practice)["PRACTICE_FILE"])
    try:
        facts = tomllib.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return  # the build says what is wrong with the file
    if facts.get("fictitious"):
        raise PublishError(
            f"{file.name} says fictitious = true: its names, numbers and addresses are invented",
            "Publish with the practice's own facts, in content/data/practice.toml. Nothing was sent.",
        )


def refuse_unfindable(site: Path) -> None:
    """A home page that turns search engines away belongs to a preview, however it came here."""
    for home in sorted(site.glob("[a-z][a-z]/index.html")):
        if NOINDEX.search(home.read_text(encoding="utf-8")):
            raise PublishError(
                f"{home.relative_to(site).as_posix()} tells search engines to stay away: this is a preview's page",
                "Tell whoever looks after the site. Nothing was sent.",
            )


def warnings() -> list[str]:
    """What the owner should know and may ignore."""
    paths = uncommitted()
    if not paths:
        return []
    shown = ", ".join(paths[:3]) + (" …" if len(paths) > 3 else "")
    return [f"Warning: {len(paths)} changed files are in no commit yet ({shown}); they are published as they are."]


if __name__ == "__main__":  # where a platform publishes what was built: see docs/publishing.md
    try:
        print(f"The site is in {fresh_build()}")
    except PublishError as error:
        sys.exit(str(error))
