"""The front matter of a page as a form asks for it: the words of each key, its kind, its limits, what is wrong.

What a key may hold is the model's (frontmatter.py): kinds and limits are taken from there. A form holds for each
setting what its inputs do, a `State`: a text, whether a box is ticked, or a list of texts.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from types import UnionType
from typing import Any, Literal, NamedTuple, Union, get_args, get_origin

from pydantic import ValidationError
from pydantic.fields import FieldInfo

from .frontmatter import KINDS, TO_WRITE, Action, Matter
from .problems import Message, counted, reason_of, say
from .problems.unreadable import UNSHOWABLE

State = str | bool | list[str]
Kind = Literal["line", "text", "day", "tick", "step", "lines", "choices", "order"]


class Words(NamedTuple):
    """How a setting is asked for."""

    label: Message
    hint: Message


WORDS = {
    "title": Words(say("Title"), say("It stands at the top of the page, in its tab and in search engines.")),
    "nav_title": Words(say("Short title"), say("For menus and lists. Leave it empty to have the title there too.")),
    "description": Words(say("Description"), say("One sentence that says what the reader finds on the page.")),
    "slug": Words(
        say("Address"),
        say("Small letters without accents, figures and hyphens; after a slash, the name of a page below another one."),
    ),
    "aliases": Words(
        say("Old addresses"), say("One on each line, such as /en/old-name/. Each leads its readers to this page.")
    ),
    "toc": Words(say("List of contents"), say("Shows the headings of the page at its top, for long pages.")),
    "blocks": Words(
        say("From top to bottom"),
        say("What the site makes of your facts, and whether it stands above or below the text."),
    ),
    "documents": Words(say("Documents"), say("Each one that is ticked can be downloaded from this page.")),
    "action": Words(
        say("Next step"), say("Where the reader is led to at the end of the page, and the words of the link.")
    ),
    "second_action": Words(say("Second next step"), say("Another way on, shown less prominently.")),
    "status": Words(say("Draft"), say("Only you see a draft: it is not published.")),
    "date": Words(
        say("Appears on"),
        say(
            "With a day still to come it waits: publish the site on that day or later, and it appears. "
            "An article shows this day; a page needs none."
        ),
    ),
    "modified": Words(
        say("Last changed"), say("The day that readers and search engines are told. A new title makes it today.")
    ),
}
# How a page is made, and what is recorded of it: nobody types these; the last two are one choice of the desk.
NOT_ASKED = {"template", "aligned", "translation", "unpaired"}
GROUPS = (
    (say("What readers and search engines see"), ("title", "nav_title", "description")),
    (say("Where the page is"), ("slug", "aliases")),
    (say("What stands on the page"), ("toc", "blocks", "documents", "action", "second_action")),
    (say("When it is published"), ("status", "date", "modified")),
)
BLOCKS = {
    "text": say("the text of the page"),
    "coach": say("who the coach is"),
    "in-practice": say("price and length of sessions"),
    "testimonials": say("what people say"),
}


@dataclass(frozen=True)
class Setting:
    """One key of the front matter. `least` and `most` are characters; `choices` are of a Literal in the model."""

    name: str
    kind: Kind
    needed: bool
    least: int | None
    most: int | None
    choices: tuple[str, ...] = ()

    @property
    def words(self) -> Words:
        return WORDS[self.name]

    def shown(self, value: Any) -> State:
        """What the form shows of a value as it is written; nothing of one that is of another type than the model's."""
        listed = [str(part) for part in value] if isinstance(value, list) else []
        match self.kind:
            case "tick":
                return str(value).lower() == self.choices[-1]
            case "step":
                parts = value if isinstance(value, dict) else {}
                return [str(parts.get(name) or "") for name in Action.model_fields]
            case "lines":
                return "\n".join(listed)
            case "choices":
                return listed
            case "order":
                return listed if "text" in listed else ["text", *listed]
        return value if isinstance(value, str) else ""

    def typed(self, texts: list[str]) -> State:
        """What a form holds that was sent with these texts for this setting."""
        texts = [text.replace("\r\n", "\n").strip(" \t\n") for text in texts]
        match self.kind:
            case "tick":
                return bool(texts)
            case "step":
                return [*texts, "", ""][:2]
            case "choices" | "order":
                return [text for text in texts if text]
            case "lines":
                return "\n".join(line.strip() for line in "".join(texts).split("\n") if line.strip())
        return re.sub(r"[ \t]*\n\s*", " ", "".join(texts))

    def meant(self, state: State) -> Any:
        """The value of the key that a state stands for; None where there is to be none."""
        if isinstance(state, bool):
            return (True if self.choices[-1] == "true" else self.choices[-1]) if state else None
        if isinstance(state, list):
            if self.kind == "step":
                parts = {name: text for name, text in zip(Action.model_fields, state, strict=True) if text}
                return parts or None
            return state[1:] if state[:1] == ["text"] else state
        if self.kind == "lines":
            return state.split("\n") if state else []
        if self.kind == "day":
            with suppress(ValueError):
                return datetime.date.fromisoformat(state)
        return state if state or self.needed else None


