"""The owner's desk: the preview's pages, edited where they are read; facts, settings and history as forms.

It stands on the preview and asks the rooms below for what they know: blocks and their lines (plugins/reader), front
matter (plugins/frontmatter), facts (plugins/practice), problems (plugins/problems). It has no rule of its own.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING

from plugins.problems import ROOT, in_language, say

from . import start
from .keys import keys_of

if TYPE_CHECKING:
    from starlette.types import ASGIApp

    from tools.preview import Preview

    from .desk import Desk

__all__ = ["serve"]


def serve(port: str, host: str, lang: str, browser: bool) -> None:
    """The preview with the desk, until interrupted; in the browser, where `browser` and there is one.

    The desk that runs already is shown instead, unless a `port` or a `host` asks for one of its own. Raises OSError
    where it cannot listen.
    """
    keys = keys_of(ROOT)
    if not port and not host and (first := start.running(keys)):
        print(in_language(say("The desk is open already, at {address}", address=first), lang), flush=True)
        start.show(keys, first, lang, browser)
        return

    from tools.preview import LOOPBACK  # only now: they take longer than all of the above
    from tools.preview import serve as serve_preview

    from .app import desk_application
    from .desk import Desk
    from .history.saving import notice

    def make(preview: Preview) -> ASGIApp:
        desk = Desk(preview)
        # Beside the first build: what was changed meanwhile is in the history before its owner looks there.
        threading.Thread(target=_quietly, args=(notice, desk), daemon=True).start()
        return desk_application(desk)

    def greet(address: str) -> None:
        start.note(keys, address)
        start.show(keys, address, lang, browser)

    try:
        serve_preview(port or "8000", host or LOOPBACK, lang, make, greet)
    finally:
        start.forget(keys)


def _quietly(act: Callable[[Desk], None], desk: Desk) -> None:
    """Do what the next save does anyway; a disk that refuses is told then."""
    with suppress(OSError):
        act(desk)
