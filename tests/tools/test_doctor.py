"""`invoke doctor`: what is there, what is not, and the line to type on each system."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from plugins.problems import say
from tools import doctor, extras
from tools.doctor import NEEDS, Need, examine, packages, report


def nothing(name: str) -> None:
    """A machine that has no program at all."""


def test_every_program_has_a_line_for_every_system() -> None:
    for need in NEEDS:
        assert need.serves.startswith("invoke ")
        assert all((need.loss, need.debian, need.macos, need.windows)), need


def test_what_the_tests_lack_is_named_with_the_line_that_installs_it(monkeypatch: pytest.MonkeyPatch) -> None:
    assert doctor.tests().good, doctor.tests().words  # or this run would have skipped something
    lacking = extras.Program("/nowhere/*/pagella.otf", "fonts-texgyre", "fonts as on Windows")
    monkeypatch.setattr(extras, "PROGRAMS", [*extras.PROGRAMS, lacking])
    sign = doctor.tests()
    assert (sign.good, sign.vital) == (False, False)
    assert "Debian:  sudo apt-get install fonts-texgyre\n" in report([sign], "en")


def test_a_machine_with_nothing_is_told_what_to_type() -> None:
    told = report(examine(nothing), "en")
    assert "git is missing, so with “invoke translations”" in told
    for need in NEEDS:
        for line in (f"Debian:  {need.debian}", f"macOS:   {need.macos}", f"Windows: {need.windows}"):
            assert line in told
    assert "il manque" not in told
    assert "git manque" in report(examine(nothing), "fr")


def test_a_program_is_found_under_any_of_its_names() -> None:
    need = Need(("first", "second"), "invoke x", say("x"), "d", "m", "w")
    assert need.there(lambda name: "/opt/it" if name == "second" else None) == "/opt/it"


def test_this_environment_is_what_the_lock_says() -> None:
    sign = packages()
    assert sign.good, sign.words


def test_packages_that_differ_from_the_lock_are_named(tmp_path: Path) -> None:
    lock = tmp_path / "requirements.txt"
    lock.write_text(
        "invoke==0.0.1 \\\n    --hash=sha256:00\nnowhere-to-be-found==1.0 \\\n    --hash=sha256:00\n"
        "only-elsewhere==1.0 ; sys_platform == 'atari' \\\n    --hash=sha256:00\n",
        encoding="utf-8",
    )
    sign = packages(lock)
    assert (sign.good, sign.vital) == (False, True)
    assert "invoke 0.0.1 (" in sign.words
    assert "nowhere-to-be-found 1.0" in sign.words
    assert "only-elsewhere" not in sign.words
    assert "python3 tools/install.py" in report([sign], "en")


def test_an_old_python_is_vital(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "PYTHON", (9, 9))
    sign = doctor.python()
    assert (sign.good, sign.vital) == (False, True)
    assert "sudo apt-get install python3" in report([sign], "en")


def test_the_command(root: Path) -> None:
    command = [sys.executable, "-m", "invoke", "doctor", "--lang", "fr"]
    done = subprocess.run(command, cwd=root, capture_output=True, text=True, encoding="utf-8", check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "oui      git" in done.stdout
