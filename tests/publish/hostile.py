"""A web server on the loopback interface that answers as no server should: each wrong answer by its name."""

from __future__ import annotations

import contextlib
import gzip
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

CERTIFICATE = Path(__file__).with_name("self-signed.pem")  # of this test, for nobody
OK = b"HTTP/1.1 200 OK\r\nConnection: close\r\n"
SENT_AT_ONCE = {
    "nothing": b"",
    "cut short": OK + b"Content-Length: 1000\r\n\r\nshort",
    "bad chunks": OK + b"Transfer-Encoding: chunked\r\n\r\nzz\r\nxx",
    "garbage": b"\x00\xff\x00garbage\r\n\r\n",
    "300 headers": OK + b"".join(b"X-%d: y\r\n" % number for number in range(300)) + b"\r\n",
    "a header without end": OK + b"X: " + b"y" * 200_000,
    "broken gzip": OK + b"Content-Encoding: gzip\r\n\r\n\x1f\x8b\x08garbage",
    "no number": b"HTTP/1.1 abc OK\r\n\r\n",
}
NESTED = OK + b"\r\n" + b'{"id":' + b"[" * 200_000
BOMB = OK + b"Content-Encoding: gzip\r\n\r\n" + gzip.compress(bytes(64_000_000), 1)


@dataclass
class Hostile:
    """What it sends to everybody, until told otherwise."""

    port: int
    answer: Callable[[socket.socket], None]
    asked: list[bytes] = field(default_factory=list)
    sent: int = 0
    over: threading.Event = field(default_factory=threading.Event)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def says(self, data: bytes) -> None:
        self.answer = lambda client: client.sendall(data)

    def endlessly(self, head: bytes, piece: bytes, pause: float = 0) -> None:
        """`head`, then `piece` for ever: quickly, or drop by drop."""

        def answer(client: socket.socket) -> None:
            client.sendall(head)
            while not self.over.wait(pause):
                client.sendall(piece)
                self.sent += len(piece)

        self.answer = answer


@contextmanager
def hostile(secure: bool = False) -> Iterator[Hostile]:
    """Such a server, on a port of its own."""
    listener = socket.create_server(("127.0.0.1", 0))
    server = Hostile(int(listener.getsockname()[1]), lambda client: None)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    if secure:
        context.load_cert_chain(CERTIFICATE)

    def serve(client: socket.socket) -> None:
        with contextlib.suppress(OSError), client:
            if secure:
                client = context.wrap_socket(client, server_side=True)
            server.asked.append(client.recv(65536))
            server.answer(client)

    def accept() -> None:
        with contextlib.suppress(OSError):
            while True:
                threading.Thread(target=serve, args=(listener.accept()[0],), daemon=True).start()

    thread = threading.Thread(target=accept, daemon=True)
    thread.start()
    yield server
    server.over.set()
    listener.shutdown(socket.SHUT_RDWR)
    thread.join()
    listener.close()
