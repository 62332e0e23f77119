"""The three commands, as tasks.py calls them: they read publish.toml, hold the locks and speak to the owner."""

from __future__ import annotations

import errno
import os
import signal
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
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
) -> None:
    """Build, check and publish, or say what that would change. Raises PublishError."""
    _mind_signals()
    config, voice = read_config(file), Voice(lang)
    with opened(choose(config, name)) as target, alone(target.config.name) as own:
        run = Run(target, own, config.keep, voice)
        state = target.look()
        if state.kind != "empty":
            suits(target, state)  # before a build that would be for nothing
        if not dry_run:
            free_to_go(state, own, break_lock)
        for line in gate.warnings():
            voice.say(line)
        voice.say(say("Checking and building the site; this takes a moment …"))
        site = gate.fresh_build(practice)
        if dry_run:
            report(rehearse(site, run), voice)
        else:
            publish_site(site, run, break_lock)


def report(changes: dict[str, list[str]], voice: Voice) -> None:
    """What a publish would change: pages by their addresses, the rest by number."""
    heads = {"added": say("New pages:"), "changed": say("Changed pages:"), "removed": say("Pages that go:")}
    for kind, head in heads.items():
        pages = sorted(f"  /{path.removesuffix('index.html')}" for path in changes[kind] if path.endswith(".html"))
        for line in [head, *pages] if pages else []:
            voice.say(line)
    others = {kind: sum(not path.endswith(".html") for path in paths) for kind, paths in changes.items()}
    if any(others.values()):
        voice.say(say("Other files: {added} new, {changed} changed, {removed} to go.", **others))
    if any(changes.values()):
        voice.say(say("This was a rehearsal: nothing was sent. To publish: invoke publish"))
    else:
        voice.say(say("Nothing would change: what is live is what you have."))


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
    moment = moment_of(release).astimezone()
    return format_datetime(moment, "dd MMM y HH:mm", locale={"en": "en_GB", "fr": "fr_FR"}[lang])


def mark(target: Target, state: State, release: str, lang: str) -> str:
    """The commit of a release, and whether it is live."""
    try:
        commit = manifest_of(release, target.manifest(release)).commit
    except PublishError:
        return in_language(say("(cannot be read)"), lang)
    live = in_language(say("<- live"), lang) if release == state.live else ""
    return f"{commit[:9] or '-':9}  {live}"


def rollback(wanted: str = "", name: str = "", break_lock: bool = False, lang: str = "en", file: Path = FILE) -> None:
    """Make an earlier release live again. Raises PublishError."""
    _mind_signals()
    config = read_config(file)
    with opened(choose(config, name)) as target, alone(target.config.name) as own:
        roll_back(Run(target, own, config.keep, Voice(lang)), wanted, break_lock)
