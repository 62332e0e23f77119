"""What is refused before anything is sent, and the real site, built and published once."""

from __future__ import annotations

import gzip
import json
import os
import re
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import brotli
import pytest
from invoke import Context

import tasks
from plugins.problems import Problem, say
from tests.publish.conftest import Host
from tests.publish.practice import Practice, claimed, copied
from tools.build import OUTPUTS, Built
from tools.publish import commands, gate, http
from tools.publish.compress import compress
from tools.publish.config import choose, read_config
from tools.publish.errors import PublishError
from tools.publish.progress import Voice
from tools.publish.release import Manifest, check_name, commit, uncommitted
from tools.publish.sbom import PLACE


def written(folder: Path, text: str) -> Path:
    file = folder / "publish.toml"
    file.write_text(text, encoding="utf-8")
    return file


def test_the_project_s_own_file_can_be_read_and_so_can_its_examples(root: Path, tmp_path: Path) -> None:
    assert read_config()
    text = (root / "publish.toml").read_text(encoding="utf-8")
    for name in re.findall(r"^# \[targets\.(\w+)\]", text, re.M):
        lines = re.search(rf"^# \[targets\.{name}\]\n(?:# \w+ = .*\n)+", text, re.M)
        assert lines
        example = re.sub(r"^# ", "", lines[0], flags=re.M)
        assert choose(read_config(written(tmp_path, example)), name).url == "https://www.example.org"


def test_without_a_target_there_is_nowhere_to_publish_to(tmp_path: Path) -> None:
    with pytest.raises(PublishError, match="nowhere to publish to"):
        choose(read_config(written(tmp_path, 'target = ""')))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('target = "x"', "no target"),
        ("target = ", "publish.toml:1: "),
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


SSH = '[targets.a]\nkind = "ssh"\nhost = "h"\nfolder = "/srv/x"\n'


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (SSH + 'url = "http://example.org:abc"', "publish.toml:5: targets.a.url: write it as in this example"),
        (SSH + 'url = "http://[::1"', "publish.toml:5: targets.a.url: write it as in this example"),
        (SSH + 'url = "http://example.org:99999"', "publish.toml:5: targets.a.url: write it as in this example"),
        (SSH + 'ssh_config = "~nouser-of-this-name/x"', "publish.toml:5: targets.a.ssh_config: there is no account"),
        (SSH + "patience = nan", "publish.toml:5: targets.a.patience: it is a number"),
        (SSH + "patience = 601", "publish.toml:5: targets.a.patience: it must be at most 600"),
        (SSH + "silence = 0", "publish.toml:5: targets.a.silence: it must be at least 1"),
        (SSH + 'patience = "long"', "publish.toml:5: targets.a.patience: it is a number"),
        ("keep = 0\n", "publish.toml:1: keep: it must be at least 2"),
        ("\nkeep = 51\n", "publish.toml:2: keep: it must be at most 50"),
        (f"\n\nkeep = {'9' * 5000}\n", "publish.toml:3: this is too long a number"),
        (f"\nkeep = {'[' * 5000}\n", "publish.toml:2: this is too long a number, or too deep a list"),
        ("keep = 5\nkeep 6\n", "publish.toml:2: "),
        ('[targets.ssh]\nkind = "ssh"\nhost = "-x"\nfolder = "/srv/x"', "publish.toml:3: targets.ssh.host: write it"),
    ],
)
def test_a_wrong_entry_is_told_with_its_line(tmp_path: Path, text: str, expected: str) -> None:
    with pytest.raises(PublishError) as caught:
        read_config(written(tmp_path, text))
    assert str(caught.value).startswith(f"Stopped: {expected}")
    assert len(str(caught.value)) < 500


def test_a_mark_of_windows_at_its_beginning_does_no_harm(tmp_path: Path) -> None:
    assert choose(read_config(written(tmp_path, "\ufeff" + SSH)), "a").name == "a"


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
    with pytest.raises(PublishError, match="not as it was written"):
        Manifest.from_json(text)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("", ""),
        ("#", "\ufeff#"),
        ("fictitious = true", "fictitious = oui"),
        ("fictitious = true", 'fictitious = "Yes"'),
    ],
    ids=["as they are", "saved by Windows", "said in French", "said as a text"],
)
def test_invented_facts_are_refused(fictitious: Path, tmp_path: Path, old: str, new: str) -> None:
    """However the file that says so is typed and saved (#14)."""
    file = written(tmp_path, fictitious.read_text(encoding="utf-8").replace(old, new, 1))
    with pytest.raises(PublishError, match="fictitious = true"):
        gate.refuse_invented(file)


