"""Anything rclone can write to: object stores, SFTP-only hosting, WebDAV. There is no link to switch here.

The public folder holds the live files. Aside lie `objects/` (every file of the kept releases once, named after its
sha256), `releases/` (their manifests), `live` (what is live, and during a switch what is to be) and `locks/`. A release
is uploaded and verified as objects first; the switch then writes the files that differ: fingerprinted ones, then pages,
then release.json, and removes what is gone last. A switch that was broken off is known by `live`, and the next one sets
it right.
"""

from __future__ import annotations

import contextlib
import datetime
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from plugins.hosting.headers import FOREVER, REVALIDATED

from .config import RcloneTarget
from .errors import Damaged, Locked, PublishError, Unreachable
from .release import ID, MANIFEST, Manifest, Release, is_fingerprinted, is_page, sha256
from .ssh import lines, locked
from .target import Lock, Progress, State

MARK = "human-trajectory-makers publish target 1"
NOT_FOUND = (3, 4)  # rclone's exit codes for a folder and a file that are not there
OPTIONS = ["--contimeout=15s", "--timeout=60s", "--low-level-retries=3", "--retries=2", "--no-update-modtime"]


class Store:
    """A target that rclone reaches by a remote of its own configuration."""

    atomic = False

    def __init__(self, config: RcloneTarget) -> None:
        self.config = config
        self.place = config.remote
        self.aside = config.aside or join(config.remote, ".publish")
        self.folder = Path(tempfile.mkdtemp(prefix="publish-"))
        self.known: dict[str, str] = {}  # id -> text of release.json
        self.pointer: dict[str, str | None] = {}
        self.own: Lock | None = None
        self.kind = "unknown"
        self.observe: Callable[[str], None] = lambda step: None
        self.environment = self._environment()

    def _environment(self) -> dict[str, str]:
        """rclone checks a host's key only against a file it is told of; so it is told."""
        environment = dict(os.environ)
        if self.config.rclone_config:
            environment["RCLONE_CONFIG"] = str(Path(self.config.rclone_config).expanduser())
        dump = subprocess.run(
            [program(), "config", "dump"], env=environment, capture_output=True, text=True, check=False
        )
        try:
            remote = json.loads(dump.stdout).get(self.config.remote.split(":")[0], {})
        except ValueError:
            remote = {}
        if not remote.get("known_hosts_file"):
            environment.setdefault("RCLONE_SFTP_KNOWN_HOSTS_FILE", str(Path("~/.ssh/known_hosts").expanduser()))
        return environment

    def run(self, *arguments: str, text: str | None = None, progress: Progress | None = None) -> str:
        """Run rclone; its answer. Raises PublishError."""
        command = [program(), *arguments, *OPTIONS]
        if progress:
            command += ["--use-json-log", "--stats=500ms", "--stats-log-level=NOTICE"]
        with subprocess.Popen(
            command,
            env=self.environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            encoding="utf-8",
            errors="replace",
        ) as process:
            if progress:
                error = follow(process, progress)
                said = ""
            else:
                said, error = process.communicate(text)
        if process.returncode:
            raise self.explain(process.returncode, error)
        return said

    def explain(self, code: int, error: str) -> PublishError:
        """The error that fits an exit code; without addresses' query parts, where signatures stand."""
        last = [line for line in error.splitlines() if line.strip()][-1:] or [f"rclone ended with {code}"]
        reason = re.sub(r"\?\S+", "", last[0])[-300:]
        if code in NOT_FOUND:
            return Missing(f"{self.place}: {reason}", "Check the remote in publish.toml.")
        if "didn't find section in config" in reason:
            name = self.config.remote.split(":")[0]
            return PublishError(f"rclone knows no remote “{name}”", "Set it up: rclone config (docs/publishing.md).")
        if "knownhosts" in error or "key mismatch" in error:
            return PublishError(
                f"the host key of {self.place} is not the known one",
                "Connect once with ssh or sftp and compare the fingerprint with the one your host publishes.",
            )
        return Unreachable(
            f"{self.place} refused or did not answer: {reason}", "Look at the reason, then publish again."
        )

    def put(self, path: str, text: str) -> None:
        self.run("rcat", join(self.aside, path), text=text)

    def look(self) -> State:
        """Fetch everything aside but the objects, in one go."""
        notes = self.folder / "notes"
        shutil.rmtree(notes, ignore_errors=True)
        notes.mkdir(parents=True)
        with contextlib.suppress(Missing):
            self.run("copy", self.aside, str(notes), "--exclude=/objects/**")
        now = datetime.datetime.now(datetime.UTC)
        if read(notes / "target").strip() != MARK:
            self.kind = "foreign" if self.holds_files() else "empty"
            return State(self.kind, now)
        self.kind = "ours"
        self.known = {file.stem: read(file) for file in (notes / "releases").glob("*.json") if ID.fullmatch(file.stem)}
        self.pointer = parse_pointer(read(notes / "live"))
        return State(
            "ours", now, self.pointer.get("live"), sorted(self.known), next(iter(self.locks(notes / "locks")), None)
        )

    def holds_files(self) -> bool:
        try:
            return bool(self.run("lsf", self.config.remote, "--max-depth=1").strip())
        except Missing:
            return False

    def locks(self, folder: Path) -> list[Lock]:
        """The locks of others."""
        found = []
        for file in sorted(folder.glob("*")):
            token, checkout, since, owner = [*read(file).strip().split(" ", 3), "?", "0", "?"][:4]
            if self.own is None or token != self.own.token:
                age = time.time() - float(since) if re.fullmatch(r"[\d.]+", since) else 0
                found.append(Lock(file.name, checkout, owner if age > -300 else f"{owner} (whose clock is ahead)", age))
        return found

    def manifest(self, name: str) -> str:
        if name not in self.known:
            raise PublishError(f"there is no release {name} on {self.place}", "invoke releases lists them.")
        return self.known[name]

    def lock(self, lock: Lock) -> State:
        """Show our lock, then look for others': of two that come at once, at least one sees the other and goes."""
        self.own = lock
        if self.kind == "empty":
            self.put("target", MARK + "\n")
        self.put(f"locks/{lock.token}", f"{lock.token} {lock.checkout} {time.time():.0f} {lock.owner}\n")
        state = self.look()
        if state.lock:
            raise Locked(*locked(state.lock))
        return state

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
        file.write_text(lines(list(names)), encoding="utf-8")
        return f"--files-from-raw={file}"

    def upload(self, release: Release, base: Manifest | None, progress: Progress) -> None:
        for path, digest in release.manifest.files.items():
            if not (self.objects / digest).exists():
                shutil.copyfile(release.folder / path, self.objects / digest)
        there = {digest for text in self.known.values() for digest in digests(text)} if base else set()
        names = sorted(set(release.manifest.files.values()) - there)
        if names:
            to = join(self.aside, "objects")
            self.run("copy", str(self.objects), to, self.listed(names), "--ignore-times", progress=progress)

    def verify(self, release: Release) -> None:
        """Every object is on the target, whole: by the store's own hashes, or by fetching it where it keeps none."""
        text = (release.folder / MANIFEST).read_text(encoding="utf-8")
        names = set(release.manifest.everything.values())
        self.fetch(names)
        hashes = json.loads(self.run("backend", "features", self.config.remote)).get("Hashes") or []
        how = [] if set(hashes) - {"none"} else ["--download"]
        try:
            objects = join(self.aside, "objects")
            self.run("check", str(self.objects), objects, self.listed(sorted(names)), "--one-way", *how)
        except PublishError as error:
            raise Damaged(error.message, error.remedy) from None
        if release.id not in self.known:
            self.put(f"releases/{release.id}.json", text)
            self.known[release.id] = text

    def fetch(self, names: Iterable[str]) -> None:
        """Have objects here, and sure of them. Raises Damaged."""
        missing = sorted(name for name in names if not (self.objects / name).exists())
        if missing:
            self.run("copy", join(self.aside, "objects"), str(self.objects), self.listed(missing))
        for name in missing:
            file = self.objects / name
            if not file.exists() or sha256(file) != name:
                file.unlink(missing_ok=True)
                raise Damaged(f"an earlier file is missing or damaged on {self.place}", "Publish again.")

    def switch(self, name: str | None) -> None:
        """Write what differs from what is live, or may be after a broken switch; then remove what is gone."""
        before = [Manifest.from_json(self.known[old]) for old in self.pointer.values() if old in self.known]
        new = Manifest.from_json(self.known[name]) if name else None
        wanted = new.everything if new else {}
        differing = [
            path for path, digest in wanted.items() if any(old.everything.get(path) != digest for old in before)
        ]
        paths = differing if before else list(wanted)
        self.fetch({wanted[path] for path in paths})
        self.point(self.pointer.get("live"), name)
        tree = self.folder / "tree"
        shutil.rmtree(tree, ignore_errors=True)
        for path in paths:
            file = tree / path
            file.parent.mkdir(parents=True, exist_ok=True)
            os.link(self.objects / wanted[path], file)
        if name:
            tree.mkdir(exist_ok=True)
            (tree / MANIFEST).write_text(self.known[name], encoding="utf-8", newline="")
            for group in (*in_order(paths), [MANIFEST]):
                self.send(tree, group)
                self.observe("during switch")
        gone = {path for old in before for path in old.everything if path not in wanted}
        if gone or not name:
            names = sorted(gone) if name else [*sorted(gone), MANIFEST]
            self.run("delete", self.config.remote, self.listed(names))
        self.point(name, None)

    def send(self, tree: Path, group: list[str]) -> None:
        """Write files of one kind to the public folder."""
        if not group:
            return
        headers = [f"--header-upload=Cache-Control: {FOREVER if is_fingerprinted(group[0]) else REVALIDATED}"]
        if group[0].endswith(".webmanifest"):
            headers.append("--header-upload=Content-Type: application/manifest+json")
        self.run("copy", str(tree), self.config.remote, self.listed(group), "--ignore-times", *headers)

    def point(self, live: str | None, coming: str | None) -> None:
        """Note what is live, and what is to be."""
        self.pointer = {key: value for key, value in (("live", live), ("next", coming)) if value}
        self.put("live", json.dumps(self.pointer) + "\n")

    def prune(self, keep: int) -> None:
        old = [name for name in sorted(self.known, reverse=True)[keep:] if name != self.pointer.get("live")]
        if old:
            self.run("delete", join(self.aside, "releases"), self.listed(f"{name}.json" for name in old))
            for name in old:
                del self.known[name]
        used = {digest for text in self.known.values() for digest in digests(text)}
        unused = set(self.run("lsf", join(self.aside, "objects")).split()) - used
        if unused:
            self.run("delete", join(self.aside, "objects"), self.listed(sorted(unused)))

    def close(self) -> None:
        shutil.rmtree(self.folder, ignore_errors=True)


