"""The first start: an environment from the lock, told in words, made again when it is broken."""

from __future__ import annotations

import ast
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tools import install

NOWHERE = "nowhere-to-be-found==1.0 --hash=sha256:" + "0" * 64


@pytest.fixture
def checkout(root: Path, tmp_path: Path) -> Path:
    """A checkout whose locks name nothing, so that nothing is fetched; its path has a space and an accent."""
    folder = tmp_path / "Été 2026" / "output" / "site"
    (folder / "tools").mkdir(parents=True)
    shutil.copyfile(root / "tools" / "install.py", folder / "tools" / "install.py")
    for lock in ("requirements.txt", "requirements-dev.txt"):
        (folder / lock).write_text("# nothing\n", encoding="utf-8")
    return folder


def run(checkout: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """The script as `make` calls it, with pip (uv is another machine's luck)."""
    command = [sys.executable, str(checkout / "tools" / "install.py"), *arguments]
    path = os.pathsep.join(folder for folder in os.defpath.split(os.pathsep) if not (Path(folder) / "uv").exists())
    surroundings = os.environ | {"PATH": path, "PIP_NO_INDEX": "1", "PYTHONUTF8": "1"} | environment
    return subprocess.run(command, env=surroundings, capture_output=True, text=True, encoding="utf-8", check=False)


def test_an_old_python_can_read_it_far_enough_to_say_so(
    root: Path, monkeypatch: pytest.MonkeyPatch, checkout: Path
) -> None:
    ast.parse((root / "tools" / "install.py").read_text(encoding="utf-8"), feature_version=(3, 6))
    monkeypatch.setattr(sys, "version_info", (3, 9, 2, "final", 0))
    for lang, words in (("en_GB.UTF-8", "the site needs 3.11 or newer"), ("fr_FR.UTF-8", "demande la version 3.11")):
        monkeypatch.setenv("LC_ALL", lang)
        with pytest.raises(SystemExit) as stopped:
            install.main([])
        said = str(stopped.value)
        assert words in said
        assert "3.9.2" in said
        assert "\n" not in said


def test_without_any_python_make_says_what_to_install(root: Path) -> None:
    # The suite itself may run below a `make`, which hands its own flags and level on.
    alone = {name: value for name, value in os.environ.items() if not name.startswith("MAKE")}
    done = subprocess.run(
        ["make", "serve", "PYTHON=python-of-nobody"], cwd=root, env=alone, capture_output=True, text=True, check=False
    )
    assert done.returncode != 0
    assert done.stdout.startswith("There is no python-of-nobody here. The site needs Python 3.11 or newer")


@pytest.mark.long
def test_it_is_made_once_and_again_when_its_python_is_gone_or_the_lock_has_changed(checkout: Path) -> None:
    python = checkout / ".venv" / "bin" / "python"
    first = run(checkout)
    assert first.returncode == 0, first.stderr
    assert "what the site needs is fetched" in first.stdout
    assert run(checkout).stdout == ""
    python.unlink()
    python.symlink_to("/nowhere/python3")
    assert "Everything is there" in run(checkout).stdout
    assert run(checkout).stdout == ""
    (checkout / "requirements.txt").write_text("# nothing yet\n", encoding="utf-8")
    assert "Everything is there" in run(checkout).stdout
    assert "what the tests need is fetched" in run(checkout, "--tests").stdout
    assert run(checkout).stdout == run(checkout, "--tests").stdout == ""


@pytest.mark.long
def test_what_cannot_be_fetched_is_told_and_tried_again(checkout: Path) -> None:
    lock = checkout / "requirements.txt"
    lock.write_text(NOWHERE, encoding="utf-8")
    failed = run(checkout, LC_ALL="fr_FR.UTF-8")
    assert failed.returncode == 1
    assert "Vérifiez que cet ordinateur est relié à internet" in failed.stderr
    assert "nowhere-to-be-found" in failed.stderr
    assert "Traceback" not in failed.stderr
    lock.write_text("# mended\n", encoding="utf-8")
    assert run(checkout).returncode == 0


def test_where_no_environment_can_be_made_the_package_is_named(checkout: Path) -> None:
    (checkout / ".venv").write_text("a file in its way", encoding="utf-8")
    failed = run(checkout)
    assert failed.returncode == 1
    assert "python3-venv" in failed.stderr
    assert (checkout / ".venv").read_text(encoding="utf-8") == "a file in its way"
