"""What is found on the server: it is judged before anything is sent, and comes back as it was (#12)."""

from __future__ import annotations

import os
import shutil
import stat
import subprocess
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import pytest

from tests.publish.conftest import Host
from tests.publish.servers import borrowed
from tests.publish.sites import PAGES, altered, seen
from tests.surroundings import need
from tools.publish import commands
from tools.publish.errors import Locked, PublishError
from tools.publish.hosts.ssh import SCRIPT, Server
from tools.publish.locking import alone
from tools.publish.pipeline import Run, roll_back
from tools.publish.progress import Voice
from tools.publish.target import Lock

pytestmark = pytest.mark.long

NOBODY = "http://127.0.0.1:1"  # where no site answers, so that a check fails
ODD = ["99991231T235959Z-00000000", "20261399T000000Z-00000000", "20260230T000000Z-00000000"]


@pytest.fixture
def stranger(host: Host) -> Path:
    """A folder of somebody else's, of the same account, with a file in it."""
    folder = Path(f"{host.folder}-theirs")
    folder.mkdir()
    (folder / "letter.txt").write_text("theirs")
    host.sshd.account.own(folder)
    return folder


def fingerprint(folder: Path) -> dict[str, tuple[int, str]]:
    """Every name below a folder, what it is, and what it holds or leads to."""

    def held(path: Path) -> str:
        return str(path.readlink()) if path.is_symlink() else path.read_text(errors="replace") if path.is_file() else ""

    found = {path.relative_to(folder).as_posix(): path for path in folder.rglob("*")}
    return {name: (stat.S_IFMT(path.lstat().st_mode), held(path)) for name, path in found.items()}


def back(host: Host, wanted: str = "") -> str:
    workspace = host.work / "mine"
    with alone("server", workspace) as own:
        return roll_back(Run(Server(host.config()), own, 5, Voice(quiet=True), workspace=workspace), wanted)


# what `current` may lead to
LEADS = {
    "elsewhere": lambda host: f"{host.folder}-theirs",
    "out of releases": lambda host: f"releases/../../{host.folder.name}-theirs",
    "to nothing": lambda host: "releases/20200101T000000Z-00000000",
    "to nothing at all": lambda host: "nowhere/of this name",
}


@pytest.mark.parametrize("lead", LEADS)
def test_a_link_that_leads_elsewhere_comes_back_as_it_was(host: Host, stranger: Path, lead: str) -> None:
    """And a publish that checks out takes its place."""
    host.begin("old")
    current, target = host.folder / "current", LEADS[lead](host)
    current.unlink()
    current.symlink_to(target)
    with pytest.raises(PublishError, match=r"Live again: what was there before"):
        host.publish("new", url=NOBODY)
    assert str(current.readlink()) == target
    assert [path.name for path in stranger.iterdir()] == ["letter.txt"]
    host.publish("newer")
    assert seen(host.nginx.url) == {"newer"}
    assert [path.name for path in stranger.iterdir()] == ["letter.txt"]


MADE: dict[str, Callable[[Path], object]] = {
    "folder": lambda path: path.mkdir(),
    "file": lambda path: path.write_text("theirs"),
    "pipe": os.mkfifo,
    "link": lambda path: path.symlink_to(f"{path.parent}-theirs"),
}


@pytest.mark.parametrize(
    ("name", "kind"),
    [("current", "folder"), ("current", "file"), ("current", "pipe")]
    + [(name, kind) for name in ("releases", "incoming") for kind in ("link", "file", "pipe")],
)
def test_something_else_under_our_name_is_told_before_anything_is_sent(
    host: Host, stranger: Path, name: str, kind: str
) -> None:
    host.begin("old")
    place = host.folder / name
    place.rename(host.folder / "aside")
    MADE[kind](place)
    before, theirs = fingerprint(host.folder), fingerprint(stranger)
    sent: list[str] = []
    with pytest.raises(PublishError, match=rf"in server:\S+, {name} is not what this site puts there") as caught:
        host.publish("new", sent.append)
    assert sent == [], "something was begun"
    assert "Nothing was touched" in caught.value.remedy
    assert fingerprint(host.folder) == before
    assert fingerprint(stranger) == theirs


