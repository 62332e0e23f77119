"""The practice's own statements, S01 to S46: each is still on every page that content/data/statements.toml names."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

from plugins.problems import Problem, nearest, say, shown_path, unreadable
from plugins.public_files import sources

from .prose import read
from .site import CheckedSite

MARKER = re.compile(r'data-s="([^"]*)"')


def problems(site: CheckedSite) -> Iterator[Problem]:
    """A statement that a page has lost, and a marker that names none."""
    listed = site.content / "data" / "statements.toml"
    try:
        statements = tomllib.loads(listed.read_text(encoding="utf-8-sig"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        yield unreadable(shown_path(listed), error, read(listed))
        return
    by_templates = {name for file in sources(site.theme, "**/*.html") for name, _ in markers(file)}
    for lang in site.languages:
        found: dict[str, set[str]] = {}
        for file in sources(site.content / lang, "**/*.md"):
            for name, line in markers(file):
                found.setdefault(file.stem, set()).add(name)
                if name not in statements:
                    message = say(
                        'there is no statement "{name}".{nearest}', name=name, nearest=nearest(name, statements)
                    )
                    yield Problem(shown_path(file), line, message, say("Correct the number in data-s."))
        for name, statement in statements.items():
            for key in statement.get("pages", []):
                if name in found.get(key, ()) or name in by_templates:
                    continue
                file = next(
                    iter((site.content / lang).glob(f"*/{key}.md")), site.content / lang / "pages" / f"{key}.md"
                )
                message = say("this page no longer says statement {name}: {text}", name=name, text=statement["text"])
                remedy = say(
                    'Say it again, and mark the sentence with {: data-s="…" }; or, where the practice has changed, '
                    "change content/data/statements.toml."
                )
                yield Problem(shown_path(file), None, message, remedy)


def markers(file: Path) -> Iterator[tuple[str, int]]:
    """(statement, line) of every marker in a file."""
    for number, line in enumerate(read(file).split("\n"), start=1):
        for names in MARKER.findall(line):
            yield from ((name, number) for name in names.split())
