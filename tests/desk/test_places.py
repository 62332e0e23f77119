"""Where the site goes, said on the desk: each kind of host as a real server, what goes wrong, where passwords are."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import keyring
import pytest
from keyring.backend import KeyringBackend
from keyring.backends import fail

from tests.desk.hosting import Hosting, serve
from tests.desk.publishing import Publisher
from tests.publish.conftest import account, ground, sshd  # noqa: F401 - fixtures
from tests.publish.servers import Account, Sshd, free_port
from tests.publish.sites import make_site
from tests.surroundings import need
from tools.publish.commands import publish
from tools.publish.config import read_config
from tools.publish.host_keys import own_key

KINDS = ("sftp", "ftp", "webdav", "s3")


class Fake(KeyringBackend):
    """A keychain that works, in memory."""

    priority = 5
    name = "Keychain for tests"

    def __init__(self) -> None:
        super().__init__()
        self.held: dict[tuple[str, str], str] = {}

    def get_password(self, service: str, username: str) -> str | None:
        return self.held.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.held[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        del self.held[service, username]


@pytest.fixture
def owner(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Publisher]:
    """On a computer without a keychain, and with a home of its own."""
    before = keyring.get_keyring()
    keyring.set_keyring(fail.Keyring())
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("GOGC", "off")  # rclone runs many times here, too briefly to collect its garbage
    monkeypatch.setattr("tools.publish.hosts.rclone_command.OPTIONS", ["--retries=1", "--low-level-retries=1"])
    (tmp_path / "home").mkdir()
    yield Publisher(tmp_path / "project", monkeypatch)
    keyring.set_keyring(before)


@pytest.fixture(
    scope="module", params=[pytest.param(kind, marks=[] if kind == "sftp" else pytest.mark.long) for kind in KINDS]
)
def hosting(request: pytest.FixtureRequest, ground: Path, account: Account) -> Iterator[Hosting]:  # noqa: F811
    need("openssl", "ssh-keyscan", "ssh-keygen")
    folder = Path(tempfile.mkdtemp(dir=ground))
    folder.chmod(0o755)
    made = serve(request.param, folder / request.param, account)
    yield made
    made.stop()


@pytest.fixture
def host(hosting: Hosting, account: Account, monkeypatch: pytest.MonkeyPatch) -> Iterator[Hosting]:  # noqa: F811
    """With an empty folder, and a certificate that this computer trusts."""
    if hosting.kind != "sftp":
        monkeypatch.setenv("SSL_CERT_FILE", str(hosting.served.parent / "cert.pem"))
    yield hosting
    for left in hosting.served.iterdir():
        shutil.rmtree(left)
    (hosting.served / "www").mkdir()
    account.own(hosting.served)


ONE = pytest.mark.parametrize("hosting", ["webdav"], indirect=True)
SFTP = pytest.mark.parametrize("hosting", ["sftp"], indirect=True)


def saved(owner: Publisher, host: Hosting, **others: str) -> None:
    answer = owner.ask(f"place?kind={host.kind}", host.fields(**others))
    assert answer.status == 303, answer.page.get_text(" ")


def tries(owner: Publisher, accept: bool = True) -> str:
    """Try the connection; an unknown key is compared and accepted, as an owner would."""
    answer = owner.ask("place/try", {})
    field = answer.page.find("input", {"name": "fingerprint"})
    if field and accept:
        answer = owner.ask("place/try", {"fingerprint": str(field["value"])})
    main = answer.page.find("main")
    assert main
    return " ".join(main.get_text(" ").split())


def said(folder: Path) -> str:
    """Everything that lies in a folder."""
    return "".join(file.read_text(errors="replace") for file in folder.rglob("*") if file.is_file())


def test_from_the_form_to_the_site_and_back(owner: Publisher, host: Hosting) -> None:
    saved(owner, host)
    page = owner.ask("place?saved")
    assert "rclone’s own file" in page.page.text
    assert "All is well" in tries(owner)
    assert sorted(file.name for file in (host.served / "www").rglob("*")) == [], "nothing is left of the trial"
    owner.site("one")
    owner.do("publish")
    assert "Your site is live" in owner.reads()
    home = host.served / "www" / "en" / "index.html"
    assert 'content="one"' in home.read_text()
    owner.site("two")
    owner.do("publish")
    assert 'content="two"' in home.read_text()
    owner.do("rollback")
    assert 'content="one"' in home.read_text()
    assert "All is well" in tries(owner), "a folder of this site’s own is as good as an empty one"


@ONE
@pytest.mark.long
def test_killed_while_pages_change(owner: Publisher, host: Hosting) -> None:
    """Such a host changes one page after another: the desk says that both may be there; publishing sets it right."""
    saved(owner, host)
    owner.site("one")
    owner.do("publish")
    owner.site("two", "during switch")
    owner.do("publish")
    assert "some may be new, others old" in owner.reads()
    owner.site("two")
    owner.do("publish")
    assert "Your site is live" in owner.reads()
    assert 'content="two"' in (host.served / "www" / "en" / "index.html").read_text()


@pytest.mark.parametrize("keychain", [True, False])
def test_where_the_password_is(owner: Publisher, host: Hosting, keychain: bool) -> None:
    """In the keychain, or else in rclone's own file alone; never in the project, a page, a command."""
    if keychain:
        keyring.set_keyring(Fake())
    commands: list[str] = []
    popen: Any = subprocess.Popen.__init__

    def noted(self: Any, arguments: Any, *rest: Any, **options: Any) -> None:
        commands.append(str(arguments))
        popen(self, arguments, *rest, **options)

    owner.patch.setattr(subprocess.Popen, "__init__", noted)
    saved(owner, host)
    pages = [owner.ask("place?saved").text, tries(owner), owner.ask("history").text, owner.ask("publish").text]
    assert ("is in the keychain" in pages[0]) == keychain
    assert "All is well" in pages[1]
    config = owner.root.parent / "home" / ".config" / "rclone" / "rclone.conf"
    assert config.stat().st_mode & 0o077 == 0
    written = config.read_text()
    assert host.secret not in written or host.kind == "s3"
    field = {"s3": "secret_access_key"}.get(host.kind, "pass")
    assert (f"\n{field} = " in written) != keychain
    everything = [*pages, said(owner.root), *commands, *([written] if keychain else [])]
    obscured = written.partition(f"\n{field} = ")[2].partition("\n")[0]
    for text in everything:
        assert host.secret not in text
        assert not obscured or obscured not in text
    if keychain and host.kind in ("ftp", "s3"):  # the command finds it there too
        owner.patch.setattr("tools.publish.gate.fresh_build", lambda _: make_site(owner.root / "made", "by command"))
        owner.patch.setattr("tools.publish.locking.FOLDER", owner.root / ".cache" / "publish")
        publish(file=owner.root / "publish.toml")
        assert 'content="by command"' in (host.served / "www" / "en" / "index.html").read_text()
        assert host.secret not in said(owner.root)
        return
    # Saved again without it, the password stays.
    saved(owner, host, password="", folder="www/site")
    (host.served / "www" / "site").mkdir()
    assert "The host accepts the user and the password yes" in tries(owner)


