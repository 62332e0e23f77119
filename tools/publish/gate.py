"""What may be published: a fresh published build without a problem, of a practice that exists."""

from __future__ import annotations

import io
import re
import sys
from contextlib import redirect_stdout
from pathlib import Path
from typing import Any

from plugins.build import build_of
from plugins.folders import disown
from plugins.practice.reading import read_practice
from plugins.problems import Problem, say
from tools.build import Built, build, settings_for
from tools.check import SOURCES, check

from .errors import PublishError
from .release import uncommitted

NOINDEX = re.compile(r'<meta name="robots" content="noindex"')


def fresh_build(practice: Path | None = None, overrides: dict[str, Any] | None = None) -> Path:
    """Build the site as published and return its folder. Raises PublishError with everything there is to mend."""
    refuse_invented(practice)
    with redirect_stdout(io.StringIO()):  # Pelican's count of articles
        built = published_build(None, practice, overrides)
    refuse([problem for problem in built.problems if problem.severity == "error"])
    if built.output is None:
        raise AssertionError("a build that failed without a problem")
    refuse_unfindable(built.output)
    return built.output


def published_build(
    output: Path | None = None, practice: Path | None = None, overrides: dict[str, Any] | None = None
) -> Built:
    """The site as published, for `invoke build --published` too: what the checks call an error stops it as well."""
    return build(output, True, practice, overrides, refused=checked(practice, overrides))


def checked(practice: Path | None = None, overrides: dict[str, Any] | None = None) -> list[Problem]:
    """What `invoke check` calls an error; it has no say on missing facts, which only a published build refuses."""
    findings = check(practice=practice, overrides=overrides, only=SOURCES)
    return [finding.problem for finding in findings if finding.problem.severity == "error"]


def refuse(problems: list[Problem]) -> None:
    """Raise PublishError listing `problems`, if there are any."""
    if problems:
        raise PublishError(
            say("the site cannot be published yet. To mend: {count}", count=len(problems)),
            say("Mend what is listed, then publish again. Nothing was sent."),
            problems,
        )


def refuse_invented(practice: Path | None = None) -> None:
    """Invented facts (`fictitious = true`) are for tests: no switch publishes them."""
    file = build_of(settings_for(Path("unused"), True, practice)).practice_file
    if read_practice(file).practice.fictitious:  # of a file that cannot be read, the build says what is wrong
        raise PublishError(
            say("{file} says fictitious = true: its names, numbers and addresses are invented", file=file.name),
            say("Publish with the practice's own facts, in content/data/practice.toml. Nothing was sent."),
        )


def refuse_unfindable(site: Path) -> None:
    """A home page that turns search engines away belongs to a preview, however it came here."""
    for home in sorted(site.glob("[a-z][a-z]/index.html")):
        if NOINDEX.search(home.read_text(encoding="utf-8")):
            raise PublishError(
                say(
                    "{page} tells search engines to stay away: this is a preview's page",
                    page=home.relative_to(site).as_posix(),
                ),
                say("Tell whoever looks after the site. Nothing was sent."),
            )


def warnings() -> list[str]:
    """What the owner should know and may ignore."""
    paths = uncommitted()
    if not paths:
        return []
    shown = ", ".join(paths[:3]) + (" …" if len(paths) > 3 else "")
    return [
        say(
            "Please note: what you changed since the last commit is published as it is (files: {count}, {names}).",
            count=len(paths),
            names=shown,
        )
    ]


if __name__ == "__main__":  # where a platform publishes what was built: see docs/hosts.md
    try:
        site = fresh_build()
        disown(site)  # the platform's from here on
        print(f"The site is in {site}")
    except PublishError as error:
        sys.exit(str(error))
