"""The pages of the pictures and files, and what a browser sends to add, describe, replace or delete one."""

from __future__ import annotations

import io
from contextlib import suppress
from hashlib import sha256
from http import HTTPStatus
from typing import Any
from urllib.parse import quote

from babel.dates import format_date
from PIL import Image
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData, UploadFile
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from plugins.build import LANGUAGES
from plugins.disk_cache import DiskCache
from plugins.documents.downloads import size_text
from plugins.drawings import DrawingError, cleaned_drawing
from plugins.files import refused
from plugins.pictures import FORMATS
from plugins.problems import Message, in_language, say
from tools.preview.panel import RESERVED

from ..desk import Desk, desk_of
from ..history.saving import Changed, Saved, digest
from ..shown import shown
from ..spoken import language_of
from .arrivals import Unfit
from .library import Item, Texts, item_at, items, plain, uses
from .pictures import Taken, describe, put_in_place, take_away, take_in

PICTURES = f"{RESERVED}pictures"
SMALL = 480  # px: a picture among others, on a screen of two pixels for each
DONE = {
    "added": say("Added."),
    "known": say("You have this one already."),
    "saved": say("Saved."),
    "replaced": say("The new one is in its place."),
    "deleted": say("Deleted."),
}
GONE = say("It is not there any more.")
CHANGED = say("It was changed elsewhere meanwhile, so nothing was done. Look at it, and try once more.")


async def library(request: Request) -> Response:
    """All pictures and files; as JSON for the editor."""
    return _library(request)


def _library(request: Request, wrong: list[tuple[str, Message]] | None = None, status: int = HTTPStatus.OK) -> Response:
    desk, lang = desk_of(request), language_of(request)
    found = items(desk)
    if "application/json" in request.headers.get("accept", ""):
        return JSONResponse([_told(item) for item in found])
    used = uses(desk)
    rows = [(item, facts_of(item, lang), used.get(item.path, [])) for item in found]
    return shown(
        request,
        "pictures.html",
        HTTPStatus(status),
        pictures=[row for row in rows if row[0].is_picture],
        files=[row for row in rows if not row[0].is_picture],
        wrong=wrong or [],
        **_done(request),
    )


def _done(request: Request) -> dict[str, Any]:
    """What was done just now, and the entry of the history that takes it back."""
    return {"done": DONE.get(request.query_params.get("done", "")), "undo": request.query_params.get("undo", "")}


def facts_of(item: Item, lang: str) -> str:
    """Kind, size and day of one, in words."""
    pixels = f"{item.width} × {item.height}" if item.width else ""
    day = format_date(item.day, "long", LANGUAGES[lang].locale)
    return ", ".join(filter(None, (item.kind, pixels, size_text(item.size, lang), day)))


def _told(item: Item) -> dict[str, Any]:
    """What a script is told of one."""
    return {
        "path": item.path,
        "name": item.name,
        "address": item.address,
        "picture": item.is_picture,
        "small": f"{PICTURES}/small?file={quote(item.path)}&seen={item.seen}",
        "width": item.width,
        "height": item.height,
        "alt": {"en": item.texts.en, "fr": item.texts.fr},
        "decoration": item.texts.decoration,
    }


async def add(request: Request) -> Response:
    """Take in the files of a form. A script sends one, and gets it as JSON, or what is `wrong`."""
    desk, is_script = desk_of(request), "text/html" not in request.headers.get("accept", "")
    wrong: list[tuple[str, Message]] = []
    taken: list[Taken] = []
    status = HTTPStatus.OK
    async with request.form(max_fields=10) as form:
        for sent in form.getlist("file"):
            if isinstance(sent, UploadFile) and (sent.filename or is_script):
                name = sent.filename or ""
                try:
                    taken.append(await run_in_threadpool(take_in, desk, await sent.read(), name))
                except Unfit as error:
                    wrong.append((name, error.why))
                    status = HTTPStatus.UNPROCESSABLE_ENTITY
                except OSError as error:
                    wrong.append((name, say("It could not be added: {reason}.", reason=refused(error))))
                    status = HTTPStatus.INSUFFICIENT_STORAGE
    if is_script and (wrong or not taken):
        return _wrong(request, [why for _, why in wrong], status if wrong else HTTPStatus.BAD_REQUEST)
    if is_script:
        item = item_at(desk, taken[0].path)
        return JSONResponse((_told(item) if item else {}) | {"undo": taken[0].entry})
    if wrong:
        return _library(request, wrong, status)
    place = PICTURES
    if len(taken) == 1:
        place = _place(taken[0].path, "added" if taken[0].entry else "known", taken[0].entry)
    return RedirectResponse(place, HTTPStatus.SEE_OTHER)


def _wrong(request: Request, why: list[Message], status: HTTPStatus) -> Response:
    return JSONResponse({"wrong": [in_language(one, language_of(request)) for one in why]}, status)


