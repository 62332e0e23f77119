"""Which lines of its file each element of a page came from: what the desk edits, one block at a time.

Each line of the text gets a sign of its own within a word, before facts are filled in; the page is made as always, and
each element of it holds the signs of its lines. Without the signs, the HTML has to be the very HTML that the text makes
without them: that proves the map. A line that a sign would change goes without (`_signed_page` finds which).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import count
from pathlib import Path
from threading import Lock

from plugins.build import Build

from ..frontmatter import split
from ..pelican_internals import addressed
from ..problems import ContentError, Problem, shown_path
from .allowed import held
from .block_lines import with_lines
from .block_spans import JINJA, MOST, SIGN, SIGNS, Block, PageMap, elements, notes_of, without_notes
from .comments import CODE, without_comments
from .source import MarkupError, Source, made, place_of, source_of, text_of, typeset

__all__ = ["Block", "Blocks", "Rendered", "blocks_of", "rendered"]

FACTS = r"\{\{.*?\}\}|\{##.*?##\}"
# What a sign would break, because it is read and not shown. In code there is none of it but facts and the fences.
READ = "|".join(
    [
        rf"(?P<code>{CODE.pattern})",
        rf"{FACTS}|\{{:[^\n}}]*\}}|<[^<>]*>|&#?\w+;",
        r"\]\([^)\n]*\)|^ *\[(?!\^)[^]\n]+\]:[^\n]*|\[[^]\n]*\](?!\(|\[[^]])",  # addresses and their names
        r"^[ >]*(?:\d{1,3}[.)]|[-*+](?: \[.\])?|!!! ?\w+|Table:)(?=\s)",
    ]
)
UNSIGNED = re.compile(READ, re.DOTALL | re.MULTILINE)
IN_CODE = re.compile(rf"{FACTS}|\A[ >]*(?:```|~~~)[^\n]*", re.DOTALL)
WORD = re.compile(r".*[^\W_](?=[^\W_])|.*[^\W_]|.*[^\s\x00-\x7f]")  # up to a place in the last word, or after a sign
VALUE = re.compile(r"""\s*(?:\{:|<\w)(?:.*=["'](?!1["'])|.*[ ]\.)[^\W_](?=\w)""")  # in an attribute's value
FACT = re.compile(r".*\}\}")

TRIES = 60  # pages that are made to find lines that take no sign
WHOLE = "whole"
_ALONE = Lock()  # a build has one parser of Markdown


@dataclass(frozen=True)
class Blocks:
    """The blocks of a page in the order of its file; each line that is not empty is in one.

    `page` and `notes` are the HTML of its outermost elements and of its notes. Where not `certain`, some element could
    not be told from what stands beside it, and both are one block.
    """

    blocks: tuple[Block, ...]
    page: tuple[str, ...]
    notes: tuple[str, ...]
    certain: bool

    @property
    def count(self) -> int:
        """The outermost elements of the page."""
        return len(self.page)

    def at(self, first: int, last: int) -> Block | None:
        """The block of exactly these lines; None where the file has another one there by now."""
        return next((block for block in self.blocks if (block.first, block.last) == (first, last)), None)


@dataclass(frozen=True)
class Rendered:
    """What a page shows where one block was changed.

    `html` are the block's elements (of a note, its item), with addresses as browsers need them; `problems` are those of
    the whole changed page that are known before a build. Where not `alone`, other parts of the page changed too.
    """

    html: tuple[str, ...]
    problems: tuple[Problem, ...]
    alone: bool


def blocks_of(path: Path, data: bytes, build: Build) -> Blocks:
    """The blocks of the page at `path`, if its file holds `data`. Raises ContentError where no page can be made."""
    file, lang = shown_path(path), place_of(path, build)[0]
    _, body, first_line = split(text_of(data, path), file)
    body = without_comments(body, file, first_line)
    with _ALONE:
        html = made(body, lang, build, file, first_line)[1]
        signed = _signed_page(body, html, lang, build) or SIGNS.sub("", html)
    page = elements(held(typeset(html, lang))[0])
    found = PageMap(body, elements(held(signed)[0]))
    if len(found.page) != len(page):  # never yet; then nothing is known of any element
        found = PageMap(body, [SIGNS.sub("", one) for one in page])
    blocks = tuple(_numbered(block, first_line) for block in found.blocks())
    return Blocks(blocks, tuple(page), tuple(notes_of(page)), found.certain)


def rendered(path: Path, data: bytes, found: Blocks, block: Block, text: str, build: Build) -> Rendered:
    """What `text` makes in place of the `block` that was `found` in `data`, the file at `path`. Nothing is written.

    It is the whole page that is made: a condition, an address or a note elsewhere may have a part in it.
    """
    source, problems = _read(path, with_lines(data, block.first, block.last, text), build)
    if source is None:
        return Rendered((), tuple(problems), False)
    page = tuple(elements(source.html))
    if block.kind == WHOLE:
        was, now = found.page, page
    elif block.notes:
        was, now = found.notes, tuple(notes_of(page))
    else:
        was, now = tuple(without_notes(found.page)), tuple(without_notes(page))
    places = block.notes or block.elements or [_place(found, block)]
    first, after = places[0], len(was) - places[-1] - bool(block.notes or block.elements)
    last = len(now) - after
    rest = was[:first] == now[:first] and was[len(was) - after :] == now[last:]
    alone = rest and last >= first and (bool(block.notes) or found.notes == tuple(notes_of(page)))
    content = build.site.of_source(source.lang, source.key)
    html = tuple(addressed(one, content) if content else one for one in now[first:last])
    return Rendered(html, tuple(problems), alone)


def problems_in(path: Path, data: bytes, build: Build) -> list[Problem]:
    """What is wrong with the page at `path`, if its file holds `data`, as far as it is known before a build."""
    return _read(path, data, build)[1]


@lru_cache(maxsize=16)
def _read(path: Path, data: bytes, build: Build) -> tuple[Source | None, list[Problem]]:
    """The page, or None where no page can be made of it; and what is wrong in it. What is saved was just shown."""
    problems: list[Problem] = []
    try:
        with _ALONE:
            source = source_of(path, data, build)
    except MarkupError as error:
        source, problems = error.source, error.args[0]
    except ContentError as error:
        return None, list(error.args[0])
    if links := source.metadata.get("page_links"):
        problems = [*problems, *(Problem(shown_path(path), *mistake) for mistake in links.mistakes)]
    return source, problems


def whole_of(found: Blocks) -> Block:
    """All the text of a page as one block."""
    return Block(found.blocks[0].first, found.blocks[-1].last, WHOLE, tuple(range(found.count)))


def _place(found: Blocks, block: Block) -> int:
    """Where what a block makes stands among the elements of its page, if it makes nothing now."""
    return max((max(one.elements) for one in found.blocks if one.elements and one.first < block.first), default=-1) + 1


def _numbered(block: Block, first_line: int) -> Block:
    within = block.within and (block.within[0] + first_line, block.within[1] + first_line)
    return replace(block, first=block.first + first_line, last=block.last + first_line, within=within)


def _signed_page(body: str, html: str, lang: str, build: Build) -> str | None:
    """The HTML of `body` with a sign in each line that can have one; without them it is `html`. None: no line can."""
    lines = body.split("\n")
    places = _places(body, lines)

    def page(numbers: list[int]) -> str | None:
        signed = list(lines)
        for number in numbers:
            for place in reversed(places[number]):
                line = signed[number]
                signed[number] = line[:place] + chr(SIGN + number) + line[place:]
        try:
            result = made("\n".join(signed), lang, build, "", 1)[1]
        except ContentError:
            return None
        return result if SIGNS.sub("", result) == html else None

    tries = count()

    def harmless(numbers: list[int]) -> list[int]:
        """Those of the lines whose signs change nothing; as far as there is time to find out."""
        if next(tries) >= TRIES:
            return []
        if not numbers or page(numbers) is not None:
            return numbers
        half = len(numbers) // 2
        return harmless(numbers[:half]) + harmless(numbers[half:]) if half else []

    numbers = list(places) if len(lines) < MOST and not SIGNS.search(body) else []
    return page(numbers) or page(harmless(numbers))


def _unread(found: re.Match[str]) -> str:
    """Spaces for what is read and not shown."""
    if found["code"]:
        return IN_CODE.sub(lambda one: re.sub(r"[^\n\x01]", " ", one[0]), found[0])
    return re.sub(r"[^\n\x01]", " ", found[0])


def _places(body: str, lines: list[str]) -> dict[int, list[int]]:
    """Where the signs of each line stand that can have any: one in each part that a condition may leave out."""
    masked = JINJA.sub(lambda tag: re.sub(r"[^\n]", "\x01", tag[0]), body)
    masked = UNSIGNED.sub(_unread, masked)
    places: dict[int, list[int]] = {}
    for number, (line, plain) in enumerate(zip(lines, masked.split("\n"), strict=True)):
        found: list[int] = []
        for part in re.finditer("[^\x01]+", plain):
            if place := WORD.match(part[0]) or FACT.match(line[part.start() : part.end()]):
                found.append(part.start() + place.end())
        if not found and (value := VALUE.match(line)):
            found.append(value.end())
        if found:
            places[number] = found
    return places
