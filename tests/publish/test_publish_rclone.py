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
from tests.publish.servers import NGINX, Account, Cloud, Nginx
from tests.publish.sites import LANGUAGES, altered, dead_links, make_site, only, seen
from tests.surroundings import need
from tools.publish.config import RcloneTarget
from tools.publish.errors import Locked, PublishError
from tools.publish.hosts.program import program
from tools.publish.hosts.rclone import Store, in_order
from tools.publish.locking import alone, inherited
from tools.publish.pipeline import Run, publish_site, roll_back, unobserved
from tools.publish.progress import Voice
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

    def begin(self, *editions: str) -> list[str]:
        """Have these published, one after the other, where nothing is; what that made is copied the next time."""
        kept = self.cloud.served.parent / "-".join(("begun", *editions))
        if kept.exists():
            shutil.copytree(kept / "site", self.public, dirs_exist_ok=True)
            self.cloud.account.own(self.public)
        else:
            ids = [self.publish(edition) for edition in editions]
            shutil.copytree(self.public, kept / "site")
            (kept / "ids").write_text(" ".join(ids))
        return (kept / "ids").read_text().split()

    def back(self, wanted: str = "") -> str:
        with alone("store", self.work / "mine") as own:
            return roll_back(self.run(own), wanted)


@pytest.fixture(scope="module", params=["s3"])
def cloud(request: pytest.FixtureRequest, ground: Path, account: Account) -> Iterator[Cloud]:
    need(program(), "ssh-keyscan")
    folder = Path(tempfile.mkdtemp(dir=ground))
    folder.chmod(0o755)
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("GOGC", "off")  # rclone runs a thousand times here, too briefly to collect its garbage
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
    cloud.proxy.mute.clear()
    shutil.rmtree(cloud.served / "site")
    (cloud.served / "site").mkdir()
    account.own(cloud.served / "site")


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
    assert hosting.back() == first
    assert seen(hosting.nginx.url) == {"one"}
    assert (hosting.public / "en" / "only-one" / "index.html").exists()
    assert not list((hosting.public / ".publish" / "locks").glob("*"))


def test_a_failed_check_puts_the_old_pages_back(hosting: Hosting) -> None:
    (old,) = hosting.begin("old")
    with pytest.raises(PublishError, match=f"Live again: {old}"):
        hosting.publish("new", url="http://127.0.0.1:1")
    assert seen(hosting.nginx.url) == {"old"}
    store = Store(hosting.config())
    assert store.look().releases == [old]
    store.close()
    hosting.publish("newer")
    assert seen(hosting.nginx.url) == {"newer"}


STEPS = ["after lock", "after upload", "during switch", "after switch"]
KILLED = [pytest.param("s3", step, marks=[pytest.mark.long] * (step != "during switch")) for step in STEPS]
KILLED.append(pytest.param("sftp", "during switch", marks=pytest.mark.long))


def run_driver(hosting: Hosting, step: str, signal_name: str) -> subprocess.CompletedProcess[str]:
    site = make_site(hosting.work / "site", "new")
    arguments = [hosting.config().model_dump_json(), str(site), str(hosting.work / "mine"), step, signal_name]
    command = [sys.executable, "-m", "tests.publish.driver", *arguments]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


@pytest.mark.parametrize(("cloud", "step"), KILLED, indirect=["cloud"])
def test_killed(hosting: Hosting, step: str) -> None:
    """The site is whole, but for a switch that is broken off: whole pages of two releases, until the next publish."""
    hosting.begin("old")
    done = run_driver(hosting, step, "SIGKILL")
    assert done.returncode == -9, done.stderr
    found = seen(hosting.nginx.url)  # every page has its own style sheet, whichever release it is of
    if step != "during switch":
        assert found == ({"new"} if step == "after switch" else {"old"})
    hosting.publish("newer")
    assert seen(hosting.nginx.url) == {"newer"}


