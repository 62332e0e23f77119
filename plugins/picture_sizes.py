"""A picture in the widths and formats that a browser chooses from, each as light as a telephone needs it.

Made by Pillow from the picture without its metadata (pictures.py), the same bytes each time, and kept by what they were
made of. A width that would weigh too much even at the lowest quality is left out: a narrower one looks better.
"""

from __future__ import annotations

import hashlib
import io
import math
import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, NamedTuple
from xml.etree import ElementTree

from PIL import Image
from PIL import __version__ as pillow

from .disk_cache import DiskCache

RULES = "1"  # of this module: with another number, each picture is made again
LIGHT = 12_000  # bytes: a picture that weighs no more is shown as it is
HEAVIEST = 60_000  # bytes of a width; only the narrowest may weigh more, where the lowest quality does not allow it
STEADY = ("RGB", "RGBA", "L", "LA", "P", "PA", "CMYK")  # modes that become RGB or RGBA without loss


class Format(NamedTuple):
    """How Pillow saves one: from the `best` quality down to the `least`; ten points less divide the bytes by `ten`."""

    best: int
    least: int
    ten: float
    options: dict[str, Any]


# Qualities from photographs looked at side by side at two pixels for one. Speed 8 of AVIF takes a third of the time of
# Pillow's 6 for a tenth more bytes; one thread, so that the bytes do not hang on the machine.
FORMATS = {
    "avif": Format(60, 40, 1.5, {"speed": 8, "max_threads": 1}),
    "webp": Format(78, 50, 1.2, {"method": 4}),
    "jpeg": Format(75, 50, 1.25, {"progressive": True, "optimize": True}),
}


class Drawn(NamedTuple):
    """One width of a picture, as a file of the cache."""

    width: int
    file: Path
    weight: int

    @property
    def digest(self) -> str:
        """What names it by its content: ten figures of the SHA-256 that is in the name of the file."""
        return self.file.name.split(".")[2][:10]


class Sized(NamedTuple):
    """How large a picture is in pixels, and what was made of it by format, narrowest first; a format may have none."""

    width: int
    height: int
    drawn: dict[str, list[Drawn]]


class PictureSizes:
    """What is kept of them in a folder; one for each build. Many threads may ask at once, each for another picture."""

    def __init__(self, folder: Path) -> None:
        self._disks = {name: DiskCache(folder, "shown", name) for name in FORMATS}
        self._used: set[tuple[str, str]] = set()

    def of(self, file: Path, wanted: Sequence[int], formats: Iterable[str] = FORMATS) -> Sized:
        """The picture `file`, as pictures.cleaned left it, at the widths `wanted` that it has the pixels for.

        Raises OSError; the file was drawn, or proved whole, before.
        """
        if file.suffix == ".svg":
            return Sized(*drawing_size(file.read_bytes()), {})
        with Image.open(file) as image:
            size, weight = image.size, file.stat().st_size
            whole = weight <= LIGHT or image.mode not in STEADY or getattr(image, "n_frames", 1) > 1
            if whole or file.suffix == ".gif":
                return Sized(*size, {})
            widths = sorted({min(width, size[0]) for width in wanted})
            source = _Source(image, file.suffix == ".png")
            drawn = {
                name: [
                    one
                    for width in widths
                    if (one := self._one(file, source, name, width, weight))
                    and (one.weight <= HEAVIEST or width == widths[0])
                ]
                for name in formats
                if name != "jpeg" or not source.is_clear
            }
            return Sized(*size, drawn)

    def keep_only_used(self, others: int = 3000) -> None:
        """Forget what this build did not use, but for the newest `others`: drafts and other builds have theirs."""
        for name, disk in self._disks.items():
            disk.only([*(key for kind, key in self._used if kind == name), *disk.newest()[:others]])

    def _one(self, file: Path, source: _Source, name: str, width: int, weight: int) -> Drawn | None:
        """The picture at one width; None where nothing is won by it. That is kept as a file without bytes."""
        key = hashlib.sha256(f"{RULES} {pillow} {name} {width} {file.name}".encode()).hexdigest()[:32]
        self._used.add((name, key))
        disk = self._disks[name]
        if found := disk.find(key):
            return Drawn(width, found[0], len(found[1])) if found[1] else None
        data = source.drawn(name, width)
        if len(data) >= weight:
            data = b""
        kept = disk.keep(key, data)
        return Drawn(width, kept, len(data)) if data else None


class _Source:
    """A picture that is open, decoded when the first width of it is made."""

    def __init__(self, image: Image.Image, is_png: bool) -> None:
        self._image, self._is_png = image, is_png
        self._decoded: Image.Image | None = None
        self.is_clear = image.has_transparency_data

    def drawn(self, name: str, width: int) -> bytes:
        """As `Format` says, of `HEAVIEST` bytes at most unless even the least quality has more."""
        if self._decoded is None:
            self._decoded = self._image.convert("RGBA" if self.is_clear else "RGB")
            self._decoded.info = {}
        picture = self._decoded
        if width < picture.width:
            height = max(1, round(picture.height * width / picture.width))
            picture = picture.resize((width, height), Image.Resampling.LANCZOS, reducing_gap=3.0)
        how = FORMATS[name]
        # A PNG is rather a drawing or a screen: its lines keep their colours.
        options = how.options | ({"subsampling": "4:4:4"} if self._is_png and name != "webp" else {})
        quality = how.best
        while True:
            out = io.BytesIO()
            picture.save(out, name, quality=quality, **options)
            weight = out.tell()
            if weight <= HEAVIEST or quality == how.least:
                return out.getvalue()
            quality = max(how.least, quality - math.ceil(10 * math.log(weight / HEAVIEST, how.ten)))


LENGTH = re.compile(r"\s*([0-9]*\.?[0-9]+)\s*(?:px)?\s*")


def drawing_size(data: bytes) -> tuple[int, int]:
    """Width and height of a drawing (SVG) that drawings.py cleaned, or (0, 0) where it says neither.

    SVG 2 §8: its width and height in pixels, else its viewBox.
    """
    root = ElementTree.fromstring(data)  # cleaned: it has no entities
    lengths = [LENGTH.fullmatch(root.get(name, "")) for name in ("width", "height")]
    box = re.split(r"[\s,]+", root.get("viewBox", "").strip())
    values = [match[1] for match in lengths if match]
    if len(values) < 2:
        values = box[2:] if len(box) == 4 else ["0", "0"]
    try:
        width, height = (round(float(value)) for value in values)
    except ValueError:
        return 0, 0
    return (width, height) if width > 0 and height > 0 else (0, 0)
