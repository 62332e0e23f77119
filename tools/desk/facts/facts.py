"""The facts as a form: each is checked by the model, written into practice.toml, shown as it was understood.

A field is written only where it was changed here, onto the file as it is at that moment; one that was changed elsewhere
meanwhile too is shown with both values, and the owner says which.
"""

from __future__ import annotations

import datetime
import json
import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from pathlib import Path
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from plugins.build import Build
from plugins.files import refused
from plugins.practice import form as words
from plugins.practice.editing import with_fact
from plugins.practice.facts import is_told, without_expired, without_picture
from plugins.practice.form import GROUPS, Group, asked_as, fields, is_asked, label_of, needs_of
from plugins.practice.in_practice import LABELS
from plugins.practice.model import Practice
from plugins.practice.reading import Reading, read_practice, values_of
from plugins.practice.requirements import REQUIREMENTS
from plugins.problems import Message, say
from tools.preview.panel import RESERVED

from ..desk import Desk, desk_of
from ..history.saving import Changed, digest, save
from ..pictures.library import items
from ..shown import shown as page_shown
from ..spoken import language_of
from .fact_fields import Raw, View, checked, is_blank, shown, typed, understood, value_at, view_of
from .presets import chosen, offered

ADDRESS = f"{RESERVED}facts"
# Names that pages print for several facts.
PRINTED_AS = {
    "address_line": {"address.street", "address.postcode", "address.city"},
    "practice_name": {"legal_name", "first_names"},
    "in_practice": set(LABELS),
}
# What browsers may fill in (HTML, autofill): of the facts that are the owner's own.
AUTOFILL = {
    "trade_name": "organization",
    "first_names": "given-name",
    "phone": "tel",
    "email": "email",
    "address.street": "address-line1",
    "address.postcode": "postal-code",
    "address.city": "address-level2",
}
ATTEMPTS = 5  # to write onto a file that others write too


@dataclass
class Sent:
    """What came of one form: what was typed and not written, with why; what was written."""

    typed: dict[str, Raw] = field(default_factory=dict)
    faults: dict[str, Message] = field(default_factory=dict)  # by the name of the input
    theirs: dict[str, str] = field(default_factory=dict)  # of facts that were changed elsewhere too, what was on show
    written: list[str] = field(default_factory=list)
    refused: Message | None = None


@dataclass
class Asked:
    """A fact of a group as it is shown: its fields, and what there is to say of it."""

    view: View
    seen: str
    state: str  # known, missing (and needed), unknown, wrong
    is_asked: bool
    why: list[str]
    pages: list[tuple[str, str]]  # title and address
    theirs: str = ""  # what it became elsewhere; `both` says that there are two values
    both: bool = False


def facts_file(desk: Desk) -> Path:
    """Where the facts stand."""
    return desk.content / "data" / "practice.toml"


def read(desk: Desk) -> Reading:
    """The facts as they are on the disk now, with what is wrong among them."""
    reading = read_practice(facts_file(desk))
    reading.gaps += without_picture(reading.practice, desk.content)
    return reading


async def facts(request: Request) -> Response:
    """The form."""
    return answer(request, Sent())


async def save_facts(request: Request) -> Response:
    """Write what was changed. What is wrong, or was changed elsewhere too, comes back as it was typed."""
    form = {name: str(value) for name, value in (await request.form(max_fields=10_000)).items()}
    sent = await run_in_threadpool(_save, desk_of(request), form, language_of(request))
    if sent.typed or sent.refused:
        return answer(request, sent, HTTPStatus.UNPROCESSABLE_ENTITY)
    group = next((group.id for group in GROUPS if group.id == form.get("group")), "")
    return RedirectResponse(f"{ADDRESS}?open={group}#{group}" if group else ADDRESS, HTTPStatus.SEE_OTHER)


def _save(desk: Desk, form: Mapping[str, str], lang: str) -> Sent:
    """Write onto the newest file; again where that is another one by then."""
    for _ in range(ATTEMPTS):
        sent, path = Sent(), facts_file(desk)
        try:
            data = path.read_bytes()
            text = data.decode("utf-8-sig")
            values_of(text)
            if new := merge(sent, text, form, lang):
                mark = b"\xef\xbb\xbf" if data.startswith(b"\xef\xbb\xbf") else b""
                what = say("Changed: {facts}", facts=_listed(sent.written))
                save(desk, {path: mark + new.encode()}, {path: digest(data)}, what)
            return sent
        except Changed:
            sent.refused = say("another program writes into the file of the facts all the time")
        except (UnicodeDecodeError, tomllib.TOMLDecodeError):
            return Sent(refused=say("the file of the facts cannot be read"))
        except OSError as error:
            sent.refused = refused(error)
            break
    sent.typed |= {path: typed(fields()[path], path, form) for path in sent.written}
    return sent


def _listed(paths: list[str]) -> Message:
    """Labels one after another."""
    first, *others = paths
    label = label_of(first)
    return say("{first}, {others}", first=label, others=_listed(others)) if others else label


def merge(sent: Sent, text: str, form: Mapping[str, str], lang: str) -> str | None:
    """`text` with what was changed in the form, None where nothing was; `sent` is told the rest."""
    values = values_of(text)
    preset = chosen(form.get("preset", ""), values, lang)
    for path, asked in fields().items():
        now = shown(asked, value_at(values, path), lang)
        raw, seen = preset.get(path, typed(asked, path, form)), form.get(f"seen:{path}", "")
        is_changed = path in preset or (seen and seen != _dumped(raw) and path != form.get("take"))
        if not is_changed or raw == now:
            continue
        value, faults = checked(asked, raw)
        if not faults and understood(asked, value, lang) == now:
            continue
        if path not in preset and seen != _dumped(now) and path != form.get("keep"):
            sent.typed[path], sent.theirs[path] = raw, seen
            continue
        try:
            text = text if faults else with_fact(text, path, value)
        except ValueError as error:
            faults = {path: error.args[0]}
        if faults:
            sent.typed[path] = raw
            sent.faults.update(faults)
        else:
            sent.written.append(path)
    return text if sent.written else None


