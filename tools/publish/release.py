"""A release: the files of one published build, and its manifest, release.json."""

from __future__ import annotations

import datetime
import hashlib
import json
import re
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from plugins.hosting.headers import FOREVER, caching
from plugins.problems import ROOT, say

from .errors import PublishError

MANIFEST = "release.json"
ID = re.compile(r"2\d{7}T\d{6}Z-[0-9a-f]{8}")
COMMIT = re.compile(r"([0-9a-f]{40,64}\+?)?")
STAMP = "%Y%m%dT%H%M%SZ"
YEARS = range(2000, 3000)  # that a release's name can say
UNSAFE = re.compile(r"[\x00-\x1f\x7f\\]")


def moment_of(name: str) -> datetime.datetime:
    """The time in a release's name. Raises ValueError where there is none."""
    return datetime.datetime.strptime(name.split("-")[0], STAMP).replace(tzinfo=datetime.UTC)


def is_id(name: object) -> bool:
    """Whether this is the name of a release; what comes from a target may be anything."""
    try:
        return isinstance(name, str) and bool(ID.fullmatch(name) and moment_of(name))
    except ValueError:
        return False


@dataclass(frozen=True)
class Manifest:
    """What a release is. `kept` are files of the release before, so that a page opened before a switch finds them."""

    id: str
    time: str
    commit: str
    files: Mapping[str, str]  # path -> sha256
    kept: Mapping[str, str] = field(default_factory=dict)

    @property
    def everything(self) -> dict[str, str]:
        """Every file but the manifest itself."""
        return {**self.kept, **self.files}

    def to_json(self) -> str:
        return (
            json.dumps(
                {
                    "id": self.id,
                    "time": self.time,
                    "commit": self.commit,
                    "files": dict(self.files),
                    "kept": dict(self.kept),
                },
                indent=1,
                ensure_ascii=False,
            )
            + "\n"
        )

    @classmethod
    def from_json(cls, text: str) -> Manifest:
        """Raises PublishError for anything but a manifest whose id holds the hash of its files: it is not trusted."""
        try:
            data: Any = json.loads(text)
            manifest = cls(data["id"], data["time"], data["commit"], data["files"], data.get("kept", {}))
            for path, digest in manifest.everything.items():
                check_name(path)
                if not re.fullmatch(r"[0-9a-f]{64}", digest):
                    raise ValueError(path)
            if not is_id(manifest.id) or not COMMIT.fullmatch(manifest.commit):
                raise ValueError(manifest.id)
            if manifest.id.split("-")[1] != content_hash(manifest.everything):
                raise ValueError(manifest.id)
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
            raise PublishError(
                say("the release.json on the target is not as it was written"),
                say("Publish again: it is written afresh."),
            ) from None
        return manifest


def check_name(path: str) -> None:
    """Refuse a path that could leave the release or confuse a tool. Raises PublishError."""
    parts = path.split("/")
    if UNSAFE.search(path) or not path or any(part in ("", ".", "..") for part in parts) or path.startswith("-"):
        raise PublishError(
            say("the file name {name} cannot be published", name=repr(path)),
            say("Rename the file: letters, figures, hyphens and full stops are safe."),
        )


def sha256(file: Path) -> str:
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def is_fingerprinted(path: str) -> bool:
    """Whether the name changes with the content, so that browsers may keep the file for ever."""
    return caching(f"/{path}") == FOREVER


def is_page(path: str) -> bool:
    return path.endswith(".html")


def files_of(folder: Path) -> dict[str, str]:
    """Path -> sha256 of everything under `folder`. Raises PublishError for links and unsafe names."""
    files: dict[str, str] = {}
    for file in sorted(folder.rglob("*")):
        path = file.relative_to(folder).as_posix()
        if file.is_symlink() or not (file.is_file() or file.is_dir()):
            raise PublishError(
                say("{file} is a link or something else that is no file", file=path),
                say("Put the file itself in its place."),
            )
        if file.is_file():
            check_name(path)
            files[path] = sha256(file)
    return files


def content_hash(files: Mapping[str, str]) -> str:
    """Eight figures that change whenever any file, or its name, does."""
    text = "".join(f"{digest} {path}\n" for path, digest in sorted(files.items()))
    return hashlib.sha256(text.encode()).hexdigest()[:8]


@dataclass(frozen=True)
class Release:
    """A manifest and the folder its own files lie in (the kept ones are on the target already)."""

    folder: Path
    manifest: Manifest

    @property
    def id(self) -> str:
        return self.manifest.id

    def checksums(self) -> str:
        """Lines for `sha256sum -c`: every file, with the manifest."""
        everything = self.manifest.everything | {MANIFEST: sha256(self.folder / MANIFEST)}
        return "".join(f"{digest}  ./{path}\n" for path, digest in everything.items())

    def changed_since(self, base: Manifest | None) -> list[str]:
        """Paths to send where `base` is there already: fingerprinted files first, then pages, the manifest last."""
        old = base.everything if base else {}
        changed = [path for path, digest in self.manifest.files.items() if old.get(path) != digest]
        return [*sorted(changed, key=lambda path: (not is_fingerprinted(path), is_page(path), path)), MANIFEST]

    def gone_since(self, base: Manifest | None) -> list[str]:
        """Paths of `base` that this release has no more."""
        return [path for path in (base.everything if base else {}) if path not in self.manifest.everything]

    def size_of(self, paths: list[str]) -> int:
        return sum((self.folder / path).stat().st_size for path in paths)


def seal(
    folder: Path, files: Mapping[str, str], now: datetime.datetime, base: Manifest | None, newest: str | None
) -> Release:
    """Name the release and write its manifest. `now` is the target's clock; `newest` is the last release there."""
    now = now if now.year in YEARS else datetime.datetime.now(datetime.UTC)
    if newest:
        now = max(now, moment_of(newest) + datetime.timedelta(seconds=1))
    kept = {
        path: digest
        for path, digest in (base.files if base else {}).items()
        if is_fingerprinted(path) and path not in files and not path.endswith(".htaccess")
    }
    name = f"{now.strftime(STAMP)}-{content_hash({**kept, **files})}"
    manifest = Manifest(name, now.isoformat(timespec="seconds"), commit(), files, kept)
    (folder / MANIFEST).write_text(manifest.to_json(), encoding="utf-8")
    return Release(folder, manifest)


def _git(*arguments: str) -> str:
    if not shutil.which("git"):
        return ""
    done = subprocess.run(["git", *arguments], cwd=ROOT, capture_output=True, text=True, check=False)
    return done.stdout if done.returncode == 0 else ""


def commit() -> str:
    """The commit the site was built from, with a + where files differ from it; empty without git."""
    head = _git("rev-parse", "HEAD").strip()
    return f"{head}+" if head and uncommitted() else head


def uncommitted() -> list[str]:
    """Paths that differ from the last commit; of a file that was renamed, both."""
    return [entry[3:] for entry in _git("status", "--porcelain", "-z", "--no-renames").split("\0") if entry]
