"""Who may change things: decided here for every request, before anything of the desk is asked.

The desk answers who holds its secret, as a cookie, on this machine; a telephone that typed the desk's code holds one of
its own. What changes something must besides come from a page of ours, and be small. Sources: Fetch Metadata Request
Headers (W3C), RFC 6265bis (SameSite), RFC 6454 (Origin), OWASP Cross-Site Request Forgery Prevention.
"""

from __future__ import annotations

import asyncio
import re
from http import HTTPStatus
from typing import NamedTuple
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Route
from starlette.types import ASGIApp, Receive, Scope, Send
from starlette.types import Message as Event

from plugins.problems import Message, in_language, say
from tools.preview.panel import RESERVED

from .desk import UPLOAD, desk_of
from .keys import HERE, STALE, START, Keys, may_change, on_this_machine
from .shown import shown
from .spoken import language_of

READING = ("GET", "HEAD")
ENTER, PHONE = f"{RESERVED}enter", f"{RESERVED}phone"
# What whoever reads the pages may ask for below the reserved address: what pages are shown with, and the ways in.
OPEN = re.compile(rf"{re.escape(RESERVED)}(events|start|enter|here|[\w-]+\.(css|js|svg))")
TEXT = 1_000_000
LONGEST = {  # bytes of what is sent, by its kind
    "application/json": TEXT,
    "application/x-www-form-urlencoded": TEXT,
    "multipart/form-data": TEXT,
}
UPLOADS = frozenset(f"{RESERVED}pictures/{name}" for name in ("add", "replace"))  # a picture or a file, whole
CODE = 1000  # bytes of the form with the code, which anyone may send
PATIENCE = 30  # seconds that the owner's browser may take to send it
LONG_PATIENCE = 300  # the same, for an upload: a telephone far from its station
DRAINED = 1  # seconds for which the rest of what is refused is thrown away, so that the refusal is read


class Refusal(NamedTuple):
    """What a request that is not let in is answered with."""

    status: HTTPStatus
    why: Message


class RefusedError(Exception):
    """A request is not let in: `refusal` says why."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.why)
        self.refusal = refusal


FOREIGN = Refusal(
    HTTPStatus.FORBIDDEN,
    say("This was not asked for by a page of the desk, so nothing was done. Open the desk, and do it there."),
)
CLOSED = Refusal(HTTPStatus.FORBIDDEN, say("The desk is not open in this browser, so nothing was done."))
NO_PLACE = Refusal(HTTPStatus.METHOD_NOT_ALLOWED, say("Nothing can be sent to this address."))
KIND = Refusal(
    HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
    say("The desk cannot read what was sent, so nothing was done. Load the page again, and try once more."),
)
LONG = Refusal(
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    say("This is more than the desk takes at once, so nothing was done. Make it shorter, or do it in several parts."),
)
LARGE = Refusal(
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    say("This file is larger than {most} MB, so it was not added. Save it smaller.", most=UPLOAD // 1_000_000),
)
SLOW = Refusal(HTTPStatus.REQUEST_TIMEOUT, say("This took too long to arrive, so nothing was done. Try once more."))


class Entry:
    """Lets a request through to the desk, or answers why not; what is sent comes through whole or not at all."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope)
        try:
            if request.method in READING:
                _may_read(request)
            else:
                longest = _may_send(request)
                async with asyncio.timeout(LONG_PATIENCE if _is_upload(request) else PATIENCE):
                    receive = _again(await _whole(receive, longest), receive)
        except TimeoutError:
            await _refuse(request, SLOW, receive, send)
        except RefusedError as error:
            await _refuse(request, error.refusal, receive, send)
        else:
            await self.app(scope, receive, send)


def _may_read(request: Request) -> None:
    """Raises RefusedError for what is the desk's own, unless its owner, or one of our pages, asks for it."""
    path = request.scope["path"]  # as routes see it, and not a URL that is made of it
    if not path.startswith(RESERVED):
        return
    headers = request.headers
    visited = headers.get("sec-fetch-mode") == "navigate" and headers.get("sec-fetch-dest") == "document"
    if headers.get("sec-fetch-site") in ("cross-site", "same-site") and not visited:
        raise RefusedError(FOREIGN)
    if not OPEN.fullmatch(path) and not may_change(request):
        raise RefusedError(CLOSED)


def _may_send(request: Request) -> int:
    """How many bytes may come with a request that may change something. Raises RefusedError where it may not."""
    headers = request.headers
    if not request.scope["path"].startswith(RESERVED):
        raise RefusedError(NO_PLACE)
    if headers.get("sec-fetch-site", "same-origin") != "same-origin" or not _is_ours(headers.get("origin"), request):
        raise RefusedError(FOREIGN)
    if request.scope["path"] != ENTER and not may_change(request):
        raise RefusedError(CLOSED)
    length = headers.get("content-length")
    kind = headers.get("content-type", "").partition(";")[0].strip().lower()
    if not kind and length == "0":
        return 0
    if kind not in LONGEST:
        raise RefusedError(KIND)
    if _is_upload(request) and kind == "multipart/form-data":
        longest = UPLOAD + TEXT
    else:
        longest = LONGEST[kind] if may_change(request) else CODE
    if length is not None and int(length) > longest:
        raise RefusedError(_too_long(longest))
    return longest