def test_a_wrong_password(owner: Publisher, host: Hosting) -> None:
    saved(owner, host, password="another")
    page = tries(owner)
    assert "The host accepts the user and the password no" in page
    assert "does not accept the name, password or key" in page
    saved(owner, host)
    assert "All is well" in tries(owner)


def test_what_is_there_already(owner: Publisher, host: Hosting) -> None:
    for name in ("wp-config.php", "wp-includes/version.php", "index.php"):
        file = host.served / "www" / name
        file.parent.mkdir(exist_ok=True)
        file.write_text("theirs")
    before = sorted(host.served.rglob("*"))
    saved(owner, host)
    page = tries(owner)
    assert "a WordPress is there. It is neither mixed with this site nor removed" in page
    owner.site("one")
    owner.do("publish")
    assert "a WordPress is there" in owner.reads()
    assert sorted(path for path in host.served.rglob("*") if path.is_file()) == [one for one in before if one.is_file()]
    shutil.rmtree(host.served / "www" / "wp-includes")
    (host.served / "www" / "wp-config.php").unlink()
    assert "something else is there (index.php)" in tries(owner)


def test_a_folder_that_is_not_there(owner: Publisher, host: Hosting) -> None:
    saved(owner, host, folder="nowhere")
    page = tries(owner)
    assert "The host accepts the user and the password yes" in page
    assert "the folder is not there" in page


