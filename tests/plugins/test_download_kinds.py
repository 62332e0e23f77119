"""Files to download: which are whole and may be published, and which bring macros or are not what their name says."""

from __future__ import annotations

import io
from zipfile import ZipFile

import pytest

from plugins.download_kinds import OPEN_DOCUMENTS, fault_in
from plugins.file_names import DOWNLOADS


def zipped(*names: str, **texts: str) -> bytes:
    out = io.BytesIO()
    with ZipFile(out, "w") as file:
        for name in names:
            file.writestr(name, "x")
        for name, text in texts.items():
            file.writestr(name, text)
    return out.getvalue()


def odf(suffix: str, *names: str) -> bytes:
    return zipped(*names, "content.xml", mimetype=OPEN_DOCUMENTS[suffix].decode())


WORD = ("[Content_Types].xml", "word/document.xml")
WHOLE = {
    ".pdf": b"%PDF-1.7\n%%EOF\n",
    ".docx": zipped(*WORD),
    ".xlsx": zipped("[Content_Types].xml", "xl/workbook.xml"),
    ".pptx": zipped("[Content_Types].xml", "ppt/presentation.xml"),
    ".odt": odf(".odt", "Basic/script-lc.xml", "Basic/Standard/script-lb.xml"),  # as LibreOffice lists no macro
    ".ods": odf(".ods"),
    ".odp": odf(".odp"),
    ".ics": b"\xef\xbb\xbfBEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n",
    ".mp3": b"ID3\x04\x00",
}


def test_each_kind_that_is_published_is_looked_at() -> None:
    assert WHOLE.keys() == DOWNLOADS


@pytest.mark.parametrize("suffix", sorted(DOWNLOADS))
def test_a_whole_file_has_no_fault(suffix: str) -> None:
    assert fault_in(io.BytesIO(WHOLE[suffix]), suffix) is None


def test_a_sound_without_a_title_is_known_too() -> None:
    assert fault_in(io.BytesIO(b"\xff\xfb\x90\x44"), ".mp3") is None


@pytest.mark.parametrize(
    ("suffix", "data"),
    [(suffix, data) for suffix in sorted(DOWNLOADS) for kind, data in WHOLE.items() if kind != suffix]
    + [(suffix, data) for suffix in sorted(DOWNLOADS) for data in (b"", b"MZ\x90", b"PK\x03\x04", b"<html>")]
    + [(".docx", WHOLE[".docx"][:-30]), (".odt", zipped(*WORD))],
)
def test_what_is_not_what_its_name_says_is_told(suffix: str, data: bytes) -> None:
    fault = fault_in(io.BytesIO(data), suffix)
    assert fault
    assert "not what its name says" in fault[0]


@pytest.mark.parametrize(
    ("suffix", "data"),
    [
        (".docx", zipped(*WORD, "word/vbaProject.bin")),
        (".docx", zipped(*WORD, "word/VBAPROJECT.BIN")),
        (".xlsx", zipped("[Content_Types].xml", "xl/workbook.xml", "xl/vbaProject.bin")),
        (".odt", odf(".odt", "Basic/Standard/Module1.xml")),
        (".ods", odf(".ods", "Scripts/python/run.py")),
    ],
)
def test_macros_are_told(suffix: str, data: bytes) -> None:
    fault = fault_in(io.BytesIO(data), suffix)
    assert fault
    assert "macros" in fault[0]
    assert "without them" in fault[1]
