"""The text of a page, edited block by block: what a browser asks for, and what it sends."""

from __future__ import annotations

import posixpath
from collections import OrderedDict
from dataclasses import asdict
from difflib import SequenceMatcher
from http import HTTPStatus
from pathlib import Path
from typing import Literal

from markupsafe import Markup
from pydantic import BaseModel, ValidationError
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import BaseRoute, Route

from plugins.build import Build
from plugins.files import refused
from plugins.problems import ContentError, Problem, in_language, say, translated
from plugins.reader.block_edits import problems_in, rendered, text_of_block, with_added, with_lines, with_moved
from plugins.reader.blocks import blocks_of
from tools.preview.panel import RESERVED

from .desk import Desk, desk_of
from .saving import Changed, digest, save
from .site_pages import listed, place_of, title_of
from .spoken import language_of, words

REMEMBERED = 64  # versions of pages that browsers may have before them


class Change(BaseModel):
    """What a browser sends: a file, the digest of the version it has, lines of it, what becomes of them, the text."""

    file: str
    seen: str
    first: int
    last: int
    act: Literal["replace", "below", "up", "down", "delete"] = "replace"
    text: str = ""


class Versions:
    """The versions of pages that browsers were given: their lines are looked for in a later one."""

    def __init__(self) -> None:
        self._kept: OrderedDict[str, bytes] = OrderedDict()

    def keep(self, data: bytes) -> str:
        """Keep a version. Returns its digest."""
        name = digest(data)
        self._kept[name] = data
        self._kept.move_to_end(name)
        while len(self._kept) > REMEMBERED:
            self._kept.popitem(last=False)
        return name

    def __getitem__(self, name: str) -> bytes:
        """The version with this digest; nothing where it is not known, as after a restart."""
        return self._kept.get(name, b"")


VERSIONS = Versions()
# What the history says of each.
ACTS = {
    "replace": say("Text changed: “{page}”", page="{page}"),
    "below": say("Text added: “{page}”", page="{page}"),
    "up": say("Text moved: “{page}”", page="{page}"),
    "down": say("Text moved: “{page}”", page="{page}"),
    "delete": say("Text taken out: “{page}”", page="{page}"),
}


def _asked(desk: Desk, name: str) -> tuple[Path, Build] | None:
    """The file of the page that is called `name`, one of those that there are, and the build to read it with."""
    path = place_of(desk, name)
    return (path, desk.build) if path and desk.build else None


async def blocks(request: Request) -> Response:
    """The parts of a page (`?page=en/pages/faq`), with their lines and texts, and the pages that it may link to."""
    desk, name = desk_of(request), request.query_params.get("page", "")
    asked = _asked(desk, name)
    if asked is None:
        return JSONResponse({}, HTTPStatus.NOT_FOUND)
    path, build = asked
    data = path.read_bytes()
    try:
        found = blocks_of(path, data, build)
    except ContentError:
        return JSONResponse({}, HTTPStatus.UNPROCESSABLE_ENTITY)
    parts = [
        asdict(block) | {"text": text_of_block(data, block.first, block.last)}
        for block in found.blocks
        if block.elements or block.notes
    ]
    first, last = found.blocks[0].first, found.blocks[-1].last
    whole = {"first": first, "last": last, "text": text_of_block(data, first, last), "elements": [], "notes": []}
    return JSONResponse(
        {
            "file": name,
            "seen": VERSIONS.keep(data),
            "count": found.count,
            "certain": found.certain,
            "blocks": parts,
            "whole": whole | {"kind": "whole"},
            "pages": _links(desk, path),
        }
    )


def _links(desk: Desk, path: Path) -> list[dict[str, str]]:
    """The pages that the page at `path` may link to: their titles, and the address as it is typed in Markdown."""
    others = [page for page in listed(desk)[path.parent.parent.name] if page.path != path]
    return [
        {"title": page.title, "link": "{filename}" + posixpath.relpath(page.path.as_posix(), path.parent.as_posix())}
        for page in others
    ]


async def _change(request: Request) -> tuple[Change, Path, Build] | HTTPStatus:
    """What is asked for, and the file that it is about; or why that cannot be."""
    try:
        change = Change.model_validate_json(await request.body())
    except ValidationError:
        return HTTPStatus.BAD_REQUEST
    asked = _asked(desk_of(request), change.file)
    return (change, *asked) if asked else HTTPStatus.NOT_FOUND


