"""The pages of the history: what was changed, one change in words, a page as it was; and the button that puts back."""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import suppress
from functools import lru_cache
from http import HTTPStatus
from itertools import groupby
from pathlib import Path
from typing import Any, NamedTuple

from babel.dates import format_date, format_time
from markupsafe import escape
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from plugins.build import LANGUAGES
from plugins.files import refused
from plugins.pelican_internals import addressed
from plugins.problems import ContentError, Message, say
from plugins.writing import as_shown
from tools.preview.panel import RESERVED
from tools.preview.state import Found, name_of

from ..desk import Desk, desk_of
from ..pictures.picture_pages import shrunk
from ..shown import shown
from ..site_pages import page_of
from ..spoken import language_of, words
from .differences import FACTS, TEXTS, Difference, differences, matter, source
from .history import Entry, Touched, before_and_after, entries, entry_of, put_back
from .saving import Changed
from .versions import DAMAGED, Versions, versions_of

HISTORY = f"{RESERVED}history"
IMAGES = "content/images/"
FILES_OF = {  # what people call the files that are no pages
    FACTS: say("Facts about the practice"),
    "content/data/navigation.toml": say("Menus"),
    TEXTS: say("What pictures show"),
}
COUNT, FILES = 50, 12  # entries on a page; files of one entry that are named
PROSE, DIV = '<div class="prose">', re.compile(r"<(/?)div\b")
TOP = re.compile(r'<body\b[^>]*>\s*(?:<a class="skip".*?</a>)?', re.S)  # the way past the banner comes before it
TITLE = re.compile(r"(<h1\b[^>]*>).*?(</h1>)", re.S)


class Line(NamedTuple):
    """A file of an entry, for people: a page by its title, in its language; `name` as the desk has it in addresses."""

    path: str
    title: Message
    lang: str

    @property
    def name(self) -> str:
        return self.path.removeprefix("content/").removesuffix(".md")


class Change(NamedTuple):
    """A file of an entry, and what is other in it."""

    line: Line
    was_there: bool
    is_there: bool
    is_page: bool
    is_picture: bool
    differences: list[Difference]


class Told(NamedTuple):
    """An entry, for people."""

    entry: Entry
    day: str
    time: str
    lines: list[Line]
    more: int


async def listed(request: Request) -> Response:
    """All that was changed, or what was changed in one page."""
    desk, name, start = desk_of(request), request.query_params.get("page"), request.query_params.get("start")
    page = f"content/{name}" + ("" if name.endswith(".toml") else ".md") if name else None
    try:
        found = entries(desk, page, start, COUNT)
    except LookupError:
        return _gone(request)
    told = [_told(desk, entry, language_of(request), page) for entry in found]
    days = [(day, list(each)) for day, each in groupby(told, lambda one: one.day)]
    title = _line(desk, found[0], page) if page and found else None
    return shown(
        request, "history.html", days=days, page=name, about=title, older=found[-1].id if len(found) == COUNT else ""
    )


async def one(request: Request) -> Response:
    """One change, in words."""
    try:
        return _entry_page(request, entry_of(desk_of(request), request.path_params["entry"]))
    except LookupError:
        return _gone(request)


def _entry_page(
    request: Request,
    entry: Entry,
    status: HTTPStatus = HTTPStatus.OK,
    touched: tuple[str, ...] = (),
    why: Message | None = None,
) -> Response:
    desk, changes = desk_of(request), []
    for path in entry.files[:FILES] if entry.before else ():
        before, after = before_and_after(desk, entry, path)
        other = differences(desk, path, before, after)
        there = (before is not None, after is not None)
        is_page, is_picture = _page(desk, path) is not None, path.startswith(IMAGES)
        changes.append(Change(_line(desk, entry, path), *there, is_page, is_picture, other))
    told = _told(desk, entry, language_of(request))
    lines = [_line(desk, entry, path) for path in touched]
    return shown(request, "history-entry.html", status, one=told, changes=changes, touched=lines, why=why)


