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

    def step(self, name: str) -> None:
        """A step of the pipeline begins. Nothing to say: what it does tells of itself."""

    def switching(self, release: str) -> None:
        """From here on, `release` may be live."""

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

    def changes(self, changes: dict[str, list[str]]) -> None:
        """What a publish would change: pages by their addresses, the rest by number."""
        heads = {"added": say("New pages:"), "changed": say("Changed pages:"), "removed": say("Pages that go:")}
        for kind, head in heads.items():
            pages = sorted(f"  /{path.removesuffix('index.html')}" for path in changes[kind] if path.endswith(".html"))
            for line in [head, *pages] if pages else []:
                self.say(line)
        others = {kind: sum(not path.endswith(".html") for path in paths) for kind, paths in changes.items()}
        if any(others.values()):
            self.say(say("Other files: {added} new, {changed} changed, {removed} to go.", **others))
        if any(changes.values()):
            self.say(say("This was a rehearsal: nothing was sent. To publish: invoke publish"))
        else:
            self.say(say("Nothing would change: what is live is what you have."))
