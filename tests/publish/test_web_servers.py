"""The published site behind real web servers with the rules that the build wrote, asked over HTTP and by a browser."""

from __future__ import annotations

import gzip
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import brotli
import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Response, expect

from plugins.hosting.headers import FOREVER, REVALIDATED, SECURITY
from tests.publish.practice import Practice
from tests.publish.servers import APACHE, BROTLI, NGINX, Account, Apache, Nginx
from tests.publish.sites import asked
from tests.surroundings import need
from tools.publish.http import Answer


@dataclass
class Web:
    """A web server over the published site."""

    kind: str
    url: str
    site: Path

    def get(self, address: str, **headers: str) -> Answer:
        """One request, with headers named as `accept_language`."""
        return asked(self.url + address, {name.replace("_", "-"): value for name, value in headers.items()})

    def file(self, path: str) -> bytes:
        return (self.site / path).read_bytes()

    @property
    def sheet(self) -> str:
        """The address of the style sheet."""
        return f"/theme/{next((self.site / 'theme').glob('*.css')).name}"


@pytest.fixture(scope="module", params=["nginx", "apache"])
def web(request: pytest.FixtureRequest, ground: Path, account: Account, practice: Practice) -> Iterator[Web]:
    server: Nginx | Apache
    if request.param == "nginx":
        need(NGINX, str(BROTLI))
        rules = f"root {practice.site};\nbrotli_static on;\ninclude {practice.site}/.hosting/nginx.conf;"
        server = Nginx.start(ground / "nginx-practice", account, rules)
    else:
        need(APACHE)
        server = Apache.start(ground / "apache-practice", account, practice.site)
    yield Web(request.param, server.url, practice.site)
    server.stop()


def varies(answer: Answer) -> set[str]:
    return {name.strip().lower() for name in answer.headers.get("vary", "").split(",") if name.strip()}


def test_every_answer_has_the_security_headers(web: Web) -> None:
    documents = [f"/{path.relative_to(web.site).as_posix()}" for path in web.site.glob("*/*.pdf")]
    assert documents
    for address in ["/", "/en/", "/fr/faq/", "/en/nowhere/", "/en/old-faq/", "/robots.txt", web.sheet, *documents]:
        answer = web.get(address)
        for name, value in SECURITY.items():
            assert answer.headers.get(name.lower()) == value, f"{name} of {address}"


def test_names_with_a_fingerprint_are_kept_and_all_else_is_asked_for_again(web: Web) -> None:
    assert web.get(web.sheet).headers["cache-control"] == FOREVER
    for address in ["/", "/en/", "/fr/faq/", "/robots.txt"]:
        answer = web.get(address)
        assert answer.headers["cache-control"] == REVALIDATED, address
        assert web.get(address, if_none_match=answer.headers["etag"]).status == 304, address


@pytest.mark.parametrize("coding", ["gzip", "br"])
def test_compressed_copies_are_served_and_can_be_asked_for_again(web: Web, coding: str) -> None:
    unpack, suffix = {"gzip": (gzip.decompress, ".gz"), "br": (brotli.decompress, ".br")}[coding]
    for address, path in {"/fr/faq/": "fr/faq/index.html", web.sheet: web.sheet[1:]}.items():
        answer = web.get(address, accept_encoding=coding)
        assert answer.headers["content-encoding"] == coding, address
        assert answer.body == web.file(path + suffix), address
        assert unpack(answer.body) == web.file(path)
        assert answer.headers["content-type"].split(";")[0] == ("text/html" if path.endswith("html") else "text/css")
        assert "accept-encoding" in varies(answer), address
        again = web.get(address, accept_encoding=coding, if_none_match=answer.headers["etag"])
        assert again.status == 304, address


def test_who_takes_no_compression_gets_none(web: Web) -> None:
    answer = web.get("/fr/faq/", accept_encoding="identity")
    assert "content-encoding" not in answer.headers
    assert answer.body == web.file("fr/faq/index.html")
    assert "accept-encoding" in varies(answer)


def test_an_address_that_does_not_exist_has_the_page_of_its_language(web: Web) -> None:
    pages = {"/en/nowhere/": "en", "/en/faq/x.html": "en", "/fr/nulle-part": "fr", "/fr/faq/a/b/": "fr"}
    for address, lang in pages.items():
        answer = web.get(address)
        assert (answer.status, answer.body) == (404, web.file(f"{lang}/404.html")), address
    for address in ["/nowhere", "/theme/", "/.hosting/nginx.conf", "/_headers", "/_redirects", "/.htaccess"]:
        answer = web.get(address)
        assert (answer.status, answer.body) == (404, web.file("404.html")), address


