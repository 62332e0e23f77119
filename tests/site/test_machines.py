"""What the site tells machines: canonical addresses, shared links, JSON-LD, site map, feeds, security.txt."""

from __future__ import annotations

import datetime
import json
import re
import struct
import warnings
from collections.abc import Iterator
from typing import Any
from xml.etree import ElementTree

import pytest

from tests.site.built_site import ORIGIN, Page, Site

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # what a library warns of when it is imported is no fault of the site
    import feedparser

LOCALES = {"en": "en_GB", "fr": "fr_FR"}
SITEMAP = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9", "x": "http://www.w3.org/1999/xhtml"}


def test_each_page_gives_its_own_address_as_the_right_one(published: Site) -> None:
    for page in [*published.listed, published.pages["/"]]:
        (canonical,) = page.head.select('link[rel="canonical"]')
        assert canonical["href"] == ORIGIN + page.address, page


def test_a_preview_gives_no_public_address(preview: Site) -> None:
    for page in preview.listed:
        (canonical,) = page.head.select('link[rel="canonical"]')
        assert canonical["href"] == f"http://127.0.0.1:8000{page.address}", page


# Shared links


def test_a_shared_link_shows_the_page_in_its_language(published: Site) -> None:
    for page in published.listed:
        lang = page.lang or ""
        assert page.meta("og:title") == page.soup.h1.get_text(strip=True), page  # type: ignore[union-attr]
        assert page.meta("og:description") == page.meta("description"), page
        assert page.meta("og:url") == ORIGIN + page.address, page
        assert page.meta("og:locale") == LOCALES[lang], page
        assert page.meta("og:locale:alternate") == LOCALES["fr" if lang == "en" else "en"], page
        assert page.meta("og:type") == (
            "article" if "/articles/" in page.address.removesuffix("/articles/") else "website"
        ), page
        assert page.meta("og:site_name") == "Human Trajectory Makers", page
        assert page.meta("og:image:alt"), page
        assert page.meta("twitter:card") == "summary_large_image", page


def test_each_page_has_a_picture_of_its_own_in_the_size_it_says(published: Site) -> None:
    pictures = set()
    for page in published.listed:
        address = page.meta("og:image") or ""
        assert address.startswith(f"{ORIGIN}/"), page
        data = (published.folder / address.removeprefix(f"{ORIGIN}/")).read_bytes()
        assert data.startswith(b"\x89PNG\r\n\x1a\n"), page
        assert struct.unpack(">II", data[16:24]) == (1200, 630), page
        assert (page.meta("og:image:width"), page.meta("og:image:height")) == ("1200", "630"), page
        pictures.add(address)
    assert len(pictures) == len({(page.lang, page.meta("og:title")) for page in published.listed})


# JSON-LD


def graph(page: Page) -> list[dict[str, Any]]:
    (script,) = page.soup.select('script[type="application/ld+json"]')
    data = json.loads(script.get_text())
    assert data["@context"] == "https://schema.org"
    nodes: list[dict[str, Any]] = data["@graph"]
    return nodes


def node(page: Page, kind: str) -> dict[str, Any]:
    (found,) = [node for node in graph(page) if node["@type"] == kind]
    return found


def leaves(value: Any) -> Iterator[Any]:
    match value:
        case dict():
            for key, part in value.items():
                yield key
                yield from leaves(part)
        case list():
            for part in value:
                yield from leaves(part)
        case _:
            yield value


def test_what_search_engines_read_are_the_facts_and_nothing_more(published: Site) -> None:
    for page in published.listed:
        organization = node(page, "Organization")
        assert organization["name"] == "Human Trajectory Makers"
        assert organization["url"] == f"{ORIGIN}/"
        assert organization["email"] == "bonjour@trajectoires.example"
        assert organization["telephone"] == "+33199001234"
        assert organization["address"]["streetAddress"] == "1 rue de la Fiction"
        assert "vatID" not in organization
        assert node(page, "WebSite")["inLanguage"] == ["en", "fr"]
        invented = {
            "aggregateRating",
            "review",
            "priceRange",
            "offers",
            "openingHours",
            "sameAs",
            "award",
            "employee",
            "founder",
        }
        assert not invented & set(leaves(graph(page))), page


def test_what_is_unknown_is_left_out(preview: Site) -> None:
    for page in preview.listed:
        unknown = {"legalName", "email", "telephone", "taxID", "vatID", "address"}
        assert not unknown & set(node(page, "Organization")), page
        text = json.dumps(graph(page), ensure_ascii=False)
        assert "completed" not in text, page
        assert "compléter" not in text, page
        assert "<mark" not in text, page
        assert "null" not in text, page


