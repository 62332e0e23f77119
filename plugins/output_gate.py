"""The one door to the output: each file that is written there goes through it, and what did not is found at the end.

So nothing is ever written beside the output, and no file that Pelican or a plugin copied by itself is published (#12).
"""

from __future__ import annotations

import posixpath
from pathlib import Path

from plugins.build import Build

from .files import link, write
from .folders import MARK
from .problems import BuildStopped, Problem, say


def admit(build: Build, name: str) -> Path:
    """Where the file `name` of the output is to be written. Raises BuildStopped for one outside the output."""
    whole = posixpath.normpath(name.replace("\\", "/"))
    if whole.startswith(("..", "/")) or Path(whole).is_absolute():
        message = say("the file {file} would be written outside the site", file=name)
        raise BuildStopped([Problem("output", None, message, say("Correct the name in the file that gives it."))])
    build.written.add(whole)
    return build.output / whole


def put(build: Build, name: str, content: bytes | Path) -> None:
    """Write the file `name` of the output: these bytes, or those of another file. Raises as `admit` does; OSError."""
    target = admit(build, name)
    if isinstance(content, bytes):
        write(target, content)
    else:
        link(content, target)


def strangers(build: Build) -> list[Problem]:
    """A problem for each file of the output that did not come through the door."""
    output = build.output
    found = {file.relative_to(output).as_posix() for file in output.rglob("*") if file.is_symlink() or file.is_file()}
    message = say("nothing that makes the site has made this file, so it is not published")
    remedy = say("Tell whoever looks after the site: this is a fault of the program.")
    return [Problem(name, None, message, remedy) for name in sorted(found - build.written - {MARK})]
