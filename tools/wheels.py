"""`invoke wheels`: whether all that the site runs on comes built, for each system and Python we support (#12)."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from itertools import product
from pathlib import Path

from plugins.problems import ROOT

SYSTEMS = {
    "Windows": "x86_64-pc-windows-msvc",
    "macOS, Apple processors": "aarch64-apple-darwin",
    "macOS, Intel processors": "x86_64-apple-darwin",
    "Linux, Intel and AMD processors": "x86_64-manylinux_2_28",
    "Linux, ARM processors": "aarch64-manylinux_2_28",
}
PYTHONS = ("3.11", "3.15")  # the oldest and the newest


def without_wheels(lock: Path = ROOT / "requirements.txt") -> list[str]:
    """A line for each system and Python where something of the lock would need a compiler. Asks the package index."""
    return [
        f"{system}, Python {python}: {said}"
        for (system, platform), python in product(SYSTEMS.items(), PYTHONS)
        if (said := _refusal(lock, platform, python))
    ]


def _refusal(lock: Path, platform: str, python: str) -> str:
    """What uv says where it cannot install wheels alone; nothing where it could. It installs nothing."""
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "uv", "pip", "install", "--quiet", "--dry-run", "--target", folder]
        command += ["--python", sys.executable, "--python-platform", platform, "--python-version", python]
        command += ["--only-binary", ":all:", "--require-hashes", "--requirement", str(lock)]
        done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=False)
    return " ".join((done.stderr or done.stdout or "uv failed").split()) if done.returncode else ""
