"""Brings the gettext catalogs up to date with the templates, keeping what was translated."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import check_and_call_extract_file
from babel.messages.pofile import read_po, write_po

from plugins import files
from plugins.problems import ROOT
from plugins.public_files import sources

TRANSLATIONS = ROOT / "theme" / "translations"
METHODS = [("**.html", "jinja2"), ("**.xml", "jinja2"), ("**.txt", "jinja2"), ("**.webmanifest", "jinja2")]
OPTIONS = {pattern: {"trimmed": "true", "silent": "false"} for pattern, _ in METHODS}
HEADER = "# The words of the templates. Updated by “invoke messages”; write the translations after msgstr."
UNUSED = (
    "POT-Creation-Date",
    "PO-Revision-Date",
    "Generated-By",
    "Report-Msgid-Bugs-To",
    "Last-Translator",
    "Language-Team",
)
KEYWORDS = {"_": None, "gettext": None, "ngettext": (1, 2), "_in": (2,)}


def extract() -> Catalog:
    """Every message of the templates, sorted by place."""
    template = Catalog(project="human-trajectory-makers", header_comment=HEADER, charset="utf-8", fuzzy=False)
    templates = ROOT / "theme" / "templates"
    found = [
        message
        for file in sources(templates, "**/*")
        for message in check_and_call_extract_file(
            str(file), METHODS, OPTIONS, None, KEYWORDS, ("translators:",), True, str(templates)
        )
    ]
    for file, _, message, comments, context in sorted(found):
        # No line numbers: they would change the catalogs with every edit of a template.
        template.add(
            message, None, [(f"theme/templates/{Path(file).as_posix()}", 0)], auto_comments=comments, context=context
        )
    return template


def write(catalog: Catalog, path: Path) -> None:
    """Write `catalog` at `path`."""
    file = BytesIO()
    write_po(file, catalog, width=120, omit_header=False, ignore_obsolete=True, include_lineno=False, sort_by_file=True)
    lines = file.getvalue().decode().splitlines()
    kept = [line for line in lines if not line.startswith(tuple(f'"{name}:' for name in UNUSED))]
    files.write(path, f"{chr(10).join(kept).rstrip()}\n".encode())


def brought_up_to_date(path: Path, template: Catalog, lang: str) -> Catalog:
    """The catalog at `path`, or an empty one, with the messages of `template` and no others."""
    catalog = Catalog(locale=lang, project=template.project, charset="utf-8", fuzzy=False)
    if path.exists():
        with path.open(encoding="utf-8-sig") as file:
            catalog = read_po(file, locale=lang)
    catalog.header_comment = template.header_comment
    catalog.update(template, no_fuzzy_matching=True)
    return catalog


def untranslated(catalog: Catalog) -> list[Message]:
    """The messages that lack a translation, or one of its plural forms."""
    return [message for message in catalog if message.id and not all(_strings(message))]


def update(translations: Path = TRANSLATIONS) -> str:
    """Update messages.pot and each language's messages.po; new English messages say what they are. Returns a report."""
    template = extract()
    write(template, translations / "messages.pot")
    lines = [f"{len(template)} messages in the templates"]
    for lang in ("en", "fr"):
        path = translations / lang / "LC_MESSAGES" / "messages.po"
        catalog = brought_up_to_date(path, extract(), lang)  # Babel shares the messages of a template between catalogs
        for message in untranslated(catalog) if lang == "en" else ():
            if not any(_strings(message)):
                message.string = message.id
        write(catalog, path)
        lines.append(f"{path.relative_to(translations).as_posix()}: {len(untranslated(catalog))} without a translation")
    return "\n".join(lines)


def _strings(message: Message) -> tuple[Any, ...]:
    return message.string if isinstance(message.string, tuple) else (message.string,)
