"""Which lines of its file each element of a page came from: what the desk edits, one block at a time.

Each line of the text gets a sign of its own within a word, before facts are filled in; the page is made as always, and
each element of it holds the signs of its lines. Without the signs, the HTML has to be the very HTML that the text makes
without them: that proves the map. A line that a sign would change goes without (`_signed_page` finds which).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import groupby
from pathlib import Path
from threading import Lock
from typing import NamedTuple

from plugins.build import Build

from ..frontmatter import split
from ..problems import ContentError, shown_path
from .allowed import held
from .comments import CODE, without_comments
from .source import made, place_of, text_of, typeset

SIGN = 0xF0000  # the first letter of a plane that nobody writes with: one for each line
MOST = 0xFFFD  # lines, of that plane
SIGNS = re.compile("[\U000f0000-\U000ffffd]")
TAG = re.compile(r'<(/?)([a-z][a-z0-9]*)(?:[^<>"]|"[^"]*")*>')  # as allowed.py writes them
VOID = {"br", "hr", "img"}
NOTES = '<section class="notes"'

JINJA = re.compile(r"\{%.*?%\}", re.DOTALL)
BRACES = re.compile(r"\{(\{|##|%).*?(\}|##|%)\}", re.DOTALL)
NO_CONDITION = re.compile(r"\{%-?\s*(?:for|set|filter)\b")
OPENED = re.compile(r"\{%-?\s*(?:(?P<opens>if|for|set|filter)\b|end(?P<closes>\w+))")
# What a sign would break: what is read by a machine. What stands there instead is no word.
UNSIGNED = re.compile(
    r"""
    \{\{.*?\}\} | \{\#\#.*?\#\#\} | \{:[^\n}]*\} | <[^<>]*> | &\#?\w+;
    | \]\([^)\n]*\) | \]\[[^]\n]*\] | \[\^[^]\n]+\]:? | ^[ ]*\[[^]\n]+\]:[^\n]*
    | ^[ >]*(?:\d{1,3}[.)]|[-*+](?:[ ]\[.\])?|!!![ ]?\w+|Table:|`{3,}[^\n]*|~{3,}[^\n]*)(?=\s)
    """,
    re.DOTALL | re.MULTILINE | re.VERBOSE,
)
WORD = re.compile(r".*[^\W_](?=[^\W_])|.*[^\W_]")  # up to a place in the last word
VALUE = re.compile(r"""\s*(?:\{:|<\w)(?:.*=["'](?!1["'])|.*[ ]\.)[^\W_](?=\w)""")  # in an attribute's value
FACT = re.compile(r".*\}\}")
BEFORE = re.compile(r"\s*(?:\{:|(?:=+|-+)\s*$|\|?[-: |]+$)")  # lines that end what stands above them
CLOSING = re.compile(r"\s*(?:</\w+>\s*)+$")
BELOW = re.compile(r"\s*(?:<\w|!!!)")  # lines that begin what stands below them
RULE = re.compile(r" {0,3}(?:(?:- *){3,}|(?:\* *){3,}|(?:_ *){3,})$")
KINDS = {"p": "paragraph", "blockquote": "quotation", "pre": "code", "hr": "rule"}
NAMED = {"table": "table", "admonition": "box", "highlight": "code"}
KINDS |= {f"h{level}": "heading" for level in range(2, 7)} | dict.fromkeys(("ul", "ol", "dl"), "list")

_ALONE = Lock()  # a build has one parser of Markdown


@dataclass(frozen=True)
class Block:
    """A part of a text that is edited as one.

    `first` and `last` are its lines in the file, from 1. `elements` are the places, from 0, of what it made among the
    outermost elements of the page; `notes`, those among the items of its notes. A `kind` "hidden" makes nothing now: a
    comment, an address, words whose condition does not hold. A `kind` "sign" is a line that begins, parts or ends a
    condition, and what stands between has its `within`: the first and the last line of the outermost such condition.
    """

    first: int
    last: int
    kind: str
    elements: tuple[int, ...] = ()
    notes: tuple[int, ...] = ()
    within: tuple[int, int] | None = None


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


def blocks_of(path: Path, data: bytes, build: Build) -> Blocks:
    """The blocks of the page at `path`, if its file holds `data`. Raises ContentError where no page can be made."""
    file, lang = shown_path(path), place_of(path, build)[0]
    _, body, first_line = split(text_of(data, path), file)
    body = without_comments(body, file, first_line)
    with _ALONE:
        html = made(body, lang, build, file, first_line)[1]
        signed = _signed_page(body, html, lang, build) or html
    page = elements(held(typeset(html, lang))[0])
    found = _Map(body, elements(held(signed)[0]))
    if len(found.page) != len(page):  # never yet; then nothing is known of any element
        found = _Map(body, page)
    blocks = tuple(_numbered(block, first_line) for block in found.blocks())
    return Blocks(blocks, tuple(page), tuple(_items(page)), found.certain)


def elements(html: str) -> list[str]:
    """The outermost elements of `html`, which allowed.py wrote."""
    found, depth, start = [], 0, 0
    for tag in TAG.finditer(html):
        if tag[2] in VOID:
            if not depth:
                found.append(tag[0])
            continue
        if not depth and not tag[1]:
            start = tag.start()
        depth += -1 if tag[1] else 1
        if not depth:
            found.append(html[start : tag.end()])
    return found


def _items(page: list[str]) -> list[str]:
    """The notes at the end of a page."""
    if not page or not page[-1].startswith(NOTES):
        return []
    return elements(page[-1].partition("<ol>")[2].rpartition("</ol>")[0])


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

    def harmless(numbers: list[int]) -> list[int]:
        """Those of the lines whose signs change nothing."""
        if not numbers or page(numbers) is not None:
            return numbers
        half = len(numbers) // 2
        return harmless(numbers[:half]) + harmless(numbers[half:]) if half else []

    numbers = list(places) if len(lines) < MOST and not SIGNS.search(body) else []
    return page(numbers) or page(harmless(numbers))


def _places(body: str, lines: list[str]) -> dict[int, list[int]]:
    """Where the signs of each line stand that can have any: one in each part that a condition may leave out."""
    masked = JINJA.sub(lambda tag: re.sub(r"[^\n]", "\x01", tag[0]), body)
    masked = UNSIGNED.sub(lambda found: re.sub(r"[^\n\x01]", " ", found[0]), masked)
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


class _Span(NamedTuple):
    """Lines, from 0, that belong together, and what they made."""

    first: int
    last: int
    elements: frozenset[int] = frozenset()
    notes: frozenset[int] = frozenset()
    is_sign: bool = False

    @property
    def shown(self) -> bool:
        return bool(self.elements or self.notes)


def _joined(spans: Iterable[_Span]) -> list[_Span]:
    """The same lines, without two spans that share one, in order."""
    joined: list[_Span] = []
    for span in sorted(spans, key=lambda span: span[:2]):
        if joined and span.first <= joined[-1].last:
            one = joined.pop()
            both = one.elements | span.elements, one.notes | span.notes, one.is_sign and span.is_sign
            span = _Span(one.first, max(one.last, span.last), *both)
        joined.append(span)
    return joined


class _Map:
    """From the signs in the elements of `page` to the blocks of `body`."""

    def __init__(self, body: str, page: list[str]) -> None:
        self.body, self.page = body, page
        self.lines = body.split("\n")
        self.certain = True

    def blocks(self) -> Iterator[Block]:
        """In the order of the text; their lines from 0."""
        spans = _joined([*self._shown(), *self._wholes()])
        conditions, tags = [], []
        for condition in self._conditions():
            if self._is_open(condition, spans):
                conditions.append((condition[0].first, condition[-1].last))
                tags += condition
            else:
                spans.append(self._closed(condition))
        spans = _joined([*spans, *tags])
        spans = self._with_unsigned(_joined([*spans, *self._loose(spans)]))
        for span in spans:
            within = next((lines for lines in conditions if lines[0] <= span.first <= lines[1]), None)
            yield Block(
                span.first, span.last, self._kind(span), tuple(sorted(span.elements)), tuple(sorted(span.notes)), within
            )

    def _shown(self) -> Iterator[_Span]:
        """The lines from the first to the last sign of each element, and of each note."""
        for number, html in enumerate(self.page):
            if not html.startswith(NOTES) and (signs := [ord(sign) - SIGN for sign in SIGNS.findall(html)]):
                yield _Span(min(signs), max(signs), frozenset({number}))
        for number, html in enumerate(_items(self.page)):
            if signs := [ord(sign) - SIGN for sign in SIGNS.findall(html)]:
                yield _Span(min(signs), max(signs), notes=frozenset({number}))

    def _wholes(self) -> Iterator[_Span]:
        """Lines that mean something only together: blocks of code, and what braces hold."""
        for found in [*CODE.finditer(self.body), *BRACES.finditer(self.body)]:
            first, last = self._line(found.start()), self._line(found.end())
            if last > first:
                yield _Span(first, last)

    def _line(self, place: int) -> int:
        return self.body.count("\n", 0, place)

    def _conditions(self) -> Iterator[list[_Span]]:
        """The tags of each condition, or loop, that stands in no other."""
        depth, tags = 0, []
        for tag in JINJA.finditer(self.body):
            tags.append(_Span(self._line(tag.start()), self._line(tag.end()), is_sign=True))
            if found := OPENED.match(tag[0]):
                depth += 1 if found["opens"] else -1
            if not depth:
                yield tags
                tags = []

    def _is_open(self, tags: list[_Span], spans: list[_Span]) -> bool:
        """Whether blocks in a condition are blocks of their own: its tags stand alone in lines between them."""
        if any(self._is_text(number) for number in (tags[0].first - 1, tags[-1].last + 1)):
            return False
        for tag in tags:
            text = "\n".join(self.lines[tag.first : tag.last + 1])
            if JINJA.sub("", text).strip() or NO_CONDITION.search(text):
                return False
        return not any(one.first <= tag.last and tag.first <= one.last for one in spans for tag in tags)

    def _is_text(self, number: int) -> bool:
        """Whether there is such a line, with more than tags of Jinja."""
        return 0 <= number < len(self.lines) and bool(JINJA.sub("", self.lines[number]).strip())

    def _closed(self, tags: list[_Span]) -> _Span:
        """All of a condition, with the lines that it touches."""
        return _Span(tags[0].first - self._is_text(tags[0].first - 1), tags[-1].last + self._is_text(tags[-1].last + 1))

    def _loose(self, spans: list[_Span]) -> Iterator[_Span]:
        """What lines without signs belong to; those that belong to none are spans themselves."""
        taken = {line: span for span in spans for line in range(span.first, span.last + 1)}
        texts = [number for number, line in enumerate(self.lines) if line.strip() and number not in taken]
        for _, run in groupby(enumerate(texts), lambda pair: pair[1] - pair[0]):
            numbers = [number for _, number in run]
            above, below = taken.get(numbers[0] - 1), taken.get(numbers[-1] + 1)
            above = None if above and above.is_sign else above
            below = None if below and below.is_sign else below
            while numbers and (end := self._ended(numbers[0], above, spans)):
                yield _Span(end, numbers.pop(0))
            while numbers and BELOW.match(self.lines[numbers[-1]]):
                number = numbers.pop()
                following = below or next((span for span in spans if span.first > number and span.shown), None)
                yield _Span(number, following.first if following else number)
            if numbers:
                yield _Span(numbers[0] - bool(above), numbers[-1] + bool(below))

    def _ended(self, number: int, above: _Span | None, spans: list[_Span]) -> int:
        """The line above that a line without words belongs to, as its end; 0 for none."""
        if above and BEFORE.match(self.lines[number]):
            return above.last
        if CLOSING.match(self.lines[number]):
            return max((span.last for span in spans if span.last < number and span.shown), default=0)
        return 0

    def _with_unsigned(self, spans: list[_Span]) -> list[_Span]:
        """The same, with the elements that no sign came out in: rules, and what else has no word."""
        at = {number: span for span in spans for number in span.elements}
        count = len(self.page) - bool(self.page and self.page[-1].startswith(NOTES))
        silent = [number for number in range(count) if number not in at]
        for _, run in groupby(enumerate(silent), lambda pair: pair[1] - pair[0]):
            numbers = [number for _, number in run]
            above, below = at.get(numbers[0] - 1), at.get(numbers[-1] + 1)
            first, last = above.last if above else -1, below.first if below else len(self.lines)
            rules = [span for span in spans if first < span.first < last and RULE.match(self.lines[span.first])]
            if len(rules) == len(numbers) and all(self.page[number].startswith("<hr") for number in numbers):
                spans = [
                    *spans,
                    *(
                        _Span(rule.first, rule.last, frozenset({number}))
                        for rule, number in zip(rules, numbers, strict=True)
                    ),
                ]
            else:
                self.certain = False
                first, last = above.first if above else 0, below.last if below else len(self.lines) - 1
                spans = [*spans, _Span(first, last, frozenset(numbers))]
        return self._in_order(_joined(spans))

    def _in_order(self, spans: list[_Span]) -> list[_Span]:
        """`spans`, if what they made stands on the page in their order; or else all of the text as one."""
        made = [number for span in spans for number in sorted(span.elements)]
        if made == sorted(made):
            return spans
        self.certain = False
        return _joined([*spans, _Span(spans[0].first, spans[-1].last)])

    def _kind(self, span: _Span) -> str:
        if span.is_sign:
            return "sign"
        if not span.shown:
            return "hidden"
        if not span.elements:
            return "note"
        if len(span.elements) + len(span.notes) > 1:
            return "condition" if JINJA.search("\n".join(self.lines[span.first : span.last + 1])) else "group"
        html = self.page[min(span.elements)]
        tag = TAG.match(html)
        assert tag
        named = next((kind for name, kind in NAMED.items() if f'class="{name}' in tag[0]), "html")
        return KINDS.get(tag[2], named)
