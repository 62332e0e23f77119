"""A save is whole or not at all, whatever happens to it; and no text that anyone wrote is ever lost."""

from __future__ import annotations

import errno
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from plugins.problems import say
from tests.desk.saves import project, texts
from tests.surroundings import need
from tests.tools.copied_site import files_in
from tools.desk.desk import Desk
from tools.desk.history import exchange, versions
from tools.desk.history.saving import Changed, digest, notice, save
from tools.desk.history.versions import FOLDER, told_in, versions_of

BEFORE = {"content/en/pages/a.md": "old\n", "content/en/pages/gone.md": "gone\n"}
AFTER = {"content/en/pages/a.md": "new\n", "content/en/pages/come.md": "come\n"}


@pytest.fixture(scope="module")
def saves(root: Path) -> Any:
    """What tests/desk/saves.py found out."""
    command = [sys.executable, "-m", "tests.desk.saves"]
    done = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def visible(state: dict[str, str]) -> dict[str, str]:
    """The files that a build reads."""
    return {name: text for name, text in state.items() if not name.endswith(".part")}


@pytest.mark.parametrize(("run", "moments_without"), [("kill", 0), ("kill, by renaming", 1)])
def test_killed_at_any_step_a_save_is_whole_once_the_desk_runs_again(
    saves: Any, run: str, moments_without: int
) -> None:
    assert len(saves[run]) > 20
    for step in saves[run]:
        for name, text in visible(step["at_once"]).items():
            assert text in (BEFORE.get(name), AFTER.get(name))
        assert step["after"] in (BEFORE, AFTER)
        assert {"old\n", "gone\n"} <= set(step["known"])
        assert step["again"] == AFTER
    missing = [step for step in saves[run] if "content/en/pages/a.md" not in step["at_once"]]
    assert len(missing) == moments_without


def test_a_full_disk_leaves_everything_as_it_was(saves: Any) -> None:
    *refused, last = saves["full"]
    assert len(refused) > 10
    assert {step["code"] for step in refused} == {1}
    assert all(step["at_once"] == step["after"] == BEFORE for step in refused)
    assert all(step["again"] == AFTER for step in [*refused, last])


@pytest.mark.parametrize("run", ["writers", "writers, by renaming"])
def test_two_desks_and_another_program_at_once_lose_no_text(saves: Any, run: str) -> None:
    found = saves[run]
    assert found["codes"] == [0, 0, 0]
    assert found["written"] > 80
    assert found["lost"] == []
    assert found["left"] == []


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """A small project with a history."""
    return project(tmp_path / "site")


def last_words(desk: Desk, count: int = 1) -> list[str]:
    """What the newest entries say."""
    kept = versions_of(desk.root)
    name = kept.head()
    said: list[str] = []
    while name and len(said) < count:
        commit = kept.commit(name)
        said.append(str(told_in(commit.message)))
        name = bytes(commit.parents[0]) if commit.parents else b""
    return said


def test_what_was_changed_elsewhere_is_in_the_history_before_a_save_goes_over_it(desk: Desk) -> None:
    page, other = desk.root / "content/en/pages/a.md", desk.root / "content/en/pages/gone.md"
    other.write_bytes(b"changed elsewhere\n")
    save(desk, {page: b"new\n"}, {page: digest(b"old\n")}, say("The page {name} was changed", name="A"))
    assert last_words(desk, 3) == ["The page A was changed", "Changed outside the desk", "The history begins"]
    assert b"changed elsewhere\n" in texts(desk.root)


def test_a_file_that_changed_since_it_was_seen_is_not_written_over(desk: Desk) -> None:
    page, other = desk.root / "content/en/pages/a.md", desk.root / "content/en/pages/come.md"
    page.write_bytes(b"someone else's\n")
    with pytest.raises(Changed) as changed:
        save(desk, {other: b"x", page: b"mine\n"}, {page: digest(b"old\n"), other: ""}, say("Changed"))
    assert (changed.value.path, changed.value.now) == (page, b"someone else's\n")
    assert page.read_bytes() == b"someone else's\n"
    assert not other.exists()


