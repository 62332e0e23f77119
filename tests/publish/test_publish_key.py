"""A key that may publish and nothing else: what it can do, and what somebody who has stolen it cannot."""

from __future__ import annotations

import hashlib
import io
import shutil
import subprocess
import tarfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.publish.conftest import Host, fresh_host
from tests.publish.servers import Account, Nginx, Sshd
from tests.publish.sites import seen
from tools.publish.errors import Damaged, PublishError
from tools.publish.hosts.ssh import SCRIPT, Server
from tools.publish.target import Lock

ID = "20300101T000000Z-00000000"


@pytest.fixture(scope="module")
def restricted(
    ground: Path, account: Account, sshd: Sshd, web: Nginx, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Host]:
    """A server whose one key is limited to server.sh, with a site that was published with it, and something beside."""
    script = ground / "site-publish"
    shutil.copy(SCRIPT, script)
    script.chmod(0o755)
    before = sshd.authorized.read_text()
    with fresh_host(ground, account, sshd, web, tmp_path_factory.mktemp("key")) as host:
        sshd.authorized.write_text(
            f'command="{script} {host.folder}",restrict {(sshd.folder / "client_key.pub").read_text()}'
        )
        host.publish("zero", forced_command=True)
        host.publish("one", forced_command=True)
        outside(host).write_text("untouched")
        account.own(outside(host))
        yield host
        sshd.authorized.write_text(before)


def outside(host: Host) -> Path:
    """A file of the same account, beside the folder of releases."""
    return host.folder.parent / "outside"


@pytest.fixture
def thief(restricted: Host) -> Iterator[Server]:
    """Someone with that key, who has taken the lock and begun an upload. All that is not the upload must stay."""

    def all_else() -> set[Path]:
        upload = restricted.folder / "incoming"
        return {path for path in restricted.folder.parent.rglob("*") if upload not in path.parents}

    server = Server(restricted.config(forced_command=True))
    server.lock(Lock("cafe", "thief", "thief"))
    server.run("stage", "cafe", ID, "none")
    before = all_else()
    yield server
    assert all_else() == before
    assert outside(restricted).read_text() == "untouched"
    assert not Path("/tmp/owned-by-publish").exists()
    assert seen(restricted.nginx.url) == {"one"}
    server.run("unlock", "cafe")
    server.close()


def test_it_publishes(restricted: Host) -> None:
    assert seen(restricted.nginx.url) == {"one"}
    assert len(restricted.releases) == 2


def attempt(server: Server, command: str, data: bytes = b"", *options: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run([*server.ssh(), *options, "server", command], input=data, capture_output=True, check=False)


@pytest.mark.parametrize(
    "command",
    [
        "touch {folder}/owned",
        "site-publish look; touch {folder}/owned",
        "site-publish manifest $(touch {folder}/owned)",
        "site-publish manifest ../../etc",
        "site-publish switch none ../..",
        "site-publish receive deadbeef x",
        "rsync --server . {folder}",
        "scp -t {folder}",
        "internal-sftp",
        "sh -i",
        "site-publish stage",
        "* *",
        "site-publish stage cafe ../../outside none",
        "site-publish stage cafe {live} ../../etc",
        "site-publish switch cafe ../..",
        "site-publish receive cafe ..",
        "site-publish receive cafe -C/",
        "site-publish verify cafe ../releases 0",
        "site-publish prune cafe -1",
        "site-publish prune cafe 0;id",
    ],
)
def test_what_it_cannot_do(restricted: Host, thief: Server, command: str) -> None:
    done = attempt(thief, command.format(folder=restricted.folder, live=restricted.live))
    assert done.returncode != 0 or b"protocol" in done.stdout
    assert b"root:" not in done.stdout


def test_it_opens_no_way_into_the_network(restricted: Host, thief: Server) -> None:
    """Not through the server to something else, such as a database that listens there."""
    way = ["-oControlPath=none", "-W", f"127.0.0.1:{restricted.nginx.port}"]
    done = subprocess.run(
        [*thief.ssh(), *way, "server"], input=b"GET / HTTP/1.0\r\n\r\n", capture_output=True, check=False
    )
    assert b"HTTP/1" not in done.stdout
    assert done.returncode != 0


def archive(*entries: tuple[str, str]) -> bytes:
    """A tar of (name, target of a link; empty for a plain file)."""
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w") as tar:
        for name, target in entries:
            entry = tarfile.TarInfo(name)
            if target:
                entry.type, entry.linkname = tarfile.SYMTYPE, target
            else:
                entry.size = 1
            tar.addfile(entry, io.BytesIO(b"x"))
    return stream.getvalue()


def receive(server: Server, data: bytes) -> int:
    return attempt(server, f"site-publish receive cafe {ID}", data).returncode


@pytest.mark.parametrize("name", ["../../outside", "../../../outside", "/tmp/owned-by-publish"])
def test_an_archive_cannot_leave_its_folder(thief: Server, name: str) -> None:
    receive(thief, archive((name, "")))


def test_a_link_in_one_archive_leads_the_next_one_nowhere(restricted: Host, thief: Server) -> None:
    assert receive(thief, archive(("out", str(restricted.folder.parent)))) != 0
    assert receive(thief, archive(("out/outside", ""))) == 0, "a folder like others"
    found = [path for path in (restricted.folder / "incoming").rglob("*") if path.is_symlink()]
    assert found == []


def test_what_was_not_listed_is_no_release(thief: Server) -> None:
    receive(thief, archive(("page.html", "")))
    with pytest.raises(Damaged):
        thief.run("verify", "cafe", ID, "3", text="")


@pytest.mark.parametrize("name", ["../../../outside", "a/../../../../outside", "{outside}", "../../current"])
def test_a_name_to_leave_out_cannot_lead_outside(restricted: Host, thief: Server, name: str) -> None:
    with pytest.raises(PublishError, match="“stage”, 14"):
        thief.run("stage", "cafe", ID, "none", text=f"{name.format(outside=outside(restricted))}\n")


@pytest.mark.parametrize("name", ["../../../outside", "./../../../outside", "/etc/passwd", "./a/../../../../outside"])
def test_a_checksum_tells_nothing_of_files_outside(thief: Server, name: str) -> None:
    digest = hashlib.sha256(b"untouched").hexdigest()
    with pytest.raises(PublishError, match="“verify”, 14"):
        thief.run("verify", "cafe", ID, "1", text=f"{digest}  {name}\n")
