"""Both versions of a page side by side, part by part: what changed since they agreed, and that they agree again."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from difflib import SequenceMatcher
from http import HTTPStatus
from itertools import zip_longest
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

from bs4 import BeautifulSoup
from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from plugins.build import LANGUAGES, Build
from plugins.files import refused
from plugins.frontmatter import KINDS
from plugins.i18n.alignment import NOT_TRANSLATED, Pair, Version, pairs
from plugins.pelican_internals import addressed
from plugins.problems import ContentError, Message, say
from plugins.reader.block_lines import text_of_lines
from plugins.reader.block_spans import Block
from plugins.reader.blocks import Blocks, blocks_of
from tools.preview.panel import RESERVED
from tools.translations import NAMES

from ..desk import Desk, desk_of
from ..editing.edit import VERSIONS
from ..history.differences import Parts, called_in_form, flat, matter, words
from ..history.saving import Changed, digest
from ..shown import shown
from ..site_pages import page_of, title_of
from .agreement import agree, both, parted_by, then

PLACE = f"{RESERVED}languages"
OWN_NAMES = {"en": "English", "fr": "Français"}
STOPS = ("stale", "missing")  # states of a page with which the site cannot be published, but for a draft
STATES = {
    "stale": say("Something was changed since both agreed."),
    "missing": say("It is in one language only."),
    "pending": say("It may be published in one language, until the other follows."),
    "unpaired": say("It stays in one language."),
    "paired": say("Both languages say the same."),
}
T = TypeVar("T")


@dataclass(frozen=True)
class Part:
    """A part of a version as it is read: its kind and where it is found, where it is edited, what changed in it.

    `changes` are the words of a part that is other than when both languages agreed; where it was taken out, `html` is
    empty.
    """

    kind: tuple[str, ...]
    html: Markup
    edit: str
    changes: Parts


class Row(NamedTuple):
    """What stands side by side, in the order of the languages; of a setting, what it is called."""

    label: Message | None
    parts: tuple[Part | None, ...]


class Entry(NamedTuple):
    """A page in the list."""

    name: str
    titles: list[tuple[str, str]]
    state: Message
    stops: bool


async def languages(request: Request) -> Response:
    """The page `?page=pages/faq` in both languages; without one, the list of those where something is to be done."""
    desk = desk_of(request)
    name = request.query_params.get("page")
    if name is None:
        return _listed(request)
    pair = _asked(desk, name)
    return _gone(request) if pair is None else _compared(request, pair)


def _listed(request: Request) -> Response:
    entries: dict[bool, list[Entry]] = {True: [], False: []}
    order = list(STATES)
    for pair in sorted(pairs(desk_of(request).content, tuple(LANGUAGES)), key=lambda one: order.index(one.state)):
        titles = [(lang, title_of(version.path)) for lang, version in pair.versions.items()]
        stops = pair.state in STOPS and not pair.draft and not (pair.state == "missing" and pair.kind == "documents")
        entry = Entry(f"{pair.kind}/{pair.key}", titles, STATES[pair.state], stops)
        entries[pair.state != "paired"].append(entry)
    entries[True].sort(key=lambda entry: not entry.stops)
    return shown(request, "languages_list.html", open=entries[True], same=entries[False])


def _asked(desk: Desk, name: str) -> Pair | None:
    kind, _, key = name.partition("/")
    pair = both(desk, kind, key) if kind in KINDS and re.fullmatch(r"[^/\\]+", key) else None
    return pair if pair and pair.versions else None


def _gone(request: Request) -> Response:
    return shown(request, "refused.html", HTTPStatus.NOT_FOUND, why=say("There is no such page."), way=False)


def _compared(request: Request, pair: Pair, status: HTTPStatus = HTTPStatus.OK, why: Message | None = None) -> Response:
    desk = desk_of(request)
    before = {lang: _before(desk, pair, lang) for lang in pair.versions}
    illegible = []
    sides: list[list[Part]] = []
    for lang, version in pair.versions.items():
        try:
            sides.append(_parts(desk, version, before[lang]))
        except ContentError:
            illegible.append(page_of(version.path))
    rows: list[Row] = []
    if not illegible:
        rows = _settings(pair, before)
        rows += [
            Row(None, row) for row in (side_by_side(*sides) if len(sides) == 2 else [(part,) for part in sides[0]])
        ]
    behind = pair.behind() if pair.state == "stale" else []
    return shown(
        request,
        "languages.html",
        status,
        pair=pair,
        pages={lang: page_of(version.path) for lang, version in pair.versions.items()},
        names=NAMES,
        own_names=OWN_NAMES,
        state=STATES[pair.state],
        behind=[(lang, bool(pair.versions[lang].get("aligned")), before[_other(pair, lang)]) for lang in behind],
        missing=[lang for lang in LANGUAGES if lang not in pair.versions],
        rows=rows,
        illegible=illegible,
        seen={lang: digest(version.text.encode()) for lang, version in pair.versions.items()},
        agreed=request.query_params.get("agreed", "") if request.method == "GET" else "",
        why=why,
    )


def _other(pair: Pair, lang: str) -> str:
    return next(name for name in pair.languages if name != lang)


def _before(desk: Desk, pair: Pair, lang: str) -> str | None:
    """What a version said when the other one was last read against it, where it is another by now and that is known."""
    other = pair.versions.get(_other(pair, lang))
    if other is None or other.get("aligned") == pair.versions[lang].version:
        return None
    return then(desk, pair.versions[lang], other)


def _settings(pair: Pair, before: dict[str, str | None]) -> list[Row]:
    """The title, the description and the like."""
    now = {lang: _said(version.text) for lang, version in pair.versions.items()}
    was = {lang: _said(text) if text else now[lang] for lang, text in before.items()}
    rows = []
    for field in dict.fromkeys(name for values in now.values() for name in values):
        parts = []
        for lang, version in pair.versions.items():
            old, new = was[lang].get(field, ""), now[lang].get(field, "")
            page = page_of(version.path)
            changes = words(old, new) if old != new else []
            parts.append(
                Part((), Markup.escape(new), f"{RESERVED}settings?page={page.name}#{field.split('.')[0]}", changes)
            )
        rows.append(Row(called_in_form(field), tuple(parts)))
    return rows


def _said(text: str) -> dict[str, str]:
    said = flat({name: value for name, value in matter(text).items() if name not in NOT_TRANSLATED})
    return {name: value for name, value in said.items() if not name.endswith(".page")}


def _parts(desk: Desk, version: Version, before: str | None) -> list[Part]:
    """The parts of a version; those that are others than in the text `before` with the words that changed.

    Raises ContentError where it cannot be read.
    """
    path, data, build = version.path, version.text.encode(), desk.build
    if build is None:
        raise ContentError([])
    found, page = VERSIONS.blocks(data, path, build), page_of(path)
    content = build.site.of_source(version.lang, version.path.stem)
    parts, texts = [], []
    for block in found.blocks:
        if not (html := "".join(_html(found, block))):
            continue
        soup = BeautifulSoup(addressed(html, content) if content else html, "html.parser")
        first = soup.find(True)
        kind = (block.kind, first.name if first else "", str(first.get("id", "")) if first else "")
        place = f"{page.address}#desk:{block.first}" if page.address else f"{RESERVED}text?page={page.name}"
        parts.append(Part(kind, _plain(soup), place, []))
        texts.append(_Text(text_of_lines(data, block.first, block.last), soup.get_text(" ")))
    return _changed(parts, texts, _texts(path, before.encode(), build)) if before else parts


class _Text(NamedTuple):
    """A part of a text as it is written, and as it is read."""

    written: str
    read: str


def _texts(path: Path, data: bytes, build: Build) -> list[_Text]:
    """The parts of a text; nothing where it cannot be read by now."""
    with suppress(ContentError):
        found = blocks_of(path, data, build)
        return [
            _Text(
                text_of_lines(data, one.first, one.last),
                BeautifulSoup("".join(_html(found, one)), "html.parser").get_text(" "),
            )
            for one in found.blocks
            if one.elements or one.notes
        ]
    return []


def _html(found: Blocks, block: Block) -> list[str]:
    return [found.page[n] for n in block.elements] or [f"<ul>{found.notes[n]}</ul>" for n in block.notes]


def _plain(soup: BeautifulSoup) -> Markup:
    """A part among others on one page: places have no names there, and headings are none of that page's."""
    for tag in soup.find_all(True):
        if tag.name == "a" and str(tag.get("href", "")).startswith("#"):
            tag.unwrap()
            continue
        if re.fullmatch("h[2-6]", tag.name):
            tag.name = "p"
            tag["class"] = "heading"
        for name in ("id", "aria-label", "aria-labelledby", "aria-describedby"):
            tag.attrs.pop(name, None)
    return Markup(soup.decode())  # what plugins/reader/allowed.py let through


