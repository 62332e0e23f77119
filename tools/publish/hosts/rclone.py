"""Anything rclone can write to: object stores, SFTP-only hosting, WebDAV. There is no link to switch here.

The public folder holds the live files. Aside lie `objects/` (every file of the kept releases once, named after its
sha256), `releases/` (their manifests), `live` (what is live, and during a switch what is to be) and `locks/`. A release
is uploaded and verified as objects first; the switch then writes the files that differ, in an order in which no link of
any page leads nowhere (in_order), and removes what is gone last. A switch that was broken off is known by `live`, and
the next publish or rollback sets it right.
"""

from __future__ import annotations

import contextlib
import datetime
import json
import os
import re
import shutil
import tempfile
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from pathlib import Path, PurePosixPath
from typing import Any

from plugins.hosting.headers import FOREVER, REVALIDATED
from plugins.problems import say

from ..config import RcloneTarget
from ..errors import Damaged, Locked, PublishError
from ..release import MANIFEST, Manifest, Release, is_fingerprinted, is_id, is_page, sha256
from ..target import Lock, Progress, State, locked, owner_of, printable
from .rclone_command import Missing, Rclone, join, pattern
from .waiting import lines_of

MARK = "human-trajectory-makers publish target 1"
NOTES = [f"--include=/{name}" for name in ("target", "live", "releases/*.json", "locks/**")]
NOTES += ["--max-size=20M"]
TRANSFERS = "--transfers=8"  # at once: during a switch, each page that waits for its turn is one of the old release
DIGEST = re.compile(r"[0-9a-f]{64}")
UNFINISHED = re.compile(r".+\.[0-9a-f]{8}\.partial")  # what rclone has not put in place yet, or never will


