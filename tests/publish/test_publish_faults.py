"""Faults at every step: the live site stays wholly old or becomes wholly new, and the next publish needs no repair."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import threading
import time
import types
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.publish.conftest import Host
from tests.publish.sites import seen
from tools.publish import pipeline
from tools.publish.errors import Locked, PublishError
from tools.publish.hosts.ssh import Server
from tools.publish.locking import alone
from tools.publish.pipeline import Run
from tools.publish.progress import Voice
from tools.publish.target import Lock

pytestmark = pytest.mark.long

ROOT = Path(__file__).resolve().parents[2]
STEPS = [  # what is between them is one step's work; “after” a step is “before” the next one
    "before lock",
    "after lock",
    "during upload",
    "after upload",
    "after verify",
    "after switch",
    "after check",
    "after prune",
]
RESULTS = os.environ.get("PUBLISH_FAULTS")  # a file to add each outcome to, for the table


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pipeline, "PAUSES", (0.0, 0.05, 0.1))


class Scene:
    """An old release is live; what comes next may fail; in the end a newer one must come through."""

    def __init__(self, host: Host) -> None:
        self.host = host
        (self.old,) = host.begin("old")

    def outcome(self, step: str, fault: str) -> str:
        """What is live now. Fails on a mixture."""
        editions = seen(self.host.nginx.url)
        assert len(editions) == 1, f"a mixture after {fault} {step}: {editions}"
        (edition,) = editions
        assert edition in ("old", "new")
        if RESULTS:
            with Path(RESULTS).open("a", encoding="utf-8") as stream:
                stream.write(f"{fault}\t{step}\t{edition}\n")
        return edition

    def recovers(self) -> None:
        """The next publish works, and leaves nothing behind."""
        self.host.publish("newer")
        assert seen(self.host.nginx.url) == {"newer"}
        left = {path.name for path in self.host.folder.iterdir()}
        assert left == {".publish-target", "releases", "incoming", "current"}
        assert not list((self.host.folder / "incoming").iterdir())


@pytest.fixture
def scene(host: Host) -> Scene:
    return Scene(host)


def at(step: str, action: Callable[[], None]) -> Callable[[str], None]:
    """Do `action` once, at `step`."""
    done = threading.Event()

    def observe(now: str) -> None:
        if now == step and not done.is_set():
            done.set()
            action()

    return observe


def run_driver(host: Host, step: str, signal_name: str, **changes: object) -> subprocess.CompletedProcess[str]:
    config = host.config(**changes).model_dump_json()
    arguments = [config, str(host.site("new")), str(host.work / "mine"), step, signal_name]
    return subprocess.run(
        [sys.executable, "-m", "tests.publish.driver", *arguments],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize("step", STEPS)
def test_killed(scene: Scene, step: str) -> None:
    done = run_driver(scene.host, step, "SIGKILL")
    assert done.returncode == -9, done.stderr
    expected = "new" if STEPS.index(step) >= STEPS.index("after switch") else "old"
    assert scene.outcome(step, "kill -9") == expected
    scene.recovers()


@pytest.mark.parametrize("step", ["during upload", "after switch"])
def test_told_to_stop(scene: Scene, step: str) -> None:
    done = run_driver(scene.host, step, "SIGTERM")
    assert done.returncode != 0
    assert scene.outcome(step, "SIGTERM") == "old"
    assert not (scene.host.folder / "lock").exists()
    scene.recovers()


@pytest.mark.parametrize("step", STEPS[1:])
def test_connection_cut(scene: Scene, step: str) -> None:
    proxy = scene.host.sshd.proxy
    with contextlib.suppress(PublishError):
        scene.host.publish("new", at(step, proxy.cut))
    scene.outcome(step, "connection cut")
    scene.recovers()


@pytest.mark.parametrize("transfer", ["rsync", "tar"])
def test_connection_cut_in_the_middle_of_the_data(scene: Scene, transfer: str) -> None:
    proxy = scene.host.sshd.proxy
    scene.host.transfer = transfer

    def arm() -> None:
        proxy.cut()
        proxy.cut_after = 14_000  # in the middle of the archive

    with pytest.raises(PublishError):
        scene.host.publish("new", at("before upload", arm))
    assert proxy.cut_after is None, "the connection was not cut"
    assert scene.outcome(f"in the data ({transfer})", "connection cut") == "old"
    scene.recovers()


@pytest.mark.parametrize("step", ["after lock", "during upload", "after verify", "after switch"])
def test_network_gone(scene: Scene, step: str) -> None:
    proxy = scene.host.sshd.proxy

    def vanish() -> None:
        proxy.refuse = True
        proxy.cut()

    # The check sees the new release when the server alone is cut off: the site may stay new.
    with contextlib.suppress(PublishError):
        scene.host.publish("new", at(step, vanish))
    scene.outcome(step, "network gone for good")
    proxy.refuse = False
    scene.recovers()


def test_network_gone_and_the_check_fails(scene: Scene) -> None:
    proxy = scene.host.sshd.proxy

    def vanish() -> None:
        proxy.refuse = True
        proxy.cut()

    with pytest.raises(PublishError, match="could not be switched back") as caught:
        scene.host.publish("new", at("after switch", vanish), url="http://127.0.0.1:1")
    assert f"invoke rollback --target server --to {scene.old}" in caught.value.remedy
    assert scene.outcome("after switch, check fails", "network gone for good") == "new"
    proxy.refuse = False
    scene.recovers()


@pytest.mark.parametrize("transfer", ["rsync", "tar"])
def test_corrupted_upload_is_sent_again(scene: Scene, transfer: str) -> None:
    host = scene.host
    host.transfer = transfer

    def corrupt() -> None:
        (incoming,) = (host.folder / "incoming").iterdir()
        home = incoming / "en" / "index.html"
        home.write_bytes(home.read_bytes()[:-1] + b"?")

    new = host.publish("new", at("after upload", corrupt))
    assert scene.outcome(f"after upload ({transfer})", "corrupted upload") == "new"
    assert host.live == new
    scene.recovers()


def test_corrupted_twice_changes_nothing(scene: Scene) -> None:
    host = scene.host

    def corrupt(now: str) -> None:
        if now == "after upload":
            (incoming,) = (host.folder / "incoming").iterdir()
            (incoming / "fr" / "index.html").unlink()

    with pytest.raises(PublishError, match="not touched"):
        host.publish("new", corrupt)
    assert scene.outcome("after upload, twice", "corrupted upload") == "old"
    scene.recovers()


def test_old_release_damaged_on_the_server(scene: Scene) -> None:
    """Hard links share a damaged file with the release before: then everything is sent anew."""
    host = scene.host
    sheet = next((host.folder / "releases" / scene.old / "theme").glob("main.*.css"))
    sheet.write_text("damaged")
    host.publish("new")
    assert scene.outcome("before upload", "damaged on the server's disk") == "new"
    scene.recovers()


def test_server_answers_500_after_the_switch(scene: Scene) -> None:
    host = scene.host

    def break_pages() -> None:
        for home in (host.folder / "current").resolve().glob("*/index.html"):
            home.unlink()

    with pytest.raises(PublishError, match=f"Live again: {scene.old}"):
        host.publish("new", at("after switch", break_pages))
    assert scene.outcome("after switch", "pages unreadable") == "old"
    scene.recovers()


@pytest.fixture
def failing() -> Iterator[str]:
    """The address of a server that answers 500 to everything."""
    from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

    class Broken(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_error(500)

        def log_message(self, *args: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Broken) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def test_500_to_everything(scene: Scene, failing: str) -> None:
    with pytest.raises(PublishError, match=rf"answers 500\. Live again: {scene.old}") as caught:
        scene.host.publish("new", url=failing)
    assert "web server runs" in caught.value.remedy
    assert scene.outcome("check", "server answers 500") == "old"
    assert scene.host.releases == [scene.old], "what failed is none to go back to"
    assert not (scene.host.folder / "lock").exists()
    scene.recovers()


def test_first_publish_that_fails_leaves_nothing_live(host: Host, failing: str) -> None:
    with pytest.raises(PublishError, match="nothing yet"):
        host.publish("new", url=failing)
    assert seen(host.nginx.url) == {"nothing"}
    host.publish("newer")
    assert seen(host.nginx.url) == {"newer"}


@pytest.mark.parametrize("place", ["", "incoming", "releases"])
def test_no_right_to_write(scene: Scene, place: str) -> None:
    if scene.host.sshd.account.is_root:
        pytest.skip("root may write anywhere, and no other account could be made")
    folder = scene.host.folder / place
    folder.chmod(0o555)
    with pytest.raises(PublishError, match="may not write"):
        scene.host.publish("new")
    assert scene.outcome(f"/{place}", "permission denied") == "old"
    folder.chmod(0o755)
    scene.recovers()


def test_no_right_to_remove_old_releases(scene: Scene) -> None:
    host = scene.host
    for edition in ("a", "b", "c", "d"):
        host.publish(edition)
    stuck = host.folder / "releases" / scene.old
    stuck.chmod(0o555)
    host.publish("new")
    assert scene.outcome("prune", "permission denied") == "new"
    for folder in [stuck, *(host.folder / "incoming").iterdir()]:
        if folder.exists():
            folder.chmod(0o755)
    scene.recovers()


def test_two_publishers_at_once(scene: Scene) -> None:
    host, answers = scene.host, []

    def other() -> None:
        with pytest.raises(Locked, match="is publishing to this target") as caught:
            host.publish("other", checkout="another")
        answers.append(caught.value)

    host.publish("new", at("during upload", other))
    assert len(answers) == 1
    assert "--break-lock" in answers[0].remedy
    assert scene.outcome("during upload", "two publishers") == "new"
    scene.recovers()


def test_two_publishers_of_one_machine(scene: Scene) -> None:
    workspace = scene.host.work / "mine"
    with alone("server", workspace), pytest.raises(Locked, match="on this machine"):
        scene.host.publish("new")
    scene.recovers()


def test_a_broken_lock_stops_the_slower_one(scene: Scene) -> None:
    host = scene.host

    def other() -> None:
        host.publish("other", checkout="another", break_lock=True)

    with pytest.raises(PublishError, match=r"broke our lock|could not be switched back"):
        host.publish("new", at("before switch", other))
    assert seen(host.nginx.url) == {"other"}
    scene.recovers()


def leave_lock(host: Host, minutes: int) -> None:
    server = Server(host.config())
    server.lock(Lock("deadbeef", "elsewhere", "someone@far-away"))
    server.close()
    lock = host.folder / "lock"
    then = lock.stat().st_mtime - 60 * minutes
    os.utime(lock, (then, then))


def test_a_stale_lock_is_explained_and_broken_on_purpose(scene: Scene) -> None:
    leave_lock(scene.host, 200)
    with pytest.raises(Locked, match=r"someone@far-away.*200 min old.*left behind"):
        scene.host.publish("new")
    assert scene.outcome("before lock", "stale lock of another machine") == "old"
    scene.host.publish("new", break_lock=True)
    scene.recovers()


def test_clock_behind(scene: Scene) -> None:
    """Releases are named by the server's clock, and never before the one that is there already."""
    future = scene.old.replace("2026", "2031", 1) if scene.old.startswith("2026") else f"2099{scene.old[4:]}"
    (scene.host.folder / "releases" / scene.old).rename(scene.host.folder / "releases" / future)
    (scene.host.folder / "current").unlink()
    (scene.host.folder / "current").symlink_to(f"releases/{future}")
    new = scene.host.publish("new")
    assert new > future
    assert scene.outcome("naming", "clock five years behind") == "new"
    scene.recovers()


