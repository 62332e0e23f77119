"""Publishing to a real OpenSSH server, as a reader of the real web server sees it."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
import threading
from pathlib import Path

import pytest

from tests.publish.conftest import Host
from tests.publish.servers import BROTLI
from tests.publish.sites import PAGES, asked, make_site, seen
from tests.surroundings import need
from tools.publish.errors import Damaged, PublishError
from tools.publish.hosts import ssh
from tools.publish.hosts.ssh import Server
from tools.publish.http import get
from tools.publish.locking import alone
from tools.publish.pipeline import Run, publish_site, rehearse, roll_back
from tools.publish.progress import Voice
from tools.publish.target import Lock


@pytest.fixture(params=["rsync", "tar"])
def either(request: pytest.FixtureRequest, host: Host) -> Host:
    """The same server, by each way to send files."""
    if request.param == "rsync":
        need("rsync")
    host.transfer = request.param
    return host


def back(host: Host, wanted: str = "") -> str:
    workspace = host.work / "mine"
    with alone("server", workspace) as own:
        return roll_back(Run(Server(host.config()), own, 5, Voice(quiet=True), workspace=workspace), wanted)


def test_a_publish_makes_the_site_live(either: Host) -> None:
    first = either.publish("one")
    assert seen(either.nginx.url) == {"one"}
    second = either.publish("two")
    assert second > first
    assert seen(either.nginx.url) == {"two"}
    assert either.live == second
    assert not (either.folder / "lock").exists()
    served = get(f"{either.nginx.url}/release.json").body.decode()
    assert f'"id": "{second}"' in served


def test_names_of_files_reach_no_shell(either: Host) -> None:
    """A name with $(…), quotes and spaces is a file like others, and nothing it says is run."""
    either.publish("one")
    release = (either.folder / "current").resolve()
    assert (release / "en/$(touch owned);`id`'\"" / "index.html").is_file()
    assert not list(either.folder.rglob("owned"))


def test_a_name_that_leaves_the_release_is_refused(host: Host) -> None:
    site = host.site("one")
    (site / "en" / "a\\b.html").write_text("x")
    workspace = host.work / "mine"
    with alone("server", workspace) as own, pytest.raises(PublishError, match="cannot be published"):
        rehearse(site, Run(Server(host.config()), own, 5, Voice(quiet=True), workspace=workspace))


def test_a_link_in_the_site_is_refused(host: Host) -> None:
    site = host.site("one")
    (site / "secret").symlink_to("/etc/passwd")
    workspace = host.work / "mine"
    with alone("server", workspace) as own, pytest.raises(PublishError, match="is a link"):
        rehearse(site, Run(Server(host.config()), own, 5, Voice(quiet=True), workspace=workspace))


def test_unchanged_files_are_not_sent_again(either: Host) -> None:
    either.publish("one")
    before = (either.folder / "current" / "robots.txt").stat().st_ino
    workspace = either.work / "mine"
    with alone("server", workspace) as own:
        run = Run(Server(either.config()), own, 5, Voice(quiet=True), workspace=workspace)
        site = make_site(either.work / "site", "one")
        (site / "fr" / "faq" / "index.html").write_text("changed")
        publish_site(site, run)
    assert (either.folder / "current" / "robots.txt").stat().st_ino == before
    assert (either.folder / "current" / "fr/faq/index.html").read_text() == "changed"
    old = [name for name in either.releases if name != either.live]
    assert "changed" not in (either.folder / "releases" / old[0] / "fr/faq/index.html").read_text()


def test_the_style_sheet_of_an_open_page_stays(host: Host) -> None:
    host.begin("one")
    page = get(f"{host.nginx.url}/en/").body.decode()
    host.publish("two")
    sheet = page.split('rel="stylesheet" href="', 1)[1].split('"', 1)[0]
    assert get(host.nginx.url + sheet).status == 200


def test_five_releases_are_kept(host: Host) -> None:
    made = [host.publish(str(number)) for number in range(6)]
    assert host.releases == made[-5:]
    assert list((host.folder / "incoming").iterdir()) == []


def test_back_to_the_release_before(host: Host) -> None:
    first, second = host.begin("one", "two")
    assert back(host) == first
    assert seen(host.nginx.url) == {"one"}
    assert back(host, second) == second
    assert seen(host.nginx.url) == {"two"}
    with pytest.raises(PublishError, match="is live already"):
        back(host, second)
    with pytest.raises(PublishError, match="there is no release"):
        back(host, "20200101T000000Z-00000000")


def test_back_to_a_damaged_release_is_refused(host: Host) -> None:
    first, _ = host.begin("one", "two")
    (host.folder / "releases" / first / PAGES[0]).write_text("damaged")
    with pytest.raises(Damaged):
        back(host)
    assert seen(host.nginx.url) == {"two"}


def test_a_rehearsal_says_what_would_change_and_writes_nothing(host: Host, capsys: pytest.CaptureFixture[str]) -> None:
    host.begin("one")
    before = sorted(host.folder.rglob("*"))
    site = make_site(host.work / "site", "one")
    (site / "en" / "faq" / "index.html").write_text("changed")
    (site / "fr" / "new").mkdir()
    (site / "fr" / "new" / "index.html").write_text("new")
    shutil.rmtree(site / "en" / "only-one")
    workspace = host.work / "mine"
    with alone("server", workspace) as own:
        changes = rehearse(site, Run(Server(host.config()), own, 5, Voice(quiet=True), workspace=workspace))
    assert changes == {
        "added": ["fr/new/index.html"],
        "changed": ["en/faq/index.html"],
        "removed": ["en/only-one/index.html"],
    }
    Voice().changes(changes)
    assert "/en/faq/" in capsys.readouterr().out
    assert sorted(host.folder.rglob("*")) == before


@pytest.mark.parametrize("case", ["foreign", "absent", "full"])
def test_targets_that_are_refused(host: Host, case: str, monkeypatch: pytest.MonkeyPatch) -> None:
    if case == "foreign":
        (host.folder / "index.php").write_text("theirs")
        expected = "did not put there"
    elif case == "absent":
        host.folder.rmdir()
        expected = "there is no server:"
    else:
        monkeypatch.setattr("tools.publish.pipeline.SPARE", 10**18)
        expected = "left; this release needs"
    with pytest.raises(PublishError, match=expected):
        host.publish("one")
    assert case == "absent" or not (host.folder / "current").exists()


def test_an_unknown_host_key_is_refused(host: Host, tmp_path: Path) -> None:
    """Another machine that answers in the server's place gets nothing."""
    config = tmp_path / "ssh_config"
    hosts = tmp_path / "known_hosts"
    hosts.write_text("")
    config.write_text(host.sshd.client.read_text().replace(str(host.sshd.folder / "known_hosts"), str(hosts)))
    with pytest.raises(PublishError, match="not the one that this machine knows") as caught:
        host.publish("one", ssh_config=str(config))
    assert "fingerprint" in caught.value.remedy
    assert list(host.folder.iterdir()) == []
    assert hosts.read_text() == "", "the unknown key was accepted"


