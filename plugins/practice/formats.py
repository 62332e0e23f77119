"""How facts are written on a page: the same filters, test and marks for Markdown and for templates."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from functools import partial
from html import escape
from typing import Any

from babel.numbers import format_decimal
from babel.units import format_unit
from jinja2 import Environment, pass_context
from jinja2.runtime import Context, Undefined
from markupsafe import Markup

from ..i18n.catalogs import language_of, localized, long_date
from ..typography import NBSP, NNBSP
from .facts import Missing

AGREED = {"en": "agreed together", "fr": "convenu ensemble"}


def _number(kind: str, value: str, lang: str) -> str:
    from .numbers import written

    return written(kind, value, lang)


def _anchor(href: str, text: str) -> Markup:
    return Markup('<a href="{}">{}</a>').format(href, text)


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
    "mail_link": lambda value, lang: _anchor(f"mailto:{value}", value),
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


def install_formats(env: Environment, locales: dict[str, str], markup: bool) -> None:
    """Add the filters, the test `known` and the printing of facts to a Jinja environment.

    `locales` maps each language to its Babel locale; `markup` is false where Markdown is written, true where HTML is.
    """
    env.filters.update({name: _of_missing(function) for name, function in FILTERS.items()})
    env.filters["date"] = pass_context(
        lambda context, value, lang=None: (
            value
            if isinstance(value, Missing)
            else long_date(value, lang or language_of(context), locales[lang or language_of(context)])
        )
    )
    env.filters["isodate"] = lambda value: value.strftime("%Y-%m-%d")
    env.filters["agreed"] = pass_context(
        lambda context, value: value if is_known(value) else AGREED[language_of(context)]
    )
    env.tests["known"] = is_known

    def printed(context: Context, value: Any) -> Any:
        if isinstance(value, Missing):
            return value.mark(language_of(context))
        if isinstance(value, dict):
            value = localized(value, language_of(context))
        if markup or isinstance(value, Markup) or not isinstance(value, str):
            return value
        return escape(value, quote=False)  # Markdown passes HTML through, so a fact must not become some

    env.finalize = pass_context(printed)


def as_date(value: datetime.date | datetime.datetime) -> datetime.date:
    """The day of a date or a moment."""
    return value.date() if isinstance(value, datetime.datetime) else value
