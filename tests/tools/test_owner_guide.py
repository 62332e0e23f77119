"""Both owner's guides, followed to the letter on a copy of the project: every command is run, every message is met.

In a guide, `sh` boxes are run line by line; a `text` box holds lines that the commands just above print, in this order
(“…” stands for anything); a `diff FILE` box changes a file (lines with only a plus go to its end); and a comment says
what the owner does without a command: put an image somewhere, know her facts and have a place to publish to.
"""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.surroundings import need
from tests.tools.pictures import png

GUIDES = ["en", "fr"]
BOX = re.compile(r"^```(\w+) ?(\S*)\n(.*?)^```$|^<!-- (?:put an image at (\S+)|every fact is .*?) -->$", re.M | re.S)
COPIED = ["content", "theme", "plugins", "tools", "docs", "tests/fixtures"]
SECONDS = 120
REMOTE = "machine"  # rclone knows it from the environment


@dataclass(frozen=True)
class Step:
    """One box of a guide."""

    kind: str
    file: str
    text: str


def guide(root: Path, lang: str) -> str:
    return (root / "docs" / f"owner-guide.{lang}.md").read_text(encoding="utf-8")


def steps(text: str) -> list[Step]:
    return [
        Step(found[1], found[2], found[3]) if found[1] else Step("image" if found[4] else "ready", found[4] or "", "")
        for found in BOX.finditer(text)
    ]


@dataclass
class Desk:
    """The copy of the project, with what the last commands printed."""

    folder: Path
    environment: dict[str, str]
    said: str = ""
    running: list[subprocess.Popen[str]] = field(default_factory=list)

    def run(self, command: str) -> None:
        if command.startswith("invoke serve"):
            self.said += self.serve(command)
            return
        done = subprocess.run(
            command,
            shell=True,
            cwd=self.folder,
            env=self.environment,
            capture_output=True,
            text=True,
            encoding="utf-8",
            timeout=SECONDS,
            check=False,
        )
        self.said += done.stderr + done.stdout
        assert "Traceback" not in self.said, self.said
        assert "Processed" not in self.said, self.said  # Pelican's own account of a build
        assert done.returncode in (0, 1), (command, self.said)

    def serve(self, command: str) -> str:
        """Start the preview and wait for its address; it goes on in the background, as the guide says."""
        process = subprocess.Popen(
            command,
            shell=True,
            cwd=self.folder,
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            encoding="utf-8",
            start_new_session=True,
        )
        self.running.append(process)
        timer = threading.Timer(SECONDS, self.stop)
        timer.start()
        said = ""
        for line in process.stdout or ():
            said += line
            if "http://127.0.0.1:" in line:
                break
        timer.cancel()
        return said

    def stop(self) -> None:
        for process in self.running:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGTERM)
        for process in self.running:
            process.wait(SECONDS)
            if process.stdout:
                process.stdout.close()

    def change(self, file: str, diff: str) -> None:
        """Each run of minus lines is replaced by the plus lines that follow it."""
        path = self.folder / file
        lines = path.read_text(encoding="utf-8").splitlines()
        place: int | None = None
        for change in diff.splitlines():
            if change.startswith("-"):
                place = next((n for n, line in enumerate(lines) if like(change[1:], line)), None)
                assert place is not None, f"{file} has no line {change[1:]!r}"
                del lines[place]
            elif place is None:
                lines += ["", change[1:]]
            else:
                lines.insert(place, change[1:])
                place += 1
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")

    def expect(self, text: str) -> None:
        """Each line of `text` was printed, one after the other."""
        printed = [spaced(line) for line in self.said.splitlines()]
        for expected in text.splitlines():
            place = next((n for n, line in enumerate(printed) if like(spaced(expected), line)), None)
            assert place is not None, f"{expected!r} was not printed (any more) in:\n{self.said}"
            del printed[: place + 1]


def spaced(line: str) -> str:
    """A line with ordinary spaces, single inside, and the preview's usual port."""
    line = re.sub(r"127\.0\.0\.1:\d+", "127.0.0.1:8000", line.replace("\u00a0", " ").replace("\u202f", " "))
    return re.sub(r"(?<=\S) +", " ", line).rstrip()


def like(pattern: str, line: str) -> bool:
    return bool(re.fullmatch(".*?".join(re.escape(part) for part in spaced(pattern).split("…")), spaced(line)))