def _is_upload(request: Request) -> bool:
    """Whether a whole file may come; `_may_send` has let in the owner alone."""
    return request.scope["path"] in UPLOADS


def _too_long(longest: int) -> Refusal:
    return LARGE if longest > TEXT else LONG


def _is_ours(origin: str | None, request: Request) -> bool:
    """Whether an Origin header names us as this request reached us: by the Host, which the preview has looked at."""
    scheme, host = request.scope["scheme"], request.headers["host"]
    try:
        given, own = urlsplit(origin or ""), urlsplit(f"{scheme}://{host}")
        return origin == f"{given.scheme}://{given.netloc}" and (given.scheme, given.hostname, given.port or 80) == (
            scheme,
            own.hostname,
            own.port or 80,
        )
    except ValueError:
        return False


async def _whole(receive: Receive, longest: int) -> bytes:
    """What is sent, up to its end. Raises RefusedError as soon as it is too long."""
    body = bytearray()
    while True:
        event = await receive()
        body += event.get("body", b"")
        if len(body) > longest:
            raise RefusedError(_too_long(longest))
        if event["type"] == "http.disconnect":
            raise RefusedError(SLOW)
        if not event.get("more_body"):
            return bytes(body)


def _again(body: bytes, receive: Receive) -> Receive:
    """Gives what was read already, and then what follows."""
    first: list[Event] = [{"type": "http.request", "body": body, "more_body": False}]

    async def replay() -> Event:
        return first.pop() if first else await receive()

    return replay


async def _refuse(request: Request, refusal: Refusal, receive: Receive, send: Send) -> None:
    """Answer, and let go of the connection; a browser that is still sending gets to read why."""
    answer = _told(request, refusal)
    answer.headers["Connection"] = "close"

    async def send_then_drain(event: Event) -> None:
        if event["type"] != "http.response.body" or request.method in READING:
            await send(event)
            return
        await send({**event, "more_body": True})
        try:
            async with asyncio.timeout(DRAINED):
                while (await receive()).get("more_body"):
                    pass
        except TimeoutError:
            pass
        await send({"type": "http.response.body", "body": b"", "more_body": False})

    await answer(request.scope, receive, send_then_drain)


def _told(request: Request, refusal: Refusal) -> Response:
    """A page for who looks at one, else the sentence for a script to show."""
    if "text/html" in request.headers.get("accept", ""):
        return shown(request, "refused.html", refusal.status, why=refusal.why, way=refusal is CLOSED)
    return PlainTextResponse(in_language(refusal.why, language_of(request)), refusal.status)


async def start(request: Request) -> Response:
    """The link that opens the desk in this machine's browser: once, and it leaves the address bar at once."""
    keys: Keys = request.app.state.keys
    if request.method == "HEAD" or "sec-purpose" in request.headers:  # a browser that looks ahead uses nothing up
        return Response(status_code=HTTPStatus.NO_CONTENT)
    home = RedirectResponse(f"/{language_of(request)}/", HTTPStatus.SEE_OTHER, {"Cache-Control": "no-store"})
    if may_change(request):
        return home
    if not on_this_machine(request) or not keys.use_link(request.query_params.get("secret", "")):
        why = say("This link has been used, or another one was made since.")
        return shown(request, "refused.html", HTTPStatus.FORBIDDEN, why=why, way=True)
    return _opened(home, keys, keys.secret, STALE)


def _opened(answer: Response, keys: Keys, secret: str, age: int | None) -> Response:
    answer.set_cookie(keys.cookie, secret, max_age=age, path="/", httponly=True, samesite="strict")
    return answer


async def here(request: Request) -> Response:
    """Shows a second start that this is the desk of its project (tools/desk/start.py)."""
    keys: Keys = request.app.state.keys
    return PlainTextResponse(keys.proof(request.query_params.get("asked", "")), headers={"Cache-Control": "no-store"})


async def phone(request: Request) -> Response:
    """The page with the code for a telephone; the code is made when it is asked for, not when the page is looked at."""
    keys: Keys = request.app.state.keys
    code = keys.new_code() if request.method == "POST" else ""
    addresses = [f"{address}{ENTER[1:]}" for address in desk_of(request).preview.addresses[1:]]
    return shown(request, "phone.html", code=code, addresses=addresses)


async def enter(request: Request) -> Response:
    """The page on which the code is typed."""
    keys: Keys = request.app.state.keys
    if request.method != "POST":
        return shown(request, "enter.html", wrong=False)
    async with request.form() as form:
        secret = keys.use_code(str(form.get("code", "")))
    if secret is None:
        return shown(request, "enter.html", HTTPStatus.FORBIDDEN, wrong=True)
    home = RedirectResponse(f"/{language_of(request)}/", HTTPStatus.SEE_OTHER)
    return _opened(home, keys, secret, None)  # until that browser is closed


ROUTES: list[BaseRoute] = [
    Route(START, start),
    Route(HERE, here),
    Route(PHONE, phone, methods=["GET", "POST"]),
    Route(ENTER, enter, methods=["GET", "POST"]),
]
