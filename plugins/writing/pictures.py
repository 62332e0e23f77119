"""The pictures that pages show: in sizes a browser chooses from, with room kept for them, late where they stand low.

Their files are written at THEME_STATIC_DIR, named after their content, since browsers keep what lies there for ever.
Feeds, documents and links have the picture itself, at its own address.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from html import unescape
from pathlib import Path
from typing import Any
from unicodedata import normalize
from urllib.parse import unquote

from plugins.build import Build
from plugins.output_gate import put
from plugins.pelican_internals import html_of
from plugins.picture_sizes import FORMATS, Drawn, PictureSizes, Sized
from plugins.problems import Problem, counted, say, shown_path
from plugins.problems.lines import line_with
from plugins.reader.markdown_mistakes import TAG
from plugins.reader.page_links import ATTRIBUTE

# theme/static/css, in rem: a text is so wide at most (--measure), on a phone the window without --gutter and --rail.
COLUMN, BESIDE = 38.75, 4
# Of a text-wide picture, in pixels: a phone of 390 has a column of 326, with 2 or 3 for each; a desk one of 620, with
# 1 or 2. One with a width of its own has 2 and 3 for each.
WIDTHS = (660, 990, 1240)
FIRST_SCREEN = 700  # letters: a first picture with fewer above it may be seen before anybody scrolls
FOLDER = "pictures"

Wanted = tuple[str, int]  # a picture's path in the content folder, and how wide a page wants it, or 0 for as it is


def make_pictures(build: Build, contents: Iterable[Any]) -> None:
    """Make what these pages show, two at a time, and put it into the site: `build.pictures`."""
    sizes = build.picture_sizes = build.picture_sizes or PictureSizes(build.cache / "shown-pictures")
    wanted: dict[Wanted, Any] = {}
    for content in contents:
        if "<img" in html_of(content):
            for path, width, _ in _shown(build, content.content):
                wanted.setdefault((path, width), content)
    new = sorted(wanted.keys() - build.pictures.keys())
    if new:
        build.tell(counted(len(new), say("Fitting {count} picture…"), say("Fitting {count} pictures…")))
    formats = ["jpeg"] if build.viewer else FORMATS  # who looks at each save is not made to wait for the others

    def made(one: Wanted) -> Sized:
        path, width = one
        return sizes.of(build.shown_files[path], (2 * width, 3 * width) if width else WIDTHS, formats)

    pool = ThreadPoolExecutor(2)  # Pillow lets go of the interpreter meanwhile
    try:
        for one, sized in zip(new, pool.map(made, new), strict=True):
            if build.viewer:
                build.viewer.go_on()
            build.pictures[one] = sized
            for drawn in (drawn for each in sized.drawn.values() for drawn in each):
                put(build, address_of(build, one[0], drawn), drawn.file)
    finally:
        pool.shutdown(cancel_futures=True)
    for path, width in new:
        _tell_if_small(build, path, width, wanted[path, width])


def _tell_if_small(build: Build, path: str, width: int, content: Any) -> None:
    """A picture that is drawn larger than it is looks blurred. A drawing (SVG) never does."""
    is_wide = build.pictures[path, width].width
    if 0 < is_wide < width and not path.endswith(".svg"):
        message = say("the picture {file} is {is_wide} pixels wide and is shown {width} wide, so it looks blurred",
                      file=path, is_wide=is_wide, width=width)  # fmt: skip
        line = line_with(content.source_path, path.rpartition("/")[2])
        remedy = say("Take a larger one, or take the width out.")
        build.report(Problem(shown_path(content.source_path), line, message, remedy, "warning"))


def address_of(build: Build, path: str, drawn: Drawn) -> str:
    """Where one size of the picture `path` lies in the site."""
    letters = normalize("NFKD", Path(path).stem).encode("ascii", "ignore").decode().lower()
    name = re.sub(r"[^a-z0-9]+", "-", letters).strip("-")[:40]
    folder = build.settings["THEME_STATIC_DIR"]
    return f"{folder}/{FOLDER}/{name}-{drawn.width}.{drawn.digest}.{drawn.file.suffix[1:].replace('jpeg', 'jpg')}"


def _shown(build: Build, html: str) -> Iterator[tuple[str, int, re.Match[str]]]:
    """The pictures of the site in a page's `html`, with its addresses: path, width wanted or 0, tag."""
    for tag in TAG.finditer(html):
        if tag[0].startswith("<img"):
            attributes = dict(ATTRIBUTE.findall(tag[0]))
            address = unescape(attributes.get("src", ""))
            path = normalize("NFC", unquote(address.removeprefix(f"{build.settings['SITEURL']}/")))
            if path in build.shown_files:
                width = attributes.get("width", "")
                yield path, int(width) if re.fullmatch(r"[1-9]\d{0,3}", width) else 0, tag


def with_pictures(build: Build, html: str) -> str:
    """`html` of a page, with its addresses, with what was made for its pictures; others stay as they are."""
    if "<img" not in html:
        return html
    parts, after = [], 0
    for number, (path, width, tag) in enumerate(_shown(build, html)):
        if sized := build.pictures.get((path, width)):
            is_low = number > 0 or len(re.sub(r"<[^>]*>", "", html[: tag.start()])) > FIRST_SCREEN
            parts += [html[after : tag.start()], _picture(build, path, width, sized, tag[0], is_low)]
            after = tag.end()
    return "".join([*parts, html[after:]])


def _picture(build: Build, path: str, width: int, sized: Sized, tag: str, is_low: bool) -> str:
    """An <img> with its size, and around it what else there is to choose from."""
    attributes = dict(ATTRIBUTE.findall(tag))
    if sized.width:
        wide = width or sized.width
        attributes = {"width": str(wide), "height": str(round(sized.height * wide / sized.width))} | attributes
    if is_low:
        attributes |= {"loading": "lazy", "decoding": "async"}
    across = (width or sized.width) / 16
    across = across if 0 < across < COLUMN else COLUMN
    # Not min(): WebKit knows no other function here than calc(), and would take the picture for as wide as the window.
    fits = f"(min-width: {across + BESIDE:g}rem) {across:g}rem, calc(100vw - {BESIDE}rem)"
    sources = ""
    for name, drawn in sized.drawn.items():
        places = ", ".join(f"/{address_of(build, path, one)} {one.width}w" for one in drawn)
        if name == "jpeg":
            attributes |= {"srcset": places, "sizes": fits} if drawn else {}
        elif drawn:
            sources += f'<source type="image/{name}" srcset="{places}" sizes="{fits}">'
    written = " ".join(f'{name}="{value}"' for name, value in attributes.items())
    image = f"<img {written}>"
    return f"<picture>{sources}{image}</picture>" if sources else image