@pytest.fixture(params=GUIDES)
def desk(request: pytest.FixtureRequest, root: Path, tmp_path: Path) -> Iterator[tuple[Desk, list[Step], str]]:
    """A fresh copy of the project with one picture in its album, in the guide's language."""
    need("git")
    lang = request.param
    folder = tmp_path / "site"
    folder.mkdir()
    for name in COPIED:
        shutil.copytree(root / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    for file in [*root.glob("*.py"), *root.glob("*.toml"), *root.glob("*.txt"), root / ".gitignore", root / "Makefile"]:
        shutil.copyfile(file, folder / file.name)
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("LC_", "GIT_"))}
    environment |= {"LANG": {"en": "en_GB.UTF-8", "fr": "fr_FR.UTF-8"}[lang], "PYTHONUTF8": "1", "LANGUAGE": "en"}
    environment |= {
        f"GIT_{who}_{what}": value
        for who in ("AUTHOR", "COMMITTER")
        for what, value in (("NAME", "Test"), ("EMAIL", "t@t.example"))
    }
    environment[f"RCLONE_CONFIG_{REMOTE.upper()}_TYPE"] = "local"
    environment["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{environment['PATH']}"
    desk = Desk(folder, environment)
    for command in ("invoke translated all", "git init --quiet", "git add --all", "git commit --quiet --message First"):
        desk.run(command)
    desk.said = ""
    yield desk, steps(guide(root, lang)), lang
    desk.stop()


def make_ready(folder: Path) -> None:
    """Every fact is known (the invented ones, claiming to be true), and the site goes to a folder of this machine."""
    facts = (folder / "tests" / "fixtures" / "practice.toml").read_text(encoding="utf-8")
    (folder / "content" / "data" / "practice.toml").write_text(
        facts.replace("fictitious = true", "fictitious = false"), encoding="utf-8"
    )
    places = {name: folder.parent / name for name in ("public", "aside")}
    places["public"].mkdir()
    (folder / "publish.toml").write_text(
        'target = "host"\n[targets.host]\nkind = "rclone"\n'
        f'remote = "{REMOTE}:{places["public"].as_posix()}"\naside = "{REMOTE}:{places["aside"].as_posix()}"\n',
        encoding="utf-8",
    )


def test_the_guide_is_followed_to_the_letter(desk: tuple[Desk, list[Step], str]) -> None:
    here, followed, _ = desk
    for step in followed:
        match step.kind:
            case "sh":
                here.said = ""
                for command in step.text.splitlines():
                    here.run(command)
            case "text":
                here.expect(step.text)
            case "diff":
                here.change(step.file, step.text)
            case "image":
                (here.folder / step.file).parent.mkdir(exist_ok=True)
                (here.folder / step.file).write_bytes(png(8, 8))
            case "ready":
                make_ready(here.folder)
            case kind:
                pytest.fail(f"a box of a kind nobody follows: {kind}")


@pytest.mark.parametrize("lang", GUIDES)
def test_commands_in_the_text_are_run_somewhere_too(root: Path, lang: str) -> None:
    text = guide(root, lang)
    run = [line for step in steps(text) if step.kind == "sh" for line in step.text.splitlines()]
    prose = BOX.sub("", text)
    for command in re.findall(r"`((?:invoke|git|make|source) [^`]+)`", prose):
        if command.startswith("make "):
            assert re.search(
                rf"^(?:\w+ )*{command.removeprefix('make ')}\b.*:",
                (root / "Makefile").read_text(encoding="utf-8"),
                re.M,
            )
        elif command.startswith("source "):
            assert command == "source .venv/bin/activate"
        else:
            words = command.replace(" article ", " page ").split()[:2]
            assert any(line.split()[:2] == words for line in run), command


def test_both_guides_say_the_same_in_the_same_order(root: Path) -> None:
    english, french = (guide(root, lang) for lang in GUIDES)

    def shape(text: str) -> list[str]:
        return [line.split()[0] for line in text.splitlines() if line.startswith(("#", "```"))]

    assert shape(english) == shape(french)

    def verbs(text: str) -> list[list[str]]:
        return [line.split()[:2] for step in steps(text) if step.kind == "sh" for line in step.text.splitlines()]

    assert verbs(english) == verbs(french)
