"""Who may change things: whatever is sent by anyone but the owner's own browser is refused, and nothing is written."""

from __future__ import annotations

import re
import resource
import select
import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import quote, urlencode

import pytest
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from tests.tools.preview_session import PATIENCE, Answer
from tools.desk import app as desk_app
from tools.desk import entry, keys
from tools.desk.desk import Desk
from tools.preview import Preview, Server, listen, server

Headers = dict[str, str]
Changed = dict[str, str | None]
FORM = "application/x-www-form-urlencoded"
PAGE = b'<!doctype html><html lang="en"><head><title>T</title></head><body><p>A page.</p></body></html>'


async def write(request: Request) -> Response:
    """What a page of the desk might do."""
    body = await request.body()
    (request.app.state.desk.root / "written").write_bytes(body)
    return PlainTextResponse("written")


@dataclass
class Served:
    """A desk that is being served, on a site of one page."""

    desk: Desk
    keys: keys.Keys
    port: int
    cookie: dict[str, str] = field(default_factory=dict)

    @property
    def own(self) -> dict[str, str]:
        """What the owner's browser sends along with a form of the desk."""
        origin = f"http://127.0.0.1:{self.port}"
        return self.cookie | {"Origin": origin, "Sec-Fetch-Site": "same-origin", "Content-Type": FORM}

    def ask(self, path: str, headers: Headers | None = None, method: str = "GET", body: bytes = b"") -> Answer:
        """One request, with exactly these headers (`Host` is ours where none is given)."""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        try:
            connection.request(method, path, body or None, headers or {})
            response = connection.getresponse()
            return Answer(response.status, response.headers, response.read())
        finally:
            connection.close()

    def post(self, changed: Changed | None = None, body: bytes = b"a=1", path: str = "/.preview/write") -> Answer:
        """What the owner's browser sends, with some of its headers changed, or (None) left out."""
        headers = self.own | (changed or {})
        return self.ask(path, {name: value for name, value in headers.items() if value is not None}, "POST", body)

    @property
    def written(self) -> Path:
        return self.desk.root / "written"

    @property
    def line(self) -> socket.socket:
        """A connection on which nothing has been said yet."""
        return socket.create_connection(("127.0.0.1", self.port), timeout=PATIENCE)

    def begin(self, line: socket.socket, *more: str, path: str = "/.preview/write", kind: str = FORM) -> None:
        """The owner's request up to its body."""
        headers = [f"{name}: {value}" for name, value in (self.own | {"Content-Type": kind}).items()]
        sent = [f"POST {path} HTTP/1.1", f"Host: 127.0.0.1:{self.port}", *headers, *more, "", ""]
        line.sendall("\r\n".join(sent).encode())


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    root = tmp_path_factory.mktemp("desk")
    preview = Preview(root / "builds", live=True)
    (root / "site").mkdir()
    (root / "site" / "index.html").write_bytes(PAGE)
    preview.shown = root / "site"
    with pytest.MonkeyPatch.context() as patched, listen("0", "0.0.0.0") as listening:
        patched.setattr(desk_app, "ROUTES", [Route("/.preview/write", write, methods=["POST"]), *desk_app.ROUTES])
        port = listening.getsockname()[1]
        preview.addresses = [f"http://localhost:{port}/", f"http://192.0.2.7:{port}/"]
        desk = Desk(preview, root)
        application = desk_app.desk_application(desk)
        running = Server(preview, listening, application)
        running.start()
        yield Served(desk, application.state.keys, port)
        running.stop()


@pytest.fixture
def desk(running: Served) -> Served:
    """The desk as its owner has it open; nothing is written yet."""
    running.written.unlink(missing_ok=True)
    running.cookie = {"Cookie": f"{running.keys.cookie}={running.keys.secret}"}
    return running


def test_the_owner_changes_things(desk: Served) -> None:
    assert (desk.post(body=b"words").status, desk.written.read_bytes()) == (200, b"words")
    assert desk.post({"Sec-Fetch-Site": None, "Content-Type": "application/json; charset=utf-8"}).status == 200


