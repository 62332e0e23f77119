"""A server over OpenSSH: every step is one run of server.sh there; files travel by rsync or by tar."""

from __future__ import annotations

import contextlib
import datetime
import io
import shlex
import shutil
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO

from plugins.problems import say

from .config import SshTarget
from .errors import Damaged, Locked, PublishError, Unreachable
from .release import ID, Manifest, Release
from .target import Lock, Progress, State, printable

SCRIPT = Path(__file__).with_name("server.sh")
PROTOCOL = "1"
LONGEST = 1800  # seconds one step may take; an upload may take any time
# Host keys are checked and nobody is asked anything; a dead connection is noticed within half a minute.
OPTIONS = {
    "BatchMode": "yes",
    "StrictHostKeyChecking": "yes",
    "ForwardAgent": "no",
    "ForwardX11": "no",
    "PermitLocalCommand": "no",
    "ConnectTimeout": "15",
    "ServerAliveInterval": "10",
    "ServerAliveCountMax": "3",
    "Compression": "yes",
}
REASONS = {
    "host key verification failed": (
        say("the server is not the one that this machine knows, or it knows none yet"),
        say(
            "Connect once with “ssh {host}” and compare the fingerprint with the one your host publishes. "
            "If it has changed and your host did not say so, do not go on."
        ),
    ),
    "permission denied (": (
        say("the server does not accept this machine's key"),
        say("Add the key to ssh-agent (ssh-add), or see “The key” in docs/publishing.md."),
    ),
    "could not resolve": (
        say("the name {host} is not known"),
        say("Check the host in publish.toml, and this machine's network."),
    ),
    "connection refused": (
        say("{host} answers, but not to ssh"),
        say("Check the port, or ask the host whether ssh is on."),
    ),
}


