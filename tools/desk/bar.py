"""The bar of the desk: on its own pages, and on each page of the preview as it is served."""

from __future__ import annotations

import re
from dataclasses import dataclass

from markupsafe import Markup
from starlette.requests import Request

from plugins.problems import say
from tools.preview.panel import RESERVED

from .desk import UPLOAD, desk_of
from .keys import may_change
from .site_pages import other_language, page_at
from .spoken import language_of, words

BODY = re.compile(rb'<body\b[^>]*>(?:\s*<a class="skip"[^>]*>[^<]*</a>)?')  # the way past what is above a text is first
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
    "rule": say("Dividing line"),
    "group": say("Several parts"),
    "condition": say("Part with a condition"),
    "whole": say("The text of the page"),
    "new": say("New part"),
}
# What edit.js says, by the name that it has there; {…} is filled in by it.
SENTENCES = {
    **{f"kind-{name}": sentence for name, sentence in KINDS.items()},
    "edit": say("Edit: {kind}, {start}", kind="{kind}", start="{start}"),
    "saved": say("Saved."),
    "undo": say("Undo"),
    "parted": say("Small correction: both still say the same"),
    "agreed": say("It is recorded: both say the same."),
    "given-up": say("Nothing was changed."),
    "undone": say("It is as it was before."),
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
    "pasted-plain": say("Only plain words could be pasted: how they were laid out could not be read."),
}


@dataclass(frozen=True)
class Bar:
    """What the bar shows. `page` is the page's path in the content folder, without its ending: en/pages/faq."""

    may: bool
    address: str
    page: str = ""
    other: str = ""
    missing: int = 0
    problems: int = 0
    network: bool = False  # whether a telephone can reach it
    most: int = UPLOAD

    def current(self, name: str) -> str:
        """The attribute of the link to the page that is shown."""
        return Markup(' aria-current="page"') if self.address == f"{RESERVED}{name}" else ""


def bar_of(request: Request) -> Bar:
    """The bar for what is asked."""
    desk, address = desk_of(request), request.url.path
    if not may_change(request):
        return Bar(False, address)
    page = page_at(desk, address)
    other = other_language(desk, page) if page else None
    state = desk.preview.state
    return Bar(
        True,
        address,
        page.name if page else "",
        other.address if other else "",
        len(desk.build.gaps) if desk.build else 0,
        len(state.errors) + len(state.remarks),
        len(desk.preview.addresses) > 1,
    )


def dress(page: bytes, request: Request) -> bytes:
    """A page of the site with the bar."""
    bar = bar_of(request)
    nav = words("bar.html", language_of(request), bar=bar, reserved=RESERVED, sentences=SENTENCES)
    head = f'<link rel="stylesheet" href="{RESERVED}desk.css">'
    if bar.may and bar.page:
        head += f'<script type="module" src="{RESERVED}edit.js"></script>'
    page = page.replace(b"</head>", f"{head}</head>".encode(), 1)
    return BODY.sub(lambda match: match.group() + nav.encode(), page, count=1)
