"""Calls Typst in this process: a template and one JSON value in, a PDF or a PNG out.

Every warning is an error here: Typst only warns about, say, an unknown font, and then uses another one silently.
"""

from __future__ import annotations

import json
import re
import threading
from importlib.metadata import version
from pathlib import Path
from typing import Any

import typst

from plugins.problems import ROOT

from .fonts import font_folder

TYPST_VERSION = version("typst")
STANDARDS: list[typst.PDFStandard] = ["ua-1", "a-2a"]  # ISO 14289-1 (accessible) and ISO 19005-2 level A (archival)
CACHE = ROOT / ".cache"  # never published


CODEPOINT = re.compile(r"(?:U\+|\\u\{)([0-9A-Fa-f]{2,6})")
QUOTED = re.compile(r'"([^"]+)"|`([^`]+)`|“([^”]+)”')


class RenderError(Exception):
    """Typst refused a document. `text` is its message; `hints` are its own suggestions."""

    def __init__(self, text: str, hints: list[str] | None = None) -> None:
        self.text, self.hints = text, hints or []
        super().__init__(" ".join([text, *self.hints]))

    @property
    def missing(self) -> list[str]:
        """The characters that no font has, if that is what Typst says."""
        words = str(self)
        if "font" not in words and "glyph" not in words and "codepoint" not in words:
            return []
        quoted = (next(group for group in match.groups() if group) for match in QUOTED.finditer(words))
        codes = [chr(int(code, 16)) for code in CODEPOINT.findall(words)]
        return codes + [char for text in quoted for char in text if ord(char) > 0x17F]


_kept = threading.local()


def _compiler(root: Path) -> typst.Compiler:
    """One compiler a project and thread, kept between documents: a second one of the same template costs 15 ms."""
    compilers: dict[Path, typst.Compiler] = vars(_kept).setdefault("compilers", {})
    if root not in compilers:
        compilers[root] = typst.Compiler(root=root, font_paths=[font_folder(CACHE)], ignore_system_fonts=True)
    return compilers[root]


def compile_pdf(root: Path, template: Path, data: dict[str, Any]) -> bytes:
    """`data` set by `template` as PDF/UA-1 and PDF/A-2a. Raises RenderError."""
    return _compile(root, template, data, format="pdf", pdf_standards=STANDARDS)


def compile_png(root: Path, template: Path, data: dict[str, Any], ppi: float = 72) -> bytes:
    """`data` set by the one-page `template` as PNG; at 72 ppi one point is one pixel. Raises RenderError.

    In a PNG, Typst draws a box for a character that no font has, and says nothing: for PDF/A it does.
    """
    _compile(root, template, data, format="pdf", pdf_standards=["a-2b"])
    return _compile(root, template, data, format="png", ppi=ppi)


def _compile(root: Path, template: Path, data: dict[str, Any], **options: Any) -> bytes:
    inputs = {"doc": json.dumps(data, ensure_ascii=False, sort_keys=True)}
    try:
        output, warnings = _compiler(root).compile_with_warnings(input=template, sys_inputs=inputs, **options)
    except typst.TypstError as error:
        raise RenderError(error.message, list(error.hints)) from error
    if warnings:
        raise RenderError(f"Typst warns: {warnings[0].message}", list(warnings[0].hints))
    if not isinstance(output, bytes):
        raise RenderError(f"{template.name} made {len(output or [])} pages where one was expected")
    return output
