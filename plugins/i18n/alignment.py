"""Whether both versions of a page still say the same: each carries the short hash of the other as it was last read.

A date, an address or a draft status is nobody's translation, so a change there makes nothing stale.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from plugins.build import build_of

from ..frontmatter import KINDS, divide
from ..problems import Problem, say, shown_path
from ..problems.lines import line_matching
from ..public_files import sources

# Keys that say nothing a reader of the other language should be told.
NOT_TRANSLATED = {
    *("aligned", "translation", "unpaired", "status"),
    *("modified", "date", "slug", "aliases", "template", "toc", "documents", "blocks"),
}

CHANGED = say(
    "the {other} version has changed since this {language} one was read against it",
    language="{language}",
    other="{other}",
)
NOT_COMPARED = say(
    "nobody has said that this {language} version and the {other} one agree", language="{language}", other="{other}"
)


def version_of(text: str) -> str:
    """The short hash of what a file says, whatever its line endings."""
    matter, body, _ = divide(text)
    lines = [line.rstrip() for line in [*_said(matter), "---", *body.strip().splitlines()]]
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()[:8]


def _said(matter: str) -> Iterator[str]:
    """The lines of the keys that are translated. One that is indented, or begins with a hyphen, is of the key above."""
    key = ""
    for line in matter.splitlines():
        if not line.startswith((" ", "\t", "-")):
            key = line.split(":")[0].strip()
        if key not in NOT_TRANSLATED:
            yield line


@dataclass(frozen=True)
class Version:
    """One language's file of a pair, as far as its pairing goes."""

    path: Path
    lang: str
    text: str

    @property
    def version(self) -> str:
        return version_of(self.text)

    def get(self, name: str) -> str:
        """The value of one line of the front matter, without quotation marks; empty where there is none."""
        line = re.search(rf"^{name}[ \t]*:[ \t]*(.*?)[ \t]*$", divide(self.text)[0], re.M)
        return line[1].strip("\"'") if line else ""


@dataclass(frozen=True)
class Pair:
    """The same page in every language it exists in."""

    kind: str
    key: str
    versions: dict[str, Version]
    languages: tuple[str, ...]

    def behind(self) -> list[str]:
        """The languages whose text has not been read against the other one as it is now."""
        first, second = self.languages
        return [
            lang
            for lang, other in ((first, second), (second, first))
            if self.versions[lang].get("aligned") != self.versions[other].version
        ]

    @property
    def state(self) -> str:
        """`unpaired` (and the page says why), `pending`, `missing`, `stale` or `paired`."""
        versions = self.versions.values()
        if len(self.versions) == 1 and any(version.get("unpaired") for version in versions):
            return "unpaired"
        if any(version.get("translation") == "pending" for version in versions):
            return "pending"
        if len(self.versions) < len(self.languages):
            return "missing"
        return "stale" if self.behind() else "paired"

    @property
    def draft(self) -> bool:
        return all(version.get("status") == "draft" for version in self.versions.values())


def pairs(content: Path, languages: tuple[str, ...]) -> Iterator[Pair]:
    """Every page, article and document section of the content folder that can be read, by kind and name."""
    for kind in KINDS:
        for key in sorted({file.stem for lang in languages for file in sources(content / lang / kind, "*.md")}):
            yield pair_of(content, kind, key, languages)


def pair_of(content: Path, kind: str, key: str, languages: tuple[str, ...]) -> Pair:
    """One of them, in the languages in which its file can be read."""
    versions = {}
    for lang in languages:
        path = content / lang / kind / f"{key}.md"
        with suppress(OSError):  # not there, or told by the build
            # as bytes, so that line endings are kept for whoever writes the file again
            versions[lang] = Version(path, lang, path.read_bytes().decode("utf-8", errors="replace"))
    return Pair(kind, key, versions, languages)


def problems_of_pair(pair: Pair, names: dict[str, Any], severity: str) -> Iterator[Problem]:
    """What is wrong between the two versions: one of them has not followed the other."""
    if pair.state != "stale" or pair.draft:
        return
    for lang in pair.behind():
        version = pair.versions[lang]
        other = next(name for name in pair.languages if name != lang)
        line = line_matching("^aligned:", version.text.split("\n"))
        values = {"language": say(names[lang].english), "other": say(names[other].english)}
        message = say(CHANGED.template, **values) if line else say(NOT_COMPARED.template, **values)
        remedy = say(
            "See what changed with “invoke translations --page {page}”, bring this page up to date, then run "
            "“invoke translated {page}”. To publish before that, write “translation: pending” in its front matter.",
            page=pair.key,
        )
        yield Problem(shown_path(version.path), line, message, remedy, severity)


def check_alignment(generators: list[Any]) -> None:
    """On `all_generators_finalized`, in a published build: a page that has not followed its pair is an error."""
    build = build_of(generators[0].settings)
    if not build.published:
        return
    for pair in pairs(build.content, tuple(build.languages)):
        if build.unread & {shown_path(version.path) for version in pair.versions.values()}:
            continue
        for problem in problems_of_pair(pair, build.languages, "error"):
            build.report(problem)
