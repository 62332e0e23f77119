"""How the desk comes before its owner: the one that runs is found, and a browser opens at it."""

from __future__ import annotations

import json
import os
import secrets
import sys
import threading
import webbrowser
from contextlib import suppress
from http.client import HTTPConnection, HTTPException
from urllib.parse import urlencode, urlsplit

from plugins.problems import in_language, say

from .keys import HERE, START, Keys, kept, private

RUNNING = "running.json"
PATIENCE = 5  # seconds: a server answers late while it builds


def note(keys: Keys, address: str) -> None:
    """For a second start: the desk of this project is at `address`, until `forget`."""
    with suppress(OSError):  # a disk that refuses: then there are two
        private(keys.folder / RUNNING, json.dumps({"address": address, "pid": os.getpid()}, indent=1))


def forget(keys: Keys) -> None:
    """It is no longer; what another process noted stays."""
    if kept(keys.folder / RUNNING).get("pid") == os.getpid():
        for name in (RUNNING, "link"):
            (keys.folder / name).unlink(missing_ok=True)


def running(keys: Keys) -> str | None:
    """The address of this project's desk, where another process answers that knows our secret; else None."""
    noted = kept(keys.folder / RUNNING)
    address = noted.get("address")
    if not isinstance(address, str) or noted.get("pid") == os.getpid():  # ours, before its code was loaded again
        return None
    asked = secrets.token_urlsafe()
    with suppress(OSError, HTTPException, ValueError):
        connection = HTTPConnection(urlsplit(address).netloc, timeout=PATIENCE)
        try:
            connection.request("GET", f"{HERE}?{urlencode({'asked': asked})}")
            answered = connection.getresponse().read(200)
        finally:
            connection.close()
        if secrets.compare_digest(answered, keys.proof(asked).encode()):
            return address
    return None


def show(keys: Keys, address: str, lang: str, browser: bool) -> None:
    """Open the desk at `address` in the browser; where there is none, print the link that opens it."""
    link = address
    with suppress(OSError):
        link = f"{address.rstrip('/')}{START}?{urlencode({'secret': keys.link()})}"
    if not (browser and has_browser() and _opened(link)):
        print(in_language(say("The desk opens with this link, once: {link}", link=link), lang), flush=True)


def _opened(link: str) -> bool:
    """Have the browser open it. False where it is known within two seconds that there is none after all."""
    said: list[bool] = []

    def ask() -> None:
        try:
            said.append(webbrowser.open(link))
        except (webbrowser.Error, OSError):
            said.append(False)

    asking = threading.Thread(target=ask, daemon=True)  # some are waited for until they are closed
    asking.start()
    asking.join(timeout=2)
    return False not in said


def has_browser() -> bool:
    """Whether a browser may be opened here: on a screen of this machine, with a person before it."""
    if os.environ.get("CI") or os.environ.get("SSH_CONNECTION"):
        return False
    if sys.platform in ("win32", "darwin"):
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))
