"""Every address on every page: it leads somewhere, and nothing is loaded that a strict policy refuses."""

from __future__ import annotations

import re
from urllib.parse import urlsplit
from xml.etree import ElementTree

import pytest
from bs4 import BeautifulSoup

from plugins.hosting.aliases import pages as redirect_pages
from plugins.hosting.headers import SECURITY, page_policy
from tests.site.built_site import ORIGIN, Site
from tests.site.content_policy import Policy, policy, refusals

LOADED = {
    "img": ["src", "srcset"],
    "script": ["src"],
    "iframe": ["src"],
    "embed": ["src"],
    "object": ["data"],
    "source": ["src", "srcset"],
    "track": ["src"],
    "video": ["src", "poster"],
    "audio": ["src"],
    "input": ["src"],
    "use": ["href", "xlink:href"],
    "image": ["href", "xlink:href"],
}
NOT_LOADED = {"canonical", "alternate", "author", "license", "me", "next", "prev", "help", "search"}


@pytest.fixture(params=["published", "preview"])
def site(request: pytest.FixtureRequest) -> Site:
    """Both builds: what must hold for one must hold for the other."""
    found: Site = request.getfixturevalue(request.param)
    return found


def test_every_link_leads_to_a_file_and_every_fragment_to_an_element(site: Site) -> None:
    ids = {page.file: {str(element["id"]) for element in page.soup.select("[id]")} for page in site.pages.values()}
    for page in site.pages.values():
        for element in page.soup.select("a[href], link[href], area[href]"):
            if urlsplit(str(element["href"])).netloc.startswith("127.0.0.1"):
                continue
            target = site.target(page, str(element["href"]))
            if target is None:
                continue
            file, fragment = target
            assert file.is_file(), f"{page}: {element['href']} leads nowhere"
            assert not fragment or file.suffix != ".html" or fragment in ids[file], f"{page}: {element['href']}"


def test_links_within_the_site_are_from_the_root_and_end_as_their_page_does(site: Site) -> None:
    for page in site.pages.values():
        for link in page.soup.select("a[href]"):
            href = str(link["href"])
            assert href.startswith(("/", "#", "https://", "mailto:", "tel:")), f"{page}: {href}"
            assert not href.startswith("//"), f"{page}: {href}"
            if href.startswith("/"):
                path = href.split("#")[0]
                assert path.endswith("/") or "." in path, f"{page}: {href} would be redirected"
                assert "//" not in path, f"{page}: {href}"
                assert ".." not in path, f"{page}: {href}"


def test_every_page_can_be_reached_from_the_entrance(site: Site) -> None:
    seen, waiting = set(), ["/"]
    while waiting:
        address = waiting.pop()
        if address in seen:
            continue
        seen.add(address)
        for link in site.pages[address].soup.select("a[href]"):
            path = str(link["href"]).split("#")[0]
            if path in site.pages:
                waiting.append(path)
    drafts = {page.address for page in site.listed if "/drafts/" in page.address}
    assert {page.address for page in site.listed} - drafts <= seen
    assert not drafts & seen


def test_no_page_links_to_itself_in_its_text(site: Site) -> None:
    for page in site.listed:
        own = [link for link in page.soup.select(".prose a[href]") if link["href"] == page.address]
        assert not own, page


def test_no_page_loads_anything_from_another_site(site: Site) -> None:
    for page in site.pages.values():
        for name, attributes in LOADED.items():
            for element in page.soup.find_all(name):
                for attribute in attributes:
                    for address in re.split(r",\s+|\s+", str(element.get(attribute) or "")):
                        assert not re.match(r"(?:https?:)?//|data:|blob:", address), f"{page}: {element}"
        for link in page.soup.find_all("link"):
            if not set(link["rel"]) & NOT_LOADED:
                assert str(link["href"]).startswith("/"), f"{page}: {link}"


def test_the_worksheet_names_files_of_this_site(site: Site) -> None:
    for page in site.pages.values():
        for element in page.soup.select("[data-example]"):
            assert str(element["data-example"]).startswith("/"), f"{page}: {element}"
            assert re.match(r"/[^/]", str(element["data-files"])), f"{page}: {element}"


