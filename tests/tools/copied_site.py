"""A copy of the site to break, and what a build of it says."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from plugins.documents import build as documents
from plugins.pdf.cache import PdfCache
from plugins.pdf.render import PreparedDocument
from plugins.problems import Problem
from plugins.public_files import sources
from tools.build import Built, build


def files_in(folder: Path) -> dict[str, bytes]:
    """Every file by its path under `folder`."""
    return {file.relative_to(folder).as_posix(): file.read_bytes() for file in folder.rglob("*") if file.is_file()}


def restore(original: Path, copy: Path) -> None:
    """Make `copy` the same as the folder `original`, and write only what is not: files are told by kind, size, time."""
    if copy.is_symlink() or not copy.is_dir():
        copy.unlink(missing_ok=True)
        copy.mkdir()
    there = {entry.name: entry for entry in os.scandir(copy)}
    for entry in os.scandir(original):
        found, place = there.pop(entry.name, None), copy / entry.name
        if entry.is_dir():
            restore(Path(entry.path), place)
        elif found is None or not same(entry, found):
            if found is not None:
                remove(place)
            shutil.copy2(entry.path, place)
    for name in there:
        remove(copy / name)


def same(one: os.DirEntry[str], other: os.DirEntry[str]) -> bool:
    first, second = (entry.stat(follow_symlinks=False) for entry in (one, other))
    return all(getattr(first, name) == getattr(second, name) for name in ("st_mode", "st_size", "st_mtime_ns"))


def remove(place: Path) -> None:
    """Take away a file, a link or a folder; what a link leads to stays."""
    if place.is_dir() and not place.is_symlink():
        shutil.rmtree(place)
    else:
        place.unlink()


def give_pictures(original: Path, copy: Path) -> None:
    """Let a copy of the whole project find the pictures for shared links that were drawn here already."""
    folder = copy / ".cache" / "social"
    folder.mkdir(parents=True)
    for picture in (original / ".cache" / "social").glob("social.*.png"):
        shutil.copyfile(picture, folder / picture.name)


def stand_in(prepared: PreparedDocument) -> bytes:
    """Instead of the PDF of a document: other bytes, and of another size, for other content or another design."""
    design = b"".join(file.read_bytes() for file in sources(prepared.template.parent, "*"))
    digest = hashlib.sha256(json.dumps(prepared.value, sort_keys=True).encode() + design).hexdigest()
    return f"%PDF-1.7 {digest}\n{'%' * 4 * int(digest[:4], 16)}\n%%EOF\n".encode()


@contextmanager
def undrawn() -> Iterator[None]:
    """For as long as this lasts, PDFs that are not in the cache are `stand_in`s, and are not kept."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(documents, "render", stand_in)
        patched.setattr(PdfCache, "keep", lambda self, key, data: data)
        yield


@dataclass
class Project:
    """The copy. Its place never changes, so that Pelican's cache serves every test; each puts its files back."""

    original: Path
    folder: Path
    facts_given: Path
    good: dict[str, bytes] = field(default_factory=dict)

    @property
    def output(self) -> Path:
        return self.folder / "output"

    @property
    def facts(self) -> Path:
        return self.folder / "practice.toml"

    def path(self, place: str) -> Path:
        return self.folder / place

    def reset(self) -> None:
        """Put content, theme, facts and output back as they were."""
        for name in ("content", "theme"):
            restore(self.original / name, self.folder / name)
        shutil.copyfile(self.facts_given, self.facts)
        if self.good and (not self.output.is_dir() or files_in(self.output) != self.good):
            shutil.rmtree(self.output, ignore_errors=True)
            for place, content in self.good.items():
                (self.output / place).parent.mkdir(parents=True, exist_ok=True)
                (self.output / place).write_bytes(content)

    def edit(self, place: str, old: str, new: str) -> None:
        """Replace `old`, which must be there once or more, by `new`, once."""
        path = self.path(place)
        text = path.read_text(encoding="utf-8")
        assert old in text, f"{place} no longer contains {old!r}: choose another text for this test"
        path.write_text(text.replace(old, new, 1), encoding="utf-8")

    def append(self, place: str, text: str) -> int:
        """Add `text` at the end of a file; the line where it stands."""
        path = self.path(place)
        before = path.read_text(encoding="utf-8").rstrip("\n") + "\n\n"
        path.write_text(before + text + "\n", encoding="utf-8")
        return before.count("\n") + 1

    def line(self, place: str, text: str) -> int:
        """The first line of a file that contains `text`."""
        lines = self.path(place).read_text(encoding="utf-8").splitlines()
        return next(number for number, line in enumerate(lines, start=1) if text in line)

    def build(self, published: bool = False, facts: Path | None = None, draws: bool = False, **overrides: Any) -> Built:
        """Build the copy into its output.

        Unless it `draws`, it is `undrawn`: all is asked of documents but their drawing, which takes longest.
        A published build trusts the cache, unless `trust_cache` is False.
        """
        folders = {
            "PATH": self.folder / "content",
            "THEME": self.folder / "theme",
        }
        told: dict[str, Any] = {name: str(folder) for name, folder in folders.items()}
        told |= {"cache": self.folder / "cache", "trust_cache": True} | overrides
        with nullcontext() if draws else undrawn():
            return build(self.output, published, facts or self.facts, told)

    def assert_untouched(self) -> None:
        """The last good output is there, byte for byte, and nothing of the failed build beside it."""
        assert files_in(self.output) == self.good
        beside = {path.name for path in self.folder.iterdir()}
        assert beside == {"content", "theme", "cache", "practice.toml", "output"}


def errors(built: Built) -> list[Problem]:
    """What stopped a build."""
    return [problem for problem in built.problems if problem.severity == "error"]


def told(built: Built) -> str:
    """All that a build says."""
    return "\n".join(f"{problem.severity}: {problem}" for problem in built.problems)
