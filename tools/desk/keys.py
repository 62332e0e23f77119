"""The keys of one desk: the secret of its owner's browsers, the link that hands it over, the code for a telephone.

Who can read the folder of the keys may change the site: it is the owner's own, as are the pages beside it. A second
start looks here first: what takes long to import is imported where it is used.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets
import time
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from plugins.files import write

if TYPE_CHECKING:
    from starlette.requests import Request

START, HERE = "/.preview/start", "/.preview/here"  # below tools.preview.panel.RESERVED
STALE = 30 * 24 * 3600  # seconds that a secret is good for
CODE_STALE = 600
PHONE_STALE = 12 * 3600
FIGURES = 8  # of a code: five tries in a hundred million
TRIES = 5


def private(path: Path, text: str) -> None:
    """`text` at `path`, for nobody else on this machine to read. Raises OSError where it cannot be written."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.parent.chmod(0o700)  # before anything is in it, also what is written aside
    path.touch(0o600)
    path.chmod(0o600)
    write(path, text.encode())


def kept(path: Path) -> dict[str, Any]:
    """The values kept at `path` as JSON; none where it is absent or is not what was written."""
    with suppress(OSError, ValueError):
        values = json.loads(path.read_bytes())
        return values if isinstance(values, dict) else {}
    return {}


class Keys:
    """Kept in `folder`, so that a tab which is open outlives the server: a restart, a crash, a night."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        # Cookies know no ports: desks of two projects on one machine must not take each other's.
        self.cookie = f"desk-{hashlib.sha256(str(folder.resolve()).encode()).hexdigest()[:12]}"
        self._secret, self._since = "", 0.0
        self._phones: dict[str, float] = {}  # the secret of each, and since when: in memory, until the server ends
        self._code, self._code_since, self._tries = "", 0.0, 0

    @property
    def secret(self) -> str:
        """What this machine's browsers hold as a cookie: another one every 30 days."""
        if not self._fresh():
            found = kept(self.folder / "secret.json")
            secret, since = found.get("secret"), found.get("since")
            if isinstance(secret, str) and secret and isinstance(since, int | float):
                self._secret, self._since = secret, since
        if not self._fresh():
            self._secret, self._since = secrets.token_urlsafe(32), time.time()
            with suppress(OSError):  # a disk that refuses: good for as long as the server runs
                private(
                    self.folder / "secret.json", json.dumps({"secret": self._secret, "since": self._since}, indent=1)
                )
        return self._secret

    def _fresh(self) -> bool:
        return bool(self._secret) and 0 <= time.time() - self._since < STALE

    def opened_by(self, held: str, own_machine: bool) -> bool:
        """Whether `held`, a browser's cookie, is one of the secrets. This machine's own is good nowhere else."""
        given = held.encode()
        if own_machine and hmac.compare_digest(given, self.secret.encode()):
            return True
        since = [since for secret, since in self._phones.items() if hmac.compare_digest(given, secret.encode())]
        return any(time.time() - begun < PHONE_STALE for begun in since)

    def proof(self, asked: str) -> str:
        """Shows to who knows the secret that we know it too, for `asked`, which nobody has asked before."""
        return hmac.new(self.secret.encode(), asked.encode(), "sha256").hexdigest()

    def link(self) -> str:
        """A word that opens the desk once, in place of any before. Raises OSError where it cannot be kept.

        It is in the folder, so that a second start can give one for the server of the first.
        """
        word = secrets.token_urlsafe(32)
        private(self.folder / "link", word)
        return word

    def use_link(self, word: str) -> bool:
        """Whether `word` opens the desk, which it does no second time: addresses stay in a browser's history."""
        place = self.folder / "link"
        try:
            good = hmac.compare_digest(word.encode(), place.read_bytes())
            if good:
                place.unlink()
        except OSError:
            return False
        return good

    def new_code(self) -> str:
        """A code for one telephone, for ten minutes, in place of any before."""
        self._code = f"{secrets.randbelow(10**FIGURES):0{FIGURES}}"
        self._code_since, self._tries = time.time(), 0
        return self._code

    def use_code(self, typed: str) -> str | None:
        """A secret for the telephone on which the code was typed; None for a wrong one, of which five end the code."""
        figures = "".join(sign for sign in typed if sign in "0123456789")
        if not self._code or time.time() - self._code_since >= CODE_STALE:
            return None
        if not hmac.compare_digest(figures.encode(), self._code.encode()):
            self._tries += 1
            if self._tries >= TRIES:
                self._code = ""
            return None
        self._code = ""
        phone = secrets.token_urlsafe(32)
        self._phones[phone] = time.time()
        return phone


def keys_of(root: Path) -> Keys:
    """The keys of the desk of the project at `root`."""
    return Keys(root / ".cache" / "desk")


def may_change(request: Request) -> bool:
    """Whether the browser that asks holds the secret: it gets the desk, and not the pages alone."""
    keys: Keys = request.app.state.keys
    return keys.opened_by(request.cookies.get(keys.cookie, ""), on_this_machine(request))


def on_this_machine(request: Request) -> bool:
    """Whether who asks is on the machine of the server, by whichever of its addresses."""
    from tools.preview.app import number_of

    asking, reached = (number_of(request.scope[end][0]) for end in ("client", "server"))
    return asking is not None and (asking.is_loopback or asking == reached)
