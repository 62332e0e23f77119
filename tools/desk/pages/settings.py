"""A page's settings: its front matter and its place in the menus, as a form.

What the form changed is put onto the file as it is at that moment, key by key: what somebody else changed meanwhile
stays, and a key that both changed is shown with the two values. What a key may hold: plugins/frontmatter_form.py.
"""

from __future__ import annotations

import datetime
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from http import HTTPStatus
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import yaml
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from plugins.files import refused
from plugins.frontmatter_edit import values_of, with_values
from plugins.frontmatter_form import BLOCKS, GROUPS, State, settings_of, wrong
from plugins.problems import Message, in_language, say
from plugins.reader.references import LONGEST_TITLE
from tools.preview.panel import RESERVED

from ..desk import Desk, built, desk_of
from ..history.saving import Changed, Saved, digest, save
from ..languages import page_languages
from ..languages.agreement import parted
from ..shown import shown
from ..site_pages import SitePage, documents, listed, other_language, place_of
from ..spoken import language_of
from . import page_menu
from .leading import documents_of, references

TRIES = 3  # how often a save begins again because a file was saved in that very moment
MENU, LANGUAGES = "menu", "languages"  # fields that are not one key of the page's own file


@dataclass
class Form:
    """The settings of the page at `path`, `was` when they were shown and `typed`; both empty where nothing was sent.

    Raises ValueError or yaml.YAMLError where the page's front matter or the menus cannot be read.
    """

    desk: Desk
    path: Path
    typed: dict[str, State] = field(default_factory=dict)
    was: dict[str, State] = field(default_factory=dict)
    redirect: bool = True
    sent: bool = False
    saved: bool = False
    parted: str = ""  # the change just saved, where it is all that keeps the languages from agreeing
    errors: dict[str, Message | str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.name = self.path.relative_to(self.desk.content).with_suffix("").as_posix()
        self.lang, self.kind, self.key = self.name.split("/")
        # The home page stays where it is: every address of its language begins there.
        fixed = "slug" if self.key == "home" else ""
        self.settings = {name: one for name, one in settings_of(self.kind).items() if name != fixed}
        self.data, self.menus = self.path.read_bytes(), page_menu.read(self.desk)
        self.raw = values_of(self.data)
        self.page = SitePage.of(self.path, self.raw)
        self.now = {name: one.shown(self.raw.get(name)) for name, one in self.settings.items()}
        self.now[LANGUAGES] = page_languages.choice_of(self.raw)
        if self.kind == "pages":
            self.now[MENU] = self.menus.place(self.key)
        self.was = self.now | self.was
        changed = {name for name, state in self.typed.items() if state != self.was.get(name)}
        self.mine = {name: self.typed[name] if name in changed else state for name, state in self.now.items()}

    @cached_property
    def changed(self) -> dict[str, Any]:
        """The keys to write, with their values."""
        values = {
            name: one.meant(self.mine[name]) for name, one in self.settings.items() if self.mine[name] != self.now[name]
        }
        if "title" in values and "modified" in self.settings.keys() - values.keys():
            values["modified"] = datetime.date.today()  # noqa: DTZ011 - the owner's own day
        if "slug" in values:
            self._move(values)
        if self.mine[LANGUAGES] != self.now[LANGUAGES]:
            values |= page_languages.values_for(str(self.mine[LANGUAGES]), self.lang, self.raw)
        return values

    def _move(self, values: dict[str, Any]) -> None:
        """The address that the page leaves leads to the new one, if that is wanted; a draft is not asked."""
        new = SitePage.of(self.path, self.raw | values).public
        aliases = self.settings["aliases"].meant(self.mine["aliases"])
        kept = [alias for alias in aliases if alias.rstrip("/") != new.rstrip("/")]
        if self.redirect and self.page.public not in kept:
            kept.append(self.page.public)
        if kept != aliases:
            values["aliases"] = kept

    @property
    def after(self) -> SitePage:
        """The page as it would be."""
        return SitePage.of(self.path, self.raw | self.changed)

    @cached_property
    def pages(self) -> dict[str, list[SitePage]]:
        """The other pages and articles, by language."""
        return {lang: [one for one in pages if one.path != self.path] for lang, pages in listed(self.desk).items()}

    def check(self) -> dict[str, Message | str]:
        """What is wrong with what was typed, by field."""
        found = wrong(self.kind, self.raw | self.changed)
        if self.after.public:
            for name, told in self._beside_others():
                found.setdefault(name, told)
        return found

    def _beside_others(self) -> Iterator[tuple[str, Message]]:
        """What search engines, other pages and menus have no room for."""
        after, name = self.after, self.practice_name
        long = len(after.title + self.suffix) - LONGEST_TITLE
        if name and long > 0:
            told = say(
                "With “{name}” behind it, search engines cut the title: it is {count} too long.", name=name, count=long
            )
            yield "title", told
        for other in self.pages[self.lang]:
            if other.address == after.address and "slug" in self.settings:
                yield "slug", say("This is the address of “{title}” already.", title=other.title)
            if after.public in other.aliases:
                yield "slug", say("This is an old address of “{title}”, and leads there.", title=other.title)
            if other.public in after.aliases or set(other.aliases) & set(after.aliases):
                yield "aliases", say("One of these is an address of “{title}”.", title=other.title)
        pair = other_language(self.desk, self.page)
        if pair and pair.draft != after.draft and not (pair.pending or after.pending):
            yield (
                "status",
                say(
                    "Only one of the two versions would be a draft. Choose “{label}” below too, until both are alike.",
                    label=self.languages["later"][0],
                ),
            )
        if alone := page_languages.wrong(str(self.mine[LANGUAGES]), pair):
            yield LANGUAGES, alone
        if after.draft and not self.page.draft and (led := self.led_here):
            yield (
                "date" if after.waits else "status",
                say(
                    "“{titles}” lead here, or are made of it, and would lead nowhere. Take it off the site instead: "
                    "that takes their links out too.",
                    titles="”, “".join(led),
                ),
            )
        if place := self.mine.get(MENU):
            for told in self.menus.wrong(str(place), after, self.pages):
                yield MENU, told

    @cached_property
    def led_here(self) -> list[str]:
        """The titles of the published pages that lead here, and of the documents that take text from here."""
        pages = [one.page for one in references(self.desk, [self.page])]
        titles = [one.title for one in pages if not one.draft] + documents_of(self.desk, self.page, self.lang)
        return list(dict.fromkeys(titles))

    @cached_property
    def languages(self) -> dict[str, tuple[Message, Message]]:
        """What can be chosen of the two languages, and what follows from each; a part of a document is never alone."""
        found = page_languages.choices(self.lang)
        return found if self.page.public else {name: one for name, one in found.items() if name != "alone"}

    def stops(self) -> dict[str, Message | str]:
        """Of what is wrong, what was not so before: what was may be mended another time."""
        before = Form(self.desk, self.path).check()
        touched = {name for name, state in self.mine.items() if state != self.now[name]}
        return {name: told for name, told in self.check().items() if name in touched or before.get(name) != told}

    def clashes(self) -> dict[str, Message]:
        """What was changed here and elsewhere since the form was shown, with what it is there."""
        return {
            name: say(
                "This was changed elsewhere meanwhile. There it is now “{other}”; what you typed stands here. "
                "Save again to have yours.",
                other=self._spoken(name, now),
            )
            for name, now in self.now.items()
            if now not in (self.was[name], self.mine[name])
        }

    def _spoken(self, name: str, state: State) -> str:
        if name == MENU:
            return self.menus.choices(self.key, self.pages[self.lang])[str(state)]
        if name == LANGUAGES:
            return self.languages[str(state)][0]
        if isinstance(state, bool):
            return say("yes") if state else say("no")
        return ", ".join(filter(None, state)) if isinstance(state, list) else state

    def write(self) -> Saved:
        """Save what was changed, if anything. Raises Changed, OSError, and ValueError as `with_values`."""
        changes: dict[Path, bytes | None] = {self.path: with_values(self.data, self.changed)}
        seen = {self.path: digest(self.data)}
        if self.mine.get(MENU) != self.now.get(MENU):
            changes[self.menus.path] = self.menus.moved(self.key, str(self.mine[MENU]))
            seen[self.menus.path] = digest(self.menus.data)
        return save(self.desk, changes, seen, say("Settings of “{title}”", title=self.after.title))

    @property
    def practice_name(self) -> str:
        return str(self.desk.build.facts.trade_name or "") if self.desk.build else ""

    @property
    def suffix(self) -> str:
        """What tabs and search engines show behind a title."""
        return f" – {self.practice_name}" if self.practice_name else ""

    @property
    def snippet(self) -> dict[str, Any]:
        """The page among the results of a search, each part with the characters that are shown of it."""
        host = urlsplit(self.desk.build.address).netloc if self.desk.build else ""
        parts = [part for part in (host, *self.page.public.split("/")) if part]
        most = self.settings["description"].most or 0
        return {
            "before": " › ".join(parts[: len(parts) - len(self.page.slug.split("/"))] if self.page.slug else parts),
            "address": " › ".join(parts),
            "title": cut(f"{self.mine['title']}{self.suffix}", LONGEST_TITLE),
            "description": cut(str(self.mine["description"]), most),
            "most": LONGEST_TITLE,
            "words": most,
        }

    def label(self, name: str) -> Message:
        own = {MENU: say("Place in a menu"), LANGUAGES: say("Languages")}
        return own.get(name) or self.settings[name].words.label

    def steps(self) -> list[tuple[str, str]]:
        """The pages that a next step can lead to; first those that one leads to now and that are not on the site."""
        there = {one.key: one.title for one in self.pages[self.lang] if not one.draft}
        states = (self.mine[name] for name, one in self.settings.items() if one.kind == "step")
        lost = dict.fromkeys(state[0] for state in states if isinstance(state, list) and state[0])
        return [(key, key) for key in lost if key not in there] + list(there.items())

    def answer(self, request: Request, status: HTTPStatus = HTTPStatus.OK, refusal: str = "") -> Response:
        """The form as a page."""
        groups = [(title, [self.settings[name] for name in names if name in self.settings]) for title, names in GROUPS]
        return shown(
            request,
            "settings.html",
            status,
            form=self,
            groups=[group for group in groups if group[1]],
            blocks=BLOCKS,
            steps=self.steps(),
            documents=documents(self.desk, self.lang),
            menus=self.menus.choices(self.key, self.pages[self.lang]) if MENU in self.now else {},
            was=json.dumps(self.now, ensure_ascii=False),
            refusal=refusal,
        )


def cut(text: str, most: int) -> str:
    """As much of `text` as a search engine shows: whole words, and a sign that there is more."""
    return text if len(text) <= most else re.sub(r"\s+\S*$", "", text[:most]) + " …"


def _sent(desk: Desk, path: Path, data: FormData) -> Form:
    """The form as it was sent. Raises ValueError where no form of the desk is."""
    typed: dict[str, State] = {
        name: one.typed([str(text) for text in data.getlist(name)])
        for name, one in settings_of(path.parent.name).items()
        if name in data or one.kind in ("tick", "choices")
    }
    typed |= {name: str(data[name]) for name in (MENU, LANGUAGES) if name in data}
    was = json.loads(str(data.get("was", "{}")))
    if not isinstance(was, dict):
        raise ValueError("no form of the desk")
    return Form(desk, path, typed, was, "redirect" in data, sent=True)


async def settings(request: Request) -> Response:
    """The form of the page that `?page=en/pages/faq` names; sent, it is saved, and the page shown."""
    desk = desk_of(request)
    path = place_of(desk, request.query_params.get("page", ""))
    if path is None:
        return shown(request, "settings_none.html", HTTPStatus.NOT_FOUND, illegible=False)
    try:
        if request.method == "POST":
            async with request.form() as data:
                answer = _save(request, path, data)
            await built(desk, answer.headers.get("Location", "").partition("#")[0])
            return answer
        form = Form(desk, path, saved="saved" in request.query_params, parted=request.query_params.get("parted", ""))
        form.errors = form.check()
        return form.answer(request)
    except (OSError, ValueError, yaml.YAMLError):
        return shown(request, "settings_none.html", HTTPStatus.CONFLICT, illegible=True)


def _save(request: Request, path: Path, data: FormData) -> Response:
    for _ in range(TRIES):
        form = _sent(desk_of(request), path, data)
        if clashes := form.clashes():
            form.errors = {**clashes}
            return form.answer(request, HTTPStatus.CONFLICT)
        if stops := form.stops():
            form.errors = stops
            return form.answer(request, HTTPStatus.BAD_REQUEST)
        try:
            entry = form.write().entry
        except Changed:
            continue
        except OSError as error:
            return form.answer(request, HTTPStatus.INTERNAL_SERVER_ERROR, refused(error))
        how = "parted" if entry and parted(form.desk, path, form.data) else "saved"
        address = f"{RESERVED}settings?page={form.name}&saved" + (f"&parted={entry}" if how == "parted" else "")
        if form.after.address:  # where client/edit.js offers to undo it
            address = form.after.address + (f"#desk-{how}:{entry}" if entry else "")
        return RedirectResponse(address, HTTPStatus.SEE_OTHER)
    return form.answer(request, HTTPStatus.CONFLICT, say("this page is being written elsewhere just now; save again"))


async def check(request: Request) -> Response:
    """What is wrong with a form that is not saved: a sentence for each field that has something."""
    desk, lang = desk_of(request), language_of(request)
    path = place_of(desk, request.query_params.get("page", ""))
    if path is None:
        return JSONResponse({}, HTTPStatus.NOT_FOUND)
    async with request.form() as data:
        try:
            found = _sent(desk, path, data).check()
        except (OSError, ValueError, yaml.YAMLError):
            found = {}  # told when it is saved
    told = {name: in_language(message, lang) for name, message in found.items()}
    return JSONResponse({name: words[:1].upper() + words[1:] for name, words in told.items()})


ROUTES: list[BaseRoute] = [
    Route(f"{RESERVED}settings", settings, methods=["GET", "POST"]),
    Route(f"{RESERVED}settings/check", check, methods=["POST"]),
]
