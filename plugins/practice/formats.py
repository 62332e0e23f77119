"""How facts are written on a page: the same filters, test and marks for Markdown and for templates."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from functools import partial
from typing import Any
from urllib.parse import quote

from babel.numbers import format_decimal
from babel.units import format_unit
from jinja2 import Environment, pass_context
from jinja2.runtime import Context, Undefined
from markupsafe import Markup

from ..i18n.catalogs import language_of, localized, long_date
from ..problems import say
from ..typography import NBSP, NNBSP
from .facts import Facts, Missing


class NotOneFact(ValueError):
    """What cannot be printed, in words for the author."""


AGREED = {"en": "agreed together", "fr": "convenu ensemble"}


def _number(kind: str, value: str, lang: str) -> str:
    from .numbers import written

    return written(kind, value, lang)


def _anchor(href: str, text: str) -> Markup:
    return Markup('<a href="{}">{}</a>').format(href, text)


def _mailto(address: str) -> Markup:
    """The address of an e-mail address: what has a meaning in one is written by its number (RFC 6068)."""
    return Markup(f"mailto:{quote(address, safe='@!$*+-._~')}")


def _duration(value: Any, lang: str) -> str:
    text = format_unit(value.value, f"duration-{value.unit.removesuffix('s')}", locale=lang)
    return text.replace(" ", NBSP)


def _money(value: float, lang: str) -> str:
    return (
        f"{format_decimal(value, locale='fr').replace(' ', NNBSP)}{NBSP}€"
        if lang == "fr"
        else f"€{format_decimal(value, locale='en_GB')}"
    )


FILTERS: dict[str, Callable[[Any, str], Any]] = {
    "tel_link": lambda value, lang: _anchor(f"tel:{value}", _number("phone", value, lang)),
    "phone": partial(_number, "phone"),
    "mail_link": lambda value, lang: _anchor(_mailto(value), value),
    "web_link": lambda value, lang: _anchor(value, value.removeprefix("https://").removesuffix("/")),
    "duration": _duration,
    "money": _money,
    "siren": partial(_number, "siren"),
    "siret": partial(_number, "siret"),
}


def is_known(value: Any) -> bool:
    """The test `is known`: the fact was given (false, 0 and an empty list are answers too)."""
    return not isinstance(value, (Missing, Undefined)) and value is not None


def _of_missing(function: Callable[[Any, str], Any]) -> Any:
    """A filter that lets a missing fact through as it is, so that its mark is what prints."""

    @pass_context
    def apply(context: Context, value: Any) -> Any:
        return value if isinstance(value, Missing) else function(value, language_of(context))

    return apply


def install_formats(env: Environment, locales: dict[str, str], written: Callable[[str], str] | None = None) -> None:
    """Add the filters, the test `known` and the printing of facts to a Jinja environment.

    `locales` maps each language to its Babel locale; `written` says how a fact, a text or markup made of one, is
    written in Markdown; None where HTML is written, which escapes texts by itself.
    """
    env.filters.update({name: _of_missing(function) for name, function in FILTERS.items()})
    env.filters["date"] = pass_context(
        lambda context, value, lang=None: (
            value
            if isinstance(value, Missing)
            else long_date(value, lang or language_of(context), locales[lang or language_of(context)])
        )
    )
    env.filters["mailto"] = lambda value: value if isinstance(value, Missing) else _mailto(value)
    env.filters["isodate"] = lambda value: value.strftime("%Y-%m-%d")
    env.filters["agreed"] = pass_context(
        lambda context, value: value if is_known(value) else AGREED[language_of(context)]
    )
    env.tests["known"] = is_known

    def printed(context: Context, value: Any) -> Any:
        if isinstance(value, Missing):
            value = value.mark(language_of(context))
        if isinstance(value, dict):
            value = localized(value, language_of(context))
        if written is None or isinstance(value, Undefined):  # which raises when it is printed
            return value
        if callable(value):
            raise NotOneFact(say("this is not a fact"))
        if isinstance(value, (Facts, list, dict)):
            raise NotOneFact(say("this is a group of facts, of which only one can be printed at a time"))
        return written(value if isinstance(value, Markup) else str(value))

    env.finalize = pass_context(printed)


def as_date(value: datetime.date | datetime.datetime) -> datetime.date:
    """The day of a date or a moment."""
    return value.date() if isinstance(value, datetime.datetime) else value
