"""The fonts of PDFs, pictures and form fields, taken from Python packages so that no binary is kept in the project.

Text is Source Sans Pro (package `font-source-sans-pro`, SIL Open Font Licence 1.1); headings are Libertinus Serif,
which is inside the Typst wheel (same licence). System fonts are never used: the same input must give the same bytes
on every machine.
"""

from __future__ import annotations

import hashlib
from functools import cache
from importlib.resources import files
from io import BytesIO
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

from plugins.files import write

if TYPE_CHECKING:
    from fontTools.ttLib import TTFont

STYLES = ("Regular", "It", "Semibold", "SemiboldIt")
FORM_STYLE = "Regular"
NO_GLYPH = ".notdef"
FONTS = {".ttf", ".otf", ".ttc", ".otc"}

# The blocks of Unicode that can be typed into a form field, as far as the font has them: what names are written with in
# Europe and in the Latin letters of elsewhere, and the signs of ordinary text.
TYPED = (
    range(0x0020, 0x0250),  # Latin, with its supplement and its extensions A and B
    range(0x0300, 0x0530),  # accents that are typed after their letter, Greek, Cyrillic
    range(0x1E00, 0x1F00),  # Latin, extended: Vietnamese
    range(0x2000, 0x2070),  # punctuation
    range(0x20A0, 0x20D0),  # currencies
    range(0x2100, 0x2200),  # №, ™, fractions, arrows
    range(0x2200, 0x2300),  # ≤, ≥, ≠
)


def sans_file(style: str) -> Path:
    """The TrueType file of one style of Source Sans Pro."""
    return Path(str(files("font_source_sans_pro"))) / "files" / f"SourceSansPro-{style}.ttf"


@cache
def font_files() -> tuple[Path, ...]:
    """The font files handed to Typst, in a fixed order."""
    return tuple(sans_file(style) for style in STYLES)


@cache
def font_folder(cache: Path) -> Path:
    """A folder under `cache` that holds just those files, for Typst, which takes folders and no single files.

    The packages' own folders also hold every style as OTF; which of two equal faces wins would depend on the disk.
    """
    folder = cache / f"fonts-{fonts_digest()[:12]}"
    folder.mkdir(parents=True, exist_ok=True)
    for source in font_files():
        kept, data = folder / source.name, source.read_bytes()
        if not kept.is_file() or kept.read_bytes() != data:
            write(kept, data)
    for other in set(folder.iterdir()) - {folder / source.name for source in font_files()}:
        if other.suffix.lower() in FONTS:  # Typst would set documents in it
            other.unlink()
    return folder


@cache
def fonts_digest() -> str:
    """SHA-256 of the font files: part of every cache key, so that a new font renders the documents again."""
    digest = hashlib.sha256()
    for path in font_files():
        digest.update(path.read_bytes())
    return digest.hexdigest()


@cache
def form_font() -> tuple[bytes, TTFont]:
    """Source Sans Pro reduced to what may be typed into form fields; the number of a glyph is that of its character.

    Returns the file's bytes and the parsed font (for widths). No timestamp is written: same bytes every time.
    """
    from fontTools.subset import Options, Subsetter  # slow to load, and rarely needed
    from fontTools.ttLib import TTFont

    font = TTFont(sans_file(FORM_STYLE), recalcTimestamp=False)
    options = Options(
        layout_features=[],
        hinting=False,
        notdef_outline=True,
        name_IDs=[1, 2, 6],
        drop_tables=["DSIG", "GPOS", "GSUB", "GDEF", "BASE"],
    )
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=chain.from_iterable(TYPED))
    subsetter.subset(font)
    _number_by_character(font)
    buffer = BytesIO()
    font.save(buffer)
    return buffer.getvalue(), TTFont(BytesIO(buffer.getvalue()))


def _number_by_character(font: TTFont) -> None:
    """Put each glyph at the number of its character, with empty ones between, and parts of glyphs after the last."""
    from fontTools.ttLib.tables._g_l_y_f import Glyph

    glyphs, metrics, characters = font["glyf"], font["hmtx"].metrics, font.getBestCmap()
    for glyph in glyphs.glyphs.values():
        glyph.expand(glyphs)  # its parts by name, before numbers change
    order = [NO_GLYPH, *(characters.get(code, f"empty{code}") for code in range(1, max(characters) + 1))]
    order += sorted(set(glyphs.glyphs) - set(order))
    for glyph in set(order) - set(glyphs.glyphs):
        glyphs.glyphs[glyph], metrics[glyph] = Glyph(), (0, 0)
    font.setGlyphOrder(order)
    glyphs.setGlyphOrder(order)
