"""A drawing comes out with nothing but what draws; what could run, load or lead elsewhere is told by line (#12)."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from plugins.drawings import DrawingError, cleaned_drawing
from plugins.pictures import cleaned
from plugins.problems import ContentError

OPEN = '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" viewBox="0 0 9 9">\n'

REFUSED = {
    "a script": "<script>alert(1)</script>",
    "a script under a prefix": '<s:script xmlns:s="http://www.w3.org/2000/svg">alert(1)</s:script>',
    "a handler": '<rect onload="alert(1)" width="1"/>',
    "a handler in capitals": '<rect ONLOAD="alert(1)" width="1"/>',
    "HTML inside": '<foreignObject><p xmlns="http://www.w3.org/1999/xhtml">x</p></foreignObject>',
    "a link": '<a href="https://x.test/"><rect width="1"/></a>',
    "a picture": '<image href="https://x.test/p.png"/>',
    "a picture in it": '<image href="data:image/png;base64,AAAA"/>',
    "a part of another file": '<use href="https://x.test/a.svg#b"/>',
    "a part of another file, the old way": '<use xlink:href="other.svg#b"/>',
    "a part of data": '<use href="data:image/svg+xml,x#b"/>',
    "a colour from elsewhere": '<rect fill="url(https://x.test/a.svg#b)"/>',
    "a colour from elsewhere in quotes": "<rect fill=\"url( 'https://x.test/a.svg#b')\"/>",
    "a filter from elsewhere": '<rect style="filter: URL(//x.test/f.svg#b)"/>',
    "an escaped address": '<rect style="fill: \\75rl(https://x.test/)"/>',
    "a style sheet that loads": "<style>@import 'https://x.test/a.css';</style>",
    "a style sheet with a font": "<style>@font-face { font-family: x; src: url(x.woff) }</style>",
    "a style sheet with a picture": "<style>rect { fill: image-set('https://x.test/p.png' 1x) }</style>",
    "an animation": '<set attributeName="href" to="javascript:alert(1)"/>',
    "an element nobody knows": "<blink/>",
    "an attribute nobody knows": '<rect ping="https://x.test/"/>',
    "a picture of a filter": '<filter><feImage href="https://x.test/p.png"/></filter>',
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_could_run_load_or_lead_elsewhere_is_refused_with_its_line(case: str) -> None:
    with pytest.raises(DrawingError) as error:
        cleaned_drawing(f"{OPEN}<g>\n{REFUSED[case]}\n</g></svg>".encode())
    assert error.value.line in (3, 4)  # of text, the line where it ends is known


@pytest.mark.parametrize(
    ("data", "line"),
    [
        (b'<!DOCTYPE svg [<!ENTITY x "y">]>\n<svg xmlns="http://www.w3.org/2000/svg">&x;</svg>', 1),
        (b'<!DOCTYPE svg [\n<!ENTITY x SYSTEM "file:///etc/passwd">]>\n<svg xmlns="http://www.w3.org/2000/svg"/>', 1),
        (b'<svg xmlns="http://www.w3.org/2000/svg">\n<g></svg>', 2),
        (b"<html><p>x</p></html>", 1),
        (b"<svg><rect/></svg>", 1),
        (b"", 1),
        (b"\x89PNG", 1),
    ],
)
def test_what_is_no_plain_svg_is_told_with_its_line(tmp_path: Path, data: bytes, line: int) -> None:
    (tmp_path / "x.svg").write_bytes(data)
    with pytest.raises(ContentError) as error:
        cleaned(tmp_path / "x.svg", tmp_path / "kept")
    assert [problem.line for problem in error.value.args[0]] == [line]


FROM_AN_EDITOR = """<?xml version="1.0" encoding="UTF-8"?>
<?PLANTED instruction?>
<!-- PLANTED: Made by Marie -->
<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd">
<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="9" height="9"
  xmlns:sodipodi="http://sodipodi.sourceforge.net/DTD/sodipodi-0.dtd" sodipodi:docname="PLANTED.svg"
  xmlns:inkscape="http://www.inkscape.org/namespaces/inkscape" inkscape:export-filename="/home/PLANTED/x.png">
  <metadata><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">PLANTED<rect/></rdf:RDF></metadata>
  <sodipodi:namedview inkscape:window-width="PLANTED"><inkscape:grid/></sodipodi:namedview>
  <title>Two chairs &amp; a “window”</title>
  <style>/* PLANTED */ .a { fill: #123456; } @media (prefers-color-scheme: dark) { .a { fill: white } }</style>
  <defs><linearGradient id="b"><stop offset="0" stop-color="#fff"/></linearGradient></defs>
  <g inkscape:label="PLANTED" data-name="PLANTED"><path class="a" d="M0 0h9" style="fill:url(#b);/* PLANTED */"/></g>
  PLANTED words between
  <use xlink:href="#b" transform="rotate(9)"/><text x="1" xml:space="preserve">a &lt; b</text>
</svg>
"""


def test_what_an_editor_adds_for_itself_is_left_out() -> None:
    clean = cleaned_drawing(FROM_AN_EDITOR.encode())
    assert b"PLANTED" not in clean
    root: Any = ElementTree.fromstring(clean)
    names = [element.tag.removeprefix("{http://www.w3.org/2000/svg}") for element in root.iter()]
    assert names == ["svg", "title", "style", "defs", "linearGradient", "stop", "g", "path", "use", "text"]
    assert [element.text for element in root if element.text] == ["Two chairs & a “window”", root[1].text, "a < b"]
    assert root.find("{*}use").attrib == {"href": "#b", "transform": "rotate(9)"}
    assert root.find("{*}g/{*}path").attrib == {"class": "a", "d": "M0 0h9", "style": "fill:url(#b);"}
    assert cleaned_drawing(clean) == clean


def test_the_drawings_of_the_theme_are_of_what_is_allowed(root: Path) -> None:
    for file in (root / "theme" / "static").rglob("*.svg"):
        assert cleaned_drawing(file.read_bytes())
