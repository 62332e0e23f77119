"""Every wait has an end and is told; being told to stop, and what this machine refuses, in one sentence (#12)."""

from __future__ import annotations

import contextlib
import errno
import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.publish.conftest import Host
from tests.publish.sites import seen
from tests.publish.test_publish_found import forced
from tests.publish.test_publish_rclone import Hosting, cloud, front, hosting
from tools.publish import commands, pipeline
from tools.publish.errors import PublishError, Unreachable
from tools.publish.hosts import ssh, waiting
from tools.publish.hosts.rclone import Store
from tools.publish.hosts.ssh import Server
from tools.publish.locking import alone
from tools.publish.pipeline import Run, publish_site
from tools.publish.progress import Voice

__all__ = ["cloud", "front", "hosting"]  # fixtures


class Spoken(Voice):
    """What was said, in order; `then` may do something after a sentence."""

    def __init__(self, then: Callable[[str], None] = lambda text: None) -> None:
        super().__init__(quiet=True)
        self.said: list[str] = []
        self.then = then

    def say(self, text: str) -> None:
        self.said.append(text)
        self.then(text)


def publish(host: Host, edition: str, voice: Voice, observe=pipeline.unobserved, **changes: object) -> str:  # type: ignore[no-untyped-def]
    workspace = host.work / "mine"
    with alone("server", workspace) as own:
        return publish_site(host.site(edition), Run(Server(host.config(**changes)), own, 5, voice, observe, workspace))


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Once an upload has begun, it is given up as soon as it does not move; all else has its time."""
    watches: list[waiting.Watch] = []

    @contextlib.contextmanager
    def noted(process: subprocess.Popen[bytes], limit: float) -> Iterator[waiting.Watch]:
        with waiting.watched(process, limit) as watch:
            watches.append(watch)
            yield watch

    def hurry(step: str) -> None:
        if step == "during upload":
            watches[-1].limit = 0.3
            watches[-1].moved()

    monkeypatch.setattr(ssh, "watched", noted)
    return hurry


@pytest.fixture
def frozen(host: Host) -> Iterator[str]:
    """A tar that waits for ever: for a pipe that nobody writes to before the end of the test."""
    pipe = host.folder.with_name(f"{host.folder.name}-pipe")
    os.mkfifo(pipe, 0o644)
    pipe.chmod(0o644)
    yield f"tar() {{ cat {pipe}; }}"
    with contextlib.suppress(OSError):
        os.close(os.open(pipe, os.O_WRONLY | os.O_NONBLOCK))


def test_a_tar_that_is_frozen_on_the_server(host: Host, frozen: str, impatient: Callable[[str], None]) -> None:
    host.publish("old")
    voice = Spoken()
    with (
        forced(host, head=frozen),
        pytest.raises(Unreachable, match=r"has given no sign for \d+ seconds \(“receive”\)"),
    ):
        publish(host, "new", voice, impatient, forced_command=True)
    assert any("given no sign" in text and text.endswith("Letting go of the lock …") for text in voice.said)
    assert not (host.folder / "lock").exists()
    assert seen(host.nginx.url) == {"old"}
    host.publish("newer")


@pytest.mark.parametrize(
    ("transfer", "back"),
    [
        pytest.param("tar", True, marks=pytest.mark.long),
        ("rsync", True),
        pytest.param("tar", False, marks=pytest.mark.long),
    ],
    ids=["tar", "rsync", "stays away"],
)
def test_a_network_that_falls_silent_during_an_upload(
    host: Host, transfer: str, back: bool, impatient: Callable[[str], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pipeline, "PAUSES", (0.0, 0.0))
    monkeypatch.setitem(ssh.OPTIONS, "ConnectTimeout", "1")
    host.publish("old")
    proxy = host.sshd.proxy

    def hear(text: str) -> None:
        if back and "Letting go" in text:
            proxy.mute.clear()

    def silence(step: str) -> None:
        if step == "during upload":
            proxy.mute.set()
        impatient(step)

    voice = Spoken(hear)
    host.transfer = transfer
    with pytest.raises(Unreachable, match="given no sign"):
        publish(host, "new", voice, silence)
    assert "Letting go of the lock" in voice.said[1]
    assert (host.folder / "lock").exists() != back
    assert any("lock is still on the target" in text for text in voice.said) != back
    proxy.mute.clear()
    assert seen(host.nginx.url) == {"old"}
    host.publish("newer")
    assert seen(host.nginx.url) == {"newer"}


def test_a_server_that_accepts_and_says_nothing(host: Host) -> None:
    host.sshd.proxy.mute.set()
    with pytest.raises(Unreachable, match=r"has given no sign for 1 second |connection to server failed"):
        Server(host.config(silence=1)).look()


@pytest.mark.parametrize("cloud", ["s3", "sftp"], indirect=True)
def test_a_store_that_accepts_and_says_nothing(hosting: Hosting) -> None:
    hosting.cloud.proxy.mute.set()
    store = Store(hosting.config(silence=2))
    with pytest.raises(Unreachable, match="store:site has given no sign for 2 seconds"):
        store.look()
    store.close()
    hosting.cloud.proxy.mute.clear()


def interrupt(when: str) -> Callable[[str], None]:
    def observe(step: str) -> None:
        if step == when:
            raise KeyboardInterrupt

    return observe


def test_told_to_stop_after_it_was_checked(host: Host) -> None:
    """It is live, and that is what is said."""
    host.publish("old")
    voice = Spoken()
    new = publish(host, "new", voice, interrupt("before prune"))
    assert seen(host.nginx.url) == {"new"}
    checked, stopped, live = voice.said[-3:]
    assert checked.startswith("Checked at ")
    assert "only tidying up" in stopped
    assert live == f"Live: {new}"
    assert not (host.folder / "lock").exists()


def test_told_to_stop_before_it_was_checked(host: Host) -> None:
    host.publish("old")
    voice = Spoken()
    with pytest.raises(KeyboardInterrupt):
        publish(host, "new", voice, interrupt("after check"))
    assert seen(host.nginx.url) == {"old"}
    assert not any(text.startswith("Checked") for text in voice.said)


FULL = os.strerror(errno.ENOSPC)


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (OSError(errno.ENOSPC, FULL, "/x"), "the disk of this machine is full"),
        (shutil.Error([("a", "b", f"[Errno 28] {FULL}: 'b'")] * 300), "the disk of this machine is full"),
        (PermissionError(errno.EACCES, os.strerror(errno.EACCES), "/x"), "this machine refuses: /x: Permission denied"),
        (shutil.Error([("a", "b", "hunter2")] * 300), "this machine refuses: Error"),
    ],
)
def test_what_this_machine_refuses_is_one_sentence(host: Host, error: OSError, told: str) -> None:
    with pytest.raises(PublishError) as caught, commands.opened(host.config()):
        raise error
    assert str(caught.value).startswith(f"Stopped: {told}\n")
    assert len(str(caught.value)) < 200


def test_without_ssh_that_is_what_is_told(host: Host, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(PublishError, match="there is no ssh on this machine") as caught:
        Server(host.config()).look()
    assert "openssh-client" in caught.value.remedy


def test_a_process_that_was_watched_has_ended() -> None:
    """Also when something goes wrong here meanwhile."""
    with (
        pytest.raises(KeyError),
        subprocess.Popen(["cat"], stdin=subprocess.PIPE) as process,
        waiting.watched(process, 60),
    ):
        raise KeyError
    assert process.returncode == -9
