"""Python code is read once by a process: when some changed, the preview starts itself anew, on the same port.

The listening socket stays open across the restart, so that what browsers ask meanwhile waits instead of failing; and
the last good build stays on show until there is a new one.
"""

from __future__ import annotations

import json
import os
import re
import socket
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from plugins.problems import ROOT, Problem, say, shown_path

VARIABLE = "SITE_PREVIEW_RESTARTED"
CODE = ("plugins", "tools", "pelicanconf.py", "publishconf.py", "tasks.py")
MODULES = "pelicanconf, publishconf, tasks, tools.build, tools.preview, tools.desk.app"


def is_code(path: str) -> bool:
    """Whether a changed file is read only when the preview starts."""
    place = Path(path)
    return place.is_relative_to(ROOT) and place.relative_to(ROOT).parts[:1] in [(name,) for name in CODE]


def try_code() -> list[Problem]:
    """Load all code in a process of its own; what is wrong with it, or nothing."""
    command = [sys.executable, "-c", f"import {MODULES}"]
    try:
        subprocess.run(command, cwd=ROOT, capture_output=True, text=True, encoding="utf-8", check=True, timeout=60)
        return []
    except subprocess.CalledProcessError as error:
        said = error.stderr.strip()
    except (OSError, subprocess.TimeoutExpired) as error:
        said = str(error)
    ours = [
        (Path(file), int(line))
        for file, line in re.findall(r'File "(.+?)", line (\d+)', said)
        if Path(file).is_relative_to(ROOT) and ".venv" not in Path(file).parts
    ]
    file, line = (shown_path(ours[-1][0]), ours[-1][1]) if ours else ("plugins", None)
    lines = said.splitlines()
    message = say("this code cannot be loaded: {reason}", reason=lines[-1] if lines else "it ended without a word")
    remedy = say("Undo the last change to this file, or mend it; the preview goes on with the code it had.")
    return [Problem(file, line, message, remedy)]


@dataclass(frozen=True)
class Handed:
    """What the process before this one left."""

    socket: socket.socket
    last_good: Path | None


def handed_over() -> Handed | None:
    """What was handed to this process; None when it was started by a person."""
    given = os.environ.pop(VARIABLE, None)
    if given is None:
        return None
    values = json.loads(given)
    listening = socket.socket(fileno=values["socket"])
    listening.set_inheritable(False)
    last_good = Path(values["last_good"]) if values["last_good"] else None
    return Handed(listening, last_good if last_good and last_good.is_dir() else None)


def restart(listening: socket.socket, last_good: Path | None) -> None:
    """Become a new process that runs the same command. Does not return."""
    command = [sys.executable, *sys.orig_argv[1:]]
    sys.stdout.flush()
    sys.stderr.flush()
    if sys.platform == "win32":  # there a process cannot become another one, nor hand on a socket so simply
        listening.close()
        sys.exit(subprocess.call(command if "--no-open" in command else [*command, "--no-open"]))
    listening.set_inheritable(True)
    values = {"socket": listening.fileno(), "last_good": str(last_good) if last_good else None}
    os.environ[VARIABLE] = json.dumps(values)
    os.execv(sys.executable, command)
