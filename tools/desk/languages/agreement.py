"""Whether both languages of a page say the same, as the desk sees it; what a page said when they last did."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

from plugins.build import LANGUAGES
from plugins.i18n.alignment import Pair, Version, pair_of, version_of
from plugins.problems import ROOT, say
from tools import translations

from ..desk import Desk
from ..history.history import before_and_after, entry_of
from ..history.saving import Saved, digest, save
from ..history.versions import DAMAGED, Versions, versions_of
from ..site_pages import title_of


def both(desk: Desk, kind: str, key: str) -> Pair:
    """A page in all its languages, as its files are now."""
    return pair_of(desk.content, kind, key, tuple(LANGUAGES))


def agree(desk: Desk, pair: Pair) -> Saved:
    """Record that both versions say the same, as one change. Raises ContentError, Changed and OSError."""
    stamped = translations.agreed(pair)
    seen = {version.path: digest(version.text.encode()) for version in stamped}
    title = title_of(next(iter(pair.versions.values())).path)
    files = {version.path: data for version, data in stamped.items()}
    return save(desk, files, seen, say("Both languages say the same: “{title}”", title=title))


def parted(desk: Desk, path: Path, before: bytes) -> bool:
    """Whether a change of the file at `path`, which was `before`, is all that keeps two languages from agreeing."""
    pair = both(desk, path.parent.name, path.stem)
    if pair.state != "stale":
        return False
    lang = path.parent.parent.name
    was = replace(pair.versions[lang], text=before.decode("utf-8", "replace"))
    return replace(pair, versions=pair.versions | {lang: was}).state == "paired"


def parted_by(desk: Desk, entry: str) -> Pair | None:
    """The page whose languages agreed until the change with this id, and not since; None where that is not so."""
    with suppress(LookupError, ValueError):
        found = entry_of(desk, entry)
        (name,) = (name for name in found.files if name.startswith("content/") and name.endswith(".md"))
        path = desk.root / name
        before, after = before_and_after(desk, found, name)
        if before and after == path.read_bytes() and parted(desk, path, before):
            return both(desk, path.parent.name, path.stem)
    return None


def earlier(path: Path, stamp: str, root: Path = ROOT) -> str | None:
    """The text that a file had when its stamp was this one: of the desk's history, or else of the project's own.

    None where neither knows.
    """
    kept = versions_of(root)
    with suppress(ValueError):
        for blob in _blobs(kept, path.relative_to(root).as_posix()):
            if _stamp(kept, blob) == stamp:
                return kept.read(blob).decode("utf-8", "replace")
    return translations.before(path, stamp)


def _blobs(kept: Versions, name: str) -> Iterator[bytes]:
    """The names of the bytes that a file had, the last first."""
    with suppress(*DAMAGED):
        commit = kept.head()
        while commit:
            parents = kept.commit(commit).parents
            before = bytes(parents[0]) if parents else b""
            if blob := kept.changes(before, commit).get(name, (b"", b""))[1]:
                yield blob
            commit = before


@lru_cache(maxsize=10_000)
def _stamp(kept: Versions, blob: bytes) -> str:
    return version_of(kept.read(blob).decode("utf-8", "replace"))


def then(desk: Desk, version: Version, other: Version) -> str | None:
    """What a version said when `other` was last read against it; None where that is not known."""
    stamp = other.get("aligned")
    return earlier(version.path, stamp, desk.root) if stamp else None
