"""A site with no pages yet, and a way to write one and read it as a build would."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from plugins.build import Build, build_of
from plugins.practice.facts import load_facts
from plugins.problems import ContentError, Problem
from plugins.reader.source import Source, read_source
from tools.build import settings_for

MATTER = """\
title: A title
slug: a-title
description: A sentence that says what the reader finds on the page, long enough for a search engine.
modified: 2026-11-24
"""


@pytest.fixture(scope="session")
def base_build(tmp_path_factory: pytest.TempPathFactory, fictitious: Path) -> Build:
    """A build with the fictitious facts loaded; its content folder is empty."""
    folder = tmp_path_factory.mktemp("site")
    content = folder / "content"
    content.mkdir()
    settings = settings_for(folder / "output", False, fictitious, {"PATH": str(content)})
    load_facts(SimpleNamespace(settings=settings))
    return build_of(settings)


@pytest.fixture
def build(base_build: Build, tmp_path: Path) -> Build:
    """The same, with a content folder and problems of its own."""
    content = tmp_path / "content"
    content.mkdir()
    build = replace(base_build)
    for name in ("reading", "facts", "gaps", "address"):
        setattr(build, name, getattr(base_build, name))
    build.settings = base_build.settings | {"PATH": str(content)}
    return build


@pytest.fixture
def read(build: Build) -> Callable[..., Source]:
    """Write a page and read it: `read("text", lang="fr", matter="title: …")`; bytes are written as they are."""

    def write_and_read(
        body: str | bytes = "", lang: str = "en", kind: str = "pages", matter: str = MATTER, key: str = "a-page"
    ) -> Source:
        place = build.content / lang / kind / f"{key}.md"
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(body if isinstance(body, bytes) else f"---\n{matter}---\n{body}".encode())
        return read_source(place, build)

    return write_and_read


@pytest.fixture
def problems(read: Callable[..., Source]) -> Callable[..., list[Problem]]:
    """Write a page that is wrong and get its problems; the test fails if the page is read without one."""

    def refused(*args: Any, **kwargs: Any) -> list[Problem]:
        with pytest.raises(ContentError) as error:
            read(*args, **kwargs)
        found: list[Problem] = error.value.args[0]
        return found

    return refused
