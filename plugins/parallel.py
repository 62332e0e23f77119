"""Work that many files need, done in as many processes as there are processors, where a process can be had cheaply."""

from __future__ import annotations

import os
import pickle
import sys
import threading
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")

ENOUGH = 100  # items; for fewer, another process costs more than it saves


def can_share() -> bool:
    """Whether this process can be copied: on Linux, without threads, which the copy would not have."""
    return sys.platform == "linux" and threading.active_count() == 1


def in_shares(items: Sequence[Item], work: Callable[[Sequence[Item]], Result]) -> list[Result]:
    """What `work` returns for each share of `items`; a result that comes from another process was pickled.

    A copy of this process (fork) knows all that it knows, at no cost; where that cannot be had or is not safe (other
    systems than Linux, a process with threads) there is one share. A share whose process fails is worked on again
    here, so that an error is raised where it can be told.
    """
    count = min(len(os.sched_getaffinity(0)), 8) if can_share() and len(items) >= ENOUGH else 1
    shares = [items[start::count] for start in range(count)]
    others = [(_started(share, work), share) for share in shares[1:]]
    try:
        results = [work(shares[0])]
        return results + [_result(process, share, work) for process, share in others]
    finally:
        for process, _ in others:
            process.end()


class _Process:
    """A copy of this process that works on a share and says what came out."""

    def __init__(self, number: int, answers: int) -> None:
        self._number, self._answers = number, answers

    def answer(self) -> Any:
        """Raises EOFError or pickle.UnpicklingError where the process failed."""
        with os.fdopen(self._answers, "rb") as pipe:
            self._answers = -1
            return pickle.load(pipe)

    def end(self) -> None:
        if self._answers >= 0:
            os.close(self._answers)  # nobody asked: its next word ends it
        os.waitpid(self._number, 0)


def _started(share: Sequence[Item], work: Callable[[Sequence[Item]], Any]) -> _Process:
    answers, words = os.pipe()
    number = os.fork()
    if number:
        os.close(words)
        return _Process(number, answers)
    code = 1
    try:
        os.close(answers)
        with os.fdopen(words, "wb") as pipe:
            pickle.dump(work(share), pipe, pickle.HIGHEST_PROTOCOL)
        code = 0
    finally:
        os._exit(code)  # none of the parent's own endings


def _result(process: _Process, share: Sequence[Item], work: Callable[[Sequence[Item]], Result]) -> Result:
    try:
        result: Result = process.answer()
    except (EOFError, pickle.UnpicklingError):
        return work(share)
    return result
