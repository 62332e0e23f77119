"""The owner's desk: the preview's pages, edited where they are read; facts, settings and history as forms.

It stands on the preview and asks the rooms below for what they know: blocks and their lines (plugins/reader), front
matter (plugins/frontmatter), facts (plugins/practice), problems (plugins/problems). It has no rule of its own.
"""

from __future__ import annotations

from starlette.types import ASGIApp

from plugins.problems import in_language, say
from tools.preview import LOOPBACK, Preview, is_restarted
from tools.preview import serve as serve_preview

from . import start
from .app import desk_application, keys_of
from .desk import Desk

__all__ = ["Desk", "serve"]


def serve(port: str, host: str, lang: str, browser: bool) -> None:
    """The preview with the desk, until interrupted; in the browser, where `browser` and there is one.

    The desk that runs already is shown instead, unless a `port` or another `host` asks for one of its own. Raises
    OSError where it cannot listen.
    """
    keys = keys_of(Desk.root)
    if not port and host == LOOPBACK and not is_restarted() and (first := start.running(keys)):
        print(in_language(say("The desk is open already, at {address}", address=first), lang), flush=True)
        start.show(keys, first, lang, browser)
        return

    def make(preview: Preview) -> ASGIApp:
        return desk_application(Desk(preview))

    def greet(address: str) -> None:
        start.note(keys, address)
        start.show(keys, address, lang, browser)

    try:
        serve_preview(port or "8000", host, lang, make, greet)
    finally:
        start.forget(keys)
