"""The pages of the site as their files say, whatever the last build made of them; the documents that they may offer."""

from __future__ import annotations

import datetime
import tomllib
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from plugins.build import LANGUAGES
from plugins.frontmatter import KINDS
from plugins.frontmatter_edit import values_of
from plugins.public_files import sources

from .desk import Desk

FOLDERS = {"pages": "", "articles": "articles/"}  # in addresses: pelicanconf.py


@dataclass(frozen=True)
class SitePage:
    """A page, an article or a section of documents, which has no address."""

    path: Path
    title: str
    menu_title: str
    slug: str
    hidden: bool  # whether it is a draft, whatever its day
    day: datetime.date | None  # on which it may first be published
    pending: bool  # whether it may go without its pair for a while
    alone: bool  # whether there will never be one
    aliases: tuple[str, ...]

    @classmethod
    def of(cls, path: Path, values: dict[str, Any]) -> SitePage:
        """The page at content/<lang>/<kind>/<key>.md with these values of its front matter, right or wrong."""
        title, aliases = str(values.get("title") or path.stem), values.get("aliases")
        return cls(
            path,
            title,
            str(values.get("nav_title") or title),
            str(values.get("slug") or "").strip("/"),
            values.get("status") == "draft",
            _day(values.get("date")),
            values.get("translation") == "pending",
            bool(values.get("unpaired")),
            tuple(f"{str(alias).rstrip('/')}/" for alias in (aliases if isinstance(aliases, list) else [])),
        )

    @property
    def waits(self) -> datetime.date | None:
        """The day for which it waits, while that is still to come."""
        return self.day if self.day and self.day > today() and not self.hidden else None

    @property
    def draft(self) -> bool:
        """Whether a publication today would leave it out."""
        return self.hidden or self.waits is not None

    @property
    def key(self) -> str:
        return self.path.stem

    @property
    def lang(self) -> str:
        return self.path.parent.parent.name

    @property
    def kind(self) -> str:
        return self.path.parent.name

    @property
    def name(self) -> str:
        """What it is called on the desk: en/pages/faq."""
        return f"{self.lang}/{self.kind}/{self.key}"

    def _below(self, folder: str) -> str:
        return f"/{self.lang}/" + (f"{folder}{self.slug}/" if self.slug else "")

    @property
    def public(self) -> str:
        """Its address on the site; "" where it has none."""
        return self._below(FOLDERS[self.kind]) if self.kind in FOLDERS else ""

    @property
    def address(self) -> str:
        """Its address in the preview."""
        return self._below("drafts/") if self.draft and self.public else self.public


def today() -> datetime.date:
    return datetime.date.today()  # noqa: DTZ011 - the owner's own day


def _day(value: Any) -> datetime.date | None:
    with suppress(ValueError):
        return datetime.date.fromisoformat(str(value))
    return None


@lru_cache(maxsize=4000)
def _read(file: Path, saved: int) -> SitePage:
    """The page at `file`, as it was saved then."""
    return SitePage.of(file, values_of(file.read_bytes()))


def page_of(path: Path) -> SitePage:
    """The page at `path`; with no more than its file's name where that cannot be read."""
    try:
        return _read(path, path.stat().st_mtime_ns)
    except (OSError, ValueError, yaml.YAMLError):
        return SitePage.of(path, {})


def title_of(path: Path) -> str:
    """The title of the page at `path`."""
    return page_of(path).title


def page_at(desk: Desk, address: str) -> SitePage | None:
    """The page at an address of the preview, such as /en/faq/."""
    return next((page for pages in listed(desk).values() for page in pages if page.address == address), None)


def other_language(desk: Desk, page: SitePage) -> SitePage | None:
    """The same page in the other language."""
    pages = [other for lang, others in listed(desk).items() if lang != page.lang for other in others]
    return next((other for other in pages if (other.kind, other.key) == (page.kind, page.key)), None)


def place_of(desk: Desk, name: str) -> Path | None:
    """The file of the page that is called `name` (en/pages/faq), of those that there are; or None."""
    match name.split("/"):
        case [lang, kind, key] if lang in LANGUAGES and kind in KINDS:
            return next((file for file in sources(desk.content / lang / kind, "*.md") if file.stem == key), None)
    return None


def listed(desk: Desk) -> dict[str, list[SitePage]]:
    """All pages and articles that can be read, by language, in the order of their titles."""
    return {lang: _readable(desk, lang, *FOLDERS) for lang in LANGUAGES}


def sections(desk: Desk) -> list[SitePage]:
    """The texts that stand in documents alone, in the order of languages and titles."""
    return [page for lang in LANGUAGES for page in _readable(desk, lang, "documents")]


def _readable(desk: Desk, lang: str, *kinds: str) -> list[SitePage]:
    """The pages of these kinds that can be read, in the order of their titles."""
    found = []
    for file in (file for kind in kinds for file in sources(desk.content / lang / kind, "*.md")):
        with suppress(OSError, ValueError, yaml.YAMLError):
            found.append(_read(file, file.stat().st_mtime_ns))
    return sorted(found, key=lambda page: page.title.casefold())


def name_of(path: Path) -> str:
    """What the page at `path` is called on the desk."""
    return "/".join([*path.parts[-3:-1], path.stem])


def documents(desk: Desk, lang: str) -> list[tuple[str, str]]:
    """(name, title) of each document that has its data and its design."""
    found = []
    for design in sources(desk.root / "theme" / "documents", "*.typ"):
        with suppress(OSError, ValueError, KeyError, TypeError):
            data = tomllib.loads((desk.content / "data" / f"{design.stem}.toml").read_text(encoding="utf-8-sig"))
            found.append((design.stem, str(data["title"][lang])))
    return found