@pytest.fixture(scope="module")
def desk(ground: Path) -> dict[str, str]:
    """A copy of the words to break, one after another."""
    return copied(ground / "desk")


def edit(file: Path, old: str, new: str) -> None:
    text = file.read_text(encoding="utf-8")
    assert old in text, f"{file.name} no longer contains {old!r}"
    file.write_text(text.replace(old, new, 1), encoding="utf-8")


def append(file: Path, text: str) -> None:
    file.write_text(f"{file.read_text(encoding='utf-8')}\n{text}\n", encoding="utf-8")


def refused(facts: Path, settings: dict[str, str]) -> list[str]:
    """What the whole gate has to say, as the owner reads it."""
    with pytest.raises(PublishError, match=r"cannot be published yet(?s:.)*Nothing was sent") as caught:
        gate.fresh_build(facts, settings)
    return [str(problem) for problem in caught.value.problems]


def test_everything_that_is_wrong_is_refused_at_once(desk: dict[str, str], fictitious: Path, tmp_path: Path) -> None:
    """Missing facts, a page left behind, a broken link, a policy unlike the script: each with its file."""
    facts, pages = claimed(fictitious, tmp_path), Path(desk["PATH"]) / "en" / "pages"
    edit(facts, "host_phone", "# host_phone")
    append(
        facts,
        '[[storage_keys]]\nkey = "visits"\npurpose = { en = "Counts", fr = "Compte" }\n'
        'lifetime = { en = "For ever", fr = "Toujours" }',
    )
    append(pages / "faq.md", "A new paragraph, in English only.")
    append(pages / "about.md", "[A link]({filename}nowhere.md)")
    said = refused(facts, desk)
    for file, words in {
        "practice.toml": "host_phone",
        "practice.toml:": "visits",
        "faq.md": "changed",
        "about.md:": "nowhere.md",
    }.items():
        assert any(file in line and words in line for line in said), (words, said)
    assert all("What to do: " in line for line in said)


def test_what_stops_a_publication_stops_a_published_build(
    desk: dict[str, str], fictitious: Path, tmp_path: Path
) -> None:
    """Here a marker that names no statement, which only a check finds: nothing is written, the words are the same."""
    facts = claimed(fictitious, tmp_path)
    append(Path(desk["PATH"]) / "en" / "pages" / "faq.md", 'And so on. {: data-s="S99" }')
    built = gate.published_build(tmp_path / "site", facts, desk)
    assert not built.ok
    assert not (tmp_path / "site").exists()
    said = [str(problem) for problem in built.problems if problem.severity == "error"]
    assert any('there is no statement "S99"' in line for line in said), said
    assert said == refused(facts, desk)


