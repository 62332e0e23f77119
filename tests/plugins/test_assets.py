"""The theme's files: one style sheet made of its layers, and names that change with what they name."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from plugins.assets import Assets, bundle


@pytest.fixture
def theme(tmp_path: Path) -> Path:
    """A small theme: two layers, an icon."""
    (tmp_path / "css" / "blocks").mkdir(parents=True)
    (tmp_path / "css" / "main.css").write_text(
        "/* order */\n@layer base, blocks;\n"
        '@import url("base.css") layer(base);\n@import url("blocks/card.css") layer(blocks);\n',
        encoding="utf-8",
    )
    (tmp_path / "css" / "base.css").write_text("body { color: black; }\n", encoding="utf-8")
    (tmp_path / "css" / "blocks" / "card.css").write_text("@media print { .card { margin: 0; } }\n", encoding="utf-8")
    (tmp_path / "icon.svg").write_text("<svg/>", encoding="utf-8")
    return tmp_path


def blocks(css: str) -> list[str]:
    """The top-level statements of a style sheet; fails on braces that do not match."""
    found, depth, start = [], 0, 0
    for place, sign in enumerate(css):
        depth += {"{": 1, "}": -1}.get(sign, 0)
        assert depth >= 0, css[start : place + 1]
        if depth == 0 and sign in ";}":
            found.append(css[start : place + 1])
            start = place + 1
    assert depth == 0, "a brace is never closed"
    assert not css[start:].strip()
    return found


def test_one_style_sheet_holds_every_file_in_its_layer(theme: Path) -> None:
    order, base, card = blocks(bundle(theme / "css" / "main.css"))
    assert order == "@layer base,blocks;"
    assert base == "@layer base{body{color:black}}"
    assert card == "@layer blocks{@media print{.card{margin:0}}}"


def test_the_name_of_a_file_changes_with_its_content_and_only_then(theme: Path) -> None:
    before, again = (Assets(theme, "theme").places for _ in range(2))
    assert before == again
    assert re.fullmatch(r"theme/main\.[0-9a-f]{10}\.css", before["css/main.css"])
    (theme / "css" / "blocks" / "card.css").write_text(".card { margin: 1px; }", encoding="utf-8")
    after = Assets(theme, "theme").places
    assert after["css/main.css"] != before["css/main.css"]
    assert after["icon.svg"] == before["icon.svg"]


def test_the_layers_are_served_once_and_not_also_one_by_one(theme: Path) -> None:
    assert set(Assets(theme, "theme").places) == {"css/main.css", "icon.svg"}


def test_a_kind_of_page_adds_its_blocks_to_their_layer(theme: Path) -> None:
    (theme / "css" / "kinds").mkdir()
    (theme / "css" / "kinds" / "home.css").write_text("/* large */ .hero { margin: 0; }\n", encoding="utf-8")
    assets = Assets(theme, "theme")
    assert blocks(assets.styles("home")) == [*blocks(assets.styles()), "@layer blocks{.hero{margin:0}}"]
    with pytest.raises(LookupError, match=r'no file "hom\.css".*Did you mean "home"'):
        assets.styles("hom")


def test_a_script_is_served_without_its_comments_and_otherwise_as_it_is(theme: Path) -> None:
    script = "// why\nconst a = 1; // kept\n\n  /** What it does. */\n  const b = `//`;\nconst c = a /* kept */ + 1;\n"
    (theme / "page.js").write_text(script, encoding="utf-8")
    served = Assets(theme, "theme").contents["page.js"].decode()
    assert served == "const a = 1; // kept\n\n  const b = `//`;\nconst c = a /* kept */ + 1;\n"


def test_a_file_the_theme_does_not_have_raises_with_the_nearest_name(theme: Path) -> None:
    with pytest.raises(LookupError, match=r'no file "icn\.svg".*Did you mean "icon\.svg"'):
        Assets(theme, "theme").place("icn.svg")


def test_the_theme_of_this_site_is_one_whole_style_sheet(root: Path) -> None:
    css = bundle(root / "theme" / "static" / "css" / "main.css")
    order, *layers = blocks(css)
    named = order.removeprefix("@layer ").removesuffix(";").split(",")
    used = [re.match(r"@layer ([\w-]+)\{", layer) for layer in layers]
    assert all(used), "something stands outside every layer"
    assert list(dict.fromkeys(match[1] for match in used if match)) == named
    assert "@import" not in css


def test_no_style_sheet_of_this_site_is_forgotten(root: Path) -> None:
    folder = root / "theme" / "static" / "css"
    imported = set(re.findall(r'@import url\("([^"]+)"\)', (folder / "main.css").read_text(encoding="utf-8")))
    files = {file.relative_to(folder).as_posix() for file in folder.rglob("*.css")} - {"main.css"}
    templates = "".join(file.read_text(encoding="utf-8") for file in (root / "theme" / "templates").glob("*.html"))
    found = re.findall(r"set kinds = ([^%]+)|styles\(([^)]+)\)", templates)
    asked = set(re.findall(r'"(\w+)"', " ".join(map(" ".join, found))))
    assert files == imported | {f"kinds/{kind}.css" for kind in asked}
