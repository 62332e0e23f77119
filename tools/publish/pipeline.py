"""The steps of a publish and of a rollback, in order; whatever fails, the live site is the old one or the new one."""

from __future__ import annotations

import shutil
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from plugins import folders
from plugins.problems import say

from . import http, locking
from .compress import compress
from .errors import Damaged, Locked, PublishError, Unreachable
from .progress import Voice, size
from .release import MANIFEST, Manifest, Release, files_of, seal
from .sbom import write_bill
from .target import AWAY, WORDPRESS, Lock, State, Target, locked, stranger

SPARE = 512 * 1024  # bytes a target's disk keeps beyond what is sent
PAUSES = (0.0, 1.0, 2.0, 4.0, 8.0)  # between attempts to put things right
ENOUGH = 20.0  # seconds of that
MOST_LOCKS = 20  # that are cleared away


def unobserved(step: str) -> None:
    """Tests look on here, and make things fail."""


@dataclass
class Run:
    """What every step needs."""

    target: Target
    own: Lock
    keep: int = 5
    voice: Voice = field(default_factory=Voice)
    observe: Callable[[str], None] = unobserved
    workspace: Path = field(default_factory=lambda: locking.FOLDER)
    switching: Callable[[str], None] = unobserved  # is told of the release that is to be live, before it may be

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        self.voice.step(name)
        self.observe(f"before {name}")
        yield
        self.observe(f"after {name}")

    @contextmanager
    def locked(self, break_lock: bool = False) -> Iterator[State]:
        """Hold the target's lock, and let go of it whatever happens."""
        welcome(self.target, self.own, break_lock, self.voice)
        try:
            with self.step("lock"):
                state = self.target.lock(self.own)
            yield state
        except Unreachable as error:
            self.voice.say(say("{reason}. Letting go of the lock …", reason=error.message))  # which may take its time
            raise
        finally:
            try:
                with undisturbed():
                    insist(self.target.unlock)
            except PublishError as error:
                self.voice.say(
                    say(
                        "(The lock is still on the target: {reason}. The next publish from here takes it over.)",
                        reason=error.message,
                    )
                )
            self.target.close()

    @property
    def folder(self) -> Path:
        """Where the release is put together; only the holder of the local lock comes here."""
        return self.workspace / "release" / self.target.config.name / "site"

    def clear(self) -> None:
        """Have room for a release there, and nothing else. Raises PublishError."""
        try:
            folders.own(self.folder.parent)
        except folders.NotOurs as error:
            raise PublishError(error.problem.message, error.problem.remedy) from None


@contextmanager
def undisturbed() -> Iterator[None]:
    """What is put right is put right to the end, whoever is told to stop meanwhile."""
    names = [name for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)]
    if threading.current_thread() is not threading.main_thread():
        names = []
    before = {getattr(signal, name): signal.signal(getattr(signal, name), signal.SIG_IGN) for name in names}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def insist(action: Callable[[], None]) -> None:
    """Try again while the target cannot be reached, and not for long."""
    begun = time.monotonic()
    for last, pause in enumerate(PAUSES, start=1):
        time.sleep(pause)
        try:
            action()
            return
        except Unreachable:
            if last == len(PAUSES) or time.monotonic() - begun > ENOUGH:
                raise


def suits(target: Target, state: State) -> None:
    """Refuse a target that is not ours, or that cannot be written to."""
    if state.kind == "absent":
        raise PublishError(
            say("there is no {place}", place=target.place),
            say("Check the folder in publish.toml; if it is right, create it, empty, on the host."),
        )
    if state.kind == "foreign":
        if WORDPRESS & set(state.holds):
            raise PublishError(say("in {place}, {what}", place=target.place, what=stranger(state.holds)), AWAY)
        raise PublishError(
            say(
                "{place} holds files that this site did not put there (there is no .publish-target)", place=target.place
            ),
            say("Name another folder in publish.toml, one that is empty. Nothing was touched."),
        )
    if state.strange:
        raise PublishError(
            say("in {place}, {name} is not what this site puts there", place=target.place, name=state.strange),
            say("Look what it is and give it another name; then publish again. Nothing was touched."),
        )
    if not state.writable:
        raise PublishError(
            say("this account may not write in {place}", place=target.place),
            say("Ask the host for that right, or name another folder."),
        )


def free_to_go(state: State, own: Lock, break_lock: bool) -> None:
    """Refuse while someone else is publishing there."""
    if state.lock and state.lock.checkout != own.checkout and not break_lock:
        raise Locked(*locked(state.lock))


def welcome(target: Target, own: Lock, break_lock: bool, voice: Voice) -> None:
    """Refuse, or clear the way: locks that our last publish left, or that are to be broken."""
    for _ in range(MOST_LOCKS):
        state = target.look()
        suits(target, state)
        free_to_go(state, own, break_lock)
        if state.lock is None:
            return
        if state.lock.checkout == own.checkout:
            voice.say(say("The last publish from this machine did not come to its end; its lock is taken over."))
        else:
            voice.say(say("Breaking the lock of {owner}, as you asked.", owner=state.lock.owner))
        target.break_lock(state.lock)