def test_a_wrong_port_and_a_wrong_address(owner: Publisher, host: Hosting) -> None:
    port = str(free_port())
    address = host.fields()["address"].replace(str(host.port), port)
    saved(owner, host, address=address, port=port)
    assert f"localhost is there, but nothing answers at port {port}" in tries(owner)
    saved(owner, host, address=address.replace("localhost", "no.such.invalid"))
    assert "the address no.such.invalid is not known" in tries(owner)


@pytest.mark.parametrize("hosting", ["ftp", "webdav", "s3"], indirect=True)
def test_a_certificate_of_a_stranger(owner: Publisher, host: Hosting, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SSL_CERT_FILE")
    saved(owner, host)
    assert "does not trust the certificate of localhost: the server made it itself" in tries(owner)


@SFTP
def test_another_protocol(owner: Publisher, host: Hosting) -> None:
    """What listens there speaks SSH: no TLS, and no FTP."""
    fields = host.fields() | {"implicit": ""}
    for kind in ("ftp", "webdav"):
        more = {"address": f"https://localhost:{host.port}"} if kind == "webdav" else {}
        assert owner.ask(f"place?kind={kind}", fields | more).status == 303
        assert "does not speak what this way of publishing needs" in tries(owner)


@ONE
def test_nobody_answers(owner: Publisher, host: Hosting, monkeypatch: pytest.MonkeyPatch) -> None:
    def silent(*_: object) -> None:
        raise TimeoutError

    monkeypatch.setattr("tools.publish.trial.socket.create_connection", silent)
    saved(owner, host)
    assert f"nobody answers at localhost, port {host.port}" in tries(owner)


@pytest.mark.parametrize("hosting", ["sftp", "webdav"], indirect=True)
def test_no_right_to_write(owner: Publisher, host: Hosting, account: Account) -> None:  # noqa: F811
    if account.is_root:
        pytest.skip("root may write anywhere")
    saved(owner, host)
    (host.served / "www").chmod(0o555)
    page = tries(owner)
    (host.served / "www").chmod(0o755)
    assert "A file can be written there no" in page


@SFTP
def test_a_key_that_is_not_known_and_one_that_has_changed(owner: Publisher, host: Hosting) -> None:
    saved(owner, host)
    page = tries(owner, accept=False)
    assert "this computer does not know the server yet" in page
    assert "SHA256:" in page
    known = owner.root.parent / "home" / ".ssh" / "known_hosts"
    assert not known.exists(), "nothing is believed by itself"
    owner.ask("place/try", {"fingerprint": "SHA256:ofastranger"})
    assert not known.exists()
    owner.site("one")
    owner.do("publish")
    assert "the host key of" in owner.reads(), "nor is anything sent"
    assert "All is well" in tries(owner)
    line = known.read_text()
    assert line.startswith(f"[localhost]:{host.port} ")
    assert known.stat().st_mode & 0o077 == 0
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(known.with_name("other"))], check=True)
    kind, data, *_ = known.with_name("other.pub").read_text().split()
    known.write_text(f"[localhost]:{host.port} {kind} {data}\n")
    answer = owner.ask("place/try", {})
    assert "another key than before: it may be a stranger's" in answer.page.text
    assert not answer.page.find("input", {"name": "fingerprint"}), "there is no yes to it"


