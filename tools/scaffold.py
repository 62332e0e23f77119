"""`invoke new`: a page or an article in both languages, as drafts that say what is left to write."""

from __future__ import annotations

import datetime
import os
import re
from pathlib import Path

import yaml
from unidecode import unidecode

from plugins.files import refused, write
from plugins.frontmatter import MARKUP
from plugins.problems import ROOT, ContentError, Problem, say, shown_path

LONGEST = 80  # letters of an address: what a search engine shows of one
FOLDERS = {"page": "pages", "article": "articles"}
WORDS = {
    "en": {
        "slug": "to-write-{key}",
        "title": "To write: the English title of “{title}”",
        "description": "To write: one sentence of 70 to 160 characters that says what the reader finds on this page.",
        "body": "To write: the first paragraph.\n\n## A first heading\n\nAnd what follows.",
    },
    "fr": {
        "slug": "a-ecrire-{key}",
        "title": "À écrire : le titre français de « {title} »",
        "description": "À écrire : une phrase de 70 à 160 caractères qui dit ce que l’on trouve sur cette page.",
        "body": "À écrire : le premier paragraphe.\n\n## Un premier intertitre\n\nEt la suite.",
    },
}


def slug_of(title: str) -> str:
    """`Définir un objectif` → `definir-un-objectif`, `Großer Plan` → `grosser-plan`; as many whole words as fit."""
    slug = re.sub(r"[^a-z0-9]+", "-", unidecode(title).lower()).strip("-")
    return slug if len(slug) <= LONGEST else slug[: LONGEST + 1].rpartition("-")[0] or slug[:LONGEST]


def checked_slug_of(title: str) -> str:
    """The same, for a new page. Raises ContentError where this is no title."""
    if found := MARKUP.search(title):
        message = say("a title is plain text: “{markup}” would be printed", markup=found[0])
        raise ContentError([Problem("invoke new", None, message, say("Leave it out."))])
    if slug := slug_of(title):
        return slug
    message = say("this title has no letter that could make an address")
    raise ContentError([Problem("invoke new", None, message, say("Give it a title with letters in it."))])


def new(kind: str, title: str, lang: str, content: Path = ROOT / "content") -> list[Path]:
    """Write both files and return them, the one in `lang` first. Raises ContentError where one is in the way."""
    title = title.strip()
    if kind not in FOLDERS:
        message = say('there is no kind "{kind}"', kind=kind)
        remedy = say("Write: invoke new page “The title” --lang en (or article, or fr).")
        raise ContentError([Problem("invoke new", None, message, remedy)])
    key = checked_slug_of(title)
    order = [lang, *(other for other in WORDS if other != lang)]
    files = [content / name / FOLDERS[kind] / f"{key}.md" for name in order]
    taken = [content / name / folder / f"{key}.md" for name in order for folder in FOLDERS.values()]
    if there := next((file for file in taken if os.path.lexists(file)), None):
        message = say("this page exists already")
        raise ContentError([Problem(shown_path(there), None, message, say("Choose another title, or open that file."))])
    written: list[Path] = []
    try:
        for name, file in zip(order, files, strict=True):
            write(file, draft(kind, key, title, name, original=name == lang).encode(), new=True)
            written.append(file)
    except OSError as error:
        for begun in written:  # both, or none
            begun.unlink()
        message = say("this page cannot be written: {reason}", reason=refused(error))
        remedy = say("Choose a shorter title, or look whether there is room and whether you may write there.")
        raise ContentError([Problem(shown_path(file), None, message, remedy)]) from None
    return files


def draft(kind: str, key: str, title: str, lang: str, original: bool) -> str:
    """The text of one file. In the other language the title and the address are still to be written as well."""
    today, words = datetime.date.today(), WORDS[lang]  # noqa: DTZ011 - the owner's own day
    matter = {
        "title": title if original else words["title"].format(title=title),
        "slug": key if original else words["slug"].format(key=key),
        "description": words["description"],
    }
    lines = [f"{name}: {quoted(value)}" for name, value in matter.items()]
    lines += [f"date: {today}"] if kind == "article" else []
    lines += [f"modified: {today}", "status: draft", "translation: pending"]
    return "\n".join(["---", *lines, "---", "", words["body"], ""])


def quoted(text: str) -> str:
    """`text` as YAML on one line, between double quotes only where it needs them."""
    try:
        if yaml.safe_load(f"k: {text}") == {"k": text}:
            return text
    except yaml.YAMLError:
        pass
    return yaml.safe_dump(text, default_style='"', allow_unicode=True, width=10**6).strip()


def next_steps(files: list[Path]) -> list[str]:
    """What to do next, for the terminal."""
    lines: list[str] = [say("Two drafts are written:")]
    lines += [f"    {shown_path(file)}" for file in files]
    lang, key = files[0].parent.parent.name, files[0].stem
    lines.append(
        say("Save, and the preview shows it at /{lang}/drafts/{key}/; no menu, list or feed does.", lang=lang, key=key)
    )
    lines.append(
        say(
            "When a version is finished, remove its “status: draft” line; when both say the same, run "
            "“invoke translated {key}”.",
            key=key,
        )
    )
    return lines
