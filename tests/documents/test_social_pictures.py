"""Pictures for shared pages: size, weight and cache; every page names one that is there."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from plugins import social_pictures
from plugins.social_pictures import picture_cache, social_image

TITLES = [
    ("The method", "en"),
    ("Politique de confidentialité (données personnelles)", "fr"),
    ("Process guide for HR and managers", "en"),
]


@pytest.mark.parametrize(("title", "lang"), TITLES)
def test_picture(title: str, lang: str, tmp_path: Path) -> None:
    data = social_image(title, "Human Trajectory Makers", lang, picture_cache(tmp_path)).read_bytes()
    assert data.startswith(b"\x89PNG\r\n\x1a\n")
    assert int.from_bytes(data[16:20], "big") == 1200
    assert int.from_bytes(data[20:24], "big") == 630
    assert len(data) <= 80_000


def test_made_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = social_image("The method", "Practice", "en", picture_cache(tmp_path))
    monkeypatch.setattr(social_pictures, "compile_png", lambda *_: pytest.fail("rendered again"))
    assert social_image("The method", "Practice", "en", picture_cache(tmp_path)) == first


def test_each_page_has_its_picture(site: Any) -> None:
    named = {}
    for page in [*site.output.glob("en/**/index.html"), *site.output.glob("fr/**/index.html")]:
        found = re.search(r'property="og:image" content="[^"]*?/(social/[^"]+)"', page.read_text(encoding="utf-8"))
        assert found, page
        assert (site.output / found[1]).stat().st_size <= 80_000
        named[page] = found[1]
    assert len(set(named.values())) > len(named) * 0.8
    assert {f"social/{file.name}" for file in (site.output / "social").iterdir()} >= set(named.values())
