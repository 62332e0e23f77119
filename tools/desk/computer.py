"""What an owner needs of this computer, and what to do where it is not so."""

from __future__ import annotations

import asyncio
import shutil
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from plugins.problems import Message, say
from tools.doctor import packages, python
from tools.extras import which
from tools.preview.panel import RESERVED
from tools.publish.config import SshTarget
from tools.publish.errors import PublishError
from tools.publish.progress import size
from tools.publish.remotes import keychain

from .desk import Desk, desk_of
from .history.versions import DAMAGED, FOLDER, versions_of
from .publishing.publish import target_of
from .shown import shown

LEAST = 1_000_000_000  # bytes that the builds, the history and a publication want
AGAIN = say("Close the desk and double-click “start” in the folder of the site: it puts right what is missing.")


@dataclass(frozen=True)
class Sign:
    """One thing, and what to do where it is not `good`; one that is not good may still be no harm."""

    good: bool
    words: Message | str
    todo: Message | str = ""


def examined(desk: Desk) -> list[Sign]:
    """Everything, in the order in which it matters."""
    made, locked = python(), packages(desk.root / "requirements.txt")
    free = shutil.disk_usage(desk.root).free
    found = [
        Sign(made.good, made.words, say("Install a newer Python from python.org, then double-click “start” again.")),
        Sign(locked.good, locked.words, AGAIN),
        Sign(free > LEAST, say("Room on the disk: {size}", size=size(free)), say("Free some space on this computer.")),
        _history(desk),
        _keychain(),
    ]
    target = target_of(desk)
    if isinstance(target, PublishError | SshTarget):
        there = bool(which("ssh"))
        words = (
            say("SSH is there, for a server of your own")
            if there
            else say("SSH is not there, for a server of your own")
        )
        found.append(Sign(there, words, say("Ask whoever looks after this computer to install OpenSSH.")))
    return found


def _history(desk: Desk) -> Sign:
    """Whether what was changed before can be brought back."""
    aside = sorted(path.name for path in (desk.root / FOLDER).glob("damaged-*"))
    try:
        kept = versions_of(desk.root)
        kept.files(kept.head())
    except (OSError, *DAMAGED):
        return Sign(
            False,
            say("The history cannot be read"),
            say("Go on: with the next change a new one begins. The old one stays; tell whoever looks after the site."),
        )
    if aside:
        words = say("The history is whole, but an older part of it could not be read")
        return Sign(False, words, say("It lies beside the new one ({names}): keep it.", names=", ".join(aside)))
    return Sign(True, say("The history is whole: what was changed can be brought back"))


def _keychain() -> Sign:
    """Where passwords go."""
    name = keychain()
    if name:
        return Sign(True, say("Passwords go to the keychain of this computer ({name})", name=name))
    return Sign(
        True, say("This computer has no keychain that works: passwords go to a file that only your account can read")
    )


async def computer(request: Request) -> Response:
    """The page."""
    return shown(request, "computer.html", signs=await asyncio.to_thread(examined, desk_of(request)))


ROUTES: list[BaseRoute] = [Route(f"{RESERVED}computer", computer)]
