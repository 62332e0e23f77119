"""The pictures of the owner's guides: taken while a test follows the guide, and never older than what they show.

docs/pictures/taken.json has the SHA-256 of the words of the desk in each picture. Where these are others by now, the
test fails; `invoke pictures` takes the pictures again.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
from pathlib import Path

from PIL import Image
from playwright.sync_api import Locator, Page

from plugins.problems import ROOT

FOLDER = ROOT / "docs" / "pictures"
TAKEN = FOLDER / "taken.json"
WANTED = "TAKE_PICTURES"  # set: they are written
# Words that are the site's, the owner's or the day's: they may change without the desk being another.
PASSING = "p:has(> time), textarea, select, .difference, .desk-shown, .desk-grid, .snippet, .hint:has(a)"
WORDS = """(element, passing) => {
    const copy = element.cloneNode(true);
    copy.querySelectorAll("[hidden]," + passing).forEach(part => part.remove());
    return copy.textContent;
}"""


def taken() -> dict[str, str]:
    """The fingerprint of each picture, by its name."""
    found: dict[str, str] = json.loads(TAKEN.read_text(encoding="utf-8")) if TAKEN.exists() else {}
    return found


class Pictures:
    """Those of the guide in one language."""

    def __init__(self, page: Page, lang: str) -> None:
        self.page, self.lang = page, lang
        self.found: dict[str, str] = {}

    def take(self, name: str, part: Locator, height: int = 0) -> None:
        """Note what this part of the page says, and take its picture where that is wanted; no higher than `height`."""
        words = " ".join("".join("#" if sign.isdigit() else sign for sign in part.evaluate(WORDS, PASSING)).split())
        self.found[f"{name}.{self.lang}"] = hashlib.sha256(words.encode()).hexdigest()
        if WANTED in os.environ:
            self.page.mouse.move(0, 0)
            picture = Image.open(io.BytesIO(part.screenshot(animations="disabled", caret="hide"))).convert("RGB")
            if height:
                picture = picture.crop((0, 0, picture.width, min(height, picture.height)))
            FOLDER.mkdir(exist_ok=True)
            picture.save(FOLDER / f"{name}.{self.lang}.webp", quality=80, method=6)

    def old(self) -> list[str]:
        """Which are no longer what the guide shows; none once they are taken again."""
        if WANTED in os.environ:
            text = json.dumps(dict(sorted((taken() | self.found).items())), indent=1) + "\n"
            TAKEN.write_text(text, encoding="utf-8")
        return [name for name, words in self.found.items() if taken().get(name) != words]


def files() -> list[Path]:
    """The pictures that there are."""
    return sorted(FOLDER.glob("*.webp"))