def _changed(parts: list[Part], now: list[_Text], was: list[_Text]) -> list[Part]:
    found: list[Part] = []
    old_texts, new_texts = ([one.written for one in texts] for texts in (was, now))
    for kind, start, end, begin, stop in SequenceMatcher(None, old_texts, new_texts, autojunk=False).get_opcodes():
        if kind == "equal":
            found += parts[begin:stop]
            continue
        for old, new in zip_longest(was[start:end], range(begin, stop)):
            if new is None:
                found.append(Part(("out",), Markup(), "", [("del", old.read)]))
            else:
                part = parts[new]
                found.append(Part(part.kind, part.html, part.edit, words(old.read if old else "", now[new].read)))
    return found


def side_by_side(left: list[Part], right: list[Part]) -> Iterator[tuple[Part | None, Part | None]]:
    """Parts side by side: sections by the level and the name of their heading, and what is in them by its kind."""
    shared = {part.kind[-1] for part in left} & {part.kind[-1] for part in right}

    def heading(section: list[Part]) -> tuple[str, str]:
        _, tag, name = section[0].kind if section[0].kind[0] == "heading" else ("", "", "")
        return tag, name if name in shared else ""

    for one, other in _aligned(_sections(left), _sections(right), heading):
        yield from _aligned(one or [], other or [], lambda part: part.kind[0])


