"""Imports go downward only: plugins ask nothing of the tools, nor tools of the tests, and no two modules each other."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest


def module_name(file: Path, root: Path) -> str:
    return ".".join(file.relative_to(root).with_suffix("").parts).removesuffix(".__init__")


def imports(file: Path, root: Path) -> Iterator[str]:
    """The full name of all that a file imports, anywhere in it: of `from a import b`, `a.b`.

    What is there for the type checker alone does not count: plugins/build.py names the types of the rooms above it.
    """
    package = file.relative_to(root).parts[:-1]
    tree = ast.parse(file.read_text(encoding="utf-8"))
    tree.body = [
        node for node in tree.body if not (isinstance(node, ast.If) and "TYPE_CHECKING" in ast.dump(node.test))
    ]
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = package[: len(package) - node.level + 1] if node.level else []
            yield from (".".join([*above, *filter(None, [node.module]), name.name]) for name in node.names)


@pytest.mark.parametrize(("room", "above"), [("plugins", {"tools", "tests", "bench"}), ("tools", {"tests", "bench"})])
def test_a_room_imports_nothing_of_the_rooms_above_it(root: Path, room: str, above: set[str]) -> None:
    for file in (root / room).rglob("*.py"):
        upward = [name for name in imports(file, root) if name.split(".")[0] in above]
        assert not upward, f"{file.relative_to(root)} imports {', '.join(upward)}"


def test_nothing_is_imported_that_only_the_tests_have(root: Path) -> None:
    """`make serve` installs requirements.txt; that the lock of the tests is here too hides what it lacks."""
    lock = (root / "requirements.txt").read_text(encoding="utf-8")
    installed = {match[1].lower().replace("_", "-") for match in re.finditer(r"^([\w.-]+)==", lock, re.MULTILINE)}
    owners = packages_distributions()
    files = {file for room in ("plugins", "tools") for file in (root / room).rglob("*.py")} | set(root.glob("*.py"))
    files.remove(root / "tools" / "extras.py")  # which readies what the tests run
    lacking = {
        f"{file.relative_to(root)}: {name}"
        for file in files
        for name in {name.split(".")[0] for name in imports(file, root)} & owners.keys()
        if not {owner.lower().replace("_", "-") for owner in owners[name]} & installed
    }
    assert not lacking


def test_no_modules_of_the_plugins_import_each_other_in_a_circle(root: Path) -> None:
    modules = {module_name(file, root): file for file in (root / "plugins").rglob("*.py")}
    graph: dict[str, set[str]] = {}
    for module, file in modules.items():
        named = {name if name in modules else name.rpartition(".")[0] for name in imports(file, root)}
        graph[module] = named & modules.keys() - {module}
    rooms: dict[str, set[str]] = {}
    for module, named in graph.items():
        room = ".".join(module.split(".")[:2])
        rooms.setdefault(room, set()).update({".".join(name.split(".")[:2]) for name in named} - {room})
    for each in (graph, rooms):
        try:
            TopologicalSorter(each).prepare()
        except CycleError as error:
            pytest.fail(f"a circle: {' ← '.join(error.args[1])}")
