"""Chromium in the same words as the two other engines, over Playwright."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser

KEYS = {"Space": " "}


class Chromium:
    """One window of Chromium. `large` is text at 200 %."""

    name = "chromium"

    def __init__(self, browser: Browser, dark: bool = False, large: bool = False) -> None:
        self.browser = browser.new_context(color_scheme="dark" if dark else "light", reduced_motion="reduce")
        self.page = self.browser.new_page()
        if large:
            session = self.browser.new_cdp_session(self.page)
            session.send("Page.setFontSizes", {"fontSizes": {"standard": 32, "fixed": 26}})

    def open(self, address: str) -> None:
        """Load a page to its end."""
        self.page.goto(address, wait_until="load")

    def evaluate(self, expression: str) -> Any:
        """The value of a JavaScript expression; a promise is waited for."""
        return self.page.evaluate(expression)

    def resize(self, width: int, height: int = 900) -> None:
        """Make the page this wide inside."""
        self.page.set_viewport_size({"width": width, "height": height})

    def click(self, selector: str) -> None:
        self.page.click(selector)

    def type(self, selector: str, text: str) -> None:
        self.evaluate(f"document.querySelector({json.dumps(selector)}).focus()")
        self.page.keyboard.type(text)

    def press(self, key: str) -> None:
        self.page.keyboard.press(KEYS.get(key, key))

    def choose(self, selector: str, file: Path) -> None:
        """Give a file to a file field."""
        self.page.set_input_files(selector, str(file))

    def download(self, selector: str) -> Path:
        """The file that a click gives."""
        with self.page.expect_download() as download:
            self.click(selector)
        return Path(download.value.path())

    def pdf(self) -> bytes:
        """The page as it is printed, on A4."""
        return self.page.pdf(format="A4")

    def close(self) -> None:
        self.browser.close()
