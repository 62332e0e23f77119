"""What every test may use: the project's folders, the facts for tests, and how hypothesis looks for examples."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import settings as hypothesis_settings

ROOT = Path(__file__).resolve().parent.parent

# No time limit on an example, so that a busy machine fails nothing; the same examples every time where CI runs.
hypothesis_settings.register_profile("site", deadline=None, derandomize="CI" in os.environ, max_examples=150)
hypothesis_settings.register_profile("thorough", deadline=None, max_examples=20_000)  # --hypothesis-profile=thorough
hypothesis_settings.load_profile("site")


@pytest.fixture(scope="session")
def root() -> Path:
    """The project's folder."""
    return ROOT


@pytest.fixture(scope="session")
def fictitious(root: Path) -> Path:
    """Facts that are complete and invented: with them a build can be tested as published."""
    return root / "tests" / "fixtures" / "practice.toml"


@pytest.fixture(scope="session")
def incomplete(root: Path) -> Path:
    """Facts of a practice that has only begun to fill them in."""
    return root / "tests" / "fixtures" / "incomplete.toml"
