"""The theme's files: a style sheet, which stands in every page, and files named after their content."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path
from typing import Any

from markupsafe import Markup
from pelican import signals
from pelican.generators import Generator

from plugins.build import build_of

from ..output_gate import put
from ..problems import nearest
from ..public_files import own_files
from .minify import minified

MAIN = "css/main.css"
KINDS = "css/kinds"
COMMENT = re.compile(r"^[ \t]*(?://.*|/\*.*\*/)\n", re.MULTILINE)  # of whole lines, in a script
IMPORT = re.compile(r'@import url\("([^"]+)"\) layer\(([\w-]+)\);')


def register() -> None:
    """Connect to Pelican."""
    signals.generator_init.connect(install_asset)
    signals.get_generators.connect(assets_generator)


def bundle(sheet: Path) -> str:
    """`sheet` with each `@import url("x.css") layer(name);` replaced by that file in its layer, minified.

    It is written into each page: a file of its own would cost a first visit another round trip before anything is
    seen. The source stays plain CSS that a browser can read as it is.
    """

    def inline(match: re.Match[str]) -> str:
        text = (sheet.parent / match[1]).read_text(encoding="utf-8-sig")
        return f"@layer {match[2]} {{\n{text}\n}}"

    return minified(IMPORT.sub(inline, sheet.read_text(encoding="utf-8-sig")))


def contents_of(file: Path) -> bytes:
    """What is served for `file`: a style sheet minified, a script without its comments, anything else as it is."""
    match file.suffix:
        case ".css":
            return bundle(file).encode()
        case ".js":
            return COMMENT.sub("", file.read_text(encoding="utf-8-sig")).encode()
        case _:
            return file.read_bytes()


class Assets:
    """The files of `theme/static` by name, with the address each is served at."""

    def __init__(self, folder: Path, address: str) -> None:
        self.contents: dict[str, bytes] = {}
        self.places: dict[str, str] = {}
        for file in own_files(folder):
            name = file.relative_to(folder).as_posix()
            if name.startswith("css/") and name != MAIN:
                continue  # the parts of the bundle; a sheet beside css/ is one page's own
            content = contents_of(file)
            digest = hashlib.sha256(content).hexdigest()[:10]
            self.contents[name] = content
            self.places[name] = f"{address}/{file.stem}.{digest}{file.suffix}"
        self.kinds = {
            file.stem: f"@layer blocks{{{minified(file.read_text(encoding='utf-8'))}}}"
            for file in own_files(folder / KINDS, "*.css")
        }

    def styles(self, *kinds: str) -> str:
        """The text of the style sheet, with the blocks of these kinds of page. Raises LookupError for one unknown."""
        for kind in kinds:
            if kind not in self.kinds:
                raise LookupError(f'there is no file "{kind}.css" in theme/static/{KINDS}.{nearest(kind, self.kinds)}')
        return self.contents[MAIN].decode() + "".join(self.kinds[kind] for kind in kinds)

    def place(self, name: str) -> str:
        """The path of a file under the output folder. Raises LookupError for a file the theme does not have."""
        if name not in self.places:
            raise LookupError(f'there is no file "{name}" in theme/static.{nearest(name, self.places)}')
        return self.places[name]


def install_asset(generator: Any) -> None:
    """On `generator_init`: `asset("favicon.svg")` and `styles("home")`, the text of the style sheet, in templates."""
    build = build_of(generator.settings)
    if not hasattr(build, "assets"):  # one for all generators
        build.assets = Assets(build.theme / "static", generator.settings["THEME_STATIC_DIR"])
    assets = build.assets
    generator.env.globals["styles"] = lambda *kinds: Markup(assets.styles(*kinds))
    generator.env.globals["asset"] = lambda name: f"{generator.settings['SITEURL']}/{assets.place(name)}"


class AssetsGenerator(Generator):
    """Writes the theme's files, but for the style sheet that stands in the pages."""

    def generate_output(self, writer: Any) -> None:
        build = build_of(self.settings)
        for name, content in build.assets.contents.items():
            if name != MAIN:
                put(build, build.assets.place(name), content)


def assets_generator(pelican: Any) -> type[Generator]:
    """On `get_generators`."""
    return AssetsGenerator
