"""One document in one language: what it is made of, its key, its bytes.

A document NAME is a data file content/data/NAME.toml and a template theme/documents/NAME.typ. The template gets one
JSON value, `doc`: lang, region, title, author, description, date {year, month, day}, date_text, language_name, words
(of theme/documents/words.toml), data (the data file in this language), chapters (if the data file has some) and facts
(those that its [document] table names).
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any

from plugins.public_files import sources

from .compiler import TYPST_VERSION, compile_pdf
from .fields import FormField, form_fields
from .fonts import fonts_digest


@dataclass(frozen=True)
class Prepared:
    """Everything a document depends on; `value` is what the template gets."""

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


def render(prepared: Prepared) -> bytes:
    """The PDF. Raises RenderError (Typst's word) or FormError (fields drawn and fields defined differ)."""
    from pypdf import PdfReader, PdfWriter  # slow to load, and not needed where nothing changed

    from .forms import add_fields
    from .serialize import to_bytes
    from .tagging import add_row_headers

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
