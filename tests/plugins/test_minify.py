"""A style sheet means the same without its comments and needless spaces."""

from __future__ import annotations

from pathlib import Path

import pytest
import tinycss2

from plugins.assets.minify import minified


@pytest.mark.parametrize(
    ("written", "served"),
    [
        ("a  b { color: red ; margin: 0 auto; }\n", "a b{color:red;margin:0 auto}"),
        ("ul > li , ol ~ p { inset: calc(1rem + 2px) }", "ul>li,ol~p{inset:calc(1rem + 2px)}"),
        ("/* why */ .x :hover { --y: 1px } /* end */", ".x :hover{--y:1px}"),
        ("@media (min-width: 45rem) { :root { a: b; c: d } }", "@media (min-width:45rem){:root{a:b;c:d}}"),
        ('p::before { content: "a  b /* c */" }', 'p::before{content:"a  b /* c */"}'),
        ("a { background: url(x.svg) } @layer b , c ;", "a{background:url(x.svg)}@layer b,c"),
    ],
)
def test_what_is_left(written: str, served: str) -> None:
    assert minified(written) == served


def test_every_sheet_of_the_theme_keeps_its_tokens(root: Path) -> None:
    """Nothing but spaces, comments and the last semicolon of a block is gone."""

    def tokens(text: str) -> str:
        return "".join(token.serialize() for token in tinycss2.parse_component_value_list(text, skip_comments=True))

    for sheet in (root / "theme" / "static" / "css").rglob("*.css"):
        text = sheet.read_text(encoding="utf-8")
        shorter = minified(text)
        assert "".join(tokens(shorter).split()) == "".join(tokens(text).split()).replace(";}", "}").rstrip(";"), sheet
        assert minified(shorter) == shorter


def test_broken_css_names_its_line() -> None:
    with pytest.raises(ValueError, match="line 2"):
        minified("a { color: red }\nb } c { color: blue }")
