"""What must hold of every page in a browser: each check takes a page as it stands and returns its findings in words.

axe-core comes inside the wheel of axe-playwright-python, which the lock pins by hash; nothing else of it is used.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.resources import files
from pathlib import Path
from typing import Any

import yaml
from playwright.sync_api import BrowserContext, ConsoleMessage, Page, Request, Response
from pypdf import PdfReader

from plugins.problems import ROOT

AXE = files("axe_playwright_python").joinpath("axe.min.js").read_text(encoding="utf-8")
AUDIT = (Path(__file__).parent / "audit.js").read_text(encoding="utf-8")

BLOCK = re.compile(r"(?=<(?:aside|details|div|figure|footer|form|h\d|header|li|main|nav|ol|p|section|svg|table|ul)\b)")
TAG = re.compile("(?=<)|(?<=>)")
POLICY = re.compile("<meta http-equiv=[^>]+>")
ARRIVE = """async (blocks) => {
    document.open();
    for (const block of blocks) {
        document.write(block);
        await new Promise((painted) => requestAnimationFrame(() => setTimeout(painted)));
    }
    document.close();
}"""

SHEET = 658  # px: A4 less the margins of print.css, 174 mm at 96 px an inch

# Every rule of these tags, also those that axe leaves off by default (target-size, contrast at AAA, …), except those it
# calls experimental or deprecated.
TAGS = [f"wcag{version}{level}" for version in (2, 21, 22) for level in ("a", "aa", "aaa")] + ["best-practice"]


def addresses() -> dict[str, str]:
    """Every page of the site but its drafts, by a short name (`en/faq`), from the content's own front matter."""
    found = {"entrance": "/", "404": "/404.html", "en/404": "/en/404.html", "fr/404": "/fr/404.html"}
    for file in sorted((ROOT / "content").glob("??/*/*.md")):
        lang, kind = file.parts[-3], file.parts[-2]
        matter = yaml.safe_load(file.read_text(encoding="utf-8").split("---\n")[1])
        if kind in ("pages", "articles") and matter.get("status") != "draft":
            slug = matter["slug"]
            found[f"{lang}/{file.stem}"] = "/".join(["", lang, *(["articles"] if kind == "articles" else []), slug, ""])
    return {name: address.replace("//", "/") for name, address in found.items()}


PAGES = addresses()
KINDS = [  # one page of each template, in both languages
    *("entrance", "404", "en/404", "fr/404"),
    *(f"{lang}/{key}" for lang in ("en", "fr") for key in ("home", "method", "goal-setting", "smart-worksheet")),
    *(f"{lang}/{key}" for lang in ("en", "fr") for key in ("articles", "ending-well", "for-hr", "process-guide")),
]


class Reader:
    """A page in a context of its own, and everything it complains of or asks for since it was opened."""

    def __init__(self, context: BrowserContext, inject: bool = True) -> None:
        if inject:
            context.add_init_script(AUDIT)
        self.context = context
        self.fonts = ""
        self.page: Page = context.new_page()
        self.page.set_default_timeout(60_000)  # for a machine that does much else
        self.complaints: list[str] = []
        self.requests: list[str] = []
        self.page.on("console", self._console)
        self.page.on("pageerror", lambda error: self.complaints.append(f"script error: {error}"))
        self.page.on("requestfailed", self._failed)
        self.page.on("response", self._response)
        context.on("request", self.asked)

    def asked(self, request: Request) -> None:
        """Note what a page asks for."""
        self.requests.append(request.url)

    def open(self, address: str) -> Page:
        """Go to an address and forget what was complained of before."""
        self.complaints.clear()
        self.requests.clear()
        self.page.goto(address, wait_until="load")
        return self.page

    def _console(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self.complaints.append(f"console {message.type}: {message.text}")

    def _failed(self, request: Request) -> None:
        self.complaints.append(f"request failed: {request.url} {request.failure}")

    def _response(self, response: Response) -> None:
        if response.status >= 400:
            self.complaints.append(f"status {response.status}: {response.url}")


class Device:
    """A context that one reader after the other uses, each as if it were new: what the last one kept is gone.

    A file of the site stays open in it, and with it the process that shows the site: to start one takes as long as
    all that a test does. Files of the site may come from the browser's cache.
    """

    def __init__(self, context: BrowserContext) -> None:
        context.add_init_script(AUDIT)
        self.context = context
        self.open = context.new_page()
        self.open.goto("/robots.txt")

    @contextmanager
    def reader(self) -> Iterator[Reader]:
        """Somebody who comes to the device; complaints of the console and of the policy are failures."""
        reader = Reader(self.context, inject=False)
        try:
            yield reader
            assert_silent(reader)
        finally:
            self.context.remove_listener("request", reader.asked)
            for page in self.context.pages:
                if page != self.open:
                    page.close()
            self.open.evaluate("localStorage.clear()")


def assert_silent(reader: Reader) -> None:
    """Nothing was complained of, unless the page is closed and cannot be asked."""
    if not reader.page.is_closed():
        findings = [each for each in complaints(reader) if "favicon" not in each]  # dropped on the way to the next page
        assert not findings, stated(findings)


def axe(page: Page) -> list[str]:
    """Violations of WCAG 2.0 to 2.2 at A, AA and AAA, and of axe's best practices.

    axe comes into the page only here: to read it costs a third of what it costs to open a page.
    """
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE)
    return list(page.evaluate("(tags) => audit.axe(tags)", TAGS))


