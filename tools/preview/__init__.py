"""The preview: the site on this machine, built again on every save, and every page reloaded where it changed.

Each build goes to a folder of its own and is shown once it is whole; one that fails leaves the last good one on show,
with what is wrong. The watcher opens before the first build and collects while one runs, so no save is lost.
"""

from __future__ import annotations

import signal
import sys
import threading
from contextlib import ExitStack

from plugins.problems import ROOT, say
from tools.messages import in_language

from .preview import PREVIEWS, Preview
from .restart import CODE, handed_over, is_code, restart, try_code
from .server import LOOPBACK, Server, open_server
from .watcher import Watcher

__all__ = ["Preview", "open_server", "serve"]

WATCHED = ("content", "theme", *CODE)
SIGNALS = (signal.SIGINT, signal.SIGTERM)


def serve(port: int, host: str = LOOPBACK, lang: str = "en") -> None:
    """Build, serve and watch until interrupted (Ctrl-C or SIGTERM). Raises OSError when no port is free."""
    for number in SIGNALS:
        signal.signal(number, signal.default_int_handler)
    sys.setswitchinterval(0.001)  # requests are answered while a build runs in the same process
    try:
        with ExitStack() as at_the_end:
            _serve(port, host, lang, at_the_end)
    except KeyboardInterrupt:
        print(f"\n{in_language(say('The preview has stopped.'), lang)}", flush=True)


def _serve(port: int, host: str, lang: str, at_the_end: ExitStack) -> None:
    handed = handed_over()
    preview = Preview(PREVIEWS, True, handed.last_good if handed else None, lang)
    server = Server(preview, (host, 0), handed.socket) if handed else open_server(preview, port, host)
    at_the_end.callback(server.server_close)
    preview.folder = PREVIEWS / str(server.server_port)  # no other preview has this port, nor then this folder
    preview.clean()
    at_the_end.callback(preview.clean, everything=True)
    watcher = Watcher([ROOT / name for name in WATCHED])
    at_the_end.callback(watcher.stop)
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    at_the_end.callback(_stop, server)
    if not handed:
        address = f"http://{host}:{server.server_port}/"
        words = say("The preview is at {address} – stop it with Ctrl-C.", address=address)
        print(in_language(words, lang), flush=True)
    preview.rebuild()
    while True:
        if changed := watcher.take(timeout=1):
            _follow(changed, preview, server, watcher)


def _stop(server: Server) -> None:
    """Answer what was asked, and nothing more."""
    for number in SIGNALS:
        signal.signal(number, signal.SIG_IGN)  # the end is not interrupted
    server.preview.close()
    server.shutdown()
    server.finish_answers()


def _follow(changed: set[str], preview: Preview, server: Server, watcher: Watcher) -> None:
    """What a save leads to: a build, or a new process when code changed."""
    if any(is_code(path) for path in changed):
        problems = try_code()
        if not problems:
            print(in_language(say("Python code has changed: starting again."), preview.lang), flush=True)
            server.shutdown()
            server.finish_answers()
            restart(server.socket, preview.hand_over())
        preview.refuse_code(problems)
    if edited := {path for path in changed if not is_code(path)}:
        preview.rebuild(edited, watcher.any)
