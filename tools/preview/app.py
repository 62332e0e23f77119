"""The preview as a Starlette application: the pages of a build, the preview's own files, the events that reload a page.

All that it answers goes through `Door`, which lets in only who means this machine. What is asked is answered in the
event loop itself: a page is a small file, and a thread for each would wait longer for its turn beside a build.
"""

from __future__ import annotations

import asyncio
import ipaddress
import socket
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from http import HTTPStatus
from pathlib import Path
from urllib.parse import urlsplit

from starlette.applications import Starlette
from starlette.datastructures import Headers, MutableHeaders
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response, StreamingResponse
from starlette.routing import BaseRoute, Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from plugins.hosting.headers import headers_for

from .panel import RESERVED, added, nothing_yet, panel
from .preview import Preview
from .state import Found, State, name_of, tag_of

MACHINE = socket.gethostname().lower()
OWN_NAMES = {"localhost", MACHINE, f"{MACHINE}.local", f"{MACHINE.partition('.')[0]}.local"}
STRANGER = PlainTextResponse("This preview is for the machine it runs on.\n", HTTPStatus.MISDIRECTED_REQUEST)


def client(folder: Path) -> dict[str, Found]:
    """The files of a folder `client`, by name."""
    return {file.name: Found(file.name, file.read_bytes()) for file in (folder / "client").iterdir()}


Dress = Callable[[bytes, Request], bytes]


def application(
    preview: Preview,
    routes: Sequence[BaseRoute] = (),
    middleware: Sequence[Middleware] = (),
    dress: Dress = lambda body, request: body,
    files: Mapping[str, Found] | None = None,
) -> Starlette:
    """What answers requests for `preview`.

    `routes` and `files` are further ones below the reserved address, `middleware` stands behind the door, and `dress`
    is given each page of the site as it is served.
    """
    own = [
        Route(f"{RESERVED}events", events),
        *routes,
        Route(f"{RESERVED}{{name:path}}", own_file),
        Route("/{address:path}", page),
    ]
    app = Starlette(routes=own, middleware=[Middleware(Door), *middleware])
    app.state.preview, app.state.dress = preview, dress
    app.state.files = client(Path(__file__).parent) | dict(files or {})
    return app


class Door:
    """Answers only requests that mean this machine, with the published site's headers where there are no others."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in headers_for(scope["path"]).items():
                    headers.setdefault(name, value)  # an answer may have a policy of its own
            await send(message)

        answer = self.app if means_us(Headers(scope=scope).get("host", ""), *scope["server"]) else STRANGER
        await answer(scope, receive, send_with_headers)


def means_us(host: str, address: str, port: int) -> bool:
    """Whether the Host header of a request that came in at `address` and `port` is this machine.

    Another site's name may be made to lead here (DNS rebinding), and its pages must not read drafts. An address cannot
    be: it counts when it is a loopback one, or the very one that was reached.
    """
    try:
        asked = urlsplit(f"//{host}")
        name, asked_port = asked.hostname or "", asked.port or 80
    except ValueError:
        return False
    number = number_of(name)
    known = number == number_of(address) or number.is_loopback if number else name in OWN_NAMES
    return known and asked_port == port


def number_of(name: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    """`name` as an address, or None: without the interface of an IPv6 one, and IPv4 where it only looks like IPv6."""
    try:
        number = ipaddress.ip_address(name.partition("%")[0])
    except ValueError:
        return None
    return getattr(number, "ipv4_mapped", None) or number


async def page(request: Request) -> Response:
    """A file of the site, with the panel and the reloading script where it is a page and the preview is live."""
    preview: Preview = request.app.state.preview
    address = request.scope["raw_path"].decode("ascii")
    state = preview.state
    status, found = look_up(state, address)
    while preview.state is not state:  # the folder may have gone while it was read
        state = preview.state
        status, found = look_up(state, address)
    if status == HTTPStatus.FOUND:
        return Response(status_code=status, headers={"Location": found.name})
    if preview.live and found.type.startswith("text/html"):
        body = added(found.body, address, state, page_tag(state, address, found))
        found = Found(found.name, request.app.state.dress(body, request))
    return _answer(request, status, found)


async def own_file(request: Request) -> Response:
    """A file of the preview's own."""
    found = request.app.state.files.get(request.path_params["name"])
    if not found:
        return PlainTextResponse("There is no such file.\n", HTTPStatus.NOT_FOUND)
    return _answer(request, HTTPStatus.OK, found)


def _answer(request: Request, status: HTTPStatus, found: Found) -> Response:
    headers = {"ETag": f'"{tag_of(found.body)}"'}
    if status == HTTPStatus.OK and request.headers.get("If-None-Match") == headers["ETag"]:
        return Response(status_code=HTTPStatus.NOT_MODIFIED, headers=headers)
    return Response(found.body, status, headers, found.type)


async def events(request: Request) -> Response:
    """Says “reload” as soon as the page is no longer the one that the browser shows."""
    if request.method == "HEAD":
        return Response(media_type="text/event-stream")
    shown = request.query_params
    said = _news(request.app.state.preview, shown.get("page", "/"), shown.get("tag", ""))
    return StreamingResponse(said, media_type="text/event-stream")


async def _news(preview: Preview, address: str, tag: str) -> AsyncIterator[str]:
    changed, loop = asyncio.Event(), asyncio.get_running_loop()

    def wake() -> None:  # called in the thread that builds
        loop.call_soon_threadsafe(changed.set)

    preview.opened(name_of(address) or "", wake)
    try:
        yield "retry: 200\n\n"
        while not preview.closing:
            changed.clear()  # before the state is looked at, so that none is missed
            now = page_tag(preview.state, address)
            yield "event: reload\ndata: {}\n\n" if now != tag else ": the same\n\n"
            tag = now
            await changed.wait()
    finally:
        preview.left(wake)


def look_up(state: State, address: str) -> tuple[HTTPStatus, Found]:
    """What is at an address: a file, the way to a folder's page (its address as the name), or the not-found page."""
    if state.site is None:
        return HTTPStatus.SERVICE_UNAVAILABLE, Found("503.html", nothing_yet(state, address))
    name = name_of(address)
    if name is not None and (found := state.site.read(name)):
        return HTTPStatus.OK, found
    if name is not None and state.site.read(f"{name}/index.html"):
        return HTTPStatus.FOUND, Found(f"{address}/", b"")
    return HTTPStatus.NOT_FOUND, state.site.not_found(address)


def page_tag(state: State, address: str, found: Found | None = None) -> str:
    """Names what a browser shows at an address: the page, the panel, and the files whose names stay."""
    body = (found or look_up(state, address)[1]).body
    return tag_of(body, panel(state, "en").encode(), state.media.encode())
