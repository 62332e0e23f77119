"""What the pipeline asks of a target, whatever its kind."""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol

from plugins.problems import say

from .config import AnyTarget
from .release import Manifest, Release

OWNER = re.compile(r"[^\s@]{1,64}@[^\s@]{1,253}")
STRANGE = ("releases", "incoming", "current")  # names of ours that something else may stand under
Progress = Callable[[int, int], None]  # bytes done, bytes in all


@dataclass(frozen=True)
class Lock:
    """Who publishes at the moment. `checkout` is the folder of sources on that person's machine, as a random name."""

    token: str
    checkout: str
    owner: str
    age: float = 0  # seconds, by the target's clock

    @property
    def line(self) -> str:
        return f"{self.token} {self.checkout} {self.owner}"


@dataclass(frozen=True)
class State:
    """A target as it was found. `free` is in bytes, None where a target does not say."""

    kind: str  # ours, empty, foreign, absent
    clock: datetime.datetime
    live: str | None = None
    releases: list[str] = field(default_factory=list)
    lock: Lock | None = None
    free: int | None = None
    writable: bool = True
    other: bool = False  # what is live is none of the releases, and is put back as it was when a check fails
    strange: str = ""  # one of STRANGE, where something else stands
    holds: tuple[str, ...] = ()  # names of what lies in a foreign one, not all of many
    halfway: str | None = None  # a release to which a switch was begun and not finished: pages of it may be live


WORDPRESS = {"wp-config.php", "wp-includes", "wp-content", "wp-admin"}
AWAY = say("Name another folder, one that is empty; or move away what is there, with your host's own tools.")


def stranger(holds: tuple[str, ...]) -> str:
    """What to say of a folder that is not ours and holds files of these names."""
    if WORDPRESS & set(holds):
        return say("a WordPress is there. It is neither mixed with this site nor removed")
    names = ", ".join(holds[:4]) + (" …" if len(holds) > 4 else "")
    return say("something else is there ({names}). It is neither mixed with this site nor removed", names=names)


def printable(text: str) -> str:
    """`text` from a target, with nothing in it that a terminal would obey."""
    return "".join(sign if sign.isprintable() else " " for sign in text)


def owner_of(text: str) -> str:
    """Who holds a lock, where that has the form of a name."""
    return printable(text) if OWNER.fullmatch(text) else say("someone")


def locked(lock: Lock) -> tuple[str, str]:
    """What to say about somebody's lock."""
    stale = say(" Nothing has moved for so long that it was probably left behind.") if lock.age > 3600 else ""
    return (
        say(
            "{owner} is publishing to this target; the last sign of it is {minutes} min old.{stale}",
            owner=lock.owner,
            minutes=int(lock.age // 60),
            stale=stale,
        ),
        say("Wait until it is done. If you know that nothing is running there any more, add --break-lock."),
    )


class Target(Protocol):
    """Every method raises PublishError with the reason. All but look, manifest and break_lock need the lock."""

    @property
    def config(self) -> AnyTarget: ...

    place: str  # for people
    atomic: bool  # whether all pages change in one instant

    def look(self) -> State: ...

    def manifest(self, name: str) -> str:
        """The text of a release's release.json."""

    def lock(self, lock: Lock) -> State:
        """Take the lock; an empty target becomes ours. Raises Locked."""

    def break_lock(self, lock: Lock) -> None: ...

    def unlock(self) -> None: ...

    def upload(self, release: Release, base: Manifest | None, progress: Progress) -> None:
        """Put the release on the target, where no reader sees it. What `base` has already is not sent again."""

    def verify(self, release: Release) -> None:
        """Compare every file on the target with the manifest. Raises Damaged."""

    def switch(self, name: str) -> None:
        """Make a release the live one."""

    def back(self, name: str, previous: str | None) -> None:
        """Undo the switch to `name`, should it have come to pass: what was live before it is so again, as it was."""

    def drop(self, name: str) -> None:
        """Forget a release that is not live."""

    def prune(self, keep: int) -> None: ...

    def close(self) -> None:
        """Let go of connections and temporary files; another call opens them again."""