def test_the_page_describes_itself_in_its_language(published: Site) -> None:
    for page in published.listed:
        article = "/articles/" in page.address.removesuffix("/articles/")
        said = node(page, "Article" if article else "WebPage")
        assert said["url"] == ORIGIN + page.address
        assert said["inLanguage"] == page.lang
        assert said["description"] == page.meta("description")
        assert said["headline" if article else "name"] == page.meta("og:title")
        assert datetime.date.fromisoformat(said["dateModified"])
        if article:
            assert datetime.date.fromisoformat(said["datePublished"]) <= datetime.date.fromisoformat(
                said["dateModified"]
            )


def test_the_service_is_described_once_in_each_language(published: Site, sources: dict[str, Any]) -> None:
    for lang in ("en", "fr"):
        offering = [
            page for page in published.in_language(lang) if any(part["@type"] == "Service" for part in graph(page))
        ]
        assert [page.address for page in offering] == [sources[lang]["method"]["address"]]


def test_references_within_the_graph_are_kept(published: Site) -> None:
    for page in published.listed:
        ids = {part["@id"] for part in graph(page) if "@id" in part}
        for part in graph(page):
            for value in part.values():
                if isinstance(value, dict) and set(value) == {"@id"}:
                    assert value["@id"] in ids, page


def test_breadcrumbs_for_machines_are_those_on_the_page(published: Site) -> None:
    for page in published.listed:
        shown = [(ORIGIN + str(link["href"]), link.get_text(strip=True)) for link in page.soup.select(".breadcrumbs a")]
        told = [part["itemListElement"] for part in graph(page) if part["@type"] == "BreadcrumbList"]
        if not shown:
            assert not told, page
            continue
        assert [(step["item"], step["name"]) for step in told[0]] == shown, page
        assert [step["position"] for step in told[0]] == list(range(1, len(shown) + 1)), page


def test_nothing_in_the_graph_can_end_its_script(published: Site) -> None:
    for page in published.listed:
        (script,) = page.soup.select('script[type="application/ld+json"]')
        assert "<" not in script.get_text(), page


# Site map, robots, security.txt


def urls(site: Site) -> dict[str, ElementTree.Element]:
    tree = ElementTree.fromstring(site.text("sitemap.xml"))  # written by our own build
    return {str(url.findtext("s:loc", namespaces=SITEMAP)): url for url in tree.findall("s:url", SITEMAP)}


def test_the_site_map_lists_every_page_once(published: Site) -> None:
    listed = urls(published)
    assert set(listed) - {f"{ORIGIN}/"} == {ORIGIN + page.address for page in published.listed}
    assert published.text("sitemap.xml").count("<loc>") == len(listed)


def test_the_site_map_gives_each_page_its_languages_with_href(published: Site) -> None:
    """pelican-sitemap writes `ref=`."""
    for address, url in urls(published).items():
        links = url.findall("x:link", SITEMAP)
        assert all(set(link.attrib) == {"rel", "hreflang", "href"} for link in links), address
        told = {link.attrib["hreflang"]: link.attrib["href"] for link in links}
        head = published.pages[address.removeprefix(ORIGIN)].head.select('link[rel~="alternate"][hreflang]')
        assert told == {str(link["hreflang"]): str(link["href"]) for link in head}, address


def test_the_site_map_dates_each_page_as_its_front_matter_does(published: Site, sources: dict[str, Any]) -> None:
    dated = {
        ORIGIN + matter["address"]: str(matter["modified"]) for by_key in sources.values() for matter in by_key.values()
    }
    told = {address: url.findtext("s:lastmod", namespaces=SITEMAP) for address, url in urls(published).items()}
    assert {address: told[address] for address in dated} == dated


def test_robots_are_kept_out_of_a_fictitious_site_and_a_preview(published: Site, preview: Site) -> None:
    for site in (published, preview):
        lines = site.text("robots.txt").split("\n")
        assert lines[:2] == ["User-agent: *", "Disallow: /"]


def test_finders_of_faults_know_whom_to_write_to(published: Site) -> None:
    """RFC 9116: Contact and Expires (less than a year ahead) are required; the others are ours."""
    lines = [line.split(": ", 1) for line in published.text(".well-known/security.txt").splitlines() if line]
    assert all(len(line) == 2 for line in lines)
    names = [name for name, _ in lines]
    assert sorted(names) == sorted(set(names))
    fields = dict(lines)
    assert fields["Contact"] == "mailto:bonjour@trajectoires.example"
    assert fields["Canonical"] == f"{ORIGIN}/.well-known/security.txt"
    assert fields["Preferred-Languages"] == "fr, en"
    expires = datetime.datetime.fromisoformat(fields["Expires"])
    ahead = expires - datetime.datetime.now(datetime.UTC)
    assert datetime.timedelta(days=300) < ahead < datetime.timedelta(days=366)


def test_without_a_contact_there_is_no_security_txt(preview: Site) -> None:
    assert not (preview.folder / ".well-known" / "security.txt").exists()


# Feeds


