"""A link to a file to download says, as our own documents do, what it is before the click: kind, size and date."""

from __future__ import annotations

import datetime
import re
from contextlib import suppress
from functools import lru_cache
from html import unescape
from pathlib import Path
from unicodedata import normalize
from urllib.parse import unquote
from xml.etree import ElementTree
from zipfile import BadZipFile, ZipFile

from plugins.build import Build
from plugins.documents.downloads import size_text
from plugins.i18n.catalogs import long_date

LINK = re.compile(r'(<a [^>]*?href="([^"]*)"[^>]*)(>.*?)(</a>)', re.DOTALL)
DAY = re.compile(r"(\d{4})-?(\d\d)-?(\d\d)")
MOST = 1_000_000  # bytes of what an office file says of itself; it is a few hundred


def with_facts(build: Build, html: str, lang: str) -> str:
    """`html` of a page in the language `lang`, with its addresses."""

    def told(link: re.Match[str]) -> str:
        address = unescape(link[2]).removeprefix(build.settings["SITEURL"]).lstrip("/").partition("#")[0]
        file = build.shown_files.get(normalize("NFC", unquote(address)))
        if file is None or not address.startswith("downloads/"):
            return link[0]
        # A browser would play a sound in a page of its own, which the site's policy forbids.
        saved = " download" if file.suffix.lower() == ".mp3" else ""
        return f'{link[1]}{saved}{link[3]} <span class="facts">({facts_of(build, file, lang)})</span>{link[4]}'

    return LINK.sub(told, html) if "/downloads/" in html else html


def facts_of(build: Build, file: Path, lang: str) -> str:
    """`PDF, 210 kB, 24 November 2026`; without a date where the file does not say of which day it is."""
    seen = file.stat()
    day = _day_of(file, seen.st_mtime_ns, seen.st_size)
    date = [long_date(day, lang, build.languages[lang].locale)] if day else []
    return ", ".join([file.suffix[1:].upper(), size_text(seen.st_size, lang), *date])


@lru_cache(maxsize=500)
def _day_of(file: Path, _changed: int, _size: int) -> datetime.date | None:
    """The day that a file says it was last changed. That of the disk is the day when somebody copied the project."""
    said: str | None = ""
    with suppress(BadZipFile, KeyError, ElementTree.ParseError, ValueError, OSError):
        match file.suffix.lower():
            case ".pdf":
                said = _text_of_pdf(file)
            case ".docx" | ".xlsx" | ".pptx":
                said = _text(file, "docProps/core.xml", "{http://purl.org/dc/terms/}modified")
            case ".odt" | ".ods" | ".odp":
                said = _text(file, "meta.xml", "{http://purl.org/dc/elements/1.1/}date")
        if day := DAY.search(said or ""):
            return datetime.date(*map(int, day.groups()))
    return None


def _text_of_pdf(file: Path) -> str | None:
    """The day that a PDF names as that of its last change, else of its making."""
    from pypdf import PdfReader  # slow to load, and seldom needed

    try:
        said = PdfReader(file).metadata
        return (said.modification_date_raw or said.creation_date_raw) if said else None
    except Exception:  # any: a damaged or locked file makes pypdf fail in many ways, and its link does without a day
        return None


def _text(archive: Path, member: str, name: str) -> str | None:
    """What one element says in a part of an office file."""
    with ZipFile(archive) as opened:
        data = opened.read(member) if opened.getinfo(member).file_size < MOST else b""
    if b"<!DOCTYPE" in data:  # no program writes one; entities could grow without end
        return None
    return ElementTree.fromstring(data).findtext(f".//{name}")
