"""Draws the picture that other sites show for a page: 1200 × 630 PNG with the title, the practice's name and the line.

Templates name it with `social_image(page)`. Pictures are kept by what they are made of (words, template, fonts,
Typst), so for an unchanged page one is only read.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path
from typing import Any

from pelican import signals

from plugins.build import Build, build_of
from plugins.disk_cache import DiskCache
from plugins.output_gate import put
from plugins.pdf.fonts import fonts_digest
from plugins.pdf.typst_compiler import CACHE, TYPST_VERSION, compile_png
from plugins.problems import ROOT

TEMPLATES = ROOT / "theme" / "documents"
FOLDER = "social"
PARTS = ("social.typ", "trajectory.typ", "tokens.typ", "../templates/macros/trajectory.path")


def register() -> None:
    """Connect to Pelican. Pictures are drawn when all pages are written: plugins/writing."""
    signals.generator_init.connect(install_pictures)


def install_pictures(generator: Any) -> None:
    """On `generator_init`: let templates name a page's picture (1200 × 630 PNG), by its full address."""
    build = build_of(generator.settings)
    kicker = kicker_of(build)

    def of(content: Any) -> str:
        return f"{build.address}/{FOLDER}/{picture_key(content.title, kicker, content.lang)}.png"

    generator.env.globals["social_image"] = of


def kicker_of(build: Build) -> str:
    """What stands above the title: the practice's name."""
    return str(build.facts.trade_name or build.settings["SITENAME"])


def write_pictures(build: Build, contents: Iterable[Any]) -> None:
    """Draw the picture of each of these pages, two at a time, and put them into the site.

    Their names change with what they show. Raises RenderError when the design fails or has no sign for a letter.
    """
    words = {(content.title, kicker_of(build), content.lang) for content in contents}
    wanted = {f"{picture_key(*each)}.png": each for each in sorted(words)}
    disk = picture_cache(CACHE / FOLDER)
    with ThreadPoolExecutor(2) as pool:  # Typst lets go of the interpreter meanwhile
        made = pool.map(lambda words: social_image(words[0], words[1], words[2], disk), wanted.values())
        for name, picture in zip(wanted, made, strict=True):  # an error is raised here
            put(build, f"{FOLDER}/{name}", picture)


def design_digest() -> str:
    """SHA-256 of everything but the words; read again when a file of it changed, since a preview runs for hours."""
    return _digest_of(tuple((TEMPLATES / part).stat().st_mtime_ns for part in PARTS))


@cache
def _digest_of(_: tuple[int, ...]) -> str:
    digest = hashlib.sha256(f"{TYPST_VERSION}{fonts_digest()}".encode())
    for part in PARTS:
        digest.update((TEMPLATES / part).read_bytes())
    return digest.hexdigest()


def _title_size(title: str) -> int:
    """Size in px, so that the longest title takes three lines and stays above the line's rise."""
    return 88 if len(title) <= 24 else 72 if len(title) <= 52 else 58


def picture_key(title: str, kicker: str, lang: str) -> str:
    """Names the picture with these words: twenty figures that change with what it shows."""
    words = json.dumps(_words(title, kicker, lang), sort_keys=True)
    return hashlib.sha256(f"{design_digest()}{words}".encode()).hexdigest()[:20]


def _words(title: str, kicker: str, lang: str) -> dict[str, Any]:
    return {"title": title, "kicker": kicker, "lang": lang, "size": _title_size(title)}


def picture_cache(folder: Path) -> DiskCache:
    """Where pictures are kept."""
    return DiskCache(folder, "social", "png")


def social_image(title: str, kicker: str, lang: str, disk: DiskCache) -> Path:
    """The PNG for a page's `title` under `kicker` (the practice's name), made unless `disk` has it already.

    Raises RenderError when the template fails or a glyph is missing.
    """
    key = picture_key(title, kicker, lang)
    if found := disk.find(key):
        return found[0]
    return disk.keep(key, compile_png(ROOT, TEMPLATES / "social.typ", _words(title, kicker, lang)))
