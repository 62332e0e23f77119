"""The live site, looked at: whatever a server answers, and however slowly, it is told in words and in time (#12)."""

from __future__ import annotations

import contextlib
import socket
import urllib.parse
from collections.abc import Callable, Iterator

import pytest

from tests.publish.conftest import Host
from tests.publish.hostile import BOMB, NESTED, OK, SENT_AT_ONCE, Hostile, hostile
from tests.publish.sites import seen
from tools.publish import http
from tools.publish.errors import PublishError
from tools.publish.release import Manifest, content_hash

FILES = {f"en/{number}/index.html": http.Answer(200, {}, str(number).encode()).digest for number in range(20)}
RELEASE = Manifest(f"20260101T000000Z-{content_hash(FILES)}", "now", "", FILES)


@pytest.fixture
def evil() -> Iterator[Hostile]:
    with hostile() as server:
        yield server


@pytest.mark.parametrize("kind", SENT_AT_ONCE)
def test_what_is_no_answer(evil: Hostile, kind: str) -> None:
    evil.says(SENT_AT_ONCE[kind])
    with pytest.raises(http.Wrong, match="does not answer properly") as caught:
        http.get(f"{evil.url}/release.json")
    assert "garbage" not in str(caught.value), "the server's own words"


def test_what_is_no_release(evil: Hostile) -> None:
    evil.says(NESTED)
    with pytest.raises(PublishError, match="it serves something else, not 2026"):
        http.check(evil.url, RELEASE, [], 0)


@pytest.mark.parametrize("kind", ["body", "unpacked"])
def test_an_answer_without_end_takes_no_more_memory_than_is_allowed(
    evil: Hostile, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(http, "MOST", 1_000_000)
    if kind == "body":
        evil.endlessly(OK + b"\r\n", bytes(65536))
    else:
        evil.says(BOMB)
    with pytest.raises(http.Wrong, match="does not end"):
        http.get(evil.url)
    assert evil.sent < 50_000_000


@pytest.mark.parametrize(
    "head", [OK, OK + b"\r\n", OK + b"Content-Length: 100000\r\n\r\n"], ids=["header", "body", "known"]
)
def test_an_answer_drop_by_drop_ends_with_its_time(evil: Hostile, head: bytes) -> None:
    evil.endlessly(head, b"x", pause=0.01)
    with pytest.raises(http.Wrong, match="in time"):
        http.get(evil.url, limit=0.4)


def test_a_server_that_says_nothing(evil: Hostile) -> None:
    def silent(client: socket.socket) -> None:
        evil.over.wait(60)

    evil.answer = silent
    with pytest.raises(http.Wrong, match="in time"):
        http.get(evil.url, limit=0.3)


def answering(evil: Hostile, before: Callable[[], object]) -> None:
    """A site that is right, page by page."""

    def answer(client: socket.socket) -> None:
        before()
        path = urllib.parse.unquote(evil.asked[-1].split()[1].decode())
        body = RELEASE.to_json() if path == "/release.json" else path.strip("/").rpartition("/")[2]
        client.sendall(OK + b"\r\n" + body.encode())

    evil.answer = answer


def test_a_look_at_a_slow_site_has_an_end(evil: Hostile, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each answer is quick enough by itself."""
    monkeypatch.setattr(http, "ROUND", 0.5)
    answering(evil, lambda: evil.over.wait(0.1))
    with pytest.raises(PublishError, match=r"too slowly|in time"):
        http.check(evil.url, RELEASE, ["headers"], 0)
    assert len(evil.asked) < http.SAMPLE + 1


def test_a_site_that_is_right_after_a_moment(evil: Hostile) -> None:
    """Asked again, and that is told at once."""
    told: list[str] = []

    def tell(text: str) -> None:
        told.append(text)
        answering(evil, lambda: None)

    evil.says(SENT_AT_ONCE["garbage"])
    http.check(evil.url, RELEASE, ["headers"], 20, tell)
    assert [text.startswith("Not yet: ") for text in told] == [True]


@pytest.mark.parametrize("kind", ["garbage", "300 headers", "broken gzip"])
def test_the_old_site_is_back(host: Host, evil: Hostile, kind: str) -> None:
    old = host.publish("old")
    evil.says(SENT_AT_ONCE[kind])
    with pytest.raises(PublishError, match=rf"does not answer properly\. Live again: {old}"):
        host.publish("new", url=evil.url)
    assert seen(host.nginx.url) == {"old"}


def test_a_certificate_that_nobody_vouches_for() -> None:
    with hostile(secure=True) as server, pytest.raises(http.Wrong, match=r"certificate .*made it itself") as caught:
        http.get(server.url.replace("http:", "https:"))
    assert "Renew the certificate" in caught.value.remedy


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_a_proxy_that_refuses(evil: Hostile, scheme: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The proxy is named, and not the password for it."""
    monkeypatch.setenv(f"{scheme}_proxy", f"http://joe:hunter2@127.0.0.1:{evil.port}")
    evil.says(b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n")
    with pytest.raises(http.Wrong, match=rf"proxy 127\.0\.0\.1:{evil.port}") as caught:
        http.get(f"{scheme}://www.example.org/release.json")
    assert "NO_PROXY" in caught.value.remedy
    assert "hunter2" not in f"{caught.value}{caught.value.remedy}"


def test_nobody_listens() -> None:
    with contextlib.closing(socket.create_server(("127.0.0.1", 0))) as free:
        port = free.getsockname()[1]
    with pytest.raises(http.Wrong, match="nothing accepts a connection"):
        http.get(f"http://127.0.0.1:{port}")
