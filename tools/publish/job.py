"""A publish as a process of its own, for the desk: it outlives whoever asked for it, and its steps are lines in a file.

`python -m tools.publish.job publish` (or `rehearse`, `rollback`), and for `rollback` the release, else the one before;
with `--break-lock` somebody else's lock is taken away. While it runs it holds a lock, which ends with it in any case.
"""

from __future__ import annotations

import datetime
import json
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TextIO

from plugins.problems import ROOT, Problem, as_data, from_data, say

from . import commands
from .errors import PublishError
from .locking import hold
from .progress import Voice
from .record import settle

PLACE, LOCK = ".desk/publishing.jsonl", ".desk/publishing.lock"
OFTEN = 0.5  # seconds between two lines about an upload
PATIENCE = 3.0  # seconds for which a lock that is only looked at may be held
STEPS = {
    "publish": ("build", "lock", "upload", "verify", "switch", "check", "prune"),
    "rehearse": ("build",),
    "rollback": ("lock", "verify", "switch", "check"),
}
FAULTY = (OSError, ValueError, KeyError, TypeError, AttributeError, IndexError)  # of a file that others may write


class Steps(Voice):
    """Writes what happens to a file, a line of JSON for each thing; a full disk stops nothing."""

    def __init__(self, file: TextIO) -> None:
        super().__init__()
        self.file = file

    def line(self, **told: Any) -> None:
        with suppress(OSError):
            self.file.write(json.dumps(told, ensure_ascii=False) + "\n")
            self.file.flush()

    def say(self, text: str) -> None:
        self.line(say=as_data(text))

    def step(self, name: str) -> None:
        self.line(step=name)

    def switching(self, release: str) -> None:
        self.line(switching=release)

    def upload(self, done: int, total: int) -> None:
        if time.monotonic() - self._last > OFTEN or done == total:
            self._last = time.monotonic()
            self.line(sent=[done, total])

    def changes(self, changes: dict[str, list[str]]) -> None:
        self.line(changes=changes)


@dataclass
class Job:
    """The last one, as its file tells. `end` is `done`, `failed` or `broken`; "" while it runs, or where it was killed.

    `live` is what became of one that was broken off: `new`, `old`, or `mixed` where pages of both may be live.
    """

    what: str
    begun: datetime.datetime
    wanted: str = ""  # the release to go back to; "" for the one before
    steps: list[str] = field(default_factory=list)
    said: list[str] = field(default_factory=list)
    sent: tuple[int, int] = (0, 0)
    switching: str = ""
    changes: dict[str, list[str]] | None = None
    end: str = ""
    ended: datetime.datetime | None = None
    kind: str = ""  # of the error
    message: str = ""
    remedy: str = ""
    problems: list[Problem] = field(default_factory=list)
    live: str = ""

    def add(self, told: dict[str, Any]) -> None:
        """What one more line says."""
        if "step" in told:
            self.steps.append(told["step"])
        if "say" in told:
            self.said.append(from_data(told["say"]))
        if "end" in told:
            told = told | {"ended": datetime.datetime.fromisoformat(told["ended"])}
            told |= {name: from_data(told[name]) for name in ("message", "remedy") if name in told}
            lines = [{name: from_data(value) for name, value in one.items()} for one in told.get("problems", [])]
            told["problems"] = [Problem(**one) for one in lines]
        for name in told.keys() & vars(self).keys():
            setattr(self, name, told[name])


def last_job(root: Path = ROOT) -> Job | None:
    """The last one; None where there was none, or its file cannot be read."""
    job = None
    with suppress(*FAULTY):
        for line in (root / PLACE).read_text(encoding="utf-8").splitlines():
            told = json.loads(line)
            if job is None:
                job = Job(told["what"], datetime.datetime.fromisoformat(told["begun"]), told.get("wanted", ""))
            else:
                job.add(told)
    return job


def running(root: Path = ROOT) -> bool:
    """Whether one is at work."""
    try:
        with (root / LOCK).open("a") as lock:
            hold(lock)
    except FileNotFoundError:
        return False
    except OSError:
        return True
    return False


def start(command: list[str], root: Path = ROOT) -> subprocess.Popen[bytes]:
    """Begin one that nobody's end ends. Raises OSError."""
    windows = sys.platform == "win32"
    apart: dict[str, Any] = {"creationflags": 0x00000208} if windows else {"start_new_session": True}  # DETACHED, GROUP
    none = subprocess.DEVNULL
    return subprocess.Popen(command, cwd=root, stdin=none, stdout=none, stderr=none, **apart)


def run(act: Callable[[Steps], None], what: str, root: Path = ROOT, wanted: str = "") -> None:
    """Do it, and write what happens; nothing where another is at work."""
    (root / LOCK).parent.mkdir(exist_ok=True)
    with (root / LOCK).open("a") as lock:
        for _ in range(round(PATIENCE / 0.1)):
            try:
                hold(lock)
                break
            except OSError:
                time.sleep(0.1)
        else:
            return
        with (root / PLACE).open("w", encoding="utf-8") as file:
            steps = Steps(file)
            steps.line(what=what, begun=now(), wanted=wanted)
            try:
                act(steps)
            except PublishError as error:
                told = {"message": as_data(error.message), "remedy": as_data(error.remedy)}
                problems = [{name: as_data(value) for name, value in vars(one).items()} for one in error.problems]
                steps.line(end="failed", ended=now(), kind=type(error).__name__, problems=problems, **told)
            except Exception as error:
                message = say("the program itself has a fault ({kind})", kind=type(error).__name__)
                remedy = say("Tell whoever looks after the site.")
                steps.line(end="failed", ended=now(), message=as_data(message), remedy=as_data(remedy))
                raise
            else:
                steps.line(end="done", ended=now())


def now() -> str:
    return datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds")


def become_of(job: Job, root: Path = ROOT) -> str:
    """What is live after one that was killed: `new`, `old` or `mixed`; kept. Raises PublishError and OSError."""
    live = "old"
    if job.switching:
        target, state = commands.live(root / "publish.toml")
        live = "mixed" if state.halfway else "new" if state.live == job.switching else "old"
        if live == "new":
            settle(target.config.name, job.switching, root)
    with (root / PLACE).open("a", encoding="utf-8") as file:
        Steps(file).line(end="broken", ended=now(), live=live)
    return live


def main(what: str, *rest: str, root: Path = ROOT) -> None:
    """As from the command line."""
    break_lock, wanted = "--break-lock" in rest, next((word for word in rest if not word.startswith("-")), "")
    file = root / "publish.toml"
    acts: dict[str, Callable[[Steps], None]] = {
        "publish": lambda steps: commands.publish(break_lock=break_lock, file=file, voice=steps),
        "rehearse": lambda steps: commands.publish(dry_run=True, file=file, voice=steps),
        "rollback": lambda steps: commands.rollback(wanted, break_lock=break_lock, file=file, voice=steps),
    }
    run(acts[what], what, root, wanted)


if __name__ == "__main__":
    main(*sys.argv[1:])
