"""What the desk says of its computer: what an owner needs, and what to do; nothing of a developer's tools."""

from __future__ import annotations

import shutil
from importlib.metadata import version
from pathlib import Path
from types import SimpleNamespace

import keyring
import pytest
from keyring.backends import fail

from tests.desk.publishing import Publisher
from tools.desk import computer
from tools.desk.history.saving import notice


@pytest.fixture
def owner(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Publisher:
    made = Publisher(tmp_path / "project", monkeypatch)
    made.app.router.routes.extend(computer.ROUTES)
    made.write("requirements.txt", f"keyring=={version('keyring')}\n")
    notice(made.app.state.desk)
    monkeypatch.setattr(keyring, "get_keyring", fail.Keyring)
    return made


def test_all_is_well(owner: Publisher) -> None:
    page = owner.ask("computer").page
    assert {str(one["data-state"]) for one in page.select("main [data-state]")} == {"done"}
    assert "The history is whole" in page.text
    assert "SSH is there" in page.text
    assert "passwords go to a file that only your account can read" in page.text
    for word in ("chromium", "java", "nginx", "git", "rsync"):
        assert word not in owner.reads("computer").lower()


def test_what_is_not_well_is_told_with_what_to_do(owner: Publisher, monkeypatch: pytest.MonkeyPatch) -> None:
    owner.write("requirements.txt", "keyring==0.1\nno-such-package==1.0\n")
    (owner.root / ".desk" / ".git" / "refs" / "heads" / "history").write_text("0" * 40)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=1_000_000))
    monkeypatch.setattr(computer, "which", lambda _: None)
    page = owner.ask("computer").page
    failed = [" ".join(one.text.split()) for one in page.select('main [data-state="failed"]')]
    assert len(failed) == 4, failed
    for words in ("double-click “start”", "Free some space", "a new one begins", "install OpenSSH"):
        assert any("What to do:" in one and words in one for one in failed), words


def test_an_older_history_that_was_damaged_is_told(owner: Publisher) -> None:
    (owner.root / ".desk" / "damaged-20260101-000000-1").mkdir()
    page = owner.reads("computer")
    assert "an older part of it could not be read" in page
    assert "damaged-20260101-000000-1" in page
