"""What the name of a file says of it: published from where, of what kind, or left behind by a machine."""

from __future__ import annotations

import re

PICTURES = frozenset({".png", ".jpg", ".jpeg", ".webp", ".avif", ".gif", ".svg"})
DOWNLOADS = frozenset({".pdf", ".docx", ".xlsx", ".pptx", ".odt", ".ods", ".odp", ".ics", ".mp3"})  # download_kinds.py
FOLDERS = {"images": PICTURES, "downloads": DOWNLOADS}
NOT_SHOWN = re.compile(r"\.(?:hei[cf]|tiff?|bmp|jxl|jfif|jp2|psd|ai|eps|dng|raw|cr2|nef|arw)", re.I)

# What systems, editors and synchronising programs leave behind: nobody put it there, and nobody is told.
LEFT_BY_MACHINES = re.compile(
    r"\..*|.*~|~.*|#.*#|__pycache__|(?:eh)?thumbs\.db|desktop\.ini|icon\r|.*\.(?:swp|swo|tmp|part|crdownload)", re.I
)
COPIED_BY_MACHINES = re.compile(
    r".*\.sync-conflict-\d.*|.*[ _-]\(?(?:conflicted copy|copie en conflit|case conflict|conflict)\b.*", re.I
)
OFFICE = re.compile(r".*\.(?:doc[xm]?|dot[xm]?|odt|ott|rtf|pages|xls[xmb]?|ods|numbers|ppt[xm]?|pps[xm]?|odp)", re.I)


def is_stray(name: str) -> bool:
    """Whether a file or folder of this name is nothing that a person wrote for the site."""
    return bool(LEFT_BY_MACHINES.fullmatch(name) or COPIED_BY_MACHINES.fullmatch(name))
