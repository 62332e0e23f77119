"""Finds every sentence that the code and the desk say to the owner, and brings fr.po up to date with them."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog
from jinja2 import Environment
from jinja2.ext import extract_from_ast

from plugins.problems import ROOT
from plugins.problems.messages import CATALOG
from tools.update_catalogs import brought_up_to_date, untranslated, write

SOURCES = ["plugins/**/*.py", "tools/**/*.py", "tasks.py"]
TEMPLATES = "tools/**/*.html"
HEADER = (
    "# What the owner is told, in French. Updated by “invoke messages”; write the translations after msgstr.\n"
    "# Names between braces stay as they are. Type ordinary spaces: the right ones are put in."
)


def sentences_in(source: str) -> Iterator[tuple[int, str]]:
    """(line, sentence) of every `say("…")`, and of both halves of `say("…" if … else "…")`."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "say" and node.args:
            first = node.args[0]
            for part in [first.body, first.orelse] if isinstance(first, ast.IfExp) else [first]:
                if isinstance(part, ast.Constant) and isinstance(part.value, str):
                    yield node.lineno, part.value


def sentences_of(template: str) -> Iterator[tuple[int, str]]:
    """(line, sentence) of every `say("…")` in a Jinja template."""
    for line, _, sentence in extract_from_ast(Environment(autoescape=True).parse(template), ("say",)):
        yield from ((line, part) for part in ([sentence] if isinstance(sentence, str) else sentence or []) if part)


def extract(root: Path = ROOT) -> Catalog:
    """Every sentence of the plugins, the tools and the tasks, with the files that say it."""
    catalog = Catalog(
        locale="fr", project="human-trajectory-makers", header_comment=HEADER, charset="utf-8", fuzzy=False
    )
    for pattern in SOURCES:
        for file in sorted(root.glob(pattern)):
            for _, sentence in sentences_in(file.read_text(encoding="utf-8")):
                catalog.add(sentence, None, [(file.relative_to(root).as_posix(), 0)])
    for file in sorted(root.glob(TEMPLATES)):
        for _, sentence in sentences_of(file.read_text(encoding="utf-8")):
            catalog.add(sentence, None, [(file.relative_to(root).as_posix(), 0)])
    return catalog


def update(path: Path = CATALOG) -> str:
    """Write fr.po anew, keeping what was translated. Returns a line for the terminal."""
    template = extract()
    catalog = brought_up_to_date(path, template, "fr")
    write(catalog, path)
    return f"{len(template)} sentences for the owner; {path.name}: {len(untranslated(catalog))} without a translation"