async def render(request: Request) -> Response:
    """What a changed part makes in its page, with what is wrong there: a small document of HTML."""
    asked, lang = await _change(request), language_of(request)
    if isinstance(asked, HTTPStatus):
        return Response(status_code=asked)
    change, path, build = asked
    data = VERSIONS[change.seen] or path.read_bytes()
    new, first, last = applied(change, data, change.first, change.last)
    made = rendered(path, new, first, last, change.text, build)
    problems = [translated(problem, lang) for problem in made.problems]
    return HTMLResponse(words("rendered.html", lang, html=Markup(made.html), problems=problems))


async def store(request: Request) -> Response:
    """Save a change of one part, in its lines and no others.

    409 with the other version where these lines are others by now, 422 with what is wrong where a page could not be
    read any more, 507 where the disk refuses.
    """
    desk, lang = desk_of(request), language_of(request)
    asked = await _change(request)
    if isinstance(asked, HTTPStatus):
        return Response(status_code=asked)
    change, path, build = asked
    data = path.read_bytes()
    first, last, same = lines_now(VERSIONS[change.seen], data, change.first, change.last)
    if change.seen != digest(data) and not same:
        return _other(data, first, last)
    new, first, last = applied(change, data, first, last)
    if wrong := made_worse(path, data, new, build):
        return JSONResponse({"wrong": [_told(problem, lang) for problem in wrong]}, HTTPStatus.UNPROCESSABLE_ENTITY)
    what = say(ACTS[change.act].template, page=title_of(path))
    try:
        saved = save(desk, {path: new}, {path: digest(data)}, what)
    except Changed as error:
        return _other(error.now, *lines_now(data, error.now, first, last)[:2])
    except OSError as error:
        return JSONResponse({"wrong": [in_language(refused(error), lang)]}, HTTPStatus.INSUFFICIENT_STORAGE)
    return JSONResponse({"seen": VERSIONS.keep(new), "first": first, "last": last, "undo": saved.entry})


def _told(problem: Problem, lang: str) -> str:
    words = translated(problem, lang)
    return f"{words.message} – {words.remedy}"


def _other(data: bytes, first: int, last: int) -> Response:
    """The answer where a part is another one by now: what stands in its place."""
    other = {"seen": VERSIONS.keep(data), "first": first, "last": last, "text": text_of_block(data, first, last)}
    return JSONResponse(other, HTTPStatus.CONFLICT)


def applied(change: Change, data: bytes, first: int, last: int) -> tuple[bytes, int, int]:
    """The file after a change of the part on these lines, and the lines where that part, or a new one, stands then."""
    match change.act:
        case "below":
            return with_added(data, last, change.text)
        case "up" | "down":
            return with_moved(data, first, last, -1 if change.act == "up" else 1)
        case "delete":
            return with_lines(data, first, last, "")
    return with_lines(data, first, last, change.text)


def lines_now(before: bytes, now: bytes, first: int, last: int) -> tuple[int, int, bool]:
    """Where lines of one version stand in another, and whether they are the same there."""
    old, new = before.decode("utf-8", "replace").splitlines(), now.decode("utf-8", "replace").splitlines()
    if old == new:
        return first, last, True
    start, end, same = 1, len(new), False
    for kind, old_from, old_to, new_from, new_to in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind == "equal" and old_from < first and last <= old_to:
            return first - old_from + new_from, last - old_from + new_from, True
        if old_from < first <= old_to:
            start = new_from + 1 if kind != "equal" else new_from + first - old_from
        if old_from < last <= old_to:
            end = new_to if kind != "equal" else new_from + last - old_from
    return start, max(start, end), same


def made_worse(path: Path, data: bytes, new: bytes, build: Build) -> list[Problem]:
    """What would stop the page from being read, and does not yet."""
    before = {problem.message for problem in problems_in(path, data, build)}
    return [problem for problem in problems_in(path, new, build) if problem.message not in before]


ROUTES: list[BaseRoute] = [
    Route(f"{RESERVED}blocks", blocks),
    Route(f"{RESERVED}render", render, methods=["POST"]),
    Route(f"{RESERVED}save", store, methods=["POST"]),
]
