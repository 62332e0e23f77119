"""Composes a document's chapters from pages and document sections: which parts, what level, what ids and links.

A chapter in the data file:

    [[chapters]]
    id = "method"                        # made unique in the document, and the target of its links
    title = { en = "…", fr = "…" }
    modality = 2                         # optional: the station of the line it carries
    parts = [
      { page = "goal-setting", only = ["intro", "smart"] },    # these ## headings; "intro": before the first
      { page = "faq", except = ["contact"] },                  # everything but
      { section = "guide-kick-off", titled = true },           # its title is a heading, its own go one level down
      { section = "guide-timeline", bare = true },             # without the first heading: the chapter says it
      { page = "sessions", reader = "coachee" },               # who “you” is here, of [readers], said at its head
      { form = "review" }, { pointer = "review" },             # a form of the same file; the page it is on
      { figure = "timeline" },                                 # drawn by the template
    ]
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from plugins.problems import nearest, say

from .html_blocks import parse
from .library import SourceHtml
from .links import Address, Anchors, resolve
from .tree import Node, TreeError, nodes


@dataclass
class Composer:
    """Composes one document in one language. `problem(file, message, remedy, near)` reports; nothing is raised."""

    pages: dict[str, SourceHtml]
    sections: dict[str, SourceHtml]
    data_file: str
    address: Address
    problem: Callable[[str, str, str, str], None]
    is_unread: Callable[[str], bool] = lambda path: False  # pages/faq.md: it was refused, which has been told
    anchors: Anchors = field(default_factory=dict)
    labels: set[str] = field(default_factory=set)

    def chapters(self, specs: list[dict[str, Any]]) -> list[Node]:
        """The chapters as trees, links resolved. Everything wrong has been reported when it returns."""
        chapters = []
        for spec in specs:
            label = self._label(spec["id"])
            blocks: list[Node] = []
            for part in spec.get("parts", []):
                blocks += self._part(part, label)
            chapters.append(
                {
                    "id": label,
                    "title": spec["title"],
                    "modality": spec.get("modality"),
                    "new_page": spec.get("new_page", False),
                    "columns": spec.get("columns", 1),
                    "front": spec.get("front", False),
                    "c": blocks,
                }
            )
        for block in (block for chapter in chapters for block in chapter["c"]):
            resolve(block, self.anchors, self.address, self._no_target)
        return chapters

    def _no_target(self, source: str, target: str) -> None:
        """A link of a section; those of pages are looked at where pages are."""
        if "/pages/" in source or self.is_unread(target.partition("/")[2]):
            return
        message = say("the link leads to {target}, which does not exist", target=target)
        remedy = say("Correct the name between the parentheses of the link.")
        self.problem(source, message, remedy, target.rsplit("/", 1)[-1])

    def _part(self, part: dict[str, Any], chapter: str) -> list[Node]:
        for drawn in ("form", "figure", "pointer"):
            if drawn in part:
                return [
                    {"t": drawn, "name": part[drawn], **{key: value for key, value in part.items() if key != drawn}}
                ]
        kind = "page" if "page" in part else "section"
        known = self.pages if kind == "page" else self.sections
        source = known.get(part.get(kind, ""))
        if source is None and self.is_unread(f"{'pages' if kind == 'page' else 'documents'}/{part.get(kind)}.md"):
            return []
        if source is None:
            remedy = say("Write the file, or correct the name.{nearest}", nearest=nearest(str(part.get(kind)), known))
            self.problem(
                self.data_file,
                say(
                    'the chapter "{chapter}" takes the {kind} "{name}", which does not exist',
                    chapter=chapter,
                    kind=kind,
                    name=part.get(kind),
                ),
                remedy,
                str(part.get(kind)),
            )
            return []
        try:
            blocks = self._chosen(parse(source.html), part, source)
        except TreeError as error:
            self.problem(source.file, error.message, error.remedy, error.near)
            return []
        shift = 0
        self.anchors.setdefault((source.path, ""), chapter)
        if part.get("titled"):
            label = self._label(f"{chapter}-{source.key}")
            self.anchors[source.path, ""] = label
            blocks.insert(
                0, {"t": "h", "level": 2, "id": "", "label": label, "c": [source.title], "text": source.title}
            )
            shift = 1
        elif part.get("bare") and blocks and blocks[0]["t"] == "h":
            self.anchors.setdefault((source.path, blocks[0]["id"]), chapter)
            del blocks[0]
        self._label_notes(blocks)
        for block in blocks:
            block["from"] = source.path
            if block["t"] == "h" and "label" not in block:
                block["level"] += shift
                block["label"] = self._label(block["id"])
                self.anchors.setdefault((source.path, block["id"]), block["label"])
        if "reader" in part:  # below the heading that opens the part, at its head where none does
            opened = 1 if blocks and blocks[0]["t"] == "h" else 0
            blocks.insert(opened, {"t": "reader", "name": part["reader"], "from": source.path})
        return blocks

    def _label_notes(self, blocks: list[Node]) -> None:
        """A note stands where it is first referred to; further marks of it lead there."""
        labels: dict[str, str] = {}
        for node in [node for node in nodes(blocks) if node.get("t") == "note"]:
            if node["of"] in labels:
                node["to"], node["note"] = labels[node["of"]], []
            else:
                node["label"] = labels[node["of"]] = self._label("note")

    def _chosen(self, blocks: list[Node], part: dict[str, Any], source: SourceHtml) -> list[Node]:
        """The blocks of the sections that `part` asks for, in the order it names them."""
        sections: dict[str, list[Node]] = {"intro": []}
        current = "intro"
        for block in blocks:
            if block["t"] == "h" and block["level"] == 2:
                current = block["id"]
                sections[current] = []
            sections[current].append(block)
        for named in [*part.get("only", []), *part.get("except", [])]:
            if named not in sections:
                hint = nearest(named, sections)
                names = {"id": named, "file": self.data_file}
                remedy = say(
                    "Give the heading this id ({{: #{id} }}), or correct the name in {file}.{nearest}",
                    nearest=hint,
                    **names,
                )
                message = say('there is no ## heading with the id "{id}", which {file} asks for', **names)
                self.problem(source.file, message, remedy, "")
        wanted = part.get("only") or [name for name in sections if name not in part.get("except", [])]
        return [block for name in wanted for block in sections.get(name, [])]

    def _label(self, wish: str) -> str:
        label, number = wish or "part", 2
        while label in self.labels:
            label, number = f"{wish}-{number}", number + 1
        self.labels.add(label)
        return label
