"""New pages and articles: drafts in both languages; or the draft in the language that a page does not have yet."""

from __future__ import annotations

import datetime
from contextlib import suppress
from dataclasses import dataclass, field
from http import HTTPStatus
from itertools import chain, count
from pathlib import Path

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from plugins.build import LANGUAGES
from plugins.files import refused
from plugins.frontmatter import not_another_century
from plugins.frontmatter_edit import values_of, with_values
from plugins.problems import ContentError, Message, say
from plugins.problems.unreadable import UNSHOWABLE
from plugins.reader.block_lines import body_line
from tools.preview.panel import RESERVED
from tools.scaffold import FOLDERS, checked_slug_of, draft

from ..desk import Desk, built, desk_of
from ..history.saving import Changed, digest, save
from ..languages.page_languages import IN
from ..shown import shown
from ..site_pages import SitePage, listed, place_of, today
from ..spoken import language_of

KINDS = {"page": say("A page"), "article": say("An article")}
IN_THE_WAY = say("Another program has written a page of this name just now. Try it once more.")


@dataclass
class Form:
    """A new page as it is asked for: its titles by language, that of `lang` first of all; the day of an article."""

    desk: Desk
    kind: str
    lang: str
    titles: dict[str, str] = field(default_factory=dict)
    day: str = ""
    errors: dict[str, Message | str] = field(default_factory=dict)

    @classmethod
    def sent(cls, desk: Desk, data: FormData, lang: str) -> Form:
        """As it was typed."""
        kind, written = str(data.get("kind")), str(data.get("lang"))
        titles = {code: " ".join(str(data.get(f"title-{code}", "")).split()) for code in LANGUAGES}
        known = written if written in LANGUAGES else lang
        return cls(desk, kind if kind in FOLDERS else "page", known, titles, str(data.get("day", "")))

    def check(self) -> bool:
        """Whether it can be made; `errors` say why not."""
        for code, title in self.titles.items():
            if wrong := self._wrong(code, title):
                self.errors[f"title-{code}"] = wrong
        if self.kind == "article" and self.day:
            try:
                not_another_century(datetime.date.fromisoformat(self.day))
            except ValueError:
                self.errors["day"] = say("This is no day of the calendar.")
        return not self.errors

    def _wrong(self, lang: str, title: str) -> Message | str:
        if not title:
            return say("This is needed.") if lang == self.lang else ""
        if hidden := UNSHOWABLE.search(title):
            return say("there is a sign here that cannot be shown (U+{code})", code=f"{ord(hidden[0]):04X}")
        try:
            slug = checked_slug_of(title)
        except ContentError as error:
            return str_of(error)
        for other in listed(self.desk)[lang]:
            # Drafts of pages and of articles have their addresses in one place.
            if other.slug == slug:
                return say("This is the address of “{title}” already. Choose another title.", title=other.title)
        return ""

    def files(self) -> dict[Path, bytes]:
        """Both drafts, that of `lang` first."""
        title = self.titles[self.lang]
        key = free_key(self.desk, checked_slug_of(self.titles["en"] or title))
        made = {}
        for code in sorted(LANGUAGES, key=lambda code: code != self.lang):
            own = self.titles[code]
            text = draft(self.kind, checked_slug_of(own) if own else key, own or title, code, original=bool(own))
            data = text.encode()
            if self.kind == "article" and self.day:
                data = with_values(data, {"date": datetime.date.fromisoformat(self.day)})
            made[self.desk.content / code / FOLDERS[self.kind] / f"{key}.md"] = data
        return made


def str_of(error: ContentError) -> Message:
    """What a title that is none is told."""
    (problem,) = error.args[0]
    return say("{message}. {remedy}", message=problem.message, remedy=problem.remedy)


def free_key(desk: Desk, wanted: str) -> str:
    """A name that no page or article has in either language: `wanted`, or that with a number."""
    taken = {file.stem for kind in FOLDERS.values() for file in desk.content.glob(f"??/{kind}/*.md")}
    numbered = (f"{wanted}-{number}" for number in count(2))
    return next(key for key in chain([wanted], numbered) if key not in taken)


async def new(request: Request) -> Response:
    """The form of a new page or article; sent, both drafts are written, and the new page is edited."""
    desk, lang = desk_of(request), language_of(request)
    if request.method != "POST":
        kind = request.query_params.get("kind", "")
        return _form(request, Form(desk, kind if kind in KINDS else "page", lang, day=today().isoformat()))
    async with request.form() as data:
        form = Form.sent(desk, data, lang)
    if not form.check():
        return _form(request, form, HTTPStatus.BAD_REQUEST)
    files = form.files()
    path = next(iter(files))
    what = say("New: “{title}”", title=form.titles[form.lang])
    try:
        save(desk, files, {}, what)
    except Changed:
        return _form(request, form, HTTPStatus.CONFLICT, IN_THE_WAY)
    except OSError as error:
        return _form(request, form, HTTPStatus.INSUFFICIENT_STORAGE, refused(error))
    return await _edited(desk, path, files[path])


def _form(request: Request, form: Form, status: HTTPStatus = HTTPStatus.OK, refusal: Message | str = "") -> Response:
    codes = sorted(LANGUAGES, key=lambda code: code != form.lang)
    return shown(request, "new.html", status, form=form, kinds=KINDS, names=IN, codes=codes, refusal=refusal)


async def _edited(desk: Desk, path: Path, data: bytes) -> Response:
    """The way to the first part of a page that has just been written, with the editor open on it."""
    address = SitePage.of(path, values_of(data)).address
    await built(desk, address)
    return RedirectResponse(f"{address}#desk:{body_line(data) + 1}", HTTPStatus.SEE_OTHER)


async def other(request: Request) -> Response:
    """Write the draft in the other language of the page that is sent, and edit it; until it is done, the page waits."""
    desk = desk_of(request)
    async with request.form() as data:
        path = place_of(desk, str(data.get("page")))
    if path is None:
        return shown(request, "refused.html", HTTPStatus.NOT_FOUND, why=say("There is no such page."), way=False)
    try:
        files, was = _other_draft(path)
        save(desk, files, {path: digest(was)}, say("New: “{title}”", title=SitePage.of(path, values_of(was)).title))
    except (Changed, OSError, ValueError):
        why = say("This page could not be written in the other language just now. Load the list again and try anew.")
        return shown(request, "refused.html", HTTPStatus.CONFLICT, why=why, way=False)
    written = next(iter(files))
    return await _edited(desk, written, files[written])


def _other_draft(path: Path) -> tuple[dict[Path, bytes], bytes]:
    """The file in the other language with the one at `path` that now waits for it, and what that was.

    Raises ValueError where the page cannot be read, OSError.
    """
    was, (lang, kind) = path.read_bytes(), path.parts[-3:-1]
    values = values_of(was)
    code = next(code for code in LANGUAGES if code != lang)
    name = next(name for name, folder in FOLDERS.items() if folder == kind)
    text = draft(name, path.stem, str(values.get("title")), code, original=False).encode()
    with suppress(ValueError):
        text = with_values(text, {"date": datetime.date.fromisoformat(str(values.get("date")))})
    waits = with_values(was, {"translation": "pending", "unpaired": None})
    return {path.parents[2] / code / kind / path.name: text, path: waits}, was


ROUTES: list[BaseRoute] = [
    Route(f"{RESERVED}new", new, methods=["GET", "POST"]),
    Route(f"{RESERVED}new/other", other, methods=["POST"]),
]
