"""Tries the way to the host step by step, and says in plain words how far it came: nothing there is changed.

A small file is written and taken away again, in a folder that is empty or ours. Nothing is asked of a target that is
behind the first thing that is wrong.
"""

from __future__ import annotations

import contextlib
import secrets
import socket
import ssl
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TypeVar
from urllib.parse import urlsplit

from plugins.problems import say

from . import host_keys
from .config import RcloneTarget, SshTarget
from .errors import PublishError
from .host_keys import HostKey, Place
from .hosts.rclone import Store
from .hosts.rclone_command import Missing, join
from .hosts.ssh import Server
from .http import CERTIFICATE
from .progress import size
from .remotes import dump
from .target import AWAY, State, stranger

Answer = TypeVar("Answer")
TIMEOUT = 10.0  # seconds for each step on the network
LEAST = 50_000_000  # bytes that a site and its earlier publications need
GREETINGS = {"ssh": b"SSH-", "ftp": b"220"}  # RFC 4253, 4.2; RFC 959, 5.4
KEY = say("Give your host the line of the key that “Where it goes” shows, for this very user; or ask the host.")
AGAIN = say("Type the user and the password once more, as your host wrote them to you; or ask the host.")
LATER = say("Try again in a moment; if it stays so, ask the host.")
RIGHT = say("Ask your host whether this user may write there, and whether there is room.")
LOOK = say("Compare it, letter by letter, with what your host wrote to you.")


@dataclass(frozen=True)
class Step:
    """One step, in words; where it is not `good`, what is wrong and what to do. `keys` are unknown ones."""

    words: str
    wrong: str = ""
    remedy: str = ""
    keys: tuple[HostKey, ...] = ()

    @property
    def good(self) -> bool:
        return not self.wrong


class Wrong(Exception):
    """What ends a trial: the values of its Step."""

    def __init__(self, words: str, wrong: str, remedy: str, keys: tuple[HostKey, ...] = ()) -> None:
        super().__init__(wrong)
        self.step = Step(words, wrong, remedy, keys)


def tried(config: SshTarget | RcloneTarget) -> list[Step]:
    """Each step, up to the first that fails."""
    steps: list[Step] = []
    try:
        for step in _server(config) if isinstance(config, SshTarget) else _store(config):
            steps.append(step)
    except Wrong as wrong:
        steps.append(wrong.step)
    except (PublishError, OSError) as error:
        message = error.message if isinstance(error, PublishError) else say("this computer refuses that")
        steps.append(Step(say("The connection"), message, getattr(error, "remedy", "")))
    return steps


def place_of(config: SshTarget | RcloneTarget) -> Place | None:
    """The server whose key counts; None where the way is another than ssh's."""
    if isinstance(config, SshTarget):
        return host_keys.place_of_server(config)
    with closing(Store(config)) as store:
        remote = dump(store.rclone.environment).get(config.remote.partition(":")[0], {})
    return host_keys.place_of_remote(config, remote) if remote.get("type") == "sftp" else None


def _server(config: SshTarget) -> Iterator[Step]:
    place = host_keys.place_of_server(config)
    if place.direct:
        yield from _reached(place.host, place.port, "ssh")
        yield _key(place)
    with closing(Server(config)) as server:
        words = say("The server accepts this computer's key, and the user")
        state = _asked(words, server.look, KEY)
        yield Step(words)
        yield from _folder(state, server.place)
        yield from _room(state.free)


def _store(config: RcloneTarget) -> Iterator[Step]:
    with closing(Store(config)) as store:
        surroundings = store.rclone.environment
        remote = dump(surroundings).get(config.remote.partition(":")[0], {})
        yield from _way(config, remote)
        words = say("The host accepts the user and the password")
        try:
            _asked(words, lambda: store.run("lsf", config.remote, "--max-depth=1"), AGAIN)
        except Missing as error:
            yield Step(words)
            told = say("the folder is not there")
            raise Wrong(say("The folder is there"), told, _make_it(remote)) from error
        yield Step(words)
        state = _asked(say("The folder is there"), store.look, LATER)
        yield from _folder(state, store.place)
        yield _written(store)
        yield from _room(store.free())


def _make_it(remote: dict[str, str]) -> str:
    if remote.get("type") == "s3":
        return say("Make this bucket with your host's own tools, or correct its name.")
    return say("Compare the folder with what your host wrote to you; or make it, empty, with your host's own tools.")


def _way(config: RcloneTarget, remote: dict[str, str]) -> Iterator[Step]:
    """From here to the server, for each kind of remote."""
    kind = remote.get("type", "")
    if kind == "sftp":
        place = host_keys.place_of_remote(config, remote)
        yield from _reached(place.host, place.port, "ssh")
        yield _key(place)
    elif kind == "ftp":
        implicit = remote.get("tls") == "true"
        port = int(remote.get("port") or (990 if implicit else 21))
        yield from _reached(remote.get("host", ""), port, "tls" if implicit else "ftp")
    else:
        address = urlsplit(remote.get("url") or remote.get("endpoint") or "")
        if address.hostname:  # else a store that rclone knows the address of
            secure = address.scheme == "https"
            yield from _reached(address.hostname, address.port or (443 if secure else 80), "tls" if secure else "")


