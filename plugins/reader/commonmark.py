"""Where editors and readers elsewhere take Markdown otherwise than Python-Markdown does, this site takes it as they do.

CommonMark 0.31 is the rule (#14): lists nested by two or three spaces, lists right below a paragraph, and text, code
and boxes that belong to an item (5.2); a year that begins a line begins no list; `## C#` is a heading and `#word` none
(4.2); Markdown goes on after an empty line in a block of HTML (4.6); a backslash at a line's end breaks it (6.7).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from xml.etree.ElementTree import Element

from markdown import Markdown
from markdown.blockparser import BlockParser
from markdown.blockprocessors import HashHeaderProcessor
from markdown.extensions import Extension
from markdown.extensions.admonition import AdmonitionProcessor
from markdown.extensions.sane_lists import SaneOListProcessor
from markdown.inlinepatterns import (
    IMAGE_LINK_RE,
    LINK_RE,
    ImageInlineProcessor,
    LinkInlineProcessor,
    SubstituteTagInlineProcessor,
)
from markdown.preprocessors import Preprocessor

from .comments import FENCE_SIGNS

WIDTH = 4  # spaces by which Python-Markdown nests
FENCE = re.compile(FENCE_SIGNS, re.MULTILINE)
ITEM = re.compile(r"(?P<sign>[-*+]|\d{1,3}(?P<end>[.)])) +(?=\S)")
NO_ITEM = re.compile(r"(?:[-*_] *){3,}$|[-:| ]+$")  # a rule; the line below the head of a table
BOX = re.compile(r"!!! ?\w|\[\^[^\]]+\]:|: ")  # a box, a footnote, a definition: each goes on with four spaces
HEADING = re.compile(r"#{1,6} ")
FIXED = re.compile(r"([-*+>]|\d{1,3}[.)]|#{1,6}|!!!|\[\^[^\]]+\]:)[\u00a0\u202f]")  # as keyboards and Word put it there
BLOCK = re.compile(r"<(details|div|section|figure|blockquote)\b(?![^>]*\bmarkdown\b)", re.IGNORECASE)


@dataclass(frozen=True)
class _Open:
    """What the lines below may belong to: an item of a list, or a box."""

    reach: int  # how far a line has to be indented to belong to it
    content: int  # where its own first word stands
    written: int  # where Python-Markdown wants what belongs to it
    kind: str  # of list: its sign, or what stands behind its number; empty for a box


class Nesting(Preprocessor):
    """Indents what belongs to an item by four spaces a level, and sets apart by an empty line what others set apart."""

    def run(self, lines: list[str]) -> list[str]:
        return list(_Nested(lines).written())


class _Nested:
    """The lines of one text, or of one quotation in it, on their way to Python-Markdown."""

    def __init__(self, lines: list[str]) -> None:
        self.lines = lines
        self.at = 0  # the line that is read now
        self.open: list[_Open] = []
        self.margin = 0  # of the first line since the last empty one
        self.goes_on = ""  # what a line would go on with: "text", the first text of an "item" or a "box", "code"

    def written(self) -> Iterator[str]:
        while self.at < len(self.lines):
            line = self.lines[self.at]
            text = line.lstrip(" ")
            if sign := FIXED.match(text):
                text = f"{sign[1]} {text[sign.end() :]}"
            yield from self._line(line, text, _indent(line)) if text else self._empty()
            self.at += 1

    def _empty(self) -> Iterator[str]:
        self.goes_on = ""
        yield ""

    def _line(self, line: str, text: str, indent: int) -> Iterator[str]:
        item = self._item(text)
        fence, quote, block = FENCE.match(text), text.startswith(">"), BLOCK.match(text)
        begins = item or fence or quote or block or BOX.match(text) or HEADING.match(text)
        if self.goes_on in ("text", "item", "box") and not begins:
            self.goes_on = "text" if self.goes_on == "box" else self.goes_on
            yield line
            return
        closed = None
        while self.open and indent < self.open[-1].reach:
            closed = self.open.pop()
        inner = self.open[-1] if self.open else _Open(0, 0, 0, "")
        deeper = indent - inner.content
        if deeper >= WIDTH and self.goes_on in ("", "code"):  # a block of code
            self.goes_on = "code"
            yield line if indent >= inner.written + WIDTH else " " * (inner.written + deeper) + text
            return
        margin = " " * inner.written
        ends_list = item and closed and closed.kind not in ("", _kind(item))
        if self.goes_on and (inner.written < self.margin or (item and self.goes_on == "text") or ends_list):
            self.goes_on = ""
            yield ""
        self.margin = self.margin if self.goes_on else inner.written
        if fence:
            yield from self._code(fence[0], margin, indent)
        elif item:
            self.open.append(_Open(indent + 2, indent + len(item[0]), inner.written + WIDTH, _kind(item)))
            self.goes_on = "item"
            yield margin + item[0].replace(")", ".") + text[item.end() :]
        elif quote:
            yield from self._quotation(margin)
        elif BOX.match(text):
            self.open.append(_Open(indent + WIDTH, indent + WIDTH, inner.written + WIDTH, ""))
            self.goes_on = "box"
            yield margin + text
        elif "<pre" in text.lower():
            yield from self._preformatted()
        else:
            self.goes_on = "" if HEADING.match(text) else "text"
            yield margin + (self._opened(text) if block else text)

    def _item(self, text: str) -> re.Match[str] | None:
        """The sign of an item; within a paragraph a number other than 1 is a number (5.2)."""
        item = ITEM.match(text)
        if item is None or NO_ITEM.match(text):
            return None
        is_number = self.goes_on == "text" and not self.open and item["end"] and int(item["sign"][:-1]) != 1
        return None if is_number else item

    def _code(self, fence: str, margin: str, indent: int) -> Iterator[str]:
        """A fenced block, at the margin of what it belongs to, with nothing right above or below it."""
        if self.goes_on:
            yield ""
        yield margin + self.lines[self.at].lstrip(" ")
        closing = re.compile(rf" *{re.escape(fence)}{fence[0]}* *$")
        is_last = None
        while not is_last and self.at + 1 < len(self.lines):
            self.at += 1
            line = self.lines[self.at]
            is_last = closing.match(line)
            yield margin + (line.lstrip(" ") if is_last else line.removeprefix(" " * min(indent, _indent(line))))
        self.goes_on = ""
        if self.lines[self.at + 1 : self.at + 2] not in ([], [""]):
            yield ""

    def _quotation(self, margin: str) -> Iterator[str]:
        """The lines below that begin with `>`, as a text of their own."""
        first = self.at
        while self.at + 1 < len(self.lines) and self.lines[self.at + 1].lstrip(" ").startswith(">"):
            self.at += 1
        quoted = [line.lstrip(" ")[1:].removeprefix(" ") for line in self.lines[first : self.at + 1]]
        self.goes_on = "text"
        for line in _Nested(quoted).written():
            yield f"{margin}> {line}" if line else f"{margin}>"

    def _preformatted(self) -> Iterator[str]:
        """Lines of HTML in which each space counts."""
        self.goes_on = "text"
        yield self.lines[self.at]
        while "</pre" not in self.lines[self.at].lower() and self.at + 1 < len(self.lines):
            self.at += 1
            yield self.lines[self.at]

    def _opened(self, text: str) -> str:
        """The tag that opens a block of HTML: with Markdown in it, if an empty line stands in it."""
        for line in self.lines[self.at :]:
            if not line.strip():
                return BLOCK.sub(r'<\1 markdown="1"', text)
            if "</" + BLOCK.match(text)[1] in line:  # type: ignore[index]
                break
        return text


def _kind(item: re.Match[str]) -> str:
    return item["end"] or item["sign"]


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip(" "))


class Headings(HashHeaderProcessor):
    """`## C#` is a heading, `#word` none (4.2)."""

    RE = re.compile(r"(?:^|\n)(?P<level>#{1,6})[ \t]+(?P<header>[^\n]*?)(?:[ \t]+#+)?[ \t]*(?:\n|$)")


class Numbers(SaneOListProcessor):
    """A list is numbered with at most three figures: `2026. It was a good year.` is a sentence."""

    def __init__(self, parser: BlockParser) -> None:
        super().__init__(parser)
        self.RE = re.compile(self.RE.pattern.replace(r"\d+", r"\d{1,3}"))
        self.CHILD_RE = re.compile(self.CHILD_RE.pattern.replace(r"\d+", r"\d{1,3}"))


class Boxes(AdmonitionProcessor):
    """What stands in a box is read as one text; block by block, lists in it would be taken apart and moved."""

    def run(self, parent: Element, blocks: list[str]) -> None:
        if self.RE.search(blocks[0]):
            while len(blocks) > 1 and blocks[1].startswith(" " * WIDTH) and _is_inside(blocks[0].rsplit("\n", 1)[-1]):
                blocks[:2] = ["\n\n".join(blocks[:2])]
        elif self.current_sibling is not None and self.current_sibling.text:  # an item, which this box is in
            first = Element("p")
            first.text, self.current_sibling.text = self.current_sibling.text, ""
            self.current_sibling.insert(0, first)
        super().run(parent, blocks)


def _is_inside(line: str) -> bool:
    return line.startswith((" " * WIDTH, "!!!"))


class _Destinations(LinkInlineProcessor):
    """An address without spaces is taken as it is typed, quotation marks and all, and a title after a space (6.3)."""

    WHOLE = re.compile(
        r"""\(\s*(?P<address>[^\s()<>]*(?:\([^\s()<>]*\)[^\s()<>]*)*)(?:\s+(?P<mark>["'])(?P<title>.*?)(?P=mark))?\s*\)"""
    )

    def getLink(self, data: str, index: int) -> tuple[str, str | None, int, bool]:
        whole = self.WHOLE.match(data, index)
        if whole is None:
            return super().getLink(data, index)
        title = whole["title"] and self.RE_TITLE_CLEAN.sub(" ", self.unescape(whole["title"].strip()))
        return self.unescape(whole["address"]), title, whole.end(), True


class Links(_Destinations):
    """`[words](address)`."""


class Images(_Destinations, ImageInlineProcessor):
    """`![text](address)`."""


class CommonMark(Extension):
    """All of the above."""

    def extendMarkdown(self, md: Markdown) -> None:
        md.preprocessors.register(Nesting(md), "nesting", 27)  # before blocks of code, 25; after tabs, 30
        md.parser.blockprocessors.register(Headings(md.parser), "hashheader", 70)  # in the place of Python-Markdown's
        md.parser.blockprocessors.register(Numbers(md.parser), "olist", 40)  # likewise
        md.parser.blockprocessors.register(Boxes(md.parser), "admonition", 105)  # likewise
        md.inlinePatterns.register(Links(LINK_RE, md), "link", 160)  # likewise
        md.inlinePatterns.register(Images(IMAGE_LINK_RE, md), "image_link", 150)  # likewise
        md.inlinePatterns.register(SubstituteTagInlineProcessor(r"\\\n", "br"), "backslash-break", 185)
