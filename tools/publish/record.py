"""What this machine published last, so that the desk can say of each page whether readers have it as it is now."""

from __future__ import annotations

import datetime
import json
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from plugins.files import write
from plugins.problems import ROOT

PLACE = ".desk/published.json"  # of this machine; never published, and no part of the project


@dataclass(frozen=True)
class Published:
    """A publication. `files` has the SHA-256 of each file of the content folder, by its path there (en/pages/x.md)."""

    target: str
    release: str
    url: str | None
    when: datetime.datetime
    files: Mapping[str, str]


def sources_now(content: Path) -> dict[str, str]:
    """The SHA-256 of each Markdown and data file of the content folder, by its path there."""
    found = [file for pattern in ("**/*.md", "data/*.toml") for file in sorted(content.glob(pattern))]
    return {file.relative_to(content).as_posix(): sha256(file.read_bytes()).hexdigest() for file in found}


def remember(published: Published, root: Path = ROOT) -> None:
    """Keep it as the last one. Raises OSError."""
    told = {
        "target": published.target,
        "release": published.release,
        "url": published.url,
        "when": published.when.isoformat(),
        "files": dict(published.files),
    }
    write(root / PLACE, json.dumps(told, ensure_ascii=False, indent=1).encode())


def last_published(root: Path = ROOT) -> Published | None:
    """The last publication from this machine; None where there was none, or its record cannot be read."""
    try:
        told = json.loads((root / PLACE).read_bytes())
        when = datetime.datetime.fromisoformat(told["when"])
        return Published(told["target"], told["release"], told["url"], when, told["files"])
    except (OSError, ValueError, KeyError, TypeError):
        return None