def test_no_style_sheet_asks_another_site(site: Site) -> None:
    for sheet in site.folder.rglob("*.css"):
        css = sheet.read_text(encoding="utf-8")
        assert "@import" not in css
        assert not re.search(r"(?:https?:)?//[\w-]", css), sheet


def test_no_script_asks_for_more_than_the_worksheet_says(site: Site) -> None:
    for script in site.folder.rglob("*.js"):
        text = script.read_text(encoding="utf-8")
        assert not re.search(r"XMLHttpRequest|sendBeacon|WebSocket|EventSource", text), script
        assert not re.search(r"""["'`](?:https?:)?//""", text), script
        for argument in re.findall(r"\bfetch\(([^)]*)\)", text):
            assert argument == "root.dataset.example", f"{script.name} asks for {argument}"
        for argument in re.findall(r"\bimport\(([^)]*)\)", text):
            assert argument == "root.dataset.files + again", f"{script.name} asks for {argument}"


def test_what_a_page_or_a_style_sheet_loads_is_there(site: Site) -> None:
    for page in site.pages.values():
        for element in page.soup.select("img[src], script[src], link[href]"):
            address = str(element.get("src") or element.get("href"))
            if address.startswith("/"):
                assert site.target(page, address)[0].is_file(), f"{page}: {address}"  # type: ignore[index]
    for sheet in site.folder.rglob("*.css"):
        for address in re.findall(r"url\(\s*[\"']?([^\"')]+)", sheet.read_text(encoding="utf-8")):
            if not address.startswith(("#", "data:")):
                place = site.folder / address.lstrip("/") if address.startswith("/") else sheet.parent / address
                assert place.is_file(), f"{sheet.name}: {address}"


def test_no_file_of_the_theme_is_written_for_nothing(site: Site) -> None:
    everything = "".join(
        file.read_text(encoding="utf-8")
        for file in site.folder.rglob("*")
        if file.suffix in (".html", ".css", ".webmanifest", ".js")
    )
    unused = [file.name for file in (site.folder / "theme").rglob("*.*") if file.suffix and file.name not in everything]
    assert [name for name in unused if name != ".htaccess"] == []


HEADER = policy(SECURITY["Content-Security-Policy"])


def own_policy(soup: BeautifulSoup) -> list[Policy]:
    return [policy(str(meta["content"])) for meta in soup.select('meta[http-equiv="Content-Security-Policy"]')]


def test_nothing_that_comes_out_is_refused_by_the_policy_it_comes_with(site: Site) -> None:
    """Pages of all kinds and drawings, under the header and the policy of their own; what feeds hold, as a page."""
    seen = set()
    for file in site.folder.rglob("*"):
        if file.suffix in (".html", ".svg"):
            soup = BeautifulSoup(file.read_text(encoding="utf-8"), "html.parser")
            seen.add(file.name)
            assert file.suffix == ".svg" or own_policy(soup), file
            address = f"{ORIGIN}/{file.relative_to(site.folder).as_posix()}"
            assert refusals(soup, [HEADER, *own_policy(soup)], address) == [], file
    assert {"index.html", "404.html"} < seen
    assert any(name.endswith(".svg") for name in seen)
    for lang in ("en", "fr"):
        for content in ElementTree.fromstring(site.text(f"{lang}/feed.xml")).iter(
            "{http://www.w3.org/2005/Atom}content"
        ):
            soup = BeautifulSoup(content.text or "", "html.parser")
            assert refusals(soup, [HEADER, policy(page_policy(b""))], f"{ORIGIN}/{lang}/") == [], lang


def test_the_page_of_an_old_address_is_not_refused_either() -> None:
    for name, html in redirect_pages({"/en/old": "/en/faq/", "/fr/ancien": "/fr/faq/"}).items():
        assert refusals(BeautifulSoup(html, "html.parser"), [HEADER], f"{ORIGIN}/{name}") == []


