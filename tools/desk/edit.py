"""The text of a page, edited block by block: what a browser asks for, and what it sends."""

from __future__ import annotations

import json
import posixpath
from collections import OrderedDict
from dataclasses import asdict, dataclass
from difflib import SequenceMatcher
from http import HTTPStatus
from pathlib import Path
from typing import Any

from markupsafe import Markup
from pelican.contents import Content
from pydantic import BaseModel, ValidationError
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import BaseRoute, Route

from plugins.files import refused
from plugins.problems import in_language, say, translated
from plugins.reader.blocks import Block, blocks_of, rendered, text_of_block, with_added, with_lines, with_moved
from tools.preview.panel import RESERVED

from .bar import content_at, contents_of, file_of
from .desk import Desk, desk_of
from .saving import Changed, digest, save
from .spoken import language_of, words

REMEMBERED = 64  # versions of pages that browsers may have before them


class Change(BaseModel):
    """What a browser sends: a file, the digest of the version it has, lines of it, what becomes of them, and the text."""

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


def page_named(desk: Desk, file: str) -> Content | None:
    """The page with this path in the content folder, as the last build found it. Nothing else is ever opened."""
    build = desk.build
    return next((one for one in contents_of(build) if file_of(desk, one) == file), None) if build else None


async def blocks(request: Request) -> Response:
    """The parts of the page at `?page=/en/faq/`, with their lines and texts, and the pages that it may link to."""
    desk = desk_of(request)
    content = content_at(desk.build, request.query_params.get("page", ""))
    if content is None or desk.build is None:
        return JSONResponse({}, HTTPStatus.NOT_FOUND)
    path = Path(content.source_path)
    data = path.read_bytes()
    found = blocks_of(path, data, desk.build)
    parts = [asdict(block) | {"text": text_of_block(data, block.first, block.last)} for block in found.blocks]
    body = {"first": found.first, "last": found.last, "text": text_of_block(data, found.first, found.last)}
    answer = {
        "file": file_of(desk, content),
        "seen": VERSIONS.keep(data),
        "count": found.count,
        "certain": found.certain,
        "blocks": parts,
        "whole": body | {"kind": "whole", "elements": []},
        "pages": _links(desk, desk.build, content),
    }
    return JSONResponse(answer)


def _links(desk: Desk, build: Build, content: Content) -> list[dict[str, str]]:
    """The pages that `content` may link to: their titles, and the address as it is typed in Markdown."""
    here = posixpath.dirname(file_of(desk, content))
    others = [one for one in contents_of(build) if one.lang == content.lang and one is not content]
    return [
        {"title": one.title, "link": "{filename}" + posixpath.relpath(file_of(desk, one), here)}
        for one in sorted(others, key=lambda one: str(one.title))
    ]


async def render(request: Request) -> Response:
    """What a changed part makes in its page, with what is wrong there: a small document of HTML."""
    desk = desk_of(request)
    try:
        change = Change.model_validate_json(await request.body())
    except ValidationError:
        return Response(status_code=HTTPStatus.BAD_REQUEST)
    content = page_named(desk, change.file)
    if content is None or desk.build is None:
        return Response(status_code=HTTPStatus.NOT_FOUND)
    path, lang = Path(content.source_path), language_of(request)
    data = VERSIONS[change.seen] or path.read_bytes()
    new, first, last = applied(change, data, change.first, change.last)
    made = rendered(path, new, first, last, change.text, desk.build)
    problems = [translated(problem, lang) for problem in made.problems]
    return HTMLResponse(words("rendered.html", lang, html=Markup(made.html), problems=problems))


async def store(request: Request) -> Response:
    """Save a change of one part, in its lines and no others.

    409 with the other version where these lines are others by now, 422 with what is wrong where a page could not be
    read any more, 507 where the disk refuses.
    """
    desk, lang = desk_of(request), language_of(request)
    try:
        change = Change.model_validate_json(await request.body())
    except ValidationError:
        return Response(status_code=HTTPStatus.BAD_REQUEST)
    content = page_named(desk, change.file)
    if content is None or desk.build is None:
        return Response(status_code=HTTPStatus.NOT_FOUND)
    path = Path(content.source_path)
    data = path.read_bytes()
    first, last, same = lines_now(VERSIONS[change.seen], data, change.first, change.last)
    if change.seen != digest(data) and not same:
        return _other(data, first, last)
    new, first, last = applied(change, data, first, last)
    if wrong := made_worse(path, data, new, desk.build):
        return JSONResponse({"wrong": [_told(problem, lang) for problem in wrong]}, HTTPStatus.UNPROCESSABLE_ENTITY)
    what = say(ACTS[change.act].template, page=str(content.title))
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
    """The file after a change of the part on these lines, and the lines where that part, or the new one, stands then."""
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
