"""Text from a clipboard as Markdown of the site's kinds, for the place where it is pasted.

Headings come one level below those of where they are from, and below the one above; notes get numbers that the page
does not have. A clipboard's HTML (clean.py) becomes a tree of our kinds (tree.py, with lists.py, notes.py, tables.py),
and that is written by markdownify (writer.py).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from itertools import count

from bs4 import Tag

from plugins.problems import Message, counted, say

from .clean import HEADINGS
from .tree import Plain
from .writer import Writer

HEADING = re.compile(r"^(#{1,6}) ", re.MULTILINE)
NAMED = re.compile(r"\[\^([^]\n]+)\]")
LOST: dict[str, tuple[Message, Message]] = {
    "picture": (
        say("One picture did not come with the text: choose it with “Picture”."),
        say("{count} pictures did not come with the text: choose each with “Picture”.", count="{count}"),
    ),
    "drawing": (
        say("One drawing, film or form was left out."),
        say("{count} drawings, films or forms were left out.", count="{count}"),
    ),
    "formula": (
        say("One formula was left out: write it in words, or add it as a picture."),
        say("{count} formulas were left out: write them in words, or add them as pictures.", count="{count}"),
    ),
    "comment": (say("The comments were left out."),) * 2,
    "tracked": (say("What was marked as deleted was left out; what was added is in the text."),) * 2,
    "struck": (say("Words that were struck out stand in the text as plain words: look whether you want them."),) * 2,
    "merged": (
        say("One cell of a table was merged of several: its words are in the first of them."),
        say("{count} cells of tables were merged of several: their words are in the first of them.", count="{count}"),
    ),
    "lines": (say("The lines within a cell of a table follow each other now."),) * 2,
    "mark": (
        say("The mark of one note was left out, because its note was not copied."),
        say("The marks of {count} notes were left out, because their notes were not copied.", count="{count}"),
    ),
    "named": (say("Say what each picture shows, in the brackets before its address."),) * 2,
}


@dataclass(frozen=True)
class Pasted:
    """What comes of a clipboard: the text, the notes that belong below it, what could not be kept.

    `is_part`: parts of their own, and no words for the middle of a sentence.
    """

    text: str
    notes: str
    is_part: bool
    told: list[Message]


def pasted(
    html: str, above: str, below: str, link: Callable[[str], str] = str, picture: Callable[[Tag], str] = lambda _: ""
) -> Pasted:
    """The HTML of a clipboard for a place in a page, whose text stands `above` and `below` it.

    `link` and `picture` as `Plain` has them. Raises ValueError where its tags stand in each other
    without end.
    """
    tree = Plain(html, link, picture)
    found = HEADING.findall(above)
    _set_levels(tree.root, len(found[-1]) if found else 1)
    used = set(NAMED.findall(above + below))
    free = (str(number) for number in count(1) if str(number) not in used)
    names = [next(free) for _ in tree.notes]
    write = Writer(names).written
    text = write(tree.root)
    notes = [f"[^{name}]: " + write(note).replace("\n", "\n    ") for name, note in zip(names, tree.notes, strict=True)]
    notes = [re.sub(r"^ +$", "", note, flags=re.MULTILINE) for note in notes]
    blocks = tree.root.find_all(True, recursive=False)
    told = [counted(number, *LOST[name]) for name, number in tree.counts.items() if name in LOST and number]
    return Pasted(text, "\n\n".join(notes), len(blocks) > 1 or any(one.name != "p" for one in blocks), told)


def _set_levels(root: Tag, above: int) -> None:
    """Headings one level down, below the one `above`, and none skipped (plugins/reader/source.py)."""
    outer: list[tuple[int, int]] = []
    for heading in root.find_all(HEADINGS):
        level = int(heading.name[1])
        while outer and outer[-1][0] >= level:
            outer.pop()
        made = min(level + 1, (outer[-1][1] if outer else above) + 1, 6)
        outer.append((level, made))
        heading.name = f"h{made}"
        if below := heading.find_next("p"):
            below.extend(heading.find_all("sup", attrs={"data-note": True}))  # a heading is shown elsewhere too