def live_manifest(target: Target, state: State) -> Manifest | None:
    """What is live, where it can be read."""
    if state.live is None:
        return None
    try:
        return manifest_of(state.live, target.manifest(state.live))
    except Unreachable:
        raise
    except PublishError:
        return None  # then everything is sent anew


def manifest_of(name: str, text: str) -> Manifest:
    """The manifest of a release, which names that release and no other. Raises PublishError."""
    manifest = Manifest.from_json(text)
    if manifest.id != name:
        raise Damaged(
            say("the release.json of {release} is that of another release", release=name),
            say("Name another release: invoke releases lists them."),
        )
    return manifest


def prepare(site: Path, run: Run) -> dict[str, str]:
    """Copy the built site to the workspace, with compressed copies. Returns path -> sha256."""
    run.clear()
    shutil.copytree(site, run.folder, symlinks=True)
    folders.disown(run.folder)
    (run.folder / MANIFEST).unlink(missing_ok=True)
    write_bill(run.folder)
    if run.target.config.kind == "ssh":
        compress(run.folder, run.workspace / "compressed")
    return files_of(run.folder)


def publish_site(site: Path, run: Run, break_lock: bool = False) -> str:
    """Make the built site in `site` the live one, verified. Returns the id of what is live then."""
    target, voice = run.target, run.voice
    files = prepare(site, run)
    with run.locked(break_lock) as state:
        base = live_manifest(target, state)
        if state.halfway:
            voice.say(half_switched(state.halfway))
        elif base and dict(base.files) == files and unchanged(run, base):
            return base.id
        if state.other and not target.atomic:
            raise PublishError(
                say("no record of what is live on {place} is left", place=target.place),
                say(
                    "Choose a release: invoke rollback --to, followed by a name of “invoke releases”. Nothing was sent."
                ),
            )
        if state.other:
            voice.say(
                say("What is live there is no release. It is put back as it is, should the new one not check out.")
            )
        release = seal(run.folder, files, state.clock, base, max(state.releases, default=None))
        release = send(run, release, base, state)
        go_live(run, release, state, fresh=True)
        tidy(run)
        voice.say(say("Live: {release}", release=release.id))
    return release.id


def half_switched(release: str) -> str:
    return say(
        "A switch to {release} was broken off: some pages may be of it, others of the one before. "
        "The next publish or rollback that ends well sets that right.",
        release=release,
    )


def unchanged(run: Run, base: Manifest) -> bool:
    """Whether the live release is this very site, whole; then it is only checked."""
    (run.folder / MANIFEST).write_text(run.target.manifest(base.id), encoding="utf-8", newline="")
    try:
        with run.step("verify"):
            run.target.verify(Release(run.folder, base))
    except Damaged:
        run.voice.say(say("The live files are not the ones that were sent: sending them anew."))
        return False
    run.voice.say(say("Nothing has changed: {release} stays live.", release=base.id))
    run.voice.say(check(run, base))
    return True


def send(run: Run, release: Release, base: Manifest | None, state: State) -> Release:
    """Upload and verify; once more, whole, where something was damaged on the way or before. Returns what arrived."""
    for known in (base, None):
        paths = release.changed_since(known)
        needed = release.size_of(paths)
        if state.free is not None and state.free < needed * 1.02 + SPARE:
            raise PublishError(
                say(
                    "{place} has {free} left; this release needs {needed}",
                    place=run.target.place,
                    free=size(state.free),
                    needed=size(needed + SPARE),
                ),
                say("Free some space on the host. Nothing was changed."),
            )
        run.voice.say(
            say(
                "Sending files: {count} of {all}, {size} …",
                count=len(paths),
                all=len(release.manifest.everything) + 1,
                size=size(needed),
            )
        )

        def progress(done: int, total: int) -> None:
            run.observe("during upload")
            run.voice.upload(done, total)

        try:
            with run.step("upload"):
                run.target.upload(release, known, progress)
            with run.step("verify"):
                run.target.verify(release)
            return release
        except Damaged as error:
            if known is None:
                raise PublishError(
                    say("{reason}. The live site was not touched", reason=error.message), error.remedy
                ) from None
            run.voice.say(say("Some files did not arrive as they were sent: sending the whole release."))
            release = seal(release.folder, release.manifest.files, state.clock, None, release.id)
    raise AssertionError("the second attempt returns or raises")