def test_disk_full(scene: Scene, ground: Path) -> None:
    """A disk that fills up during the upload, and one that is too full to begin."""
    host = scene.host
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size=2500k,uid={host.sshd.account.uid}", "tmpfs", host.folder],
        capture_output=True,
        check=False,
    )
    if mounted.returncode:
        pytest.skip("only root can make a small disk")
    filler = host.folder / "incoming" / "filler"
    try:
        host.publish("old")

        def fill() -> None:
            with contextlib.suppress(OSError), filler.open("wb", buffering=0) as stream:
                while True:
                    stream.write(b"0" * 4096)

        for step in ("after lock", "before upload"):
            with pytest.raises(PublishError, match="no room left") as caught:
                host.publish("new", at(step, fill))
            assert "disk is full" in caught.value.remedy
            assert scene.outcome(step, "disk full") == "old"
            with pytest.raises(PublishError, match=r"left; this release needs|no room left"):
                host.publish("new")
            assert scene.outcome("before lock", "disk full") == "old"
            filler.unlink()
        host.publish("newer")
        assert seen(host.nginx.url) == {"newer"}
    finally:
        host.sshd.proxy.cut()
        subprocess.run(["umount", "--lazy", host.folder], check=True)


def test_nothing_changed_is_not_a_release(scene: Scene) -> None:
    assert scene.host.publish("old") == scene.old
    assert scene.host.releases == [scene.old]


def test_lock_taken_over_is_said(scene: Scene, capsys: pytest.CaptureFixture[str]) -> None:
    run_driver(scene.host, "after lock", "SIGKILL")
    workspace = scene.host.work / "mine"
    with alone("server", workspace) as own:
        run = Run(Server(scene.host.config()), own, 5, Voice(), workspace=workspace)
        pipeline.publish_site(scene.host.site("newer"), run)
    assert "taken over" in capsys.readouterr().out


def test_network_gone_for_a_moment(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    """The check fails and the server cannot be reached: the site is switched back as soon as it can."""
    proxy, pauses = scene.host.sshd.proxy, []

    def vanish() -> None:
        proxy.refuse = True
        proxy.cut()

    def sleep(seconds: float) -> None:
        pauses.append(seconds)
        if len(pauses) == 2:
            proxy.refuse = False

    monkeypatch.setattr(pipeline, "time", types.SimpleNamespace(sleep=sleep, monotonic=time.monotonic))
    with pytest.raises(PublishError, match=f"Live again: {scene.old}"):
        scene.host.publish("new", at("after switch", vanish), url="http://127.0.0.1:1")
    assert scene.outcome("after switch, check fails", "network gone for a moment") == "old"
    scene.recovers()