def test_what_is_not_ours_stays_untouched(host: Host, stranger: Path) -> None:
    """Among our folders, in folders and under names that are nearly ours; whatever is published, dropped, pruned."""
    (first,) = host.begin("old")
    ours = host.folder
    for place in (
        "releases/notes",
        "incoming/documents",
        "releases/20260101T000000Z-0000000",
        *(f"releases/{it}" for it in ODD),
    ):
        shutil.copytree(stranger, ours / place)
    (ours / "releases/20200101T000000Z-00000000").symlink_to(stranger)
    (ours / "incoming/20200102T000000Z-00000000").symlink_to(stranger)
    (ours / "incoming/letter.txt").write_text("theirs")
    host.sshd.account.own(ours)
    with pytest.raises(PublishError):
        host.publish("new", url=NOBODY)
    for edition in ("a", "b", "c", "d", "e"):
        host.publish(edition)
    assert first not in host.releases
    places = [
        "releases/notes",
        "incoming/documents",
        *(f"releases/{it}" for it in ODD),
        "releases/20200101T000000Z-00000000",
    ]
    for place in places:
        assert (ours / place / "letter.txt").read_text() == "theirs", place
    assert (ours / "incoming/letter.txt").read_text() == "theirs"
    assert (stranger / "letter.txt").read_text() == "theirs"


def test_a_link_inside_a_release_is_never_followed(host: Host, stranger: Path) -> None:
    """The next publish starts from the files of this one, and leaves out those that are gone."""
    (old,) = host.begin("old")
    only = host.folder / "releases" / old / "en" / "only-old"
    shutil.rmtree(only)
    (stranger / "index.html").write_text("theirs")
    only.symlink_to(stranger)
    host.publish("new")
    assert seen(host.nginx.url) == {"new"}
    assert sorted(path.name for path in stranger.iterdir()) == ["index.html", "letter.txt"]


