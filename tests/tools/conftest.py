"""A copy of the site to break, with a good build of it that no broken build may touch."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.tools.copied_site import Project, files_in, told


@pytest.fixture(scope="session")
def built_project(root: Path, fictitious: Path, tmp_path_factory: pytest.TempPathFactory) -> Project:
    """The copy, built well once."""
    project = Project(root, tmp_path_factory.mktemp("project"), fictitious)
    project.reset()
    built = project.build(draws=True)
    assert built.ok, told(built)
    project.good = files_in(project.output)
    return project


@pytest.fixture
def project(built_project: Project) -> Iterator[Project]:
    """The copy, whole at the start of each test."""
    yield built_project
    built_project.reset()
