"""Pictures without what they tell of their maker: position, camera, author, thumbnails, comments, editor's notes.

What is kept of a file is a list: the parts that browsers need to draw it, copied as they are, so that nothing is lost.
Only a picture that lies on its side, or whose colours are not sRGB, is drawn anew: with its pixels upright and in sRGB
it needs neither the remark on how to turn it nor a profile, which can name the screen of whoever made it. AVIF has no
parts that could be left out, and is always drawn anew. A drawing (SVG) is for `drawings.py` (#12).
"""

from __future__ import annotations

import hashlib
import io
import re
import struct
import warnings
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

from PIL import Image, ImageCms, ImageOps, ImageSequence, JpegImagePlugin

from .disk_cache import DiskCache
from .drawings import DrawingError, cleaned_drawing
from .problems import ContentError, Problem, say, shown_path

RULES = b"1"  # of this module and drawings.py: with another number, each picture is cleaned again
FORMATS = {".png": "PNG", ".jpg": "JPEG", ".jpeg": "JPEG", ".webp": "WEBP", ".avif": "AVIF", ".gif": "GIF"}
ORIENTATION = 0x0112
JPEG_PARTS = {0xDA, 0xDB, 0xDC, 0xDD, *range(0xC0, 0xD0)} - {0xC8}
AFTER_SCAN = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]")  # the next mark: these others stand among the pixels
PNG_PARTS = {b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"gAMA", b"cHRM", b"sRGB", b"acTL", b"fcTL", b"fdAT"}
WEBP_PARTS = {b"VP8 ", b"VP8L", b"VP8X", b"ALPH", b"ANIM", b"ANMF"}
LOOPS = (b"NETSCAPE2.0", b"ANIMEXTS1.0")  # the remarks of a GIF that say how often it is shown
KEPT = ("duration", "loop", "transparency", "background", "disposal", "blend")  # of what Pillow knows of a frame


def cleaned(file: Path, cache: Path) -> Path:
    """The picture `file` without its metadata, as a file in `cache`. Raises ContentError with what is wrong with it."""
    data = file.read_bytes()
    suffix = file.suffix.lower()
    disk = DiskCache(cache, "picture", suffix[1:])
    key = hashlib.sha256(RULES + suffix.encode() + data).hexdigest()[:32]
    if found := disk.find(key):
        return found[0]
    return disk.keep(key, _cleaned(data, suffix, shown_path(file)))


def _cleaned(data: bytes, suffix: str, shown: str) -> bytes:
    try:
        return cleaned_drawing(data) if suffix == ".svg" else cleaned_picture(data, FORMATS[suffix])
    except DrawingError as error:
        raise ContentError([Problem(shown, error.line, error.message, error.remedy)]) from None
    except Exception:  # whatever a decoder makes of a file that somebody broke, or built to break it
        message = say("this file is damaged, or is not the image its name says")
        remedy = say("Export the image again from where it comes.")
        raise ContentError([Problem(shown, None, message, remedy)]) from None


