"""What leads to a page: links in texts, next steps, menus, documents; and the same texts without such links.

A link to a page of the site names its file: `[words]({filename}faq.md#costs)` (plugins/reader/page_links.py).
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Collection, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from plugins.build import LANGUAGES
from plugins.frontmatter import ACTIONS, KINDS
from plugins.frontmatter_edit import values_of, with_values
from plugins.public_files import place_of, sources
from tools.preview.panel import RESERVED

from ..desk import Desk
from ..site_pages import SitePage, page_of

ADDRESS = re.compile(r"<\{filename\}([^>#]+)|\{filename\}([^\s)\"'>#]+)")
TO_PAGE = r"\{filename\}(?P<target>[^\s)\"'>#]+)(?:#[^\s)\"'>]*)?"
# Markdown's link, with a title and a class or without; its words may have brackets one in the other.
MARKDOWN = re.compile(
    r"(?<!!)\[(?P<words>(?:\\.|[^\[\]\\]|\[(?:\\.|[^\[\]\\])*\])*)\]"
    rf"\(\s*<?{TO_PAGE}>?(?:\s+(?:\"[^\"]*\"|'[^']*'))?\s*\)(?:\{{:[^}}]*\}})?",
    re.S,
)
HTML = re.compile(rf"<a\b[^>]*?href\s*=\s*[\"']{TO_PAGE}[\"'][^>]*>(?P<words>.*?)</a>", re.S | re.I)


@dataclass(frozen=True)
class Reference:
    """What leads somewhere: its page, and the line of a link, or the key of a next step (`action`)."""

    page: SitePage
    line: int
    step: str = ""

    @property
    def place(self) -> str:
        """The address at which it is changed."""
        if self.step:
            return f"{RESERVED}settings?page={self.page.name}#{self.step}"
        return f"{self.page.address}#desk:{self.line}" if self.page.address else f"{RESERVED}text?page={self.page.name}"


def references(desk: Desk, targets: Collection[SitePage]) -> Iterator[Reference]:
    """Every link and next step to one of `targets`, in other pages and in the parts of documents."""
    paths = {page.path for page in targets}
    for path in _texts(desk):
        if path not in paths:
            yield from _in_file(desk, path, path.read_bytes(), targets)


def _texts(desk: Desk) -> Iterator[Path]:
    for lang in LANGUAGES:
        for kind in KINDS:
            yield from sources(desk.content / lang / kind, "*.md")


def _in_file(desk: Desk, path: Path, data: bytes, targets: Collection[SitePage]) -> Iterator[Reference]:
    text, page = data.decode("utf-8", "replace"), page_of(path)
    for match in ADDRESS.finditer(text):
        if _leads(path, match[1] or match[2], targets):
            yield Reference(page, text.count("\n", 0, match.start()) + 1)
    for name, step in _steps(data).items():
        if any((step.get("page"), page.lang) == (target.key, target.lang) for target in targets):
            yield Reference(page, 1, name)


def _leads(path: Path, address: str, targets: Collection[SitePage]) -> bool:
    """Whether an address that stands in the file at `path` is that of one of the pages."""
    place = place_of(address, f"{path.parts[-3]}/{path.parts[-2]}")
    return any(place == f"{target.name}.md" for target in targets)


def _steps(data: bytes) -> dict[str, dict[str, Any]]:
    """The next steps of a page, by their keys; none of one that cannot be read."""
    with suppress(ValueError, yaml.YAMLError):
        values = values_of(data)
        return {name: values[name] for name in ACTIONS if isinstance(values.get(name), dict)}
    return {}


def without(desk: Desk, path: Path, targets: Collection[SitePage]) -> bytes:
    """The file at `path` with the words of its links to these pages, and without its next steps to them.

    Raises ValueError or yaml.YAMLError where it has a link that cannot be taken out so.
    """
    was = path.read_bytes()

    def words(match: re.Match[str]) -> str:
        return match["words"] if _leads(path, match["target"], targets) else match[0]

    text = was.decode()
    for form in (MARKDOWN, HTML):
        text = form.sub(words, text)
    data = text.encode()
    lost = [one.step for one in _in_file(desk, path, data, targets) if one.step]
    if lost:
        first, second = (None if name in lost else _steps(data).get(name) for name in ACTIONS)
        steps = [step for step in (first, second) if step] + [None, None]
        data = with_values(data, dict(zip(ACTIONS, steps, strict=False)))
    if any(_in_file(desk, path, data, targets)):
        raise ValueError(path)
    return data


def documents_of(desk: Desk, page: SitePage, lang: str) -> list[str]:
    """The titles, in `lang`, of the documents that take text from a page: their data files name it."""
    found = []
    for file in sources(desk.content / "data", "*.toml") if page.kind == "pages" else []:
        with suppress(OSError, ValueError):
            data = tomllib.loads(file.read_text(encoding="utf-8-sig"))
            parts = (part for chapter in data.get("chapters", []) for part in chapter.get("parts", []))
            if any(part.get("page") == page.key for part in parts):
                found.append(str(data.get("title", {}).get(lang, file.stem)))
    return found
