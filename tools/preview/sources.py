"""What Markdown files came to, kept from one build of the preview to the next.

Pelican's own cache reads and writes everything on disk at each build, and stamps a file *after* it was read: a save in
between is then taken for what was read before, and lost. Here a result is kept with the very bytes it was made of.
"""

from __future__ import annotations

import hashlib
import pickle
from pathlib import Path
from typing import Any

from pelican.cache import FileDataCacher


class Sources:
    """Parsed files by path. Valid for one key (plugins/reader/cache.py: facts, settings, code, libraries)."""

    def __init__(self) -> None:
        self._key = ""
        self._kept: dict[str, tuple[bytes, bytes]] = {}  # path -> its bytes, what they came to

    @property
    def any(self) -> bool:
        """Whether a build of this session has read something."""
        return bool(self._kept)

    def attach(self, readers: Any) -> None:
        """On `readers_init`: stand before Pelican's cache, which only serves the first build of a session."""
        if readers.settings["CACHE_PATH"] != self._key:
            self._key, self._kept = readers.settings["CACHE_PATH"], {}
        ask = readers.get_cached_data
        read: dict[str, bytes] = {}

        def get(path: str, default: Any = None) -> Any:
            if not path.endswith(".md"):
                return default
            read[path] = Path(path).read_bytes()
            before, result = self._kept.get(path, (None, b""))
            if before == read[path]:
                return pickle.loads(result)  # our own, from this process; a copy, so that no build changes another's
            found = ask(path, default)
            if found != default and Path(path).read_bytes() == read[path]:
                self._kept[path] = read[path], pickle.dumps(found)
            return found

        def put(path: str, result: Any) -> None:
            if path in read and Path(path).read_bytes() == read[path]:
                self._kept[path] = read[path], pickle.dumps(result)
                stamp = hashlib.new(readers.settings["CHECK_MODIFIED_METHOD"], read[path]).digest()
                FileDataCacher.cache_data(readers, path, (stamp, result))

        readers.get_cached_data, readers.cache_data = get, put
