"""Images: light enough for a telephone, of a kind that browsers show, named so that any server finds them, and used."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from PIL import Image, UnidentifiedImageError

from plugins.problems import Problem, say, shown_path

from .prose import read
from .site import Site

SHOWN = {".png", ".jpg", ".jpeg", ".webp", ".avif", ".gif", ".svg"}
NAME = re.compile(r"[a-z0-9][a-z0-9._-]*")
HEAVY, WIDE = 300_000, 2400  # bytes; pixels: twice the widest column


def problems(site: Site) -> Iterator[Problem]:
    """Whatever is wrong with a file of content/images."""
    folder = site.content / "images"
    files = sorted(file for file in folder.rglob("*") if file.is_file() and not file.name.startswith("."))
    used = (
        "\n".join(read(file) for file in [*site.content.rglob("*.md"), *site.content.rglob("*.toml")]) if files else ""
    )
    for file in files:
        shown = shown_path(file)
        if file.suffix.lower() not in SHOWN:
            message = say("browsers do not show this kind of file ({suffix})", suffix=file.suffix or file.name)
            yield Problem(shown, None, message, say("Save it as JPEG (photographs), PNG or SVG (drawings)."))
            continue
        if not NAME.fullmatch(file.name):
            message = say("some servers will not find this name: {name}", name=file.name)
            remedy = say("Use small letters without accents, figures and hyphens, here and where the image is shown.")
            yield Problem(shown, None, message, remedy)
        yield from _weight(file, shown)
        if file.name not in used:
            message = say("no page shows this image")
            yield Problem(
                shown, None, message, say("Show it with ![what it shows]({static}…), or delete it."), "warning"
            )


def _weight(file: Path, shown: str) -> Iterator[Problem]:
    size = file.stat().st_size
    width = _width(file) if file.suffix.lower() != ".svg" else 1
    if width < 1:
        message = say("this file is damaged, or is not the image its name says")
        yield Problem(shown, None, message, say("Export the image again from where it comes."))
    elif width > WIDE:
        message = say("this image is {width} pixels wide, more than any screen shows here", width=int(width))
        yield Problem(shown, None, message, say("Make it {limit} pixels wide at most.", limit=WIDE), "warning")
    if size > HEAVY:
        message = say("this image weighs {size} kB, which is slow on a telephone", size=round(size / 1000))
        remedy = say("Make it smaller, or save it with a lower quality: {limit} kB at most.", limit=HEAVY // 1000)
        yield Problem(shown, None, message, remedy, "warning")


def _width(file: Path) -> int:
    """In pixels; 0 for a file that is no image."""
    try:
        with Image.open(file) as image:
            return image.width
    except (UnidentifiedImageError, OSError, Image.DecompressionBombError):
        return 0
