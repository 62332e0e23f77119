"""The sentences people are told: each is written in English with `say`, and `fr.po` holds its French.

A sentence that is not in the catalog, such as one of Pelican's own, stays in English: better told so than lost.
"""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path
from typing import Any

from ..typography import french

CATALOG = Path(__file__).parent / "fr.po"
LANGUAGES = ("en", "fr")


class Message(str):
    """A sentence in English that keeps its template and what fills it, so that `in_language` can say it in French."""

    template: str
    values: dict[str, Any]
    of_one: str = ""  # the template for one thing, where a number stands before its noun: `counted`


def say(template: str, /, **values: Any) -> Message:
    """`template` with its `{names}` filled in (braces are plain text where no value is given).

    Every problem is written with it, because it is also what gathers the sentences to translate.
    """
    message = Message(template.format(**values) if values else template)
    message.template, message.values = template, values
    return message


def counted(count: int, one: Message, many: Message, /, **values: Any) -> Message:
    """The one of two sentences, made with `say` and not yet filled in, that `count` things ask for.

    English has one thing and many others; in French the many begin with two.
    """
    message = say(one.template if count == 1 else many.template, count=count, **values)
    if count < 2:
        message.of_one = one.template
    return message


@cache
def _french() -> dict[str, str]:
    from babel.messages.pofile import read_po  # only where French is spoken: it takes longer than the rest of a command

    with CATALOG.open("rb") as file:
        return {str(entry.id): str(entry.string) for entry in read_po(file, locale="fr") if entry.id and entry.string}


def language(asked: str = "") -> str:
    """The language to speak: what was asked for, or the machine's own. Raises ValueError for one we do not speak."""
    machine = next((os.environ[name] for name in ("LC_ALL", "LC_MESSAGES", "LANG") if os.environ.get(name)), "")
    lang = asked or ("fr" if machine.startswith("fr") else "en")
    if lang not in LANGUAGES:
        raise ValueError(f"--lang is {' or '.join(LANGUAGES)}, not {lang}")
    return lang


def in_language(words: object, lang: str) -> str:
    """A sentence made with `say`, and what fills it, in `lang`; anything else as it is."""
    template = getattr(words, "of_one", "") or getattr(words, "template", str(words))
    found = _french().get(template) if lang == "fr" and isinstance(words, str) else None
    if found is None:
        return str(words)
    sentence = french(found)  # and not what fills it: a file's name stays what it is
    values = {name: in_language(value, lang) for name, value in getattr(words, "values", {}).items()}
    return sentence.format(**values) if values else sentence


def as_data(words: object) -> Any:
    """A sentence made with `say`, as JSON has it; a number as it is, anything else as text."""
    if isinstance(words, Message):
        values = {name: as_data(value) for name, value in words.values.items()}
        return {"say": words.template, "values": values} | ({"of_one": words.of_one} if words.of_one else {})
    return words if isinstance(words, int) else str(words)


def from_data(written: Any) -> Any:
    """What `as_data` was given. Raises ValueError, KeyError, TypeError, AttributeError or IndexError for other data."""
    if not isinstance(written, dict):
        return written
    words = say(written["say"], **{name: from_data(value) for name, value in written["values"].items()})
    words.of_one = written.get("of_one", "")
    return words
