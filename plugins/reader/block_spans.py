"""From a page whose lines each left a sign in the HTML that they made to blocks: lines that can be edited as one."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import NamedTuple

from .comments import CODE

SIGN = 0xF0000  # the first letter of a plane that nobody writes with: one for each line
MOST = 0xFFFD  # lines, of that plane
SIGNS = re.compile("[\U000f0000-\U000ffffd]")
JINJA = re.compile(r"\{%[-+]?\s*(\w*).*?%\}", re.DOTALL)
TAG = re.compile(r'<(/?)([a-z][a-z0-9]*)(?:[^<>"]|"[^"]*")*>')  # as allowed.py writes them
VOID = {"br", "hr", "img"}
NOTES = re.compile(r'<section (?:[^>]* )?class="notes"')

BRACES = re.compile(r"\{(\{|##|%).*?(\}|##|%)\}", re.DOTALL)
NO_CONDITION = re.compile(r"\{%-?\s*(?:for|set|filter)\b")
BEFORE = re.compile(r"\s*(?:\{:|(?:=+|-+)\s*$|\|?[-: |]+$)")  # lines that end what stands above them
CLOSING = re.compile(r"\s*(?:</\w+>\s*)+$")
BELOW = re.compile(r"\s*(?:<(?!hr|br|img)\w|!!!)")  # lines that begin what stands below them
RULE = re.compile(r" {0,3}(?:(?:- *){3,}|(?:\* *){3,}|(?:_ *){3,}|<hr ?/?>)$")
KINDS = {"p": "paragraph", "blockquote": "quotation", "pre": "code", "hr": "rule"}
NAMED = {"table": "table", "admonition": "box", "highlight": "code"}
KINDS |= {f"h{level}": "heading" for level in range(2, 7)} | dict.fromkeys(("ul", "ol", "dl"), "list")


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


def without_notes(page: Sequence[str]) -> Sequence[str]:
    """The elements of a page that stand above its notes."""
    return page[:-1] if page and NOTES.match(page[-1]) else page


def notes_of(page: Sequence[str]) -> list[str]:
    """The notes at the end of a page."""
    if len(without_notes(page)) == len(page):
        return []
    return elements(page[-1].partition("<ol>")[2].rpartition("</ol>")[0])


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


class PageMap:
    """From the signs in the elements of `page` to the blocks of `body`."""

    def __init__(self, body: str, page: list[str]) -> None:
        self.body, self.page = body, page
        self.lines = body.split("\n")
        self.certain = True

    def blocks(self) -> Iterator[Block]:
        """In the order of the text; their lines from 0."""
        spans = _joined([*self._shown(), *self._wholes()])
        conditions, tags, closed = [], [], []
        for condition in self._conditions():
            if self._is_open(condition, spans):
                conditions.append((condition[0].first, condition[-1].last))
                tags += condition
            else:
                closed.append(self._closed(condition, spans))
        spans = _joined([*spans, *closed, *tags])
        spans = self._with_unsigned(_joined([*spans, *self._loose(spans)]))
        for span in spans:
            within = next((lines for lines in conditions if lines[0] <= span.first <= lines[1]), None)
            yield Block(
                span.first, span.last, self._kind(span), tuple(sorted(span.elements)), tuple(sorted(span.notes)), within
            )

    def _shown(self) -> Iterator[_Span]:
        """The lines from the first to the last sign of each element, and of each note."""
        for number, html in enumerate(self.page):
            if not NOTES.match(html) and (signs := [ord(sign) - SIGN for sign in SIGNS.findall(html)]):
                yield _Span(min(signs), max(signs), frozenset({number}))
        for number, html in enumerate(notes_of(self.page)):
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
        depth = 0
        tags: list[_Span] = []
        for tag in JINJA.finditer(self.body):
            tags.append(_Span(self._line(tag.start()), self._line(tag.end()), is_sign=True))
            if tag[1].startswith("end"):
                depth -= 1
            elif f"end{tag[1]}" in self.body:
                depth += 1
            if not depth:
                yield tags
                tags = []
        if tags:  # a word that ends with `end…` and without it
            yield tags

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

    def _closed(self, tags: list[_Span], spans: list[_Span]) -> _Span:
        """All of a condition, with the lines that it touches: Jinja takes the end of a line with a tag that ends it."""
        first, last = tags[0].first, tags[-1].last
        above, below = first - 1, last + 1
        if self._is_text(last) and self.lines[last].endswith("%}") and not self._is_text(below):
            is_told = any(span.first == last + 2 for span in spans)
            below = below if is_told else last + 2
        is_above = self._is_text(above) and not BEFORE.match(self.lines[above]) and not CLOSING.match(self.lines[above])
        is_below = self._is_text(below) and not BELOW.match(self.lines[below])
        return _Span(above if is_above else first, below if is_below else last)

    def _loose(self, spans: list[_Span]) -> Iterator[_Span]:
        """What lines without signs belong to; those that belong to none are spans themselves."""
        taken = {line: span for span in spans for line in range(span.first, span.last + 1)}
        texts = [number for number, line in enumerate(self.lines) if line.strip() and number not in taken]
        for _, run in groupby(enumerate(texts), lambda pair: pair[1] - pair[0]):
            numbers = [number for _, number in run]
            above, below = taken.get(numbers[0] - 1), taken.get(numbers[-1] + 1)
            above = None if above and above.is_sign else above
            below = None if below and below.is_sign else below
            while numbers and (end := self._ended(numbers[0], above, spans)) is not None:
                yield _Span(end, numbers.pop(0))
            while numbers and BELOW.match(self.lines[numbers[-1]]):
                number = numbers.pop()
                following = next((span for span in spans if span.first > number), None)
                yield _Span(number, following.first if following and following.shown else number)
            if numbers:
                yield _Span(numbers[0] - bool(above), numbers[-1] + bool(below))

    def _ended(self, number: int, above: _Span | None, spans: list[_Span]) -> int | None:
        """The last line of what a line without words ends, if it does."""
        if above and BEFORE.match(self.lines[number]):
            return above.last
        before = [span for span in spans if span.last < number]
        return before[-1].last if CLOSING.match(self.lines[number]) and before and before[-1].shown else None

    def _with_unsigned(self, spans: list[_Span]) -> list[_Span]:
        """The same, with the elements that no sign came out in: rules, and what else has no word."""
        at = {number: span for span in spans for number in span.elements}
        start = min((span.first for span in spans), default=0)
        end = max((span.last for span in spans), default=0)
        silent = [number for number in range(len(without_notes(self.page))) if number not in at]
        for _, run in groupby(enumerate(silent), lambda pair: pair[1] - pair[0]):
            numbers = [number for _, number in run]
            above, below = at.get(numbers[0] - 1), at.get(numbers[-1] + 1)
            first, last = above.last if above else -1, below.first if below else len(self.lines)
            rules = [span for span in spans if first < span.first < last and RULE.match(self.lines[span.first])]
            if len(rules) == len(numbers) and all(self.page[number].startswith("<hr") for number in numbers):
                pairs = zip(rules, numbers, strict=True)
                spans = [*spans, *(rule._replace(elements=frozenset({number})) for rule, number in pairs)]
            else:
                self.certain = False
                first, last = above.first if above else start, below.last if below else end
                spans = [*spans, _Span(first, last, frozenset(numbers))]
        return _joined(spans)

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