@pytest.mark.long
def test_told_to_stop_during_the_switch(hosting: Hosting) -> None:
    hosting.begin("old")
    done = run_driver(hosting, "during switch", "SIGTERM")
    assert done.returncode != 0
    assert seen(hosting.nginx.url) == {"old"}
    assert not (hosting.public / only("new")).exists()
    assert not list((hosting.public / ".publish" / "locks").glob("*"))


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("Failed to copy: write: no space left on device", "there is no room left on store:site"),
        ("Failed: 507 Insufficient Storage", "there is no room left on store:site"),
        ("PUT https://me:secret@dav.example.org/x?sig=secret refused", "store:site refused or did not answer"),
        ("ssh: knownhosts: key mismatch", "the host key of store:site is not the known one"),
        ("didn't find section in config file", "rclone knows no remote “store”"),
        ("\x1b[2Jgone", "store:site refused or did not answer"),
    ],
)
def test_what_rclone_says_in_plain_words_and_without_secrets(said: str, told: str) -> None:
    store = Store(RcloneTarget.model_validate({"kind": "rclone", "name": "store", "remote": "store:site"}))
    explained = str(store.rclone.explain(1, said))
    store.close()
    assert told in explained
    assert "secret" not in explained
    assert "\x1b" not in explained


class Killed(BaseException):
    """The process is gone: nothing is put right any more."""


def break_off(hosting: Hosting, monkeypatch: pytest.MonkeyPatch, edition: str, groups: int) -> None:
    """Publish until so many groups of files of the switch are written, and no further."""
    written: list[str] = []

    def observe(now: str) -> None:
        written.extend([now] if now == "during switch" else [])
        if len(written) == groups:
            raise Killed

    with monkeypatch.context() as patched:
        patched.setattr("tools.publish.pipeline.insist", lambda action: None)
        with pytest.raises(Killed):
            hosting.publish(edition, observe=observe)


def halfway(hosting: Hosting) -> bool:
    store = Store(hosting.config())
    state = store.look()
    store.close()
    return bool(state.halfway)


AFTER = {"new pages": 4, "changed pages": 5, "home pages": 6, "lists": 7, "release.json": 8}  # groups of in_order


@pytest.mark.long
def test_a_switch_that_is_broken_off(hosting: Hosting, monkeypatch: pytest.MonkeyPatch) -> None:
    """At no moment does a link lead nowhere or a page lack its style sheet; and it needs no repair by hand."""
    assert len(in_order([], [])) + 1 == max(AFTER.values())
    live = "one"
    hosting.begin(live)
    for number, groups in enumerate(AFTER.values()):
        break_off(hosting, monkeypatch, f"broken-{number}", groups)
        assert halfway(hosting)
        assert seen(hosting.nginx.url) <= {live, f"broken-{number}"}
        assert dead_links(hosting.nginx.url) == set()
        live = f"next-{number}"
        hosting.publish(live)
        assert seen(hosting.nginx.url) == {live}
        assert dead_links(hosting.nginx.url) == set()
    assert [path.parent.name for path in hosting.public.glob("en/only-*/*")] == [f"only-{live}"]


REPAIRS = {
    "publish the same again": lambda hosting: hosting.publish("new") and "new",
    "publish what was live": lambda hosting: hosting.publish("old") and "old",
    "rollback": lambda hosting: hosting.back() and "old",
}


@pytest.mark.long
@pytest.mark.parametrize("repair", REPAIRS)
def test_each_way_to_set_it_right(hosting: Hosting, monkeypatch: pytest.MonkeyPatch, repair: str) -> None:
    hosting.begin("old")
    break_off(hosting, monkeypatch, "new", AFTER["changed pages"])
    now = REPAIRS[repair](hosting)
    assert seen(hosting.nginx.url) == {now}
    assert (hosting.public / only("new")).exists() == (now == "new")
    assert not halfway(hosting)


def test_a_new_page_comes_before_and_an_old_one_goes_after_those_that_name_it(hosting: Hosting) -> None:
    hosting.begin("old")
    found = []

    def observe(now: str) -> None:
        if now == "during switch":
            found.append(((hosting.public / only("new")).exists(), (hosting.public / only("old")).exists()))
            assert dead_links(hosting.nginx.url) == set()

    hosting.publish("new", observe=observe)
    assert found[0] == (False, True)
    assert found[-1] == (True, True)
    assert not (hosting.public / only("old")).exists()


