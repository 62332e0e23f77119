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
from pathlib import Path
from typing import TYPE_CHECKING

from plugins.files import write

if TYPE_CHECKING:
    from fontTools.ttLib import TTFont

STYLES = ("Regular", "It", "Semibold", "SemiboldIt")
FORM_STYLE = "Regular"
FONTS = {".ttf", ".otf", ".ttc", ".otc"}

# Windows code page 1252, the characters that a form field can show (PDF 32000-1, D.2 WinAnsiEncoding).
WIN_ANSI = [
    bytes([code]).decode("cp1252") for code in range(0x20, 0x100) if code not in (0x7F, 0x81, 0x8D, 0x8F, 0x90, 0x9D)
]


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
    """Source Sans Pro reduced to WinAnsi for form fields: a *simple* TrueType font, which every reader can type with.

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
    subsetter.populate(unicodes=[ord(char) for char in WIN_ANSI])
    subsetter.subset(font)
    buffer = BytesIO()
    font.save(buffer)
    return buffer.getvalue(), TTFont(BytesIO(buffer.getvalue()))
