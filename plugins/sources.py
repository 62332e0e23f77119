"""A site is made of files and folders: anything else is told before a reader would wait for it for ever (#12)."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from stat import S_ISDIR, S_ISREG
from typing import Any

from .problems import ROOT, Problem, say, shown_path
from .public_files import FOLDERS, PUT_IT_THERE, is_stray


def not_readable(settings: dict[str, Any] | None = None) -> list[Problem]:
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
        message = say("this folder cannot be read: {reason}", reason=error.strerror)
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
        if S_ISDIR(mode):
            yield from _in(path, (*above, real), public)
        elif not S_ISREG(mode):
            message = say("this is no file, but a pipe or a device, and cannot be read")
            yield Problem(shown_path(path), None, message, say("Take it out of this folder."))
