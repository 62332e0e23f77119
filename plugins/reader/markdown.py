"""Our additions to Markdown: accessible tables with captions, checklists, attributes at the end of a list item, notes.

A paragraph `Table: Who decides what` right above a table becomes its caption. The first cell of each row is its header,
and the others carry their column's name for a phone, which shows rows as blocks.
`- [ ] ` starts an item of a checklist.
`word[^1]` and, on a line of its own, `[^1]: Source.` make a note at the end of the text.
"""

from __future__ import annotations

import re
from typing import Any
from xml.etree.ElementTree import Element

from markdown import Markdown
from markdown.extensions import Extension
from markdown.extensions.attr_list import AttrListTreeprocessor
from markdown.extensions.footnotes import FootnoteExtension, FootnoteInlineProcessor
from markdown.preprocessors import Preprocessor
from markdown.treeprocessors import Treeprocessor

from .commonmark import CommonMark
from .printed_facts import PrintedFacts

CAPTION = "Table:"
ALIGNED = {"text-align: right;": "align-end", "text-align: center;": "align-center"}
BACK = {"en": "Back to the text, note {}", "fr": "Retour au texte, note {}"}
ITEM = re.compile(r"\s*(?:[-*]|\d+\.)\s")


class ItemAttributes(Preprocessor):
    """Lets `- item {: data-s="S10" }` end with its attributes; attr_list wants them on a line of their own."""

    def run(self, lines: list[str]) -> list[str]:
        return [part for line in lines for part in self._parts(line)]

    def _parts(self, line: str) -> list[str]:
        whole, item = line.rstrip(), ITEM.match(line)
        at = whole.rfind("{: ")
        if item is None or at < item.end() or whole.find("}", at) != len(whole) - 1:
            return [line]
        return [whole[:at].rstrip(), " " * (len(line) - len(line.lstrip())) + whole[at:]]


class MarkedAttributes(AttrListTreeprocessor):
    """Attributes begin with `{:`; what stands in other braces is text."""

    BASE_RE = r"\{:[ ]*([^\}\n ][^\n]*)\}"  # type: ignore[misc]
    HEADER_RE = re.compile(rf"[ ]+{BASE_RE}[ ]*$")  # type: ignore[misc]
    BLOCK_RE = re.compile(rf"\n[ ]*{BASE_RE}[ ]*$")  # type: ignore[misc]
    INLINE_RE = re.compile(rf"^{BASE_RE}")  # type: ignore[misc]


class AccessibleTables(Treeprocessor):
    """Captions, scopes and a wrapper for every table."""

    def run(self, root: Element) -> None:
        for parent in list(root.iter()):
            for child in list(parent):
                if child.tag == "table":
                    self._finish(parent, child)
            for caption in [child for child in parent if child.get("class") == "caption-used"]:
                parent.remove(caption)

    def _finish(self, parent: Element, table: Element) -> None:
        children = list(parent)
        place = children.index(table)
        before = children[place - 1] if place else None
        if before is not None and before.tag == "p" and (before.text or "").startswith(CAPTION):
            caption = Element("caption", dict(before.items()))
            caption.text = (before.text or "").removeprefix(CAPTION).lstrip()
            caption.extend(list(before))
            table.insert(0, caption)
            before.set("class", "caption-used")
        headers = ["".join(cell.itertext()) for cell in table.iter("th")]
        for row in table.iter("tr"):
            for column, cell in enumerate(row):
                # Alignment as a class: the Content-Security-Policy refuses style attributes.
                aligned = ALIGNED.get(cell.attrib.pop("style", ""))
                if aligned:
                    cell.set("class", " ".join(filter(None, (cell.get("class"), aligned))))
                if cell.tag == "th":
                    cell.set("scope", "col")
                elif column == 0:
                    cell.tag = "th"
                    cell.set("scope", "row")
                else:
                    cell.set("data-label", headers[column])
        wrapper = Element("div", {"class": "table"})
        wrapper.append(table)
        wrapper.tail, table.tail = table.tail, None
        parent[place] = wrapper


