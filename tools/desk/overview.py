"""The desk's pages that only show: all problems; and the language in which the desk speaks."""

from __future__ import annotations

from dataclasses import dataclass
from http import HTTPStatus

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from plugins.i18n.alignment import CHANGED, NOT_COMPARED
from plugins.i18n.pairs import PAIR_IS_DRAFT, PAIR_IS_MISSING
from plugins.practice.form import asked_as, label_of
from plugins.problems import LANGUAGES, Message, Problem, in_language, say
from tools.preview.panel import RESERVED

from .desk import Desk, desk_of
from .shown import shown
from .site_pages import page_of, place_of
from .spoken import CHOICE, language_of

OF_LANGUAGES = {one.template for one in (CHANGED, NOT_COMPARED, PAIR_IS_DRAFT, PAIR_IS_MISSING)}
FACTS = "content/data/practice.toml"


@dataclass(frozen=True)
class Told:
    """A problem as the owner is told it, and where it can be mended."""

    problem: Problem
    title: str
    place: str

    @property
    def remedy(self) -> Message | str:
        """What to do, on the desk."""
        if getattr(self.problem.message, "template", "") in OF_LANGUAGES:
            return say("Look at both versions side by side: bring the one up to date, then say that they agree.")
        return self.problem.remedy

    @property
    def stops(self) -> bool:
        """Whether the pages wait for it to be mended."""
        return self.problem.severity == "error"


def told_problems(desk: Desk, lang: str) -> list[Told]:
    """What there is to mend, errors first; facts that are only missing have their own page."""
    state = desk.preview.state
    return [told_one(desk, problem, lang) for problem in (*state.errors, *state.remarks)]


def told_one(desk: Desk, problem: Problem, lang: str) -> Told:
    """A problem as the owner is told it."""
    return Told(problem, *_place(desk, problem, lang))


def _place(desk: Desk, problem: Problem, lang: str) -> tuple[str, str]:
    """What the file of a problem is called, and the address where it is mended; no address for a developer's file."""
    if problem.file == FACTS:
        field = asked_as(str(getattr(problem.message, "values", {}).get("field", "")))
        return in_language(label_of(field), lang) if field else "", f"{RESERVED}facts#{field}"
    path = place_of(desk, problem.file.removeprefix("content/").removesuffix(".md"))
    if path is None:
        return "", ""
    page = page_of(path)
    if getattr(problem.message, "template", "") in OF_LANGUAGES:
        return page.title, f"{RESERVED}languages?page={page.kind}/{page.key}"
    if problem.severity == "warning" and page.address:  # the page is shown as it is, and this part of it can be chosen
        return page.title, f"{page.address}#desk:{problem.line or 1}"
    return page.title, f"{RESERVED}text?page={page.name}"


async def problems(request: Request) -> Response:
    """All problems, or those of one page in both languages (`?page=pages/faq`)."""
    page, found = request.query_params.get("page"), told_problems(desk_of(request), language_of(request))
    own = {f"content/{lang}/{page}.md" for lang in LANGUAGES}
    return shown(request, "problems.html", problems=[one for one in found if not page or one.problem.file in own])


async def speak(request: Request) -> Response:
    """Have the desk speak the language that is sent, in this browser, and go back to where it was chosen."""
    async with request.form() as sent:
        chosen, back = str(sent.get("language")), str(sent.get("back"))
    answer = RedirectResponse(back if back.startswith(RESERVED) else "/", HTTPStatus.SEE_OTHER)
    if chosen in LANGUAGES:
        answer.set_cookie(CHOICE, chosen, max_age=10**8, path="/", httponly=True, samesite="strict")
    return answer


ROUTES: list[BaseRoute] = [
    Route(f"{RESERVED}language", speak, methods=["POST"]),
    Route(f"{RESERVED}problems", problems),
]
