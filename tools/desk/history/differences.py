"""What is other in a file, as people read it: the words of a page, its title and the like, facts."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable
from contextlib import suppress
from copy import copy
from difflib import SequenceMatcher
from itertools import zip_longest
from pathlib import Path
from typing import Any, NamedTuple

import yaml
from bs4 import BeautifulSoup

from plugins.build import LANGUAGES, Build
from plugins.frontmatter import Fast, divide
from plugins.frontmatter_form import WORDS
from plugins.practice.form import label_of
from plugins.problems import ContentError, Message, say
from plugins.reader.source import MarkupError, Source, source_of

from ..desk import Desk

BLOCKS = ["h2", "h3", "h4", "p", "li", "dt", "dd", "td", "th", "caption", "figcaption", "summary", "pre"]
FACTS, TEXTS = "content/data/practice.toml", "content/data/pictures.toml"
Parts = list[tuple[str, str]]  # ("same" | "del" | "ins", words)
RECORDED = {  # what a form of the desk writes, and nobody types
    "aligned": say("Compared with the other language"),
    "translation": say("The other language follows later"),
    "unpaired": say("In this language only"),
}


class Difference(NamedTuple):
    """One thing that is other: what it is called, where it has a name; its words, those taken out and put in marked."""

    label: Message | None
    parts: Parts


def differences(desk: Desk, path: str, before: bytes | None, after: bytes | None) -> list[Difference]:
    """What is other in the file at a path in the project. Nothing where a file is no text."""
    old, new = ((text or b"").decode("utf-8-sig", "replace") for text in (before, after))
    if b"\0" in (before or b"") + (after or b""):
        return []
    if path.endswith(".toml"):
        with suppress(tomllib.TOMLDecodeError):
            return _named(
                tomllib.loads(old), tomllib.loads(new), {FACTS: label_of, TEXTS: _of_picture}.get(path, _as_written)
            )
    if not path.endswith(".md"):
        return _blocks(old.splitlines(), new.splitlines())
    return _named(matter(old), matter(new), called_in_form) + _blocks(
        *(paragraphs(desk, path, text) for text in (before, after))
    )


def matter(text: str) -> dict[str, Any]:
    """The front matter of a page as it is written; nothing where it cannot be read."""
    with suppress(yaml.YAMLError):
        found = yaml.load(divide(text)[0], Fast)
        return found if isinstance(found, dict) else {}
    return {}


def called_in_form(field: str) -> Message:
    """What people call a field of the front matter, or a part of one."""
    key = field.split(".")[0]
    if key in WORDS:
        return WORDS[key].label
    return RECORDED.get(key) or _as_written(field)


def _of_picture(field: str) -> Message:
    """A picture's text, by the name of the picture and the language."""
    name, _, lang = field.removeprefix("images/").rpartition(".")
    return _as_written(f"{name} ({lang.upper()})" if lang in LANGUAGES else f"{name}.{lang}")


def _as_written(field: str) -> Message:
    return say("{name}", name=field)


def flat(table: Any, way: str = "") -> dict[str, str]:
    """The values in a table by the way to them: `coach.name`, `documents.1`."""
    if not isinstance(table, dict | list):
        return {way: str(table)}
    found: dict[str, str] = {}
    for step, value in table.items() if isinstance(table, dict) else enumerate(table, start=1):
        found |= flat(value, f"{way}.{step}" if way else str(step))
    return found


def _named(old: dict[str, Any], new: dict[str, Any], called: Callable[[str], Message]) -> list[Difference]:
    was, now = flat(old), flat(new)
    return [
        Difference(called(field), [] if field == "aligned" else words(was.get(field, ""), now.get(field, "")))
        for field in {**was, **now}
        if was.get(field) != now.get(field)
    ]


def source(build: Build, path: Path, data: bytes) -> Source:
    """The page at `path` as its reader makes it of these bytes. Raises ContentError."""
    apart = copy(build)
    apart.markdown = apart.facts_environment = None  # these may be in use just now
    try:
        return source_of(path, data, apart)
    except MarkupError as error:
        return error.source


def paragraphs(desk: Desk, path: str, data: bytes | None) -> list[str]:
    """The paragraphs of a page, as people read them; as they are written where it cannot be shown."""
    if data is None:
        return []
    if desk.build:
        with suppress(ContentError):
            soup = BeautifulSoup(source(desk.build, desk.root / path, data).html, "html.parser")
            found = [block.get_text(" ") for block in soup.find_all(BLOCKS) if not block.find(BLOCKS)]
            return [" ".join(text.split()) for text in found]
    return re.split(r"\n\s*\n", divide(data.decode("utf-8-sig", "replace"))[1].strip())


def _blocks(old: list[str], new: list[str]) -> list[Difference]:
    found = []
    for kind, start, end, begin, stop in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind != "equal":
            pairs = zip_longest(old[start:end], new[begin:stop], fillvalue="")
            found += [Difference(None, words(was, now)) for was, now in pairs]
    return found


def words(old: str, new: str) -> Parts:
    """Two texts as one, with the words that were taken out and put in."""
    was, now = old.split(), new.split()
    parts: Parts = []
    for kind, start, end, begin, stop in SequenceMatcher(None, was, now, autojunk=False).get_opcodes():
        if kind == "equal":
            parts.append(("same", " ".join(was[start:end])))
        else:
            parts += [("del", " ".join(was[start:end]))] * (end > start) + [("ins", " ".join(now[begin:stop]))] * (
                stop > begin
            )
    return parts