def test_what_somebody_changed_in_the_public_folder_is_put_back(hosting: Hosting) -> None:
    (first,) = hosting.begin("old")
    (hosting.public / "robots.txt").write_text("theirs")
    (hosting.public / "fr" / "faq" / "index.html").unlink()
    assert hosting.publish("old") > first
    assert seen(hosting.nginx.url) == {"old"}
    assert (hosting.public / "robots.txt").read_text() == "# old\n"


def test_a_broken_lock_stops_the_slower_one(hosting: Hosting) -> None:
    hosting.begin("old")

    def overtake(now: str) -> None:
        if now == "before switch":
            hosting.publish("other", checkout="another", break_lock=True)

    with pytest.raises(PublishError, match="broke our lock"):
        hosting.publish("new", observe=overtake)
    assert seen(hosting.nginx.url) == {"other"}
    hosting.publish("newer")
    assert seen(hosting.nginx.url) == {"newer"}


@pytest.mark.parametrize("cloud", ["sftp"], indirect=True)
@pytest.mark.long
def test_what_sftp_has_more(hosting: Hosting, monkeypatch: pytest.MonkeyPatch) -> None:
    """Folders, which are removed when nothing is left in them; and a disk, whose free space is known."""
    hosting.begin("one")
    assert (hosting.public / only("one")).parent.is_dir()
    hosting.publish("two")
    assert not (hosting.public / only("one")).parent.exists()
    monkeypatch.setattr("tools.publish.pipeline.SPARE", 10**18)
    with pytest.raises(PublishError, match="left; this release needs"):
        hosting.publish("three")
    assert seen(hosting.nginx.url) == {"two"}


def test_the_lock_lasts_until_what_a_killed_publisher_started_has_ended(tmp_path: Path) -> None:
    with alone("store", tmp_path):
        child = subprocess.Popen(["cat"], stdin=subprocess.PIPE, pass_fds=inherited())
    with pytest.raises(Locked, match="on this machine"), alone("store", tmp_path):
        pass
    child.communicate()
    with alone("store", tmp_path):
        pass


@pytest.mark.long
def test_a_lock_of_another_machine(hosting: Hosting) -> None:
    hosting.begin("old")
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


