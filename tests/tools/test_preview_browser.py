"""The preview in Chromium: a saved page reloads by itself, where it was scrolled to, under the published policy."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Route

from plugins.problems import ROOT
from tests.tools.preview_session import PATIENCE, Session, copy_of

PAGE_FILE = "content/en/pages/faq.md"


@pytest.fixture(scope="module")
def preview(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Session]:
    session = Session(copy_of(ROOT, tmp_path_factory.mktemp("browser-preview") / "site"))
    try:
        yield session.start().ready()
    finally:
        session.kill()


@pytest.fixture
def page(browser: Browser, preview: Session) -> Iterator[Page]:
    """A page in a small window; whatever the console says against the site fails the test."""
    address = f"http://127.0.0.1:{preview.port}"
    context = browser.new_context(base_url=address, viewport={"width": 800, "height": 500})
    page = context.new_page()
    page.set_default_timeout(PATIENCE * 1000)
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: said.append(str(error)))
    yield page
    context.close()
    assert [text for text in said if "ERR_" not in text] == []


def see(page: Page, condition: str, argument: Any = None) -> None:
    """Wait until an expression holds in the page, through reloads."""
    page.wait_for_function(condition, arg=argument)


def test_a_saved_page_reloads_where_it_was(page: Page, preview: Session) -> None:
    page.goto("/en/faq/")
    see(page, "() => document.documentElement.scrollHeight > 3000")
    page.evaluate("scrollTo({ top: 1234, behavior: 'instant' })")
    preview.append(PAGE_FILE, "Now in the browser.")
    see(page, "() => document.body.innerText.includes('Now in the browser.')")
    see(page, "() => Math.abs(scrollY - 1234) < 2")


def test_a_page_that_is_not_concerned_stays(page: Page, preview: Session) -> None:
    page.goto("/fr/contact/")
    page.evaluate("window.kept = true")
    with preview.built_again():
        preview.append(PAGE_FILE, "Another sentence.")
    preview.append("content/fr/pages/contact.md", "Une phrase.")
    kept = "() => window.kept === true"
    assert page.evaluate(kept)
    see(page, "() => document.body.innerText.includes('Une phrase.')")
    assert page.evaluate(kept)  # brought up to date in place


def test_what_is_wrong_is_seen_on_the_page_and_goes_when_mended(page: Page, preview: Session) -> None:
    page.goto("/en/faq/")
    preview.edit("content/fr/pages/faq.md", "slug: ", "slug: É")
    panel = page.get_by_role("complementary", name="Preview")
    panel.wait_for()
    assert panel.locator("code").first.inner_text().startswith("content/fr/pages/faq.md:")
    assert "What to do:" in panel.inner_text()
    assert page.title().startswith("To mend – ")
    box, window = panel.bounding_box(), page.viewport_size
    assert box is not None
    assert window is not None
    assert box["y"] + box["height"] == pytest.approx(window["height"])
    assert box["height"] <= window["height"] * 0.46
    # The end of the page can be read above the panel.
    page.evaluate("scrollTo({ top: document.documentElement.scrollHeight, behavior: 'instant' })")
    assert page.evaluate(
        "() => document.querySelector('footer').getBoundingClientRect().bottom"
        " <= document.querySelector('.preview-panel').getBoundingClientRect().top + 1"
    )
    preview.mend("content/fr/pages/faq.md")
    panel.wait_for(state="detached")


def test_a_page_that_was_hidden_is_fresh_when_it_is_seen(page: Page, preview: Session) -> None:
    page.goto("/en/about/")
    page.evaluate(
        """() => { Object.defineProperty(document, "visibilityState", { get: () => "hidden", configurable: true });
                   document.dispatchEvent(new Event("visibilitychange")); }"""
    )
    with preview.built_again():
        preview.append("content/en/pages/about.md", "Seen later.")
    assert "Seen later." not in page.inner_text("body")
    page.evaluate(
        """() => { delete document.visibilityState; document.dispatchEvent(new Event("visibilitychange")); }"""
    )
    see(page, "() => document.body.innerText.includes('Seen later.')")


def test_every_open_tab_stays_fresh(page: Page, preview: Session) -> None:
    page.goto("/en/glossary/")
    browser = page.context.browser
    assert browser is not None
    context = browser.new_context(base_url=f"http://127.0.0.1:{preview.port}")
    tabs = [context.new_page() for _ in range(4)]
    for tab in tabs:
        tab.goto("/en/glossary/")
    preview.append("content/en/pages/glossary.md", "In every tab.")
    for tab in [page, *tabs]:
        see(tab, "() => document.body.innerText.includes('In every tab.')")


def test_a_restart_of_the_preview_is_survived(page: Page, preview: Session) -> None:
    page.goto("/en/faq/")
    preview.edit("plugins/practice/schema_org.py", '"WebPage"', '"FAQPage"')
    see(page, """() => document.querySelector('script[type="application/ld+json"]').text.includes('FAQPage')""")


def test_a_link_that_is_being_followed_is_not_taken_back(page: Page, preview: Session) -> None:
    """A page that changes while the answer to a click is on its way is not loaded again in its place (#17)."""
    page.goto("/en/faq/")

    def meanwhile(route: Route) -> None:
        with preview.built_again():
            preview.edit(PAGE_FILE, "description: ", "description: Now, ")  # another head
        route.continue_()

    page.route("**/en/contact/", meanwhile)
    page.evaluate("location.href = '/en/contact/'")
    page.wait_for_url("**/en/contact/", wait_until="commit")