def test_who_saves_in_the_very_moment_keeps_the_file_and_the_owner_is_told(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, page = desk.root / "content/en/pages/gone.md", desk.root / "content/en/pages/a.md"
    trades: list[Path] = []

    def late(one: Path, two: Path) -> bool:
        trades.append(two)
        if trades.count(page) == 1 and two == page:
            page.with_name("theirs").write_bytes(b"theirs\n")
            page.with_name("theirs").replace(page)
        return original(one, two)

    original = exchange.exchange
    monkeypatch.setattr(exchange, "exchange", late)
    with pytest.raises(Changed) as changed:
        save(desk, {first: b"f", page: b"mine"}, {first: digest(b"gone\n"), page: digest(b"old\n")}, say("Both"))
    assert changed.value.now == b"theirs\n"
    assert files_in(desk.root / "content") == {"en/pages/a.md": b"theirs\n", "en/pages/gone.md": b"gone\n"}
    assert last_words(desk) == ["Changed outside the desk"]


def test_a_save_that_came_through_before_is_no_conflict_when_it_is_asked_again(desk: Desk) -> None:
    page = desk.root / "content/en/pages/a.md"
    for entry_is_new in (True, False):
        saved = save(desk, {page: b"new\n"}, {page: digest(b"old\n")}, say("Changed"))
        assert bool(saved.entry) == entry_is_new
        assert saved.seen == {page: digest(b"new\n")}


def test_a_file_that_cannot_be_read_hinders_no_save_and_is_not_taken_for_gone(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def read(path: Path) -> bytes:
        if path.name == "gone.md":
            raise PermissionError(errno.EACCES, "Permission denied")
        return original(path)

    original, page = Path.read_bytes, desk.root / "content/en/pages/a.md"
    monkeypatch.setattr(Path, "read_bytes", read)
    save(desk, {page: b"new\n"}, {page: digest(b"old\n")}, say("Changed"))
    monkeypatch.undo()
    notice(desk)
    assert last_words(desk, 2) == ["Changed", "The history begins"]


def test_bytes_stay_what_they_are(desk: Desk) -> None:
    page, picture = desk.root / "content/en/pages/a.md", desk.root / "content/images/p.png"
    odd = b"\xef\xbb\xbfa\r\nb\rc\n\0\xff"
    save(desk, {page: odd, picture: bytes(range(256))}, {page: digest(b"old\n"), picture: ""}, say("Bytes"))
    assert page.read_bytes() == odd
    assert {odd, bytes(range(256))} <= texts(desk.root)


def test_rights_and_links_of_a_page_stay(desk: Desk, tmp_path: Path) -> None:
    page, elsewhere = desk.root / "content/en/pages/a.md", tmp_path / "synchronised.md"
    page.rename(elsewhere)
    elsewhere.chmod(0o640)
    page.symlink_to(elsewhere)
    save(desk, {page: b"new\n"}, {page: digest(b"old\n")}, say("Changed"))
    assert page.is_symlink()
    assert elsewhere.read_bytes() == b"new\n"
    assert elsewhere.stat().st_mode & 0o777 == 0o640


@pytest.mark.parametrize("place", ["../other.md", ".git/config", ".desk/.git/HEAD"])
def test_no_save_leaves_the_project_or_touches_what_is_hidden(desk: Desk, place: str) -> None:
    with pytest.raises(ValueError, match=r"\."):
        save(desk, {desk.root / place: b"x"}, {}, say("No"))


@pytest.mark.parametrize("harm", [b"", b"\0" * 41])
@pytest.mark.parametrize("part", ["the last name", "a tree"])
def test_a_history_that_is_damaged_is_kept_aside_and_another_begins(desk: Desk, part: str, harm: bytes) -> None:
    kept = versions_of(desk.root)
    tree = kept.commit(kept.head()).tree.decode()
    harmed = f"objects/{tree[:2]}/{tree[2:]}" if part == "a tree" else "refs/heads/history"
    (kept.git / harmed).write_bytes(harm)
    versions_of.cache_clear()
    page = desk.root / "content/en/pages/a.md"
    save(desk, {page: b"new\n"}, {page: digest(b"old\n")}, say("Changed"))
    assert last_words(desk, 5) == ["Changed", "The history begins"]
    assert list((desk.root / FOLDER).glob("damaged-*"))


@pytest.mark.parametrize("pending", [b"", b"\0" * 41, b"1" * 40])
def test_a_pending_save_that_cannot_be_read_is_given_up(desk: Desk, pending: bytes) -> None:
    (versions_of(desk.root).git / "desk-pending").write_bytes(pending)
    page = desk.root / "content/en/pages/a.md"
    save(desk, {page: b"new\n"}, {page: digest(b"old\n")}, say("Changed"))
    assert last_words(desk, 5) == ["Changed", "The history begins"]


def test_many_files_of_the_history_become_one(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(versions, "LOOSE", 5)
    before, folder = texts(desk.root), versions_of(desk.root).git / "objects"
    notice(desk)
    assert [file.suffix for file in sorted(folder.rglob("*")) if file.is_file()] == [".idx", ".pack"]
    versions_of.cache_clear()
    assert texts(desk.root) == before


def git(folder: Path, *arguments: str) -> str:
    """What git, told to do harm by the user's own settings, answers."""
    done = subprocess.run(["git", *arguments], cwd=folder, capture_output=True, text=True, check=False)
    return f"{done.stdout}{done.stderr}"


@pytest.fixture(scope="module")
def checkout(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A checkout in the middle of a merge, with a staged file, and a worktree with a detached HEAD beside it."""
    need("git")
    folder = tmp_path_factory.mktemp("checkouts") / "site"
    (folder / "content/en/pages").mkdir(parents=True)
    shutil.copyfile(root / ".gitignore", folder / ".gitignore")
    page = folder / "content/en/pages/a.md"
    git(folder, "init")
    for branch, text in (("main", "one\n"), ("other", "two\n"), ("main", "three\n")):
        git(folder, "checkout", "-b" if text != "three\n" else "-f", branch)
        page.write_text(text)
        git(folder, "add", ".")
        git(folder, "commit", "-m", text)
    git(folder, "worktree", "add", "--detach", "../tree")
    assert "CONFLICT" in git(folder, "merge", "other")
    (folder / "content/en/pages/staged.md").write_text("staged")
    git(folder, "add", "content/en/pages/staged.md")
    return folder


@pytest.mark.parametrize("name", ["site", "tree"])
def test_a_developers_repository_is_not_touched(checkout: Path, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = checkout.parent / name
    page, hook = folder / "content/en/pages/a.md", checkout / ".git/hooks/post-commit"
    hook.write_text("#!/bin/sh\ntouch ran\n")
    hook.chmod(0o755)
    before, status = files_in(checkout / ".git"), git(folder, "status", "--porcelain=v2", "--branch")
    monkeypatch.setenv("HOME", "/nowhere")
    data = page.read_bytes()
    desk = Desk(None, folder)  # type: ignore[arg-type]
    save(desk, {page: b"by the desk"}, {page: digest(data)}, say("Changed"))
    save(desk, {page: data}, {page: digest(b"by the desk")}, say("And back"))
    assert files_in(checkout / ".git") == before
    monkeypatch.undo()
    os.utime(checkout / ".git/index")
    assert git(folder, "status", "--porcelain=v2", "--branch") == status
    assert b"by the desk" in texts(folder)


def test_git_does_not_publish_or_lose_the_history(checkout: Path) -> None:
    desk = Desk(None, checkout)  # type: ignore[arg-type]
    page = checkout / "content/en/pages/a.md"
    secret = b"a draft for nobody"
    save(desk, {page: secret}, {page: digest(page.read_bytes())}, say("A draft"))
    save(desk, {page: b"public"}, {page: digest(secret)}, say("Written"))
    git(checkout, "add", "-A")
    git(checkout, "commit", "-m", "merged")
    git(checkout, "clean", "-fdx")
    git(checkout, "gc", "--prune=now")
    git(checkout.parent, "init", "--bare", "host")
    git(checkout, "push", "--mirror", "../host")
    git(checkout.parent, "clone", "site", "clone")
    for other in ("host", "clone/.git"):
        listed = git(checkout.parent / other, "cat-file", "--batch-all-objects", "--batch-check")
        assert "commit" in listed
        assert secret.decode() not in git(checkout.parent / other, "grep", "-e", secret.decode(), *listed_trees(listed))
    assert ".desk" not in git(checkout, "ls-files")
    own = checkout / FOLDER
    git(own, "gc", "--prune=now")
    versions_of.cache_clear()
    assert secret in texts(checkout)
    notice(desk)
    assert git(own, "fsck", "--full", "--strict") == ""
    assert "A draft" in git(own, "log")


def listed_trees(listed: str) -> list[str]:
    """The commits among the objects that git lists."""
    return [line.split()[0] for line in listed.splitlines() if " commit " in line]
