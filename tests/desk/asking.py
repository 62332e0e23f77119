"""Asks the desk's application as its owner's browser does, without a server."""

from __future__ import annotations

import asyncio
import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

from bs4 import BeautifulSoup
from starlette.applications import Starlette

FORM = "application/x-www-form-urlencoded"
ORIGIN = "http://localhost:80"


@dataclass
class Answer:
    """What came back."""

    status: int
    headers: dict[str, str]
    text: str

    @property
    def json(self) -> Any:
        return json.loads(self.text)

    @property
    def page(self) -> BeautifulSoup:
        return BeautifulSoup(self.text, "html.parser")


def ask(
    app: Starlette,
    address: str,
    body: bytes | None = None,
    kind: str = FORM,
    lang: str = "en",
    entered: bool = True,
    accept: str = "*/*",
) -> Answer:
    """One request: GET, or POST where there is a body; with the owner's cookie, unless nobody `entered`."""
    path, _, query = address.partition("?")
    keys = app.state.keys
    sent = {"host": "localhost:80", "accept": accept, "accept-language": lang, "content-type": kind, "origin": ORIGIN}
    sent |= {"cookie": f"{keys.cookie}={keys.secret}"} if entered else {}
    scope = {
        "type": "http",
        "http_version": "1.1",
        "scheme": "http",
        "root_path": "",
        "method": "GET" if body is None else "POST",
        "path": unquote(path),
        "raw_path": path.encode(),
        "query_string": query.encode(),
        "server": ("127.0.0.1", 80),
        "client": ("127.0.0.1", 50000),
        "headers": [(name.encode(), value.encode()) for name, value in sent.items()],
    }
    got = Answer(0, {}, "")

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": body or b"", "more_body": False}

    async def send(message: Any) -> None:
        if message["type"] == "http.response.start":
            got.status = message["status"]
            got.headers = {name.decode(): value.decode() for name, value in message["headers"]}
        else:
            got.text += message.get("body", b"").decode(errors="replace")

    async def asked() -> None:
        await app(scope, receive, send)

    # In a thread of its own: Playwright keeps an event loop running in the one that the tests have.
    with ThreadPoolExecutor(1) as thread:
        thread.submit(asyncio.run, asked()).result()
    return got