def cleaned_picture(data: bytes, kind: str) -> bytes:
    """A picture without its metadata. Raises whatever Pillow raises for one that it cannot draw, or that is a bomb."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of small faults that a browser passes over too
        warnings.simplefilter("error", Image.DecompressionBombWarning)
        with Image.open(io.BytesIO(data), formats=[kind]) as image:
            moving = kind != "JPEG" and getattr(image, "n_frames", 1) > 1
            profile = None if moving else foreign_profile(image)
            if kind == "AVIF" or profile or image.getexif().get(ORIENTATION, 1) != 1:
                return _drawn(image, kind, profile, _options(image, kind, data))
            image.load()
    return b"".join(PARTS[kind](data))


def foreign_profile(image: Image.Image) -> ImageCms.ImageCmsProfile | None:
    """The profile of a picture whose colours are not sRGB; None also for one that cannot be read."""
    try:
        profile = ImageCms.ImageCmsProfile(io.BytesIO(image.info["icc_profile"]))
        return None if "sRGB" in ImageCms.getProfileDescription(profile) else profile
    except (KeyError, OSError, ImageCms.PyCMSError):
        return None


def _options(image: Image.Image, kind: str, data: bytes) -> dict[str, Any]:
    """How to save it, as much like the original as can be."""
    if not isinstance(image, JpegImagePlugin.JpegImageFile):
        return {"quality": 90, "lossless": b"VP8L" in data}  # GIF and PNG heed neither, AVIF only the first
    alike: dict[str, Any] = {"qtables": image.quantization, "optimize": True}
    alike["progressive"] = "progressive" in image.info
    sampling = JpegImagePlugin.get_sampling(image)
    return alike if sampling < 0 else alike | {"subsampling": sampling}


def _drawn(image: Image.Image, kind: str, profile: ImageCms.ImageCmsProfile | None, alike: dict[str, Any]) -> bytes:
    """The picture drawn anew, upright and in sRGB."""
    frames = [upright(frame, profile) for frame in ImageSequence.Iterator(image)][: 1 if kind == "JPEG" else None]
    if len(frames) > 1:
        times = [frame.info.get("duration", 0) for frame in frames]
        alike = {**alike, "save_all": True, "append_images": frames[1:], "duration": times}
    out = io.BytesIO()
    frames[0].save(out, kind, **alike)
    return out.getvalue()


def upright(frame: Image.Image, profile: ImageCms.ImageCmsProfile | None) -> Image.Image:
    frame.load()  # only now does AVIF say for how long it is shown
    known: dict[str | tuple[int, int], Any] = {name: frame.info[name] for name in KEPT if name in frame.info}
    frame = ImageOps.exif_transpose(frame)
    if profile and frame.mode in ("RGB", "RGBA", "CMYK", "P", "PA"):
        alpha = frame.convert("RGBA").getchannel("A") if frame.has_transparency_data else None
        frame = frame if frame.mode in ("RGB", "CMYK") else frame.convert("RGB")
        with suppress(ImageCms.PyCMSError):  # a profile of other colours than those of the picture
            frame = ImageCms.profileToProfile(frame, profile, ImageCms.createProfile("sRGB"), outputMode="RGB") or frame
        if alpha:
            frame.putalpha(alpha)
            known.pop("transparency", None)
    frame.info = known
    return frame


def _of_jpeg(data: bytes) -> Iterator[bytes]:
    """To the end of the first picture: what follows is a preview, a depth map, or a film."""
    yield data[:2]
    place = 2
    while place + 4 <= len(data) and data[place + 1] != 0xD9:
        code, (length,) = data[place + 1], struct.unpack_from(">H", data, place + 2)
        if code == 0xFF:  # before a mark there may be more than one sign of it
            place += 1
            continue
        part = data[place : place + 2 + length]
        if part[4:9] == b"JFIF\0" and code == 0xE0:
            yield b"\xff\xe0\0\x10" + part[4:16] + b"\0\0"  # without its thumbnail
        elif code in JPEG_PARTS or (code == 0xEE and part[4:9] == b"Adobe"):  # how its colours are written
            yield part
        place += 2 + length
        if code == 0xDA:
            found = AFTER_SCAN.search(data, place)
            yield data[place : (place := found.start() if found else len(data))]
    yield b"\xff\xd9"


def _of_png(data: bytes) -> Iterator[bytes]:
    yield data[:8]
    place, kind = 8, b""
    while kind != b"IEND":
        length, kind = struct.unpack_from(">I4s", data, place)
        if kind in PNG_PARTS:
            yield data[place : place + 12 + length]
        place += 12 + length


def _of_webp(data: bytes) -> Iterator[bytes]:
    parts = b"".join(_chunks(data[12 : 8 + struct.unpack_from("<I", data, 4)[0]]))
    yield b"RIFF" + struct.pack("<I", len(parts) + 4) + b"WEBP" + parts


def _chunks(data: bytes) -> Iterator[bytes]:
    place = 0
    while place < len(data):
        kind, length = struct.unpack_from("<4sI", data, place)
        part = data[place + 8 : place + 8 + length]
        if kind == b"VP8X":
            part = bytes([part[0] & ~0x2C]) + part[1:]  # no profile, no Exif, no XMP
        elif kind == b"ANMF":
            part = part[:16] + b"".join(_chunks(part[16:]))
        if kind in WEBP_PARTS:
            yield struct.pack("<4sI", kind, len(part)) + part + b"\0" * (len(part) % 2)
        place += 8 + length + length % 2


def _of_gif(data: bytes) -> Iterator[bytes]:
    place = 13 + _colours(data[10])
    yield data[:place]
    while data[place] != 0x3B:
        start, label = place, data[place + 1]
        if data[place] == 0x2C:
            place = _after_blocks(data, place + 11 + _colours(data[place + 9]))
            yield data[start:place]
            continue
        place = _after_blocks(data, place + 2)
        if label == 0xF9 or (label == 0xFF and data[start + 3 : start + 14] in LOOPS and place - start == 19):
            yield data[start:place]
    yield b";"


def _colours(flags: int) -> int:
    """How many bytes a table of colours takes, if there is one."""
    return 3 << (flags & 7) + 1 if flags & 0x80 else 0


def _after_blocks(data: bytes, place: int) -> int:
    while data[place]:
        place += data[place] + 1
    return place + 1


PARTS: dict[str, Callable[[bytes], Iterator[bytes]]] = {
    "JPEG": _of_jpeg,
    "PNG": _of_png,
    "WEBP": _of_webp,
    "GIF": _of_gif,
}
