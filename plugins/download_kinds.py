"""The files that readers download: of which kinds, and whether one is what its name says and brings no macros with it.

They are published as they are. Kinds that are made to hold macros (.doc, .docm, .xlsm, …) are not among them; in the
others, macros lie where ECMA-376 (vbaProject.bin) and OpenDocument 1.3 (Basic/, Scripts/) have them.
"""

from __future__ import annotations

import re
from typing import BinaryIO
from zipfile import BadZipFile, ZipFile

from .problems import Message, say

OPEN_DOCUMENTS = {
    ".odt": b"application/vnd.oasis.opendocument.text",
    ".ods": b"application/vnd.oasis.opendocument.spreadsheet",
    ".odp": b"application/vnd.oasis.opendocument.presentation",
}
OFFICE_OPEN = {".docx": "word/", ".xlsx": "xl/", ".pptx": "ppt/"}  # and the folder that each has within
MACROS = re.compile(
    r".*vbaProject\.bin|.*vbaData\.xml|Basic/[^/]+/(?!(?:script|dialog)-lb\.xml$).+|Scripts/.*[^/]", re.I
)
BEGINS = {
    ".pdf": re.compile(rb".{0,1019}%PDF-", re.DOTALL),  # ISO 32000-2, annex I: within the first 1024 bytes
    ".ics": re.compile(rb"(?:\xef\xbb\xbf)?BEGIN:VCALENDAR\r?\n", re.I),  # RFC 5545
    ".mp3": re.compile(rb"ID3|\xff[\xe2-\xff]"),
}


def fault_in(file: BinaryIO, suffix: str) -> tuple[Message, Message] | None:
    """What is wrong with a file to download of this kind (".docx"), and what to do; None where nothing is.

    `suffix` is one of file_names.FOLDERS["downloads"]. Raises OSError.
    """
    if suffix in BEGINS:
        whole = BEGINS[suffix].match(file.read(1024)) is not None
    else:
        try:
            with ZipFile(file) as archive:
                names = archive.namelist()
                if any(map(MACROS.fullmatch, names)):
                    message = say("this file holds macros, which can run on the computer of whoever opens it")
                    return message, say("Save it without them, or as PDF.")
                whole = _is_office(archive, names, suffix)
        except (BadZipFile, ValueError, NotImplementedError):
            whole = False
    if whole:
        return None
    message = say("this file is damaged or locked by a password, or is not what its name says")
    return message, say("Save it again from the program it was made with.")


def _is_office(archive: ZipFile, names: list[str], suffix: str) -> bool:
    if suffix in OPEN_DOCUMENTS:
        return (
            "mimetype" in names
            and archive.getinfo("mimetype").file_size < 100
            and (archive.read("mimetype").strip() == OPEN_DOCUMENTS[suffix])
        )
    return "[Content_Types].xml" in names and any(name.startswith(OFFICE_OPEN[suffix]) for name in names)