class Server:
    """A target that has a folder with releases/ and a `current` link."""

    atomic = True

    def __init__(self, config: SshTarget) -> None:
        self.config = config
        self.place = f"{config.host}:{config.folder}"
        self.token = "none"
        self.has_rsync = False
        self.sockets: Path | None = None  # one connection serves all steps

    def ssh(self) -> list[str]:
        """The ssh command, up to the host."""
        own = ["-F", str(Path(self.config.ssh_config).expanduser())] if self.config.ssh_config else []
        options = OPTIONS | ({} if sys.platform == "win32" else self.sharing())
        return ["ssh", "-T", *own, *(f"-o{name}={value}" for name, value in options.items())]

    def sharing(self) -> dict[str, str]:
        """Options for one connection; it ends by itself soon after a publisher that was killed."""
        if self.sockets is None:
            self.sockets = Path(tempfile.mkdtemp(prefix="publish-"))
        return {"ControlMaster": "auto", "ControlPath": f"{self.sockets}/%C", "ControlPersist": "15"}

    def close(self) -> None:
        """End the connection."""
        if self.sockets:
            if any(self.sockets.iterdir()):
                exit_ = [*self.ssh(), "-O", "exit", "--", self.config.host]
                subprocess.run(exit_, capture_output=True, check=False, timeout=30)
            shutil.rmtree(self.sockets, ignore_errors=True)
            self.sockets = None

    def command(self, verb: str, *arguments: str) -> list[str]:
        """The whole command of one step. What varies are names of a few safe characters, never names of files."""
        if self.config.forced_command:
            words = ["site-publish", verb, *arguments]
        else:
            script = SCRIPT.read_text(encoding="utf-8")
            words = ["sh", "-c", script, "site-publish", self.config.folder, verb, *arguments]
        return [*self.ssh(), "--", self.config.host, shlex.join(words)]

    def run(self, verb: str, *arguments: str, text: str = "") -> str:
        """One step; its answer. Raises the PublishError that fits the exit code."""
        command = self.command(verb, *arguments)
        try:
            done = subprocess.run(command, input=text.encode(), capture_output=True, check=False, timeout=LONGEST)
        except subprocess.TimeoutExpired:
            raise Unreachable(
                say("{host} has not finished “{step}” in half an hour", host=self.config.host, step=verb),
                say("Publish again."),
            ) from None
        self.judge(done.returncode, done.stdout.decode(errors="replace"), done.stderr.decode(errors="replace"), verb)
        return done.stdout.decode(errors="replace")

    def judge(self, code: int, said: str, error: str, verb: str) -> None:
        """Raise what an exit code of ssh or server.sh means."""
        if code == 0:
            return
        host = self.config.host
        reason: str = printable(error.strip().splitlines()[-1]) if error.strip() else f"{verb}: {code}"
        if code == 255:
            for sign, (message, remedy) in REASONS.items():
                if sign in error.lower():
                    raise PublishError(say(str(message), host=host), say(str(remedy), host=host))
            raise Unreachable(
                say("the connection to {host} failed ({reason})", host=host, reason=reason),
                say("Check the network, then try again."),
            )
        if code == 11 and (lock := self.parse(said).lock):
            raise Locked(*locked(lock))
        if code == 12:
            raise PublishError(
                say("someone broke our lock in the meantime"), say("See who publishes, then publish again.")
            )
        if code == 13:
            reason = f"{reason} {printable(said.strip())[:300]}".strip()
            raise Damaged(
                say("what lies on {host} is not what was sent ({reason})", host=host, reason=reason),
                say("Publish again."),
            )
        raise PublishError(say("{host} refused: {reason}", host=host, reason=reason), hint(error))

    def parse(self, said: str) -> State:
        """The answer of `look`. Raises PublishError when the script on the server is another one."""
        pairs = [line.split(" ", 1) for line in said.splitlines() if " " in line]
        values = dict(pairs)
        if values.get("protocol") != PROTOCOL:
            raise PublishError(
                say("{host} does not speak the publisher's language", host=self.config.host),
                say("The login shell must print nothing by itself; with a forced command, copy server.sh anew."),
            )
        self.has_rsync = values["rsync"] == "yes"
        lock = None
        if "lock" in values:
            age, token, checkout, owner = [*values["lock"].split(" ", 3), "?", "?", "?"][:4]
            lock = Lock(token, checkout, printable(owner), float(age))
        live = values.get("live", "none")
        return State(
            kind=values["kind"],
            clock=datetime.datetime.fromtimestamp(int(values["clock"]), datetime.UTC),
            live=live if ID.fullmatch(live) else None,
            releases=sorted(pair[1] for pair in pairs if pair[0] == "release" and ID.fullmatch(pair[1])),
            lock=lock,
            free=int(values["free"]) * 1024 if values["free"].isdigit() else None,
            writable=values["writable"] == "yes",
        )

    def look(self) -> State:
        return self.parse(self.run("look"))

    def manifest(self, name: str) -> str:
        return self.run("manifest", name)

    def lock(self, lock: Lock) -> State:
        self.token = lock.token
        return self.parse(self.run("lock", lock.token, text=lock.line + "\n"))

    def break_lock(self, lock: Lock) -> None:
        self.run("break", lock.token)

    def unlock(self) -> None:
        self.run("unlock", self.token)

    def upload(self, release: Release, base: Manifest | None, progress: Progress) -> None:
        paths = release.changed_since(base)
        rsync = self.config.transfer != "tar" and self.has_rsync and shutil.which("rsync") is not None
        gone = release.gone_since(base)
        # rsync sends what differs inside a file it finds there; tar puts a new file in its place
        self.run(
            "stage", self.token, release.id, base.id if base else "none", text=lines(gone if rsync else gone + paths)
        )
        if not (rsync and self.rsync(release, paths, progress)):
            if rsync:
                self.run("stage", self.token, release.id, base.id if base else "none", text=lines(gone + paths))
            self.tar(release, paths, progress)

    def rsync(self, release: Release, paths: list[str], progress: Progress) -> bool:
        """Send `paths` with rsync. False where the two rsyncs do not understand each other."""
        arguments = ["rsync", "--files-from=-", "--from0", "--ignore-times", "--compress", "--chmod=D755,F644"]
        arguments += ["--out-format=%l", f"--rsh={shlex.join(self.ssh())}", f"{release.folder}/"]
        arguments.append(f"{self.config.host}:{self.config.folder}/incoming/{release.id}/")
        done, total = 0, release.size_of(paths)
        with (
            subprocess.Popen(
                arguments, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE
            ) as process,
            ended(process),
        ):
            assert process.stdin
            assert process.stdout
            assert process.stderr
            try:
                process.stdin.write("\0".join(paths).encode() + b"\0")
                process.stdin.close()
            except BrokenPipeError:
                give_up(process.stdin)
            for line in process.stdout:
                done += int(line) if line.strip().isdigit() else 0
                progress(min(done, total), total)
            error = process.stderr.read().decode(errors="replace")
        if process.returncode in (1, 2, 4):
            return False
        if process.returncode in (10, 12, 20, 30, 35, 255) and "No space" not in error:
            raise Unreachable(
                say("the connection to {host} broke during the upload", host=self.config.host), say("Publish again.")
            )
        if process.returncode:
            self.judge(14, "", "\n".join(line for line in error.splitlines() if "code " not in line), "rsync")
        return True

    def tar(self, release: Release, paths: list[str], progress: Progress) -> None:
        """Send `paths` as a tar archive on ssh's standard input."""
        total = release.size_of(paths)
        with (
            subprocess.Popen(
                self.command("receive", self.token, release.id),
                stdin=subprocess.PIPE,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.PIPE,
            ) as process,
            ended(process),
        ):
            assert process.stdin
            assert process.stderr
            try:
                write_tar(process.stdin, release, paths, lambda done: progress(done, total))
                process.stdin.close()
            except BrokenPipeError:
                give_up(process.stdin)
            error = process.stderr.read().decode(errors="replace")
        self.judge(process.returncode, "", error, "receive")

    def verify(self, release: Release) -> None:
        count = len(release.manifest.everything) + 1
        self.run("verify", self.token, release.id, str(count), text=release.checksums())

    def switch(self, name: str | None) -> None:
        now = self.run("switch", self.token, name or "none").strip()
        if now != (name or "none"):
            raise PublishError(
                say("the live release is {other} after the switch to {release}", other=printable(now), release=name),
                say("Publish again."),
            )

    def drop(self, name: str) -> None:
        self.run("drop", self.token, name)

    def prune(self, keep: int) -> None:
        self.run("prune", self.token, str(keep))


