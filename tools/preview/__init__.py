"""The preview: the site on this machine, built again on every save, and every page reloaded where it changed.

Each build goes to a folder of its own and is shown once it is whole; one that fails leaves the last good one on show,
with what is wrong. The watcher opens before the first build and collects while one runs, so no save is lost.
"""

from __future__ import annotations

import signal
import sys
from collections.abc import Callable
from contextlib import ExitStack

from starlette.types import ASGIApp

from plugins.problems import ROOT, in_language, say

from .app import application
from .preview import PREVIEWS, Preview
from .restart import CODE, handed_over, is_code, restart, try_code
from .server import LOOPBACK, Server, addresses, listen
from .watcher import Watcher

__all__ = ["LOOPBACK", "Preview", "Server", "listen", "serve"]

WATCHED = ("content", "theme", *CODE)
Make = Callable[[Preview], ASGIApp]
Greet = Callable[[str], None]
SIGNALS = [signal.SIGINT, signal.SIGTERM]
if sys.platform != "win32" and signal.getsignal(signal.SIGHUP) != signal.SIG_IGN:  # else `nohup` was asked for
    SIGNALS.append(signal.SIGHUP)  # the window was closed


def serve(
    port: str, host: str = LOOPBACK, lang: str = "en", make: Make = application, greet: Greet = lambda address: None
) -> None:
    """Build, serve and watch until interrupted (Ctrl-C, SIGTERM, closed window). Raises OSError where it cannot listen.

    `make` gives the application that answers for the preview; `greet` is told its address on this machine as soon as
    it answers, once, however often code is loaded again.
    """
    for number in SIGNALS:
        signal.signal(number, signal.default_int_handler)
    sys.setswitchinterval(0.001)  # requests are answered while a build runs in the same process
    try:
        with ExitStack() as at_the_end:
            _serve(port, host, lang, make, greet, at_the_end)
    except KeyboardInterrupt:
        print(f"\n{in_language(say('The preview has stopped.'), lang)}", flush=True)


def _serve(port: str, host: str, lang: str, make: Make, greet: Greet, at_the_end: ExitStack) -> None:
    handed = handed_over()
    listening = handed.socket if handed else listen(port, host)
    at_the_end.callback(listening.close)
    folder = PREVIEWS / str(listening.getsockname()[1])  # no other preview has this port, nor then this folder
    preview = Preview(folder, True, handed.last_good if handed else None, lang)
    preview.addresses = addresses(listening)
    preview.clean()
    at_the_end.callback(preview.clean, everything=True)
    watcher = Watcher(ROOT, WATCHED)
    at_the_end.callback(watcher.stop)
    server = Server(preview, listening, make(preview))
    server.start()
    at_the_end.callback(server.stop)
    at_the_end.callback(_no_more_signals)
    if not handed:
        _welcome(preview.addresses, lang)
        greet(preview.addresses[0])
    preview.rebuild()
    while True:
        if changed := watcher.take(timeout=1):
            _follow(changed, preview, server, watcher)


def _welcome(found: list[str], lang: str) -> None:
    print(in_language(say("The preview is at {address} – stop it with Ctrl-C.", address=found[0]), lang), flush=True)
    for address in found[1:]:
        print(in_language(say("On a phone in the same network: {address}", address=address), lang), flush=True)


def _no_more_signals() -> None:
    """The end is not interrupted."""
    for number in SIGNALS:
        signal.signal(number, signal.SIG_IGN)


def _follow(changed: set[str], preview: Preview, server: Server, watcher: Watcher) -> None:
    """What a save leads to: a build, or a new process when code changed."""
    if any(is_code(path) for path in changed):
        problems = try_code()
        if not problems:
            print(in_language(say("Python code has changed: starting again."), preview.lang), flush=True)
            server.stop()
            restart(server.listening, preview.hand_over())
        preview.refuse_code(problems)
    if edited := {path for path in changed if not is_code(path)}:
        preview.rebuild(edited, watcher.any)
