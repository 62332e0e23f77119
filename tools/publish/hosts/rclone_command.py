"""Runs rclone: with an end to each wait, its progress passed on, and its errors in our words."""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import subprocess
import tempfile
from pathlib import Path

from plugins.problems import counted, say

from ..config import RcloneTarget
from ..errors import Damaged, PublishError, Unreachable
from ..locking import inherited
from ..remotes import dump
from ..remotes import environment as secret_environment
from ..target import Progress
from .program import program
from .waiting import Watch, watched, whole
from .words import FULL, STORE, known

NOT_FOUND = (3, 4)  # rclone's exit codes for a folder and a file that are not there
OPTIONS = ["--contimeout=10s", "--timeout=15s", "--low-level-retries=3", "--retries=2", "--no-update-modtime"]
SIGNS = ["--use-json-log", "--stats=500ms", "--stats-log-level=NOTICE"]  # of life
LIVELY = ("bytes", "checks", "deletes", "listed", "transfers", "errors")  # what moves in the statistics


class Missing(PublishError):
    """A folder or file that is not there."""


class Rclone:
    """rclone, as it reaches the remote of one target."""

    def __init__(self, config: RcloneTarget) -> None:
        self.config, self.place = config, config.remote
        self.environment = self._environment()

    def _environment(self) -> dict[str, str]:
        """rclone checks a host's key only against a file it is told of; so it is told. With the keychain's password."""
        environment = dict(os.environ)
        if self.config.rclone_config:
            environment["RCLONE_CONFIG"] = str(Path(self.config.rclone_config).expanduser())
        name = self.config.remote.split(":")[0]
        remote = dump(environment).get(name, {})
        environment |= secret_environment(name, remote)
        if not remote.get("known_hosts_file"):
            environment.setdefault("RCLONE_SFTP_KNOWN_HOSTS_FILE", str(Path("~/.ssh/known_hosts").expanduser()))
        return environment

    def run(self, *arguments: str, progress: Progress = lambda done, total: None) -> str:
        """Run rclone; its answer. Raises PublishError."""
        with (
            tempfile.TemporaryFile() as answer,
            subprocess.Popen(
                [program(), *arguments, *OPTIONS, *SIGNS],
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=answer,
                stderr=subprocess.PIPE,
                encoding="utf-8",
                errors="replace",
                start_new_session=True,  # Ctrl-C is ours to handle
                pass_fds=inherited(),
            ) as process,
            watched(process, self.config.silence) as watch,  # it would go on writing beside what comes next
        ):
            error = follow(process, watch, progress)
            process.wait()
            if watch.silent:
                raise Unreachable(
                    counted(
                        round(watch.limit),
                        say("{place} has given no sign for {count} second"),
                        say("{place} has given no sign for {count} seconds"),
                        place=self.place,
                    ),
                    say("Look whether the server is well and the network there, then publish again."),
                )
            if process.returncode:
                raise self.explain(process.returncode, error)
            return whole(answer)

    def explain(self, code: int, error: str) -> PublishError:
        """The error that fits an exit code, in our words: rclone's may hold a password."""
        if "differences found" in error:
            return Damaged(say("what lies on {place} is not what was sent", place=self.place), say("Publish again."))
        if code in NOT_FOUND:
            return Missing(say("{place} is not there", place=self.place), say("Check the remote in publish.toml."))
        if known(error, [FULL]) and shutil.disk_usage(tempfile.gettempdir()).free < 1_000_000:
            return PublishError(
                say("the disk of this machine is full"), say("Free some space here, then publish again.")
            )
        values = {"place": self.config.remote, "remote": self.config.remote.split(":")[0]}
        return known(error, STORE, **values) or Unreachable(
            say("{place} refused or did not answer", place=self.place),
            say("To see rclone's own reason: {command}", command=f"rclone lsf {shlex.quote(self.config.remote)}"),
        )


def join(base: str, path: str) -> str:
    return f"{base}{path}" if base.endswith((":", "/")) else f"{base}/{path}"


def pattern(path: str) -> str:
    """A path as a pattern of rclone's that means only it."""
    return re.sub(r"([*?\[\]{}\\])", r"\\\1", path)


def follow(process: subprocess.Popen[str], watch: Watch, progress: Progress) -> str:
    """Read rclone's log to its end, passing on how far it is. Returns all else that it says."""
    assert process.stderr
    errors, before = [], None
    for line in process.stderr:
        try:
            entry = json.loads(line)
            stats = entry.get("stats") or {}
            now = [int(stats.get(name, 0)) for name in (*LIVELY, "totalBytes")]
        except (ValueError, TypeError, AttributeError, RecursionError):
            errors.append(line)
            continue
        if now != before:
            watch.moved()
            before = now
        if stats:
            progress(now[0], now[-1])
        else:
            errors.append(str(entry.get("msg")))
    return "\n".join(errors)
