"""Says what goes on: a line per step, and how far a long upload has come."""

from __future__ import annotations

import sys
import time
from contextlib import suppress

from plugins.problems import in_language, say

PATIENCE = 2.0  # seconds of silence


def size(count: int) -> str:
    """`count` bytes, for people: whole numbers of kB or MB."""
    if count < 10_000_000:
        return say("{number} kB", number=-(-count // 1000))
    return say("{number} MB", number=-(-count // 1_000_000))


class Voice:
    """Prints to standard output, in `lang`; a terminal gets one line that changes, a log one line now and then."""

    def __init__(self, lang: str = "en", quiet: bool = False) -> None:
        self.lang, self.quiet = lang, quiet
        self._last = time.monotonic()
        self._open = False

    def say(self, text: str) -> None:
        if not self.quiet:
            with suppress(OSError, ValueError):  # a terminal that is gone keeps nothing from being put right
                print(("\n" if self._open else "") + in_language(text, self.lang), flush=True)
        self._open, self._last = False, time.monotonic()

    def upload(self, done: int, total: int) -> None:
        """Report progress where the upload takes longer than a moment."""
        now = time.monotonic()
        if self.quiet or now - self._last < PATIENCE:
            return
        self._last = now
        terminal = sys.stdout.isatty()
        share = 100 * done // max(total, 1)
        text = say("{done} of {total} sent ({share} %)", done=size(done), total=size(total), share=share)
        print(f"  {in_language(text, self.lang)}", end="\r" if terminal else "\n", flush=True)
        self._open = terminal
