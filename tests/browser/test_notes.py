"""Notes in an article, in both languages: where they lead, what they are called, and nothing that bars a reader."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser

from tests.browser.audit import Reader, axe, complaints, media, overflow, stated
from tests.browser.served_site import previewed

ADDRESSES = {"en": "/en/articles/three-chairs/", "fr": "/fr/articles/vue-de-trois-chaises/"}
BACK = {"en": "Back to the text, note 2", "fr": "Retour au texte, note 2"}
TEXT = """

A word[^a], another[^b] and the first[^a].

[^b]: A source, [with a link](https://example.com/).
[^a]: Another source.
"""


@pytest.fixture(scope="module")
def reader(
    browser: Browser, root: Path, fictitious: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Reader]:
    folder = tmp_path_factory.mktemp("notes")
    shutil.copytree(root / "content", folder / "content")
    for lang in ADDRESSES:
        with (folder / f"content/{lang}/articles/three-chairs.md").open("a", encoding="utf-8") as file:
            file.write(TEXT)
    with previewed(browser, folder, fictitious, PATH=str(folder / "content"), cache=folder / "cache") as reader:
        yield reader


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 1280])
@pytest.mark.parametrize("lang", ADDRESSES)
def test_notes_bar_no_reader(reader: Reader, lang: str, width: int, scheme: Any) -> None:
    media(reader.page, scheme, width)
    reader.open(ADDRESSES[lang])
    findings = overflow(reader.page) + axe(reader.page) + complaints(reader)
    assert not findings, stated(findings)


@pytest.mark.parametrize("lang", ADDRESSES)
def test_from_the_mark_to_its_note_and_back(reader: Reader, lang: str) -> None:
    page = reader.open(ADDRESSES[lang])
    page.get_by_role("link", name="Note 2", exact=True).press("Enter")
    note = page.get_by_role("region", name="Notes", exact=True).get_by_role("listitem").nth(1)
    assert note.evaluate("note => note.matches(':target')")
    ground = note.evaluate("note => getComputedStyle(note).backgroundColor")
    assert ground != page.locator(".notes li").first.evaluate("note => getComputedStyle(note).backgroundColor")
    page.get_by_role("link", name=BACK[lang], exact=True).press("Enter")
    assert page.locator("sup:target").inner_text() == "2"
