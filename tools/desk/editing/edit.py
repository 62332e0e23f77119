"""The text of a page, edited block by block: what a browser asks for, and what it sends."""

from __future__ import annotations

import posixpath
import re
import weakref
from collections import OrderedDict
from collections.abc import Callable, Iterable
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
from plugins.reader.block_lines import body_line, moved, text_of_lines, with_added, with_lines
from plugins.reader.block_spans import Block
from plugins.reader.blocks import WHOLE, Blocks, Rendered, blocks_of, problems_in, rendered, whole_of
from plugins.writing import as_shown
from tools.preview.panel import RESERVED

from ..desk import Desk, desk_of
from ..history.saving import Changed, digest, save
from ..languages.agreement import parted
from ..pictures.library import items
from ..site_pages import listed, place_of, title_of
from ..spoken import language_of, words

MARK = re.compile(r"\[\^([^]\n]+)\](?!:)")
UNKNOWN = re.compile(r'\bsrc="\{static\}[^"]*?(images/[^"]+)"')  # a picture that no page had at the last build
REMEMBERED = 64  # versions of pages that browsers may have before them


class Change(BaseModel):
    """What a browser sends: a file, the digest of the version it has, lines of it, what becomes of them, the text.

    `was` is what it has on those lines: by it they are found where the version is no longer known.
    """

    file: str
    seen: str
    first: int
    last: int
    was: str | None = None
    act: Literal["replace", "below", "up", "down", "delete"] = "replace"
    text: str = ""


class Versions:
    """The versions of pages that browsers were given, with their blocks."""

    def __init__(self) -> None:
        self._kept: OrderedDict[str, bytes] = OrderedDict()
        self._blocks: dict[tuple[str, Path], Blocks] = {}
        self._build: Callable[[], Build | None] = lambda: None  # the one that these blocks are of

    def keep(self, data: bytes) -> str:
        """Keep a version. Returns its digest."""
        name = digest(data)
        self._kept[name] = data
        self._kept.move_to_end(name)
        while len(self._kept) > REMEMBERED:
            self._kept.popitem(last=False)
        return name

    def data(self, name: str) -> bytes:
        """The version with this digest; nothing where it is not known, as after a restart."""
        return self._kept.get(name, b"")

    def blocks(self, data: bytes, path: Path, build: Build) -> Blocks:
        """The blocks of a version of the file at `path`. Raises ContentError.

        Another build may have other facts: then other conditions hold in the page.
        """
        if self._build() is not build:
            self._blocks, self._build = {}, weakref.ref(build)
        key = self.keep(data), path
        if key not in self._blocks:
            self._blocks[key] = blocks_of(path, data, build)
        return self._blocks[key]


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
        for block in [*(one for one in found.blocks if one.elements or one.notes), _whole(found, data)]
    ]
    told = {"file": name, "seen": digest(data), "count": found.count, "certain": found.certain}
    return JSONResponse(told | {"blocks": parts, "whole": whole, "pages": _links(desk, path), "files": _files(desk)})


def _whole(found: Blocks, data: bytes) -> Block:
    """All the text of a page as one block; of a page that has none yet, the place where it begins."""
    start = body_line(data)
    return whole_of(found) if found.blocks else Block(start, start - 1, WHOLE)


def _links(desk: Desk, path: Path) -> list[dict[str, str]]:
    """The pages that the page at `path` may link to: their titles, and the address as it is typed in Markdown."""
    others = [page for page in listed(desk)[path.parent.parent.name] if page.path != path]
    return [
        {"title": page.title, "link": "{filename}" + posixpath.relpath(page.path.as_posix(), path.parent.as_posix())}
        for page in others
    ]


def _files(desk: Desk) -> list[dict[str, str]]:
    """The files to download, likewise."""
    return [{"title": item.name, "link": item.address} for item in items(desk) if not item.is_picture]


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
    html = UNKNOWN.sub(rf'src="{RESERVED}pictures/small?file=\1"', "".join(made.html))
    problems = [translated(problem, lang) for problem in made.problems]
    return HTMLResponse(words("rendered.html", lang, html=Markup(html), problems=problems))


def _shown(change: Change, path: Path, data: bytes, build: Build) -> Rendered:
    """What the part of a change makes in its page; of a new part, that alone."""
    found = VERSIONS.blocks(data, path, build)
    block = found.at(change.first, change.last) or _whole(found, data)
    if change.act != "below":
        return _dressed(rendered(path, data, found, block, change.text, build), path, build)
    above = text_of_lines(data, block.first, block.last)
    made = rendered(path, data, found, block, f"{above}\n\n{change.text}", build)
    return _dressed(replace(made, html=made.html[len(block.elements) :]), path, build)


