"""What the owner does with pictures and files: each is one change, all of it or nothing, which can be undone.

Their pages are picture_pages.py; what is kept of a file that arrives, arrivals.py.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path, PurePath

from plugins.problems import say
from plugins.public_files import own_files
from tools.scaffold import slug_of

from ..desk import Desk
from ..history.saving import Changed, Saved, digest, save
from .arrivals import Made, Unfit, made_of
from .library import Item, Texts, texts_file, texts_of, uses, with_texts

ADDED = {
    "images": say("Picture added: “{name}”", name="{name}"),
    "downloads": say("File added: “{name}”", name="{name}"),
}
REPLACED, DELETED = say("Replaced: “{name}”", name="{name}"), say("Deleted: “{name}”", name="{name}")
DESCRIBED = say("What a picture shows: “{name}”", name="{name}")
UNREADABLE = say("The file with what pictures show cannot be read: see the problems.")
# Names that Windows keeps for itself, whatever their ending (Naming Files, Paths, and Namespaces, Microsoft).
KEPT_NAMES = {"con", "prn", "aux", "nul", *(f"{port}{n}" for port in ("com", "lpt") for n in range(10))}


@dataclass(frozen=True)
class Taken:
    """What became of a file: its path in the content folder (images/two-chairs.jpg), and what takes it back.

    `entry` is the entry of the history, empty where the site had the same file already.
    """

    path: str
    entry: str


def take_in(desk: Desk, data: bytes, name: str) -> Taken:
    """Keep a file that its sender calls `name` among the pictures or the files to download; the same one is kept once.

    Raises Unfit, with what to say, and OSError where the disk refuses; nothing is written then.
    """
    made = made_of(data, name)
    while True:
        folder = desk.content / made.folder
        if twin := _twin(folder, made):
            return Taken(twin.relative_to(desk.content).as_posix(), "")
        path = _free(folder, name, made.suffix)
        try:
            saved = save(desk, {path: made.data}, {}, say(ADDED[made.folder].template, name=path.name))
            return Taken(path.relative_to(desk.content).as_posix(), saved.entry)
        except Changed:  # another program has put a file of this name there just now
            continue


def _twin(folder: Path, made: Made) -> Path | None:
    """The file of a folder that holds the same."""
    alike = (file for file in own_files(folder) if file.stat().st_size == len(made.data))
    return next((file for file in alike if file.read_bytes() == made.data), None)


def _free(folder: Path, name: str, suffix: str) -> Path:
    """A path with a plain name after `name`, which no other file there has, with whatever ending."""
    there = {file.stem.lower() for file in own_files(folder)}
    stem = slug_of(PurePath(name.replace("\\", "/")).stem) or "picture"
    stem = f"{stem}-1" if stem in KEPT_NAMES else stem
    names = (stem, *(f"{stem}-{n}" for n in range(2, len(there) + 3)))
    return folder / (next(one for one in names if one not in there) + suffix)


def put_in_place(desk: Desk, item: Item, data: bytes, name: str, seen: str) -> Saved:
    """Have another file in the place of one, under its name and as its kind. Raises Unfit, Changed, OSError."""
    made = made_of(data, name, item.file.suffix.lower())
    return save(desk, {item.file: made.data}, {item.file: seen}, say(REPLACED.template, name=item.file.name))


def take_away(desk: Desk, item: Item, seen: str) -> Saved:
    """Delete one that nothing uses, and what it shows. Raises Unfit where something does, Changed, OSError."""
    if uses(desk).get(item.path):
        raise Unfit(say("It is used, so it was not deleted. Take it out of these places first."))
    changes: dict[Path, bytes | None] = {item.file: None}
    known = {item.file: seen}
    if item.path in texts_of(desk):
        file = texts_file(desk)
        data = file.read_bytes()
        changes[file], known[file] = with_texts(data, item.path, Texts()), digest(data)
    return save(desk, changes, known, say(DELETED.template, name=item.file.name))


def describe(desk: Desk, item: Item, texts: Texts) -> Saved:
    """Keep what a picture shows. Raises Unfit where the file of the texts cannot be read, Changed, OSError."""
    file = texts_file(desk)
    data = file.read_bytes() if file.exists() else None
    try:
        new = with_texts(data, item.path, texts)
    except ValueError:
        raise Unfit(UNREADABLE) from None
    return save(desk, {file: new}, {file: digest(data)}, say(DESCRIBED.template, name=item.file.name))
