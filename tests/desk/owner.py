"""Who owns the site, before the browser at a desk that a double click has started; each act is counted."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from playwright.sync_api import Browser, Locator, Page, expect

from plugins.problems import in_language, say
from tests.desk.pictures import Pictures
from tests.desk.test_start import link_environment
from tests.tools.preview_session import PATIENCE, until

LOCALES = {"en": "en-GB", "fr": "fr-FR"}


def git(folder: Path, *arguments: str) -> str:
    """What git answers in this folder."""
    done = subprocess.run(
        ["git", *arguments], cwd=folder, capture_output=True, check=True, encoding="utf-8", timeout=PATIENCE
    )
    return done.stdout


def fresh_clone(root: Path, folder: Path) -> None:
    """The project as somebody gets it, with what is not committed here yet, and the PDFs and pictures made before."""
    git(root, "clone", "--quiet", str(root), str(folder))
    for name in git(root, "ls-files", "-z", "--modified", "--others", "--exclude-standard").split("\0")[:-1]:
        if (root / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(root / name, folder / name)
        elif not (root / name).is_symlink():
            (folder / name).unlink(missing_ok=True)
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--allow-empty", "--message", "As it is here")
    link_environment(folder)
    for name in ("documents", "social"):
        if (root / ".cache" / name).is_dir():
            parts = shutil.ignore_patterns("*.part")  # which other tests are writing just now
            shutil.copytree(root / ".cache" / name, folder / ".cache" / name, ignore=parts)


@contextmanager
def started(folder: Path, lang: str, home: Path | None = None) -> Iterator[str]:
    """A double click on start.sh in `folder`, on a machine of this language. Gives the link that its browser gets.

    `home` is where the owner's own files are, such as the keys of servers; without it, those of who runs the tests.
    """
    noted, log = folder.parent / "noted", folder.parent / "log"
    browser = folder.parent / "browser"
    browser.write_text(f"#!/bin/sh\nprintf '%s\\n' \"$1\" >>'{noted}'\n")
    browser.chmod(0o755)
    elsewhere = {"CI", "SSH_CONNECTION", "LC_ALL", "LC_MESSAGES"}
    environment = {name: value for name, value in os.environ.items() if name not in elsewhere}
    environment |= {"BROWSER": str(browser), "DISPLAY": ":0", "LANG": f"{LOCALES[lang].replace('-', '_')}.UTF-8"}
    if home:
        home.mkdir()
        environment |= {"HOME": str(home), "XDG_CONFIG_HOME": str(home / ".config")}
    with log.open("wb") as output:
        process = subprocess.Popen(
            ["sh", str(folder / "start.sh")],
            cwd="/",
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
        )
    try:
        until(lambda: noted.exists() and noted.read_text(), "the browser opens", log.read_text)
        yield noted.read_text().splitlines()[0]
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGTERM)
            process.wait(PATIENCE)


@dataclass
class Count:
    """What one task took: controls activated, keys that are no words, and different screens seen."""

    clicks: int = 0
    keys: int = 0
    pages: list[str] = field(default_factory=list)

    @property
    def figures(self) -> tuple[int, int, int]:
        return self.clicks, self.keys, len(self.pages)


class Owner:
    """Who sits before `page`, and reads `lang`."""

    def __init__(self, page: Page, lang: str, folder: Path) -> None:
        self.page, self.lang, self.folder = page, lang, folder
        self.pictures = Pictures(page, lang)
        self.counts: dict[str, Count] = {}
        self.now = Count()
        page.on("framenavigated", lambda frame: self.sees(frame.url))

    def sees(self, url: str) -> None:
        place = url.partition("#")[0].partition("?")[0]
        if not self.now.pages or self.now.pages[-1] != place:
            self.now.pages.append(place)

    def says(self, template: str, **values: object) -> str:
        """A sentence of the desk, in the owner's language."""
        return in_language(say(template, **values), self.lang)

    @contextmanager
    def task(self, name: str, home: bool = True) -> Iterator[None]:
        """What is done inside is counted under this name, from the home page or from where the last one ended."""
        if home:
            self.page.goto(f"/{self.lang}/")
        self.now = self.counts[name] = Count(pages=[self.page.url])
        yield
        self.now = Count()

    def click(self, control: Locator) -> None:
        self.now.clicks += 1
        control.click()

    def press(self, key: str) -> None:
        self.now.keys += 1
        self.page.keyboard.press(key)

    def type(self, words: str) -> None:
        """Words into what has the focus."""
        self.page.keyboard.insert_text(words)

    def fill(self, control: Locator, words: str) -> None:
        """Words in the place of what a field has."""
        self.click(control)
        control.fill(words)

    def pick(self, control: Locator, words: str) -> None:
        """One of a list, by its words."""
        self.now.clicks += 1
        control.select_option(label=words)

    def choose(self, words: str) -> None:
        """Words of the field that has the focus, drawn over with the pointer."""
        self.now.clicks += 1
        self.page.evaluate(
            """words => { const field = document.activeElement, at = field.value.indexOf(words);
                          if (at < 0) throw new Error(field.value);
                          field.setSelectionRange(at, at + words.length); }""",
            words,
        )

    def point(self, words: str) -> None:
        """Click on the page just behind these words of its text."""
        x, y = self.page.evaluate(
            """words => {
                const walk = document.createTreeWalker(document.querySelector("main .prose"), NodeFilter.SHOW_TEXT);
                while (walk.nextNode() && !walk.currentNode.data.includes(words));
                walk.currentNode.parentElement.scrollIntoView({ block: "center", behavior: "instant" });
                const range = document.createRange(), at = walk.currentNode.data.indexOf(words) + words.length;
                range.setStart(walk.currentNode, at - 1);
                range.setEnd(walk.currentNode, at);
                const box = range.getBoundingClientRect();
                return [box.right - 1, (box.top + box.bottom) / 2];
            }""",
            words,
        )
        self.now.clicks += 1
        self.page.mouse.click(x, y)

    def button(self, template: str, **values: object) -> Locator:
        return self.page.get_by_role("button", name=self.says(template, **values), exact=True)

    def link(self, template: str, **values: object) -> Locator:
        return self.page.get_by_role("link", name=self.says(template, **values), exact=True)

    def hears(self, template: str) -> None:
        """What the desk says after an act."""
        expect(self.page.locator("#desk-said")).to_contain_text(self.says(template))


def opened(browser: Browser, link: str, lang: str) -> Page:
    """A browser of this language, at the link."""
    context = browser.new_context(
        base_url=link.partition("/.preview")[0], locale=LOCALES[lang], viewport={"width": 1280, "height": 800}
    )
    page = context.new_page()
    page.set_default_timeout(PATIENCE * 1000)
    page.goto(link)
    return page
