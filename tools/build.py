"""Builds the site aside and puts it in place whole, so that a build that fails leaves the last good output alone."""

from __future__ import annotations

import logging
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from pelican import Pelican
from pelican.log import console
from pelican.settings import read_settings

from plugins import folders
from plugins.build import Build, build_of
from plugins.files import refused
from plugins.output_gate import strangers
from plugins.pelican_internals import forget_warnings
from plugins.problems import ROOT, BuildStopped, Problem, say, shown_path, unreadable_files

# A missing image, and one without a text, which a decoration may be: plugins/reader/references.py says where.
EXPLAINED = ("Cannot get modification stamp", "Empty alt attribute", "Other images have empty alt attributes")
BUILDS = {("output",), (".cache",)}  # folders of the project that builds may be written into
OUTPUTS = {False: ROOT / "output" / "preview", True: ROOT / "output" / "published"}


@dataclass
class Built:
    """What a build came to. `output` is None when it failed; `problems` holds warnings too; `last` is what is left."""

    output: Path | None
    problems: list[Problem] = field(default_factory=list)
    last: Path | None = None
    build: Build | None = None  # with what it found; also of one that failed, if it had facts

    @property
    def ok(self) -> bool:
        return self.output is not None


class Listener(logging.Handler):
    """Pelican goes on, and exits with 0, after most of its warnings: here each one becomes a problem."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.said: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.said.append(record.getMessage())


def settings_for(
    output: Path, published: bool, practice: Path | None, overrides: dict[str, Any] | None = None
) -> dict[str, Any]:
    """Pelican's settings for one build. `practice` is another file of facts, for tests or another practice.

    `overrides` names settings of Pelican's in capitals, and what a Build is told in small letters, such as `cache`.
    """
    given = overrides or {}
    if str(ROOT) not in sys.path:
        sys.path.insert(0, str(ROOT))
    settings: dict[str, Any] = read_settings(
        str(ROOT / ("publishconf.py" if published else "pelicanconf.py")),
        override={"OUTPUT_PATH": str(output)} | {name: value for name, value in given.items() if name.isupper()},
    )
    told = {name: value for name, value in given.items() if not name.isupper()}
    if practice:
        told["practice_file"] = practice.resolve()
    settings["BUILD"] = replace(settings["BUILD"], **told)
    return settings


def build(
    output: Path | None = None,
    published: bool = False,
    practice: Path | None = None,
    overrides: dict[str, Any] | None = None,
    last: Path | None = None,
    refused: Sequence[Problem] = (),
) -> Built:
    """Build into `output` (default output/preview or output/published), replacing it only by a whole, good site.

    Files that are as in `last` (default: what `output` is before) are those very files, and keep their times of change.
    What has been found wrong elsewhere (`refused`) is told with what the build finds, and stops it as that does.
    """
    if strange := unreadable_files(overrides):
        return Built(None, strange)
    console.quiet = True  # Pelican's own account of a build
    forget_warnings()
    output = output_at(output) if output else last_output(published)
    staging = folders.aside(output, "new")
    settings = settings_for(staging, published, practice, overrides)
    told = build_of(settings)
    told.last_output = last or output
    try:
        make_way(output, staging, told)
    except folders.NotOurs as error:
        return Built(None, [error.problem])
    except OSError as error:
        return Built(None, [unexpected(error, told.content, told.theme)])
    listener = Listener()
    told.pelican_said = listener.said
    logger = logging.getLogger("pelican")
    logger.addHandler(listener)
    propagates, logger.propagate = logger.propagate, False
    try:
        Pelican(settings).run()
        problems = told.errors + unexplained(listener) or strangers(told)
    except BuildStopped as stopped:
        problems = stopped.problems
    except Exception as error:
        problems = told.errors or [*unexplained(listener), unexpected(error, told.content, told.theme)]
    finally:
        logger.removeHandler(listener)
        logger.propagate = propagates
    problems = list(dict.fromkeys([*refused, *problems]))
    warnings = [problem for problem in told.problems if problem.severity == "warning"]
    try:
        if not problems:
            folders.finish(staging)
            folders.replace(staging, output)
            return Built(output, warnings, build=told)
    except folders.NotOurs as error:
        problems = [error.problem]
    except OSError as error:
        problems = [unexpected(error, told.content, told.theme)]
    folders.leave(staging)
    found = told if hasattr(told, "gaps") else None
    return Built(None, problems + warnings, output if folders.is_ours(output) else None, found)


def output_at(place: Path) -> Path:
    """`place` in full. Its last name is left as it is, so that a link is seen to be one."""
    return place.resolve() if place.name in ("", "..") else place.parent.resolve() / place.name


def last_output(published: bool) -> Path:
    """Where a build goes that names no folder; what the last one made is there, if that was ever killed."""
    output = output_at(OUTPUTS[published])
    folders.restore(output)
    return output


def make_way(output: Path, staging: Path, build: Build) -> None:
    """Have `staging` empty, and `output` one that may be replaced, whole as the last build left it.

    Raises NotOurs, also for a folder among the sources of the site or the rest of the project.
    """
    for place in (ROOT, build.content.resolve(), build.theme.resolve()):
        within = output.is_relative_to(place) and (place != ROOT or output.relative_to(ROOT).parts[:1] not in BUILDS)
        if within or place.is_relative_to(output):
            remedy = say("Name a folder outside the project, or one in its folder output.")
            raise folders.NotOurs(output, say("the project’s own files are there"), remedy)
    folders.restore(output)
    folders.prove(output)
    folders.own(staging)


def unexplained(listener: Listener) -> list[Problem]:
    """What Pelican warned of and no plugin explained better."""
    return [
        Problem("content", None, said, say("Pelican refuses this; correct the file it names."))
        for said in listener.said
        if not said.startswith(EXPLAINED)
    ]


def unexpected(error: Exception, content: Path, theme: Path) -> Problem:
    """An error nobody foresaw, as a problem: what failed, and in which template when Jinja knows."""
    trace, place, line = error.__traceback__, "the build", None
    while trace:
        file = Path(trace.tb_frame.f_code.co_filename)
        if file.is_relative_to(theme) or file.is_relative_to(content):
            place, line = shown_path(file), trace.tb_lineno
        trace = trace.tb_next
    line = getattr(error, "lineno", line)
    if getattr(error, "filename", None) and place == "the build":
        place = str(error.filename)  # type: ignore[attr-defined]
    if isinstance(error, OSError) and not isinstance(error, LookupError):  # as one of Jinja’s is
        remedy = say("Look at the disk: is there room left, and may this folder be written to?")
        return Problem(place, line, refused(error), remedy)
    remedy = say("If you did not change this file, undo your last change and tell whoever looks after the site.")
    return Problem(place, line, say("{kind}: {reason}", kind=type(error).__name__, reason=str(error)), remedy)
