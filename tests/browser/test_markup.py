"""In a browser, and with no policy to help: what passes the gate for markup runs nothing and asks for nothing."""

from __future__ import annotations

import sys
from pathlib import Path

from playwright.sync_api import Browser, Route

from plugins.reader.allowed import held
from plugins.reader.markdown import converter

sys.path.append(str(Path(__file__).parents[1] / "plugins"))
from tests.plugins.hostile import TRICKS

PAGE = "<!doctype html><html lang=en><title>Tricks</title><body><main>{}</main><p id=end>End</p></body></html>"
TRAP = "window.alert = window.onerror = () => { window.ran = true }"


def left(browser: Browser, html: str) -> list[str]:
    """What a page with `html` in it does that a text does not: what it asks for, where it leads, what it runs."""
    context = browser.new_context()
    asked: list[str] = []

    def answer(route: Route) -> None:
        asked.append(route.request.url)
        home = route.request.url == "http://tricks.test/"
        route.fulfill(body=PAGE.format(html) if home else "", content_type="text/html")

    context.route("**/*", answer)
    context.add_init_script(TRAP)
    page = context.new_page()
    page.goto("http://tricks.test/")
    links = page.locator("main a[href]")
    for number in range(links.count()):
        links.nth(number).dispatch_event("mouseover")
    page.evaluate("() => new Promise((painted) => requestAnimationFrame(() => setTimeout(painted)))")
    found = [url for url in asked if url.startswith("http") and not url.startswith("http://tricks.test/")]
    found += ["it ran"] if page.evaluate("window.ran === true") else []
    found += [] if page.evaluate("document.querySelector('body > #end') !== null") else ["the end is elsewhere"]
    found += [page.url] if page.url != "http://tricks.test/" else []
    context.close()
    return found


def test_what_passes_does_nothing(browser: Browser) -> None:
    markdown = converter()
    passed = [clean for trick in TRICKS for clean, faults in [held(markdown.reset().convert(trick))] if not faults]
    assert len(passed) > 10
    assert left(browser, "\n".join(passed)) == []


def test_what_does_not_pass_would_do_harm(browser: Browser) -> None:
    """The page above would show it."""
    assert "it ran" in left(browser, "<img src=x onerror=alert(1)>")
    assert "the end is elsewhere" in left(browser, "<template>")
    assert left(browser, "<img src=https://evil.example/>") == ["https://evil.example/"]