@pytest.fixture
def server(sshd: Sshd, ground: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:  # noqa: F811
    """An empty folder on a server with SSH. This computer's ssh knows no server: its own home has no say in it."""
    folder = Path(tempfile.mkdtemp(prefix="srv-", dir=ground))
    sshd.account.own(folder)
    folder.chmod(0o755)
    config, programs = tmp_path / "ssh_config", tmp_path / "bin"
    known = tmp_path / "home" / ".ssh" / "known_hosts"
    config.write_text(f"Host *\n  IdentityAgent none\n  UserKnownHostsFile {known}\n  GlobalKnownHostsFile /dev/null\n")
    programs.mkdir()
    (programs / "ssh").write_text(f'#!/bin/sh\nexec {shutil.which("ssh")} -F {config} "$@"\n')
    (programs / "ssh").chmod(0o755)
    monkeypatch.setenv("PATH", f"{programs}:{os.environ['PATH']}")
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


def test_a_server_with_ssh(owner: Publisher, server: Path, sshd: Sshd) -> None:  # noqa: F811
    """The desk makes a key, which the owner gives to the host; then it publishes there."""
    fields = {"address": "127.0.0.1", "port": str(sshd.proxy.port), "user": sshd.account.name, "key": "1"}
    fields |= {"folder": str(server), "url": "", "headers": "", "missing": ""}
    assert owner.ask("place?kind=ssh", fields).status == 303
    public = own_key().with_name(f"{own_key().name}.pub").read_text().strip()
    assert public in owner.ask("place?saved").page.text
    assert own_key().stat().st_mode & 0o077 == 0
    assert "does not know the server yet" in tries(owner, accept=False)
    assert "does not accept this machine's key" in tries(owner)
    before = sshd.authorized.read_text()
    sshd.authorized.write_text(f"{before}{public}\n")
    try:
        assert "All is well" in tries(owner)
        owner.site("one")
        owner.do("publish")
        assert "Your site is live" in owner.reads()
        assert (server / "current" / "en" / "index.html").is_file()
        owner.ask("place?kind=ssh", fields | {"folder": f"{server}/nowhere"})
        assert "there is no " in tries(owner)
        (server / "wp").mkdir()
        sshd.account.own(server / "wp")
        (server / "wp" / "wp-config.php").write_text("theirs")
        owner.ask("place?kind=ssh", fields | {"folder": f"{server}/wp"})
        assert "a WordPress is there" in tries(owner)
    finally:
        sshd.authorized.write_text(before)
    assert owner.ask("place?kind=ssh", fields).status == 303
    assert own_key().with_name(f"{own_key().name}.pub").read_text().strip() == public, "a key is never made anew"


@ONE
def test_comments_and_other_targets_stay(owner: Publisher, host: Hosting) -> None:
    text = (
        'target = ""   # the name\nkeep = 7\n\n# mine\n[targets.old]\nkind = "ssh"\nhost = "a@b"\nfolder = "/srv/x"\n'
    )
    owner.write("publish.toml", text)
    saved(owner, host)
    now = (owner.root / "publish.toml").read_text()
    for kept in ("# the name", "keep = 7", "# mine", "[targets.old]"):
        assert kept in now
    config = read_config(owner.root / "publish.toml")
    assert config.target == "webdav"
    assert "Where the site goes" in owner.reads("history"), "and it can be undone"


@pytest.mark.parametrize(
    ("kind", "field", "typed"),
    [
        ("ssh", "address", "https://www.example.org/"),
        ("ssh", "folder", "srv/site"),
        ("ssh", "port", "ssh"),
        ("sftp", "password", ""),
        ("sftp", "user", ""),
        ("sftp", "folder", "my folder"),
        ("webdav", "address", "http://dav.example.org"),
        ("webdav", "address", "https://marie:secret@dav.example.org"),
        ("s3", "url", "https://www.example.org/site"),
    ],
)
def test_what_is_typed_wrong_is_told_beside_its_field(owner: Publisher, kind: str, field: str, typed: str) -> None:
    good = {"address": "host.example.org", "user": "marie", "password": "x", "folder": "/srv/site", "port": ""}
    if kind in ("webdav", "s3"):
        good["address"] = "https://host.example.org"
    answer = owner.ask(f"place?kind={kind}", good | {"url": "www.example.org"} | {field: typed})
    assert answer.status == 400
    assert answer.page.select_one(f"#{field}-error"), answer.page.select_one("main")
    assert answer.page.select_one(f'#{field}[aria-invalid="true"]')
    assert not (owner.root / "publish.toml").exists()
    assert not said(owner.root.parent / "home")


def test_platforms_have_words_and_no_form(owner: Publisher) -> None:
    page = owner.ask("place?kind=platform").page
    assert "GitHub Actions" in page.text
    assert not page.find("input", {"name": "address"})


def test_rclone_s_file_that_is_locked_is_left_alone(owner: Publisher) -> None:
    file = owner.root.parent / "home" / ".config" / "rclone" / "rclone.conf"
    file.parent.mkdir(parents=True)
    file.write_text("# Encrypted rclone configuration File\n\nRCLONE_ENCRYPT_V0:\nabc\n")
    fields = {"address": "host.example.org", "user": "marie", "password": "x", "folder": "www", "url": ""}
    answer = owner.ask("place?kind=sftp", fields)
    assert "locked on this computer" in answer.page.text
    assert "ENCRYPT_V0" in file.read_text()
    assert not (owner.root / "publish.toml").exists()
