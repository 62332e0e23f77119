"""Serves the preview: pages of one build, the published headers, and the events that make browsers reload."""

from __future__ import annotations

import errno
import os
import socket
import sys
import threading
from contextlib import suppress
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from plugins.hosting.headers import headers_for
from plugins.problems import say

from .panel import RESERVED, added, nothing_yet, panel
from .preview import Preview
from .shown import Found, State, name_of, tag_of

CLIENT = Path(__file__).parent / "client"
LOOPBACK = "127.0.0.1"
IN_USE = (errno.EADDRINUSE, getattr(errno, "WSAEACCES", errno.EADDRINUSE))
HEARTBEAT = 15  # seconds; a line nobody reads, which finds out who has gone


class Server(ThreadingHTTPServer):
    """A thread for each connection. `given` is a socket that listens already (after a restart)."""

    request_queue_size = 128  # what comes in while the preview restarts waits here
    allow_reuse_address = os.name != "nt"  # there, it would let two programs have the same port
    daemon_threads = True

    def __init__(self, preview: Preview, address: tuple[str, int], given: socket.socket | None = None) -> None:
        self.preview = preview
        self._busy, self._news = 0, threading.Condition()
        super().__init__(address, Handler, bind_and_activate=given is None)
        if given:
            self.socket.close()
            self.socket = given
            self.server_address = given.getsockname()
            self.server_port = given.getsockname()[1]

    def busy(self, change: int) -> None:
        """Count the requests under way: 1 when one comes in, -1 when it is answered."""
        with self._news:
            self._busy += change
            self._news.notify_all()

    def process_request(self, request: Any, client_address: Any) -> None:
        """On a new connection: its first request is under way already."""
        self.busy(1)
        super().process_request(request, client_address)

    def finish_answers(self) -> None:
        """Wait until no request is under way, one second at most: a browser may keep a connection and ask nothing."""
        with self._news:
            self._news.wait_for(lambda: self._busy <= 0, timeout=1)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A browser that leaves in the middle is no news; anything else is."""
        if not isinstance(sys.exc_info()[1], OSError):
            super().handle_error(request, client_address)


class Handler(BaseHTTPRequestHandler):
    """Answers GET and HEAD."""

    server: Server
    protocol_version = "HTTP/1.1"
    server_version, sys_version = "preview", ""
    timeout = 60  # seconds a silent connection is kept
    _counted = True  # whether this connection's request is among those under way

    def parse_request(self) -> bool:
        """On each request of a connection."""
        if not self._counted:
            self._counted = True
            self.server.busy(1)
        return super().parse_request()

    def finish(self) -> None:
        """On the end of a connection."""
        self._answered()
        super().finish()

    def _answered(self) -> None:
        if self._counted:
            self._counted = False
            self.server.busy(-1)

    def do_GET(self) -> None:
        """A page, a file, the events of a page."""
        address = urlsplit(self.path).path
        try:
            if not self._for_us():
                words = b"This preview is for the machine it runs on.\n"
                self._send(HTTPStatus.MISDIRECTED_REQUEST, Found("no.txt", words))
            elif address == f"{RESERVED}events":
                self._answered()  # it ends when the browser goes, not before
                self._events()
            elif address.startswith(RESERVED):
                self._send(*own_file(address.removeprefix(RESERVED)))
            else:
                self._page(address)
        finally:
            self._answered()

    def do_HEAD(self) -> None:
        """What a GET would say, without the body."""
        self.do_GET()

    def _page(self, address: str) -> None:
        preview = self.server.preview
        state = preview.state
        found = look_up(state, address)
        while preview.state is not state:  # the folder may have gone while it was read
            state = preview.state
            found = look_up(state, address)
        self._send(*found, state)

    def _for_us(self) -> bool:
        """Whether a request means this machine: another site's name that leads here must not read drafts."""
        host = self.headers.get("Host", "localhost").lower().removesuffix(f":{self.server.server_port}")
        return self.server.server_address[0] != LOOPBACK or host in (LOOPBACK, "localhost")

    def _send(self, status: HTTPStatus, found: Found, state: State | None = None) -> None:
        body, location = found.body, None
        if status == HTTPStatus.FOUND:
            location, body = found.name, b""
        elif state and self.server.preview.live and found.type.startswith("text/html"):
            address = urlsplit(self.path).path
            body = added(body, address, state, page_tag(state, address, found))
        etag = f'"{tag_of(body)}"'
        if status == HTTPStatus.OK and self.headers.get("If-None-Match") == etag:
            status, body = HTTPStatus.NOT_MODIFIED, b""
        self.send_response(status)
        if location:
            self.send_header("Location", location)
        elif status != HTTPStatus.NOT_MODIFIED:
            self.send_header("Content-Type", found.type)
        if status != HTTPStatus.NOT_MODIFIED:
            self.send_header("Content-Length", str(len(body)))
        if not location:
            self.send_header("ETag", etag)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def end_headers(self) -> None:
        """The headers of the published site."""
        for name, value in headers_for(urlsplit(getattr(self, "path", "/")).path).items():
            self.send_header(name, value)
        super().end_headers()

    def _events(self) -> None:
        """Say “reload” as soon as the page is no longer the one that the browser shows."""
        query = parse_qs(urlsplit(self.path).query)
        address, tag = query.get("page", ["/"])[0], query.get("tag", [""])[0]
        preview, name = self.server.preview, name_of(address) or ""
        self.close_connection = True
        self.send_response(HTTPStatus.OK)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Connection", "close")
        self.end_headers()
        if self.command == "HEAD":
            return
        preview.opened(name)
        with suppress(OSError):
            self.wfile.write(b"retry: 200\n\n")
            state = preview.state
            while not preview.closing:
                now = page_tag(state, address)
                self.wfile.write(b"event: reload\ndata: {}\n\n" if now != tag else b": the same\n\n")
                tag, state = now, preview.other_than(state, HEARTBEAT)
        preview.left(name)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the name http.server calls
        """Requests are not news."""


def own_file(name: str) -> tuple[HTTPStatus, Found]:
    """A file of the preview's own."""
    if name in ("live.js", "panel.css"):
        return HTTPStatus.OK, Found(name, (CLIENT / name).read_bytes())
    return HTTPStatus.NOT_FOUND, Found("no.txt", b"There is no such file.\n")


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


def open_server(preview: Preview, port: int, host: str = LOOPBACK) -> Server:
    """A server at `port`, or at the next free one of twenty. Raises OSError when none is free."""
    for candidate in range(port, port + 20):
        try:
            return Server(preview, (host, candidate))
        except OSError as error:
            if error.errno not in IN_USE:
                raise
    raise OSError(say("ports {first} to {last} are all in use: choose another with --port", first=port, last=port + 19))
