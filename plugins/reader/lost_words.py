"""Words of a text that its page would not show: whatever Markdown did with them, their author is told (#14).

Every word of the source is in the HTML that was made of it, as text or in an attribute. What takes one out (a cell that
no column has, an address that nothing refers to, an id given twice) need not be known here.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from html import unescape

from ..problems import Message, say
from .markdown_mistakes import Mistake
from .printed_facts import HELD

WORD = re.compile(r"[^\W_]+")
# What is read and not shown: numbers of items, names of references, the attribute that md_in_html takes out of a tag.
READ = re.compile(
    r"^[ >]*\d{1,3}[.)][ ]|(?<=\])\[[^\]]*\]|^[ ]*(?P<name>\[(?!\^)[^\]]+\]):"
    r"""|\bmarkdown(?:=["']?\w+["']?)?(?=[^<>]*>)""",
    re.MULTILINE,
)
REFERENCE = re.compile(r"\s*\[([^\]]+)\]:")
SHOWN = 5  # words of a line that a message names
MOST = 10  # lines that are told at once


def lost_words(filled: str, html: str, lines: list[str]) -> Iterator[Mistake]:
    """The words of `filled`, a text of Markdown with its facts, that are not in its `html`; `lines` are of its file."""

    given = Counter(found["name"] for found in READ.finditer(filled) if found["name"])

    def read(found: re.Match[str]) -> str:
        name = found["name"]
        return found[0] if name and filled.count(name) == given[name] else ""  # nothing refers to it

    missing = Counter(_words(READ.sub(read, HELD.sub(" ", filled)))) - (
        Counter(_words(html)) | Counter(_words(unescape(html)))
    )
    if not missing:
        return
    of_lines = [Counter(_words(line)) for line in lines]
    for _ in range(MOST):
        counts = [len(missing & words) for words in of_lines]
        if not any(counts):  # none is left; or no line shows it: a constant in a condition
            return
        number = counts.index(max(counts))
        gone = [word for word in WORD.findall(lines[number]) if word.casefold() in missing]
        missing -= of_lines[number]
        words = " ".join(gone[:SHOWN]) + (" …" if len(gone) > SHOWN else "")
        yield Mistake(number + 1, say("“{words}” would not be shown", words=words), _remedy(lines[number]))


def _words(text: str) -> Iterable[str]:
    return WORD.findall(text.casefold())


def _remedy(line: str) -> Message:
    if reference := REFERENCE.match(line):
        return say(
            "Nothing in the text refers to {mark}: link some words to it, or take it out.", mark=f"[{reference[1]}]"
        )
    if "|" in line:
        return say(r"Give each row of a table as many cells as its first line has; a | that is none is written \|.")
    return say("Markdown takes what stands there for signs of its own. Write it in another way.")
