"""Passwords: whatever another program says, in whatever it fails, none of its words is passed on (#12)."""

from __future__ import annotations

import shlex
import subprocess
import traceback
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.publish.sites import make_site
from tools.publish import commands, gate, locking
from tools.publish.config import RcloneTarget, SshTarget
from tools.publish.errors import PublishError
from tools.publish.hosts.program import program
from tools.publish.hosts.rclone import Store
from tools.publish.hosts.ssh import Server
from tools.publish.release import Manifest, Release, files_of, moment_of, seal
from tools.publish.target import State

SECRET = "hx/unter2:s3kr'et"
NOWHERE = "127.0.0.1:1"
OBSCURED = subprocess.run([program(), "obscure", SECRET], capture_output=True, text=True, check=True).stdout.strip()
# rclone's own configuration, in as many ways as it holds a secret
REMOTES = {
    "in the address": f"type = webdav\nurl = http://joe:{SECRET}@{NOWHERE}\nvendor = other\n",
    "in an address that is none": f"type = webdav\nurl = ht tp://joe:{SECRET}@[::1/%zz\nvendor = other\n",
    "in the endpoint": f"type = s3\nprovider = Other\naccess_key_id = x\nsecret_access_key = {SECRET}\n"
    f"endpoint = http://joe:{SECRET}@{NOWHERE}\n",
    "in a command": f"type = webdav\nurl = http://{NOWHERE}\nvendor = other\n"
    f'bearer_token_command = sh -c "echo --token {SECRET.replace(chr(39), "")} >&2; exit 3"\n',
    "in ssh's command": f"type = sftp\nhost = 127.0.0.1\nssh = sh -c false --token {SECRET.replace(chr(39), '')}\n",
    "as a password": f"type = sftp\nhost = 127.0.0.1\nport = 1\nuser = joe\npass = {OBSCURED}\n",
    "as a password that is none": f"type = sftp\nhost = 127.0.0.1\nport = 1\nuser = joe\npass = {SECRET}\n",
    "in a header": f"type = http\nurl = http://{NOWHERE}\nheaders = Authorization,{SECRET},odd\n",
    "in a type that is none": f"type = {SECRET}\n",
}
COMMANDS: dict[str, Callable[[Path], object]] = {
    "releases": lambda file: commands.releases(file=file),
    "rehearsal": lambda file: commands.publish(dry_run=True, file=file),
    "publish": lambda file: commands.publish(file=file),
    "rollback": lambda file: commands.rollback(file=file),
}


def everything_said(error: BaseException | None, capfd: pytest.CaptureFixture[str], folder: Path) -> str:
    """To the owner in both languages, to the terminal, in a traceback, and in files that were written meanwhile."""
    told = "".join(error.told(lang) for lang in ("en", "fr")) if isinstance(error, PublishError) else ""
    kept = "".join(file.read_text(errors="replace") for file in folder.rglob("*") if file.is_file())
    trace = traceback.format_exception(error) if error else []
    return "".join([told, *capfd.readouterr(), *trace, kept])


