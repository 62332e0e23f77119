"""Pictures for shared pages: size, weight and cache; every page names one that is there."""

from __future__ import annotations

import re
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from PIL import Image, ImageChops

from plugins import social_pictures
from plugins.build import build_of
from plugins.practice.facts import Facts
from plugins.practice.model import Practice
from plugins.problems import BuildStopped
from plugins.social_pictures import picture_cache, social_image, words, write_pictures
from tools.build import settings_for

TITLES = [
    ("The method", "en"),
    ("Politique de confidentialité (données personnelles)", "fr"),
    ("Process guide for HR and managers", "en"),
]


def printed(title: str, lang: str = "en") -> dict[str, Any]:
    """What the picture of a page with this title says."""
    return words(title, "Human Trajectory Makers", lang, [[200, 318], [840, 112]])


@pytest.mark.parametrize(("title", "lang"), TITLES)
def test_picture(title: str, lang: str, tmp_path: Path) -> None:
    data = social_image(printed(title, lang), picture_cache(tmp_path)).read_bytes()
    assert data.startswith(b"\x89PNG\r\n\x1a\n")
    assert int.from_bytes(data[16:20], "big") == 1200
    assert int.from_bytes(data[20:24], "big") == 630
    assert len(data) <= 80_000


LONG = ["Anticonstitutionnellement" * 2, "Donaudampfschifffahrtsgesellschaftskapitän " * 3, "A word and another " * 12]


@pytest.mark.parametrize("title", LONG)
def test_a_title_is_whole_however_long(title: str, tmp_path: Path) -> None:
    """Nothing of it is cut: to the right of its column and at the edges stand the same signs as without any title."""
    empty = Image.open(social_image(printed(" "), picture_cache(tmp_path))).convert("RGB")
    picture = Image.open(social_image(printed(title.strip()), picture_cache(tmp_path))).convert("RGB")
    box = ImageChops.difference(empty, picture).getbbox()
    assert box
    left, top, right, bottom = box
    assert (left >= 70, right <= 985, top >= 110, bottom <= 385) == (True,) * 4, box


@pytest.mark.parametrize("char", ["🎯", "ن", "標", "𝔄"])
def test_a_title_that_the_picture_cannot_show_is_told_with_its_line(char: str, tmp_path: Path) -> None:
    build = build_of(settings_for(tmp_path / "site", False, None))
    build.facts = Facts(Practice(trade_name="Practice"))
    build.menus = {"modalities": ["a", "b"]}
    page = {"lang": "en", "lines": {"title": 2}}
    pages = [SimpleNamespace(title=f"A title {char}", source_path="content/en/pages/a.md", **page)]
    pages += [SimpleNamespace(title=f"{char} again", source_path="content/en/pages/b.md", **page)]
    with pytest.raises(BuildStopped) as stopped:
        write_pictures(build, pages)
    assert {(problem.file, problem.line) for problem in stopped.value.problems} == {
        ("content/en/pages/a.md", 2),
        ("content/en/pages/b.md", 2),
    }
    assert all(f"U+{ord(char):04X}" in problem.message and problem.remedy for problem in stopped.value.problems)


def test_made_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = social_image(printed("The method"), picture_cache(tmp_path))
    monkeypatch.setattr(social_pictures, "compile_png", lambda *_: pytest.fail("rendered again"))
    assert social_image(printed("The method"), picture_cache(tmp_path)) == first


def test_each_page_has_its_picture(site: Any) -> None:
    named = {}
    for page in [*site.output.glob("en/**/index.html"), *site.output.glob("fr/**/index.html")]:
        found = re.search(r'property="og:image" content="[^"]*?/(social/[^"]+)"', page.read_text(encoding="utf-8"))
        assert found, page
        assert (site.output / found[1]).stat().st_size <= 80_000
        named[page] = found[1]
    assert len(set(named.values())) > len(named) * 0.8
    assert {f"social/{file.name}" for file in (site.output / "social").iterdir()} >= set(named.values())
