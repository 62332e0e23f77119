"""What people read, line by line, out of the files they are written in: Markdown, bilingual data, catalogs."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from plugins.frontmatter import KINDS, TO_WRITE, divide
from plugins.problems import shown_path
from plugins.public_files import sources

# In a page's front matter, what is shown.
SHOWN = re.compile(r"^(title|nav_title|description):\s*(.*)$")
ACTION = re.compile(r"\btext:\s*([^}]*)\}")
BILINGUAL = re.compile(r'\b(en|fr) = (?:"((?:[^"\\]|\\.)*)"|\[((?:\s*"(?:[^"\\]|\\.)*",?)*)\s*\])')
FENCE = re.compile(r"^\s*(?:```|~~~)")

# In Markdown, what is not shown: comments, attributes, facts, code, addresses. Each leaves a sign that is no letter.
HIDDEN = re.compile(
    r"<!--.*?-->|\[\^[^\]]*\]:?|\{[:%][^}]*\}|\{\{.*?\}\}|`[^`]*`|\]\([^)]*\)|\]\[[^\]]*\]|<https?:[^>]*>|https?://\S+"
    r"|[\w.+-]+@[\w-]+\.[\w.-]+|&#?\w+;|\b[\w.-]+\.(?:fr|com|org|eu|net|md|toml|html|pdf|txt)\b(?:/\S*)?"
)
FOREIGN = re.compile(r'<(\w+)[^>]*\blang="(\w+)"[^>]*>(.*?)</\1>')
BOX = re.compile(r'^(\s*)!!! \w+ "(.*)"\s*$')
TAG = re.compile(r"</?[a-zA-Z][^>]*>")
LINK_TEXT = re.compile(r"!?\[")
GAP = "\u2063"


@dataclass(frozen=True)
class Passage:
    """Words shown to a reader: `text` is without markup, `raw` the line as it is in the file."""

    file: str
    line: int
    lang: str
    text: str
    raw: str
    place: str = "body"  # or the key of the front matter, or "data", or "catalog"


def passages(content: Path, theme: Path, languages: tuple[str, ...]) -> Iterator[Passage]:
    """Every passage of the site, in the order of the files."""
    for lang in languages:
        for kind in KINDS:
            for file in sources(content / lang / kind, "*.md"):
                yield from of_markdown(file, lang)
    for file in sources(content / "data", "*.toml"):
        yield from of_data(file)
    for lang in languages:
        file = theme / "translations" / lang / "LC_MESSAGES" / "messages.po"
        if file.is_file():
            yield from of_catalog(file, lang)


def read(file: Path) -> str:
    """The text of a file; what cannot be read has been told by the build already, and is empty here."""
    try:
        return file.read_bytes().decode("utf-8-sig", errors="replace").replace("\r\n", "\n")
    except OSError:
        return ""


def of_markdown(file: Path, lang: str) -> Iterator[Passage]:
    """The passages of one page, article or document section; a quotation in another language is of that language."""
    text, shown = read(file), shown_path(file)
    lines = text.split("\n")
    first = divide(text)[2] - 1
    for number, line in enumerate(lines[:first], start=1):
        if found := SHOWN.match(line):
            if found[2].strip("\"'").startswith(TO_WRITE):
                continue  # a draft of “invoke new” quotes the other language there
            yield Passage(shown, number, lang, plain(found[2].strip("\"'")), line, found[1])
        elif found := ACTION.search(line):
            yield Passage(shown, number, lang, plain(found[1].strip("\"' ")), line, "action")
    fenced = False
    for number, line in enumerate(lines[first:], start=first + 1):
        if FENCE.match(line):
            fenced = not fenced
        elif not fenced and line.strip():
            yield Passage(shown, number, lang, plain(line), line)
            for _, other, words in FOREIGN.findall(line):
                yield Passage(shown, number, other, plain(words), line, "foreign")


def plain(line: str) -> str:
    """A line of Markdown without its markup, and without what is in another language."""
    line = BOX.sub(r"\1\2", line)
    line = TAG.sub("", HIDDEN.sub(GAP, FOREIGN.sub(GAP, line)))
    return re.sub(r"[*_]{1,3}(?=\S)|(?<=\S)[*_]{1,3}", "", LINK_TEXT.sub("", line)).replace("]", "")


def of_data(file: Path) -> Iterator[Passage]:
    """The `{ en = "…", fr = "…" }` of a data file."""
    for number, line in enumerate(read(file).split("\n"), start=1):
        if line.lstrip().startswith("#"):
            continue
        said = BILINGUAL.findall(line)
        if len({one for _, one, _ in said}) == 1 and re.fullmatch(r"[a-z_]+", said[0][1]):
            continue  # the id of a choice
        for lang, one, several in said:
            for words in [one] if one else re.findall(r'"((?:[^"\\]|\\.)*)"', several):
                yield Passage(shown_path(file), number, lang, plain(words), line, "data")


def of_catalog(file: Path, lang: str) -> Iterator[Passage]:
    """The translations of a gettext catalog, without the names that are filled in."""
    inside = False
    for number, line in enumerate(read(file).split("\n"), start=1):
        if line.startswith("msg"):
            inside = line.startswith("msgstr")
        if inside and (found := re.search(r'"(.*)"', line)) and not re.match(r'"[\w-]+: ', line):
            yield Passage(
                shown_path(file), number, lang, plain(re.sub(r"%\(\w+\)s|\{\w+\}", GAP, found[1])), line, "catalog"
            )
