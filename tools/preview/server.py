"""Where the preview listens, and the thread in which uvicorn answers there."""

from __future__ import annotations

import asyncio
import errno
import logging
import socket
import threading
from contextlib import suppress

import uvicorn
from starlette.types import ASGIApp
from uvicorn.protocols.http.h11_impl import H11Protocol

from plugins.problems import say

from .app import application
from .preview import Preview

LOOPBACK = "127.0.0.1"
LAST_PORT = 65535
EVERYWHERE = {"0.0.0.0": "192.0.2.1", "::": "2001:db8::1"}  # each with an address that nobody has (RFC 5737, 3849)
MOST = 100  # connections: macOS lets a process have 256 files open
SILENCE = 10  # seconds
IN_USE = (errno.EADDRINUSE, getattr(errno, "WSAEACCES", errno.EADDRINUSE))


def listen(port: str, host: str = LOOPBACK) -> socket.socket:
    """A socket that listens at `port`, or at the next free one of twenty (0: any).

    Raises OSError with a sentence for the owner where `port` or `host` is none, or cannot be had.
    """
    try:
        first = int(port)
    except ValueError:
        first = -1
    if not 0 <= first <= LAST_PORT:
        raise OSError(say("“{port}” is no port: write a number from 1024 to 65535 after --port", port=port))
    try:
        found = socket.getaddrinfo(host, first, type=socket.SOCK_STREAM) if host else []
    except (OSError, ValueError):  # no such name; a name that none can have
        found = []
    if not found:
        raise OSError(say("there is no address “{host}”: leave out --host, or write --host 0.0.0.0", host=host))
    family, address = found[0][0], found[0][4]
    last = min(first + 19, LAST_PORT)
    for candidate in range(first, last + 1):
        try:
            return socket.create_server((address[0], candidate, *address[2:]), family=family, backlog=128)
        except OSError as error:
            if error.errno not in IN_USE:
                raise OSError(_refused(error, host, candidate)) from None
    raise OSError(say("ports {first} to {last} are all in use: choose another with --port", first=first, last=last))


def _refused(error: OSError, host: str, port: int) -> str:
    if error.errno == errno.EADDRNOTAVAIL:
        return say("“{host}” is not an address of this machine: leave out --host, or write --host 0.0.0.0", host=host)
    if error.errno == errno.EACCES:
        return say("port {port} is kept for the system: choose one from 1024 upwards with --port", port=port)
    return say("nothing can be served at {host}, port {port}: {reason}", host=host, port=port, reason=error.strerror)


def addresses(listening: socket.socket) -> list[str]:
    """Where a browser finds what listens: one on this machine, and then, where it may, one on the same network."""
    host, port = listening.getsockname()[:2]
    if host not in EVERYWHERE:
        return [f"http://[{host}]:{port}/" if ":" in host else f"http://{host}:{port}/"]
    found = [f"http://localhost:{port}/"]
    with socket.socket(listening.family, socket.SOCK_DGRAM) as asked, suppress(OSError):
        asked.connect((EVERYWHERE[host], port))  # sends nothing: it asks which way it would go
        own = asked.getsockname()[0]
        found.append(f"http://[{own}]:{port}/" if ":" in own else f"http://{own}:{port}/")
    return found


class Connection(H11Protocol):
    """One to a browser. It ends when nothing whole was asked on it for ten seconds.

    Where there are too many, one ends for each that comes: of those on which nothing is being answered, the oldest.
    Its browser opens another when it has something to ask.
    """

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self.since = self.loop.time()
        self._silence: asyncio.TimerHandle | None = None
        self._watch()
        if len(self.connections) > MOST:
            others = [other for other in self.connections if isinstance(other, Connection) and other is not self]
            oldest = min(others, key=lambda other: (other.answering, other.since))
            self.connections.discard(oldest)
            oldest.transport.abort()

    @property
    def answering(self) -> bool:
        """Whether a request has come in and is not yet answered."""
        return self.cycle is not None and not self.cycle.response_complete

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        self._watch()

    def _watch(self) -> None:
        if self._silence and self.answering:
            self._silence.cancel()
            self._silence = None
        elif not self._silence and not self.answering:
            self._silence = self.loop.call_later(SILENCE, self.transport.close)

    def connection_lost(self, exc: Exception | None) -> None:
        if self._silence:
            self._silence.cancel()
        super().connection_lost(exc)


class Server(uvicorn.Server):
    """Answers for `preview`, by `app`, in a thread of its own; `listening` itself stays open when it stops."""

    def __init__(self, preview: Preview, listening: socket.socket, app: ASGIApp | None = None) -> None:
        logging.getLogger("uvicorn.error").setLevel(logging.ERROR)  # a request that is none is no news
        config = uvicorn.Config(
            app or application(preview),
            loop="asyncio",
            http=Connection,
            ws="none",
            lifespan="off",
            log_config=None,
            access_log=False,
            proxy_headers=False,
            server_header=False,
            timeout_graceful_shutdown=1,
        )
        config.load()  # here: an import in that thread might wait for one that Ctrl-C broke off in this
        super().__init__(config)
        self.preview, self.listening = preview, listening
        self._thread = threading.Thread(target=self.run, args=([listening.dup()],), daemon=True)

    def start(self) -> None:
        """Begin to answer; what comes in before waits."""
        self._thread.start()

    def stop(self) -> None:
        """Answer what was asked, one second at most, and nothing more."""
        self.preview.close()
        self.should_exit = True
        self._thread.join(timeout=5)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Before all else: who was let in just now has a second to ask."""
        for server in self.servers:
            server.close()
        for _ in range(100):
            if all(getattr(connection, "cycle", None) for connection in self.server_state.connections):
                break
            await asyncio.sleep(0.01)
        await super().shutdown(sockets)
