"""The built site as tests read it: its files, and every page parsed once."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any
from urllib.parse import urljoin, urlsplit

import yaml
from bs4 import BeautifulSoup, Tag

from tools.build import build

ORIGIN = "https://trajectoires.example"  # the site_url of the fictitious facts
LANGUAGES = ("en", "fr")


@dataclass(frozen=True)
class Page:
    """One HTML file: its address (`/en/faq/`), its language (None on the two that speak both), its tree."""

    address: str
    file: Path
    lang: str | None

    @cached_property
    def soup(self) -> BeautifulSoup:
        return BeautifulSoup(self.file.read_text(encoding="utf-8"), "html.parser")

    @property
    def head(self) -> Tag:
        assert self.soup.head
        return self.soup.head

    def meta(self, name: str) -> str | None:
        """The content of `<meta name=…>` or `<meta property=…>`."""
        found = self.head.select_one(f'meta[name="{name}"], meta[property="{name}"]')
        return str(found["content"]) if found else None

    def __str__(self) -> str:
        return self.address


@dataclass
class Site:
    """A build: its folder and its pages by address."""

    folder: Path
    pages: dict[str, Page] = field(default_factory=dict)

    @property
    def listed(self) -> list[Page]:
        """The pages and articles of both languages: not the entrance, not the 404s, not a preview’s style page."""
        return [page for page in self.pages.values() if page.lang and page.address.endswith("/")]

    def in_language(self, lang: str) -> list[Page]:
        return [page for page in self.listed if page.lang == lang]

    def text(self, place: str) -> str:
        return (self.folder / place).read_text(encoding="utf-8")

    def target(self, page: Page, href: str) -> tuple[Path, str] | None:
        """The file and fragment that a link means, or None for a link to another site."""
        full = urlsplit(urljoin(ORIGIN + page.address, href))
        if f"{full.scheme}://{full.netloc}" != ORIGIN:
            return None
        return self.folder / (full.path.lstrip("/") + ("index.html" if full.path.endswith("/") else "")), full.fragment


def build_site(folder: Path, published: bool, facts: Path) -> Site:
    built = build(folder / "site", published, facts, {"cache": folder / "cache"})
    assert built.output, "\n".join(str(problem) for problem in built.problems)
    site = Site(built.output)
    for file in sorted(site.folder.rglob("*.html")):
        place = file.relative_to(site.folder).as_posix()
        lang = place.split("/")[0] if place.startswith(LANGUAGES) else None
        address = "/" + (place.removesuffix("index.html"))
        site.pages[address] = Page(address, file, lang)
    return site


def front_matter(root: Path, lang: str) -> dict[str, dict[str, Any]]:
    """The front matter of every page and article of one language but its drafts, by key, with `body` and `kind`."""
    found = {}
    for kind in ("pages", "articles"):
        for file in sorted((root / "content" / lang / kind).glob("*.md")):
            _, matter, body = file.read_text(encoding="utf-8").split("---\n", 2)
            matter = yaml.safe_load(matter) | {"body": body, "kind": kind}
            if matter.get("status") != "draft":
                found[file.stem] = matter
    return found


def address_of(lang: str, matter: dict[str, Any]) -> str:
    slug = ("articles/" if matter["kind"] == "articles" else "") + matter["slug"]
    return f"/{lang}/{slug}/" if slug else f"/{lang}/"
