"""A server over OpenSSH: every step is one run of server.sh there; files travel by rsync or by tar."""

from __future__ import annotations

import contextlib
import datetime
import io
import re
import shlex
import shutil
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import IO, Any

from plugins.problems import counted, say

from ..config import SshTarget
from ..errors import Damaged, Locked, PublishError, Unreachable
from ..release import Manifest, Release, is_id
from ..target import STRANGE, Lock, Progress, State, locked, owner_of, printable
from .waiting import Watch, lines_of, watched, whole
from .words import DENIED, FULL, LOGIN, known

SCRIPT = Path(__file__).with_name("server.sh")
PROTOCOL = "2"
SLOWEST = 50_000  # bytes a second of a connection
A_FILE = 0.02  # seconds more that a step may take for each file it looks at
# Host keys are checked and nobody is asked anything; a dead connection is noticed within 15 seconds.
OPTIONS = {
    "BatchMode": "yes",
    "StrictHostKeyChecking": "yes",
    "ForwardAgent": "no",
    "ForwardX11": "no",
    "PermitLocalCommand": "no",
    "ConnectTimeout": "10",
    "ServerAliveInterval": "5",
    "ServerAliveCountMax": "3",
    "Compression": "yes",
}


SOCKET = "s"
LONGEST = 103 - 17  # bytes: what macOS takes as the address of a socket, without what ssh adds while it makes one
PLAIN = re.compile(r"[\w/.+@-]+", re.ASCII)  # what ssh takes as it is, without a space, a quotation mark or a %


