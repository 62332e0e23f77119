"""Prepares one document: gathers all that its template prints. What is wrong is reported, not raised.

The template theme/documents/NAME.typ gets one JSON value, `doc`: lang, region, title, author, description,
date {year, month, day}, date_text, language_name, words (of theme/documents/words.toml), data (the data file in this
language), chapters (if the data file has some), facts (those that its [document] table names), stations (of the line).
"""

from __future__ import annotations

import datetime
import hashlib
import json
from contextlib import suppress
from pathlib import Path
from typing import Any

from plugins.build import Build
from plugins.disk_cache import DiskCache
from plugins.i18n.catalogs import long_date
from plugins.pdf.render import PreparedDocument
from plugins.practice.facts import is_told
from plugins.problems import ROOT, ContentError, Problem, say, shown_path
from plugins.problems.lines import line_with
from plugins.public_files import ready, why_not
from plugins.trajectory import stations

from .data_file import data_path, localized, read_data, templates_folder
from .fact_values import fact_value
from .library import Library
from .tree import Node, missing_facts, nodes

REGIONS = {"en": "GB", "fr": "FR"}


def prepare(name: str, raw: dict[str, Any], library: Library, offered_on: list[datetime.date]) -> PreparedDocument:
    """The document NAME in the library's language; `offered_on` are the dates of the pages that offer it."""
    from .chapters import Composer  # with its parser of HTML, slow to load: not needed where nothing changed

    build, lang = library.build, library.lang
    data = localized(
        {key: value for key, value in raw.items() if key not in ("document", "chapters")},
        lang,
        build.date.year,
    )
    specs = [_titled(localized(chapter, lang, 0), library) for chapter in raw.get("chapters", [])]
    composer = Composer(
        library.pages,
        library.sections,
        shown_path(data_path(name, build)),
        library.address,
        _reporter(build),
        lambda path: build.is_unread(f"{lang}/{path}"),
    )
    chapters = composer.chapters(specs)
    _refuse_missing_facts(chapters, build)
    _place_pictures(chapters, build)
    used = [
        library.dates[part["page"]]
        for chapter in specs
        for part in chapter.get("parts", [])
        if part.get("page") in library.dates
    ]
    day = max(used or offered_on or [build.date.date()])
    names = build.languages[lang]
    value = {
        "lang": lang,
        "region": REGIONS.get(lang, lang.upper()),
        "language_name": names.name,
        "title": data["title"],
        "description": data.get("description", data["title"]),
        "author": str(build.facts.trade_name or build.settings["SITENAME"]),
        "date": {"year": day.year, "month": day.month, "day": day.day},
        "date_text": long_date(day, lang, names.locale),
        "words": localized(read_data(templates_folder(build) / "words.toml"), lang, 0),
        "data": data,
        "chapters": chapters,
        "stations": stations(build),
        "facts": {fact: fact_value(build.facts, fact, lang) for fact in raw.get("document", {}).get("facts", [])},
    }
    return _document(name, lang, build, value)


def _document(name: str, lang: str, build: Build, value: dict[str, Any]) -> PreparedDocument:
    folder = templates_folder(build)
    return PreparedDocument(name, lang, folder.parent.parent, folder / f"{name}.typ", value)


def prepare_cached(
    name: str, raw: dict[str, Any], library: Library, offered_on: list[datetime.date], folder: Path
) -> PreparedDocument:
    """The same as `prepare`, read from `folder` as long as nothing it is made of changes."""
    build, lang = library.build, library.lang
    key = hashlib.sha256(repr((name, raw, offered_on, library.digest())).encode()).hexdigest()[:20]
    disk = DiskCache(folder, f"{name}.{lang}", "json")
    with suppress(ValueError):
        if (found := disk.find(key)) and isinstance(value := json.loads(found[1]), dict):
            return _document(name, lang, build, value)
    told = len(build.problems)
    prepared = prepare(name, raw, library, offered_on)
    if len(build.problems) == told and not build.unread:  # a problem has to be told by the next build as well
        with suppress(OSError):  # the disk is full, perhaps
            disk.keep(key, json.dumps(prepared.value).encode())
            disk.only([key])
    return prepared


def _titled(chapter: dict[str, Any], library: Library) -> dict[str, Any]:
    """A chapter without a title takes that of its first part."""
    if "title" not in chapter:
        first = chapter.get("parts", [{}])[0]
        source = library.sections.get(first.get("section", "")) or library.pages.get(first.get("page", ""))
        chapter["title"] = source.title if source else chapter["id"]
    return chapter


def _reporter(build: Build) -> Any:
    def tell(file: str, message: str, remedy: str, near: str) -> None:
        path = ROOT / file if (ROOT / file).exists() else build.content / file
        build.report(Problem(shown_path(path), line_with(path, near) if near else None, message, remedy))

    return tell


def _place_pictures(chapters: list[Node], build: Build) -> None:
    """Give each picture the file that may be published, from the project's folder on; report one there is not."""
    content, tell = build.content, _reporter(build)
    for block in (block for chapter in chapters for block in chapter["c"]):
        for node in (node for node in nodes([block]) if node.get("t") == "img"):
            try:
                if file := ready(build, node["src"]):
                    node["src"] = f"/{file.relative_to(templates_folder(build).parent.parent).as_posix()}"
                    continue
                message, remedy = why_not(content, node["src"], node["src"])
                tell(block["from"], message, remedy, node["src"].rsplit("/", 1)[-1])
            except ContentError as error:
                for problem in error.args[0]:
                    build.report(problem)


def _refuse_missing_facts(chapters: list[Node], build: Build) -> None:
    """When published, a mark [to be completed: …] in a document is an error; in preview it is printed.

    plugins/practice tells of every fact that the law or a page asks for: the ones left are told here.
    """
    if not build.published or build.reading.broken:
        return
    for block in (block for chapter in chapters for block in chapter["c"]):
        for fact in (fact for fact in missing_facts(block) if not is_told(fact, build.gaps)):
            file = shown_path(build.content / block.get("from", ""))
            message = say('a document prints the fact "{fact}", which is missing', fact=fact)
            build.report(Problem(file, None, message, say("Fill it in, in content/data/practice.toml.")))