async def as_it_was(request: Request) -> Response:
    """A page on show, with the text that it had before or after a change, and a banner that says so; or a picture."""
    desk, side, path = desk_of(request), request.path_params["side"], request.query_params.get("page", "")
    try:
        entry = entry_of(desk, request.path_params["entry"])
        data = before_and_after(desk, entry, path)[side == "after"]
    except LookupError:
        return _gone(request)
    found = _page(desk, path)
    if data and path.startswith(IMAGES) and (small := shrunk(desk, data, Path(path).suffix.lower())):
        return Response(*small)
    if data is None or found is None or desk.build is None:
        return _gone(request)
    try:
        read = source(desk.build, desk.root / path, data)
    except ContentError as error:
        return _gone(request, error.args[0][0].message)
    told = _told(desk, entry, language_of(request))
    banner = words("version.html", language_of(request), one=told, side=side, history=HISTORY)
    content = desk.build.site.of_source(read.lang, read.key)
    html = as_shown(desk.build, addressed(read.html, content) if content else read.html, read.lang)
    body = with_text(found.body.decode(), read.title, html)
    head = f'<link rel="stylesheet" href="{RESERVED}history.css"></head>'
    body = body.replace("</head>", head, 1)
    return HTMLResponse(TOP.sub(lambda match: match[0] + banner, body, count=1))


async def put_back_now(request: Request) -> Response:
    """Put a change back. A form is shown the change that this is; a script is told it as JSON: `undo`, or `place`."""
    desk, is_script = desk_of(request), request.headers.get("content-type", "").startswith("application/json")
    sent: Any = {}
    with suppress(ValueError):
        sent = await request.json() if is_script else await request.form()
    status, why = HTTPStatus.CONFLICT, None
    touched: tuple[str, ...] = ()
    try:
        entry = entry_of(desk, str(sent.get("entry")))
        saved = put_back(desk, entry, sent.get("as-then") == "yes")
    except LookupError:
        return _gone(request)
    except Touched as error:
        touched = tuple(error.files)
    except Changed:
        why = say("Another program changed a file just now, so nothing was undone. Try it again.")
    except OSError as error:
        status = HTTPStatus.INSUFFICIENT_STORAGE
        why = say("Nothing could be undone: {reason}.", reason=refused(error))
    else:
        place = f"{HISTORY}/{saved.entry or entry.id}"
        return JSONResponse({"undo": saved.entry}) if is_script else RedirectResponse(place, HTTPStatus.SEE_OTHER)
    if is_script:
        return JSONResponse({"place": f"{HISTORY}/{entry.id}"}, status)
    return _entry_page(request, entry, status, touched, why)


def _gone(request: Request, why: Message | None = None) -> Response:
    return shown(request, "history-gone.html", HTTPStatus.NOT_FOUND, why=why)


def with_text(page: str, title: str, html: str) -> str:
    """A page of the site with another title and another text: what is in its PROSE."""
    start = page.index(PROSE) + len(PROSE)
    depth = 1
    for tag in DIV.finditer(page, start):
        depth += -1 if tag[1] else 1
        if depth == 0:
            page = page[:start] + html + page[tag.start() :]
            break
    return TITLE.sub(lambda match: f"{match[1]}{escape(title)}{match[2]}", page, count=1)


def _page(desk: Desk, path: str) -> Found | None:
    """The page on show that is made of the file at this path."""
    address, site = page_of(desk.root / path).address, desk.preview.state.site
    name = name_of(address) if path.endswith(".md") and address else None
    return site.read(name) if site and name else None


def _told(desk: Desk, entry: Entry, lang: str, page: str | None = None) -> Told:
    locale = LANGUAGES[lang].locale
    paths = [page] if page else entry.files[:FILES] if entry.before else ()
    lines = [_line(desk, entry, path) for path in paths]
    day, time = format_date(entry.when, "full", locale), format_time(entry.when, "short", locale=locale)
    return Told(entry, day, time, lines, 0 if page or not entry.before else len(entry.files) - len(lines))


@lru_cache(10_000)
def _title(kept: Versions, blob: bytes) -> str:
    """The title of a page with these bytes."""
    with suppress(*DAMAGED):
        return str(matter(kept.read(blob).decode("utf-8-sig", "replace")).get("title") or "")
    return ""


def _line(desk: Desk, entry: Entry, path: str) -> Line:
    if path in FILES_OF:
        return Line(path, FILES_OF[path], "")
    kept = versions_of(desk.root)
    before, after = kept.changes(entry.before, entry.last)[path]
    title = path.endswith(".md") and _title(kept, after or before)
    lang = path.split("/")[1] if title else ""
    return Line(path, say("{name}", name=title or Path(path).name), lang)


def _route(path: str, handler: Callable[[Request], Any], method: str = "GET") -> BaseRoute:
    return Route(f"{HISTORY}{path}", handler, methods=[method])


ROUTES: list[BaseRoute] = [
    _route("", listed),
    _route("/put-back", put_back_now, "POST"),
    _route("/{entry}", one),
    _route("/{entry}/{side:str}", as_it_was),
]
