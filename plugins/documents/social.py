"""The picture that other sites show for a page: 1200 × 630 PNG with the title, the practice's name and the line.

Pictures are kept by what they are made of (words, template, fonts, Typst), so an unchanged page costs one file check.
"""

from __future__ import annotations

import hashlib
import json
from functools import cache
from pathlib import Path
from typing import Any

from plugins.files import write
from plugins.problems import ROOT

from .compiler import TYPST_VERSION, compile_png
from .fonts import fonts_digest

TEMPLATES = ROOT / "theme" / "documents"
PARTS = ("social.typ", "trajectory.typ", "tokens.typ", "../templates/macros/trajectory.path")


def design_digest() -> str:
    """SHA-256 of everything but the words; read again when a file of it changed, since a preview runs for hours."""
    return _digest_of(tuple((TEMPLATES / part).stat().st_mtime_ns for part in PARTS))


@cache
def _digest_of(_: tuple[int, ...]) -> str:
    digest = hashlib.sha256(f"{TYPST_VERSION}{fonts_digest()}".encode())
    for part in PARTS:
        digest.update((TEMPLATES / part).read_bytes())
    return digest.hexdigest()


def title_size(title: str) -> int:
    """Size in px, so that the longest title takes three lines and stays above the line's rise."""
    return 88 if len(title) <= 24 else 72 if len(title) <= 52 else 58


def picture_file(title: str, kicker: str, lang: str, cache_dir: Path) -> Path:
    """Where the picture with these words is kept, or will be."""
    key = hashlib.sha256(f"{design_digest()}{json.dumps(_words(title, kicker, lang), sort_keys=True)}".encode())
    return Path(cache_dir) / f"{key.hexdigest()[:20]}.png"


def _words(title: str, kicker: str, lang: str) -> dict[str, Any]:
    return {"title": title, "kicker": kicker, "lang": lang, "size": title_size(title)}


def social_image(title: str, kicker: str, lang: str, cache_dir: Path) -> Path:
    """The PNG for a page's `title` under `kicker` (the practice's name), made unless `cache_dir` has it already.

    Raises RenderError when the template fails or a glyph is missing.
    """
    target = picture_file(title, kicker, lang, cache_dir)
    if not target.exists():
        write(target, compile_png(ROOT, TEMPLATES / "social.typ", _words(title, kicker, lang)))
    return target
