"""The three commands, as tasks.py calls them: they read publish.toml, hold the locks and speak to the owner."""

from __future__ import annotations

import datetime
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from . import gate
from .config import FILE, AnyTarget, SshTarget, choose, read_config
from .errors import PublishError
from .locking import alone
from .pipeline import Run, differences, publish_site, rehearse, roll_back, welcome
from .progress import Voice
from .release import STAMP, Manifest
from .ssh import Server
from .target import Target

__all__ = ["differences", "publish", "releases", "rollback"]


def open_target(config: AnyTarget) -> Target:
    """The target that an entry of publish.toml describes."""
    if isinstance(config, SshTarget):
        return Server(config)
    from .rclone import Store

    return Store(config)


def _mind_signals() -> None:
    """Being told to stop is a failure like others: the site is switched back and the lock removed."""
    if threading.current_thread() is threading.main_thread():
        for name in ("SIGTERM", "SIGHUP"):
            if hasattr(signal, name):
                signal.signal(getattr(signal, name), signal.default_int_handler)


@contextmanager
def opened(config: AnyTarget) -> Iterator[Target]:
    """The target, closed afterwards; and whatever stops a command, in words."""
    target = open_target(config)
    try:
        yield target
    except KeyboardInterrupt:
        raise PublishError(
            "stopped, as you asked; the live site is whole", "“invoke releases” says which release is live."
        ) from None
    except OSError as error:
        raise PublishError(f"this machine refuses: {error}", "Mend that, then publish again.") from None
    finally:
        target.close()


def publish(
    name: str = "",
    dry_run: bool = False,
    break_lock: bool = False,
    practice: Path | None = None,
    file: Path = FILE,
) -> None:
    """Build, check and publish, or say what that would change. Raises PublishError."""
    _mind_signals()
    config, voice = read_config(file), Voice()
    with opened(choose(config, name)) as target, alone(target.config.name) as own:
        run = Run(target, own, config.keep, voice)
        state = target.look()
        if not dry_run and state.kind != "ours":
            welcome(target, state, own, break_lock, voice)  # before a build that would be for nothing
        for line in gate.warnings():
            voice.say(line)
        site = gate.fresh_build(practice)
        if dry_run:
            report(rehearse(site, run), voice)
        else:
            publish_site(site, run, break_lock)


def report(changes: dict[str, list[str]], voice: Voice) -> None:
    """What a publish would change: pages by name, the rest by number."""
    if not any(changes.values()):
        voice.say("Nothing would change.")
        return
    for kind, paths in changes.items():
        pages = [path for path in paths if path.endswith(".html")]
        others = len(paths) - len(pages)
        if paths:
            voice.say(f"{kind}: {len(pages)} pages{f', {others} other files' if others else ''}")
        for page in pages:
            voice.say(f"  /{page.removesuffix('index.html')}")
    voice.say("Nothing was sent: this was a rehearsal.")


def releases(name: str = "", file: Path = FILE) -> None:
    """List what is on the target, newest first. Raises PublishError."""
    with opened(choose(read_config(file), name)) as target:
        state, voice = target.look(), Voice()
        for release in reversed(state.releases):
            when = datetime.datetime.strptime(release.split("-")[0], STAMP).replace(tzinfo=datetime.UTC).astimezone()
            try:
                commit = Manifest.from_json(target.manifest(release)).commit
            except PublishError:
                commit = "?"
            mark = "live" if release == state.live else "    "
            voice.say(f"{mark}  {release}  {when:%Y-%m-%d %H:%M}  {commit[:9]}")
    if not state.releases:
        voice.say(f"There is no release on {target.place} yet.")
    if state.lock:
        voice.say(f"{state.lock.owner} is publishing.")


def rollback(wanted: str = "", name: str = "", break_lock: bool = False, file: Path = FILE) -> None:
    """Make an earlier release live again. Raises PublishError."""
    _mind_signals()
    config = read_config(file)
    with opened(choose(config, name)) as target, alone(target.config.name) as own:
        roll_back(Run(target, own, config.keep), wanted, break_lock)