def _place(path: str, done: str, undo: str) -> str:
    """The address of the page of one, which says what was done and offers to take it back."""
    return f"{PICTURES}/one?file={quote(path)}&done={done}&undo={undo}"


async def one(request: Request) -> Response:
    """One of them: what it shows, where it is used, and what can be done with it."""
    item = item_at(desk_of(request), request.query_params.get("file", ""))
    return _one(request, item) if item else _gone(request)


def _one(request: Request, item: Item, why: Message | None = None, status: HTTPStatus = HTTPStatus.OK) -> Response:
    desk = desk_of(request)
    return shown(
        request,
        "picture.html",
        status,
        item=item,
        facts=facts_of(item, language_of(request)),
        uses=uses(desk).get(item.path, []),
        seen=digest(item.file.read_bytes()),
        why=why,
        **_done(request),
    )


def _gone(request: Request) -> Response:
    return shown(request, "refused.html", HTTPStatus.NOT_FOUND, why=GONE, way=False)


async def act(request: Request) -> Response:
    """Describe, replace or delete one, as the form of its page asks."""
    desk, asked = desk_of(request), request.path_params["act"]
    is_script = "text/html" not in request.headers.get("accept", "")
    async with request.form(max_fields=10) as form:
        item = item_at(desk, str(form.get("path", "")))
        if item is None:
            return _gone(request)
        try:
            saved = await _done_to(desk, item, asked, form)
        except Unfit as error:
            why, status = error.why, HTTPStatus.UNPROCESSABLE_ENTITY
        except Changed:
            why, status = CHANGED, HTTPStatus.CONFLICT
        except OSError as error:
            why, status = (
                say("It could not be saved: {reason}.", reason=refused(error)),
                HTTPStatus.INSUFFICIENT_STORAGE,
            )
        else:
            if is_script:
                now = item_at(desk, item.path)
                return JSONResponse((_told(now) if now else {}) | {"undo": saved.entry})
            place = f"{PICTURES}?done=deleted&undo={saved.entry}"
            if asked != "delete":
                place = _place(item.path, "replaced" if asked == "replace" else "saved", saved.entry)
            return RedirectResponse(place, HTTPStatus.SEE_OTHER)
    return _wrong(request, [why], status) if is_script else _one(request, item, why, status)


async def _done_to(desk: Desk, item: Item, asked: str, form: FormData) -> Saved:
    seen = str(form.get("seen", ""))
    if asked == "delete":
        return take_away(desk, item, seen)
    if asked == "describe":
        texts = Texts(plain(str(form.get("en", ""))), plain(str(form.get("fr", ""))), form.get("decoration") == "yes")
        return describe(desk, item, Texts(decoration=True) if texts.decoration else texts)
    sent = form.get("file")
    if not isinstance(sent, UploadFile) or not sent.filename:
        raise Unfit(say("Choose the file that takes its place first."))
    return await run_in_threadpool(put_in_place, desk, item, await sent.read(), sent.filename, seen)


async def small(request: Request) -> Response:
    """A picture as it is shown among others."""
    desk = desk_of(request)
    item = item_at(desk, request.query_params.get("file", ""))
    if item and item.is_picture:
        made = await run_in_threadpool(shrunk, desk, item.file.read_bytes(), item.file.suffix.lower())
        if made:
            return Response(*made)
    return Response(status_code=HTTPStatus.NOT_FOUND)


def shrunk(desk: Desk, data: bytes, suffix: str) -> tuple[bytes, int, dict[str, str]] | None:
    """A picture of this kind as it is shown among others: an answer's body, status and headers; None: it is damaged."""
    headers = {"Cache-Control": "private, max-age=86400", "Content-Security-Policy": "default-src 'none'; sandbox"}
    if suffix == ".svg":
        try:
            return cleaned_drawing(data), HTTPStatus.OK, {**headers, "Content-Type": "image/svg+xml"}
        except DrawingError:
            return None
    cache, key = DiskCache(desk.root / ".cache" / "desk-pictures", "small", "webp"), sha256(data).hexdigest()[:32]
    if found := cache.find(key):
        return found[1], HTTPStatus.OK, {**headers, "Content-Type": "image/webp"}
    try:
        with Image.open(io.BytesIO(data), formats=[*FORMATS.values()]) as image:
            image.thumbnail((SMALL, SMALL))
            out = io.BytesIO()
            image.convert("RGBA" if image.has_transparency_data else "RGB").save(out, "WEBP", quality=75)
    except Exception:  # whatever a decoder makes of a damaged file
        return None
    with suppress(OSError):  # a full disk: it is made again
        cache.keep(key, out.getvalue())
    return out.getvalue(), HTTPStatus.OK, {**headers, "Content-Type": "image/webp"}


ROUTES: list[BaseRoute] = [
    Route(PICTURES, library),
    Route(f"{PICTURES}/one", one),
    Route(f"{PICTURES}/small", small),
    Route(f"{PICTURES}/add", add, methods=["POST"]),
    Route(f"{PICTURES}/{{act}}", act, methods=["POST"]),
]
