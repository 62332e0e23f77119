"""Gathers what one document says: data file, chapters, facts, date. What is wrong is reported, not raised."""

from __future__ import annotations

import datetime
import hashlib
import json
import tomllib
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from plugins.i18n.catalogs import long_date
from plugins.problems import ROOT, ContentError, Problem, problems_of, report, say, shown_path, unreadable
from plugins.public_files import listed, ready, why_not
from plugins.shelf import Shelf

from .data import localized, read_data
from .known import fact_value
from .render import Prepared

if TYPE_CHECKING:
    from .tree import Node

REGIONS = {"en": "GB", "fr": "FR"}


@dataclass(frozen=True)
class Source:
    """A page or a section as composed: `path` is relative to content/, `file` is what a message names."""

    key: str
    title: str
    html: str
    path: str
    file: str


@dataclass(frozen=True)
class Library:
    """The readable sources of one language, and how to reach them.

    `dates`: page key -> day of its last change; `addresses`: path in the content folder -> full address.
    """

    lang: str
    settings: dict[str, Any]
    pages: dict[str, Source]
    sections: dict[str, Source]
    dates: dict[str, datetime.date]
    addresses: dict[str, str]

    def address(self, path: str, fragment: str) -> str | None:
        """The full address of a page by its path in the content folder, `en/pages/faq.md`; None where there is none."""
        address = self.addresses.get(path)
        return address and f"{address}{'#' + fragment if fragment else ''}"

    def digest(self) -> str:
        """Names all that a document can be made of, but for its own data file."""
        settings = self.settings
        facts = settings["PRACTICE_READING"]
        parts = [
            (self.lang, self.pages, self.sections, self.dates, sorted(self.addresses.items())),
            (settings["PARSED"].key, settings["SITENAME"], settings["PUBLISHED"], settings["BUILD_DATE"].date()),
            [(path, file.stat().st_size, file.stat().st_mtime_ns) for path, file in listed(settings).items()],
            (facts.practice, [gap.field for gap in facts.gaps], read_data(templates(settings) / "words.toml")),
        ]
        return hashlib.sha256(repr(parts).encode()).hexdigest()


def templates(settings: dict[str, Any]) -> Path:
    """Where the documents' design is."""
    return Path(settings["THEME"]) / "documents"


def data_file(name: str, settings: dict[str, Any]) -> Path:
    """Where the document NAME is defined."""
    return Path(settings["PATH"]) / "data" / f"{name}.toml"


def file_name(name: str, lang: str, data: dict[str, Any], pages: dict[str, str]) -> str:
    """`coaching-process-guide.pdf`: [document] file says it, else the last part of the page's slug."""
    given = data.get("document", {}).get("file", {}).get(lang)
    return f"{given or pages.get(name, name).rsplit('/', 1)[-1]}.pdf"


def read(name: str, settings: dict[str, Any]) -> dict[str, Any] | None:
    """The data file as written, or None after its problem was reported."""
    path = data_file(name, settings)
    shown = shown_path(path)
    template = templates(settings) / f"{name}.typ"
    if not path.exists() or not template.exists():
        missing = shown if not path.exists() else shown_path(template)
        message = say('a page offers the document "{name}", but this file is missing', name=name)
        report(settings, Problem(missing, None, message, say('Write it, or correct "documents:" in the page.')))
        return None
    try:
        raw = read_data(path)
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        text = "" if isinstance(error, OSError) else path.read_text(encoding="utf-8-sig", errors="replace")
        report(settings, unreadable(shown, error, text))
        return None
    return raw if _is_whole(raw, shown, settings) else None


def _is_whole(raw: dict[str, Any], shown: str, settings: dict[str, Any]) -> bool:
    """Whether the file has what every document needs; what it lacks is reported."""
    lacks = [] if "title" in raw else [("title = { en = …, fr = … }", say("the document"))]
    chapters = raw.get("chapters", [])
    lacks += [
        (f"{key} = …", say("chapter {number}", number=number))
        for number, entry in enumerate(chapters, 1)
        for key in ("id", "parts")
        if key not in entry
    ]
    forms = {form.get("id") for form in raw.get("forms", [])}
    parts = [part for entry in chapters for part in entry.get("parts", [])]
    used = [part[kind] for part in parts for kind in ("form", "pointer") if kind in part]
    lacks += [(f'[[forms]] id = "{name}"', say("a chapter’s form")) for name in used if name not in forms]
    for what, where in lacks:
        message = say("{where} has no {what}", where=where, what=what)
        report(settings, Problem(shown, None, message, say("Add it; the entries beside it show the form.")))
    return not lacks


