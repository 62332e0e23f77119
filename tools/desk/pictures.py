"""Pictures and files that the owner adds, replaces and takes away; what a browser asks for, and what it sends."""

from __future__ import annotations

from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path, PurePath
from typing import Any
from urllib.parse import quote

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from plugins.files import refused
from plugins.problems import in_language, say
from plugins.public_files import own_files
from tools.preview.panel import RESERVED
from tools.scaffold import slug_of

from .arrivals import Made, Unfit, made_of
from .desk import Desk, desk_of
from .saving import Changed, save
from .spoken import language_of

PICTURES = f"{RESERVED}pictures"
ADDED = {
    "images": say("Picture added: “{name}”", name="{name}"),
    "downloads": say("File added: “{name}”", name="{name}"),
}
# Names that Windows keeps for itself, whatever their ending (Naming Files, Paths, and Namespaces, Microsoft).
KEPT_NAMES = {"con", "prn", "aux", "nul", *(f"{port}{n}" for port in ("com", "lpt") for n in range(10))}


@dataclass(frozen=True)
class Taken:
    """What became of a file: its path in the content folder (images/two-chairs.jpg), and what takes it back.

    `entry` is the entry of the history, empty where the site had the same file already.
    """

    path: str
    entry: str

    @property
    def address(self) -> str:
        """As it is written in a page: content/<lang>/<kind>/<page>.md."""
        return "{static}../../" + quote(self.path)


def take_in(desk: Desk, data: bytes, name: str) -> Taken:
    """Keep a file that its sender calls `name` among the pictures or the files to download; the same one is kept once.

    Raises Unfit, with what to say, and OSError where the disk refuses; nothing is written then.
    """
    made = made_of(data, name)
    while True:
        folder = desk.content / made.folder
        if twin := _twin(folder, made):
            return Taken(twin.relative_to(desk.content).as_posix(), "")
        path = _free(folder, name, made.suffix)
        try:
            saved = save(desk, {path: made.data}, {}, say(ADDED[made.folder].template, name=path.name))
            return Taken(path.relative_to(desk.content).as_posix(), saved.entry)
        except Changed:  # another program has put a file of this name there just now
            continue


def _twin(folder: Path, made: Made) -> Path | None:
    """The file of a folder that holds the same."""
    alike = (file for file in own_files(folder) if file.stat().st_size == len(made.data))
    return next((file for file in alike if file.read_bytes() == made.data), None)


def _free(folder: Path, name: str, suffix: str) -> Path:
    """A path with a plain name after `name`, which no other file there has, with whatever ending."""
    there = {file.stem.lower() for file in own_files(folder)}
    stem = slug_of(PurePath(name.replace("\\", "/")).stem) or "picture"
    stem = f"{stem}-1" if stem in KEPT_NAMES else stem
    names = (stem, *(f"{stem}-{n}" for n in range(2, len(there) + 3)))
    return folder / (next(one for one in names if one not in there) + suffix)


async def add(request: Request) -> Response:
    """Take in the `file` of a form; JSON says what became of it, or what is `wrong`."""
    desk, lang = desk_of(request), language_of(request)
    async with request.form(max_fields=10) as form:
        sent = form.get("file")
        if not isinstance(sent, UploadFile):
            return Response(status_code=HTTPStatus.BAD_REQUEST)
        try:
            taken = await run_in_threadpool(take_in, desk, await sent.read(), sent.filename or "")
        except Unfit as error:
            return JSONResponse({"wrong": [in_language(error.why, lang)]}, HTTPStatus.UNPROCESSABLE_ENTITY)
        except OSError as error:
            return JSONResponse({"wrong": [in_language(refused(error), lang)]}, HTTPStatus.INSUFFICIENT_STORAGE)
    return JSONResponse(_told(desk, taken))


def _told(desk: Desk, taken: Taken) -> dict[str, Any]:
    return {"path": taken.path, "address": taken.address, "undo": taken.entry}


ROUTES: list[BaseRoute] = [Route(f"{PICTURES}/add", add, methods=["POST"])]
