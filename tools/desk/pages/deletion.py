"""Taking a page off the site, for good or as a draft: what leads to it and what will stand at its address come first.

All of it is one change: the files, the menus, old addresses, the links and next steps of other pages that led there.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass, field
from functools import cached_property
from http import HTTPStatus
from pathlib import Path
from typing import Any

import tomlkit
import yaml
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from plugins.build import LANGUAGES
from plugins.files import refused
from plugins.frontmatter_edit import values_of, with_values
from plugins.i18n.alignment import version_of
from plugins.practice.requirements import ACCESSIBILITY, COOKIES, LEGAL, PRIVACY, REQUIREMENTS
from plugins.problems import Message, say
from plugins.public_files import sources
from tools.preview.panel import RESERVED

from ..desk import Desk, desk_of
from ..history.saving import Changed, digest, save
from ..languages.page_languages import IN, only_in
from ..shown import shown
from ..site_pages import FOLDERS, SitePage, documents, listed, page_of, place_of
from ..spoken import language_of
from . import page_menu
from .leading import Reference, documents_of, references, without

STATUTORY = {LEGAL, PRIVACY, COOKIES, ACCESSIBILITY}
ASKED_FOR = re.compile(r"""\bfind\(\s*["']([\w-]+)["']""")  # by a template
FEWEST_STEPS = 2  # of the method: plugins/practice/data.py


def needed(desk: Desk) -> set[str]:
    """The pages that cannot go: legal ones, those on which facts have their place, those that templates lead to."""
    texts = (file.read_text(encoding="utf-8") for file in sources(desk.root / "theme" / "templates", "**/*.*"))
    found = {key for text in texts for key in ASKED_FOR.findall(text)}
    return {f"pages/{key}" for key in STATUTORY | found | {one.page for one in REQUIREMENTS}}


@dataclass
class Departure:
    """What becomes of the page `name` (pages/faq), in the languages `langs`, all that it has where none is named.

    `draft`: it is kept as one. `to`: the page to which its readers are led, pages/contact; "" where none is.
    Raises LookupError where there is no such page.
    """

    desk: Desk
    name: str
    langs: tuple[str, ...] = ()
    draft: bool = False
    to: str = ""
    files: dict[Path, bytes] = field(default_factory=dict)  # as they were read

    def __post_init__(self) -> None:
        paths = [place_of(self.desk, f"{lang}/{self.name}") for lang in LANGUAGES]
        self.all = [page_of(path) for path in paths if path and path.parent.name in FOLDERS]
        self.going = [page for page in self.all if page.lang in self.langs] or self.all
        self.staying = [page for page in self.all if page not in self.going]
        if not self.all:
            raise LookupError(self.name)
        self.menus = page_menu.read(self.desk)

    def refusal(self, lang: str) -> Message | str:
        """Why it cannot go, and what to do; "" where it can."""
        page = self.all[0]
        if page.key in STATUTORY and page.kind == "pages":
            return say("This is a legal page, which the site needs. Its words, title and address can be changed.")
        if self.name in needed(self.desk):
            return say("The site is built around this page. Its words, title and address can be changed.")
        if self.menu_names.get("modalities") and len(self._lists["modalities"]) <= FEWEST_STEPS:
            return say("The method needs at least two steps, and this is one of the last two.")
        if made := documents_of(self.desk, page, lang):
            return say(
                "The document “{title}” is made of it. Ask whoever looks after the site to take it out there first.",
                title="”, “".join(made),
            )
        return ""

    @cached_property
    def _lists(self) -> dict[str, list[str]]:
        """Every menu, with the steps of the method."""
        written: dict[str, list[str]] = tomllib.loads(self.menus.data.decode("utf-8-sig"))
        return written

    @property
    def menu_names(self) -> dict[str, Message]:
        """The menus that name it, in words."""
        words = page_menu.MENUS | {"modalities": say("the steps of the method")}
        own = self.all[0]
        return {name: words[name] for name, keys in self._lists.items() if own.key in keys and own.kind == "pages"}

    @cached_property
    def references(self) -> list[Reference]:
        """What leads to it from pages that stay."""
        return list(references(self.desk, self.going))

    @cached_property
    def by_hand(self) -> list[Reference]:
        """Those that cannot be taken out in the same change: how they are written is beyond it."""
        found = []
        for path in dict.fromkeys(one.page.path for one in self.references):
            try:
                without(self.desk, path, self.going)
            except (ValueError, yaml.YAMLError):
                found += [one for one in self.references if one.page.path == path]
        return found

    @property
    def public(self) -> list[SitePage]:
        """Those that have an address which readers may know."""
        return [page for page in self.going if not page.draft]

    def destinations(self, lang: str) -> list[SitePage]:
        """The pages to which readers can be led: published in every language in which it goes."""
        found = {code: {(one.kind, one.key) for one in pages if not one.draft} for code, pages in self._others.items()}
        return [
            page
            for page in self._others[lang]
            if all((page.kind, page.key) in found[one.lang] for one in [*self.going, page])
        ]

    @property
    def _others(self) -> dict[str, list[SitePage]]:
        return {code: [one for one in pages if one not in self.all] for code, pages in listed(self.desk).items()}

    def suggestion(self) -> str:
        """The page that its readers may want instead: its own next step, or the list of articles."""
        if self.going[0].kind == "articles":
            return "pages/articles"
        step = values_of(self._now(self.going[0].path)).get("action")
        return f"pages/{step.get('page')}" if isinstance(step, dict) else ""

    def last_words(self) -> list[str]:
        """The statements of the practice that no other page makes (content/data/statements.toml)."""
        said = [one for one in self._statements().values() if self.all[0].key in one.get("pages", [])]
        return [str(one.get("text")) for one in said if len(one["pages"]) == 1]

    def lost_documents(self, lang: str) -> list[str]:
        """The documents that could be downloaded from no other page."""

        def offered(pages: list[SitePage]) -> set[str]:
            lists = (values_of(page.path.read_bytes()).get("documents") for page in pages)
            return {str(one) for each in lists for one in each or []}

        code = self.going[0].lang
        lost = offered([page for page in self.going if page.lang == code]) - offered(self._others[code])
        return [title for name, title in documents(self.desk, lang) if name in lost]

    def _statements(self) -> dict[str, Any]:
        file = self.desk.content / "data" / "statements.toml"
        return tomllib.loads(file.read_text(encoding="utf-8-sig")) if file.is_file() else {}

    def _now(self, path: Path) -> bytes:
        """The bytes of a file as they are read for this change, once."""
        return self.files.setdefault(path, path.read_bytes())

    def changes(self) -> dict[Path, bytes | None]:
        """The files as they are to be. Raises OSError, and ValueError or yaml.YAMLError where one cannot be changed."""
        changed: dict[Path, bytes | None] = {}
        for path in dict.fromkeys(one.page.path for one in self.references):
            self._now(path)
            changed[path] = without(self.desk, path, self.going)
        self._agree(changed)
        for page in self.going:
            data = self._now(page.path)
            waits = {"translation": "pending"} if self.staying else {}
            changed[page.path] = with_values(data, {"status": "draft", **waits}) if self.draft else None
        for page in [] if self.draft else self.staying:
            alone = {"unpaired": only_in(page.lang), "translation": None, "aligned": None}
            changed[page.path] = with_values(changed.get(page.path) or self._now(page.path), alone)
        self._lead_on(changed)
        if self.menu_names:
            self.files[self.menus.path] = self.menus.data
            lists = {name: [key for key in self._lists[name] if key != self.all[0].key] for name in self.menu_names}
            changed[self.menus.path] = self.menus.written(lists)
        if not self.draft:
            self._unsay(changed)
        return changed

    def _agree(self, changed: dict[Path, bytes | None]) -> None:
        """Two versions that said the same still do: what was taken out of one is no matter of translation."""
        for path in list(changed):
            other = next(
                self.desk.content / code / Path(*path.parts[-2:]) for code in LANGUAGES if code != path.parts[-3]
            )
            was, now = self._now(path).decode(), (changed[path] or b"").decode()
            if other.is_file() and values_of(self._now(other)).get("aligned") == version_of(was):
                data = changed.get(other) or self._now(other)
                changed[other] = with_values(data, {"aligned": version_of(now)})

    def _lead_on(self, changed: dict[Path, bytes | None]) -> None:
        """The addresses that are left become old addresses of the page to which readers are led."""
        for page in self.public if self.to and not self.draft else []:
            path = place_of(self.desk, f"{page.lang}/{self.to}")
            if path is None:
                raise ValueError(self.to)
            data = changed.get(path) or self._now(path)
            aliases = [*SitePage.of(path, values_of(data)).aliases, page.public, *page.aliases]
            changed[path] = with_values(data, {"aliases": list(dict.fromkeys(aliases))})

    def _unsay(self, changed: dict[Path, bytes | None]) -> None:
        """It is no longer a page that makes statements of the practice: else the site's checks would look for them."""
        file, key = self.desk.content / "data" / "statements.toml", self.all[0].key
        if any(key in one.get("pages", []) for one in self._statements().values()):
            written: Any = tomlkit.parse(self._now(file).decode())
            for one in written.values():
                if key in one.get("pages", []):
                    one["pages"].remove(key)
            changed[file] = tomlkit.dumps(written).encode()

    def save(self) -> str:
        """Do it. Returns the name of the change in the history. Raises as `changes`, and Changed."""
        changed = self.changes()
        title = self.going[0].title
        what = say("Kept as a draft: “{title}”", title=title) if self.draft else say("Deleted: “{title}”", title=title)
        seen = {path: digest(self.files[path]) for path in changed}
        return save(self.desk, changed, seen, what).entry


async def delete(request: Request) -> Response:
    """The page that asks; sent, it is done, and the list of pages offers to undo it."""
    desk, lang = desk_of(request), language_of(request)
    name, chosen = request.query_params.get("page", ""), FormData()
    if request.method == "POST":
        async with request.form() as chosen:
            pass
    langs = (str(chosen["langs"]),) if chosen.get("langs") in LANGUAGES else ()
    why: Message | str = ""
    status = HTTPStatus.OK
    try:
        leaving = Departure(desk, name, langs, chosen.get("what") == "draft", str(chosen.get("to", "")))
        if request.method == "POST" and not leaving.refusal(lang) and not leaving.by_hand:
            return RedirectResponse(f"{RESERVED}pages?deleted={leaving.save()}", HTTPStatus.SEE_OTHER)
    except LookupError:
        return shown(request, "refused.html", HTTPStatus.NOT_FOUND, why=say("There is no such page."), way=False)
    except Changed:
        status = HTTPStatus.CONFLICT
        why = say("Another program changed a file just now. Look whether it is still as you want it, and try again.")
    except OSError as error:
        status, why = HTTPStatus.INSUFFICIENT_STORAGE, refused(error)
    except (ValueError, yaml.YAMLError):
        why = say("One of the pages that this would change cannot be read. Mend what stands under Problems first.")
        return shown(request, "refused.html", HTTPStatus.CONFLICT, why=why, way=False)
    return shown(
        request,
        "delete.html",
        status,
        leaving=leaving,
        names=IN,
        page=next((page for page in leaving.all if page.lang == lang), leaving.all[0]),
        lost=leaving.lost_documents(lang),
        refusal=leaving.refusal(lang),
        why=why,
    )


ROUTES: list[BaseRoute] = [Route(f"{RESERVED}delete", delete, methods=["GET", "POST"])]
