"""Each check, shown to fail: pages that are wrong on purpose, and the words that the check must find for it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Route

from tests.browser.audit import PAGES, Reader, arrive, axe, complaints, overflow, paper, shifts, tables, walk

FRAME = """<!doctype html><html lang="en"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width"><title>A page</title>
<link rel="icon" href="data:,">
<style>body {{ font: 20px/1.5 sans-serif; background: #fff; color: #000; }} {css}</style></head>
<body><main><h1>A page</h1>{body}</main></body></html>"""
POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; script-src 'self'; img-src 'self' data:; "
    "require-trusted-types-for 'script'; trusted-types 'none'"
)

Check = Callable[[Reader], list[str]]


def on_page(check: Callable[[Any], list[str]]) -> Check:
    return lambda reader: check(reader.page)


def ask(question: str) -> Check:
    return lambda reader: [str(answer) for answer in reader.page.evaluate(question)]


def after(script: str, check: Check) -> Check:
    """Do something in the page first, and look until it has led to something."""

    def done(reader: Reader) -> list[str]:
        reader.page.evaluate(script)
        for _ in range(100):
            if findings := check(reader):
                break
            reader.page.evaluate(PAINTED)
        return findings

    return done


PAINTED = "new Promise((painted) => requestAnimationFrame(() => setTimeout(painted)))"
AXE, OVERFLOW, WALK, PAPER, SHIFTS = (on_page(check) for check in (axe, overflow, walk, paper, shifts))

TRAP = "void (document.querySelector('a').onkeydown = (event) => event.preventDefault())"

# what is wrong: (the check, what it must say, the page's body, its style)
FAULTS: dict[str, tuple[Check, str, str, str]] = {
    "no text for an image": (AXE, "image-alt", '<img src="data:image/gif;base64,R0lGODlhAQABAAAAACw=">', ""),
    "no label": (AXE, "label", "<input>", ""),
    "contrast below AA": (AXE, "color-contrast:", "<p>Faint</p>", "p { color: #999; }"),
    "contrast below AAA only": (AXE, "color-contrast-enhanced", "<p>Quiet</p>", "p { color: #666; }"),
    "small targets": (
        AXE,
        "target-size",
        "<button>a</button><button>b</button>",
        "button { font-size: 8px; padding: 0; border: 0; }",
    ),
    "heading skipped": (AXE, "heading-order", "<h4>Deep</h4>", ""),
    "no landmark": (AXE, "region", "</main><p>Outside</p><main>", ""),
    "a wide box": (OVERFLOW, "the page scrolls sideways", "<p>Wide</p>", "p { width: 2000px; }"),
    "words off the window": (
        OVERFLOW,
        "outside the window",
        "<p>Away</p>",
        "body { overflow-x: clip; } p { margin-left: -500px; width: 400px; }",
    ),
    "words cut off": (
        OVERFLOW,
        "cut off by",
        "<p>Far too many words for so small a box</p>",
        "p { width: 6em; height: 1em; overflow: hidden; }",
    ),
    "a box that scrolls": (
        OVERFLOW,
        "scrolls sideways",
        "<pre>Far too many words for so small a box</pre>",
        "pre { width: 6em; overflow-x: auto; }",
    ),
    "text over text": (OVERFLOW, "text over text", "<p>One line</p><p>Another</p>", "p + p { margin-top: -2.5em; }"),
    "a script that complains": (after("console.error('Alas')", complaints), "console error: Alas", "", ""),
    "a script that fails": (
        after("setTimeout(() => { throw new Error('Alas') })", complaints),
        "script error: Alas",
        "",
        "",
    ),
    "a file that is not there": (complaints, "status 404", '<img src="/none.png" alt="None">', ""),
    "an inline script": (complaints, "policy violated (enforce): script-src-elem inline", "<script>1</script>", ""),
    "an inline handler": (
        after("document.querySelector('p').click()", complaints),  # some versions tell only when it would have run
        "policy violated (enforce): script-src-attr inline",
        '<p onclick="1">Press</p>',
        "",
    ),
    "an image from elsewhere": (
        complaints,
        "policy violated (enforce): img-src",
        '<img src="http://x.example/1.png" alt="">',
        "",
    ),
    "a string made markup": (
        after("try { document.body.innerHTML = '<b>' } catch {}", complaints),
        "require-trusted-types-for",
        "",
        "",
    ),
    "something that moves the text": (
        after("document.querySelector('h1').style.height = '300px'", SHIFTS),
        "layout shift",
        "<p>Text</p>",
        "",
    ),
    "a table without its headers": (
        on_page(tables),
        "a table of [2, 1, 1, 0] is heard as",
        '<table><caption>Who</caption><thead><tr><th scope="col">Who</thead>'
        '<tbody><tr><th scope="row">I</tbody></table>',
        "thead { display: none; }",
    ),
    "no outline": (WALK, "no outline of 2 px", '<a href="/">Home</a>', ":focus { outline: none; }"),
    "a faint outline": (WALK, "outline at", '<a href="/">Home</a>', ":focus { outline: 3px solid #ddd; }"),
    "a stop out of sight": (
        WALK,
        "focused out of sight",
        '<a href="/">Home</a>',
        "a { position: fixed; left: -500px; }",
    ),
    "a stop under a lid": (
        WALK,
        "covered by",
        '<a href="/">Home</a><p></p>',
        "p { position: fixed; inset: 0; background: #fff; }",
    ),
    "stops out of order": (WALK, "stop 1 should be", '<a href="/1">One</a><a href="/2" tabindex="2">Two</a>', ""),
    "a trap": (after(TRAP, WALK), "stop 2 should be", '<a href="/1">One</a><a href="/2">Two</a>', ""),
    "words that paper loses": (
        PAPER,
        "not on paper: Behind",
        "<p>Behind</p><div></div>",
        "@media print { p { position: absolute; top: -500px; } }",
    ),
    "a table wider than paper": (
        PAPER,
        "outside the window",
        "<table><tr><td>Cell</table>",
        "table { width: 1000px; }",
    ),
    "a link without its target": (PAPER, "no target on paper: /en/faq/", '<a href="/en/faq/">The FAQ</a>', ""),
    "a door without a border": (ask("audit.unbounded()"), "no boundary", '<a class="door" href="/">Home</a>', ""),
    "an endless animation": (
        ask("audit.motion()"),
        "turn",
        "<p>Round</p>",
        "@keyframes turn { to { rotate: 1turn; } } p { animation: turn 1s infinite; }",
    ),
}


@pytest.fixture(scope="module")
def reader(browser: Browser, site: Any) -> Iterator[Reader]:
    context = browser.new_context(base_url=site.url, viewport={"width": 800, "height": 600})
    yield Reader(context)
    context.close()


@pytest.fixture
def show(reader: Reader) -> Callable[[str, str], None]:
    """Open a page with this body and this style."""

    def shown(body: str, css: str) -> None:
        def answer(route: Route) -> None:
            headers = {"Content-Type": "text/html", "Content-Security-Policy": POLICY}
            route.fulfill(body=FRAME.format(body=body, css=css), headers=headers)

        reader.page.set_viewport_size({"width": 800, "height": 600})
        reader.page.unroute_all()
        reader.page.route("**/broken", answer)
        reader.open("/broken").evaluate("audit.settled()")  # what the browser complains of is told by an event

    return shown


@pytest.mark.parametrize("fault", FAULTS)
def test_fault_is_found(reader: Reader, show: Callable[[str, str], None], fault: str) -> None:
    check, words, body, css = FAULTS[fault]
    show(body, css)
    findings = check(reader)
    assert any(words in finding for finding in findings), findings


def test_nothing_is_found_where_nothing_is_wrong(reader: Reader, show: Callable[[str, str], None]) -> None:
    show("<p>All is well.</p>", "")
    asked = (ask("audit.unbounded()"), ask("audit.motion()"))
    checks = (AXE, OVERFLOW, WALK, PAPER, SHIFTS, complaints, on_page(tables), *asked)
    assert [finding for check in checks for finding in check(reader)] == []


def test_words_that_forced_colours_hide_are_found(reader: Reader, show: Callable[[str, str], None]) -> None:
    reader.page.emulate_media(forced_colors="active")
    css = "html { background: Canvas; } a { background: LinkText; color: Canvas; } .kept { forced-color-adjust: none; }"
    show('<a href="/">Home</a> <a class="kept" href="/">Away</a>', css)
    findings = reader.page.evaluate("audit.vanished()")
    reader.page.emulate_media(forced_colors="none")
    assert findings == ['words vanish: main > a "Home"']


def test_what_moves_while_a_page_arrives_is_found(reader: Reader) -> None:
    html = FRAME.format(body="<p>One</p><p>Two</p>", css="main { display: grid; align-content: end; height: 90vh; }")
    arrive(reader.page, html)
    assert any("layout shift" in finding for finding in shifts(reader.page))


@pytest.mark.parametrize("lang", ["en", "fr"])
def test_large_text_in_a_narrow_box_is_found(reader: Reader, site: Any, lang: str) -> None:
    """The check of text at 200 %, on a real page whose measure has been fixed in pixels."""
    page = reader.open(PAGES[f"{lang}/faq"])
    cdp = page.context.new_cdp_session(page)
    page.evaluate("document.querySelector('h1').style.cssText = 'height: 40px; width: 300px; overflow: hidden'")
    cdp.send("Page.setFontSizes", {"fontSizes": {"standard": 32, "fixed": 26}})
    findings = overflow(page)
    cdp.send("Page.setFontSizes", {"fontSizes": {"standard": 16, "fixed": 13}})
    cdp.detach()
    assert any("cut off by" in finding for finding in findings)
