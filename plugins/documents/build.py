"""Makes the documents that the pages of a Pelican build offer, renders those that changed, and writes their files."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from plugins.build import Build
from plugins.output_gate import put
from plugins.pdf.cache import PdfCache
from plugins.pdf.render import render

from .data_file import pdf_name, read_definition
from .downloads import Download, size_text
from .library import Library, read_library
from .prepare import prepare_cached
from .render_problems import problem_of


def make_documents(build: Build) -> None:
    """Render every document that a page offers, or find it in the cache: `build.documents`."""
    contents = build.site.contents
    made: dict[tuple[str, str], Download] = {}
    build.documents = made
    offers: dict[str, dict[str, list[Any]]] = {}
    for content in contents:
        for name in getattr(content, "documents", None) or []:
            offers.setdefault(name, {}).setdefault(content.lang, []).append(content)
    if not offers:
        return
    libraries = {lang: read_library(lang, build) for lang in build.languages}
    for name, by_lang in offers.items():
        if (raw := read_definition(name, build)) is None:
            continue
        for lang, pages in by_lang.items():
            slugs = {content.key: content.slug for content in contents if content.lang == lang}
            if download := _make(name, raw, libraries[lang], pages, pdf_name(name, lang, raw, slugs)):
                made[name, lang] = download


def _make(name: str, raw: dict[str, Any], library: Library, pages: list[Any], file: str) -> Download | None:
    """Render or find one document. A failure is told; in preview the last good one stands in."""
    build, lang = library.build, library.lang
    folder = build.cache / "documents"
    cache = PdfCache(folder, name, lang)
    days = [library.dates[page.key] for page in pages if page.key in library.dates]
    told = len(build.problems)
    prepared = prepare_cached(name, raw, library, days, folder)
    key = prepared.key()
    data = cache.find(key)
    if data is None and not any(problem.severity == "error" for problem in build.problems[told:]):
        try:
            data = cache.keep(key, render(prepared))
        except Exception as error:
            build.report(problem_of(error, prepared, library))
    if data is None:
        data = None if build.published else cache.last()
        if not build.published:
            _soften(build, told)
        if data is None:
            return None
    target = f"{lang}/{file}"
    return Download(
        name,
        prepared.value["title"],
        f"{build.settings['SITEURL']}/{target}",
        "PDF",
        size_text(len(data), lang),
        prepared.value["date_text"],
        lang,
        data,
        target,
        prepared,
    )


def _soften(build: Build, start: int) -> None:
    """In preview, what is wrong with a document is shown and does not stop the site."""
    build.problems[start:] = [replace(problem, severity="warning") for problem in build.problems[start:]]


def write_documents(build: Build) -> None:
    """Put every document at its address."""
    for download in build.documents.values():
        put(build, download.target, download.data)
