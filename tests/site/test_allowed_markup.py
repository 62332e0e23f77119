"""What comes out: each page has the template's own frame, and in it nothing outside the list; feeds the same."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import pytest
from bs4 import BeautifulSoup, Tag
from bs4.element import Comment

from plugins.reader.allowed import ELEMENTS, EVERYWHERE, OF_THEIR_OWN, held
from tests.site.built_site import ORIGIN, Site

ATOM = "{http://www.w3.org/2005/Atom}"
NEVER = "iframe, object, embed, base, frame, noscript, portal"


@pytest.fixture(params=["published", "preview"])
def site(request: pytest.FixtureRequest) -> Site:
    found: Site = request.getfixturevalue(request.param)
    return found


def test_each_page_has_one_frame_and_it_is_the_template_s(site: Site) -> None:
    for page in site.pages.values():
        html = page.file.read_text(encoding="utf-8")
        metas = [meta["http-equiv"] for meta in page.soup.select("meta[http-equiv]")]
        once = ("html", "head", "body", "title", *([] if "refresh" in metas else ["main", "h1"]))
        assert {name: len(re.findall(rf"<{name}[\s>]", html)) for name in once} == dict.fromkeys(once, 1), page
        assert all(html.count(f"</{name}>") <= 1 for name in once), page
        assert metas in (["Content-Security-Policy"], ["Content-Security-Policy", "refresh"], ["refresh"]), page
        assert page.lang is None or "refresh" not in metas, page
        assert all(meta.find_parent("head") for meta in page.soup.find_all("meta")), page
        assert not page.soup.select(NEVER), page


def test_no_comment_reaches_a_page_a_feed_or_any_other_text(site: Site) -> None:
    for file in site.folder.rglob("*"):
        if file.suffix in (".html", ".xml", ".svg", ".webmanifest", ".txt"):
            assert "<!--" not in (text := file.read_text(encoding="utf-8")), file
            assert "{#" not in text, file
    for page in site.pages.values():
        assert not page.soup.find_all(string=lambda text: isinstance(text, Comment)), page


def test_no_page_has_a_handler_a_style_of_its_own_or_an_address_of_another_kind(site: Site) -> None:
    for page in site.pages.values():
        for tag in page.soup.find_all(True):
            assert isinstance(tag, Tag)
            assert not [name for name in tag.attrs if name == "style" or name.startswith("on")], (page, tag)
            for name in ("href", "src", "action", "formaction", "data", "poster", "xlink:href"):
                address = re.sub(r"[\x00-\x20]", "", str(tag.get(name, "")))
                scheme = re.match(r"([a-zA-Z][\w+.-]*):", address)
                assert not scheme or scheme[1] in ("https", "http", "mailto", "tel"), (page, tag)


def test_what_authors_wrote_holds_nothing_outside_the_list(site: Site) -> None:
    texts = [(page, prose) for page in site.listed for prose in page.soup.select("main .prose")]
    assert len(texts) > 50
    for page, prose in texts:
        for tag in prose.find_all(True):
            assert tag.name in ELEMENTS, (page, tag)
            assert set(tag.attrs) <= EVERYWHERE | OF_THEIR_OWN.get(tag.name, set()), (page, tag)


def entries(site: Site) -> list[tuple[str, str]]:
    """What the feeds hold: each text of HTML, with the feed it is in."""
    return [
        (lang, content.text or "")
        for lang in ("en", "fr")
        for content in ElementTree.fromstring(site.text(f"{lang}/feed.xml")).iter(f"{ATOM}content")
    ]


def test_a_feed_s_html_is_what_the_list_allows_with_full_addresses(published: Site) -> None:
    assert entries(published)
    for lang, html in entries(published):
        assert held(html) == (html, []), lang
        for tag in BeautifulSoup(html, "html.parser").find_all(True):
            assert set(tag.attrs) <= EVERYWHERE | OF_THEIR_OWN.get(tag.name, set())
            for name in ("href", "src"):
                assert re.match(r"https?://|mailto:|tel:|$", str(tag.get(name, ""))), tag
    assert any(f'href="{ORIGIN}/' in html for _, html in entries(published))
