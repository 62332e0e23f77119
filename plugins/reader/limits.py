"""How much a text may ask of those who read it: Python-Markdown takes the square of the time for some signs (#14)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ..problems import Problem, say

LENGTH = 300_000  # characters of a text; the longest page has 12,000
UNCLOSED = 200  # brackets of a paragraph that are opened and not closed: some 0.1 s for each kind
PAIRS = (("[", "]"), ("(", ")"), ("<", ">"))
SPACES = 200  # in a row, or empty lines
DEPTH = 20  # quotations, one in the other
LINES = 2_000  # of a paragraph, a list or a table without an empty line
FENCES = 500  # blocks of code

BLANK = re.compile(rf"[^\S\n]{{{SPACES}}}|\n{{{SPACES}}}")
QUOTES = re.compile(rf"^(?: *>){{{DEPTH}}}", re.MULTILINE)
FENCE = re.compile(r"^[ >]*(?:`{3}|~{3})", re.MULTILINE)


def beyond_limits(body: str, file: str, first_line: int) -> Iterator[Problem]:
    """A problem for each place of `body` that would take too long to read."""

    def problem(at: int) -> Problem:
        message = say("there are more signs here than a text can have, or more spaces")
        remedy = say("Look at what was pasted here, and take out what is no text.")
        return Problem(file, first_line + body.count("\n", 0, at), message, remedy)

    if len(body) > LENGTH:
        message = say("the text is longer than {count} letters", count=LENGTH)
        yield Problem(file, first_line, message, say("Make several pages of it."))
        return
    for pattern in (BLANK, QUOTES):
        if found := pattern.search(body):
            yield problem(found.start())
    fences = [found.start() for found in FENCE.finditer(body)]
    if len(fences) > 2 * FENCES:
        yield problem(fences[-1])
    start = 0
    for block in body.split("\n\n"):
        unclosed = max(block.count(opening) - block.count(closing) for opening, closing in PAIRS)
        if unclosed > UNCLOSED or block.count("\n") > LINES:
            yield problem(start)
        start += len(block) + 2