def overflow(page: Page) -> list[str]:
    """Text or controls out of the window, cut off, scrolling sideways or one over the other."""
    return list(page.evaluate("audit.overflow()"))


def complaints(reader: Reader) -> list[str]:
    """Console errors and warnings, script errors, failed requests and violations of the Content-Security-Policy."""
    violations = list(reader.page.evaluate("audit.violations()"))  # first: what the console says comes meanwhile
    return reader.complaints + violations


def shifts(page: Page) -> list[str]:
    """Layout shifts since the page was opened."""
    return list(page.evaluate("audit.shifts()"))


def arrive(page: Page, html: str) -> None:
    """Let a page come block by block, its header tag by tag, each painted before the next one, as on a slow network.

    It comes without its policy, which forbids scripts to write markup.
    """
    page.route("**/arriving", lambda route: route.fulfill(body="<!doctype html>", content_type="text/html"))
    page.goto("/arriving")
    html = POLICY.sub("", html)
    body = html.index("<body")
    end = max(html.find("</header>"), html.index(">", body) + 1)
    first, *header = TAG.split(html[body:end])  # the top of the page in the smallest parts that a browser may paint
    rest = BLOCK.split(html[end:])
    blocks = [*header, *rest[:40], "".join(rest[40:])]  # below the window in any case
    page.evaluate(ARRIVE, [html[:body] + first, *blocks])


def tables(page: Page) -> list[str]:
    """Tables that assistive technology does not hear whole: their caption, rows, headers and cells."""
    shown = page.evaluate("audit.tables()")
    session = page.context.new_cdp_session(page)
    nodes = session.send("Accessibility.getFullAXTree")["nodes"]
    session.detach()
    by_id = {node["nodeId"]: node for node in nodes}

    def count(node: dict[str, Any], role: str) -> int:
        below = [by_id[child] for child in node.get("childIds", []) if child in by_id]
        return int(node["role"]["value"] == role) + sum(count(child, role) for child in below)

    heard = [node for node in nodes if not node["ignored"] and node["role"]["value"] == "table"]
    roles = ("row", "columnheader", "rowheader", "cell")
    told = [[node.get("name", {}).get("value", ""), *(count(node, role) for role in roles)] for node in heard]
    return [f"a table of {table[1:]} is heard as {told}: {table[0]}" for table in shown if table not in told]


def focus(page: Page) -> list[str]:
    """What is wrong with how the focused element shows."""
    return list(page.evaluate("audit.focus()"))


def walk(page: Page) -> list[str]:
    """Press Tab from the top of the page to its end: every stop is reached, in the order of the page, and seen."""
    expected = page.evaluate("audit.stops().map(audit.name)")
    findings: list[str] = []
    for place, name in enumerate(expected, 1):
        page.keyboard.press("Tab")
        reached = page.evaluate("audit.name(document.activeElement)")
        if reached != name:
            return [*findings, f"stop {place} should be {name}, and is {reached}"]
        findings += focus(page)
        if page.evaluate("document.activeElement.type === 'date'"):  # a date has a stop for each of its parts
            while page.evaluate("document.activeElement.type === 'date'"):
                page.keyboard.press("Tab")
            page.keyboard.press("Shift+Tab")
    return findings


def paper(page: Page) -> list[str]:
    """Print the page: what is cut, missing on paper or leads nowhere."""
    page.set_viewport_size({"width": SHEET, "height": 900})
    page.emulate_media(media="print")
    findings = overflow(page)
    words, targets = page.evaluate("audit.words()"), page.evaluate("audit.targets()")
    pdf = PdfReader(io.BytesIO(page.pdf(prefer_css_page_size=True)))
    page.emulate_media(media="screen")
    sheets = [letters(sheet.extract_text()) for sheet in pdf.pages]
    whole = "".join(sheets)
    findings += [f"not on paper: {said.strip()[:60]}" for said in words if not printed_in(letters(said), whole)]
    findings += [f"no target on paper: {target}" for target in targets if not printed_in(letters(target), whole)]
    return findings + [f"sheet {number} is blank" for number, text in enumerate(sheets, 1) if not text]


def letters(text: str) -> str:
    """`text` without spaces, hyphens and the letters' joined forms, which are the printer's affair."""
    for joined, apart in {"ﬁ": "fi", "ﬂ": "fl", "ﬀ": "ff", "ﬃ": "ffi", "ﬄ": "ffl"}.items():
        text = text.replace(joined, apart)
    return re.sub(r"[^\w]+", "", text)


def printed_in(text: str, whole: str) -> bool:
    """Whether `text` is there, in one piece or parted by the end of a sheet."""
    return text in whole or any(text[:place] in whole and text[place:] in whole for place in range(1, len(text)))


def stated(findings: list[str]) -> str:
    """The findings as the message of a failed assertion."""
    return "\n".join(["", *findings])


def media(page: Page, scheme: Any = "light", width: int = 1280, height: int = 900) -> None:
    """Change the colour scheme and the window without loading the page again."""
    page.emulate_media(color_scheme=scheme)
    page.set_viewport_size({"width": width, "height": height})
