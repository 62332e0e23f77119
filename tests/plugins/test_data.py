"""Menus and the worksheet's definition: what is wrong in them is told, with the line where there is one."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest

from plugins.build import build_of
from plugins.practice.data import Navigation, Worksheet, read_toml
from tools.build import settings_for

FIELD = 'id = "{}"\nkind = "{}"\nlabel = {{ en = "a", fr = "b" }}\n'
WORKSHEET = 'title = { en = "a", fr = "b" }\n[[steps]]\nid = "s"\ntitle = { en = "a", fr = "b" }\n'


def problems(path: Path, model: Any, text: str) -> list[tuple[int | None, str]]:
    path.write_text(text, encoding="utf-8")
    build = build_of(settings_for(path.parent, False, None))
    assert read_toml(path, model, build) is None
    assert all(problem.file == path.as_posix() and problem.remedy for problem in build.problems)
    return [(problem.line, problem.message) for problem in build.problems]


def test_a_menu_that_cannot_be_read_is_told_with_its_line(tmp_path: Path) -> None:
    ((line, message),) = problems(tmp_path / "navigation.toml", Navigation, 'footer = []\nprimary = "home", "about"\n')
    assert (line, "cannot be read" in message) == (2, True)


def test_a_menu_whose_name_is_misspelt_is_told_as_unknown_and_as_missing(tmp_path: Path) -> None:
    text = "primry = []\nfooter = []\nlegal = []\nmodalities = []\n"
    told = " ".join(message for _, message in problems(tmp_path / "navigation.toml", Navigation, text))
    assert "primary" in told
    assert "primry" in told


@pytest.mark.parametrize("number", [0, 1, 8])
def test_a_method_of_more_modalities_than_the_line_holds_is_refused_on_its_line(tmp_path: Path, number: int) -> None:
    text = f"primary = []\nfooter = []\nlegal = []\nmodalities = {['m'] * number}\n"
    ((line, message),) = problems(tmp_path / "navigation.toml", Navigation, text)
    assert (line, f"from two to seven modalities, and here are {number}" in message) == (4, True)


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ([FIELD.format("wish", "date"), FIELD.format("wish", "date")], "used twice: wish"),
        ([FIELD.format("wish", "text")], "needs a limit in characters"),
        ([FIELD.format("wish", "choice")], "needs options"),
        ([FIELD.format("wish", "dat")], "line, text, date, choice, scale"),
        (['id = "wish"\nkind = "date"\nlabel = { en = "a" }\n'], "required"),
    ],
)
def test_a_field_of_the_worksheet_that_is_wrong_is_told(tmp_path: Path, fields: list[str], says: str) -> None:
    text = WORKSHEET + "".join(f"[[steps.fields]]\n{field}" for field in fields) + "[example]\n"
    told = problems(tmp_path / "worksheet.toml", Worksheet, text)
    assert any(says in message for _, message in told), told


def test_an_example_that_fills_a_field_that_is_not_there_is_told(tmp_path: Path) -> None:
    text = WORKSHEET + "[[steps.fields]]\n" + FIELD.format("wish", "date") + '[example]\nwsh = { en = "a", fr = "b" }\n'
    assert any("wsh" in message for _, message in problems(tmp_path / "worksheet.toml", Worksheet, text))


def test_the_worksheet_of_this_site_says_everything_in_both_languages(root: Path) -> None:
    data = tomllib.loads((root / "content" / "data" / "smart-worksheet.toml").read_text(encoding="utf-8"))

    def check(value: Any, place: str) -> None:
        if isinstance(value, dict):
            if set(value) & {"en", "fr"}:
                assert all(value.get(lang) for lang in ("en", "fr")), place
                assert type(value["en"]) is type(value["fr"]), place
                if isinstance(value["en"], list):
                    assert len(value["en"]) == len(value["fr"]), place
            for name, part in value.items():
                check(part, f"{place}.{name}")
        elif isinstance(value, list):
            for part in value:
                check(part, place)

    check(data, "smart-worksheet")