@contextlib.contextmanager
def ended(process: subprocess.Popen[bytes]) -> Iterator[None]:
    """Leave no upload behind when we are told to stop."""
    try:
        yield
    except BaseException:
        process.kill()
        raise


def give_up(stream: IO[bytes]) -> None:
    """Close a pipe that nobody reads any more; the exit code of its reader says why."""
    with contextlib.suppress(OSError):
        stream.close()


def lines(paths: list[str]) -> str:
    return "".join(f"{path}\n" for path in paths)


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


def hint(error: str) -> str:
    """What to do about an error of the server's own tools."""
    if "No space left" in error or "quota" in error.lower():
        return say(
            "The server's disk is full: free some space there (old releases go by themselves), then publish again."
        )
    if "Permission denied" in error or "no right" in error or "Read-only" in error:
        return say("The account on the server may not write there: give it the folder (chown), then publish again.")
    return say("See “When something fails” in docs/publishing.md, then publish again.")


def write_tar(stream: IO[bytes], release: Release, paths: list[str], progress: Callable[[int], None]) -> None:
    """A tar archive of `paths`, plain files of nobody in particular."""
    done = 0
    with tarfile.open(fileobj=stream, mode="w|", format=tarfile.PAX_FORMAT) as archive:
        for path in paths:
            data = (release.folder / path).read_bytes()
            entry = tarfile.TarInfo(path)
            entry.size, entry.mode = len(data), 0o644
            archive.addfile(entry, io.BytesIO(data))
            done += len(data)
            progress(done)
