"""The bar of the desk: on its own pages, and on each page of the preview as it is served."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from markupsafe import Markup
from pelican.contents import Content
from starlette.requests import Request

from plugins.build import Build
from plugins.practice.facts import is_missing
from plugins.problems import say
from tools.preview.panel import RESERVED

from .desk import Desk, desk_of
from .entry import may_change
from .spoken import language_of, words

BODY = re.compile(rb"<body\b[^>]*>")
KINDS = {
    "paragraph": say("Paragraph"),
    "heading": say("Heading"),
    "list": say("List"),
    "table": say("Table"),
    "box": say("Box"),
    "note": say("Note"),
    "quotation": say("Quotation"),
    "code": say("Code"),
    "html": say("Block"),
    "condition": say("Part with a condition"),
    "whole": say("The text of the page"),
    "new": say("New part"),
}
# What edit.js says, by the name that it has there; {…} is filled in by it.
SENTENCES = {
    **{f"kind-{name}": sentence for name, sentence in KINDS.items()},
    "edit": say("Edit: {kind}, {start}", kind="{kind}", start="{start}"),
    "editing": say("Choose what you want to change."),
    "saved": say("Saved."),
    "undo": say("Undo"),
    "not-saved": say("It could not be saved: the desk does not answer. Your text is kept; try again in a moment."),
    "kept": say("This is what you had typed before; it is not saved yet."),
    "uncertain": say("Parts of this page cannot be told apart, so its text is edited as a whole."),
    "sure-delete": say("Deleted."),
    "cell": say("Row {row}, column {column}", row="{row}", column="{column}"),
    "caption": say("What the table shows"),
    "add-row": say("Add a row"),
    "add-column": say("Add a column"),
    "remove-row": say("Take out row {row}", row="{row}"),
    "remove-column": say("Take out column {column}", column="{column}"),
    "here": say("text"),
    "note-here": say("What the note says."),
    "box-title": say("Title of the box"),
}


@dataclass(frozen=True)
class Bar:
    """What the bar shows. `file` is the page's path in the content folder, `page` the same without its ending."""

    may: bool
    address: str
    file: str = ""
    other: str = ""
    missing: int = 0
    problems: int = 0

    @property
    def page(self) -> str:
        return self.file.removesuffix(".md")

    def current(self, name: str) -> str:
        """The attribute of the link to the page that is shown."""
        return Markup(' aria-current="page"') if self.address == f"{RESERVED}{name}" else ""


def contents_of(build: Build) -> list[Content]:
    """Every page and article of a build, drafts too."""
    return [*build.site.contents, *build.site.drafts.values()]


def content_at(build: Build | None, address: str) -> Content | None:
    """The page at an address such as `/en/faq/`."""
    return next((one for one in contents_of(build) if f"/{one.url}" == address), None) if build else None


def file_of(desk: Desk, content: Content) -> str:
    """The path of a page in the content folder: `en/pages/faq.md`."""
    return Path(content.source_path).relative_to(desk.content).as_posix()


def bar_of(request: Request) -> Bar:
    """The bar for what is asked."""
    desk, address = desk_of(request), request.url.path
    if not may_change(request):
        return Bar(False, address)
    build, state = desk.build, desk.preview.state
    content = content_at(build, address)
    other = build.site.other(content) if build and content else None
    warnings = [problem for problem in state.warnings if not is_missing(problem)]
    return Bar(
        True,
        address,
        file_of(desk, content) if content else "",
        f"/{other.url}" if other else "",
        len(build.gaps) if build else 0,
        len(state.errors) + len(warnings),
    )


def dress(page: bytes, request: Request) -> bytes:
    """A page of the site with the bar."""
    bar = bar_of(request)
    nav = words("bar.html", language_of(request), bar=bar, reserved=RESERVED, sentences=SENTENCES)
    head = f'<link rel="stylesheet" href="{RESERVED}desk.css">'
    if bar.may and bar.file:
        head += f'<script type="module" src="{RESERVED}edit.js"></script>'
    page = page.replace(b"</head>", f"{head}</head>".encode(), 1)
    return BODY.sub(lambda match: match.group() + nav.encode(), page, count=1)
