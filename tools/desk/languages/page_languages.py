"""Whether a page is in both languages: a choice with what follows from it, and how its front matter records it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from plugins.problems import Message, say

from ..site_pages import SitePage

IN = {"en": say("in English"), "fr": say("in French")}
BOTH, LATER, ALONE = "both", "later", "alone"
# What a page that will never have another version says of it in its file; no reader sees it.
WHY = {"en": "This page is in English only.", "fr": "Cette page n’existe qu’en français."}


def only_in(lang: str) -> str:
    """Why a page has no version in the other language: what its front matter records."""
    return WHY[lang]


def choice_of(values: Mapping[str, Any]) -> str:
    """The choice that these values of a page's front matter make."""
    if values.get("unpaired"):
        return ALONE
    return LATER if values.get("translation") == "pending" else BOTH


def values_for(choice: str, lang: str, values: Mapping[str, Any]) -> dict[str, Any]:
    """What a page's front matter, now `values`, records of a choice; a reason that somebody wrote stays."""
    return {
        "translation": "pending" if choice == LATER else None,
        "unpaired": (values.get("unpaired") or only_in(lang)) if choice == ALONE else None,
    }


def choices(lang: str) -> dict[str, tuple[Message, Message]]:
    """Each choice for a page in `lang`, and what follows from it."""
    language, missing = IN[lang], next(name for code, name in IN.items() if code != lang)
    return {
        BOTH: (
            say("In both languages"),
            say("Both are published together, and the desk tells you when one has to follow the other."),
        ),
        LATER: (
            say("Only {language}, for now", language=language),
            say(
                "It is published although the version {language} is missing or behind, and the list of pages "
                "reminds you. It can be in a menu once both are published.",
                language=missing,
            ),
        ),
        ALONE: (
            say("Only {language}, for good", language=language),
            say(
                "Nobody is reminded of a version {language}. Readers of that language are led to its home page, "
                "and the page can be in no menu.",
                language=missing,
            ),
        ),
    }


def wrong(choice: str, pair: SitePage | None) -> Message | None:
    """Why a page whose version in the other language is `pair`, where there is one, cannot have this choice."""
    if choice == ALONE and pair:
        return say(
            "There is a version in the other language: “{title}”. Delete that one first, from the list of pages.",
            title=pair.title,
        )
    if choice == BOTH and pair is None:
        return say("There is no version in the other language yet. Write it from the list of pages, or choose another.")
    return None
