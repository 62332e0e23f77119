"""Builds the site aside and puts it in place whole, so that a build that fails leaves the last good output alone."""

from __future__ import annotations

import logging
import shutil
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pelican import Pelican
from pelican.log import LimitFilter, console
from pelican.settings import read_settings

from plugins.problems import ROOT, BuildStopped, Problem, errors_of, problems_of, say, shown_path

from .writing import NotingWriter, written_by

EXPLAINED = "Cannot get modification stamp"  # a missing image: plugins/reader/references.py says where it is asked for
OUTPUTS = {False: ROOT / "output" / "preview", True: ROOT / "output" / "published"}


@dataclass
class Built:
    """What a build came to. `output` is None when it failed; `problems` holds warnings too."""

    output: Path | None
    problems: list[Problem] = field(default_factory=list)

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
    """Pelican's settings for one build. `practice` is another file of facts, for tests or another practice."""
    changed: dict[str, Any] = {"OUTPUT_PATH": str(output)} | (overrides or {})
    if practice:
        changed["PRACTICE_FILE"] = str(practice.resolve())
    if str(ROOT) not in sys.path:
        sys.path.insert(0, str(ROOT))
    settings: dict[str, Any] = read_settings(
        str(ROOT / ("publishconf.py" if published else "pelicanconf.py")), override=changed
    )
    return settings


def build(
    output: Path | None = None,
    published: bool = False,
    practice: Path | None = None,
    overrides: dict[str, Any] | None = None,
    writer: type[NotingWriter] = NotingWriter,
    last: Path | None = None,
) -> Built:
    """Build into `output` (default output/preview or output/published), replacing it only by a whole, good site.

    Files that are as in `last` (default: what `output` is before) are those very files, and keep their times of change.
    """
    console.quiet = True  # Pelican's own account of a build
    LimitFilter._raised_messages.clear()  # or Pelican says nothing the second time, as in a preview that builds again
    output = (output or OUTPUTS[published]).resolve()
    staging = output.with_name(f".{output.name}.new")
    shutil.rmtree(staging, ignore_errors=True)
    settings = settings_for(staging, published, practice, overrides)
    listener = Listener()
    settings |= {"SAID": listener.said, "LAST_OUTPUT": last or output}
    logger = logging.getLogger("pelican")
    logger.addHandler(listener)
    propagates, logger.propagate = logger.propagate, False
    try:
        with written_by(writer):
            Pelican(settings).run()
        problems = errors_of(settings) + unexplained(listener, settings)
    except BuildStopped as stopped:
        problems = stopped.problems
    except Exception as error:
        problems = errors_of(settings) or [*unexplained(listener, settings), unexpected(error, settings)]
    finally:
        logger.removeHandler(listener)
        logger.propagate = propagates
    warnings = [problem for problem in problems_of(settings) if problem.severity == "warning"]
    if problems:
        shutil.rmtree(staging, ignore_errors=True)
        return Built(None, problems + warnings)
    try:
        swap(staging, output)
    except OSError as error:
        shutil.rmtree(staging, ignore_errors=True)
        return Built(None, [unexpected(error, settings), *warnings])
    return Built(output, warnings)


def unexplained(listener: Listener, settings: dict[str, Any]) -> list[Problem]:
    """What Pelican warned of and no plugin explained better."""
    return [
        Problem("content", None, said, say("Pelican refuses this; correct the file it names."))
        for said in listener.said
        if not said.startswith(EXPLAINED)
    ]


def unexpected(error: Exception, settings: dict[str, Any]) -> Problem:
    """An error nobody foresaw, as a problem: what failed, and in which template when Jinja knows."""
    trace, place, line = error.__traceback__, "the build", None
    while trace:
        file = Path(trace.tb_frame.f_code.co_filename)
        if file.is_relative_to(settings["THEME"]) or file.is_relative_to(settings["PATH"]):
            place, line = shown_path(file), trace.tb_lineno
        trace = trace.tb_next
    line = getattr(error, "lineno", line)
    if getattr(error, "filename", None) and place == "the build":
        place = str(error.filename)  # type: ignore[attr-defined]
    remedy = say("If you did not change this file, undo your last change and tell whoever looks after the site.")
    if isinstance(error, OSError):
        remedy = say("Look at the disk: is there room left, and may this folder be written to?")
    return Problem(place, line, say("{kind}: {reason}", kind=type(error).__name__, reason=str(error)), remedy)


def swap(staging: Path, output: Path) -> None:
    """Put `staging` in the place of `output`, with two renames; raises OSError when the disk refuses."""
    old = output.with_name(f".{output.name}.old")
    shutil.rmtree(old, ignore_errors=True)
    output.parent.mkdir(parents=True, exist_ok=True)
    if output.exists():
        output.rename(old)
    try:
        staging.rename(output)
    except OSError:
        if old.exists():
            old.rename(output)
        raise
    shutil.rmtree(old, ignore_errors=True)
