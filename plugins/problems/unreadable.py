"""What cannot be read: a file that is missing, no UTF-8 or no TOML; a pipe, a device, a dead link (#12)."""

from __future__ import annotations

import errno
import os
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from stat import S_ISDIR, S_ISREG
from typing import Any

from ..file_names import FOLDERS, is_stray
from .messages import say
from .problem import ROOT, Problem, shown_path
from .reasons import toml_fault

PUT_IT_THERE = say("Put the file or the folder itself there, not a link to it.")


MAY_NOT = say("this account may not read it")
REFUSALS = {errno.EACCES: MAY_NOT, errno.EPERM: MAY_NOT, errno.EISDIR: say("it is a folder")}
A_FILE = re.compile(r".*\.(?:md|toml|po|html|xml|css|js|typ|py)", re.IGNORECASE)  # what only a file is called

# What XML 1.0 (2.2) forbids and HTML has no use for, and the signs that Unicode leaves to programs, as ours use some.
UNSHOWABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ue000-\uf8ff\ufffe\uffff]")


def unshowable(file: str, text: str, first_line: int = 1) -> Iterator[Problem]:
    """A problem for each line of `text` with a sign that no reader could be shown (Word leaves U+000B)."""
    for number, line in enumerate(text.split("\n"), start=first_line):
        if found := UNSHOWABLE.search(line):
            message = say("there is a sign here that cannot be shown (U+{code})", code=f"{ord(found[0]):04X}")
            words = line[: found.start()].split()[-3:]
            remedy = say("It cannot be seen: delete what stands right after “{words}”.", words=" ".join(words))
            if not words:
                remedy = say("It cannot be seen: type the beginning of this line again.")
            yield Problem(file, number, message, remedy)


def unreadable(file: str, error: Exception, text: str = "") -> Problem:
    """A data file that cannot be read: missing, not UTF-8, or `text` that is not TOML, with the line."""
    if isinstance(error, UnicodeDecodeError):
        return _not_utf8(file, error)
    if isinstance(error, FileNotFoundError):
        remedy = say("Put it back: “git restore {file}” brings the last saved version.", file=file)
        return Problem(file, None, say("this file is missing"), remedy)
    if isinstance(error, tomllib.TOMLDecodeError):
        if hidden := next(unshowable(file, text), None):
            return hidden
        fault = toml_fault(error, text)
        message = say("this file cannot be read: {reason}", reason=fault.message)
        return Problem(file, fault.line, message, fault.remedy)
    message = say("this file cannot be read: {reason}", reason=refusal(error))
    return Problem(file, None, message, say("Look at its name and at who may read it."))


def refusal(error: Exception) -> str:
    """Why the system does not let a file be read, without its number and without the place on this machine."""
    if isinstance(error, OSError) and error.errno in REFUSALS:
        return REFUSALS[error.errno]
    return str(getattr(error, "strerror", "") or error)


def _not_utf8(file: str, error: UnicodeDecodeError) -> Problem:
    """A file in another encoding, with the line and the word of the first letter that cannot be read."""
    data = bytes(error.object)
    remedy = say(
        "Save it again as UTF-8: in Notepad, “Save as” and the list “Encoding”; in other editors, “Save with encoding”."
    )
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return Problem(file, 1, say("this file is saved as UTF-16, not as UTF-8"), remedy)
    line = data[: error.start].count(b"\n") + 1
    if b"\0" in data:
        remedy = say("If it is a picture, it belongs in content/images; otherwise restore the file.")
        return Problem(file, line, say("this is not a text file, whatever its name says"), remedy)
    row = data.split(b"\n")[line - 1].decode("cp1252", errors="replace")
    column = error.start - (data.rfind(b"\n", 0, error.start) + 1)
    word = next((found[0] for found in re.finditer(r"\S+", row) if found.end() > column), row)
    return Problem(file, line, say("this file is not saved as UTF-8, so “{word}” cannot be read", word=word), remedy)


def unreadable_files(settings: dict[str, Any] | None = None) -> list[Problem]:
    """What no build can read in content, theme and plugins: pipes, devices, dead links, rings, missing folders.

    `settings` may name other folders. What machines leave behind is no source; nor are links among the public files,
    which their own gate tells of.
    """
    places = {"PATH": ROOT / "content", "THEME": ROOT / "theme"} | (settings or {})
    content = Path(places["PATH"])
    public = [content / name for name in FOLDERS]
    folders = (content, Path(places["THEME"]), ROOT / "plugins")
    return [problem for folder in folders for problem in _in(folder, (ROOT.resolve(),), public)]


def _in(folder: Path, above: tuple[Path, ...], public: list[Path]) -> Iterator[Problem]:
    """`above` is where the folders that lead to this one really are."""
    shown, real = shown_path(folder), Path(os.path.realpath(folder))
    if any(one.is_relative_to(real) for one in above):
        yield Problem(shown, None, say("this link leads back to a folder that it is in"), PUT_IT_THERE)
        return
    try:
        entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
    except FileNotFoundError:
        remedy = say("Put it back: “git restore {file}” brings the last saved version.", file=shown)
        yield Problem(shown, None, say("this folder is missing"), remedy)
        return
    except OSError as error:
        message = say("this folder cannot be read: {reason}", reason=refusal(error))
        yield Problem(shown, None, message, say("Look at its name and at who may read it."))
        return
    unfollowed = any(folder.is_relative_to(place) for place in public)
    for entry in entries:
        if entry.is_file(follow_symlinks=False) or is_stray(entry.name) or (unfollowed and entry.is_symlink()):
            continue
        path = folder / entry.name
        try:
            mode = entry.stat().st_mode
        except OSError:
            yield Problem(shown_path(path), None, say("this link leads nowhere"), PUT_IT_THERE)
            continue
        if S_ISDIR(mode) and A_FILE.fullmatch(entry.name):
            message = say("this is a folder, and has the name of a file")
            yield Problem(shown_path(path), None, message, say("Put the file there, or give the folder another name."))
        elif S_ISDIR(mode):
            yield from _in(path, (*above, real), public)
        elif not S_ISREG(mode):
            message = say("this is no file, but a pipe or a device, and cannot be read")
            yield Problem(shown_path(path), None, message, say("Take it out of this folder."))
