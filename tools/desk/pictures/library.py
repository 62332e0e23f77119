"""The pictures and the files to download that the site has: where each is used, and what each picture shows.

What a picture shows is written in each page that it stands in. The texts in content/data/pictures.toml are what the
desk proposes there: a line for each picture, in both languages, or "decoration".
"""

from __future__ import annotations

import datetime
import re
import tomllib
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any
from unicodedata import normalize
from urllib.parse import quote, unquote

import tomlkit
from PIL import Image

from plugins.build import LANGUAGES
from plugins.frontmatter import KINDS
from plugins.pictures import FORMATS
from plugins.practice.form import label_of
from plugins.practice.reading import values_of
from plugins.problems import Message, say
from plugins.public_files import public_files, sources
from tools.preview.panel import RESERVED

from ..desk import Desk
from ..site_pages import SitePage, page_of

DECORATION = "decoration"
PORTRAIT = "coach.photo"
HEAD = (
    "# What each picture shows, for those who cannot see it: the desk proposes it where a picture is put into a page.\n"
)
SIGNS = str.maketrans({"[": "(", "]": ")", "{": "(", "}": ")", "\\": " ", "`": "’"})  # that mean something in a page


@dataclass(frozen=True)
class Texts:
    """What a picture shows, in each language; or that it shows nothing that anybody misses."""

    en: str = ""
    fr: str = ""
    decoration: bool = False

    @classmethod
    def of(cls, value: Any) -> Texts:
        """As they are in the file; none where they are wrong there."""
        if isinstance(value, dict):
            return cls(str(value.get("en") or ""), str(value.get("fr") or ""))
        return cls(decoration=value == DECORATION)

    def __getitem__(self, lang: str) -> str:
        return {"en": self.en, "fr": self.fr}[lang]

    @property
    def complete(self) -> bool:
        return self.decoration or bool(self.en and self.fr)


@dataclass(frozen=True)
class Use:
    """Where a file is used: a page or a fact, its language, and the address where it can be seen and changed."""

    title: Message
    lang: str
    place: str


@dataclass(frozen=True)
class Item:
    """A picture or a file. `path` is that in the content folder; `width` and `height` are 0 where nobody knows."""

    path: str
    file: Path
    size: int
    day: datetime.date
    width: int
    height: int
    texts: Texts

    @property
    def name(self) -> str:
        return self.path.partition("/")[2]

    @property
    def kind(self) -> str:
        return self.file.suffix[1:].upper().replace("JPG", "JPEG")

    @property
    def is_picture(self) -> bool:
        return self.path.startswith("images/")

    @property
    def address(self) -> str:
        """As it is written in a page: content/<lang>/<kind>/<page>.md."""
        return "{static}../../" + quote(self.path)

    @property
    def seen(self) -> str:
        """Names what is in it, for a browser's memory."""
        return f"{self.file.stat().st_mtime_ns:x}"


def items(desk: Desk) -> list[Item]:
    """All of them, the newest first."""
    texts = texts_of(desk)
    found = []
    for path, file in public_files(desk.content).items():
        with suppress(FileNotFoundError):  # it went just now
            state = file.stat()
            day = datetime.date.fromtimestamp(state.st_mtime)  # noqa: DTZ012 - the owner's own day
            size = _size(file, state.st_mtime_ns)
            item = Item(path, file, state.st_size, day, *size, texts.get(path, Texts()))
            found.append((-state.st_mtime_ns, path, item))
    return [item for _, _, item in sorted(found, key=lambda one: one[:2])]


def item_at(desk: Desk, path: str) -> Item | None:
    """The one at this path in the content folder, of those that there are."""
    return next((item for item in items(desk) if item.path == path), None)


@lru_cache(4000)
def _size(file: Path, saved: int) -> tuple[int, int]:
    """Width and height of a picture, as it was saved then."""
    with (
        suppress(Exception),
        Image.open(file, formats=[*FORMATS.values()]) as image,
    ):  # or a file to download, or damaged
        return image.size
    return 0, 0


def uses(desk: Desk) -> dict[str, list[Use]]:
    """Where each file is used, by its path: once for each page."""
    found: dict[str, list[Use]] = {path: [] for path in public_files(desk.content)}
    for file in (file for lang in LANGUAGES for kind in KINDS for file in sources(desk.content / lang / kind, "*.md")):
        text = _text(file)
        for path in (path for path in found if path in text):
            line = text[: text.index(path)].count("\n") + 1
            page = page_of(file)
            found[path].append(Use(say("{name}", name=page.title), page.lang, place_in(page, line)))
    portrait, _ = portrait_of(desk)
    if portrait:
        found.setdefault(portrait, []).append(Use(label_of(PORTRAIT), "", f"{RESERVED}facts#{PORTRAIT}"))
    return found


def _text(file: Path) -> str:
    """A page as its addresses are meant: an accent may be written in several ways."""
    with suppress(OSError):
        return normalize("NFC", unquote(file.read_text(encoding="utf-8-sig", errors="replace")))
    return ""


def place_in(page: SitePage, line: int) -> str:
    """Where a line of a page is edited."""
    return f"{page.address}#desk:{line}" if page.address else f"{RESERVED}text?page={page.name}"


def portrait_of(desk: Desk) -> tuple[str, Texts]:
    """The path of the coach's portrait, "" where there is none; and what the facts say that it shows."""
    with suppress(OSError, UnicodeDecodeError, tomllib.TOMLDecodeError):
        coach = values_of((desk.content / "data" / "practice.toml").read_text(encoding="utf-8-sig")).get("coach")
        if isinstance(coach, dict) and coach.get("photo"):
            return f"images/{coach['photo']}", Texts.of(coach.get("photo_alt"))
    return "", Texts()


def texts_file(desk: Desk) -> Path:
    """Where the texts are kept."""
    return desk.content / "data" / "pictures.toml"


def texts_of(desk: Desk) -> dict[str, Texts]:
    """The texts of each picture, by its path: those of the file, where that can be read; of a portrait, its fact."""
    known = dict([portrait_of(desk)])
    with suppress(OSError, UnicodeDecodeError, tomllib.TOMLDecodeError):
        found = tomllib.loads(texts_file(desk).read_text(encoding="utf-8-sig"))
        known |= {path: Texts.of(value) for path, value in found.items()}
    return known


def with_texts(data: bytes | None, path: str, texts: Texts) -> bytes:
    """The file of the texts, which holds `data`, with those of one picture; empty ones are taken out.

    Raises ValueError where it cannot be read.
    """
    written = tomlkit.parse(data.decode("utf-8-sig") if data is not None else HEAD)
    written.pop(path, None)
    if texts.decoration:
        written[path] = DECORATION
    elif texts.en or texts.fr:
        pair = tomlkit.inline_table()
        pair.update({"en": texts.en, "fr": texts.fr})
        written[path] = pair
    return tomlkit.dumps(written).encode()


def plain(text: str) -> str:
    """What a person typed, without the signs that would mean something in a page."""
    return re.sub(r"\s+", " ", text.translate(SIGNS)).strip()
