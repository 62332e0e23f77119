"""What each file was: a Git repository of the desk's own, in `.desk/.git` of the project.

It is not the project's: branch, index, hooks and settings of a developer are neither read nor touched, nothing of it is
cloned or pushed with the project, and a folder without Git has a history too. .gitignore names it; it is a whole
repository below a folder of its own because `git clean -fdx` leaves such a one, and `git -C .desk log -p` shows it.
Only dulwich's objects are used: no setting of the machine, no name of a user, no hook has a say. One branch, `history`,
has a commit for each change; each holds all of `content/`, and the other files that the desk has changed.
"""

from __future__ import annotations

import atexit
import json
import os
import sys
import time
import zlib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path

from dulwich.diff_tree import tree_changes
from dulwich.errors import FileFormatException
from dulwich.index import commit_tree
from dulwich.object_store import DiskObjectStore
from dulwich.objects import Blob, Commit, ObjectID, ShaFile, hex_to_filename
from dulwich.refs import DiskRefsContainer, Ref

from plugins.file_names import is_stray
from plugins.files import write
from plugins.problems import Message, as_data, from_data, say

FOLDER = ".desk"
AUTHOR = b"Human Trajectory Makers <desk@localhost>"
HISTORY = Ref(b"refs/heads/history")
CONFIG = b"[core]\n\trepositoryformatversion = 0\n\tfilemode = false\n\tbare = false\n\tautocrlf = false\n"
SETTLED = 2_000_000_000  # ns after which another change of a file has another time, on any disk (FAT: 2 s)
LOOSE = 4000  # files of the history, a few for each save, before they become one
DAMAGED = (KeyError, ValueError, AssertionError, EOFError, FileFormatException, zlib.error)

Files = dict[str, bytes]  # what files are there: the name of a file's bytes (a Git blob) by its path in the project


