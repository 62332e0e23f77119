"""A fact in a text is text: while Markdown reads, a sign stands for it, and no letter of it is markup (#14)."""

from __future__ import annotations

import re
from html import escape

from markdown import Markdown
from markdown.extensions import Extension
from markdown.postprocessors import Postprocessor
from markupsafe import Markup

SIGN = "\ue100{}\ue101"
HELD = re.compile(SIGN.format(r"(\d+)"))
TAG = re.compile(r"<[^<>]*>")


class PrintedFacts(Extension):
    """The facts of the text that is read now: `hold` each, then convert, and each stands in its place."""

    def __init__(self) -> None:
        super().__init__()
        self.facts: list[str] = []

    def hold(self, fact: str) -> str:
        """The sign that stands for a fact as it is printed: text, or Markup made of one, such as a link."""
        self.facts.append(fact)
        return SIGN.format(len(self.facts) - 1)

    def reset(self) -> None:
        """Forget the facts of the text before."""
        self.facts = []

    def put_back(self, html: str) -> str:
        """`html` with each fact in the place of its sign."""
        return HELD.sub(self._text, TAG.sub(lambda tag: HELD.sub(self._attribute, tag[0]), html))

    def _text(self, sign: re.Match[str]) -> str:
        fact = self.facts[int(sign[1])]
        return fact if isinstance(fact, Markup) else escape(fact, quote=False)

    def _attribute(self, sign: re.Match[str]) -> str:
        fact = self.facts[int(sign[1])]
        return escape(fact.striptags() if isinstance(fact, Markup) else fact)

    def extendMarkdown(self, md: Markdown) -> None:
        md.postprocessors.register(_PutBack(md, self), "printed-facts", 5)  # the last


class _PutBack(Postprocessor):
    """Also run by `toc`, so that the id of a heading is made of its words."""

    def __init__(self, md: Markdown, held: PrintedFacts) -> None:
        super().__init__(md)
        self.held = held

    def run(self, text: str) -> str:
        return self.held.put_back(text)
