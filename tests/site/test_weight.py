"""What a page weighs before it is seen, compressed with gzip; hosts that have Brotli send less.

A first flight of TCP is about 14,600 bytes: what fits in it is read one round trip earlier. Measured with Lighthouse's
mobile preset, the largest paint comes at 767 ms up to 12 kB and at 960 ms at 16 kB, where an empty page takes 755 ms.
"""

from __future__ import annotations

import gzip
import hashlib
import re
from pathlib import Path

import pytest
from bs4 import BeautifulSoup, Tag

from tests.site.built_site import Site

PAGE_LIMIT = 14_000  # HTML and the style sheets that hold up the first paint
TEXT_LIMIT = 12_000  # the same, on pages of text
VIEW_LIMIT, VIEW_REQUESTS = 30_000, 5  # all that is loaded with the page
SCRIPT_LIMIT = 8_000

# Not pages of text: all the questions at once, to search and to print; the tables HR compares; a form.
FULLER = {"faq", "entreprises-rh", "for-hr", "smart-worksheet", "feuille-de-travail-smart"}
SCRIPTED = {"smart-worksheet", "feuille-de-travail-smart"}


class Weighed:
    """One built page and what it loads."""

    def __init__(self, site: Path, file: Path) -> None:
        self.site, self.file = site, file
        self.name = f"/{file.relative_to(site).as_posix().removesuffix('index.html')}"
        self.key = file.parent.name
        self.soup = BeautifulSoup(file.read_text(encoding="utf-8"), "html.parser")

    def bytes_of(self, address: str) -> int:
        return len(gzip.compress((self.site / address.lstrip("/")).read_bytes(), 9))

    def addresses(self, selector: str, attribute: str) -> list[str]:
        return [str(tag[attribute]) for tag in self.soup.select(selector)]

    @property
    def page(self) -> int:
        return len(gzip.compress(self.file.read_bytes(), 9))

    @property
    def blocking(self) -> list[str]:
        """Style sheets in the head, beside the one in the page. One further down holds up only what follows it."""
        return self.addresses("head link[rel=stylesheet]", "href")

    @property
    def scripts(self) -> list[str]:
        return self.addresses("script[src]", "src")

    @property
    def loaded(self) -> list[str]:
        """Everything the page loads by itself, each address once; images further down wait for the reader."""
        sheets = self.addresses("link[rel=stylesheet], link[rel=preload], link[rel=modulepreload]", "href")
        icons = self.addresses("link[rel=icon]", "href")[:1]
        images = self.addresses("img[src]:not([loading=lazy]), iframe[src], video[src], audio[src], source[src]", "src")
        return list(dict.fromkeys([*sheets, *self.scripts, *icons, *images]))

    def inline_scripts(self) -> list[Tag]:
        return [tag for tag in self.soup.select("script:not([src])") if tag.get("type") != "application/ld+json"]

    def excesses(self) -> list[str]:
        """What is over its limit, in words that begin with the page's address."""
        first = self.page + sum(map(self.bytes_of, self.blocking))
        limit = PAGE_LIMIT if self.key in FULLER else TEXT_LIMIT
        own = [address for address in self.loaded if address.startswith("/") and not address.startswith("//")]
        view = self.page + sum(map(self.bytes_of, own))
        script = sum(map(self.bytes_of, self.scripts)) if set(self.scripts) <= set(own) else 0
        return [
            f"{self.name}: {said}"
            for wrong, said in [
                (first > limit, f"HTML and style sheets weigh {first:,} bytes, {limit:,} at most"),
                (view > VIEW_LIMIT, f"the first view weighs {view:,} bytes, {VIEW_LIMIT:,} at most"),
                (len(self.loaded) + 1 > VIEW_REQUESTS, f"{len(self.loaded) + 1} requests, {VIEW_REQUESTS} at most"),
                (self.loaded != own, f"loaded from elsewhere: {', '.join(sorted(set(self.loaded) - set(own)))}"),
                (bool(self.scripts) and self.key not in SCRIPTED, f"a script: {', '.join(self.scripts)}"),
                (bool(self.inline_scripts()), "a script written in the page"),
                (script > SCRIPT_LIMIT, f"its script weighs {script:,} bytes, {SCRIPT_LIMIT:,} at most"),
            ]
            if wrong
        ]


def test_every_page_is_light(published: Site) -> None:
    files = sorted(published.folder.rglob("*.html"))
    excesses = [excess for file in files for excess in Weighed(published.folder, file).excesses()]
    assert len(files) > 50
    assert not excesses, "\n".join(["", *excesses])


def test_style_sheets_load_nothing(published: Site) -> None:
    sheets = {file.name: file.read_text(encoding="utf-8") for file in (published.folder / "theme").glob("*.css")}
    sheets |= {page.address: style.get_text() for page in published.pages.values() for style in page.soup("style")}
    assert len(sheets) > 50
    for name, text in sheets.items():
        assert not re.search(r"@import|url\((?!['\"]?(?:data:|#))", text), name


# The measure itself, shown to fail: a page that is too heavy in one way at a time.


def noise(size: int) -> str:
    """Text that does not compress below `size` bytes."""
    return "".join(hashlib.sha256(str(n).encode()).hexdigest() for n in range(size // 32 + 1))


@pytest.mark.parametrize(
    ("body", "head", "key", "said"),
    [
        ("Light", "", "faq", None),
        (noise(14_000), "", "faq", "/faq/: HTML and style sheets weigh"),
        (noise(12_000), "", "about", "/about/: HTML and style sheets weigh"),
        ("", '<link rel="stylesheet" href="/heavy.css">', "faq", "/faq/: HTML and style sheets weigh"),
        ('<img src="/heavy.css" alt="">' + noise(12_000), "", "faq", "/faq/: the first view weighs"),
        ("".join(f'<img src="/{n}.png" alt="">' for n in range(5)), "", "faq", "/faq/: 6 requests, 5 at most"),
        ('<img src="https://elsewhere.example/1.png" alt="">', "", "faq", "/faq/: loaded from elsewhere"),
        ('<img src="//elsewhere.example/1.png" alt="">', "", "faq", "/faq/: loaded from elsewhere"),
        ('<script src="/1.png"></script>', "", "faq", "/faq/: a script: /1.png"),
        ("<script>1</script>", "", "faq", "/faq/: a script written in the page"),
        ('<script src="/heavy.css"></script>', "", "smart-worksheet", "/smart-worksheet/: its script weighs"),
    ],
)
def test_excess_is_found(tmp_path: Path, body: str, head: str, key: str, said: str | None) -> None:
    (tmp_path / "heavy.css").write_text(noise(20_000), encoding="utf-8")
    for n in range(5):
        (tmp_path / f"{n}.png").write_bytes(b"")
    file = tmp_path / key / "index.html"
    file.parent.mkdir()
    file.write_text(f"<!doctype html><head><title>A page</title>{head}</head><body>{body}", encoding="utf-8")
    found = Weighed(tmp_path, file).excesses()
    assert (found == []) if said is None else any(excess.startswith(said) for excess in found), found
