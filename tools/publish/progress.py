"""Says what goes on: a line per step, and how far a long upload has come."""

from __future__ import annotations

import sys
import time

PATIENCE = 2.0  # seconds of silence


def megabytes(size: int) -> str:
    return f"{size / 1e6:.1f} MB"


class Voice:
    """Prints to standard output; a terminal gets one line that changes, a log one line now and then."""

    def __init__(self, quiet: bool = False) -> None:
        self.quiet = quiet
        self._last = time.monotonic()
        self._open = False

    def say(self, text: str) -> None:
        if not self.quiet:
            print(("\n" if self._open else "") + text, flush=True)
        self._open, self._last = False, time.monotonic()

    def upload(self, done: int, total: int) -> None:
        """Report progress where the upload takes longer than a moment."""
        now = time.monotonic()
        if self.quiet or now - self._last < PATIENCE:
            return
        self._last = now
        terminal = sys.stdout.isatty()
        share = 100 * done // max(total, 1)
        print(
            f"  {megabytes(done)} of {megabytes(total)} sent ({share} %)",
            end="\r" if terminal else "\n",
            flush=True,
        )
        self._open = terminal