class Store:
    """A target that rclone reaches by a remote of its own configuration."""

    atomic = False

    def __init__(self, config: RcloneTarget) -> None:
        self.config = config
        self.place = config.remote
        self.aside = config.aside or join(config.remote, ".publish")
        self.folder = Path(tempfile.mkdtemp(prefix="publish-"))
        self.known: dict[str, str] = {}  # id -> text of release.json
        self.pointer: dict[str, str] = {}
        self.own: Lock | None = None
        self.kind = "unknown"
        self.observe: Callable[[str], None] = lambda step: None
        self.abilities: dict[str, Any] = {}
        self.doubted = False  # whether the public folder may hold anything
        self.other = False  # whether it holds pages that no record here is of
        self.rclone = Rclone(config)

    def run(self, *arguments: str, progress: Progress = lambda done, total: None) -> str:
        """Run rclone; its answer. Raises PublishError."""
        return self.rclone.run(*arguments, progress=progress)

    def put(self, path: str, text: str) -> None:
        note = self.folder / "note"
        note.write_text(text, encoding="utf-8", newline="")
        self.run("copyto", str(note), join(self.aside, path), "--ignore-times")

    def look(self) -> State:
        """Fetch everything aside but the objects, in one go."""
        notes = self.folder / "notes"
        shutil.rmtree(notes, ignore_errors=True)
        notes.mkdir(parents=True)
        with contextlib.suppress(Missing):
            self.run("copy", self.aside, str(notes), *NOTES)
        now = datetime.datetime.now(datetime.UTC)
        mark, _, place = read(notes / "target").strip().partition("\n")
        if mark != MARK:
            holds = self.holds_files()
            self.kind = "foreign" if holds else "empty"
            return State(self.kind, now, holds=holds)
        if place.rstrip("/") not in ("", self.config.remote.rstrip("/")):
            raise PublishError(
                say("{aside} keeps the releases of another public folder than {place}", **vars(self)),
                say("Name another `aside` in publish.toml, one that is empty. Nothing was touched."),
            )
        self.kind = "ours"
        self.known = {file.stem: read(file) for file in (notes / "releases").glob("*.json") if is_id(file.stem)}
        self.pointer = self.found(read(notes / "live"))
        return State(
            "ours",
            now,
            live=self.pointer.get("live"),
            releases=sorted(self.known),
            lock=next(iter(self.locks(notes / "locks")), None),
            other=self.other,
            halfway=self.pointer.get("next"),
        )

    def found(self, text: str) -> dict[str, str]:
        """What is live, and what may be, as noted; where the note is lost, as the public folder says itself."""
        pointer = parse_pointer(text)
        if not pointer and self.known:
            manifest = readable(self.served())
            pointer = {"live": manifest.id} if manifest else {}
        pointer = {key: name for key, name in pointer.items() if key == "next" or name in self.known}
        self.other = not pointer and bool(self.known)
        return pointer

    def served(self) -> str:
        """The release.json that readers get."""
        try:
            return self.run("cat", join(self.config.remote, MANIFEST))
        except Missing:
            return ""

    def holds_files(self) -> tuple[str, ...]:
        """The names in the public folder."""
        try:
            lines = self.run("lsf", self.config.remote, "--max-depth=1").splitlines()
            return tuple(printable(line.rstrip("/")) for line in lines if line.strip())
        except Missing:
            return ()

    def locks(self, folder: Path) -> list[Lock]:
        """The locks of others."""
        found = []
        for file in sorted(file for file in folder.rglob("*") if file.is_file()):
            if UNFINISHED.fullmatch(file.name):
                continue
            token, checkout, since, owner = [*read(file).strip().split(" ", 3), "?", "0", "?"][:4]
            if self.own is None or token != self.own.token:
                age = time.time() - float(since) if re.fullmatch(r"\d{1,12}", since) else 0
                owner = owner_of(owner)
                if age < -300:
                    owner = say("{owner} (whose clock is ahead)", owner=owner)
                found.append(Lock(file.relative_to(folder).as_posix(), checkout, owner, age))
        return found

    def manifest(self, name: str) -> str:
        if name not in self.known:
            raise PublishError(
                say("there is no release {name} on {place}", name=name, place=self.place),
                say("“invoke releases” lists them."),
            )
        return self.known[name]

    def lock(self, lock: Lock) -> State:
        """Show our lock, then look for others': of two that come at once, at least one sees the other and goes."""
        self.own = lock
        if self.kind == "empty":
            self.put("target", f"{MARK}\n{self.config.remote}\n")
        try:
            self.put(f"locks/{lock.token}", f"{lock.token} {lock.checkout} {time.time():.0f} {lock.owner}\n")
        except PublishError:
            with contextlib.suppress(PublishError):  # what there is of it is away, if the host lets it be
                self.run("delete", join(self.aside, "locks"), f"--include={lock.token}.*.partial")
            raise
        state = self.look()
        if state.lock:
            raise Locked(*locked(state.lock))
        return replace(state, free=self.free())

    def free(self) -> int | None:
        """Bytes left, where the remote says so: most of SFTP and WebDAV do, object stores have no such thing."""
        if not self.features()["Features"].get("About"):
            return None
        try:
            free = json.loads(self.run("about", self.config.remote, "--json")).get("free")
        except (PublishError, ValueError):
            return None
        return free if isinstance(free, int) else None

    def features(self) -> dict[str, Any]:
        """What rclone can do on this remote."""
        if not self.abilities:
            self.abilities = json.loads(self.run("backend", "features", self.config.remote))
        return self.abilities

    def holding(self) -> None:
        """Go on only while the lock is ours. Raises PublishError."""
        try:
            held = self.own is not None and self.own.token in self.run("lsf", join(self.aside, "locks")).split()
        except Missing:
            held = False
        if not held:
            raise PublishError(
                say("someone broke our lock in the meantime"), say("See who publishes, then publish again.")
            )

    def break_lock(self, lock: Lock) -> None:
        with contextlib.suppress(Missing):
            self.run("deletefile", join(self.aside, f"locks/{lock.token}"))

    def unlock(self) -> None:
        if self.own:
            self.break_lock(self.own)

    @property
    def objects(self) -> Path:
        folder = self.folder / "objects"
        folder.mkdir(parents=True, exist_ok=True)
        return folder

    def listed(self, names: Iterable[str]) -> str:
        """A file that lists `names` for rclone, which takes them as they are."""
        file = self.folder / "list"
        file.write_text(lines_of(list(names)), encoding="utf-8")
        return f"--files-from-raw={file}"

    def gather(self, release: Release) -> None:
        """Put those files of the release that are here among the objects."""
        for path, digest in release.manifest.files.items():
            if not (self.objects / digest).exists() and (release.folder / path).is_file():
                shutil.copyfile(release.folder / path, self.objects / digest)

    def upload(self, release: Release, base: Manifest | None, progress: Progress) -> None:
        self.gather(release)
        there = {digest for text in self.known.values() for digest in digests(text)} if base else set()
        names = sorted(set(release.manifest.files.values()) - there)
        if names:
            to = join(self.aside, "objects")
            self.run("copy", str(self.objects), to, self.listed(names), "--ignore-times", TRANSFERS, progress=progress)

    def verify(self, release: Release) -> None:
        """Every object is on the target, whole; of the live release, every file in the public folder too."""
        text = (release.folder / MANIFEST).read_text(encoding="utf-8")
        everything = release.manifest.everything
        self.gather(release)
        self.fetch(set(everything.values()))
        self.compare(self.objects, join(self.aside, "objects"), set(everything.values()))
        if self.pointer == {"live": release.id}:
            self.doubted = True
            self.compare(self.laid_out(everything, everything, text), self.config.remote, {*everything, MANIFEST})
            self.doubted = False
        if release.id not in self.known:
            self.put(f"releases/{release.id}.json", text)
            self.known[release.id] = text

    def compare(self, here: Path, there: str, names: set[str]) -> None:
        """By the store's own hashes, or by fetching each file where it keeps none. Raises Damaged."""
        how = [] if set(self.features().get("Hashes") or []) - {"none"} else ["--download"]
        try:
            self.run("check", str(here), there, self.listed(sorted(names)), "--one-way", TRANSFERS, *how)
        except Missing as error:
            raise Damaged(error.message, error.remedy) from None

    def laid_out(self, paths: Iterable[str], digest_of: Mapping[str, str], manifest: str) -> Path:
        """A folder with `paths` as a reader is to find them, and release.json."""
        tree = self.folder / "tree"
        shutil.rmtree(tree, ignore_errors=True)
        for path in paths:
            file = tree / path
            file.parent.mkdir(parents=True, exist_ok=True)
            os.link(self.objects / digest_of[path], file)
        tree.mkdir(exist_ok=True)
        (tree / MANIFEST).write_text(manifest, encoding="utf-8", newline="")
        return tree

    def fetch(self, names: Iterable[str]) -> None:
        """Have objects here, and sure of them. Raises Damaged."""
        missing = sorted(name for name in names if not (self.objects / name).exists())
        if missing:
            self.run("copy", join(self.aside, "objects"), str(self.objects), self.listed(missing))
        for name in missing:
            file = self.objects / name
            if not file.exists() or sha256(file) != name:
                file.unlink(missing_ok=True)
                raise Damaged(
                    say("an earlier file is missing or damaged on {place}", place=self.place), say("Publish again.")
                )

    def back(self, name: str, previous: str | None) -> None:
        if previous is None and self.other:
            raise PublishError(
                say("no record of what was live on {place} is left", place=self.place), say("Publish again.")
            )
        self.switch(previous)

    def switch(self, name: str | None) -> None:
        """Write what differs from what is live, or may be after a broken switch; then remove what is gone."""
        self.holding()
        before = [readable(self.known.get(old, "")) for old in self.pointer.values()]
        olds = [old.everything for old in before if old]
        new = Manifest.from_json(self.known[name]) if name else None
        wanted = new.everything if new else {}
        sure = olds and len(olds) == len(before) and not self.doubted
        paths = [path for path, digest in wanted.items() if not sure or any(old.get(path) != digest for old in olds)]
        self.fetch({wanted[path] for path in paths})
        self.point(self.pointer.get("live"), name)
        if name:
            tree = self.laid_out(paths, wanted, self.known[name])
            for group in (*in_order(paths, [path for path in paths if any(path in old for old in olds)]), [MANIFEST]):
                self.send(tree, group)
                self.observe("during switch")
        gone = {path for old in olds for path in old if path not in wanted} | (set() if name else {MANIFEST})
        if gone:
            self.run("delete", self.config.remote, self.listed(sorted(gone)))
            left = folders(gone) - folders(wanted)  # a stranger's empty folder is none of these
            if left and self.features()["Features"].get("CanHaveEmptyDirectories"):
                self.run(
                    "rmdirs", self.config.remote, "--leave-root", *(f"--include=/{pattern(name)}/**" for name in left)
                )
        self.point(name, None)
        self.doubted = False

    def send(self, tree: Path, group: list[str]) -> None:
        """Write files of one kind to the public folder."""
        if not group:
            return
        headers = [f"--header-upload=Cache-Control: {FOREVER if is_fingerprinted(group[0]) else REVALIDATED}"]
        if group[0].endswith(".webmanifest"):
            headers.append("--header-upload=Content-Type: application/manifest+json")
        self.run("copy", str(tree), self.config.remote, self.listed(group), "--ignore-times", TRANSFERS, *headers)

    def point(self, live: str | None, coming: str | None) -> None:
        """Note what is live, and what is to be."""
        self.pointer = {key: value for key, value in (("live", live), ("next", coming)) if value}
        self.put("live", json.dumps(self.pointer) + "\n")

    def drop(self, name: str) -> None:
        """Its objects go with the next prune."""
        if name not in self.pointer.values():
            self.run("deletefile", join(self.aside, f"releases/{name}.json"))
            self.known.pop(name, None)

    def prune(self, keep: int) -> None:
        self.holding()
        old = [name for name in sorted(self.known, reverse=True)[keep:] if name != self.pointer.get("live")]
        if old:
            self.run("delete", join(self.aside, "releases"), self.listed(f"{name}.json" for name in old))
            for name in old:
                del self.known[name]
        used = {digest for text in self.known.values() for digest in digests(text)}
        there = self.run("lsf", join(self.aside, "objects")).splitlines()
        unused = {name for name in there if DIGEST.fullmatch(name)} - used
        if unused:
            self.run("delete", join(self.aside, "objects"), self.listed(sorted(unused)))

    def close(self) -> None:
        shutil.rmtree(self.folder, ignore_errors=True)