class Checklists(Treeprocessor):
    """`<ul class="checklist">` for lists whose items start with `[ ]`."""

    def run(self, root: Element) -> None:
        for items in root.iter("ul"):
            for item in items:
                holder = item if (item.text or "").strip() or not len(item) else item[0]
                if (holder.text or "").lstrip().startswith("[ ]"):
                    holder.text = (holder.text or "").lstrip().removeprefix("[ ]").lstrip()
                    items.set("class", "checklist")


class PageMarkdown(Markdown):
    """A parser that knows the language of the page it reads, and the facts that are printed in it."""

    lang = "en"
    printed: PrintedFacts


class AccessibleNotes(Treeprocessor):
    """Notes in a labelled section: each mark and each way back says in the page's language where it leads."""

    def __init__(self, md: PageMarkdown, extension: FootnoteExtension) -> None:
        super().__init__(md)
        self.page, self.extension = md, extension

    def run(self, root: Element) -> None:
        if not self.extension.footnotes:
            return
        for mark in root.iterfind(".//a[@class='footnote-ref']"):
            mark.set("aria-label", f"Note {mark.text}")
        for notes in root.iterfind(".//div[@class='footnote']"):
            notes.tag, notes.attrib = "section", {"class": "notes", "aria-label": "Notes"}
            notes.remove(notes[0])  # a rule: the style sheet draws it
            items = notes[0]
            for item in list(items)[len(self.extension.footnote_order) :]:
                items.remove(item)  # nothing in the text leads there; markdown_mistakes.py tells
            for number, item in enumerate(items, start=1):
                for place, back in enumerate(item.iterfind(".//a[@class='footnote-backref']"), start=1):
                    back.attrib.pop("title", None)  # a tooltip is not for keyboards
                    again = f" ({place})" if place > 1 else ""
                    back.set("aria-label", BACK[self.page.lang].format(number) + again)


class Notes(FootnoteExtension):
    """Python-Markdown's footnotes, numbered as they are met, finished by the above."""

    def __init__(self) -> None:
        # U+FE0E after the arrow keeps phones from drawing an emoji.
        super().__init__(USE_DEFINITION_ORDER=False, BACKLINK_TEXT="\u21a9\ufe0e")

    def extendMarkdown(self, md: Markdown) -> None:
        assert isinstance(md, PageMarkdown)
        super().extendMarkdown(md)
        # The same mark, with the space before it: a mark touches its word.
        md.inlinePatterns.register(FootnoteInlineProcessor(r"\s*\[\^([^\]]+)\]", self), "footnote", 175)
        md.treeprocessors.register(AccessibleNotes(md, self), "accessible-notes", 14)  # after "footnote-duplicate", 15

    def setFootnote(self, id: str, text: str) -> None:  # noqa: A002 - its name in the extension
        """Take no empty note: the extension would fail on it. Its mark stays as typed; markdown_mistakes.py tells."""
        if text.strip():
            super().setFootnote(id, text)


class PracticeMarkdown(Extension):
    """All of the above."""

    def extendMarkdown(self, md: Markdown) -> None:
        md.preprocessors.register(ItemAttributes(md), "item-attributes", 15)
        md.treeprocessors.register(MarkedAttributes(md), "attr_list", 8)  # in the place of Python-Markdown's
        md.treeprocessors.register(AccessibleTables(md), "accessible-tables", 5)
        md.treeprocessors.register(Checklists(md), "checklists", 4)


def converter() -> PageMarkdown:
    """Python-Markdown as this site uses it. Reset it between documents, and tell it the language of each (`lang`)."""
    extensions: list[str | Extension] = [
        "attr_list",
        "def_list",
        "pymdownx.highlight",  # for the plain form of what the next makes
        "pymdownx.superfences",  # blocks of code wherever they stand
        "admonition",
        "tables",
        "md_in_html",
        "sane_lists",
        "toc",
        CommonMark(),
        Notes(),
        PracticeMarkdown(),
        printed := PrintedFacts(),
    ]
    settings: dict[str, dict[str, Any]] = {
        "toc": {"toc_depth": "2-3"},
        "pymdownx.highlight": {"use_pygments": False, "css_class": ""},
    }
    made = PageMarkdown(extensions=extensions, extension_configs=settings, output_format="html")
    made.printed = printed
    return made
