"""The value of a fact of the practice as a template gets it: plain data in one language, None where it is missing."""

from __future__ import annotations

import datetime
from typing import Any

from plugins.i18n.catalogs import localized as in_language
from plugins.practice.facts import Facts, Missing


def fact_value(facts: Any, dotted: str, lang: str) -> Any:
    """A fact as plain data in `lang`; None where it is missing."""
    value: Any = facts
    for part in dotted.split("."):
        value = getattr(value, part)
    return _plain(value, lang)


def _plain(value: Any, lang: str) -> Any:
    if isinstance(value, Missing):
        return None
    if isinstance(value, Facts):  # a table of them
        return {name: _plain(getattr(value, name), lang) for name in value}
    if isinstance(value, list):
        return [_plain(item, lang) for item in value]
    value = in_language(value, lang)
    return value.isoformat() if isinstance(value, datetime.date) else value
