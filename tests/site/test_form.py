"""Every file of the site is what its name says, and no sign of the syntax is in the words of any."""

from __future__ import annotations

import json
import re
from html import unescape
from pathlib import Path
from xml.etree import ElementTree

import pytest
from bs4 import BeautifulSoup
from pypdf import PdfReader

from tests.site.built_site import Site

SYNTAX = re.compile(
    r"\{(?:filename|static|attach)\}|\]\(|\{:|\*\*|\[[ xX]\]|\{\{|\{%|\{##|klzzwxh|[\ue000-\uf8ff]"
    r"|^ *(?:!!!|```|~~~|#{1,6} |\|)",
    re.MULTILINE,
)
FOR_READERS = {".xml", ".svg", ".json", ".webmanifest", ".txt"}  # beside pages and PDFs


@pytest.fixture(params=["preview", "published"])
def site(request: pytest.FixtureRequest) -> Site:
    found: Site = request.getfixturevalue(request.param)
    return found


def words(html: str) -> str:
    soup = BeautifulSoup(html, "html.parser")
    for tag in soup(["script", "style", "code", "pre"]):
        tag.decompose()
    return soup.get_text()


def test_each_page_has_one_heading_of_the_first_level_and_no_sign_of_the_syntax(site: Site) -> None:
    found = {str(page): SYNTAX.findall(words(page.file.read_text(encoding="utf-8"))) for page in site.pages.values()}
    assert {address: signs for address, signs in found.items() if signs} == {}
    assert [str(page) for page in site.listed if len(page.soup("h1")) != 1] == []


def test_each_other_file_parses_and_shows_no_sign_of_the_syntax(site: Site) -> None:
    seen = set()
    for file in site.folder.rglob("*"):
        if file.suffix not in FOR_READERS:
            continue
        text = file.read_text(encoding="utf-8")
        seen.add(file.suffix)
        match file.suffix:
            case ".xml" | ".svg":
                text = words(unescape("\n".join(ElementTree.fromstring(text).itertext())))
            case ".json" | ".webmanifest":
                json.loads(text)
        assert SYNTAX.findall(text) == [], file
    assert seen == FOR_READERS


def test_no_sign_of_the_syntax_is_in_a_pdf(published: Site) -> None:
    files = list(published.folder.rglob("*.pdf"))
    assert len(files) == 4
    assert {file.name: SYNTAX.findall(text_of(file)) for file in files} == {file.name: [] for file in files}


def text_of(file: Path) -> str:
    return "\n".join(page.extract_text() for page in PdfReader(file).pages)