def test_a_key_the_server_does_not_know(host: Host, tmp_path: Path) -> None:
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(tmp_path / "other")], check=True)
    config = tmp_path / "ssh_config"
    config.write_text(host.sshd.client.read_text().replace(str(host.sshd.folder / "my_key"), str(tmp_path / "other")))
    with pytest.raises(PublishError, match="does not accept this machine's key"):
        host.publish("one", ssh_config=str(config))


@pytest.mark.parametrize("name", ["T", "a-folder-of-macOS-" * 6, "with a space", "100%", "é"])
def test_wherever_temporary_files_lie_one_connection_serves_all_steps(
    host: Host, name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The address of ssh's socket may have 104 characters on macOS, 108 on Linux (#14)."""
    folder = tmp_path / name
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    before = host.sshd.proxy.connections
    host.publish("one", transfer="tar")
    assert seen(host.nginx.url) == {"one"}
    assert host.sshd.proxy.connections == before + 1
    assert not list(folder.iterdir())


def test_where_no_socket_can_be_each_step_has_its_own_connection(host: Host, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ssh, "LONGEST", 3)
    before = host.sshd.proxy.connections
    host.publish("one")
    assert seen(host.nginx.url) == {"one"}
    assert host.sshd.proxy.connections > before + 1


def test_compressed_copies_are_served(host: Host) -> None:
    host.begin("one")
    compressed = asked(f"{host.nginx.url}/en/", {"Accept-Encoding": "gzip"})
    assert compressed.headers["content-encoding"] == "gzip"
    assert compressed.body == (host.folder / "current/en/index.html.gz").read_bytes()
    if BROTLI.exists():
        brotli = asked(f"{host.nginx.url}/en/", {"Accept-Encoding": "br, gzip"})
        assert brotli.headers["content-encoding"] == "br"
        assert brotli.body == (host.folder / "current/en/index.html.br").read_bytes()


def test_nothing_hidden_is_served(host: Host) -> None:
    host.begin("one")
    for address in ("/.hosting/nginx.conf", "/.publish-target", "/en/../../lock", "/.htaccess"):
        assert get(host.nginx.url + address).status in (400, 404)


def test_only_the_owner_of_the_folder_writes(host: Host) -> None:
    host.publish("one")
    for path in (host.folder / "current").resolve().rglob("*"):
        assert not path.stat().st_mode & 0o022
        assert os.access(path, os.R_OK)


def test_a_switch_is_never_seen(host: Host) -> None:
    """Readers ask while the link changes fifty times, and each gets a page (bench/publish.py does more)."""
    names = [host.publish("one"), host.publish("two")]
    server = Server(host.config())
    server.lock(Lock("reading", "test", "test"))
    stop, wrong, asked = threading.Event(), [], [0]

    def read() -> None:
        while not stop.is_set():
            answer = get(f"{host.nginx.url}/en/faq/")
            asked[0] += 1
            if answer.status != 200:
                wrong.append(answer.status)

    readers = [threading.Thread(target=read) for _ in range(2)]
    for reader in readers:
        reader.start()
    for number in range(50):
        server.switch(names[number % 2])
    stop.set()
    for reader in readers:
        reader.join()
    server.unlock()
    server.close()
    assert asked[0] > 100
    assert wrong == []
