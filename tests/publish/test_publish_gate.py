"""What is refused before anything is sent, and the real site, built and published once."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from tests.publish.conftest import Host
from tools.publish import commands, gate, http
from tools.publish.config import choose, read_config
from tools.publish.errors import PublishError
from tools.publish.progress import Voice
from tools.publish.release import Manifest, check_name
from tools.publish.sbom import PLACE


def written(folder: Path, text: str) -> Path:
    file = folder / "publish.toml"
    file.write_text(text, encoding="utf-8")
    return file


@pytest.fixture
def real(fictitious: Path, tmp_path: Path) -> Path:
    """The facts for tests, claiming to be true: only so can a test publish the real pages."""
    file = tmp_path / "practice.toml"
    file.write_text(fictitious.read_text(encoding="utf-8").replace("fictitious = true", "fictitious = false"))
    return file


def test_the_project_s_own_file_names_no_target_and_no_secret() -> None:
    with pytest.raises(PublishError, match="nowhere to publish to"):
        choose(read_config())


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('target = "x"', "no target"),
        ("target = ", "cannot be read"),
        ('[targets.a]\nkind = "ssh"\nhost = "h"\nfolder = "/srv/x"\npassword = "hunter2"', "holds a secret: password"),
        ('[targets.a]\nkind = "ssh"\nhost = "-oProxyCommand=touch"\nfolder = "/srv/x"', "targets.a.host"),
        ('[targets.a]\nkind = "ssh"\nhost = "h"\nfolder = "/srv/../etc"', "without .."),
        ('[targets.a]\nkind = "ssh"\nhost = "h"\nfolder = "/srv/$(id)"', "targets.a.folder"),
        ('[targets.a]\nkind = "ssh"\nhost = "h"\nfolder = "/srv/x"\nurl = "https://me:secret@example.org"', "url"),
        ('[targets.a]\nkind = "rclone"\nremote = ":sftp,pass=x:www"', "remote"),
        ('[targets.a]\nkind = "ftp"', "kind|ftp"),
    ],
)
def test_a_wrong_file_is_told_in_words(tmp_path: Path, text: str, expected: str) -> None:
    with pytest.raises(PublishError, match=expected) as caught:
        choose(read_config(written(tmp_path, text)), "x" if text.startswith("target") else "a")
    assert "hunter2" not in str(caught.value)
    assert caught.value.remedy


def test_a_misspelt_target(tmp_path: Path) -> None:
    file = written(tmp_path, '[targets.server]\nkind = "ssh"\nhost = "h"\nfolder = "/srv/x"')
    with pytest.raises(PublishError, match='Did you mean "server"'):
        choose(read_config(file), "sever")


@pytest.mark.parametrize("name", ["../x", "/etc/passwd", "a//b", "a/./b", "-rf", "a\nb", "a\\b", ""])
def test_names_that_leave_the_release(name: str) -> None:
    with pytest.raises(PublishError):
        check_name(name)


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"id": "x"}', "null"])
def test_a_manifest_that_is_none(text: str) -> None:
    with pytest.raises(PublishError, match="cannot be read"):
        Manifest.from_json(text)


def test_invented_facts_are_refused(fictitious: Path) -> None:
    with pytest.raises(PublishError, match="fictitious = true"):
        gate.fresh_build(fictitious)


def test_missing_facts_are_refused(incomplete: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gate, "check", lambda practice, overrides: [])
    with pytest.raises(PublishError, match=r"To mend: \d+(?s:.)*Nothing was sent"):
        gate.fresh_build(incomplete)


def test_a_page_of_a_preview_is_refused(tmp_path: Path) -> None:
    (tmp_path / "en").mkdir()
    (tmp_path / "en" / "index.html").write_text('<meta name="robots" content="noindex">')
    with pytest.raises(PublishError, match="preview"):
        gate.refuse_unfindable(tmp_path)


def test_a_changed_header_is_noticed(host: Host, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http, "headers_for", lambda path: {"Content-Security-Policy": "default-src 'self'"})
    with pytest.raises(PublishError, match="without the header Content-Security-Policy") as caught:
        host.publish("one")
    assert "skip_checks" in caught.value.remedy
    host.publish("one", skip_checks=["headers"])


@pytest.mark.usefixtures("_no_check")
def test_the_real_site(host: Host, real: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The whole way, as `invoke publish` goes it: build, publish, publish again, list, go back."""
    file = written(
        tmp_path,
        f'target = "server"\n[targets.server]\nkind = "ssh"\nhost = "server"\nfolder = "{host.folder}"\n'
        f'url = "{host.nginx.url}"\nssh_config = "{host.sshd.client}"\n',
    )
    commands.publish(dry_run=True, practice=real, file=file)
    said = capsys.readouterr().out
    assert re.search(r"New pages:\n(  /\S*\n)*  /fr/methode/\n", said)
    assert "nothing was sent" in said
    assert list(host.folder.iterdir()) == []
    commands.publish(practice=real, file=file)
    said = capsys.readouterr().out
    assert f"Checked at {host.nginx.url}" in said
    home = http.get(f"{host.nginx.url}/fr/")
    assert home.status == 200
    assert 'lang="fr' in home.body.decode()
    assert http.get(f"{host.nginx.url}/fr/methode/").status == 200
    commands.releases(file=file)
    assert "live" in capsys.readouterr().out


@pytest.fixture
def _no_check(monkeypatch: pytest.MonkeyPatch) -> None:
    """`invoke check` has tests of its own, and takes its time."""
    monkeypatch.setattr(gate, "check", lambda practice, overrides: [])


def test_a_log_gets_a_line_now_and_then(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tools.publish.progress.PATIENCE", 0.0)
    Voice().upload(1_000_000, 4_000_000)
    assert "1000 kB of 4000 kB sent (25 %)" in capsys.readouterr().out


def test_the_release_says_what_it_was_built_with(host: Host) -> None:
    host.publish("one")
    bill = json.loads((host.folder / "current" / PLACE).read_text())
    assert bill["bomFormat"] == "CycloneDX"
    pelican = next(entry for entry in bill["components"] if entry["name"] == "pelican")
    assert re.fullmatch(r"pkg:pypi/pelican@[\d.]+", pelican["purl"])
    assert all(entry["externalReferences"] for entry in bill["components"])
    assert http.get(f"{host.nginx.url}/{PLACE}").status == 404
