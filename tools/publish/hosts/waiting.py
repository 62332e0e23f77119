"""No wait without an end: a program that gives no sign of life is ended, and that is told."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import IO, Any


class Watch:
    """Kills a process once nothing has moved for `limit` seconds; `silent` says that it came to that."""

    def __init__(self, process: subprocess.Popen[Any], limit: float) -> None:
        self.process, self.limit, self.silent = process, limit, False
        self._sign, self._over = threading.Event(), False

    def moved(self) -> None:
        """A sign of life."""
        self._sign.set()

    def end(self) -> None:
        self._over = True
        self._sign.set()

    def run(self) -> None:
        while self._sign.wait(self.limit):
            self._sign.clear()
            if self._over:
                return
        self.silent = True
        kill(self.process)


def kill(process: subprocess.Popen[Any]) -> None:
    """End a process, and what it started where it leads a group of its own: a child may hold its pipes open."""
    if process.poll() is None:
        with suppress(ProcessLookupError):
            if sys.platform != "win32" and os.getpgid(process.pid) == process.pid:
                os.killpg(process.pid, signal.SIGKILL)
            else:
                process.kill()


@contextmanager
def watched(process: subprocess.Popen[Any], limit: float) -> Iterator[Watch]:
    """Watch `process` to its end. It is not left behind when we are told to stop."""
    watch = Watch(process, limit)
    thread = threading.Thread(target=watch.run, daemon=True)
    thread.start()
    try:
        yield watch
        process.wait()
    except BaseException:
        kill(process)
        raise
    finally:
        watch.end()
        thread.join()


def whole(stream: IO[bytes]) -> str:
    """What was written to a file of this process, from its beginning."""
    stream.seek(0)
    return stream.read().decode(errors="replace")


def lines_of(paths: list[str]) -> str:
    """Each on a line, as other programs read them."""
    return "".join(f"{path}\n" for path in paths)
