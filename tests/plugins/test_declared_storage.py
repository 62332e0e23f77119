"""What scripts keep on a reader's device and what the facts declare are the same, or the build stops."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from plugins.build import build_of
from plugins.practice.facts import load_facts
from plugins.practice.storage import check_storage, written_keys
from plugins.problems import Problem
from tools.build import settings_for

DECLARED = """
[[storage_keys]]
key = "{}"
purpose = {{ en = "Keeps your answers", fr = "Garde vos réponses" }}
lifetime = {{ en = "Until you erase them", fr = "Jusqu’à ce que vous les effaciez" }}
"""


@pytest.mark.parametrize(
    ("script", "keys"),
    [
        ('localStorage.setItem("a", text);', ["a"]),
        ("sessionStorage . setItem( 'a' , text);", ["a"]),
        ("window.localStorage.setItem(`a`, text);", ["a"]),
        ('const KEY = "a";\nlocalStorage.setItem(KEY, "http://x");', ["a"]),
        ('const KEY = "a", OTHER = "b";\nlocalStorage.setItem(KEY, text);', ["a"]),
        ('store.setItem("a", text);', ["a"]),
        ('localStorage["a"] = text;', ["a"]),
        ("localStorage.a = text;", ["a"]),
        ('document.cookie = "a=1; path=/";', ["a"]),
        ('document.cookie = "a=" + text;', ["a"]),
        ('cookieStore.set("a", text);', ["a"]),
        ('indexedDB.open("a", 1);', ["a"]),
        ('caches.open("a");', ["a"]),
        ('localStorage.setItem("a", 1); localStorage.setItem("b", 2);', ["a", "b"]),
        ("localStorage.setItem(name, text);", [None]),
        ('let KEY = "a";\nlocalStorage.setItem(KEY, text);', [None]),
        ('const KEY = "a";\nlocalStorage.setItem(KEY + number, text);', [None]),
        ("localStorage.setItem(`a-${number}`, text);", [None]),
        ("document.cookie = text;", [None]),
        ('localStorage.getItem("a"); localStorage.removeItem("a");', []),
        ('if (localStorage.a === text || document.cookie == "a=1") go();', []),
        ('// localStorage.setItem("a", text)', []),
        ('/* caches.open("a");\nindexedDB.open("a"); */', []),
        ('const address = "https://x"; localStorage.setItem("a", address);', ["a"]),
    ],
)
def test_a_key_is_found_wherever_something_is_kept(script: str, keys: list[str | None]) -> None:
    assert [key for _, key in written_keys(script)] == keys


def test_a_key_has_its_line() -> None:
    script = 'const KEY = "a";\n/* two\nlines */\n\nlocalStorage\n  .setItem(KEY, text);\n'
    assert list(written_keys(script)) == [(6, "a")]


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
    assert problems({"a.js": 'caches.open("a");', "b.js": 'localStorage.setItem("b", 1);'}, "b", "a") == []


def test_nothing_kept_and_nothing_declared_is_no_problem(problems: Any) -> None:
    assert problems({"a.js": "alert();"}) == []


def test_a_key_that_is_not_declared_stops_the_build_at_its_line(problems: Any, tmp_path: Path) -> None:
    (problem,) = problems({"a.js": '\nlocalStorage.setItem("spy", 1);\n'})
    assert problem.severity == "error"
    assert (problem.file, problem.line) == ((tmp_path / "theme/static/js/a.js").as_posix(), 2)
    assert "“spy”" in problem.message
    assert "practice.toml" in problem.remedy


def test_a_key_that_is_not_kept_stops_the_build_at_its_line(problems: Any, tmp_path: Path) -> None:
    (problem,) = problems({"a.js": 'localStorage.setItem("a", 1);'}, "a", "gone")
    assert problem.severity == "error"
    text = (tmp_path / "practice.toml").read_text(encoding="utf-8").splitlines()
    assert problem.file.endswith("practice.toml")
    assert problem.line
    assert text[problem.line - 1] == 'key = "gone"'
    assert "“gone”" in problem.message


def test_a_key_that_cannot_be_read_off_stops_the_build(problems: Any) -> None:
    (problem,) = problems({"a.js": "localStorage.setItem(name, 1);"})
    assert problem.line == 1
    assert "constant" in problem.remedy
