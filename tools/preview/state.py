"""What the preview shows: one build, whole, and what there is to say about the last one."""

from __future__ import annotations

import hashlib
import mimetypes
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import unquote

from plugins.practice.facts import is_missing
from plugins.problems import Problem

TYPES = {".webmanifest": "application/manifest+json", ".xml": "application/xml", ".js": "text/javascript"}
TYPES |= {".avif": "image/avif", ".webp": "image/webp"}


@dataclass(frozen=True)
class Found:
    """A file of the site: its path in the output, its bytes."""

    name: str
    body: bytes

    @property
    def type(self) -> str:
        suffix = Path(self.name).suffix
        guessed = TYPES.get(suffix) or mimetypes.guess_type(self.name)[0] or "application/octet-stream"
        return f"{guessed}; charset=utf-8" if guessed.startswith("text/") or guessed.endswith("/xml") else guessed


@dataclass(frozen=True)
class ShownBuild:
    """A finished build, in a folder; `fresh` holds the files of the next one that came first, and goes before it."""

    folder: Path
    fresh: Mapping[str, bytes] = field(default_factory=dict)

    def read(self, name: str) -> Found | None:
        """The file at a path in the output, or None. Never one outside the folder."""
        if name in self.fresh:
            return Found(name, self.fresh[name])
        path = self.folder / name
        try:
            inside = path.resolve().is_relative_to(self.folder.resolve())
            return Found(name, path.read_bytes()) if inside and path.is_file() else None
        except (OSError, ValueError):
            return None

    def not_found(self, address: str) -> Found:
        """The site's page for what is not there, in the language of the address."""
        lang = address.strip("/").split("/")[0]
        own = self.read(f"{lang}/404.html") if lang.isalpha() else None
        return own or self.read("404.html") or Found("404.html", b"<!doctype html><title>404</title>404")


@dataclass(frozen=True)
class Draft:
    """A draft as the panel lists it."""

    title: str
    url: str
    lang: str


@dataclass(frozen=True)
class State:
    """Replaced whole by each build, so that a request sees one build from beginning to end."""

    site: ShownBuild | None = None
    problems: tuple[Problem, ...] = ()  # of the last build
    code: tuple[Problem, ...] = ()  # Python that cannot be loaded: no build mends it
    warnings: tuple[Problem, ...] = ()
    drafts: tuple[Draft, ...] = ()
    media: str = ""  # changes when a file changes whose name stays: then every page is new

    @property
    def remarks(self) -> tuple[Problem, ...]:
        """What stops nothing, but for facts that are only missing: pages have a banner for those, the desk a page."""
        return tuple(problem for problem in self.warnings if not is_missing(problem))

    @property
    def errors(self) -> tuple[Problem, ...]:
        """Everything to mend."""
        return self.code + self.problems


def name_of(address: str) -> str | None:
    """The output file of an address such as `/en/faq/`; None for one that can be none of the site."""
    try:
        path = unquote(address, errors="strict")
    except UnicodeDecodeError:
        return None
    parts = path.split("/")[1:]
    if not path.startswith("/") or {"", ".", ".."} & set(parts[:-1]) or parts[-1] in (".", ".."):
        return None
    if any(ord(sign) < 32 or sign in "\\:" for sign in path):
        return None
    return path[1:] + ("index.html" if path.endswith("/") else "")


def tag_of(*parts: bytes) -> str:
    """A short name for bytes, the same for the same."""
    return hashlib.sha256(b"\0".join(parts)).hexdigest()[:16]
