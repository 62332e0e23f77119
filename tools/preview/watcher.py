"""Collects what is saved, in threads of its own, so that nothing saved during a build is missed."""

from __future__ import annotations

import os
import threading
from collections import Counter
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path
from stat import S_ISDIR

from watchfiles import Change, DefaultFilter, watch


class Watcher:
    """What changed since it was last asked: `take` waits for it, `any` only looks.

    `names` are the files and folders to watch in the folder `root`. A folder that goes is told; one that comes, or
    comes back, is watched from then on. Where the system has no more watches to give, files are looked at one by one.
    """

    def __init__(self, root: Path, names: Iterable[str]) -> None:
        self._root, self._named = root, {str(root / name) for name in names}
        self._ignores = DefaultFilter()
        self._changed: set[str] = set()
        self._replaced: Counter[str] = Counter()  # how often each of the names came or went
        self._news = threading.Condition()
        self._stop = threading.Event()
        self._threads = [
            # A file is watched by its folder: an editor that saves by renaming makes a new file.
            self._start([root], self._is_named, recursive=False),
            self._start([Path(path) for path in self._named], self._is_source, recursive=True),
        ]

    def _is_named(self, change: Change, path: str) -> bool:
        if path in self._named:
            self._replaced[path] += change != Change.modified
        return path in self._named

    def _is_source(self, change: Change, path: str) -> bool:
        return self._ignores(change, os.path.relpath(path, self._root))  # wherever the project is: below “output” too

    def _start(self, places: list[Path], wanted: Callable[[Change, str], bool], recursive: bool) -> threading.Thread:
        """Watch those of `places` that are folders; returns once the watch is open."""
        opened = threading.Event()

        def collect() -> None:
            missed: set[str] = set()  # what may have changed while nothing watched
            polling = False
            while not self._stop.is_set():
                there = self._there(places)
                try:
                    for changes in watch(
                        *there,
                        watch_filter=wanted,
                        recursive=recursive,
                        step=10,  # how long a save must be over, in ms
                        debounce=200,
                        rust_timeout=100,
                        yield_on_timeout=True,  # the first time says that the watch is open
                        stop_event=self._stop,
                        force_polling=polling or None,  # None: as the machine needs it
                        ignore_permission_denied=True,
                    ):
                        self._add(missed | {path for _, path in changes})
                        opened.set()
                        now = self._there(places)
                        missed = {str(path) for path in places if now.get(path) != there.get(path)}
                        if missed:
                            break
                except Exception as error:  # a folder that went just now; or there are no more watches
                    polling = not isinstance(error, FileNotFoundError)
                    self._add(missed)
                    opened.set()
                    self._stop.wait(1)
                    missed = {str(path) for path in places}

        thread = threading.Thread(target=collect, daemon=True)
        thread.start()
        opened.wait()
        return thread

    def _there(self, places: list[Path]) -> dict[Path, object]:
        """Which of `places` are folders, and what tells each from another in its place, which needs another watch."""
        there: dict[Path, object] = {}
        for path in places:
            with suppress(OSError):
                found = path.stat()
                if S_ISDIR(found.st_mode):
                    there[path] = (found.st_dev, found.st_ino, self._replaced[str(path)])
        return there

    def _add(self, paths: set[str]) -> None:
        if paths:
            with self._news:
                self._changed |= paths
                self._news.notify_all()

    def any(self) -> bool:
        """Whether something was saved."""
        return bool(self._changed)

    def take(self, timeout: float) -> set[str]:
        """What was saved since last time; waits for it up to `timeout` seconds."""
        with self._news:
            self._news.wait_for(self.any, timeout)
            changed, self._changed = self._changed, set()
            return changed

    def stop(self) -> None:
        """End the threads."""
        self._stop.set()
        for thread in self._threads:
            thread.join(timeout=2)
