"""The one gate for files: which files of the content folder the public may get, and what lies beside them by accident.

A public file is a real file, of a kind and in a folder that FOLDERS names, with no link of the file system on the way
to it. It is published when a page shows it or links to it, whatever the way the address is written; nothing else of
the content folder ever reaches the output (#12).
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from unicodedata import normalize
from urllib.parse import quote, unquote

from pelican.generators import StaticGenerator

from plugins.build import Build, build_of

from .download_kinds import fault_in
from .file_names import COPIED_BY_MACHINES, DOWNLOADS, FOLDERS, LEFT_BY_MACHINES, NOT_SHOWN, OFFICE, is_stray
from .output_gate import put
from .pictures import cleaned
from .problems import PUT_IT_THERE, ContentError, Message, Problem, say, shown_path


def sources(folder: Path, pattern: str = "*", dead: bool = False) -> list[Path]:
    """The files of a folder that count, in order: not what machines leave behind; links that lead nowhere if `dead`."""
    return [
        file
        for file in sorted(folder.glob(pattern))
        if not any(map(is_stray, file.relative_to(folder).parts)) and (file.is_file() or (dead and not file.exists()))
    ]


def own_files(folder: Path, pattern: str = "**/*") -> list[Path]:
    """The same, without links: what really lies in the folder."""
    real = folder.resolve()
    return [file for file in sources(folder, pattern) if file.resolve() == real / file.relative_to(folder)]


def public_files(content: Path) -> dict[str, Path]:
    """Each file that may be published, by its path in the content folder, an é as one letter (NFC): see `place_of`."""
    found = [file for name in FOLDERS for file in own_files(content, f"{name}/**/*")]
    names = {normalize("NFC", file.relative_to(content).as_posix()): file for file in found}
    return {name: file for name, file in names.items() if file.suffix.lower() in FOLDERS[name.split("/")[0]]}


def place_of(address: str, folder: str) -> str:
    """The path in the content folder that an address in a page in `folder` (en/pages) leads to, as it would be there.

    One that begins with a slash begins in the content folder; one that leaves it begins with `..`. A disk may write an
    é as a letter and its accent, and a keyboard as one letter: here it is always one (NFC).
    """
    path = normalize("NFC", unquote(address))
    return posixpath.normpath(path.lstrip("/") if path.startswith("/") else posixpath.join(folder, path))


def why_not(content: Path, path: str, typed: str) -> tuple[Message, Message]:
    """Why there is no public file at `path` (see `place_of`), which a page has as `typed`; and what to do."""
    folder, suffix = path.split("/")[0], posixpath.splitext(path)[1].lower()
    if folder not in FOLDERS or "/" not in path:
        message = say("the file {file} is not in a folder that is published", file=typed)
        return message, say(
            "Pictures go into content/images, files to download into content/downloads: link to them there."
        )
    if any((content / part).is_symlink() for part in (path, *map(str, Path(path).parents)) if part != "."):
        return say("{file} is a link to another place, and only real files are published", file=typed), PUT_IT_THERE
    if suffix not in FOLDERS[folder]:
        return unfit(path)
    message = say("the file {file} is not there", file=typed)
    return message, say("Put it at content/{path}, or correct the address.", path=path)


def unfit(path: str) -> tuple[Message, Message]:
    """What to say of a file that is of no kind for its public folder."""
    folder, name, suffix = path.split("/")[0], posixpath.basename(path), posixpath.splitext(path)[1]
    if suffix.lower() in DOWNLOADS:
        message = say("{file} is not in a folder from which it would be published", file=name)
        return message, say("Put it in content/downloads, or its words into a page.")
    if OFFICE.fullmatch(name):
        remedy = say("Put its words into a page, or save it as PDF in content/downloads; keep it elsewhere.")
        return say("{file} is a file of an office program, and is not published", file=name), remedy
    if folder == "downloads":
        message = say("{file} is of no kind that is published from here", file=name)
        kinds = ", ".join(sorted(DOWNLOADS))
        return message, say("Save it as PDF, or put it elsewhere. Published are {kinds}.", kinds=kinds)
    if NOT_SHOWN.fullmatch(suffix):
        message = say("browsers do not show this kind of file ({suffix})", suffix=suffix)
        return message, say("Save it as JPEG (photographs), PNG or SVG (drawings).")
    return say("{file} is no picture, and is not published from here", file=name), say("Put it elsewhere.")


def strays(folder: Path) -> Iterator[Problem]:
    """Files below a folder that somebody can do something about, by their own name; they reach nothing."""
    for file in sorted(folder.rglob("*")):
        path, name = file.relative_to(folder), file.name
        if any(map(LEFT_BY_MACHINES.fullmatch, path.parts)) or not (file.is_file() or file.is_symlink()):
            continue
        public = len(path.parts) > 1 and path.parts[0] in FOLDERS
        if COPIED_BY_MACHINES.fullmatch(name):
            message = say("{file} is a copy made by a program that synchronises folders, and is not used", file=name)
            remedy = say("Take what you need of it into the file it is a copy of, and delete it.")
        elif public and file.is_symlink():
            message = say("{file} is a link to another place, and only real files are published", file=name)
            remedy = PUT_IT_THERE
        elif file.suffix.lower() not in FOLDERS[path.parts[0]] if public else OFFICE.fullmatch(name):
            message, remedy = unfit(path.as_posix())
        else:
            continue
        yield Problem(shown_path(file), None, message, remedy, "warning")


def listed(build: Build) -> dict[str, Path]:
    """The public files of this build, read once."""
    if build.public_files is None:
        build.public_files = public_files(build.content)
    return build.public_files


def ready(build: Build, path: str) -> Path | None:
    """The public file at `path` as it may be published; None where there is none. Raises ContentError as `cleaned`."""
    file = listed(build).get(normalize("NFC", path))
    if file is None:
        return None
    if (suffix := file.suffix.lower()) in DOWNLOADS:
        with file.open("rb") as opened:
            if fault := fault_in(opened, suffix):
                raise ContentError([Problem(shown_path(file), None, *fault)])
        return file
    return cleaned(file, build.cache / "pictures")


def take_over(generator: Any) -> None:
    """On `generator_init`: Pelican finds the files that this gate lets through, and copies none by itself."""
    generator.get_files = partial(_files_for, generator)
    generator.add_source_path = partial(_add, generator)
    if isinstance(generator, StaticGenerator):
        generator.generate_context, generator.generate_output = partial(_find, generator), partial(_write, generator)
    else:
        generator.add_static_links = partial(_note, generator)


def _files_for(generator: Any, paths: list[str], exclude: Any = None, extensions: Any = None) -> set[str]:
    """The pages in these folders, and in folders of theirs, which is told of them. No link is followed."""
    content = Path(generator.path)
    found = [file for path in paths for file in sources(content / path, "**/*.md", True)]
    return {file.relative_to(content).as_posix() for file in found}


def _forms(path: str) -> set[str]:
    """The two ways to write a path with accents: a page may have either, and Pelican compares them as they are."""
    return {normalize(form, path) for form in ("NFC", "NFD")}


def _add(generator: Any, content: Any, static: bool = False) -> None:
    """As Pelican’s: where a link finds `content`."""
    for path in {content.get_relative_source_path(), *_forms(content.get_relative_source_path())}:
        generator.context["static_content" if static else "generated_content"][path] = content


def _note(generator: Any, content: Any) -> None:
    """Pelican would look through each page again, and take any path. A draft is not published, nor is what it shows."""
    if content.status != "draft" or not build_of(generator.settings).published:
        linked = (link.path for link in content.page_links.links if link.what == "{static}")
        generator.context["static_links"].update(linked)


def _find(generator: Any) -> None:
    """What the pages show or link to, ready to be written; `static_content` tells Pelican its address."""
    context, build = generator.context, build_of(generator.settings)
    shown, damaged = build.shown_files, build.damaged_files
    for path in sorted(context["static_links"]):
        try:
            if file := ready(build, path):
                shown[path] = file
                context["static_content"].update(dict.fromkeys(_forms(path), SimpleNamespace(url=quote(path))))
        except ContentError as error:
            damaged[path] = error.args[0]


def _write(generator: Any, writer: Any) -> None:
    build = build_of(generator.settings)
    for path, file in build.shown_files.items():
        put(build, path, file)
