"""Files that are not what their place says: in the folders of the pages, only pages, with plain names."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

from plugins.build import Build, build_of

from ..file_names import DOWNLOADS, FOLDERS, OFFICE, PICTURES
from ..frontmatter import KINDS
from ..problems import Problem, say, shown_path
from ..problems.unreadable import unshowable
from ..public_files import sources, strays

NAME = re.compile(r"[a-z0-9][a-z0-9-]*\.md")


def check_stray_files(generators: list[Any]) -> None:
    """On `all_generators_finalized`: report what nobody will see; when published, that is an error."""
    build = build_of(generators[0].settings)
    for folder in (build.content, build.theme):
        for problem in strays(folder):
            build.report(problem)
    for problem in unread_folders(build.content, tuple(build.languages)):
        build.report(problem)
    for problem in hidden_signs(build):
        build.report(problem)
    for lang in build.languages:
        for kind in KINDS:
            for problem in misplaced(build.content / lang / kind, build.published):
                build.report(problem)


ESCAPED = re.compile(r"\\u([0-9A-Fa-f]{4})")  # of TOML


def hidden_signs(build: Build) -> Iterator[Problem]:
    """Signs that no reader could be shown, in what else ends up on pages: facts, data files, the words of templates.

    Those of a page are told where it is read, and files that are not UTF-8 where they are.
    """
    folders = [(build.content / "data", "*.toml"), (build.theme / "documents", "*.toml")]
    folders += [(build.theme / "translations", "**/*.po")]
    files = {build.practice_file, *(file for folder, pattern in folders for file in sources(folder, pattern))}
    for file in sorted(files):
        with suppress(OSError, UnicodeDecodeError):
            text = file.read_text(encoding="utf-8-sig")
            if file.suffix == ".toml":
                text = ESCAPED.sub(lambda code: chr(int(code[1], 16)), text)
            yield from unshowable(shown_path(file), text)


def unread_folders(content: Path, languages: tuple[str, ...]) -> Iterator[Problem]:
    """Folders with pages in them that no build looks into: a third language, a slip in a name."""
    read = {f"{lang}/{kind}" for lang in languages for kind in KINDS}
    folders = {"/".join(file.relative_to(content).parts[:-1][:2]) for file in sources(content, "**/*.md")}
    for folder in sorted(folders - read - {""}):
        if folder.split("/")[0] in FOLDERS:
            continue  # its own gate tells of each file
        message = say("nothing in this folder becomes a page")
        remedy = say(
            "Pages are in content/en and content/fr, there in the folders {kinds}; put these where they belong, or "
            "keep them outside the folder content.",
            kinds=", ".join(KINDS),
        )
        yield Problem(shown_path(content / folder), None, message, remedy, "warning")


def misplaced(folder: Path, published: bool) -> Iterator[Problem]:
    """The files of a folder of pages that no page is made of, and pages whose names need care."""
    for file in sources(folder):
        if NAME.fullmatch(file.name) or OFFICE.fullmatch(file.name):
            continue
        shown = shown_path(file)
        if file.suffix == ".md":
            message = say("some servers will not find this name: {name}", name=file.name)
            remedy = say("Name it in small letters without accents, figures and hyphens, the same in both languages.")
            yield Problem(shown, None, message, remedy, "warning")
            continue
        remedy = say("Pictures belong in content/images, files to download in content/downloads.")
        if file.suffix.lower() not in PICTURES | DOWNLOADS:
            page = re.sub(r"[^a-z0-9-]+", "-", file.name.split(".")[0].lower()).strip("-")
            remedy = say("If it is one, name it {name}; otherwise put it elsewhere.", name=f"{page}.md")
        message = say("this file is no page, because its name does not end in .md: it is not published")
        yield Problem(shown, None, message, remedy, "error" if published else "warning")
