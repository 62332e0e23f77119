"""Pictures: white and as small as they come, or as rich as a photograph."""

from __future__ import annotations

import io
import random
import struct
import zlib
from typing import Any

from PIL import Image


def png(width: int, height: int = 1) -> bytes:
    """A white PNG of this many pixels."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head, row = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0), b"\0" + b"\xff" * width
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(row * height)) + chunk(b"IEND", b"")
    )


def photograph(width: int, height: int, seed: int = 1) -> Image.Image:
    """A picture as rich as a photograph: grains of all sizes, the larger the stronger, as natural scenes have them."""
    source, grain = random.Random(seed), 2
    picture = Image.new("RGB", (width, height), "gray")
    while grain < width:
        size = (grain, max(1, grain * height // width))
        layer = Image.frombytes("RGB", size, source.randbytes(3 * size[0] * size[1]))
        picture = Image.blend(picture, layer.resize((width, height), Image.Resampling.BICUBIC), 0.18)
        grain *= 2
    return picture


def saved(picture: Image.Image, kind: str = "JPEG", **options: Any) -> bytes:
    """The bytes of a file of it."""
    out = io.BytesIO()
    picture.save(out, kind, **options)
    return out.getvalue()
