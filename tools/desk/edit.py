"""The text of a page, edited block by block: what a browser asks for, and what it sends."""

from __future__ import annotations

import posixpath
from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import asdict, replace
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
from plugins.problems import ContentError, Message, Problem, in_language, say, translated
from plugins.reader.block_lines import moved, text_of_lines, with_added, with_lines
from plugins.reader.blocks import Blocks, Rendered, blocks_of, problems_in, rendered, whole_of
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
    """The versions of pages that browsers were given, with their blocks."""

    def __init__(self) -> None:
        self._kept: OrderedDict[str, tuple[bytes, Blocks | None]] = OrderedDict()

    def keep(self, data: bytes, found: Blocks | None = None) -> str:
        """Keep a version. Returns its digest."""
        name = digest(data)
        self._kept[name] = data, found
        self._kept.move_to_end(name)
        while len(self._kept) > REMEMBERED:
            self._kept.popitem(last=False)
        return name

    def data(self, name: str) -> bytes:
        """The version with this digest; nothing where it is not known, as after a restart."""
        return self._kept.get(name, (b"", None))[0]

    def blocks(self, data: bytes, path: Path, build: Build) -> Blocks:
        """The blocks of a version of the file at `path`. Raises ContentError."""
        found = self._kept.get(digest(data), (b"", None))[1] or blocks_of(path, data, build)
        self.keep(data, found)
        return found


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
        found = VERSIONS.blocks(data, path, build)
    except ContentError:
        return JSONResponse({}, HTTPStatus.UNPROCESSABLE_ENTITY)
    *parts, whole = [
        asdict(block) | {"text": text_of_lines(data, block.first, block.last)}
        for block in [*(one for one in found.blocks if one.elements or one.notes), whole_of(found)]
    ]
    told = {"file": name, "seen": digest(data), "count": found.count, "certain": found.certain}
    return JSONResponse(told | {"blocks": parts, "whole": whole, "pages": _links(desk, path)})


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
    data = VERSIONS.data(change.seen) or path.read_bytes()
    try:
        made = _shown(change, path, data, build)
    except ContentError as error:
        made = Rendered((), tuple(error.args[0]), False)
    problems = [translated(problem, lang) for problem in made.problems]
    return HTMLResponse(words("rendered.html", lang, html=Markup("".join(made.html)), problems=problems))


def _shown(change: Change, path: Path, data: bytes, build: Build) -> Rendered:
    """What the part of a change makes in its page; of a new part, that alone."""
    found = VERSIONS.blocks(data, path, build)
    every = [*found.blocks, whole_of(found)]
    block = next((one for one in every if (one.first, one.last) == (change.first, change.last)), every[-1])
    if change.act != "below":
        return rendered(path, data, found, block, change.text, build)
    above = text_of_lines(data, block.first, block.last)
    made = rendered(path, data, found, block, f"{above}\n\n{change.text}", build)
    return replace(made, html=made.html[len(block.elements) :])


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
    first, last, same = lines_now(VERSIONS.data(change.seen), data, change.first, change.last)
    if change.seen != digest(data) and not same:
        return _other(data, first, last)
    try:
        new = applied(change, path, data, (first, last), build)
    except ContentError as error:
        return _wrong(error.args[0], lang)
    if new == data:
        return _wrong([NOWHERE], lang) if change.act in ("up", "down") else JSONResponse({"undo": ""})
    if wrong := made_worse(path, data, new, build):
        return _wrong(wrong, lang)
    try:
        saved = save(desk, {path: new}, {path: digest(data)}, say(ACTS[change.act].template, page=title_of(path)))
    except Changed as error:
        return _other(error.now, *lines_now(data, error.now, first, last)[:2])
    except OSError as error:
        return _wrong([refused(error)], lang, HTTPStatus.INSUFFICIENT_STORAGE)
    return JSONResponse({"undo": saved.entry})


def _wrong(
    found: Iterable[Problem | Message], lang: str, status: HTTPStatus = HTTPStatus.UNPROCESSABLE_ENTITY
) -> Response:
    """The answer where nothing was saved, and why."""
    told = [_told(one, lang) if isinstance(one, Problem) else in_language(one, lang) for one in found]
    return JSONResponse({"wrong": told}, status)


def _told(problem: Problem, lang: str) -> str:
    words = translated(problem, lang)
    return f"{words.message} – {words.remedy}"


def _other(data: bytes, first: int, last: int) -> Response:
    """The answer where a part is another one by now: what stands in its place."""
    other = {"seen": VERSIONS.keep(data), "first": first, "last": last, "text": text_of_lines(data, first, last)}
    return JSONResponse(other, HTTPStatus.CONFLICT)


def applied(change: Change, path: Path, data: bytes, lines: tuple[int, int], build: Build) -> bytes:
    """The file at `path`, which holds `data`, after a change of the part on `lines`.

    Raises ContentError where the page cannot be read, and its parts are not known.
    """
    match change.act:
        case "below":
            return with_added(data, lines[1], change.text)
        case "delete":
            return with_lines(data, *lines, "")
        case "up" | "down":
            found = VERSIONS.blocks(data, path, build)
            index = next((n for n, block in enumerate(found.blocks) if (block.first, block.last) == lines), None)
            return data if index is None else moved(data, found, index, -1 if change.act == "up" else 1)
    return with_lines(data, *lines, change.text)


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


NOWHERE = say("It stands as far up or down as it can.")
ROUTES: list[BaseRoute] = [
    Route(f"{RESERVED}blocks", blocks),
    Route(f"{RESERVED}render", render, methods=["POST"]),
    Route(f"{RESERVED}save", store, methods=["POST"]),
]
