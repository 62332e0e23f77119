"""White pictures, as small as they come."""

from __future__ import annotations

import struct
import zlib


def png(width: int, height: int = 1) -> bytes:
    """A white PNG of this many pixels."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head, row = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0), b"\0" + b"\xff" * width
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(row * height)) + chunk(b"IEND", b"")
    )
