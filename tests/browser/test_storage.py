"""The cookie policy that cannot lie: what it declares is what a visit leaves on the device and whom it asks."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import pytest
from bs4 import BeautifulSoup
from playwright.sync_api import Browser, Page

from tests.browser.audit import PAGES, Reader, stated

POLICIES = ["en/cookie-policy", "fr/cookie-policy"]
WORKSHEETS = ["en/smart-worksheet", "fr/smart-worksheet"]
KEEP = "#keep"  # the box "keep my answers on this device"

STORED = """async () => [
    ...Object.keys(localStorage).map((key) => ["local storage", key]),
    ...Object.keys(sessionStorage).map((key) => ["session storage", key]),
    ...(await indexedDB.databases()).map(({ name }) => ["IndexedDB", name]),
    ...(self.caches ? await caches.keys() : []).map((key) => ["cache storage", key]),
    ...((await navigator.serviceWorker?.getRegistrations()) ?? []).map(({ scope }) => ["service worker", scope]),
]"""


@dataclass
class Visit:
    """What was left on the device, by name, with the kind of place; and the hosts that were asked for anything."""

    stored: dict[str, str] = field(default_factory=dict)
    asked: set[str] = field(default_factory=set)


def declared(html: str) -> list[str]:
    """The entries that a built cookie policy declares: the first column of the table under its heading `stored`."""
    heading = BeautifulSoup(html, "html.parser").find(id="stored")
    assert heading is not None, "the cookie policy has no section “stored”"
    names = []
    for element in heading.find_next_siblings():
        if element.name == "h2":
            break
        names += [cell.get_text(strip=True) for cell in element.select("tbody th")]
    return names


def look(reader: Reader) -> Visit:
    """What this visit has left and asked so far."""
    visit = Visit({cookie["name"]: "cookie" for cookie in reader.context.cookies()})
    visit.stored |= {name: kind for kind, name in reader.page.evaluate(STORED)}
    visit.asked = {urlsplit(url).netloc for url in reader.requests if urlsplit(url).scheme not in ("blob", "data")}
    return visit


def contradictions(policy: list[str], visit: Visit, own: str) -> list[str]:
    """Where the policy and the visit disagree, either way."""
    found = [
        f"kept and not declared: {name} ({kind})" for name, kind in sorted(visit.stored.items()) if name not in policy
    ]
    found += [f"declared and never kept: {name}" for name in policy if name not in visit.stored]
    return found + [f"asked without being declared: {host}" for host in sorted(visit.asked - {own})]


def read_everything(reader: Reader) -> Iterator[Page]:
    """Every page, one after the other, with everything that is asked for on the way."""
    asked: list[str] = []
    for address in PAGES.values():
        page = reader.open(address)
        page.mouse.wheel(0, 5000)
        yield page
        asked += reader.requests
    page.wait_for_load_state("networkidle")
    reader.requests.extend(asked)


def fill_in(page: Page) -> None:
    """Write in every kind of field of the worksheet."""
    for box in page.locator("form.worksheet :is(textarea, input[type=text])").all():
        if box.is_visible():
            box.fill("Words")
    for day in page.locator("form.worksheet input[type=date]").all():
        day.fill("2027-05-04")
    page.locator("form.worksheet .scale input").nth(7).check()


@pytest.fixture
def reader(browser: Browser, site: Any) -> Iterator[Reader]:
    """A device that has never been here; nothing of the tests' own runs in its pages."""
    context = browser.new_context(base_url=site.url)
    yield Reader(context, inject=False)
    context.close()


@pytest.fixture(scope="module")
def policies(site: Any) -> dict[str, list[str]]:
    files = {name: site.folder / PAGES[name].strip("/") / "index.html" for name in POLICIES}
    return {name: declared(file.read_text(encoding="utf-8")) for name, file in files.items()}


def test_reading_leaves_nothing(reader: Reader, site: Any) -> None:
    """Nor does writing, as long as nobody asks to keep it."""
    for _ in read_everything(reader):
        pass
    for name in WORKSHEETS:
        fill_in(reader.open(PAGES[name]))
    reader.page.goto("/fr/")
    findings = contradictions([], look(reader), urlsplit(site.url).netloc)
    assert not findings, stated(findings)


def test_both_languages_declare_the_same(policies: dict[str, list[str]]) -> None:
    english, french = policies.values()
    assert english == french
    assert len(set(english)) == len(english)


@pytest.fixture(scope="module")
def full_visit(browser: Browser, site: Any) -> Visit:
    """Every page is read and the worksheet is used, in both languages, with the box ticked."""
    context = browser.new_context(base_url=site.url)
    reader = Reader(context, inject=False)
    for page in read_everything(reader):
        if page.locator(KEEP).count():
            page.locator(KEEP).check()
            fill_in(page)
    visit = look(reader)
    context.close()
    return visit


@pytest.mark.parametrize("policy", POLICIES)
def test_policy_and_behaviour_are_the_same(
    full_visit: Visit, site: Any, policies: dict[str, list[str]], policy: str
) -> None:
    findings = contradictions(policies[policy], full_visit, urlsplit(site.url).netloc)
    assert not findings, stated(findings)


def test_unticking_leaves_nothing(reader: Reader, site: Any) -> None:
    page = reader.open(PAGES["en/smart-worksheet"])
    page.locator(KEEP).check()
    fill_in(page)
    assert look(reader).stored
    page.locator(KEEP).uncheck()
    assert look(reader).stored == {}


# The check itself, shown to fail: a policy or a page that is wrong on purpose.

TABLE = (
    '<h2 id="stored">Kept</h2><table><tbody><tr><th><code>{}</code></th><td>…</td></tr></tbody></table><h2>Next</h2>'
)


def test_an_entry_declared_and_unused_is_found() -> None:
    assert contradictions(declared(TABLE.format("unused")), Visit(), "here") == ["declared and never kept: unused"]


@pytest.mark.parametrize(
    ("script", "kind"),
    [
        ("document.cookie = 'spy=1'", "cookie"),
        ("localStorage.setItem('spy', '1')", "local storage"),
        ("sessionStorage.setItem('spy', '1')", "session storage"),
        ("new Promise((done) => { indexedDB.open('spy').onsuccess = done })", "IndexedDB"),
        ("caches.open('spy')", "cache storage"),
    ],
)
def test_an_entry_kept_and_undeclared_is_found(reader: Reader, script: str, kind: str) -> None:
    reader.open("/en/").evaluate(f"async () => {{ await ({script}); }}")
    assert contradictions([], look(reader), "here")[0] == f"kept and not declared: spy ({kind})"
    assert not [said for said in contradictions(declared(TABLE.format("spy")), look(reader), "here") if "spy" in said]


def test_a_request_to_another_site_is_found(reader: Reader, site: Any) -> None:
    body = '<!doctype html><title>A page</title><img src="http://elsewhere.example/x.png" alt="">'
    reader.page.route("**/en/", lambda route: route.fulfill(body=body, content_type="text/html"))
    reader.page.route("**/x.png", lambda route: route.fulfill(body=b"", content_type="image/png"))
    reader.open("/en/")
    found = contradictions([], look(reader), urlsplit(site.url).netloc)
    assert found == ["asked without being declared: elsewhere.example"]
