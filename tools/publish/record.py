"""What this machine published, so that the desk can say of each page whether readers have it as it is now."""

from __future__ import annotations

import datetime
import json
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from plugins.files import write
from plugins.problems import ROOT

PLACE = ".desk/published.json"  # of this machine; never published, and no part of the project
KEPT = 20  # publications, each of some kB


@dataclass(frozen=True)
class Published:
    """A publication. `files` has the SHA-256 of each file of the content folder, by its path there (en/pages/x.md)."""

    target: str
    release: str
    url: str | None
    when: datetime.datetime
    files: Mapping[str, str]

    def told(self) -> dict[str, Any]:
        return vars(self) | {"when": self.when.isoformat(), "files": dict(self.files)}


def sources_now(content: Path) -> dict[str, str]:
    """The SHA-256 of each Markdown and data file of the content folder, by its path there."""
    found = [file for pattern in ("**/*.md", "data/*.toml") for file in sorted(content.glob(pattern))]
    return {file.relative_to(content).as_posix(): sha256(file.read_bytes()).hexdigest() for file in found}


def expect(published: Published, root: Path = ROOT) -> None:
    """Keep what is about to be live, for `settle`. Raises OSError."""
    last, known = _read(root)
    _write(root, last, [published, *(one for one in known if not _is(one, published.target, published.release))])


def settle(target: str, release: str | None, root: Path = ROOT) -> None:
    """This release is the live one: the last publication, where it was made on this machine. Raises OSError."""
    _, known = _read(root)
    mine = next((one for one in known if release and _is(one, target, release)), None)
    _write(root, mine, known)


def remember(published: Published, root: Path = ROOT) -> None:
    """Keep it as the last one. Raises OSError."""
    expect(published, root)
    settle(published.target, published.release, root)


def last_published(root: Path = ROOT) -> Published | None:
    """What is live, where it was published from this machine; None where not, or where its record cannot be read."""
    return _read(root)[0]


def _is(one: Published, target: str, release: str) -> bool:
    return (one.target, one.release) == (target, release)


def _read(root: Path) -> tuple[Published | None, list[Published]]:
    """The last one, and all that are kept, the newest first."""
    with suppress(OSError, ValueError, KeyError, TypeError, IndexError):
        told = json.loads((root / PLACE).read_bytes())
        known = [Published(**one | {"when": datetime.datetime.fromisoformat(one["when"])}) for one in told["known"]]
        return (None if told["last"] is None else known[told["last"]]), known
    return None, []


def _write(root: Path, last: Published | None, known: list[Published]) -> None:
    known = known[:KEPT]
    told = {"last": known.index(last) if last in known else None, "known": [one.told() for one in known]}
    write(root / PLACE, json.dumps(told, ensure_ascii=False, indent=1).encode())
