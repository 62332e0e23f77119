"""What is wrong with one value, in plain words; and the word that was probably meant."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from typing import Any

from .messages import say


def reason_of(wrong: Any) -> str:
    """What one of pydantic's errors says: our own words where a validator of ours raised it, plain ones otherwise."""
    context = wrong.get("ctx") or {}
    match wrong["type"]:
        case "value_error" | "assertion_error":
            return context["error"].args[0] if context.get("error") else str(wrong["msg"])
        case "literal_error":
            return say(
                "it is one of these: {choices}", choices=context["expected"].replace("'", "").replace(" or ", ", ")
            )
        case "missing":
            return say("it is required here, and missing")
        case "extra_forbidden":
            return say('there is nothing called "{name}" here', name=wrong["loc"][-1])
        case "string_type":
            return say("it is a text between double quotes")
        case kind if kind.startswith("bool"):
            return say("it is true or false, without quotation marks")
        case "greater_than":
            return say("it must be greater than {limit}", limit=context["gt"])
        case "greater_than_equal":
            return say("it must be at least {limit}", limit=context["ge"])
        case "less_than_equal":
            return say("it must be at most {limit}", limit=context["le"])
        case kind if kind.startswith(("float", "finite")):
            return say("it is a number, without quotation marks")
        case kind if kind.startswith("int"):
            return say("it is a whole number, without quotation marks")
        case kind if kind.startswith("date"):
            return say("it is a date such as 2026-11-24, without quotation marks")
        case "list_type":
            return say("it is a list between square brackets")
        case "model_type" | "dict_type" | "model_attributes_type":
            return say("it has several parts, between braces or under a [title]")
    return str(wrong["msg"])


def nearest(word: str, known: Iterable[str]) -> str:
    """` Did you mean "title"?` for a misspelt word, or an empty string."""
    match = difflib.get_close_matches(word, list(known), n=1, cutoff=0.6)
    return say(' Did you mean "{word}"?', word=match[0]) if match else ""