def prepare(name: str, raw: dict[str, Any], library: Library, offered_on: list[datetime.date]) -> Prepared:
    """The document NAME in the library's language; `offered_on` are the dates of the pages that offer it."""
    from .compose import Composer  # with its parser of HTML, slow to load: not needed where nothing changed

    settings, lang = library.settings, library.lang
    data = localized(
        {key: value for key, value in raw.items() if key not in ("document", "chapters")},
        lang,
        settings["BUILD_DATE"].year,
    )
    specs = [_titled(localized(chapter, lang, 0), library) for chapter in raw.get("chapters", [])]
    composer = Composer(
        library.pages, library.sections, shown_path(data_file(name, settings)), library.address, _reporter(settings)
    )
    chapters = composer.chapters(specs)
    _refuse_missing_facts(chapters, settings)
    _place_pictures(chapters, settings)
    used = [
        library.dates[part["page"]]
        for chapter in specs
        for part in chapter.get("parts", [])
        if part.get("page") in library.dates
    ]
    day = max(used or offered_on or [settings["BUILD_DATE"].date()])
    names = settings["LANGUAGES"][lang]
    value = {
        "lang": lang,
        "region": REGIONS.get(lang, lang.upper()),
        "language_name": names["name"],
        "title": data["title"],
        "description": data.get("description", data["title"]),
        "author": str(settings["PRACTICE"].trade_name or settings["SITENAME"]),
        "date": {"year": day.year, "month": day.month, "day": day.day},
        "date_text": long_date(day, lang, names["locale"]),
        "words": localized(read_data(templates(settings) / "words.toml"), lang, 0),
        "data": data,
        "chapters": chapters,
        "facts": {
            fact: fact_value(settings["PRACTICE"], fact, lang) for fact in raw.get("document", {}).get("facts", [])
        },
    }
    return _prepared(name, lang, settings, value)


def _prepared(name: str, lang: str, settings: dict[str, Any], value: dict[str, Any]) -> Prepared:
    return Prepared(name, lang, templates(settings).parent.parent, templates(settings) / f"{name}.typ", value)


def prepared_before(
    name: str, raw: dict[str, Any], library: Library, offered_on: list[datetime.date], folder: Path
) -> Prepared:
    """The same as `prepare`, kept in `folder` as long as nothing it is made of changes."""
    settings, lang = library.settings, library.lang
    key = hashlib.sha256(repr((name, raw, offered_on, library.digest())).encode()).hexdigest()[:20]
    shelf = Shelf(folder, f"{name}.{lang}", "json")
    with suppress(ValueError):
        if (found := shelf.find(key)) and isinstance(value := json.loads(found[1]), dict):
            return _prepared(name, lang, settings, value)
    told = len(problems_of(settings))
    prepared = prepare(name, raw, library, offered_on)
    if len(problems_of(settings)) == told:  # a problem has to be told by the next build as well
        with suppress(OSError):  # the disk is full, perhaps
            shelf.keep(key, json.dumps(prepared.value).encode())
            shelf.only([key])
    return prepared


def _titled(chapter: dict[str, Any], library: Library) -> dict[str, Any]:
    """A chapter without a title takes that of its first part."""
    if "title" not in chapter:
        first = chapter.get("parts", [{}])[0]
        source = library.sections.get(first.get("section", "")) or library.pages.get(first.get("page", ""))
        chapter["title"] = source.title if source else chapter["id"]
    return chapter


def _reporter(settings: dict[str, Any]) -> Any:
    def tell(file: str, message: str, remedy: str, near: str) -> None:
        path = ROOT / file if (ROOT / file).exists() else Path(settings["PATH"]) / file
        lines = path.read_text(encoding="utf-8-sig").splitlines() if path.exists() else []
        line = next((number for number, text in enumerate(lines, start=1) if near and near in text), None)
        report(settings, Problem(shown_path(path), line, message, remedy))

    return tell


def _place_pictures(chapters: list[Node], settings: dict[str, Any]) -> None:
    """Give each picture the file that may be published, from the project's folder on; report one there is not."""
    from .survey import nodes

    content, tell = Path(settings["PATH"]), _reporter(settings)
    for block in (block for chapter in chapters for block in chapter["c"]):
        for node in (node for node in nodes([block]) if node.get("t") == "img"):
            try:
                if file := ready(settings, node["src"]):
                    node["src"] = f"/{file.relative_to(templates(settings).parent.parent).as_posix()}"
                    continue
                message, remedy = why_not(content, node["src"], node["src"])
                tell(block["from"], message, remedy, node["src"].rsplit("/", 1)[-1])
            except ContentError as error:
                for problem in error.args[0]:
                    report(settings, problem)


def _refuse_missing_facts(chapters: list[Node], settings: dict[str, Any]) -> None:
    """When published, a mark [to be completed: …] in a document is an error; in preview it is printed.

    plugins/practice tells of every fact that the law or a page asks for: the ones left are told here.
    """
    if not settings.get("PUBLISHED"):
        return
    told = {gap.field for gap in settings.get("FACT_GAPS", [])}
    from .survey import missing_facts

    for block in (block for chapter in chapters for block in chapter["c"]):
        for fact in (fact for fact in missing_facts(block) if fact not in told):
            file = shown_path(Path(settings["PATH"]) / block.get("from", ""))
            message = say('a document prints the fact "{fact}", which is missing', fact=fact)
            report(settings, Problem(file, None, message, say("Fill it in, in content/data/practice.toml.")))