def go_live(run: Run, release: Release, before: State, fresh: bool = False) -> None:
    """Switch and check; on any failure switch back, and say in what state the site is.

    A fresh release that failed is forgotten: rollback means the release before, one that was live.
    """
    previous = before.live
    run.switching(release.id)
    try:
        with run.step("switch"):
            run.target.switch(release.id)
        checked = check(run, release.manifest)
    except BaseException as error:
        state: str = previous or (say("what was there before") if before.other else say("nothing yet, as before"))
        reason = error.message if isinstance(error, PublishError) else say("it was stopped")
        try:
            with undisturbed():
                run.voice.say(say("{reason}. Switching back …", reason=reason))
                insist(lambda: run.target.back(release.id, previous))
                if fresh:
                    with suppress(PublishError):
                        run.target.drop(release.id)
        except PublishError as again:
            raise PublishError(
                stuck(run.target, release.id, state, reason, again.message), retrace(run.target, previous)
            ) from error
        if isinstance(error, PublishError):
            raise PublishError(
                say("{reason}. Live again: {release}", reason=error.message, release=state), error.remedy
            ) from None
        raise
    run.voice.say(checked)  # from here on it is live, whoever is told to stop


def stuck(target: Target, new: str, old: str, reason: str, again: str) -> str:
    """What to say where the way back failed too."""
    values = {"reason": reason, "place": target.place, "again": again, "new": new, "old": old}
    if target.atomic:
        return say(
            "{reason}\nAnd then {place} could not be switched back ({again}). "
            "The live site is {new} or {old}, whole either way",
            **values,
        )
    return say(
        "{reason}\nAnd then {place} could not be put back ({again}): some pages may be of {new}, others of {old}, "
        "until a publish or a rollback ends well",
        **values,
    )


def retrace(target: Target, previous: str | None) -> str:
    name = target.config.name
    if previous:
        return say(
            "As soon as the host answers: invoke rollback --target {name} --to {release}", name=name, release=previous
        )
    return say("Publish again.")


def check(run: Run, manifest: Manifest) -> str:
    """Look at the live site over HTTP, where publish.toml says its address. Returns what to say of it."""
    config = run.target.config
    if not config.url:
        return say("Not checked over HTTP: publish.toml has no url for this target.")
    with run.step("check"):
        http.check(config.url, manifest, list(config.skip_checks), config.patience, run.voice.say)
        return say("Checked at {url}: readers get this release.", url=config.url)


def tidy(run: Run) -> None:
    """Drop old releases. What goes wrong here is told and does no harm."""
    try:
        with run.step("prune"):
            run.target.prune(run.keep)
        folders.leave(run.folder.parent)
    except KeyboardInterrupt:
        run.voice.say(say("(Stopped, when only tidying up was left to do.)"))
    except PublishError as error:
        run.voice.say(say("(Old releases could not be removed: {reason}.)", reason=error.message))


def roll_back(run: Run, wanted: str = "", break_lock: bool = False) -> str:
    """Make an earlier release live again: `wanted`, or the one before. It is verified first. Returns its id."""
    with run.locked(break_lock) as state:
        older = [name for name in state.releases if state.live is None or name < state.live]
        chosen = wanted or (state.halfway and state.live) or max(older, default="")
        if chosen not in state.releases:
            raise PublishError(
                say("there is no release {name} to go back to", name=chosen)
                if chosen
                else say("there is no earlier release to go back to"),
                say("Kept on the target: {names} (invoke releases).", names=", ".join(state.releases))
                if state.releases
                else say("Publish first: docs/hosts.md."),
            )
        if chosen == state.live and not state.halfway:
            raise PublishError(
                say("{release} is live already", release=chosen), say("Name another one: invoke releases lists them.")
            )
        text = run.target.manifest(chosen)
        manifest = manifest_of(chosen, text)
        run.clear()
        run.folder.mkdir()
        (run.folder / MANIFEST).write_text(text, encoding="utf-8", newline="")
        release = Release(run.folder, manifest)
        with run.step("verify"):
            run.target.verify(release)
        go_live(run, release, state)
    run.voice.say(say("Live again: {release}", release=chosen))
    return chosen


def differences(new: dict[str, str], old: dict[str, str]) -> dict[str, list[str]]:
    """Paths by what a publish would do with them; compressed copies go with their file."""
    new, old = (
        {path: digest for path, digest in files.items() if not path.endswith((".gz", ".br"))} for files in (new, old)
    )
    return {
        "added": sorted(new.keys() - old.keys()),
        "changed": sorted(path for path in new.keys() & old.keys() if new[path] != old[path]),
        "removed": sorted(old.keys() - new.keys()),
    }


def rehearse(site: Path, run: Run) -> dict[str, list[str]]:
    """What publishing would change. Writes nothing on the target."""
    state = run.target.look()
    if state.kind != "empty":
        suits(run.target, state)
    if state.halfway:
        run.voice.say(half_switched(state.halfway))
    base = live_manifest(run.target, state)
    return differences(prepare(site, run), dict(base.files) if base else {})
