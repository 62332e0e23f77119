"""Writes a pypdf document as a small file: object streams and a cross-reference stream (PDF 32000-1, 7.5.7 and 7.5.8).

pypdf writes every object in the clear, which makes a tagged document about four times as large: a tag tree is
thousands of small dictionaries.
"""

from __future__ import annotations

import zlib
from io import BytesIO
from typing import Any

from pypdf import PdfWriter
from pypdf.generic import NullObject, PdfObject, StreamObject

PER_STREAM = 200


def to_bytes(writer: PdfWriter) -> bytes:
    """The document as a file; the same document gives the same bytes."""
    out = BytesIO()
    out.write(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")
    objects: list[PdfObject | None] = list(writer._objects)
    entries: dict[int, tuple[int, int, int]] = {0: (0, 0, 65535)}
    small: list[tuple[int, bytes]] = []
    for number, value in enumerate(objects, start=1):
        if value is None or isinstance(value, NullObject):
            entries[number] = (0, 0, 0)
        elif isinstance(value, StreamObject):
            entries[number] = (1, out.tell(), 0)
            out.write(f"{number} 0 obj\n".encode() + _text(value) + b"\nendobj\n")
        else:
            small.append((number, _text(value)))
    next_number = len(objects) + 1
    for start in range(0, len(small), PER_STREAM):
        group = small[start : start + PER_STREAM]
        for place, (number, _) in enumerate(group):
            entries[number] = (2, next_number, place)
        entries[next_number] = (1, out.tell(), 0)
        out.write(_object_stream(next_number, group))
        next_number += 1
    _finish(out, writer, entries, next_number)
    return out.getvalue()


def _text(value: PdfObject) -> bytes:
    buffer = BytesIO()
    value.write_to_stream(buffer)
    return buffer.getvalue()


def _object_stream(number: int, group: list[tuple[int, bytes]]) -> bytes:
    index, body = [], b""
    for object_number, text in group:
        index.append(f"{object_number} {len(body)}")
        body += text + b"\n"
    head = (" ".join(index) + "\n").encode()
    data = zlib.compress(head + body, 9)
    return _stream(number, f"/Type/ObjStm/N {len(group)}/First {len(head)}", data)


def _stream(number: int, entries: str, data: bytes) -> bytes:
    """A compressed stream object; `entries` are those of its dictionary beside Filter and Length."""
    head = f"{number} 0 obj\n<<{entries}/Filter/FlateDecode/Length {len(data)}>>\nstream\n"
    return head.encode("latin-1") + data + b"\nendstream\nendobj\n"


def _finish(out: BytesIO, writer: PdfWriter, entries: dict[int, tuple[int, int, int]], number: int) -> None:
    """The cross-reference stream, which is the trailer too."""
    start = out.tell()
    entries[number] = (1, start, 0)
    rows = b"".join(
        kind.to_bytes(1, "big") + first.to_bytes(4, "big") + second.to_bytes(2, "big")
        for kind, first, second in (entries[n] for n in range(number + 1))
    )
    data = zlib.compress(rows, 9)
    catalog: Any = writer.root_object.indirect_reference
    info: Any = writer._info
    trailer = f"/Root {catalog.idnum} 0 R"
    if info is not None:
        trailer += f"/Info {info.indirect_reference.idnum} 0 R"
    if writer._ID:
        trailer += "/ID" + _text(writer._ID).decode("latin-1")
    out.write(_stream(number, f"/Type/XRef/Size {number + 1}/W[1 4 2]{trailer}", data))
    out.write(f"startxref\n{start}\n%%EOF\n".encode())