def read(file: Path) -> str:
    return file.read_text(encoding="utf-8", errors="replace") if file.is_file() else ""


def parse_pointer(text: str) -> dict[str, str]:
    """What `live` says; nothing where it cannot be read."""
    try:
        data: Any = json.loads(text or "{}")
        return {key: data[key] for key in ("live", "next") if is_id(data.get(key))}
    except (ValueError, AttributeError, RecursionError):
        return {}


def readable(text: str) -> Manifest | None:
    """The manifest, or nothing where it cannot be read."""
    try:
        return Manifest.from_json(text)
    except PublishError:
        return None


def digests(text: str) -> set[str]:
    """The objects of a manifest; none where it cannot be read."""
    manifest = readable(text)
    return set(manifest.everything.values()) if manifest else set()


def in_order(paths: Iterable[str], there: Iterable[str]) -> list[list[str]]:
    """Groups to write one after another, so that at every moment each link of every page leads to something.

    `there` are those that readers have already, in an older form. What pages are made of comes first, then new pages,
    which no page names yet; then the pages that may name them, the home pages last; then what tells machines of them:
    feeds, the site map, the host's rules with the redirects. Each group has one set of headers.
    """
    groups: list[list[str]] = [[] for _ in range(7)]
    there = set(there)
    for path in paths:
        if is_fingerprinted(path):
            place = 0
        elif is_page(path):
            place = 3 if path not in there else 5 if path.count("/") < 2 else 4
        elif path.endswith(".webmanifest"):
            place = 2
        else:
            place = 6 if path.endswith((".xml", ".txt")) or any(part[0] in "._" for part in path.split("/")) else 1
        groups[place].append(path)
    return groups


def folders(paths: Iterable[str]) -> set[str]:
    """Every folder that some of `paths` lie in."""
    return {str(folder) for path in paths for folder in PurePosixPath(path).parents} - {"."}