def _dressed(made: Rendered, path: Path, build: Build) -> Rendered:
    """With what the last build made for its pictures and links, so that nothing moves when the next one has come."""
    lang = path.parent.parent.name
    return replace(made, html=tuple(as_shown(build, one, lang) for one in made.html))


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
    before = data if change.seen == digest(data) else VERSIONS.data(change.seen)
    if before and not _in_text(before, change):
        return Response(status_code=HTTPStatus.BAD_REQUEST)
    first, last, same = (
        lines_now(before, data, change.first, change.last) if before else _found(change, data, path, build)
    )
    if not same:
        return _other(data, first, last)
    try:
        new = _without_notes(applied(change, path, data, (first, last), build), text_of_lines(data, first, last))
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
    return JSONResponse({"undo": saved.entry, "parted": parted(desk, path, data)})


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
            data = with_lines(data, *lines, change.text) if change.text else data  # what was typed goes with it
            found = VERSIONS.blocks(data, path, build)
            index = next((n for n, block in enumerate(found.blocks) if block.first == lines[0]), None)
            return data if index is None else moved(data, found, index, -1 if change.act == "up" else 1)
    return with_lines(data, *lines, change.text)


def _without_notes(data: bytes, was: str) -> bytes:
    """A file without the notes to which the part that `was` there referred, and nothing does now."""
    for name in set(MARK.findall(was)):
        lines = _lines(data)
        own = [n for n, line in enumerate(lines) if line.startswith(f"[^{name}]:")]
        if len(own) == 1 and not any(f"[^{name}]" in line.removeprefix(f"[^{name}]:") for line in lines):
            end = next((n for n in range(own[0] + 1, len(lines)) if not lines[n].startswith("    ")), len(lines))
            data = with_lines(data, own[0] + 1, end, "")
    return data


def lines_now(before: bytes, now: bytes, first: int, last: int) -> tuple[int, int, bool]:
    """Where lines of one version stand in another, and whether they are the same there."""
    old, new = _lines(before), _lines(now)
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


def _lines(data: bytes) -> list[str]:
    """The lines of a file, as block_lines counts them: no other sign ends one."""
    return [line.removesuffix("\r") for line in data.decode("utf-8", "replace").split("\n")]


def _in_text(data: bytes, change: Change) -> bool:
    """Whether a change is of lines of the text of a page, below its front matter."""
    return body_line(data) <= change.first <= change.last + 1 <= len(_lines(data)) + 1


def _found(change: Change, data: bytes, path: Path, build: Build) -> tuple[int, int, bool]:
    """Where the part of a change stands in a file whose version before is not known, and whether it is the same there.

    Else the part that is most like it. Raises nothing: of a page that cannot be read, it is all the text.
    """
    was, lines = _lines((change.was or "").encode()), _lines(data)
    start = body_line(data)
    places = [n for n in range(start, len(lines) - len(was) + 2) if lines[n - 1 : n - 1 + len(was)] == was]
    if change.was and len(places) == 1:
        return places[0], places[0] + len(was) - 1, True
    try:
        parts = VERSIONS.blocks(data, path, build).blocks
    except ContentError:
        parts = ()

    def likeness(block: Block) -> tuple[float, int]:
        words = text_of_lines(data, block.first, block.last).split()
        return SequenceMatcher(None, (change.was or "").split(), words).ratio(), -abs(block.first - change.first)

    best = max(parts, key=likeness, default=Block(start, len(lines), WHOLE))
    return best.first, best.last, False


def made_worse(path: Path, data: bytes, new: bytes, build: Build) -> list[Problem]:
    """What would stop the page from being read, and does not yet."""
    found = problems_in(path, new, build)  # read already, when it was shown as it was typed
    before = {problem.message for problem in problems_in(path, data, build)} if found else set()
    return [problem for problem in found if problem.message not in before]


NOWHERE = say("It stands as far up or down as it can.")
ROUTES: list[BaseRoute] = [
    Route(f"{RESERVED}blocks", blocks),
    Route(f"{RESERVED}render", render, methods=["POST"]),
    Route(f"{RESERVED}save", store, methods=["POST"]),
]
