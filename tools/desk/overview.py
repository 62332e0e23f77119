"""The desk's pages that only show: all pages of the site, all problems, what a publication would meet."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby

from pelican.contents import Content
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from plugins.build import Build
from plugins.i18n.languages import is_article
from plugins.practice.facts import is_missing
from plugins.problems import Message, Problem, say
from tools.preview.panel import RESERVED

from .bar import contents_of, file_of
from .desk import Desk, desk_of
from .shown import shown

FACTS = "content/data/practice.toml"


@dataclass(frozen=True)
class Told:
    """A problem as the owner is told it, and where it can be mended."""

    problem: Problem
    title: str
    place: str

    @property
    def stops(self) -> bool:
        """Whether the pages wait for it to be mended."""
        return self.problem.severity == "error"


def told_problems(desk: Desk) -> list[Told]:
    """What there is to mend, errors first; facts that are only missing have their own page."""
    state = desk.preview.state
    found = [*state.errors, *(problem for problem in state.warnings if not is_missing(problem))]
    return [Told(problem, *_place(desk, problem)) for problem in found]


def _place(desk: Desk, problem: Problem) -> tuple[str, str]:
    """What the file of a problem is called, and the address where it is mended; no address for a developer's file."""
    if problem.file == FACTS:
        return "", f"{RESERVED}facts"
    if desk.build is None:
        return problem.file, ""
    for content in contents_of(desk.build):
        if problem.file == f"content/{file_of(desk, content)}":
            return str(content.title), f"/{content.url}" + (f"#desk:{problem.line}" if problem.line else "")
    return problem.file, ""


async def problems(request: Request) -> Response:
    """All problems."""
    return shown(request, "problems.html", problems=told_problems(desk_of(request)))


@dataclass(frozen=True)
class Row:
    """A page and its pair, in the list of pages."""

    kind: Message
    contents: tuple[Content, ...]
    files: tuple[str, ...]


def _rows(desk: Desk, build: Build) -> list[Row]:
    kinds = {False: say("Pages"), True: say("Articles")}
    found = sorted(contents_of(build), key=lambda one: (is_article(one), one.key, one.lang))
    rows = []
    for (article, _), group in groupby(found, key=lambda one: (is_article(one), one.key)):
        contents = tuple(group)
        rows.append(Row(kinds[article], contents, tuple(file_of(desk, one).removesuffix(".md") for one in contents)))
    return rows


async def pages(request: Request) -> Response:
    """All pages and articles, in both languages."""
    desk = desk_of(request)
    rows = _rows(desk, desk.build) if desk.build else []
    groups = [(kind, list(group)) for kind, group in groupby(rows, key=lambda row: row.kind)]
    return shown(request, "pages.html", groups=groups)


async def publish(request: Request) -> Response:
    """What would stop a publication."""
    desk = desk_of(request)
    stops = [one for one in told_problems(desk) if one.stops]
    return shown(request, "publish.html", stops=stops, gaps=len(desk.build.gaps) if desk.build else 0)


ROUTES: list[BaseRoute] = [
    Route(f"{RESERVED}problems", problems),
    Route(f"{RESERVED}pages", pages),
    Route(f"{RESERVED}publish", publish),
]