class Versions:
    """The history of the project in `root`. All that writes is called inside `alone`."""

    def __init__(self, root: Path) -> None:
        self.root, self.git = root, root / FOLDER / ".git"
        self._last, self._pending = self.git / HISTORY.decode(), self.git / "desk-pending"
        self._open()

    def _open(self) -> None:
        self._objects = DiskObjectStore(self.git / "objects")
        self._refs = DiskRefsContainer(self.git)
        self._hashed: dict[str, tuple[tuple[int, ...], bytes]] = {}  # by path: what its file looked like, its blob
        self._files: tuple[bytes, Files] = (b"", {})  # those of the commit last asked for
        self._changes: dict[tuple[bytes, bytes], dict[str, tuple[bytes, bytes]]] = {}  # what was asked for
        atexit.register(self._objects.close)  # else its packs complain

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Nobody else, in this process or another, changes the history meanwhile. Makes it where there is none.

        Raises OSError where it cannot be written. The system ends the lock with the process, however that ends.
        """
        self._make()
        with (self.root / FOLDER / "lock").open("ab") as lock:
            _hold(lock.fileno())
            yield

    def _make(self) -> None:
        """Make the repository, or what is missing of it."""
        if (self.git / "HEAD").exists():
            return
        for name in ("objects/info", "objects/pack", "refs/heads"):
            (self.git / name).mkdir(parents=True, exist_ok=True)
        write(self.git / "config", CONFIG)
        write(self.git / "HEAD", b"ref: " + HISTORY + b"\n")  # last: then all is there

    def head(self) -> bytes:
        """The last commit, or b"" before the first. Raises KeyError where a power cut has emptied its file."""
        try:
            found = self._last.read_bytes().strip()
        except FileNotFoundError:  # it may be among those that `git gc` has put into one file
            return bytes(self._refs.get_packed_refs().get(HISTORY, b""))
        if not found:
            raise KeyError(HISTORY)
        return found

    def commit(self, name: bytes) -> Commit:
        """A commit by its name. Raises KeyError where there is none."""
        found = self._objects[ObjectID(name)]
        if not isinstance(found, Commit):
            raise KeyError(name)
        return found

    def files(self, commit: bytes) -> Files:
        """The files of a commit; none of b""."""
        known = self._files
        if known[0] != commit or not commit:
            entries = self._objects.iter_tree_contents(self.commit(commit).tree) if commit else iter(())
            known = commit, {os.fsdecode(entry.path or b""): bytes(entry.sha or b"") for entry in entries}
            self._files = known
        return known[1]

    def changes(self, before: bytes, after: bytes) -> dict[str, tuple[bytes, bytes]]:
        """The files that are others in one commit than in another, each with its bytes' names; b"": not there."""
        if (before, after) in self._changes:
            return self._changes[before, after]
        first, second = (self.commit(name).tree if name else None for name in (before, after))
        found: dict[str, tuple[bytes, bytes]] = {}
        for change in tree_changes(self._objects, first, second):
            old, new = change.old, change.new
            path = (new and new.path) or (old and old.path) or b""
            found[os.fsdecode(path)] = (bytes((old and old.sha) or b""), bytes((new and new.sha) or b""))
        self._changes[before, after] = found
        return found

    def read(self, blob: bytes) -> bytes:
        """The bytes of a file."""
        found = self._objects[ObjectID(blob)]
        assert isinstance(found, Blob)
        return found.data

    def keep(self, data: bytes) -> bytes:
        """Keep the bytes of a file; their name."""
        blob = Blob.from_string(data)
        self.add_object(blob)
        return bytes(blob.id)

    def add_object(self, thing: ShaFile) -> None:
        """Write a part of the history, whole or not at all. (dulwich's own leaves a lock where it is killed.)"""
        place = Path(hex_to_filename(str(self.git / "objects"), thing.id))
        if thing.id not in self._objects or (place.exists() and not place.stat().st_size):  # emptied by a power cut
            write(place, thing.as_legacy_object())

    def make(self, files: Files, what: Message) -> bytes:
        """A commit after the last one, in which nothing is written yet but its objects."""
        made = Commit()
        made.tree = commit_tree(self, [(os.fsencode(name), ObjectID(blob), 0o100644) for name, blob in files.items()])  # type: ignore[arg-type]
        made.parents = [ObjectID(head)] if (head := self.head()) else []
        made.author = made.committer = AUTHOR
        made.author_time = made.commit_time = int(time.time())
        made.author_timezone = made.commit_timezone = time.localtime().tm_gmtoff
        made.encoding = b"UTF-8"
        made.message = f"{what}\n\n{json.dumps(as_data(what), ensure_ascii=False)}\n".encode()
        self.add_object(made)
        self._files = bytes(made.id), files
        return bytes(made.id)

    def pending(self, commit: bytes) -> None:
        """From here on, `commit` is being written to the disk: whoever finds it so goes on with it."""
        write(self._pending, commit + b"\n")

    def found_pending(self) -> bytes:
        """What a process that has died was writing, or b""."""
        return self._pending.read_bytes().strip() if self._pending.exists() else b""

    def arrived(self) -> None:
        """What was pending is written: it is the last commit now. Needs no room on the disk."""
        self._pending.replace(self._last)

    def given_up(self) -> None:
        """What was pending is not written."""
        self._pending.unlink(missing_ok=True)

    def record(self, files: Files) -> None:
        """Have in the history what is or was on the disk, and was not put there by the desk."""
        if files != self.files(self.head()):
            what = say("Changed outside the desk") if self.head() else say("The history begins")
            write(self._last, self.make(files, what) + b"\n")

    def look(self, known: Mapping[str, bytes | None]) -> Files:
        """The files on the disk now; of `known`, with these bytes (None: not there)."""
        earlier = self.files(self.head())
        there: list[tuple[str, os.DirEntry[str] | Path]] = [*self._walk("content", frozenset())]
        there += [(name, self.root / name) for name in earlier if not name.startswith("content/")]
        found = {name: self.keep(data) for name, data in known.items() if data is not None}
        for name, entry in there:
            if name not in known and (blob := self._blob(name, entry, earlier.get(name))):
                found[name] = blob
        return found

    def _walk(self, name: str, above: frozenset[str]) -> Iterator[tuple[str, os.DirEntry[str]]]:
        """The files below a folder, but for what machines leave behind; by links too, unless they lead back."""
        folder = self.root / name
        if (real := os.path.realpath(folder)) in above:
            return
        with suppress(FileNotFoundError, NotADirectoryError), os.scandir(folder) as entries:
            for entry in entries:
                if is_stray(entry.name):
                    continue
                if entry.is_dir():
                    yield from self._walk(f"{name}/{entry.name}", above | {real})
                elif entry.is_file():
                    yield f"{name}/{entry.name}", entry

    def _blob(self, name: str, entry: os.DirEntry[str] | Path, earlier: bytes | None) -> bytes | None:
        """The bytes of a file, kept; those of one that looks as it did are not read again.

        None where it is gone; those that it had `earlier` where it cannot be read.
        """
        now = time.time_ns()
        try:
            state = entry.stat()
            looks = (state.st_size, state.st_mtime_ns, state.st_ctime_ns, state.st_ino)
            if (hashed := self._hashed.get(name)) and hashed[0] == looks:
                return hashed[1]
            data = (self.root / name).read_bytes()
        except FileNotFoundError:  # it went just now
            return None
        except OSError:
            return earlier
        blob = self.keep(data)
        if now - max(state.st_mtime_ns, state.st_ctime_ns) > SETTLED:  # else it may change and look the same
            self._hashed[name] = looks, blob
        return blob

    def tidy(self) -> None:
        """Have one file instead of thousands, where there are so many."""
        if self._objects.count_loose_objects() > LOOSE:
            self._objects.pack_loose_objects()

    def begin_anew(self) -> None:
        """Put a history that cannot be read aside, beside the new one, and begin another."""
        aside = self.git.with_name(f"damaged-{time.strftime('%Y%m%d-%H%M%S')}-{os.getpid()}")
        self.git.rename(aside)
        self._open()
        self._make()


@cache
def versions_of(root: Path) -> Versions:
    """The one history of a project."""
    return Versions(root)


def _hold(number: int) -> None:
    """Wait for the lock on an open file."""
    if sys.platform == "win32":
        import msvcrt

        msvcrt.locking(number, msvcrt.LK_LOCK, 1)
    else:
        import fcntl

        fcntl.flock(number, fcntl.LOCK_EX)


def told_in(message: bytes) -> Message:
    """The sentence in a commit's message, to be told in either language; its first line where there is none."""
    first, _, rest = message.decode("utf-8", "replace").partition("\n")
    try:
        found = from_data(json.loads(rest))
    except (ValueError, KeyError, TypeError, AttributeError, IndexError):
        found = None
    return found if isinstance(found, Message) else say("{words}", words=first)


def changed(before: Files, after: Files) -> Iterable[str]:
    """The paths of the files that are others, in order."""
    return sorted(name for name in before.keys() | after.keys() if before.get(name) != after.get(name))