@pytest.mark.parametrize(
    ("changed", "status"),
    [
        ({"Origin": "http://attacker.example"}, 403),
        ({"Origin": "null"}, 403),
        ({"Origin": None}, 403),
        ({"Origin": "http://127.0.0.1:1"}, 403),
        ({"Origin": "https://127.0.0.1:{port}"}, 403),
        ({"Origin": "http://127.0.0.1:{port}/"}, 403),
        ({"Origin": "http://127.0.0.1:{port}@attacker.example"}, 403),
        ({"Origin": "http://[::1"}, 403),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Sec-Fetch-Site": "same-site"}, 403),
        ({"Sec-Fetch-Site": "none"}, 403),
        ({"Host": "attacker.example", "Origin": "http://attacker.example"}, 421),
        ({"Host": "attacker.example:{port}", "Origin": "http://attacker.example:{port}"}, 421),
        ({"Cookie": None}, 403),
        ({"Cookie": "{cookie}="}, 403),
        ({"Cookie": "{cookie}=x"}, 403),
        ({"Cookie": "{cookie}=é"}, 403),
        ({"Cookie": "desk={secret}"}, 403),
        ({"Content-Type": "text/plain"}, 415),
        ({"Content-Type": None}, 415),
    ],
)
def test_what_is_not_the_owners_own_form_is_refused(desk: Served, changed: Changed, status: int) -> None:
    values = {"port": desk.port, "cookie": desk.keys.cookie, "secret": desk.keys.secret}
    headers = {name: value and value.format_map(values) for name, value in changed.items()}
    assert desk.post(headers).status == status
    assert not desk.written.exists()


def test_a_refusal_is_a_page_in_the_language_of_who_reads_it(desk: Served) -> None:
    told = desk.post({"Cookie": None, "Accept": "text/html", "Accept-Language": "en"})
    assert "The desk is not open in this browser, so nothing was done." in told.text
    assert "Double-click “start”" in told.text
    assert desk.post({"Cookie": None}).headers["Content-Type"] == "text/plain; charset=utf-8"


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "OPTIONS", "X"])
def test_no_other_method_is_a_way_round(desk: Served, method: str) -> None:
    assert desk.ask("/.preview/write", {}, method, b"a=1").status == 403
    assert desk.ask("/", desk.own, method).status == 405
    assert not desk.written.exists()


@pytest.mark.parametrize(
    "path",
    [
        "/.preview/phone",
        "/.preview/phone/",
        "/.preview/phone%3Fx.css",
        "/.preview/events%3F/../phone",
        "/.preview/events%23",
        "/.preview/x/../phone.css",
        "/.preview/%2e%2e/x.css",
        "/.preview/phone%0A",
        "/.preview%2Fphone",
        "/%2Epreview/phone",
    ],
)
def test_the_desks_own_pages_are_for_who_may(desk: Served, path: str) -> None:
    closed = desk.ask(path, {"Accept": "text/html"})
    assert closed.status == 403
    assert "<h1>Open the desk</h1>" in closed.text
    assert 'href="/.preview/facts"' not in closed.text
    assert "Show a code" not in closed.text
    assert 'href="/.preview/phone"' in desk.ask("/", desk.cookie).text
    own = desk.ask("/.preview/phone", desk.cookie)
    assert own.status == 200
    assert "form-action 'self'" in own.headers["Content-Security-Policy"]
    assert own.headers["Referrer-Policy"] == "same-origin"  # else its forms come with no Origin


@pytest.mark.parametrize("path", ["//.preview/phone", "/.PREVIEW/phone", "/.preview/live.js/../phone", "/.preview"])
def test_other_spellings_lead_nowhere(desk: Served, path: str) -> None:
    assert desk.ask(path).status in (403, 404)


