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
from plugins.pdf.typst_compiler import CACHE, TYPST_VERSION, RenderError, compile_png
from plugins.problems import ROOT, BuildStopped, Problem, say, shown_path
from plugins.problems.lines import line_with
from plugins.trajectory import stations

TEMPLATES = ROOT / "theme" / "documents"
FOLDER = "social"
PARTS = ("social.typ", "trajectory.typ", "tokens.typ", "../templates/macros/trajectory.path")


def register() -> None:
    """Connect to Pelican. Pictures are drawn when all pages are written: plugins/writing."""
    signals.generator_init.connect(install_pictures)


def install_pictures(generator: Any) -> None:
    """On `generator_init`: let templates name a page's picture (1200 × 630 PNG), by its full address."""
    build = build_of(generator.settings)

    def of(content: Any) -> str:
        return f"{build.address}/{FOLDER}/{picture_key(words_of(build, content))}.png"

    generator.env.globals["social_image"] = of


def kicker_of(build: Build) -> str:
    """What stands above the title: the practice's name."""
    return str(build.facts.trade_name or build.settings["SITENAME"])


def words_of(build: Build, content: Any) -> dict[str, Any]:
    """What the template theme/documents/social.typ prints for a page."""
    return words(content.title, kicker_of(build), content.lang, stations(build))


def words(title: str, kicker: str, lang: str, places: list[list[int]]) -> dict[str, Any]:
    """The same, from its parts: `kicker` is the practice's name, `places` the stations of the line."""
    return {"title": title, "kicker": kicker, "lang": lang, "size": _title_size(title), "stations": places}


def write_pictures(build: Build, contents: Iterable[Any]) -> None:
    """Draw the picture of each of these pages, two at a time, and put them into the site.

    Their names change with what they show. Raises BuildStopped with all that cannot be drawn: the design fails, or its
    fonts have no sign for a letter.
    """
    wanted: dict[str, tuple[dict[str, Any], Any]] = {}
    for content in sorted(contents, key=lambda content: (content.title, content.lang)):
        printed = words_of(build, content)
        wanted.setdefault(f"{picture_key(printed)}.png", (printed, content))
    disk, problems = picture_cache(CACHE / FOLDER), []

    def drawn(each: tuple[dict[str, Any], Any]) -> Path | Problem:
        try:
            return social_image(each[0], disk)
        except RenderError as error:
            return _problem_of(error, build, each[1])

    with ThreadPoolExecutor(2) as pool:  # Typst lets go of the interpreter meanwhile
        for name, made in zip(wanted, pool.map(drawn, wanted.values()), strict=True):
            if isinstance(made, Problem):
                problems.append(made)
            else:
                put(build, f"{FOLDER}/{name}", made)
    if problems:
        raise BuildStopped(dict.fromkeys(problems))


def _problem_of(error: RenderError, build: Build, content: Any) -> Problem:
    """What to tell the author of a page whose picture cannot be drawn."""
    char = next(iter(error.missing), None)
    if char is None:
        message = say("Typst refuses this document: {reason}", reason=error.text)
        remedy = say("Undo your last change of this file, or of those it reads.")
        return Problem(shown_path(TEMPLATES / "social.typ"), None, message, remedy)
    file, line = shown_path(content.source_path), content.lines.get("title")
    if char not in content.title:
        file, line = shown_path(build.practice_file), line_with(build.practice_file, char)
    message = say(
        "the picture that other sites show for this page has no sign for “{char}” ({code})",
        char=char,
        code=f"U+{ord(char):04X}",
    )
    return Problem(file, line, message, say("Write it another way, in Latin letters; a text may keep the sign."))


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
    """Size in px, so that a title takes three lines at most; social.typ makes smaller what still finds no room."""
    return 88 if len(title) <= 24 else 72 if len(title) <= 52 else 58


def picture_key(printed: dict[str, Any]) -> str:
    """Names the picture with these `words`: twenty figures that change with what it shows."""
    text = json.dumps(printed, sort_keys=True)
    return hashlib.sha256(f"{design_digest()}{text}".encode()).hexdigest()[:20]


def picture_cache(folder: Path) -> DiskCache:
    """Where pictures are kept."""
    return DiskCache(folder, "social", "png")


def social_image(printed: dict[str, Any], disk: DiskCache) -> Path:
    """The PNG with these `words`, made unless `disk` has it already.

    Raises RenderError when the template fails or a glyph is missing.
    """
    key = picture_key(printed)
    if found := disk.find(key):
        return found[0]
    return disk.keep(key, compile_png(ROOT, TEMPLATES / "social.typ", printed))