class Missing(PublishError):
    """A folder or file that is not there."""


def program() -> str:
    """rclone: the one installed beside Python, or any."""
    own = Path(sys.executable).with_name("rclone.exe" if sys.platform == "win32" else "rclone")
    found = str(own) if own.exists() else shutil.which("rclone")
    if not found:
        raise PublishError(
            "rclone is not installed", "Install the locked packages again: delete .venv, then make help."
        )
    return found


def join(base: str, path: str) -> str:
    return f"{base}{path}" if base.endswith((":", "/")) else f"{base}/{path}"


def read(file: Path) -> str:
    return file.read_text(encoding="utf-8", errors="replace") if file.is_file() else ""


def parse_pointer(text: str) -> dict[str, str | None]:
    """What `live` says; nothing where it cannot be read."""
    try:
        data: Any = json.loads(text or "{}")
        return {key: data[key] for key in ("live", "next") if ID.fullmatch(str(data.get(key)))}
    except (ValueError, AttributeError):
        return {}


def digests(text: str) -> set[str]:
    """The objects of a manifest; none where it cannot be read."""
    try:
        return set(Manifest.from_json(text).everything.values())
    except PublishError:
        return set()


def in_order(paths: list[str]) -> list[list[str]]:
    """Fingerprinted files, other files (a type of its own apart), pages: each group has one set of headers."""
    fingerprinted = [path for path in paths if is_fingerprinted(path)]
    pages = [path for path in paths if is_page(path) and not is_fingerprinted(path)]
    others = [path for path in paths if not is_page(path) and not is_fingerprinted(path)]
    typed = [path for path in others if path.endswith(".webmanifest")]
    return [fingerprinted, [path for path in others if path not in typed], typed, pages]


def follow(process: subprocess.Popen[str], progress: Progress) -> str:
    """Read rclone's log to its end, passing on how far it is. Returns the text of its errors."""
    assert process.stdin
    assert process.stderr
    process.stdin.close()
    errors = []
    for line in process.stderr:
        try:
            entry = json.loads(line)
        except ValueError:
            errors.append(line)
            continue
        if stats := entry.get("stats"):
            progress(int(stats.get("bytes", 0)), int(stats.get("totalBytes", 0)))
        elif entry.get("level") in ("error", "critical", "fatal"):
            errors.append(str(entry.get("msg")))
    return "\n".join(errors)
