"""The desk's templates, in the owner's language."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup
from starlette.requests import Request

from plugins.problems import LANGUAGES, in_language, say

CHOICE = "desk-language"  # the cookie of who chose a language for the desk


def language_of(request: Request) -> str:
    """The owner's language: as chosen on the desk, or else the first of the browser's that the desk speaks."""
    if (chosen := request.cookies.get(CHOICE)) in LANGUAGES:
        return str(chosen)
    for entry in request.headers.get("accept-language", "").split(","):
        lang = entry.strip()[:2].lower()
        if lang in LANGUAGES:
            return lang
    return "en"


@cache
def _templates() -> Environment:
    return Environment(
        loader=FileSystemLoader(Path(__file__).parent / "templates"),
        undefined=StrictUndefined,
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def words(name: str, lang: str, **values: Any) -> Markup:
    """A template in `lang`. It says its sentences with `say("…", name=value)`, and those it is given with `told`."""

    def spoken(template: str, **filled: Any) -> str:
        return in_language(say(template, **filled), lang)

    def told(sentence: object) -> str:
        return in_language(sentence, lang)

    return Markup(_templates().get_template(name).render(lang=lang, say=spoken, told=told, **values))
