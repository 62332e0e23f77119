"""What scripts keep on a reader's device and what the facts declare are the same, or the build stops."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from plugins.build import build_of
from plugins.practice.facts import load_facts
from plugins.practice.storage import check_storage
from plugins.problems import Problem
from tools.build import settings_for

DECLARED = """
[[storage_keys]]
key = "{}"
purpose = {{ en = "Keeps your answers", fr = "Garde vos réponses" }}
lifetime = {{ en = "Until you erase them", fr = "Jusqu’à ce que vous les effaciez" }}
"""


@pytest.fixture
def problems(tmp_path: Path, fictitious: Path) -> Any:
    """The problems of a site with these scripts and these declared keys."""

    def found(scripts: dict[str, str], *keys: str) -> list[Problem]:
        folder = tmp_path / "theme" / "static" / "js"
        folder.mkdir(parents=True)
        for name, text in scripts.items():
            (folder / name).write_text(text, encoding="utf-8")
        facts = tmp_path / "practice.toml"
        bare = fictitious.read_text(encoding="utf-8").split("\n[[storage_keys]]")[0]
        facts.write_text(bare + "\n" + "".join(DECLARED.format(key) for key in keys), encoding="utf-8")
        settings = settings_for(tmp_path / "output", False, facts, {"THEME": str(tmp_path / "theme")})
        load_facts(SimpleNamespace(settings=settings))
        check_storage([SimpleNamespace(settings=settings)])
        return build_of(settings).problems

    return found


def test_what_is_declared_and_kept_is_no_problem(problems: Any) -> None:
    assert problems({"a.js": 'const KEY = "a", OTHER = "c";', "b.js": "const KEY_OF_B = 'b';"}, "b", "a") == []


def test_nothing_kept_and_nothing_declared_is_no_problem(problems: Any) -> None:
    assert problems({"a.js": "alert();"}) == []


def test_a_key_that_is_not_declared_stops_the_build_at_its_line(problems: Any, tmp_path: Path) -> None:
    (problem,) = problems({"a.js": '\nconst KEY = "spy";\n'})
    assert problem.severity == "error"
    assert (problem.file, problem.line) == ((tmp_path / "theme/static/js/a.js").as_posix(), 2)
    assert "“spy”" in problem.message
    assert "practice.toml" in problem.remedy


def test_a_key_that_is_not_kept_stops_the_build_at_its_line(problems: Any, tmp_path: Path) -> None:
    (problem,) = problems({"a.js": 'const KEY = "a";'}, "a", "gone")
    assert problem.severity == "error"
    text = (tmp_path / "practice.toml").read_text(encoding="utf-8").splitlines()
    assert problem.file.endswith("practice.toml")
    assert problem.line
    assert text[problem.line - 1] == 'key = "gone"'
    assert "“gone”" in problem.message