def test_the_language_is_chosen_at_the_entrance_only(web: Web) -> None:
    french = web.get("/", accept_language="de, fr-FR;q=0.8, en;q=0.5")
    assert (french.status, french.headers["location"].removeprefix(web.url)) == (302, "/fr/")
    assert "accept-language" in varies(french)
    for said in ("de-DE, de", ""):
        entrance = web.get("/", accept_language=said)
        assert (entrance.status, entrance.body) == (200, web.file("index.html"))
        assert "accept-language" in varies(entrance)
    inside = web.get("/en/faq/", accept_language="fr")
    assert (inside.status, inside.body) == (200, web.file("en/faq/index.html"))
    assert "accept-language" not in varies(inside)
    assert (
        web.get("/?from=card", accept_language="en").headers["location"].removeprefix(web.url).split("?")[0] == "/en/"
    )


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("/en/old-faq/", "/en/faq/"),
        ("/en/old-faq", "/en/faq/"),
        ("/questions/old.html", "/en/faq/"),
        ("/fr/questions/", "/fr/faq/"),
    ],
)
def test_an_old_address_leads_to_the_page(web: Web, old: str, new: str) -> None:
    answer = web.get(old)
    assert answer.status == 301
    assert answer.headers["location"].removeprefix(web.url) == new


def test_types(web: Web) -> None:
    manifests = [f"/{path.relative_to(web.site).as_posix()}" for path in web.site.rglob("*.webmanifest")]
    for address in manifests:
        assert web.get(address).headers["content-type"].split(";")[0] == "application/manifest+json", address
    assert web.get("/fr/").headers["content-type"].lower() == "text/html; charset=utf-8"
    for kind in ("avif", "webp"):
        picture = web.site / f"theme/a-picture.{kind}"
        picture.write_bytes(b"x")
        try:
            assert web.get(f"/theme/{picture.name}").headers["content-type"] == f"image/{kind}"
        finally:
            picture.unlink()


@pytest.fixture
def reader(web: Web, browser: Browser) -> Iterator[BrowserContext]:
    """A browser that is set to French."""
    context = browser.new_context(base_url=web.url, locale="fr-FR")
    yield context
    context.close()


@pytest.fixture
def page(reader: BrowserContext) -> Iterator[Page]:
    """Its page; whatever the browser complains of, or does not get, fails the test."""
    page, complaints = reader.new_page(), []

    def listen(message: ConsoleMessage) -> None:
        if message.type in ("error", "warning") and "status of 404" not in message.text:
            complaints.append(message.text)

    def answered(response: Response) -> None:
        if response.status >= 400 and not response.request.is_navigation_request():
            complaints.append(f"{response.url} answers {response.status}")

    page.on("console", listen)
    page.on("response", answered)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    yield page
    assert complaints == []


def styled(page: Page) -> bool:
    """Whether the style sheet in the page and the linked one were both let through by the policies."""
    return bool(
        page.evaluate(
            "[...document.styleSheets].every(sheet => sheet.cssRules.length)"
            " && document.styleSheets.length > 0 && getComputedStyle(document.body).fontFamily.includes(',')"
        )
    )


def test_a_browser_is_led_to_its_language_and_shown_the_pages(web: Web, page: Page) -> None:
    answer = page.goto("/")
    assert answer
    assert page.url == f"{web.url}/fr/"
    assert answer.headers["content-encoding"] in ("gzip", "br")
    for address in ("/fr/", "/en/faq/", "/fr/methode/"):
        page.goto(address)
        assert styled(page), address


def test_a_browser_meets_the_pages_for_what_is_not_there(web: Web, page: Page) -> None:
    for address, lang in {"/en/nowhere/deep/": "en", "/fr/nulle-part/": "fr"}.items():
        answer = page.goto(address)
        assert answer
        assert answer.status == 404
        assert str(page.locator("html").get_attribute("lang")).startswith(lang)
        assert styled(page), address


def test_a_browser_follows_an_old_address(web: Web, page: Page) -> None:
    page.goto("/fr/questions/")
    assert page.url == f"{web.url}/fr/faq/"


def test_the_worksheet_s_script_runs_and_no_other(web: Web, reader: BrowserContext) -> None:
    script = re.compile(rb'<script [^>]*src="/theme/worksheet')
    path = next(path for path in (web.site / "en").rglob("index.html") if script.search(path.read_bytes()))
    page = reader.new_page()
    page.goto(f"/{path.parent.relative_to(web.site).as_posix()}/")
    expect(page.locator("#worksheet button").first).to_be_visible()  # the script puts it there
    refused = page.evaluate(
        """() => new Promise(done => {
            document.addEventListener("securitypolicyviolation", event => done(event.effectiveDirective));
            const added = document.createElement("script");
            added.append("window.owned = true");
            document.body.append(added);
        })"""
    )
    assert refused in ("script-src-elem", "require-trusted-types-for")
    assert page.evaluate("window.owned") is None
