"""The list of pages and articles: both languages side by side, each with how it stands in words."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from hashlib import sha256
from pathlib import Path

from babel.dates import format_date
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route
from unidecode import unidecode

from plugins.build import LANGUAGES
from plugins.i18n.alignment import Pair, pairs
from plugins.problems import Message, say
from tools.preview.panel import RESERVED
from tools.publish.record import Published, last_published

from ..desk import Desk, desk_of
from ..languages.page_languages import IN
from ..overview import Told, told_problems
from ..shown import shown
from ..site_pages import FOLDERS, SitePage, listed, page_of, sections
from ..spoken import language_of
from .deletion import needed


@dataclass(frozen=True)
class Version:
    """A page in one language, and how it stands."""

    page: SitePage
    state: Message | None

    @property
    def place(self) -> str:
        """Where it is read; of one that cannot be read, where it is mended."""
        is_legible = self.page.slug or self.page.key == "home"
        return self.page.address if is_legible else f"{RESERVED}text?page={self.page.name}"


@dataclass(frozen=True)
class Row:
    """A page in the languages that it has.

    `between` says how these stand to each other ("" where there is nothing to say), `behind` that one has to follow,
    `missing` is the language that is not written.
    """

    versions: list[Version]
    between: Message | str
    behind: bool
    missing: str
    problems: list[Told]
    needed: bool

    @property
    def name(self) -> str:
        """What it is called on the desk whatever the language: pages/faq."""
        return self.first.name.partition("/")[2]

    @property
    def first(self) -> SitePage:
        """The version in the owner's language, or the one that there is."""
        return self.versions[0].page

    @property
    def trouble(self) -> str:
        """The address where its problems are told; where it is one, of the place where it is mended."""
        return self.problems[0].place if len(self.problems) == 1 else f"{RESERVED}problems?page={self.name}"


def rows(desk: Desk, lang: str) -> dict[str, list[Row]]:
    """The pages by their titles in `lang`, or in the language that they have; the articles, newest first."""
    published, problems, staying = last_published(desk.root), told_problems(desk, lang), needed(desk)
    found: dict[str, list[Row]] = {kind: [] for kind in FOLDERS}
    for pair in pairs(desk.content, tuple(LANGUAGES)):
        if pair.kind in found and pair.versions:
            found[pair.kind].append(_row(pair, lang, published, problems, f"{pair.kind}/{pair.key}" in staying))
    for each in found.values():
        each.sort(key=lambda row: unidecode(row.first.title).casefold())
    found["articles"].sort(key=lambda row: row.first.day or datetime.date.max, reverse=True)
    return found


def _row(pair: Pair, lang: str, published: Published | None, problems: list[Told], stays: bool) -> Row:
    files = [pair.versions[code].path for code in sorted(pair.versions, key=lambda code: code != lang)]
    versions = [Version(page, _state(page, lang, published)) for page in map(page_of, files)]
    names = {f"content/{one.page.name}.md" for one in versions}
    is_draft = all(one.page.hidden for one in versions)
    return Row(
        versions,
        _between(pair) if not is_draft or len(versions) == 1 else "",
        pair.state == "stale" and not is_draft,
        next((code for code in LANGUAGES if code not in pair.versions), ""),
        [one for one in problems if one.problem.file in names],
        stays,
    )


def _state(page: SitePage, lang: str, published: Published | None) -> Message | None:
    """How a page stands to what readers see; None where nothing is known of that."""
    day = partial(format_date, format="long", locale=LANGUAGES[lang].locale)
    if page.waits:
        return say("appears on {day}: publish the site on that day or later", day=day(page.waits))
    if page.hidden:
        return say("draft")
    if published is None:
        return None
    then = published.files.get(f"{page.name}.md")
    if then is None:
        return say("not published yet")
    if page.day and page.day > published.when.date():
        return say("its day, {day}, has come: publish the site, and it appears", day=day(page.day))
    return say("live") if then == _digest(page.path) else say("changed since the site was published")


def _digest(path: Path) -> str:
    try:
        return sha256(path.read_bytes()).hexdigest()
    except OSError:
        return ""


def _between(pair: Pair) -> Message | str:
    """How the two languages of a page stand to each other."""
    only = next(iter(pair.versions))
    other = next(code for code in pair.languages if code != only)
    match pair.state:
        case "unpaired":
            return say("only {language}, for good", language=IN[only])
        case "missing":
            return say("not written {language}", language=IN[other])
        case "pending" if len(pair.versions) == 1:
            return say("only {language}, for now", language=IN[only])
        case "pending":
            return say("the other language follows later")
        case "stale" if len(pair.behind()) == 1:
            return say("the version {language} is behind", language=IN[pair.behind()[0]])
        case "stale":
            return say("nobody has said that both languages agree")
    return ""


def waiting(desk: Desk) -> list[SitePage]:
    """The pages and articles that wait for a day (`waits`), the nearest first: the site is published then, or later."""
    return sorted(_waiting(desk), key=lambda page: (page.waits or datetime.date.max, page.name))


def _waiting(desk: Desk) -> Iterator[SitePage]:
    for each in listed(desk).values():
        yield from (page for page in each if page.waits)


async def pages(request: Request) -> Response:
    """All pages and articles, and the parts of documents."""
    desk, lang = desk_of(request), language_of(request)
    titles = {"pages": say("Pages"), "articles": say("Articles")}
    return shown(
        request,
        "pages.html",
        groups=[(kind, titles[kind], each) for kind, each in rows(desk, lang).items()],
        sections=sections(desk),
        published=last_published(desk.root),
        names=IN,
        deleted=request.query_params.get("deleted", ""),
    )


ROUTES: list[BaseRoute] = [Route(f"{RESERVED}pages", pages)]