@cache
def settings_of(kind: str) -> dict[str, Setting]:
    """The settings of a kind of content ("pages", "articles", "documents"), in the order of its model."""
    fields = KINDS[kind].model_fields
    return {name: _setting(name, field) for name, field in fields.items() if name not in NOT_ASKED}


def _setting(name: str, field: FieldInfo) -> Setting:
    least, most = (
        next((getattr(one, bound) for one in field.metadata if hasattr(one, bound)), None)
        for bound in ("min_length", "max_length")
    )
    kind, choices = _kind(field.annotation, most)
    return Setting(name, "choices" if name == "documents" else kind, field.is_required(), least, most, choices)


def _kind(annotation: Any, most: int | None) -> tuple[Kind, tuple[str, ...]]:
    """The kind of input for a type of the model, and its choices. An optional type is asked for as the type itself."""
    if get_origin(annotation) in (Union, UnionType):
        (annotation,) = (one for one in get_args(annotation) if one is not type(None))
    if hasattr(annotation, "__metadata__"):
        annotation = annotation.__origin__
    if get_origin(annotation) is list:
        (part,) = get_args(annotation)
        return ("order", get_args(part)) if get_origin(part) is Literal else ("lines", ())
    if get_origin(annotation) is Literal:
        return "tick", get_args(annotation)
    kinds: dict[Any, Kind] = {bool: "tick", datetime.date: "day", Action: "step", str: "text" if most else "line"}
    return kinds[annotation], ("true",) if annotation is bool else ()


def wrong(kind: str, values: Mapping[str, Any]) -> dict[str, Message | str]:
    """What is wrong with the values of a page's settings, in words that name no key."""
    settings, model = settings_of(kind), KINDS[kind]
    values = {name: value for name, value in values.items() if value is not None}
    found: dict[str, Message | str] = {}
    for error in _errors(model, values):
        if (name := str(error["loc"][0])) in settings:
            found.setdefault(name, _reason(settings[name], error))
    for name, value in values.items():
        if name in settings and (hidden := UNSHOWABLE.search(str(value))):
            code = f"{ord(hidden[0]):04X}"
            found[name] = say("there is a sign here that cannot be shown (U+{code})", code=code)
        elif values.get("status") != "draft" and str(value).startswith(TO_WRITE):
            found.setdefault(name, say("This is still to be written. Until then, keep the page a draft."))
    if len(set(values.get("blocks") or [])) < len(values.get("blocks") or []):
        found["blocks"] = say("The same is chosen twice.")
    return found


def _errors(model: type[Matter], values: Mapping[str, Any]) -> Iterator[Any]:
    try:
        model.model_validate(values)
    except ValidationError as error:
        yield from error.errors()


def _reason(setting: Setting, error: Any) -> Message | str:
    given = error.get("input")
    match error["type"]:
        case "missing" if error["loc"][-1] == "page":
            return say("Choose the page that it leads to.")
        case "missing" if setting.kind == "step":
            return say("Write the words of the link.")
        case "string_too_short" if given:
            return counted(
                len(given),
                say("This has {count} character; it needs at least {limit}."),
                say("This has {count} characters; it needs at least {limit}."),
                limit=setting.least,
            )
        case "string_too_long":
            return say("This has {count} characters; at most {limit} fit.", count=len(given), limit=setting.most)
        case "missing" | "string_too_short":
            return say("This is needed.")
        case _ if setting.kind == "day" and isinstance(given, str):
            return say("This is no day of the calendar.")
        case kind if kind.endswith("_type"):
            return say("This cannot be read as it is written: type it again.")
        case "value_error" if setting.name == "slug":
            return say("An address has only small letters without accents, figures and hyphens, like goal-setting.")
    return reason_of(error)
