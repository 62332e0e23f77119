"""The menus at the top and at the foot of every page: entries moved by buttons, without a script, and saved at once.

Each button sends the whole form; the page that comes back has the new order, and the focus on what was moved.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from http import HTTPStatus

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from plugins.build import LANGUAGES
from plugins.files import refused
from plugins.practice.data import MOST_IN_HEADER
from plugins.problems import Message, say
from tools.preview.panel import RESERVED

from ..desk import Desk, desk_of
from ..history.saving import Changed, digest, save
from ..shown import shown
from ..site_pages import SitePage, listed
from ..spoken import language_of
from . import page_menu

TITLES = {
    "primary": say("At the top of every page"),
    "footer": say("At the foot of every page"),
    "legal": say("Legal pages, at the foot"),
}


@dataclass
class Form:
    """The menus as they are being arranged: `keys` by menu, `seen` the digest of the file with which that began."""

    desk: Desk
    lang: str
    keys: dict[str, list[str]] = field(default_factory=dict)
    seen: str = ""
    focus: str = ""  # the id of the button that the owner goes on with
    said: Message | str = ""

    def __post_init__(self) -> None:
        pages = listed(self.desk)
        self.titles = {page.key: page.menu_title for code in reversed(LANGUAGES) for page in pages[code]}
        self.titles |= {page.key: page.menu_title for page in pages[self.lang]}
        there = [{page.key: page for page in pages[code] if not page.draft} for code in LANGUAGES]
        self.shown: list[SitePage] = [page for page in pages[self.lang] if all(page.key in one for one in there)]
        if not self.seen:
            menus = page_menu.read(self.desk)
            self.keys = {name: list(dict.fromkeys(keys)) for name, keys in menus.keys.items()}
            self.seen = digest(menus.data)

    @classmethod
    def sent(cls, desk: Desk, lang: str, data: FormData) -> Form:
        """As a browser has it. Raises ValueError where no form of the desk was sent."""
        keys = {name: [str(key) for key in dict.fromkeys(data.getlist(name))] for name in TITLES}
        if not data.get("seen") or any(not key.strip() for each in keys.values() for key in each):
            raise ValueError("no form of the desk")
        return cls(desk, lang, keys, str(data["seen"]))

    @property
    def full(self) -> bool:
        """Whether the top of the page holds no more."""
        return len(self.keys["primary"]) >= MOST_IN_HEADER

    def others(self) -> list[SitePage]:
        """The pages that stand in none of the menus, and may."""
        taken = {key for keys in self.keys.values() for key in keys}
        return [page for page in self.shown if page.kind == "pages" and page.key not in taken]

    def wrong(self, key: str) -> Message | str:
        """Why an entry cannot stay."""
        if key in {page.key for page in self.shown}:
            return ""
        return say("Not published in both languages: take it out.")

    def fits(self) -> bool:
        """Whether every entry can stay."""
        entries = [key for keys in self.keys.values() for key in keys]
        return len(self.keys["primary"]) <= MOST_IN_HEADER and not any(map(self.wrong, entries))

    def act(self, what: str, added: str) -> None:
        """Do what a button says: `up primary about`, `down …`, `out …`; or `in primary`, with the page `added`."""
        act, _, place = what.partition(" ")
        name, _, key = place.partition(" ")
        entries = self.keys.get(name, [])
        if act == "in":
            if added in {page.key for page in self.others()} and not (name == "primary" and self.full):
                entries.append(added)
                self._tell(name, added, "up")
            return
        if key not in entries:
            return
        at = entries.index(key)
        if act == "out":
            entries.remove(key)
            self.focus = f"in-{name}"
            self.said = say("“{title}” is taken out.", title=self.title(key))
        elif act in ("up", "down"):
            to = max(at - 1, 0) if act == "up" else at + 1
            entries.insert(to, entries.pop(at))
            self._tell(name, key, act)

    def _tell(self, name: str, key: str, act: str) -> None:
        """Where it is now; the button that goes on in the same way, or the other one at an end."""
        place, count = self.keys[name].index(key) + 1, len(self.keys[name])
        end = {"up": 1, "down": count}[act]
        self.focus = f"{act if place != end else {'up': 'down', 'down': 'up'}[act]}-{name}-{key}"
        self.said = say("“{title}” is number {place} of {count}.", title=self.title(key), place=place, count=count)

    def title(self, key: str) -> str:
        return self.titles.get(key, key)

    def save(self) -> None:
        """Raises Changed, OSError, and ValueError where the file cannot be read."""
        menus = page_menu.read(self.desk)
        save(self.desk, {menus.path: menus.written(self.keys)}, {menus.path: self.seen}, say("Menus"))


async def menu(request: Request) -> Response:
    """The menus; a button moves an entry, another one saves."""
    desk, lang = desk_of(request), language_of(request)
    status, why = HTTPStatus.OK, Message()
    try:
        if request.method != "POST":
            return _page(request, Form(desk, lang), saved="saved" in request.query_params)
        async with request.form() as data:
            form, act = Form.sent(desk, lang, data), str(data.get("act"))
            added = str(data.get(f"add-{act.partition(' ')[2]}", ""))
        if act != "save":
            form.act(act, added)
            return _page(request, form)
        if not form.fits():
            return _page(request, form, HTTPStatus.BAD_REQUEST, say("take out first what cannot stay"))
        form.save()
        return RedirectResponse(f"{RESERVED}menu?saved", HTTPStatus.SEE_OTHER)
    except Changed:
        status = HTTPStatus.CONFLICT
        why = say("the menus were changed elsewhere meanwhile. Here they are as they are now")
    except OSError as error:
        return _page(request, form, HTTPStatus.INSUFFICIENT_STORAGE, refused(error))
    except ValueError:
        why = say("The menus cannot be read. Mend what stands under Problems first.")
        return shown(request, "refused.html", HTTPStatus.CONFLICT, why=why, way=False)
    return _page(request, Form(desk, lang), status, why)


def _page(
    request: Request, form: Form, status: HTTPStatus = HTTPStatus.OK, refusal: Message | str = "", saved: bool = False
) -> Response:
    return shown(
        request,
        "menu.html",
        status,
        form=form,
        menus=TITLES,
        most=MOST_IN_HEADER,
        refusal=refusal,
        saved=saved,
        own=form.lang,
    )


ROUTES: list[BaseRoute] = [Route(f"{RESERVED}menu", menu, methods=["GET", "POST"])]