@pytest.mark.parametrize(
    ("html", "directive"),
    [
        ('<p style="color: red">x</p>', "style-src"),
        ("<style>p { color: red }</style>", "style-src"),
        ('<p onclick="x()">x</p>', "script-src"),
        ('<a href=" java\nscript:x()">x</a>', "script-src"),
        ("<script>x()</script>", "script-src"),
        ('<script src="https://x.test/a.js"></script>', "script-src"),
        ('<script src="/theme/a.js"></script>', "script-src"),
        ('<img src="https://x.test/a.png">', "img-src"),
        ('<img src="data:image/png;base64,AA">', "img-src"),
        ('<svg><image xlink:href="//x.test/a.png"></image></svg>', "img-src"),
        ('<link rel="stylesheet" href="https://x.test/a.css">', "style-src"),
        ('<iframe src="/en/"></iframe>', "child-src"),
        ('<video src="/a.mp4"></video>', "media-src"),
        ('<object data="/a.pdf"></object>', "object-src"),
        ('<form action="/send"></form>', "form-action"),
        ('<button formaction="/send">x</button>', "form-action"),
        ('<base href="/">', "base-uri"),
    ],
)
def test_what_the_policy_of_a_page_refuses_is_seen(html: str, directive: str) -> None:
    found = refusals(BeautifulSoup(html, "html.parser"), [HEADER, policy(page_policy(b""))], f"{ORIGIN}/en/")
    assert found
    assert {refusal.split()[0] for refusal in found} == {directive}
    bare = '<img src="/a.png" alt="x"><a href="https://x.test/">x</a><link rel="icon" href="/i.svg">'
    assert refusals(BeautifulSoup(bare, "html.parser"), [HEADER, policy(page_policy(b""))], f"{ORIGIN}/en/") == []


def test_each_page_carries_its_policy_before_what_it_loads(site: Site) -> None:
    for page in site.pages.values():
        policy = page.head.select_one('meta[http-equiv="Content-Security-Policy"]')
        assert policy, page
        first = page.head.find(["link", "script", "style"])
        assert policy.sourceline < first.sourceline, page  # type: ignore[operator, union-attr]
        directives = dict(part.strip().split(" ", 1) for part in str(policy["content"]).split(";"))
        assert directives["default-src"] == "'none'", page
        assert "unsafe" not in str(policy["content"]), page
        assert "http" not in str(policy["content"]), page
        runs = bool(page.soup.select("script[src]"))
        assert ("script-src" in directives) == runs, page


def test_links_to_other_sites_are_safe_and_few(site: Site) -> None:
    hosts: dict[str, str] = {}
    for page in site.pages.values():
        for link in page.soup.select("a[href^=http]"):
            assert str(link["href"]).startswith("https://"), f"{page}: {link['href']}"
            hosts.setdefault(urlsplit(str(link["href"])).netloc, page.address)
    known = {
        *("www.cnil.fr", "www.defenseurdesdroits.fr", "formulaire.defenseurdesdroits.fr", "www.w3.org"),
        *("trajectoires.example", "hebergeur.example", "mediation.example", "registre.example"),
    }
    assert set(hosts) <= known, f"a new site is linked to: {hosts}"


def test_what_the_law_no_longer_knows_is_not_cited(site: Site) -> None:
    """The European dispute platform closed on 20 July 2025; LCEN art. 6-III was replaced by art. 1-1 in May 2024."""
    for file in site.folder.rglob("*"):
        if file.suffix in (".html", ".xml", ".txt", ".webmanifest", ".js", ".css"):
            text = file.read_text(encoding="utf-8")
            assert "ec.europa.eu/consumers/odr" not in text, file
            assert not re.search(r"6[\s\u00a0-]*III", text), file


def test_mail_and_telephone_links_work(published: Site) -> None:
    mails = {str(link["href"]) for page in published.listed for link in page.soup.select('a[href^="mailto:"]')}
    phones = {str(link["href"]) for page in published.listed for link in page.soup.select('a[href^="tel:"]')}
    assert all(re.fullmatch(r"mailto:[^@\s]+@[^@\s]+\.\w+(?:\?.*)?", mail) for mail in mails), mails
    assert all(re.fullmatch(r"tel:\+[1-9]\d{6,14}", phone) for phone in phones), phones
    assert "mailto:bonjour@trajectoires.example" in mails
    assert "tel:+33199001234" in phones


def test_a_preview_without_contact_facts_has_no_dead_link(preview: Site) -> None:
    for page in preview.pages.values():
        assert not page.soup.select('a[href^="mailto:"], a[href^="tel:"], a[href=""], a:not([href])'), page