@pytest.mark.parametrize("lang", ["en", "fr"])
def test_each_language_has_a_feed_of_its_articles(published: Site, sources: dict[str, Any], lang: str) -> None:
    text = published.text(f"{lang}/feed.xml")
    feed = feedparser.parse(text.encode(), sanitize_html=False, resolve_relative_uris=False)
    assert not feed.bozo, feed.get("bozo_exception")
    assert feed.version == "atom10"
    assert (feed.feed.language, feed.feed.author) == (lang, "Human Trajectory Makers")
    assert ElementTree.fromstring(text).attrib["{http://www.w3.org/XML/1998/namespace}lang"] == lang
    articles = {ORIGIN + matter["address"]: matter for matter in sources[lang].values() if matter["kind"] == "articles"}
    assert [entry.id for entry in feed.entries] == [entry.link for entry in feed.entries]
    assert {entry.id for entry in feed.entries} == set(articles)
    days = [entry.published for entry in feed.entries]
    assert days == sorted(days, reverse=True)
    assert feed.feed.updated == max(entry.updated for entry in feed.entries)
    for entry in feed.entries:
        assert entry.updated.startswith(str(articles[entry.id]["modified"]))
        assert entry.published.startswith(str(articles[entry.id]["date"]))
        assert re.search(r"(?:Z|[+-]\d\d:\d\d)$", entry.updated), "a moment without its time zone is not a date in Atom"
        assert entry.summary == published.pages[entry.id.removeprefix(ORIGIN)].meta("description")


@pytest.mark.parametrize("lang", ["en", "fr"])
def test_links_in_a_feed_work_wherever_it_is_read(published: Site, lang: str) -> None:
    feed = feedparser.parse(
        published.text(f"{lang}/feed.xml").encode(), sanitize_html=False, resolve_relative_uris=False
    )
    for entry in feed.entries:
        content = entry.content[0].value
        assert content.startswith("<")
        addresses = re.findall(r'(?:href|src)="([^"]*)"', content)
        assert all(re.match(r"https://|mailto:|tel:|#", address) for address in addresses), entry.id
        for address in addresses:
            if address.startswith(ORIGIN):
                assert published.target(published.pages["/"], address)[0].is_file(), address  # type: ignore[index]


def test_each_page_leads_to_the_feed_of_its_language(published: Site) -> None:
    for page in published.listed:
        (feed,) = page.head.select('link[type="application/atom+xml"]')
        assert feed["href"] == f"/{page.lang}/feed.xml", page
        assert feed["title"], page


# The rest


@pytest.mark.parametrize("lang", ["en", "fr"])
def test_each_language_has_a_manifest(published: Site, lang: str) -> None:
    manifest = json.loads(published.text(f"{lang}/site.webmanifest"))
    assert (manifest["name"], manifest["lang"]) == ("Human Trajectory Makers", lang)
    assert manifest["start_url"] == manifest["scope"] == f"/{lang}/"
    assert re.fullmatch(r"#[0-9a-f]{6}", manifest["theme_color"], re.IGNORECASE)
    assert manifest["icons"]
    for icon in manifest["icons"]:
        assert (published.folder / icon["src"].lstrip("/")).is_file()
    for page in published.in_language(lang):
        assert page.head.select_one('link[rel="manifest"]')["href"] == f"/{lang}/site.webmanifest"  # type: ignore[index]


def test_each_page_has_an_icon_a_charset_and_a_viewport_that_can_be_enlarged(published: Site) -> None:
    for page in published.pages.values():
        assert page.head.select_one('link[rel="icon"]'), page
        assert page.head.meta["charset"] == "utf-8", page  # type: ignore[index]
        assert page.file.read_bytes().index(b"charset") < 1024, page
        viewport = page.meta("viewport") or ""
        assert "width=device-width" in viewport, page
        assert not re.search(r"user-scalable|maximum-scale", viewport), page


def test_a_preview_and_a_fictitious_site_ask_not_to_be_listed(published: Site, preview: Site) -> None:
    for site in (published, preview):
        for page in site.pages.values():
            assert "noindex" in (page.meta("robots") or ""), page


def test_offered_documents_are_there_with_their_kind_size_and_date(published: Site, sources: dict[str, Any]) -> None:
    for by_key in sources.values():
        for matter in by_key.values():
            page = published.pages[matter["address"]]
            links = page.soup.select(".downloads a")
            assert len(links) == len(matter.get("documents") or []), page
            for link in links:
                file = published.folder / str(link["href"]).lstrip("/")
                assert file.read_bytes().startswith(b"%PDF-"), page
                assert (link["type"], link["hreflang"]) == ("application/pdf", page.lang), page
                said = link.get_text(" ", strip=True)
                assert "PDF" in said, page
                size = re.search(r"([\d.,]+)\s(kB|ko|MB|Mo)", said)
                assert size, said
                unit = 1000 if size[2] in ("kB", "ko") else 1_000_000
                assert abs(float(size[1].replace(",", ".")) * unit - file.stat().st_size) <= unit, said
                assert re.search(r"\b20\d\d\b", said), said
