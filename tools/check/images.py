"""Images: whole, named so that any server finds them, used, and light where the build makes no smaller ones of them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from unicodedata import normalize

from PIL import Image, UnidentifiedImageError

from plugins.file_names import PICTURES
from plugins.problems import Problem, say, shown_path
from plugins.public_files import listed, sources

from .prose import read
from .site import CheckedSite

NAME = re.compile(r"[a-z0-9][a-z0-9._-]*")
HEAVY, WIDE = 300_000, 2400  # bytes; pixels: what the desk keeps of a photograph
AS_IT_IS = (".svg", ".gif")  # shown as it is: plugins/picture_sizes.py


def problems(site: CheckedSite) -> Iterator[Problem]:
    """Whatever is wrong with a file that may be published; those that may not are told by the build."""
    files = listed(site.build)
    used = normalize("NFC", "\n".join(map(read, sources(site.content, "**/*.md")))) if files else ""
    for path, file in files.items():
        shown = shown_path(file)
        if not NAME.fullmatch(file.name):
            message = say("some servers will not find this name: {name}", name=file.name)
            remedy = say("Use small letters without accents, figures and hyphens, here and where the image is shown.")
            yield Problem(shown, None, message, remedy)
        if file.suffix.lower() in PICTURES:
            yield from _weight(file, shown)
        if path not in site.build.shown_files and normalize("NFC", file.name) not in used:  # a PDF may show it
            message = say("no page shows this file, so it is not published")
            remedy = say("Show it with ![what it shows]({static}…), or link to it; or delete it.")
            yield Problem(shown, None, message, remedy, "warning")


def _weight(file: Path, shown: str) -> Iterator[Problem]:
    size = file.stat().st_size
    width = _width(file) if file.suffix.lower() != ".svg" else 1
    if width < 1:
        message = say("this file is damaged, or is not the image its name says")
        yield Problem(shown, None, message, say("Export the image again from where it comes."))
    elif width > WIDE:
        message = say("this image is {width} pixels wide, more than any screen shows here", width=int(width))
        yield Problem(shown, None, message, say("Make it {limit} pixels wide at most.", limit=WIDE), "warning")
    if size > HEAVY and file.suffix.lower() in AS_IT_IS:
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
