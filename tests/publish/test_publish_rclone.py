"""Publishing by rclone: an S3 store, SFTP and WebDAV hosting, served on this machine."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from plugins.hosting.hosts import nginx as nginx_rules
from tests.publish.conftest import need
from tests.publish.servers import NGINX, Account, Cloud, Nginx
from tests.publish.sites import LANGUAGES, make_site, seen
from tools.publish.config import RcloneTarget
from tools.publish.errors import Locked, PublishError
from tools.publish.locking import alone
from tools.publish.pipeline import Run, publish_site, roll_back, unobserved
from tools.publish.progress import Voice
from tools.publish.rclone import Store, program
from tools.publish.target import Lock

ROOT = Path(__file__).resolve().parents[2]


@dataclass
class Hosting:
    """A hosting account, a web server over its public folder, and a place to work in."""

    cloud: Cloud
    nginx: Nginx
    work: Path

    def config(self, **changes: object) -> RcloneTarget:
        entry = {"kind": "rclone", "name": "store", "remote": "store:site", "url": self.nginx.url, "patience": 0}
        return RcloneTarget.model_validate(entry | {"rclone_config": str(self.cloud.config)} | changes)

    @property
    def public(self) -> Path:
        return self.cloud.served / "site"

    def run(self, own: Lock, checkout: str = "mine", observe=unobserved, **changes: object) -> Run:  # type: ignore[no-untyped-def]
        store = Store(self.config(**changes))
        store.observe = observe
        return Run(store, own, 5, Voice(quiet=True), observe, self.work / checkout)

    def publish(self, edition: str, checkout: str = "mine", break_lock=False, **more) -> str:  # type: ignore[no-untyped-def]
        with alone("store", self.work / checkout) as own:
            site = make_site(self.work / "site", edition)
            return publish_site(site, self.run(own, checkout, **more), break_lock)


@pytest.fixture(scope="module", params=["s3"])
def cloud(request: pytest.FixtureRequest, ground: Path, account: Account) -> Iterator[Cloud]:
    need(program(), "ssh-keyscan")
    folder = Path(tempfile.mkdtemp(dir=ground))
    folder.chmod(0o755)
    server = Cloud.start(request.param, folder / "cloud", account, program())
    yield server
    server.stop()


@pytest.fixture(scope="module")
def front(cloud: Cloud, ground: Path, account: Account) -> Iterator[Nginx]:
    need(NGINX)
    rules = cloud.served.parent / "rules.conf"
    rules.write_text(nginx_rules(LANGUAGES), encoding="utf-8")
    server = Nginx.start(cloud.served.parent / "nginx", account, f"root {cloud.served}/site;\ninclude {rules};")
    yield server
    server.stop()


@pytest.fixture
def hosting(cloud: Cloud, front: Nginx, account: Account, tmp_path: Path) -> Iterator[Hosting]:
    cloud.proxy.refuse = False
    yield Hosting(cloud, front, tmp_path)
    cloud.proxy.refuse = False
    shutil.rmtree(cloud.served / "site")
    (cloud.served / "site").mkdir()
    account.own(cloud.served / "site")


EVERY = pytest.mark.parametrize("cloud", ["s3", "sftp", "webdav"], indirect=True)


@EVERY
def test_publish_again_and_back(hosting: Hosting) -> None:
    first = hosting.publish("one")
    assert seen(hosting.nginx.url) == {"one"}
    second = hosting.publish("two")
    assert seen(hosting.nginx.url) == {"two"}
    assert not (hosting.public / "en" / "only-one" / "index.html").exists()
    assert len(list((hosting.public / "theme").glob("main.*.css"))) == 2, (
        "a page opened before still finds its style sheet"
    )
    assert hosting.publish("two") == second
    with alone("store", hosting.work / "mine") as own:
        assert roll_back(hosting.run(own)) == first
    assert seen(hosting.nginx.url) == {"one"}
    assert (hosting.public / "en" / "only-one" / "index.html").exists()
    assert not list((hosting.public / ".publish" / "locks").glob("*"))


def test_a_failed_check_puts_the_old_pages_back(hosting: Hosting) -> None:
    old = hosting.publish("old")
    with pytest.raises(PublishError, match=f"Live again: {old}"):
        hosting.publish("new", url="http://127.0.0.1:1")
    assert seen(hosting.nginx.url) == {"old"}
    hosting.publish("newer")
    assert seen(hosting.nginx.url) == {"newer"}


STEPS = ["after lock", "after upload", "during switch", "after switch"]
KILLED = [("s3", step) for step in STEPS] + [("sftp", "during switch")]


@pytest.mark.parametrize(("cloud", "step"), KILLED, indirect=["cloud"])
def test_killed(hosting: Hosting, step: str) -> None:
    """The site is whole, but for a switch that is broken off: whole pages of two releases, until the next publish."""
    hosting.publish("old")
    site = make_site(hosting.work / "site", "new")
    arguments = [hosting.config().model_dump_json(), str(site), str(hosting.work / "mine"), step, "SIGKILL"]
    done = subprocess.run(
        [sys.executable, "-m", "tests.publish.driver", *arguments],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == -9, done.stderr
    found = seen(hosting.nginx.url)  # every page has its own style sheet, whichever release it is of
    if step != "during switch":
        assert found == ({"new"} if step == "after switch" else {"old"})
    hosting.publish("newer")
    assert seen(hosting.nginx.url) == {"newer"}


def test_a_lock_of_another_machine(hosting: Hosting) -> None:
    hosting.publish("old")
    with alone("store", hosting.work / "other") as other:
        store = Store(hosting.config())
        store.look()
        store.lock(other)
        with pytest.raises(Locked, match="is publishing"):
            hosting.publish("new")
        store.unlock()
    hosting.publish("new")
    assert seen(hosting.nginx.url) == {"new"}


def test_a_folder_with_someone_elses_files(hosting: Hosting) -> None:
    (hosting.public / "index.php").write_text("theirs")
    with pytest.raises(PublishError, match="did not put there"):
        hosting.publish("new")
    assert [path.name for path in hosting.public.iterdir()] == ["index.php"]


def test_network_gone_during_the_switch(hosting: Hosting, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tools.publish.pipeline.PAUSES", (0.0,))
    monkeypatch.setattr("tools.publish.rclone.OPTIONS", ["--low-level-retries=1", "--retries=1"])
    hosting.publish("old")

    def vanish(now: str) -> None:
        if now == "before switch":
            hosting.cloud.proxy.refuse = True
            hosting.cloud.proxy.cut()

    with pytest.raises(PublishError, match="could not be put back"):
        hosting.publish("new", observe=vanish)
    assert seen(hosting.nginx.url) == {"old"}
    hosting.cloud.proxy.refuse = False
    hosting.publish("newer")
    assert seen(hosting.nginx.url) == {"newer"}


def test_damaged_objects_are_sent_again(hosting: Hosting) -> None:
    def damage(now: str) -> None:
        if now == "after upload" and not done:
            done.append(now)
            for file in (hosting.public / ".publish" / "objects").iterdir():
                file.write_bytes(b"damaged")

    done: list[str] = []
    hosting.publish("old")
    hosting.publish("new", observe=damage)
    assert done
    assert seen(hosting.nginx.url) == {"new"}
