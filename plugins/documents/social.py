"""The picture that other sites show for a page: 1200 × 630 PNG with the title, the practice's name and the line.

Pictures are kept by what they are made of (words, template, fonts, Typst), so an unchanged page costs one file check.
"""

from __future__ import annotations

import hashlib
import json
import os
from functools import cache
from pathlib import Path

from plugins.problems import ROOT

from .compiler import TYPST_VERSION, compile_png
from .fonts import fonts_digest

TEMPLATES = ROOT / "theme" / "documents"
PARTS = ("social.typ", "trajectory.typ", "tokens.typ", "../templates/macros/trajectory.path")


@cache
def _design_digest() -> str:
    """SHA-256 of everything but the words."""
    digest = hashlib.sha256(f"{TYPST_VERSION}{fonts_digest()}".encode())
    for part in PARTS:
        digest.update((TEMPLATES / part).read_bytes())
    return digest.hexdigest()


def title_size(title: str) -> int:
    """Size in px, so that the longest title takes three lines and stays above the line's rise."""
    return 88 if len(title) <= 24 else 72 if len(title) <= 52 else 58


def social_image(title: str, kicker: str, lang: str, cache_dir: Path) -> Path:
    """The PNG for a page's `title` under `kicker` (the practice's name), made unless `cache_dir` has it already.

    Raises RenderError when the template fails or a glyph is missing.
    """
    words = {"title": title, "kicker": kicker, "lang": lang, "size": title_size(title)}
    key = hashlib.sha256(f"{_design_digest()}{json.dumps(words, sort_keys=True)}".encode()).hexdigest()[:20]
    target = Path(cache_dir) / f"{key}.png"
    if not target.exists():
        target.parent.mkdir(parents=True, exist_ok=True)
        aside = target.with_suffix(f".{os.getpid()}.part")
        aside.write_bytes(compile_png(ROOT, TEMPLATES / "social.typ", words))
        aside.replace(target)
    return target
