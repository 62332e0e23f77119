"""Pictures for shared pages: size, weight and cache."""

from __future__ import annotations

from pathlib import Path

import pytest

from plugins.documents import social
from plugins.documents.social import shelf_of, social_image

TITLES = [
    ("The method", "en"),
    ("Politique de confidentialité (données personnelles)", "fr"),
    ("Process guide for HR and managers", "en"),
]


@pytest.mark.parametrize(("title", "lang"), TITLES)
def test_picture(title: str, lang: str, tmp_path: Path) -> None:
    data = social_image(title, "Human Trajectory Makers", lang, shelf_of(tmp_path)).read_bytes()
    assert data.startswith(b"\x89PNG\r\n\x1a\n")
    assert int.from_bytes(data[16:20], "big") == 1200
    assert int.from_bytes(data[20:24], "big") == 630
    assert len(data) <= 80_000


def test_made_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = social_image("The method", "Practice", "en", shelf_of(tmp_path))
    monkeypatch.setattr(social, "compile_png", lambda *_: pytest.fail("rendered again"))
    assert social_image("The method", "Practice", "en", shelf_of(tmp_path)) == first