def folder_for_socket() -> Path | None:
    """A new folder whose name leaves room for the address of a socket; None where this machine has no place for one."""
    for place in (Path(tempfile.gettempdir()), Path("/tmp")):
        with contextlib.suppress(OSError):
            folder = Path(tempfile.mkdtemp(prefix="publish-", dir=place))
            if len(str(folder / SOCKET)) <= LONGEST and PLAIN.fullmatch(str(folder)):
                return folder
            folder.rmdir()
    return None


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
        if not shutil.which("ssh"):
            raise PublishError(
                say("there is no ssh on this machine"),
                say("Install OpenSSH's client (Debian: openssh-client), then publish again."),
            )
        own = ["-F", str(Path(self.config.ssh_config).expanduser())] if self.config.ssh_config else []
        options = OPTIONS | ({} if sys.platform == "win32" else self.sharing()) | self.way()
        return ["ssh", "-T", *own, *(f"-o{name}={value}" for name, value in options.items())]

    def way(self) -> dict[str, str]:
        """Options for what publish.toml says of the port and the key."""
        port = {"Port": str(self.config.port)} if self.config.port else {}
        return port | ({"IdentityFile": self.config.key, "IdentitiesOnly": "yes"} if self.config.key else {})

    def sharing(self) -> dict[str, str]:
        """Options for one connection; it ends by itself soon after a publisher that was killed.

        None where no socket can be: each step then has a connection of its own.
        """
        self.sockets = self.sockets or folder_for_socket()
        if self.sockets is None:
            return {}
        return {"ControlMaster": "auto", "ControlPath": f"{self.sockets}/{SOCKET}", "ControlPersist": "15"}

    def close(self) -> None:
        """End the connection."""
        if self.sockets:
            if any(self.sockets.iterdir()):
                exit_ = [*self.ssh(), "-O", "exit", "--", self.config.host]
                with contextlib.suppress(subprocess.TimeoutExpired):
                    subprocess.run(exit_, capture_output=True, check=False, timeout=5)
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

    def run(self, verb: str, *arguments: str, text: str = "", files: Mapping[str, str] | None = None) -> str:
        """One step, which looks at `files`; its answer. Raises the PublishError that fits the exit code."""
        command, files = self.command(verb, *arguments), files or {}
        limit = self.config.silence + A_FILE * len(files)
        try:
            done = subprocess.run(command, input=text.encode(), capture_output=True, check=False, timeout=limit)
        except subprocess.TimeoutExpired:
            raise self.silent(verb) from None
        said = done.stdout.decode(errors="replace")
        self.judge(done.returncode, said, done.stderr.decode(errors="replace"), verb, files)
        return said

    def silent(self, verb: str) -> Unreachable:
        """The error for a step that came to no end; what it was asked by is not used again."""
        self.close()
        return Unreachable(
            counted(
                round(self.config.silence),
                say("{host} has given no sign for {count} second (“{step}”)"),
                say("{host} has given no sign for {count} seconds (“{step}”)"),
                host=self.config.host,
                step=verb,
            ),
            say("Look whether the server is well and the network there, then publish again."),
        )

    def judge(self, code: int, said: str, error: str, verb: str, files: Mapping[str, str] | None = None) -> None:
        """Raise what an exit code of ssh or server.sh means."""
        if code == 0:
            return
        host = self.config.host
        if code == 255:
            raise known(error, LOGIN, host=host) or Unreachable(
                say("the connection to {host} failed", host=host),
                say("“ssh {host}” in a terminal says why; then publish again.", host=host),
            )
        if code == 10:
            raise PublishError(
                say("{place} is not as this site left it", place=self.place),
                say("Look what has come there; nothing of it was touched."),
            )
        if code == 11 and (lock := self.parse(said).lock):
            raise Locked(*locked(lock))
        if code == 12:
            raise PublishError(
                say("someone broke our lock in the meantime"), say("See who publishes, then publish again.")
            )
        if code == 13:
            wrong = [name for name in re.findall(r"^\./(.+): FAILED", said, re.M) if name in (files or {})]
            raise Damaged(
                say("what lies on {host} is not what was sent{names}", host=host, names=listed(wrong)),
                say("Publish again."),
            )
        raise known(error, (FULL, DENIED), place=host) or PublishError(
            say("{host} did not do its part (“{step}”, {code})", host=host, step=verb, code=code),
            say("It lacks a program that publishing needs. See “A server of your own” in docs/hosts.md.")
            if code == 127
            else say("See “When something fails” in docs/hosts.md, then publish again."),
        )

    def parse(self, said: str) -> State:
        """The answer of `look`, which is all that came. Raises PublishError when it is not ours."""
        lines = said.splitlines() or [""]
        if f"protocol {PROTOCOL}" in lines and (lines[0], lines[-1]) != (f"protocol {PROTOCOL}", f"end {PROTOCOL}"):
            raise PublishError(
                say("the login shell of {host} prints something by itself", host=self.config.host),
                say("Let its ~/.bashrc, ~/.profile and the like print nothing, then publish again. Nothing was sent."),
            )
        pairs = [line.split(" ", 1) for line in lines if " " in line]
        values = dict(pairs)
        try:
            if values["protocol"] != PROTOCOL:
                raise ValueError
            self.has_rsync = values["rsync"] == "yes"
            live = values.get("live", "none")
            return State(
                kind=values["kind"],
                clock=datetime.datetime.fromtimestamp(int(values["clock"]), datetime.UTC),
                live=live if is_id(live) else None,
                releases=sorted(pair[1] for pair in pairs if pair[0] == "release" and is_id(pair[1])),
                lock=a_lock(values["lock"]) if "lock" in values else None,
                free=int(values["free"]) * 1024 if values["free"].isdigit() else None,
                writable=values["writable"] == "yes",
                other=live == "other",
                strange=values.get("strange", "") if values.get("strange") in STRANGE else "",
                holds=tuple(printable(pair[1]) for pair in pairs if pair[0] == "holds"),
            )
        except (KeyError, ValueError, OverflowError, OSError):
            raise PublishError(
                say("{host} does not speak the publisher's language", host=self.config.host),
                say("With a forced command, copy server.sh there anew. Nothing was sent."),
            ) from None

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
            "stage", self.token, release.id, base.id if base else "none", text=lines_of(gone if rsync else gone + paths)
        )
        if not (rsync and self.rsync(release, paths, progress)):
            if rsync:
                self.run("stage", self.token, release.id, base.id if base else "none", text=lines_of(gone + paths))
            self.tar(release, paths, progress)

    def rsync(self, release: Release, paths: list[str], progress: Progress) -> bool:
        """Send `paths` with rsync. False where it fails without a reason: tar then sends them, or finds it."""
        arguments = ["rsync", "--files-from=-", "--from0", "--ignore-times", "--compress", "--chmod=D755,F644"]
        arguments += ["--out-format=%l", f"--rsh={shlex.join(self.ssh())}", f"{release.folder}/"]
        arguments.append(f"{self.config.host}:{self.config.folder}/incoming/{release.id}/")
        done, total = 0, release.size_of(paths)
        largest = max(release.size_of([path]) for path in paths)  # it says nothing before a file is through
        pipe = subprocess.PIPE
        with (
            tempfile.TemporaryFile() as notes,  # no pipe: the shared connection may hold its other end for ever
            subprocess.Popen(arguments, stdin=pipe, stdout=pipe, stderr=notes, start_new_session=True) as process,
            watched(process, self.config.silence + largest / SLOWEST) as watch,
        ):
            assert process.stdin
            assert process.stdout
            try:
                process.stdin.write("\0".join(paths).encode() + b"\0")
                process.stdin.close()
            except BrokenPipeError:
                give_up(process.stdin)
            for line in process.stdout:
                watch.moved()
                done += int(line) if line.strip().isdigit() else 0
                progress(min(done, total), total)
            process.wait()
            error = whole(notes)
        if watch.silent:
            raise self.silent("rsync")
        if process.returncode in (10, 12, 20, 30, 35, 255) and not known(error, [FULL]):
            raise Unreachable(
                say("the connection to {host} broke during the upload", host=self.config.host), say("Publish again.")
            )
        if process.returncode and known(error, (FULL, DENIED)):
            self.judge(14, "", error, "rsync")
        return process.returncode == 0

    def tar(self, release: Release, paths: list[str], progress: Progress) -> None:
        """Send `paths` as a tar archive on ssh's standard input."""
        total = release.size_of(paths)
        with (
            tempfile.TemporaryFile() as notes,
            subprocess.Popen(
                self.command("receive", self.token, release.id),
                stdin=subprocess.PIPE,
                stdout=subprocess.DEVNULL,
                stderr=notes,
            ) as process,
            watched(process, self.config.silence) as watch,
        ):
            assert process.stdin
            try:
                write_tar(Moving(process.stdin, watch), release, paths, lambda done: progress(done, total))
                watch.limit += A_FILE * len(paths)
                process.stdin.close()
            except BrokenPipeError:
                give_up(process.stdin)
            process.wait()
            error = whole(notes)
        if watch.silent:
            raise self.silent("receive")
        self.judge(process.returncode, "", error, "receive")

    def verify(self, release: Release) -> None:
        files = release.manifest.everything
        count = str(len(files) + 1)
        self.run("verify", self.token, release.id, count, text=release.checksums(), files=files)

    def switch(self, name: str) -> None:
        now = self.run("switch", self.token, name).strip()
        if now != name:
            raise PublishError(
                say("after the switch to {release}, it is not the live release", release=name), say("Publish again.")
            )

    def back(self, name: str, previous: str | None) -> None:
        now = self.run("back", self.token, name).strip()
        if now == name or (previous and now != previous):
            raise PublishError(say("{release} could not be made live", release=previous), say("Publish again."))

    def drop(self, name: str) -> None:
        self.run("drop", self.token, name)

    def prune(self, keep: int) -> None:
        self.run("prune", self.token, str(keep))


class Moving(io.RawIOBase):
    """A pipe; whatever goes into it is a sign of life."""

    def __init__(self, pipe: IO[bytes], watch: Watch) -> None:
        self.pipe, self.watch = pipe, watch

    def write(self, data: Any) -> int:
        self.watch.moved()
        return self.pipe.write(data)


def give_up(stream: IO[bytes]) -> None:
    """Close a pipe that nobody reads any more; the exit code of its reader says why."""
    with contextlib.suppress(OSError):
        stream.close()


def a_lock(text: str) -> Lock:
    """A lock as `look` tells it: its age, then its own line; `odd` where it has none that we know."""
    age, token, checkout, owner = [*text.split(" ", 3), "?", "?"][:4] if " " in text else [text, "odd", "?", "?"]
    return Lock(token, checkout, owner_of(owner), float(age))


def listed(names: list[str]) -> str:
    """A few names of files, to end a sentence with."""
    return f": {', '.join(names[:3])}{' …' if len(names) > 3 else ''}" if names else ""


def write_tar(stream: Moving, release: Release, paths: list[str], progress: Callable[[int], None]) -> None:
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
