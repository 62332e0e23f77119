"""The three commands, as tasks.py calls them: they read publish.toml, hold the locks and speak to the owner."""

from __future__ import annotations

import datetime
import errno
import os
import signal
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path

from babel.dates import format_datetime

from plugins.problems import in_language, say

from . import gate
from .config import FILE, AnyTarget, SshTarget, choose, read_config
from .errors import PublishError
from .hosts.ssh import Server
from .locking import alone
from .pipeline import (
    Run,
    differences,
    free_to_go,
    half_switched,
    manifest_of,
    publish_site,
    rehearse,
    roll_back,
    suits,
)
from .progress import Voice
from .record import Published, expect, remember, settle, sources_now
from .release import moment_of
from .target import State, Target, locked

__all__ = ["differences", "publish", "releases", "rollback"]


def open_target(config: AnyTarget) -> Target:
    """The target that an entry of publish.toml describes."""
    if isinstance(config, SshTarget):
        return Server(config)
    from .hosts.rclone import Store

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
    try:
        with closing(open_target(config)) as target:
            yield target
    except KeyboardInterrupt:
        raise PublishError(
            say("you asked for it; the live site is whole"), say("“invoke releases” says which release is live.")
        ) from None
    except OSError as error:
        raise refusal(error) from None


def refusal(error: OSError) -> PublishError:
    """What this machine refuses, in one sentence; a copy of many files lists each of them."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT) or os.strerror(errno.ENOSPC) in str(error):
        return PublishError(say("the disk of this machine is full"), say("Free some space here, then publish again."))
    reason = error.strerror or type(error).__name__
    where = f"{error.filename}: " if error.filename else ""
    return PublishError(
        say("this machine refuses: {reason}", reason=f"{where}{reason}"), say("Mend that, then publish again.")
    )


def publish(
    name: str = "",
    dry_run: bool = False,
    break_lock: bool = False,
    lang: str = "en",
    practice: Path | None = None,
    file: Path = FILE,
    voice: Voice | None = None,
) -> None:
    """Build, check and publish, or say what that would change. Raises PublishError."""
    _mind_signals()
    config, root = read_config(file), file.parent
    warnings = gate.warnings() if voice is None else []  # the desk speaks of no commits
    voice = voice or Voice(lang)
    with opened(choose(config, name)) as target, alone(target.config.name) as own:
        run = Run(target, own, config.keep, voice)
        state = target.look()
        if state.kind != "empty":
            suits(target, state)  # before a build that would be for nothing
        if not dry_run:
            free_to_go(state, own, break_lock)
        for line in warnings:
            voice.say(line)
        voice.say(say("Checking and building the site; this takes a moment …"))
        voice.step("build")
        told = Published(target.config.name, "", target.config.url, now(), sources_now(root / "content"))
        site = gate.fresh_build(practice)
        if dry_run:
            voice.changes(rehearse(site, run))
            return

        def switching(release: str) -> None:
            expect(replace(told, release=release), root)
            voice.switching(release)

        run.switching = switching
        remember(replace(told, release=publish_site(site, run, break_lock)), root)


def now() -> datetime.datetime:
    return datetime.datetime.now(datetime.UTC)


def releases(name: str = "", lang: str = "en", file: Path = FILE) -> None:
    """List what is on the target, newest first. Raises PublishError."""
    with opened(choose(read_config(file), name)) as target:
        state, voice = target.look(), Voice(lang)
        if state.kind == "empty" or (state.kind == "ours" and not state.releases):
            voice.say(say("Nothing has been published to {place} yet.", place=target.place))
        else:
            suits(target, state)
            voice.say(say("Releases on {place}, the newest first:", place=target.place))
        for release in reversed(state.releases):
            voice.say(f"  {release}  {when(release, lang)}  {mark(target, state, release, lang)}".rstrip())
        if state.releases and not state.live:
            voice.say(say("None of them is live."))
        if len(state.releases) > 1:
            voice.say(say("To go back to one of them: invoke rollback --to, followed by its name."))
        if state.halfway:
            voice.say(half_switched(state.halfway))
        if state.lock:
            voice.say(locked(state.lock)[0])


def when(release: str, lang: str) -> str:
    """The time in a release's name, on this machine's clock."""
    return spoken(moment_of(release), lang)


def spoken(moment: datetime.datetime, lang: str) -> str:
    """A time on this machine's clock, for people."""
    return format_datetime(moment.astimezone(), "dd MMM y HH:mm", locale={"en": "en_GB", "fr": "fr_FR"}[lang])


def mark(target: Target, state: State, release: str, lang: str) -> str:
    """The commit of a release, and whether it is live."""
    try:
        commit = manifest_of(release, target.manifest(release)).commit
    except PublishError:
        return in_language(say("(cannot be read)"), lang)
    live = in_language(say("<- live"), lang) if release == state.live else ""
    return f"{commit[:9] or '-':9}  {live}"


def rollback(
    wanted: str = "",
    name: str = "",
    break_lock: bool = False,
    lang: str = "en",
    file: Path = FILE,
    voice: Voice | None = None,
) -> None:
    """Make an earlier release live again. Raises PublishError."""
    _mind_signals()
    config, voice = read_config(file), voice or Voice(lang)
    with opened(choose(config, name)) as target, alone(target.config.name) as own:
        run = Run(target, own, config.keep, voice, switching=voice.switching)
        settle(target.config.name, roll_back(run, wanted, break_lock), file.parent)


def live(file: Path = FILE) -> tuple[Target, State]:
    """The target that publish.toml names itself, closed again, and what is there. Raises PublishError."""
    with opened(choose(read_config(file))) as target:
        state = target.look()
        if state.kind != "empty":
            suits(target, state)
        return target, state
