"""Files that are not what their place says: in the folders of the pages, only pages, with plain names."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from plugins.i18n.alignment import KINDS
from plugins.problems import Problem, say, shown_path
from plugins.reader.slips import PICTURE

from .site import Site

NAME = re.compile(r"[a-z0-9][a-z0-9-]*\.md")
LEFT_BY_MACHINES = re.compile(r"\..*|.*~|Thumbs\.db|desktop\.ini", re.IGNORECASE)


def problems(site: Site) -> Iterator[Problem]:
    """A file that no page is made of, and a page whose name needs care."""
    for lang in site.languages:
        for kind in KINDS:
            folder = site.content / lang / kind
            for file in sorted(folder.iterdir()) if folder.is_dir() else []:
                if not LEFT_BY_MACHINES.fullmatch(file.name) and not NAME.fullmatch(file.name):
                    yield _told(file)


def _told(file: Path) -> Problem:
    shown = shown_path(file)
    if file.is_dir():
        message = say("this is a folder, and nothing in it is shown")
        return Problem(shown, None, message, say("Put its pages one folder higher."))
    if file.suffix == ".md":
        message = say("some servers will not find this name: {name}", name=file.name)
        remedy = say("Name it in small letters without accents, figures and hyphens, the same in both languages.")
        return Problem(shown, None, message, remedy, "warning")
    message = say("this file is no page, because its name does not end in .md: nobody will see it")
    if PICTURE.search(file.name):
        return Problem(shown, None, message, say("Pictures belong in content/images."))
    page = re.sub(r"[^a-z0-9-]+", "-", file.name.split(".")[0].lower()).strip("-")
    return Problem(
        shown, None, message, say("If it is one, name it {name}; otherwise put it elsewhere.", name=f"{page}.md")
    )