def test_names_that_are_no_time(host: Host, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    (old,) = host.begin("old")
    for name in ODD:
        (host.folder / "releases" / name).mkdir()
        (host.folder / "releases" / name / "release.json").write_text("{}")
    file = tmp_path / "publish.toml"
    file.write_text(
        f'target = "server"\n[targets.server]\nkind = "ssh"\nhost = "server"\nfolder = "{host.folder}"\n'
        f'ssh_config = "{host.sshd.client}"\n'
    )
    commands.releases(file=file)
    said = capsys.readouterr().out
    assert old in said
    assert not any(name in said for name in ODD)
    host.publish("new")
    assert back(host) == old


# the lock


@contextmanager
def emptied(lock: Path) -> Iterator[None]:
    lock.write_text("")
    yield
    assert not lock.exists()


@contextmanager
def odd(lock: Path) -> Iterator[None]:
    lock.write_bytes(b"\xff\x00 $(id)\n../..\n")
    yield
    assert not lock.exists()


@contextmanager
def a_folder(lock: Path) -> Iterator[None]:
    lock.mkdir()
    yield
    assert not lock.exists()


@contextmanager
def a_full_folder(lock: Path) -> Iterator[None]:
    """What is in it is somebody's: it is kept."""
    lock.mkdir()
    (lock / "letter.txt").write_text("theirs")
    yield
    assert [path.read_text() for path in lock.parent.glob("lock-found-*/letter.txt")] == ["theirs"]


@contextmanager
def a_link(lock: Path) -> Iterator[None]:
    letter = Path(f"{lock.parent}-theirs") / "letter.txt"
    lock.symlink_to(letter)
    yield
    assert letter.read_text() == "theirs"


@contextmanager
def a_pipe(lock: Path) -> Iterator[None]:
    os.mkfifo(lock)
    yield
    assert not lock.exists()


@pytest.mark.parametrize("kind", [emptied, odd, a_folder, a_full_folder, a_link, a_pipe])
def test_a_lock_of_any_kind_can_be_broken(
    host: Host, stranger: Path, kind: Callable[[Path], AbstractContextManager[None]]
) -> None:
    host.begin("old")
    with kind(host.folder / "lock"):
        host.sshd.account.own(host.folder)
        with pytest.raises(Locked, match="someone is publishing") as caught:
            host.publish("new")
        assert "--break-lock" in caught.value.remedy
        assert seen(host.nginx.url) == {"old"}
        host.publish("new", break_lock=True)
        assert seen(host.nginx.url) == {"new"}


def test_a_lock_that_came_since_is_not_broken(host: Host) -> None:
    host.begin("old")
    server = Server(host.config())
    server.lock(Lock("cafe", "elsewhere", "joe@example"))
    server.break_lock(Lock("odd", "?", "someone"))
    server.break_lock(Lock("beef", "?", "someone"))
    assert (host.folder / "lock").read_text().startswith("cafe ")
    server.unlock()
    server.close()


# by its content


@pytest.mark.parametrize("change", ["no files", "a page and its digest", "a page more", "the id of another"])
def test_a_rollback_goes_to_what_was_verified(host: Host, change: str) -> None:
    first, _ = host.begin("one", "two")
    before = str((host.folder / "current").readlink())
    release = host.folder / "releases" / first
    page = release / PAGES[0]
    manifest = release / "release.json"
    text = altered(manifest.read_text(), change)
    if change == "a page and its digest":
        page.write_text("altered")
        digest = subprocess.run(["sha256sum", page], capture_output=True, text=True, check=True).stdout.split()[0]
        text = text.replace("0" * 64, digest)
    manifest.write_text(text)
    with pytest.raises(PublishError, match=r"not as it was written|of another release"):
        back(host)
    assert str((host.folder / "current").readlink()) == before
    assert seen(host.nginx.url) == {"two"}
    host.publish("three")
    assert seen(host.nginx.url) == {"three"}


# the server's shell and tools


@contextmanager
def forced(host: Host, script: str = "{ours}", head: str = "", shell: str = "sh") -> Iterator[None]:
    """The server runs this script, which may run ours as {ours}, for whatever it is asked; `head` changes ours."""
    place, ours = host.folder.with_name(f"{host.folder.name}-run"), host.folder.with_name(f"{host.folder.name}-ours")
    ours.write_text(SCRIPT.read_text().replace("export LC_ALL PATH\n", f"{head}\nexport LC_ALL PATH\n"))
    place.write_text(script.format(ours=f"{shell} {ours} {host.folder}"))
    for file in (place, ours):
        file.chmod(0o755)
    before = host.sshd.authorized.read_text()
    key = (host.sshd.folder / "client_key.pub").read_text()
    host.sshd.authorized.write_text(f'command="{shell} {place}",restrict {key}')
    try:
        yield
    finally:
        host.sshd.authorized.write_text(before)


@pytest.mark.parametrize("script", ["echo Welcome to joe:hunter2\n{ours}", "{ours}\necho logout hunter2"])
def test_a_login_shell_that_prints_is_found_before_anything_is_sent(host: Host, script: str) -> None:
    begun: list[str] = []
    with forced(host, script), pytest.raises(PublishError, match="prints something by itself") as caught:
        host.publish("one", begun.append, forced_command=True)
    assert begun == []
    assert "bashrc" in caught.value.remedy
    assert "hunter2" not in str(caught.value)
    assert list(host.folder.iterdir()) == []


def test_an_older_script_on_the_server_is_told(host: Host) -> None:
    with forced(host, "{ours} | sed 's/protocol 2/protocol 1/'"), pytest.raises(PublishError) as caught:
        host.publish("one", forced_command=True)
    assert "copy server.sh there anew" in caught.value.remedy


def test_a_server_with_busybox_alone(host: Host, ground: Path) -> None:
    """find without -empty, tar without pax, and none of GNU's programs."""
    busybox = shutil.which("busybox")
    need("busybox")
    assert busybox
    programs = ground / "busybox-tools"
    if not programs.exists():
        programs.mkdir()
        for name in subprocess.run([busybox, "--list"], capture_output=True, text=True, check=True).stdout.split():
            (programs / name).symlink_to(borrowed(busybox, ground))
    with forced(host, head=f"PATH={programs}", shell=f"{programs}/sh"):
        made = [host.publish(edition, forced_command=True) for edition in ("one", "two", "three")]
        assert seen(host.nginx.url) == {"three"}
        with pytest.raises(PublishError, match=f"Live again: {made[-1]}"):
            host.publish("four", forced_command=True, url=NOBODY)
    assert host.releases == made
    assert list((host.folder / "incoming").iterdir()) == []
    assert not (host.folder / "current" / "en" / "only-two").exists(), "an empty folder was left"
    assert (host.folder / "current" / "en/a photo’s page/index.html").is_file()


def test_uploads_that_fail_leave_no_heap(host: Host) -> None:
    host.begin("old")

    def spoil(step: str) -> None:
        if step == "after upload":
            for sheet in (host.folder / "incoming").rglob("*.css"):
                sheet.unlink()

    for _ in range(2):
        with pytest.raises(PublishError, match="The live site was not touched"):
            host.publish("new", spoil)
    assert len(list((host.folder / "incoming").iterdir())) == 1
    host.publish("new")
    assert list((host.folder / "incoming").iterdir()) == []