@pytest.mark.parametrize(
    ("fictitious", "says"),
    [(True, "Its facts are invented: “invoke publish” refuses"), (False, "“invoke publish” asks no more of a site")],
)
def test_a_published_build_says_what_a_publication_asks_besides(
    fictitious: bool, says: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    found = SimpleNamespace(facts=SimpleNamespace(fictitious=fictitious))
    monkeypatch.setattr(gate, "published_build", lambda *arguments: Built(tmp_path, build=found))  # type: ignore[arg-type]
    tasks.build(Context(), published=True, lang="en")
    assert capsys.readouterr().out.splitlines()[1].startswith(says)


def test_what_changed_since_the_last_commit_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With the names as they are, whatever signs they have; and the release says that it is not the commit's."""

    def git(*arguments: str) -> None:
        command = ["git", "-c", "user.name=Test", "-c", "user.email=test@example.org", *arguments]
        subprocess.run(command, cwd=tmp_path, check=True, capture_output=True)

    monkeypatch.setattr("tools.publish.release.ROOT", tmp_path)
    (tmp_path / "a page.md").write_text("one")
    git("init")
    git("add", ".")
    git("commit", "-m", "one")
    assert gate.warnings() == []
    assert re.fullmatch(r"[0-9a-f]{40}", commit())
    (tmp_path / "a page.md").write_text("two")
    (tmp_path / "été.md").write_text("new")
    assert uncommitted() == ["a page.md", "été.md"]
    (line,) = gate.warnings()
    assert "files: 2, a page.md, été.md" in line
    assert re.fullmatch(r"[0-9a-f]{40}\+", commit())


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


def test_the_real_site(
    host: Host,
    practice: Practice,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """The whole way, as `invoke publish --lang fr` goes it: check and build, rehearse, publish, list, go back."""
    monkeypatch.setitem(OUTPUTS, True, tmp_path / "published")
    file = written(
        tmp_path,
        f'target = "server"\n[targets.server]\nkind = "ssh"\nhost = "server"\nfolder = "{host.folder}"\n'
        f'url = "{host.nginx.url}"\nssh_config = "{host.sshd.client}"\n',
    )
    commands.publish(dry_run=True, lang="fr", practice=practice.facts, file=file)
    said = capsys.readouterr().out
    assert re.search(r"Nouvelles pages\u00a0:\n(  /\S*\n)*  /fr/methode/\n", said)
    assert "rien n’a été envoyé" in said
    assert list(host.folder.iterdir()) == []
    commands.publish(lang="fr", practice=practice.facts, file=file)
    said = capsys.readouterr().out
    assert f"Vérifié sur {host.nginx.url}" in said
    assert f"En ligne\u00a0: {host.live}" in said
    home = http.get(f"{host.nginx.url}/fr/")
    assert home.status == 200
    assert 'lang="fr' in home.body.decode()
    assert http.get(f"{host.nginx.url}/fr/methode/").status == 200
    commands.releases(lang="fr", file=file)
    assert re.search(rf"{host.live} .* <- en ligne", capsys.readouterr().out)
    with pytest.raises(PublishError) as caught:
        commands.rollback(lang="fr", file=file)
    assert caught.value.told("fr") == (
        "Arrêt\u00a0: il n’y a pas de version plus ancienne à laquelle revenir\n"
        f"    À faire\u00a0: Versions conservées\u00a0: {host.live} (invoke releases)."
    )


def test_the_problems_are_told_in_french() -> None:
    problem = Problem(
        "content/fr/pages/faq.md", 3, say("the link leads to {target}, which does not exist", target="x"), ""
    )
    with pytest.raises(PublishError) as caught:
        gate.refuse([problem])
    assert "content/fr/pages/faq.md:3: le lien mène à x, qui n’existe pas" in caught.value.told("fr")
    assert "Rien n’a été envoyé." in caught.value.told("fr")


@pytest.mark.parametrize("command", ["publish", "releases", "rollback"])
def test_the_commands_speak_french(root: Path, command: str) -> None:
    """As the owner types them, with the name of a target that nobody has."""
    done = subprocess.run(
        [sys.executable, "-m", "invoke", command, "--lang", "fr", "--target", "no-such-target"],
        cwd=root,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert done.stderr.startswith("Arrêt\u00a0: publish.toml n’a pas de destination «\u00a0no-such-target\u00a0»")
    assert "À faire\u00a0: " in done.stderr
    assert "Traceback" not in done.stderr


def test_a_log_gets_a_line_now_and_then(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tools.publish.progress.PATIENCE", 0.0)
    Voice().upload(1_000_000, 4_000_000)
    assert "1000 kB of 4000 kB sent (25 %)" in capsys.readouterr().out


def test_a_terminal_that_is_gone_stops_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is put right after it must still be put right."""
    with Path(os.devnull).open("w") as gone:
        pass
    monkeypatch.setattr("sys.stdout", gone)
    Voice().say("Switching back …")


def test_a_kept_copy_is_not_believed(tmp_path: Path) -> None:
    """It is made anew where it is another file's; and a stranger's file beside it stays."""
    cache, text = tmp_path / "cache", "one " * 1000
    for number in range(2):
        site = tmp_path / str(number)
        site.mkdir()
        (site / "page.html").write_text(text)
        assert compress(site, cache) == 2
        assert gzip.decompress((site / "page.html.gz").read_bytes()).decode() == text
        assert brotli.decompress((site / "page.html.br").read_bytes()).decode() == text
        for kept in cache.iterdir():
            kept.write_bytes(gzip.compress(b"another") if kept.suffix == ".gz" else b"garbage")
        (cache / "letter.txt").write_text("theirs")
    assert (cache / "letter.txt").read_text().startswith("theirs")


def test_the_release_says_what_it_was_built_with(host: Host) -> None:
    host.publish("one")
    bill = json.loads((host.folder / "current" / PLACE).read_text())
    assert bill["bomFormat"] == "CycloneDX"
    pelican = next(entry for entry in bill["components"] if entry["name"] == "pelican")
    assert re.fullmatch(r"pkg:pypi/pelican@[\d.]+", pelican["purl"])
    assert all(entry["externalReferences"] for entry in bill["components"])
    assert http.get(f"{host.nginx.url}/{PLACE}").status == 404
