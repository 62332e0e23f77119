"""Renders one prepared document as a PDF, and gives the key under which that PDF can be kept."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any

from plugins.public_files import sources

from .fonts import fonts_digest
from .form_fields import FormField, form_fields
from .typst_compiler import TYPST_VERSION, compile_pdf


@dataclass(frozen=True)
class PreparedDocument:
    """One document in one language, ready to render: `template` gets `value`, and files below `root` by their path."""

    name: str
    lang: str
    root: Path
    template: Path
    value: dict[str, Any]

    @property
    def fields(self) -> list[FormField]:
        """What can be filled in, in reading order."""
        return form_fields(self.value["data"], self.value["words"])

    def key(self) -> str:
        """Names the bytes: the same content, data, design, fonts, code and Typst give the same key."""
        digest = hashlib.sha256(json.dumps(self.value, sort_keys=True, ensure_ascii=False).encode())
        digest.update(f"{self.template.name}{TYPST_VERSION}{fonts_digest()}".encode())
        for folder in (self.template.parent, Path(__file__).parent):
            digest.update(_folder_digest(folder, _newest(folder)).encode())
        digest.update((self.root / "theme/templates/macros/trajectory.path").read_bytes())
        return digest.hexdigest()[:20]


def render(prepared: PreparedDocument) -> bytes:
    """The PDF. Raises RenderError (Typst's word) or FormError (fields drawn and fields defined differ)."""
    from pypdf import PdfReader, PdfWriter  # slow to load, and not needed where nothing changed

    from .forms import add_fields
    from .row_headers import add_row_headers
    from .serialize import to_bytes

    writer = PdfWriter(clone_from=PdfReader(BytesIO(compile_pdf(prepared.root, prepared.template, prepared.value))))
    add_row_headers(writer)
    if fields := prepared.fields:
        add_fields(writer, fields)
    return to_bytes(writer)


def _newest(folder: Path) -> int:
    """The latest change in a folder, ns: a preview that runs for hours reads the files again only when one changed."""
    return max((path.stat().st_mtime_ns for path in sources(folder)), default=0)


@cache
def _folder_digest(folder: Path, _: int) -> str:
    digest = hashlib.sha256()
    for path in sources(folder):
        if path.suffix in (".typ", ".toml", ".py"):
            digest.update(path.name.encode() + path.read_bytes())
    return digest.hexdigest()
