"""docs/architecture.md tells the truth: each module, function and file that it names is there."""

from __future__ import annotations

import re
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest


def named(text: str) -> set[str]:
    return set(re.findall(r"`([^`\n]+)`", text))


def found(name: str) -> Any:
    """What a dotted name stands for. Raises ImportError or AttributeError where there is no such thing."""
    parts = name.split(".")
    for count in range(len(parts), 0, -1):
        try:
            thing: Any = import_module(".".join(parts[:count]))
        except ModuleNotFoundError:
            continue
        for part in parts[count:]:
            thing = getattr(thing, part)
        return thing
    raise ImportError(name)


def untrue(text: str, root: Path) -> list[str]:
    """The names in `text`, dotted ones of ours and paths, that nothing has."""
    wrong = []
    for name in named(text):
        if re.fullmatch(r"(plugins|tools)(\.\w+)+", name):
            try:
                found(name)
            except (ImportError, AttributeError):
                wrong.append(name)
        elif re.fullmatch(r"[\w.-]+/[\w./-]*", name) and not (root / name).exists():
            wrong.append(name)
    return wrong


def test_every_name_is_there(root: Path) -> None:
    text = (root / "docs" / "architecture.md").read_text(encoding="utf-8")
    assert len(named(text)) > 60
    assert untrue(text, root) == []


@pytest.mark.parametrize("gone", ["`plugins.reader.source.read_sauce`", "`plugins.none`", "`tools/none/`"])
def test_a_name_that_is_gone_is_found(root: Path, gone: str) -> None:
    assert untrue(f"See {gone}.", root) == [gone.strip("`")]


def test_every_room_is_there(root: Path) -> None:
    text = (root / "docs" / "architecture.md").read_text(encoding="utf-8")
    rooms = [folder for top in ("plugins", "tools") for folder in (root / top).iterdir() if any(folder.glob("*.py"))]
    assert [room.name for room in rooms if f"`{room.relative_to(root).as_posix()}/`" not in text] == []
