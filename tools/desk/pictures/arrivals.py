"""A picture or a file to download as it arrives from a camera, a phone or another program, and as the site keeps it.

A picture is kept upright, in sRGB, without what the camera wrote into it, at most LONGEST pixels a side: as PNG where
it is transparent or drawn in few colours, as JPEG where it is a photograph. What fits already keeps its pixels.
"""

from __future__ import annotations

import io
import re
from pathlib import PurePath
from threading import Lock
from typing import NamedTuple

from PIL import Image, UnidentifiedImageError

from plugins.download_kinds import fault_in
from plugins.drawings import DrawingError, cleaned_drawing
from plugins.file_names import DOWNLOADS, OFFICE
from plugins.pictures import FORMATS, cleaned_picture, foreign_profile, upright
from plugins.problems import Message, say

LONGEST = 2400  # px: a page is at most half as wide, on a screen of two pixels for each
MOST = 89_000_000  # pixels: Pillow's own limit; nothing a telephone takes, and 360 MB once it is drawn
QUALITY = 88  # of JPEG, WebP and AVIF, which the build makes smaller ones of
MOVING = ("GIF", "PNG", "WEBP", "AVIF")  # where a second picture is a film, and no preview of the first
FLAT = {"RGB", "L", "CMYK"}  # colours that can be made smaller as they are
DRAWING = re.compile(rb"(?:\xef\xbb\xbf)?\s*<(?:\?xml|!--|!DOCTYPE\s+svg|svg)\b.*?<svg\b|\s*<svg\b", re.S | re.I)
TURN = Lock()  # one at a time: a large photograph fills the memory
DAMAGED = say("This file is damaged, or is not what its name says. Open it on this machine, and save it once more.")
MOVES = say("This picture moves. Save a still one: a film is shown by a picture with a link to it.")


class Unfit(Exception):
    """A file that the site cannot take: `why` says it to the owner, with what to do."""

    def __init__(self, why: Message) -> None:
        super().__init__(why)
        self.why = why


class Made(NamedTuple):
    """What is kept of a file: the public folder that it belongs in, the ending of its name, its bytes."""

    folder: str
    suffix: str
    data: bytes


def made_of(data: bytes, name: str, wanted: str = "") -> Made:
    """What to keep of a file called `name`; as the kind `wanted` (.jpg), where it replaces one. Raises Unfit.

    What a picture is, its bytes say, and not its name.
    """
    suffix = PurePath(name).suffix.lower()
    if not data:
        raise Unfit(say("This file is empty: nothing has arrived. Choose it once more."))
    if (wanted or suffix) in DOWNLOADS or data.startswith(b"%PDF-"):
        return _file(data, wanted or (suffix if suffix in DOWNLOADS else ".pdf"))
    if DRAWING.match(data[:10_000]):
        return Made("images", ".svg", _drawing(data, wanted))
    if wanted == ".svg":
        raise Unfit(say("Only another drawing (SVG) can take the place of a drawing. Add yours as a new picture."))
    try:
        with TURN:
            return _picture(data, wanted)
    except UnidentifiedImageError:
        raise Unfit(DAMAGED if suffix in (*FORMATS, ".heic", ".heif") else _foreign(name)) from None
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise Unfit(_huge()) from None
    except Unfit:
        raise
    except Exception:  # whatever a decoder makes of a file that somebody broke, or built to break it
        raise Unfit(DAMAGED) from None


def _file(data: bytes, suffix: str) -> Made:
    """A file to download, as it is. Raises Unfit where it is of another kind, or holds macros."""
    if suffix not in DOWNLOADS:
        raise Unfit(say("A file cannot take the place of a picture. Add it by itself."))
    if fault := fault_in(io.BytesIO(data), suffix):
        raise Unfit(say("It cannot be added: {what}. {remedy}", what=fault[0], remedy=fault[1]))
    return Made("downloads", suffix, data)


def _foreign(name: str) -> Message:
    if OFFICE.fullmatch(name):
        return say("This is a file of an office program. Save it as PDF, or paste its words into a page.")
    kinds = ", ".join(sorted(kind[1:].upper() for kind in DOWNLOADS))
    return say("The site takes JPEG, PNG, WebP, AVIF, HEIC, SVG; {kinds}. Save it as one of them.", kinds=kinds)


def _huge() -> Message:
    return say(
        "This picture has more than {most} million pixels. Save it smaller, and add it again.", most=MOST // 10**6
    )


def _drawing(data: bytes, wanted: str) -> bytes:
    if wanted not in ("", ".svg"):
        raise Unfit(say("This is a drawing (SVG), and cannot take the place of a photograph. Add it as a new picture."))
    try:
        return cleaned_drawing(data)
    except DrawingError as error:
        raise Unfit(say("In this drawing, {what}. {remedy}", what=error.message, remedy=error.remedy)) from None


def _picture(data: bytes, wanted: str) -> Made:
    import pillow_heif  # which takes long, and few pictures need

    pillow_heif.register_heif_opener()
    with Image.open(io.BytesIO(data), formats=[*FORMATS.values(), "HEIF"]) as image:
        kind = "JPEG" if image.format == "MPO" else str(image.format)
        if image.width * image.height > MOST:
            raise Unfit(_huge())
        if kind in MOVING and getattr(image, "is_animated", False):
            raise Unfit(MOVES)
        fits = max(image.size) <= LONGEST and image.mode != "CMYK" and FORMATS.get(wanted, kind) == kind
        own = cleaned_picture(data, kind) if fits and kind in ("JPEG", "PNG") else b""
        if own and kind == "JPEG":
            return Made("images", wanted or ".jpg", own)
        drawn = _drawn(image)
    if wanted:
        return Made("images", wanted, own or _saved(drawn, wanted))
    if drawn.mode == "RGBA":
        return Made("images", ".png", own or _saved(drawn, ".png"))
    photograph = _saved(drawn, ".jpg")
    if kind in ("PNG", "GIF", "WEBP"):
        drawing = own or _saved(drawn, ".png")
        if len(drawing) < 2 * len(photograph):  # few colours; of a photograph it is five times as much
            return Made("images", ".png", drawing)
    return Made("images", ".jpg", photograph)


def _drawn(image: Image.Image) -> Image.Image:
    """The picture upright, in sRGB, no larger than it may be: RGB, or RGBA where something shines through."""
    profile = foreign_profile(image)
    image.draft(None, (LONGEST, LONGEST))  # JPEG reads a large picture at half its size
    image.load()
    if image.mode.startswith("I;16"):  # a scan in 65,536 greys
        image = image.point(lambda grey: grey / 256).convert("L")
    elif image.mode not in FLAT or image.has_transparency_data:
        image = image.convert("RGBA" if image.has_transparency_data else "RGB")
    image.thumbnail((LONGEST, LONGEST), Image.Resampling.LANCZOS, reducing_gap=3)
    image = upright(image, profile)
    if image.mode == "RGBA" and image.getchannel("A").getextrema()[0] == 255:
        image = image.convert("RGB")
    return image.convert("RGB") if image.mode == "CMYK" else image


def _saved(image: Image.Image, suffix: str) -> bytes:
    kind = FORMATS[suffix]
    if kind == "JPEG" and image.mode == "RGBA":
        image = Image.alpha_composite(Image.new("RGBA", image.size, "white"), image).convert("RGB")
    out = io.BytesIO()
    image.info = {}  # nothing of what it came with
    image.save(out, kind, quality=QUALITY, **({"optimize": True, "progressive": True} if kind == "JPEG" else {}))
    return out.getvalue()
