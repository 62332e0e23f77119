"""FTP with TLS, as hosts have it (RFC 4217, explicit): before a server of plain FTP, it encrypts both channels."""

from __future__ import annotations

import contextlib
import re
import select
import socket
import ssl
import threading
from pathlib import Path

PASSIVE = re.compile(rb"229 .*\|\|\|(\d+)\|")  # RFC 2428: where a channel for data is
ANSWERS = {b"AUTH TLS": b"234 now\r\n", b"PBSZ 0": b"200 ok\r\n", b"PROT P": b"200 ok\r\n"}


class Front:
    """Listens on `port`, and passes on to the server at `behind`."""

    def __init__(self, behind: int, certificate: Path, key: Path) -> None:
        self.behind = behind
        self.secure = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.secure.load_cert_chain(certificate, key)
        self.secure.num_tickets = 0  # a client that only sends never reads them, and its end would be a reset
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self.listener.getsockname()[1]
        self._thread(self._accept)

    def close(self) -> None:
        with contextlib.suppress(OSError):
            self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()

    @staticmethod
    def _thread(work: object, *arguments: object) -> None:
        threading.Thread(target=work, args=arguments, daemon=True).start()  # type: ignore[arg-type]

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                self._thread(self._session, self.listener.accept()[0])

    def _session(self, client: socket.socket) -> None:
        """The commands of one client, and the answers: in one thread, as OpenSSL wants it."""
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", self.behind)) as server:
            while ready := waiting(client, server):
                for source in ready:
                    lines = lines_from(source)
                    if not lines:
                        client.close()
                        return
                    for line in lines:
                        client = self._passed(line, client, server, source is server)

    def _passed(self, line: bytes, client: socket.socket, server: socket.socket, back: bool) -> socket.socket:
        """Pass a line on, or answer it; the client, encrypted once it has asked for that."""
        if back:
            found = PASSIVE.match(line)
            client.sendall(self._channel(int(found[1])) if found else line)
        elif answer := ANSWERS.get(line.strip().upper()):
            client.sendall(answer)
            if answer.startswith(b"234"):
                return self.secure.wrap_socket(client, server_side=True)
        else:
            server.sendall(line)
        return client

    def _channel(self, behind: int) -> bytes:
        """Have one for data, before the one that the server has; the answer that names it."""
        listener = socket.create_server(("127.0.0.1", 0))
        self._thread(self._pass_on, listener, behind)
        return f"229 Entering Extended Passive Mode (|||{listener.getsockname()[1]}|)\r\n".encode()

    def _pass_on(self, listener: socket.socket, behind: int) -> None:
        """Data, which goes one way only."""
        with contextlib.suppress(OSError), listener, socket.create_connection(("127.0.0.1", behind)) as server:
            client = self.secure.wrap_socket(listener.accept()[0], server_side=True)
            (source, *_) = waiting(client, server)
            sink = server if source is client else client
            while data := source.recv(65536):
                sink.sendall(data)
            with contextlib.suppress(OSError):
                client.unwrap()
            client.close()


def waiting(*ends: socket.socket) -> list[socket.socket]:
    """Those from which something can be read, as soon as there is one."""
    held: list[socket.socket] = [end for end in ends if isinstance(end, ssl.SSLSocket) and end.pending()]
    return held or select.select(ends, [], [])[0]


def lines_from(source: socket.socket) -> list[bytes]:
    """What comes, up to the end of a line; nothing at the end of all."""
    data = source.recv(65536)
    while data and not data.endswith(b"\n"):
        more = source.recv(65536)
        if not more:
            break
        data += more
    return data.splitlines(keepends=True)
