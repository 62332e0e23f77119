"""What is wrong in a data file that cannot be read: the line of the slip, in plain words, with what to type."""

from __future__ import annotations

import tomllib

import pytest

from plugins.problems import unreadable
from plugins.problems.reasons import toml_fault


@pytest.mark.parametrize(
    ("text", "line", "says"),
    [
        ('a = "x\nb = 1\n', 1, "not closed on its line"),
        ("a = 1\nb = hello\n", 2, "no text between straight quotation marks"),
        ("a = “x”\n", 1, "no text between straight quotation marks"),
        ('a = 1\nb "x"\n', 2, "no = after its name"),
        ('a: "x"\n', 1, "no = after its name"),
        ('a = "x"\na = "y"\n', 2, "given twice"),
        ("a = [1, 2\nb = 3\n", 2, "a bracket is not closed"),
        ("a = 24/11/2026\n", 1, "something follows the value"),
        ('a = "C:\\dir"\n', 1, "a backslash"),
        ('a = """x\n\n', 1, "a quotation mark is not closed"),
        ("= 1\n", 1, "cannot be understood"),
    ],
)
def test_a_data_file_that_is_not_toml(text: str, line: int, says: str) -> None:
    with pytest.raises(tomllib.TOMLDecodeError) as raised:
        tomllib.loads(text)
    fault = toml_fault(raised.value, text)
    assert (fault.line, says in fault.message) == (line, True), fault
    assert fault.remedy


@pytest.mark.parametrize(
    ("data", "line", "says"),
    [
        ('a = 1\nb = "un café noir"\n'.encode("latin-1"), 2, "“café” cannot be read"),
        ("a = 1\n".encode("utf-16"), 1, "UTF-16"),
        (b"PK\x03\x04\x00\x00\x9d", 1, "not a text file"),
    ],
)
def test_a_file_in_another_encoding(data: bytes, line: int, says: str) -> None:
    with pytest.raises(UnicodeDecodeError) as raised:
        data.decode("utf-8-sig")
    problem = unreadable("facts.toml", raised.value)
    assert (problem.line, says in problem.message) == (line, True), problem
