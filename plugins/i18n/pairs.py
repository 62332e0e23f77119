"""What must hold once every page is read: each has its pair, an address of its own, and the menus name pages there are.

Each rule is a function that gives its problems in the order of the pages.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import chain
from typing import Any

from pelican.contents import Content

from plugins.build import Build, build_of

from ..problems import Problem, nearest, say, shown_path
from ..problems.lines import line_of_fact
from .drafts import drafts_of, leave_out_drafts
from .languages import Site, contents_of

PAIR_IS_DRAFT = say(
    "this page is published, but {file}, its {language} version, is a draft", language="{language}", file="{file}"
)
PAIR_IS_MISSING = say("this page has no {language} version: {file} is missing", language="{language}", file="{file}")


def pair_languages(generators: list[Any]) -> None:
    """On `all_generators_finalized`: fill the site, and report what has no pair, no page, or a taken address."""
    build = build_of(generators[0].settings)
    site = build.site
    contents, drafts = list(contents_of(generators)), list(drafts_of(generators))
    site.fill(contents, drafts)
    settle_addresses([*contents, *drafts])
    unpaired = list(pages_without_pair(site, contents))
    for problem in chain(
        missing_pairs(site, unpaired),
        taken_addresses([*contents, *drafts]),
        missing_menu_pages(site, {(lang, content.key) for content, lang in unpaired}),
    ):
        build.report(problem)
    leave_out_drafts(generators)


def settle_addresses(contents: Iterable[Content]) -> None:
    """Keep each address, now final: every page that links there asks, and Pelican would work it out each time."""
    for content in contents:
        content.override_url, content.override_save_as = content.url, content.save_as


def pages_without_pair(site: Site, contents: Iterable[Content]) -> Iterator[tuple[Content, str]]:
    """Each published page that has no pair and does not say why, with the language it should also be in."""
    for content in contents:
        excused = getattr(content, "unpaired", None) or getattr(content, "pending", False)
        if not excused and site.other(content) is None:
            yield from ((content, lang) for lang in site.build.languages if lang != content.lang)


def missing_pairs(site: Site, unpaired: Iterable[tuple[Content, str]]) -> Iterator[Problem]:
    """A page without a pair: the pair is a draft, or is not there. One that could not be read has been told."""
    for content, lang in unpaired:
        if draft := site.drafts.get((lang, content.key)):
            if not getattr(draft, "pending", False):
                yield _pair_is_draft(site.build, content, lang)
        elif not _has_file(site.build, lang, content.key):
            yield _pair_is_missing(site.build, content, lang)


def _pair_is_draft(build: Build, content: Content, lang: str) -> Problem:
    language, file = say(build.languages[lang].english), _pair_of(content, lang)
    message = say(PAIR_IS_DRAFT.template, language=language, file=file)
    remedy = say("Finish it and remove its “status: draft” line, or write “translation: pending” in it.")
    return Problem(shown_path(content.source_path), None, message, remedy)


def _pair_is_missing(build: Build, content: Content, lang: str) -> Problem:
    language, file = say(build.languages[lang].english), _pair_of(content, lang)
    message = say(PAIR_IS_MISSING.template, language=language, file=file)
    remedy = say(
        "Write it; “git restore {file}” brings it back if it was deleted. To publish without it, write "
        "“translation: pending” in the front matter of this one.",
        file=file,
    )
    return Problem(shown_path(content.source_path), None, message, remedy)


def _pair_of(content: Content, lang: str) -> str:
    """The file that says the same as `content` in `lang`, as an author knows it."""
    return shown_path(content.source_path).replace(f"content/{content.lang}/", f"content/{lang}/")


def taken_addresses(contents: Iterable[Content]) -> Iterator[Problem]:
    """A page whose address belongs to one before it."""
    places: dict[str, list[Content]] = defaultdict(list)
    for content in contents:
        places[content.save_as].append(content)
    for place, (first, *rivals) in places.items():
        for content in rivals:
            file = shown_path(first.source_path)
            message = say(
                "the address /{url} is taken already by {file} ({place})", url=content.url, file=file, place=place
            )
            remedy = say("Give one of the two another slug (now “slug: {slug}”).", slug=content.slug)
            yield Problem(shown_path(content.source_path), content.lines.get("slug"), message, remedy)


def missing_menu_pages(site: Site, told: set[tuple[str, str]]) -> Iterator[Problem]:
    """A name in a menu that is no page of a language: it is a draft's, or nothing's.

    Not one of `told`, nor of a file that could not be read: those have been told where they are missing.
    """
    build = site.build
    pages = {lang: site.keys(lang) for lang in build.languages}
    for menu, keys in build.menus.items():
        for lang, key in ((lang, key) for lang in pages for key in keys if key not in pages[lang]):
            if (lang, key) in site.drafts:
                yield _menu_names_draft(build, menu, lang, key)
            elif (lang, key) not in told and not _has_file(build, lang, key):
                yield _menu_names_nothing(build, menu, lang, key, pages[lang])


def _menu_names_draft(build: Build, menu: str, lang: str, key: str) -> Problem:
    message = say(
        'the menu "{name}" names the page "{key}", which is a draft in content/{lang}/pages',
        name=menu,
        key=key,
        lang=lang,
    )
    remedy = say("Finish that page and remove its “status: draft” line, or take it out of the menu.")
    return Problem("content/data/navigation.toml", _line_of_menu(build, menu), message, remedy)


def _menu_names_nothing(build: Build, menu: str, lang: str, key: str, pages: list[str]) -> Problem:
    message = say(
        'the menu "{name}" names the page "{key}", which is not in content/{lang}/pages', name=menu, key=key, lang=lang
    )
    remedy = say("Correct the name or write the page.{nearest}", nearest=nearest(key, pages))
    return Problem("content/data/navigation.toml", _line_of_menu(build, menu), message, remedy)


def _has_file(build: Build, lang: str, key: str) -> bool:
    """Whether there is a file for a page or an article, be it readable or not."""
    return any((build.content / lang / kind / f"{key}.md").is_file() for kind in ("pages", "articles"))


def _line_of_menu(build: Build, name: str) -> int | None:
    file = build.content / "data" / "navigation.toml"
    return line_of_fact(file.read_text(encoding="utf-8-sig"), name) if file.is_file() else None