def _reached(host: str, port: int, protocol: str) -> Iterator[Step]:
    """The address is known, something listens there, and it speaks the protocol: ssh, ftp with TLS, or TLS."""
    words = say("The address {host} is known", host=host)
    try:
        socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        remedy = say("{look} Or is this computer not online?", look=LOOK)
        raise Wrong(words, say("the address {host} is not known", host=host), remedy) from None
    yield Step(words)
    words = say("A server answers there, at port {port}", port=port)
    try:
        connection = socket.create_connection((host, port), TIMEOUT)
    except ConnectionRefusedError:
        wrong = say("{host} is there, but nothing answers at port {port}", host=host, port=port)
        remedy = say("Correct the port: usual are 22 for SSH and SFTP, 21 for FTPS, 443 for WebDAV and stores.")
        raise Wrong(words, wrong, remedy) from None
    except OSError:
        remedy = say(
            "Look at the address and the port. If they are right, the host or a firewall keeps you out: ask it."
        )
        raise Wrong(words, say("nobody answers at {host}, port {port}", host=host, port=port), remedy) from None
    yield Step(words)
    if protocol:
        with connection:
            connection.settimeout(TIMEOUT)
            yield _speaks(connection, host, protocol)
    connection.close()


def _speaks(connection: socket.socket, host: str, protocol: str) -> Step:
    """It speaks what is expected; where that is TLS, with a certificate that holds."""
    greeting = GREETINGS.get(protocol)
    words = say("It speaks SSH") if protocol == "ssh" else say("It encrypts, with a certificate that is right")
    other = say("what answers there does not speak what this way of publishing needs")
    remedy = say("Look whether you chose the right kind of host, and the port that belongs to it.")
    try:
        if greeting and not connection.recv(512).startswith(greeting):
            raise Wrong(words, other, remedy)
        if protocol == "ssh":
            return Step(words)
        if protocol == "ftp":
            connection.sendall(b"AUTH TLS\r\n")  # RFC 4217, 4
            if not connection.recv(512).startswith(b"234"):
                wrong = say("the server does not encrypt, so anybody on the way could read the password")
                raise Wrong(words, wrong, say("Ask your host for SFTP, or for FTP with TLS."))
        ssl.create_default_context().wrap_socket(connection, server_hostname=host).close()
    except ssl.SSLCertVerificationError as error:
        why = CERTIFICATE.get(error.verify_code, say("it does not check out"))
        wrong = say("this computer does not trust the certificate of {host}: {reason}", host=host, reason=why)
        raise Wrong(words, wrong, say("Is the address the one that your host names? If so, tell the host.")) from None
    except OSError:
        raise Wrong(words, other, remedy) from None
    return Step(words)


def _key(place: Place) -> Step:
    """The server is the one that this computer knows."""
    words = say("It is the server that this computer knows")
    shown, known = host_keys.shown(place), host_keys.known(place)
    if not shown:
        raise Wrong(words, say("the server shows no key that can be checked"), say("Try again in a moment."))
    if set(shown) & set(known):
        return Step(words)
    if known:
        wrong = say("the server shows another key than before: it may be a stranger's")
        remedy = say("Do not go on. Ask your host whether it has a new key, and tell whoever looks after the site.")
        raise Wrong(words, wrong, remedy)
    raise Wrong(
        words,
        say("this computer does not know the server yet"),
        say("Compare the fingerprint below with the one that your host publishes, or tells you when you ask."),
        tuple(shown),
    )


def _asked(words: str, ask: Callable[[], Answer], remedy: str = "") -> Answer:
    """What the host answers. Raises Wrong with the step and a `remedy` of its own, and Missing."""
    try:
        return ask()
    except Missing:
        raise
    except PublishError as error:
        raise Wrong(words, error.message, remedy or error.remedy) from None


def _folder(state: State, place: str) -> Iterator[Step]:
    """The folder is there, and nobody else's."""
    words = say("The folder is there")
    if state.kind == "absent":
        raise Wrong(words, say("there is no {place}", place=place), _make_it({}))
    yield Step(words)
    words = say("It is empty, or this site's own")
    if state.kind == "foreign":
        raise Wrong(words, stranger(state.holds), AWAY)
    if state.strange:
        wrong = say("in {place}, {name} is not what this site puts there", place=place, name=state.strange)
        raise Wrong(words, wrong, say("Look what it is, and give it another name."))
    yield Step(words)
    if not state.writable:
        wrong = say("this account may not write in {place}", place=place)
        raise Wrong(say("This user may write there"), wrong, say("Ask your host for that right."))
    yield Step(say("This user may write there"))


def _written(store: Store) -> Step:
    """A small file can be written, and is taken away again."""
    words, name = say("A file can be written there"), f"try-{secrets.token_hex(4)}.txt"
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / name
        file.write_text("Human Trajectory Makers\n", encoding="utf-8")
        for base in dict.fromkeys((store.config.remote, store.aside)):
            there = join(base, name)
            try:
                _asked(words, partial(store.run, "copyto", str(file), there, "--ignore-times"), RIGHT)
            finally:
                with contextlib.suppress(PublishError):
                    store.run("deletefile", there)
    return Step(words)


def _room(free: int | None) -> Iterator[Step]:
    """There is room, where the host tells."""
    if free is None:
        return
    words = say("There is room: {size}", size=size(free))
    if free < LEAST:
        raise Wrong(words, say("the disk there is nearly full"), say("Free some space on the host."))
    yield Step(words)