def _sections(parts: list[Part]) -> list[list[Part]]:
    found: list[list[Part]] = []
    for part in parts:
        if not found or part.kind[0] == "heading":
            found.append([])
        found[-1].append(part)
    return found


def _aligned(left: list[T], right: list[T], key: Callable[[T], Any]) -> Iterator[tuple[T | None, T | None]]:
    """Two sequences side by side, what is alike beside each other; what is not, in its order."""
    matcher = SequenceMatcher(None, [key(one) for one in left], [key(one) for one in right], autojunk=False)
    for _, start, end, begin, stop in matcher.get_opcodes():
        yield from zip_longest(left[start:end], right[begin:stop])


async def agree_now(request: Request) -> Response:
    """Record that both say the same: of the page and the versions that a form was shown, or of the change in `entry`.

    A script is told what takes it back (`undo`), or 409 where more was changed since.
    """
    desk, is_script = desk_of(request), request.headers.get("content-type", "").startswith("application/json")
    sent: Any = {}
    with suppress(ValueError):
        sent = await request.json() if is_script else await request.form()
    entry = str(sent.get("entry", "")) if hasattr(sent, "get") else ""
    pair = parted_by(desk, entry) if entry else _asked(desk, str(sent.get("page", "")))
    status, why = HTTPStatus.CONFLICT, say("A version was changed just now. Read both again; then say that they agree.")
    if pair is None and (is_script or entry):
        return JSONResponse({}, status) if is_script else shown(request, "refused.html", status, why=why, way=False)
    if pair is None:
        return _gone(request)
    name = f"{pair.kind}/{pair.key}"
    if entry or all(sent.get(f"seen-{lang}") == digest(one.text.encode()) for lang, one in pair.versions.items()):
        try:
            saved = agree(desk, pair)
            address = f"{PLACE}?page={name}&agreed={saved.entry}"
            return JSONResponse({"undo": saved.entry}) if is_script else RedirectResponse(address, HTTPStatus.SEE_OTHER)
        except ContentError as error:
            why = error.args[0][0].message
        except OSError as error:
            status, why = HTTPStatus.INSUFFICIENT_STORAGE, say("Nothing was saved: {reason}", reason=refused(error))
        except Changed:
            pass
    return JSONResponse({}, status) if is_script else _compared(request, both(desk, pair.kind, pair.key), status, why)


ROUTES: list[BaseRoute] = [
    Route(PLACE, languages),
    Route(f"{PLACE}/agree", agree_now, methods=["POST"]),
]
