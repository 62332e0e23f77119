"""Collects what is saved, in threads of its own, so that nothing saved during a build is missed."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Sequence
from pathlib import Path

from watchfiles import Change, DefaultFilter, watch


class _Sources(DefaultFilter):
    ignore_dirs = (*DefaultFilter.ignore_dirs, "output", ".cache")


class _Only(DefaultFilter):
    """A few files in a folder. They are watched by their folder: an editor that saves by renaming makes a new file."""

    def __init__(self, files: Iterable[Path]) -> None:
        super().__init__()
        self._files = {str(file) for file in files}

    def __call__(self, change: Change, path: str) -> bool:
        return path in self._files


class Watcher:
    """What changed since it was last asked: `take` waits for it, `any` only looks."""

    def __init__(self, watched: Sequence[Path]) -> None:
        self._changed: set[str] = set()
        self._news = threading.Condition()
        self._stop = threading.Event()
        folders = [path for path in watched if path.is_dir()]
        files = [path for path in watched if not path.is_dir()]
        self._threads = [
            self._start([str(folder) for folder in folders], _Sources(), recursive=True),
            self._start([str(folder) for folder in {file.parent for file in files}], _Only(files), recursive=False),
        ]

    def _start(self, paths: list[str], wanted: DefaultFilter, recursive: bool) -> threading.Thread:
        """Watch `paths`; returns once the watch is open."""
        opened, failed = threading.Event(), []

        def collect() -> None:
            try:
                for changes in watch(
                    *paths,
                    watch_filter=wanted,
                    recursive=recursive,
                    step=10,  # how long a save must be over, in ms
                    debounce=200,
                    rust_timeout=100,
                    yield_on_timeout=True,  # the first time says that the watch is open
                    stop_event=self._stop,
                ):
                    if changes:
                        with self._news:
                            self._changed |= {path for _, path in changes}
                            self._news.notify_all()
                    opened.set()
            except Exception as error:
                failed.append(error)
                opened.set()

        thread = threading.Thread(target=collect, daemon=True)
        thread.start()
        opened.wait()
        if failed:
            raise failed[0]
        return thread

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
