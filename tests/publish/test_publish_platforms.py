"""The workflow files of GitHub and GitLab: what they run is what is here, and nobody can change what they use."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from tools.wheels import PYTHONS

GITHUB, GITLAB = ".github/workflows/pages.yml", ".gitlab-ci.yml"


def commands(root: Path, file: str) -> list[str]:
    """Every command line of a workflow."""
    data: dict[str, Any] = yaml.safe_load((root / file).read_text(encoding="utf-8"))
    if file == GITLAB:
        return [line for job in data.values() for line in job["script"]]
    return [step["run"] for job in data["jobs"].values() for step in job["steps"] if "run" in step]


LOADED = """
import sys
from importlib.metadata import packages_distributions
from tools.publish import gate
known = packages_distributions()
print(*{name for module in list(sys.modules) for name in known.get(module, ())})
"""


@pytest.mark.parametrize("file", [GITHUB, GITLAB])
def test_they_install_what_the_gate_imports(root: Path, file: str) -> None:
    test, install, gate, *_ = commands(root, file)
    assert test == ".ci/run"
    assert "--require-hashes" in install
    assert gate == "python -m tools.publish.gate"
    lock = re.findall(r"^([\w.-]+)==", (root / install.split()[-1]).read_text(encoding="utf-8"), re.M)
    done = subprocess.run([sys.executable, "-c", LOADED], cwd=root, capture_output=True, text=True, check=True)
    imported = {re.sub(r"[-_.]+", "-", name).lower() for name in done.stdout.split()}
    assert "pelican" in imported
    assert imported - {"pip", "setuptools"} <= set(lock)


@pytest.mark.parametrize("file", [GITHUB, GITLAB])
def test_nothing_is_published_that_was_not_tested_on_the_oldest_and_newest_python(root: Path, file: str) -> None:
    data: dict[str, Any] = yaml.safe_load((root / file).read_text(encoding="utf-8"))
    if file == GITLAB:  # where a stage waits for the one before
        assert data["test"]["stage"] == "test"
        assert data["pages"]["stage"] == "deploy"
        pythons = data["test"]["parallel"]["matrix"][0]["PYTHON"]
    else:
        assert data["jobs"]["build"]["needs"] == "test"
        assert data["jobs"]["deploy"]["needs"] == "build"
        pythons = data["jobs"]["test"]["strategy"]["matrix"]["python"]
    assert tuple(pythons) == PYTHONS


def test_actions_are_named_by_commit(root: Path) -> None:
    used = re.findall(r"uses: *(\S+)(.*)", (root / GITHUB).read_text(encoding="utf-8"))
    assert used
    for action, comment in used:
        assert re.fullmatch(r"actions/[\w-]+@[0-9a-f]{40}", action), action
        assert re.fullmatch(r" # v[\d.]+", comment), "the version stands beside"


@pytest.mark.parametrize("file", [GITHUB, GITLAB])
def test_a_package_that_could_not_be_audited_counts(root: Path, file: str) -> None:
    """Without --strict, pip-audit passes over what it knows nothing of, and says that all is well."""
    audits = [line for line in commands(root, file) if "--disable-pip" in line]
    assert len(audits) == 2
    assert all("pip-audit" in line and "--strict" in line for line in audits)