def test_pages_of_others_read_nothing_but_a_person_may_follow_a_link(desk: Served) -> None:
    for site in ("cross-site", "same-site"):
        for path in ("/.preview/phone", "/.preview/events?page=/&tag=x", "/.preview/live.js"):
            told = desk.ask(path, desk.cookie | {"Sec-Fetch-Site": site, "Sec-Fetch-Mode": "no-cors"})
            assert told.status == 403
        framed = {"Sec-Fetch-Site": site, "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "iframe"}
        assert desk.ask("/.preview/phone", desk.cookie | framed).status == 403
        followed = framed | {"Sec-Fetch-Dest": "document"}
        assert desk.ask("/.preview/phone", desk.cookie | followed).status == 200


def test_who_only_reads_reads_as_ever(desk: Served) -> None:
    assert "A page." in desk.ask("/").text
    assert desk.ask("/.preview/live.js").status == 200


def test_the_link_opens_the_desk_once(desk: Served) -> None:
    path = f"/.preview/start?{urlencode({'secret': desk.keys.link()})}"
    assert desk.ask(path, {}, "HEAD").status == desk.ask(path, {"Sec-Purpose": "prefetch"}).status == 204
    first = desk.ask(path)
    cookie = first.headers["Set-Cookie"]
    assert (first.status, first.headers["Location"]) == (303, "/en/")
    assert {"HttpOnly", "Path=/", "SameSite=strict", "Max-Age=2592000"} <= set(cookie.split("; "))
    held = {"Cookie": cookie.partition(";")[0]}
    assert desk.ask("/.preview/phone", held).status == 200
    again = desk.ask(path, {"Accept-Language": "en"})
    assert (again.status, again.headers["Set-Cookie"]) == (403, None)
    assert "This link has been used" in again.text
    assert desk.ask(path, held).headers["Location"] == "/en/"  # a tab that is opened anew


@pytest.mark.parametrize("word", ["", "x", "é", "../secret.json", "\0", "%", "a" * 9000])
def test_no_other_word_opens_it(desk: Served, word: str) -> None:
    good = desk.keys.link()
    assert desk.ask(f"/.preview/start?secret={quote(word)}").status == 403
    assert desk.keys.use_link(good)


def test_a_secret_outlives_the_server_for_thirty_days(desk: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    other = keys.Keys(desk.keys.folder)
    assert other.secret == desk.keys.secret
    assert {file.stat().st_mode & 0o77 for file in (desk.keys.folder, *desk.keys.folder.iterdir())} == {0}
    old, now = desk.keys.secret, time.time()
    monkeypatch.setattr(time, "time", lambda: now + keys.STALE - 60)
    assert desk.post().status == 200
    desk.written.unlink()
    monkeypatch.setattr(time, "time", lambda: now + keys.STALE)
    assert desk.post().status == 403
    assert not desk.written.exists()
    assert desk.keys.secret != old
    assert keys.Keys(desk.keys.folder).secret == desk.keys.secret
    monkeypatch.undo()
    for broken in ('{"secret": ""}', "[]", "{", '{"secret": "x", "since": 1}', '{"secret": 3, "since": 9e99}'):
        keys.private(desk.keys.folder / "secret.json", broken)
        assert len(keys.Keys(desk.keys.folder).secret) == 43


def test_a_telephone_reads_and_changes_nothing_until_its_code_is_typed(
    desk: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown = desk.post(path="/.preview/phone", changed={"Accept-Language": "en"}).text
    found = re.search(r"<output>(\d{4} \d{4})</output>", shown)
    assert found
    assert f"http://192.0.2.7:{desk.port}/.preview/enter" in shown
    for module in (keys, entry):
        monkeypatch.setattr(module, "on_this_machine", lambda request: False)
    assert "A page." in desk.ask("/").text
    assert desk.post().status == 403  # this machine's secret, in other hands
    assert desk.ask(f"/.preview/start?secret={desk.keys.link()}").status == 403
    assert "Code, 8 figures" in desk.ask("/.preview/enter", {"Accept-Language": "en"}).text
    typed = urlencode({"code": found[1]}).encode()
    stranger: Changed = {"Cookie": None}
    assert desk.post(stranger | {"Origin": "http://attacker.example"}, typed, "/.preview/enter").status == 403
    entered = desk.post(stranger, typed, "/.preview/enter")
    assert (entered.status, entered.headers["Location"]) == (303, "/en/")
    held: Changed = {"Cookie": entered.headers["Set-Cookie"].partition(";")[0]}
    assert "Max-Age" not in entered.headers["Set-Cookie"]
    assert not desk.written.exists()
    assert desk.post(held).status == 200
    assert desk.post(stranger, typed, "/.preview/enter").status == 403  # it was for one telephone
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now + keys.PHONE_STALE)
    assert desk.post(held).status == 403


def test_where_no_telephone_gets_nobody_is_asked_for_a_code(desk: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(desk.desk.preview, "addresses", [f"http://127.0.0.1:{desk.port}/"])
    told = desk.ask("/.preview/enter", {"Accept-Language": "fr"}).text
    assert "<h1>" in told
    assert "<form" not in told
    assert 'action="/.preview/phone"' not in desk.ask("/.preview/phone", desk.cookie).text


def test_a_code_ends_after_five_tries_and_after_ten_minutes(desk: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    def tried(code: str) -> int:
        body = urlencode({"code": code}).encode()
        return desk.post({"Cookie": None, "Accept-Language": "en"}, body, "/.preview/enter").status

    assert tried("") == 403  # while there is none
    for wrong, status in ((4, 303), (5, 403)):
        code = desk.keys.new_code()
        other = str((int(code) + 1) % 10**8).zfill(8)
        assert [tried(other) for _ in range(wrong)] == [403] * wrong
        assert tried(code) == status
    code, now = desk.keys.new_code(), time.time()
    monkeypatch.setattr(time, "time", lambda: now + keys.CODE_STALE)
    assert tried(code) == 403


@pytest.mark.parametrize("announced", [True, False], ids=["announced", "in chunks"])
@pytest.mark.parametrize("owner", [True, False], ids=["owner", "stranger"])
def test_a_body_of_a_gigabyte_is_refused_at_once_and_kept_nowhere(desk: Served, announced: bool, owner: bool) -> None:
    desk.cookie = desk.cookie if owner else {}
    megabyte, sent = bytes(1_000_000), 0
    kind = f"Content-Length: {10**9}" if announced else "Transfer-Encoding: chunked"
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with desk.line as line:
        desk.begin(line, kind)
        with suppress(OSError):  # it is no longer listened to
            for _ in range(1000):
                line.sendall(megabyte if announced else b"f4240\r\n" + megabyte + b"\r\n")
                sent += 1
                if select.select([line], [], [], 0)[0]:
                    break
        with suppress(ConnectionResetError):
            status = line.recv(100).split()[1]
            assert status == ((b"413") if owner else b"403")
    assert sent < 20
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 30_000  # kilobytes, here
    assert not desk.written.exists()


def test_what_is_a_little_too_long_is_told_to_who_still_sends(desk: Served) -> None:
    told = desk.post({"Accept-Language": "en"}, b"a" * (entry.TEXT + 1))
    assert (told.status, told.text[:36]) == (413, "This is more than the desk takes at ")
    assert desk.post(body=b"a" * entry.TEXT).status == 200
    assert desk.post({"Cookie": None}, b"a" * 1001, "/.preview/enter").status == 413  # of a stranger's, less is kept


def test_a_sender_who_stops_is_not_waited_for(desk: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(entry, "PATIENCE", 0.2)
    monkeypatch.setattr(entry, "DRAINED", 0.1)
    with desk.line as line:
        desk.begin(line, "Content-Length: 10")
        line.sendall(b"half")
        line.settimeout(3)
        assert b" 408 " in b"".join(iter(lambda: line.recv(1000), b""))  # up to the end of the connection
    with desk.line as line:  # and one who goes has done nothing
        desk.begin(line, "Content-Length: 10")
        line.sendall(b"half")
    time.sleep(0.1)
    assert desk.ask("/").status == 200
    assert not desk.written.exists()


def test_what_is_announced_too_long_is_refused_before_it_comes(desk: Served) -> None:
    with desk.line as line:
        desk.begin(line, "Content-Length: 1000001", "Expect: 100-continue")
        assert line.recv(100).split()[1] == b"413"


@pytest.mark.parametrize(
    ("length", "owner", "status"), [(42_000_000, True, b"413"), (42_000_000, False, b"403"), (2_000_000, False, b"403")]
)
def test_an_upload_that_is_too_long_or_nobody_s_is_refused_before_it_comes(
    desk: Served, length: int, owner: bool, status: bytes
) -> None:
    desk.cookie = desk.cookie if owner else {}
    with desk.line as line:
        desk.begin(
            line, f"Content-Length: {length}", path="/.preview/pictures/add", kind="multipart/form-data; boundary=x"
        )
        assert line.recv(100).split()[1] == status


def test_two_hundred_who_wait_do_not_keep_the_owner_waiting(desk: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server, "SILENCE", 0.3)
    kinds = [
        b"",
        b"GET / HTTP/1.1\r\nHo",
        f"GET /.preview/events?page=/&tag=x HTTP/1.1\r\nHost: 127.0.0.1:{desk.port}\r\n\r\n".encode(),
        f"POST / HTTP/1.1\r\nHost: 127.0.0.1:{desk.port}\r\nContent-Length: 1000\r\n\r\na".encode(),
    ]
    with ExitStack() as opened:
        lines = [opened.enter_context(desk.line) for _ in range(200)]
        for number, line in enumerate(lines):
            with suppress(ConnectionError):
                line.sendall(kinds[number % len(kinds)])
        begun = time.monotonic()
        assert desk.post().status == 200
        assert time.monotonic() - begun < 2
        silent = lines[-4]
        silent.settimeout(PATIENCE)
        with suppress(ConnectionResetError):
            assert silent.recv(1) == b""


def test_of_too_many_the_oldest_that_asks_nothing_goes(desk: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server, "MOST", 5)
    with ExitStack() as opened:
        asking = opened.enter_context(desk.line)
        asking.sendall(f"GET /.preview/events?page=/ HTTP/1.1\r\nHost: 127.0.0.1:{desk.port}\r\n\r\n".encode())
        assert asking.recv(15) == b"HTTP/1.1 200 OK"
        silent = [opened.enter_context(desk.line) for _ in range(10)]
        assert desk.ask("/").status == 200
        ended = select.select(silent, [], [], 0)[0]
        assert ended == silent[: len(ended)]
        assert len(ended) >= 6
        asking.settimeout(0.05)
        with pytest.raises(TimeoutError):  # what is asked for goes on
            list(iter(lambda: asking.recv(1000), b""))