def _of(group: Group) -> Iterator[tuple[str, words.Field]]:
    for found in group.words:
        if found.path in fields():
            yield found.path, fields()[found.path]


def _dumped(raw: Raw) -> str:
    return json.dumps(raw, ensure_ascii=False)


def answer(request: Request, sent: Sent, status: HTTPStatus = HTTPStatus.OK) -> Response:
    """The page, with what was typed and could not be written."""
    desk, lang = desk_of(request), language_of(request)
    reading = read(desk)
    if reading.broken:
        return page_shown(request, "facts_broken.html", HTTPStatus.CONFLICT, problem=reading.broken)
    practice = without_expired(reading.practice, datetime.date.today())  # noqa: DTZ011 - the owner's own day
    values = values_of(reading.text)
    users = used_on(desk.build, lang) if desk.build else {}
    groups = [
        (
            group,
            [_asked(asked, values, reading, practice, sent, lang, users) for _, asked in _of(group)],
            offered(group, lang),
        )
        for group in GROUPS
    ]
    needed = {need.field for need in REQUIREMENTS if need.applies(practice)}
    missing = {path for path in needed if not _is_known(path, practice, reading)}
    to_do = {group.id: sum(asked.path in missing for asked in group.words) for group in GROUPS}
    upcoming = next((group for group in GROUPS if to_do[group.id]), None)
    return page_shown(
        request,
        "facts.html",
        status,
        groups=groups,
        progress=(len(needed) - len(missing), len(needed)),
        upcoming=upcoming,
        to_do=to_do,
        opened=_opened(request, groups, upcoming),
        strange=_strange(reading),
        sent=sent,
        options=words.OPTIONS,
        autofill=AUTOFILL,
        pictures=sorted(item.name for item in items(desk) if item.is_picture),
    )


def _opened(request: Request, groups: list[Any], upcoming: Group | None) -> set[str]:
    """The groups to show at once: the one asked for or else the next, and those with something to mend."""
    asked_for = request.query_params.get("open") or (upcoming.id if upcoming else "")
    return {
        group.id for group, asked, _ in groups if group.id == asked_for or any(one.state == "wrong" for one in asked)
    }


def _is_known(path: str, practice: Practice, reading: Reading) -> bool:
    value: Any = practice
    for name in path.split("."):
        value = getattr(value, name)
    return value is not None and not is_told(path, reading.gaps)


def _strange(reading: Reading) -> list[str]:
    """What is wrong in the file and belongs to no field."""
    return [gap.reason for gap in reading.gaps if not asked_as(gap.field)]


def _asked(
    asked: words.Field,
    values: Mapping[str, Any],
    reading: Reading,
    practice: Practice,
    sent: Sent,
    lang: str,
    users: Mapping[str, list[tuple[str, str]]],
) -> Asked:
    path, value = asked.path, value_at(values, asked.path)
    now = shown(asked, value, lang)
    raw, both = sent.typed.get(path, now), path in sent.theirs
    faults: dict[str, str] = dict(sent.faults) if path in sent.typed else {}
    if path not in sent.typed:
        faults = dict(next(([(path, gap.reason)] for gap in reading.gaps if asked_as(gap.field) == path), []))
    view = view_of(asked, path, raw, faults, len(value) if isinstance(value, list) else 0)
    wrong = path in sent.typed or bool(faults)
    view.wrong = view.wrong or next((reason for name, reason in faults.items() if name == path), "")
    needs = needs_of(path, practice)
    known = _is_known(path, practice, reading) or (is_told(path, reading.gaps) and not is_blank(raw))
    state = "wrong" if wrong else "known" if known else "missing" if needs else "unknown"
    pages = list(
        dict.fromkeys([*(page for need in needs for page in users.get(f"page:{need.page}", [])), *users.get(path, [])])
    )
    return Asked(
        view,
        sent.theirs.get(path, _dumped(now)),
        state,
        is_asked(path, practice) or not is_blank(raw),
        [*dict.fromkeys(need.why for need in needs)],
        pages,
        " · ".join(_leaves(now)),
        both,
    )


def _leaves(raw: Raw) -> Iterator[str]:
    if isinstance(raw, str):
        yield from [raw] if raw else []
    else:
        for part in raw.values():
            yield from _leaves(part)


def used_on(build: Build, lang: str) -> dict[str, list[tuple[str, str]]]:
    """Title and address of the pages in `lang`: by `page:<translation key>`, and by each fact that they print."""
    users: dict[str, list[tuple[str, str]]] = {}
    for key, content in build.site.pages[lang].items():
        page = (str(content.title), f"/{content.url}")
        users[f"page:{key}"] = [page]
        text = Path(content.source_path).read_text(encoding="utf-8-sig", errors="replace")
        printed = {
            name for part in re.findall(r"\{[{%](.*?)[%}]\}", text, re.S) for name in re.findall(r"[\w.]+", part)
        }
        for path in printed.union(*(PRINTED_AS.get(name, ()) for name in printed)):
            users.setdefault(path, []).append(page)
    return users


ROUTES: list[BaseRoute] = [
    Route(ADDRESS, facts, methods=["GET"]),
    Route(ADDRESS, save_facts, methods=["POST"]),
]