@pytest.mark.long
def test_network_gone_during_the_switch(hosting: Hosting, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tools.publish.pipeline.PAUSES", (0.0,))
    hosting.begin("old")

    def vanish(now: str) -> None:
        if now == "before switch":  # until then a slow answer is waited for
            monkeypatch.setattr("tools.publish.hosts.rclone_command.OPTIONS", ["--low-level-retries=1", "--retries=1"])
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
    hosting.begin("old")
    hosting.publish("new", observe=damage)
    assert done
    assert seen(hosting.nginx.url) == {"new"}


def test_a_stranger_s_files_are_never_removed(hosting: Hosting) -> None:
    """Neither beside the pages, nor beside what is kept, nor in a folder that only looks like one of ours."""
    (first,) = hosting.begin("one")
    aside = hosting.public / ".publish"
    theirs = ["en/letter.txt", "uploads/picture.png", ".publish/objects/letter.txt", ".publish/objects/a/b.txt"]
    theirs += [
        ".publish/releases/letter.txt",
        ".publish/releases/20261399T000000Z-00000000.json",
        ".publish/letter.txt",
    ]
    for name in theirs:
        file = hosting.public / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("theirs")
    for edition in ("two", "three", "four", "five", "six"):
        hosting.publish(edition)
    assert first not in [file.stem for file in (aside / "releases").iterdir()]
    hosting.back()
    assert seen(hosting.nginx.url) == {"five"}
    assert [name for name in theirs if not (hosting.public / name).is_file()] == []


@pytest.mark.parametrize("cloud", ["sftp"], indirect=True)
@pytest.mark.long
def test_a_stranger_s_empty_folder_stays(hosting: Hosting, account: Account) -> None:
    hosting.begin("one")
    (hosting.public / "uploads" / "2026").mkdir(parents=True)
    (hosting.public / "en" / "uploads").mkdir(parents=True)
    account.own(hosting.public)
    hosting.publish("two")
    assert not (hosting.public / only("one")).parent.exists(), "ours goes"
    assert (hosting.public / "uploads" / "2026").is_dir()
    assert (hosting.public / "en" / "uploads").is_dir()


def test_what_is_kept_belongs_to_one_public_folder(hosting: Hosting) -> None:
    """Another one, named with the same `aside`, may hold anything: it is not written to."""
    hosting.publish("one", aside="store:site/kept")
    other = hosting.public.parent / "other"
    other.mkdir()
    (other / "index.html").write_text("theirs")
    with pytest.raises(PublishError, match="keeps the releases of another public folder than store:other"):
        hosting.publish("two", remote="store:other", aside="store:site/kept")
    assert [path.name for path in other.iterdir()] == ["index.html"]
    shutil.rmtree(other)


@pytest.mark.long
def test_what_is_live_is_known_without_its_note(hosting: Hosting) -> None:
    """From the release.json that readers get; a check that fails puts that release back."""
    (old,) = hosting.begin("old")
    (hosting.public / ".publish" / "live").write_text("[" * 10_000)
    with pytest.raises(PublishError, match=f"Live again: {old}"):
        hosting.publish("new", url="http://127.0.0.1:1")
    assert seen(hosting.nginx.url) == {"old"}


@pytest.mark.long
def test_where_nothing_says_what_is_live_nothing_is_sent(hosting: Hosting) -> None:
    """And no page is removed, whatever fails then; a release that is chosen sets it right."""
    (old,) = hosting.begin("old")
    (hosting.public / ".publish" / "live").write_text("")
    (hosting.public / "release.json").write_text("{}")
    with pytest.raises(PublishError, match="no record of what is live") as caught:
        hosting.publish("new")
    assert "invoke rollback --to" in caught.value.remedy
    with alone("store", hosting.work / "mine") as own, pytest.raises(PublishError, match="could not be put back"):
        roll_back(hosting.run(own, url="http://127.0.0.1:1"), old)
    assert seen(hosting.nginx.url) == {"old"}
    hosting.publish("new")
    assert seen(hosting.nginx.url) == {"new"}


@pytest.mark.parametrize("change", ["no files", "a page and its digest", "a page more", "the id of another"])
def test_a_rollback_goes_to_what_was_verified(hosting: Hosting, change: str) -> None:
    first, _ = hosting.begin("one", "two")
    manifest = hosting.public / ".publish" / "releases" / f"{first}.json"
    manifest.write_text(altered(manifest.read_text(), change))
    with pytest.raises(PublishError, match=r"not as it was written|of another release"):
        hosting.back()
    assert seen(hosting.nginx.url) == {"two"}


@pytest.mark.long
def test_a_lock_that_never_came_whole_is_none(hosting: Hosting, account: Account) -> None:
    """On a full disk rclone leaves the beginning of a file, under a name of its own (#17)."""
    hosting.begin("old")
    file = hosting.public / ".publish" / "locks" / "3964072cf335eb4c.9bdfc3c7.partial"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.touch()
    account.own(hosting.public)
    hosting.publish("new")
    assert seen(hosting.nginx.url) == {"new"}


@pytest.mark.parametrize("name", ["joe", "a/folder", "odd name"])
def test_a_lock_of_any_kind_can_be_broken(hosting: Hosting, account: Account, name: str) -> None:
    """Empty, in a folder, and several of them."""
    hosting.begin("old")
    for lock in (name, "another"):
        file = hosting.public / ".publish" / "locks" / lock
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(b"\xff\x00" if lock == name else b"")
    account.own(hosting.public)
    with pytest.raises(Locked, match="someone is publishing"):
        hosting.publish("new")
    hosting.publish("new", break_lock=True)
    assert seen(hosting.nginx.url) == {"new"}