def assert_kept(said: str) -> None:
    for part in ("unter2", "s3kr", OBSCURED, "--token"):
        assert part not in said


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("where", REMOTES)
def test_rclone_s_configuration(
    where: str, command: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    work = tmp_path / "work"
    monkeypatch.setattr(locking, "FOLDER", work)
    monkeypatch.setattr(gate, "fresh_build", lambda practice: make_site(tmp_path / "site", "one"))
    monkeypatch.setattr(
        "tools.publish.hosts.rclone_command.OPTIONS", ["--low-level-retries=1", "--retries=1", "--contimeout=1s"]
    )
    (tmp_path / "rclone.conf").write_text(f"[store]\n{REMOTES[where]}")
    file = tmp_path / "publish.toml"
    entry = f'kind = "rclone"\nremote = "store:www"\nrclone_config = "{tmp_path}/rclone.conf"\n'
    file.write_text(f'target = "store"\n[targets.store]\n{entry}')
    with pytest.raises(PublishError) as caught:
        COMMANDS[command](file)
    assert_kept(everything_said(caught.value, capfd, work))
    assert "store:www" in str(caught.value)


@pytest.mark.parametrize("variable", ["RCLONE_WEBDAV_URL", "RCLONE_CONFIG_STORE_URL"])
def test_rclone_s_environment(
    variable: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv(variable, f"http://joe:{SECRET}@{NOWHERE}")
    monkeypatch.setenv("RCLONE_CONFIG_STORE_TYPE", "webdav")
    store = Store(RcloneTarget.model_validate({"kind": "rclone", "name": "store", "remote": "store:www"}))
    with pytest.raises(PublishError) as caught:
        store.look()
    store.close()
    assert_kept(everything_said(caught.value, capfd, tmp_path))


def fake(folder: Path, name: str, code: int, said: str = "", error: str = "") -> None:
    """A program that says this and ends so, in a folder to put on the PATH."""
    folder.mkdir(exist_ok=True)
    place = folder / name
    place.write_text(f"#!/bin/sh\nprintf %s {shlex.quote(said)}\nprintf %s {shlex.quote(error)} >&2\nexit {code}\n")
    place.chmod(0o755)


WORDS = [
    f"tar: {SECRET}: Cannot open\n",
    f"banner: the password is {SECRET}\nPermission denied (publickey).\n",
    f"Bad configuration option: token={SECRET}\n",
    f"rsync: write failed on {SECRET}: No space left on device (28)\n",
    f"mv: {SECRET}: Permission denied\n",
    f"exec: sh -c 'proxy --token {SECRET}': not found\n",
]


@pytest.fixture
def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Server:
    monkeypatch.setenv("PATH", f"{tmp_path}/bin:/usr/bin:/bin")
    entry = {"kind": "ssh", "name": "server", "host": "server", "folder": "/srv/site", "transfer": "tar"}
    return Server(SshTarget.model_validate(entry))


def a_release(folder: Path) -> Release:
    make_site(folder, "one")
    now = State("ours", moment_of("20260101T000000Z")).clock
    return seal(folder, files_of(folder), now, None, None)


@pytest.mark.parametrize(
    ("code", "words"),
    [(code, "".join(WORDS)) for code in (2, 10, 11, 12, 13, 126, 127)]
    + [(code, it) for code in (14, 255) for it in WORDS],
)
def test_ssh_and_what_runs_on_the_server(
    server: Server, code: int, words: str, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    """At each step; by either way the words come: also as names of files that differ, or as the answer."""
    fake(tmp_path / "bin", "ssh", code, f"./{SECRET}: FAILED\n{words}", words)
    release = a_release(tmp_path / "site")
    steps: list[Callable[[], object]] = [
        server.look,
        lambda: server.manifest("x"),
        lambda: server.verify(release),
        lambda: server.switch("x"),
        lambda: server.tar(release, ["index.html"], lambda done, total: None),
    ]
    for step in steps:
        with pytest.raises(PublishError) as caught:
            step()
        assert_kept(everything_said(caught.value, capfd, tmp_path / "none"))


@pytest.mark.parametrize(
    "answer", [f"protocol 2\nkind {SECRET}\nend 2\n", f"hello {SECRET}\n", f"protocol 2\nlive {SECRET}"]
)
def test_what_a_server_answers(server: Server, answer: str, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    fake(tmp_path / "bin", "ssh", 0, answer)
    for step in (
        server.look,
        lambda: server.switch("x"),
        lambda: server.back("x", "y"),
    ):
        with pytest.raises(PublishError) as caught:
            step()
        assert_kept(everything_said(caught.value, capfd, tmp_path / "none"))


@pytest.mark.parametrize(
    ("code", "words"), [(code, "".join(WORDS)) for code in (3, 10, 12, 30, 255)] + [(23, words) for words in WORDS]
)
def test_rsync(server: Server, code: int, words: str, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    fake(tmp_path / "bin", "rsync", code, words, words)
    release = a_release(tmp_path / "site")
    said = None
    try:
        assert not server.rsync(release, ["index.html"], lambda done, total: None)  # tar's turn
    except PublishError as error:
        said = error
    server.close()
    assert_kept(everything_said(said, capfd, tmp_path / "none"))


def test_the_names_of_files_that_differ_are_told_where_they_are_ours(server: Server, tmp_path: Path) -> None:
    fake(tmp_path / "bin", "ssh", 13, f"./en/index.html: FAILED\n./{SECRET}: FAILED\n")
    with pytest.raises(PublishError, match=r"what lies on server is not what was sent: en/index\.html\n") as caught:
        server.verify(a_release(tmp_path / "site"))
    assert "unter2" not in str(caught.value)


@pytest.mark.parametrize("owner", [f"joe {SECRET}", f"the password is {SECRET}", "", "\x1b[2J@x y"])
def test_who_holds_a_lock_is_a_name(server: Server, owner: str) -> None:
    state = server.parse(
        f"protocol 2\nkind ours\nclock 1\nfree 1\nwritable yes\nrsync no\nlock 5 cafe beef {owner}\nend 2\n"
    )
    assert state.lock
    assert state.lock.owner == "someone"


@pytest.mark.parametrize(
    "text", ["", "[]", f'{{"id": "{SECRET}"}}', "[" * 100_000, '{"files": {"x": "' + SECRET + '"}}']
)
def test_a_manifest_s_words(text: str) -> None:
    with pytest.raises(PublishError) as caught:
        Manifest.from_json(text)
    assert_kept("".join(traceback.format_exception(caught.value)))
