"""An author's comments, `<!-- … -->`: taken out of the text before anything reads it, so that none is published.

Each becomes a comment of Jinja (`{## … ##}`) without its words. Jinja takes that out with the line it has for itself,
so that a table, a list or a paragraph goes on as if it had never been there, and still counts lines as the file does.
"""

from __future__ import annotations

import re

from ..problems import IllegibleError, Problem, say

# Code shows comments as they are: a block between two fences, words between backquotes.
FENCE_SIGNS = r"`{3,}(?=[^`\n]*$)|~{3,}"
OPENED = rf"^[ >]*(?P<fence>{FENCE_SIGNS})"
FENCED = rf"{OPENED}[^\n]*\n(?:.*?\n)??[ >]*(?P=fence)[`~]* *$"
QUOTED = r"(?<!`)(?P<quote>`+)(?!`)[^\n]*?(?<!`)(?P=quote)(?!`)"
CLOSED = r"(?P<closed><!--.*?-->(?:[ \t]*<!--.*?-->)*)"
FENCE = re.compile(OPENED, re.MULTILINE)
CODE = re.compile(rf"{FENCED}|{QUOTED}", re.DOTALL | re.MULTILINE)
COMMENT = re.compile(rf"{CODE.pattern}|(?<![ \t])[ \t]*(?:{CLOSED}|(?P<open><!--))", re.DOTALL | re.MULTILINE)
TAKEN_OUT = re.compile(r"\{##\n*(?: \+)?##\}")


def without_comments(body: str, file: str, first_line: int) -> str:
    """`body` with its comments emptied. Raises IllegibleError with the line of one that is not closed."""

    def emptied(found: re.Match[str]) -> str:
        if found["open"]:
            line = first_line + body.count("\n", 0, found.start("open"))
            message = say("a comment opens here and is not closed, so the rest of the page is part of it")
            raise IllegibleError([Problem(file, line, message, say("Close it with {sign} where it ends.", sign="-->"))])
        if not found["closed"]:
            return found[0]
        lines = "\n" * found[0].count("\n")
        first, last = (
            found.start() == 0 or body[found.start() - 1] == "\n",
            body[found.end() : found.end() + 1] in ("", "\n"),
        )
        if first and last:
            return f"{{##{lines}##}}"
        before = "" if last else found[0][: found.start("closed") - found.start()]
        return f"{before}{{##{lines} +##}}"

    return COMMENT.sub(emptied, body) if "<!--" in body else body
