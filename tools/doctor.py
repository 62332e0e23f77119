"""`invoke doctor`: what is on this machine, what is missing for which command, and the exact line that installs it."""

from __future__ import annotations

import importlib.metadata
import re
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from packaging.markers import Marker

from plugins.problems import ROOT, in_language, say
from tools import extras
from tools.extras import which

PYTHON = (3, 11)
LOCK = ROOT / "requirements.txt"
PINNED = re.compile(r"^([A-Za-z0-9._-]+)==([^\s;\\]+)\s*(?:;\s*([^\\]+?))?\s*\\?$", re.M)


@dataclass(frozen=True)
class Need:
    """A program, the commands that use it, what they cannot do without it, and how each system installs it."""

    commands: tuple[str, ...]
    serves: str
    loss: str
    debian: str
    macos: str
    windows: str

    def there(self, find: Callable[[str], str | None] = which) -> str | None:
        """Where the program is, under one of its names."""
        return next((found for name in self.commands if (found := find(name))), None)


NEEDS = [
    Need(
        ("git",),
        "invoke translations",
        say("it cannot show what changed in the other language, and nothing can be undone"),
        "sudo apt-get install git",
        "xcode-select --install",
        "winget install --id Git.Git",
    ),
    Need(
        ("rsync",),
        "invoke publish",
        say("a changed file is sent whole, not only what differs in it"),
        "sudo apt-get install rsync",
        "brew install rsync",
        "use Debian in WSL: wsl --install -d Debian",
    ),
    Need(
        ("ssh",),
        "invoke publish",
        say("the site cannot be sent to a server by SSH"),
        "sudo apt-get install openssh-client",
        "ssh is part of macOS",
        "winget install --id Microsoft.OpenSSH.Preview",
    ),
]


@dataclass(frozen=True)
class Sign:
    """One line of the report: `good` or not, what it is about, and what to type where it is not."""

    good: bool
    words: str
    lines: tuple[tuple[str, str], ...] = ()
    vital: bool = False  # without it, nothing works


def install_lines() -> tuple[tuple[str, str], ...]:
    """How the Python packages are installed, on each system."""
    return (
        ("Debian", "python3 tools/install.py"),
        ("macOS", "python3 tools/install.py"),
        ("Windows", "py tools\\install.py"),
    )


def python() -> Sign:
    """Python itself."""
    version = ".".join(str(part) for part in sys.version_info[:3])
    lines = (
        ("Debian", "sudo apt-get install python3 python3-venv"),
        ("macOS", "brew install python@3.13"),
        ("Windows", "winget install --id Python.Python.3.13"),
    )
    words = say("Python {version}; 3.11 or newer is needed", version=version)
    return Sign(sys.version_info[:2] >= PYTHON, words, lines, vital=True)


def packages(lock: Path = LOCK) -> Sign:
    """Whether the environment is what the lock says."""
    wrong = []
    text = lock.read_text(encoding="utf-8")
    pinned = PINNED.findall(text)
    for name, version, marker in pinned:
        if marker and not Marker(marker).evaluate():
            continue
        try:
            found = importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            wrong.append(f"{name} {version}")
            continue
        if found != version:
            wrong.append(f"{name} {version} ({found})")
    if wrong:
        words = say("Python packages to install or update: {names}", names=", ".join(wrong))
        return Sign(False, words, install_lines(), vital=True)
    return Sign(True, say("Python packages: the {count} of requirements.txt", count=len(pinned)))


def programs(find: Callable[[str], str | None] = which) -> Iterator[Sign]:
    """What is beside Python: nothing vital, and each for something."""
    for need in NEEDS:
        if found := need.there(find):
            yield Sign(True, say("{name}: {place}", name=need.commands[0], place=found))
            continue
        words = say(
            "{name} is missing, so with “{command}” {loss}", name=need.commands[0], command=need.serves, loss=need.loss
        )
        yield Sign(False, words, (("Debian", need.debian), ("macOS", need.macos), ("Windows", need.windows)))


def tests() -> Sign:
    """What the tests need beside Python; `make test` installs it on Debian."""
    lacking = sorted({program.package for program in extras.missing()})
    if not lacking:
        return Sign(True, say("What the tests need: all there"))
    words = say("What the tests need is missing: {names}", names=", ".join(lacking))
    lines = (
        ("Debian", f"sudo apt-get install {' '.join(lacking)}"),
        ("macOS", "brew install chromium openjdk poppler nginx httpd"),
        ("Windows", "wsl --install -d Debian"),
    )
    return Sign(False, words, lines)


def examine(find: Callable[[str], str | None] = which) -> list[Sign]:
    """The whole report."""
    return [python(), packages(), *programs(find), tests()]


def report(signs: list[Sign], lang: str) -> str:
    """The report as a terminal shows it; the lines to type stand under what is missing."""
    lines = []
    for sign in signs:
        mark = say("ok") if sign.good else (say("MISSING") if sign.vital else say("absent"))
        lines.append(f"{in_language(mark, lang):<8} {in_language(sign.words, lang)}")
        if not sign.good:
            lines += [f"             {system + ':':<9}{line}" for system, line in sign.lines]
    return "\n".join(lines)
