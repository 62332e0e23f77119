"""Fills the facts into a Markdown text: Jinja's `{{ email | mail_link }}` and `{% if … %}`, and of Jinja little else.

What could take all memory or time, or show what no reader should see, is told with its line (#14).
"""

from __future__ import annotations

import re
import traceback
from typing import Any, ClassVar

from jinja2 import StrictUndefined, TemplateSyntaxError
from jinja2.sandbox import SandboxedEnvironment

from plugins.build import Build

from ..practice.facts import Facts
from ..practice.formats import NotOneFact, install_formats
from ..practice.reading import KNOWN
from ..problems import ContentError, Problem, nearest, say
from ..problems.lines import line_matching
from .limits import LENGTH
from .printed_facts import PrintedFacts

JINJA_FILTERS = {"default", "first", "join", "last", "length", "lower", "replace", "trim", "upper"}


class FactsEnvironment(SandboxedEnvironment):
    """Facts, conditions and loops over facts: nothing is called, and nothing multiplied."""

    intercepted_binops: ClassVar[frozenset[str]] = frozenset({"*", "**", "%"})  # type: ignore[misc]

    def call_binop(self, context: Any, operator: str, left: Any, right: Any) -> Any:
        raise NotOneFact(say("facts are printed here, not reckoned with"))

    def is_safe_attribute(self, obj: Any, attr: str, value: Any) -> bool:
        return isinstance(obj, (Facts, dict)) or not callable(value)


def facts_environment(build: Build, printed: PrintedFacts) -> FactsEnvironment:
    """Jinja for Markdown. `{#` is free for Markdown's own use."""
    env = FactsEnvironment(
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        comment_start_string="{##",
        comment_end_string="##}",
        keep_trailing_newline=True,
    )
    env.filters = {name: env.filters[name] for name in JINJA_FILTERS}
    install_formats(env, {lang: names.locale for lang, names in build.languages.items()}, printed.hold)
    env.globals = build.facts.names() | {"build_year": build.date.year}
    return env


def fill_in(body: str, lang: str, build: Build, printed: PrintedFacts, file: str, first_line: int) -> str:
    """`body` with its conditions followed, and a sign for each fact, which `printed` holds.

    Raises ContentError where it names a fact or filter that does not exist, or grows without end.
    """
    if not any(sign in body for sign in ("{{", "{%", "{##")):
        return body
    env = build.facts_environment = build.facts_environment or facts_environment(build, printed)
    known = [*env.globals, *env.filters, *KNOWN]
    try:
        return _rendered(env, body, lang)
    except TemplateSyntaxError as error:
        line, reason = error.lineno, str(error.message)
        otherwise = say("what stands between the braces is not complete, or one brace is missing")
        if "end of template" in reason:
            line = _never_closed(body) or line
    except (RecursionError, SyntaxError):  # of Python, which Jinja’s are compiled to
        line, reason = line_matching(r"\{%", body.split("\n")) or 1, ""
        otherwise = say("there are too many conditions, one in the other")
    except _Grown:
        line, reason = line_matching(r"\{%-?\s*for\b", body.split("\n")) or 1, ""
        otherwise = say("this loop makes more text than a page can have")
    except Exception as error:  # a filter is given what it is not made for: any error of Python's
        frames = [frame.lineno for frame in traceback.extract_tb(error.__traceback__) if frame.filename == "<template>"]
        line, reason = (frames[-1] if frames else None) or 1, str(error)
        otherwise = say("what stands between the braces cannot be worked out")
        if isinstance(error, NotOneFact):
            reason, otherwise = "", say("{reason}", reason=reason)
    message = say("a fact cannot be filled in: {reason}", reason=_reason(reason, known, otherwise))
    remedy = say(
        "A fact is written {fact}, with a name of content/data/practice.toml; a condition, {condition}.",
        fact="{{ email }}",
        condition="{% if email is known %} … {% endif %}",
    )
    raise ContentError([Problem(file, line + first_line - 1, message, remedy)])


class _Grown(Exception):
    """A text is longer than it may be."""


def _rendered(env: FactsEnvironment, body: str, lang: str) -> str:
    pieces, length = [], 0
    for piece in env.from_string(body).generate(lang=lang):
        length += len(piece)
        if length > LENGTH:
            raise _Grown
        pieces.append(piece)
    return "".join(pieces)


def _never_closed(body: str) -> int | None:
    """The line of the last `{% if … %}` that no `{% endif %}` closes."""
    opened: list[int] = []
    for number, line in enumerate(body.split("\n"), start=1):
        for word in re.findall(r"\{%-?\s*(if|endif)\b", line):
            if word == "if":
                opened.append(number)
            elif opened:
                opened.pop()
    return opened[-1] if opened else None


def _reason(reason: str, known: list[str], otherwise: str) -> str:
    """What Jinja says, in words of ours; `otherwise` where we have none for it."""
    if "end of template" in reason:
        return say("{opening} stands here without {closing}", opening="{% if … %}", closing="{% endif %}")
    if unknown := re.match(r"No (?:filter|test) named '(\w+)'", reason):
        names = [*known, "known"]
        return say("“{name}” means nothing here.{nearest}", name=unknown[1], nearest=nearest(unknown[1], names))
    if reason.startswith("Encountered unknown tag 'end"):
        return say("{opening} stands here without {closing}", opening="{% endif %}", closing="{% if … %}")
    if unknown := re.match(r"Encountered unknown tag '(\w+)'", reason):
        return say(
            "“{name}” means nothing here.{nearest}", name=unknown[1], nearest=nearest(unknown[1], ["if", "endif"])
        )
    if unknown := re.search(r"'(\w+)' is undefined|has no attribute '(\w+)'|no fact \"([\w.]+)\"", reason):
        name = unknown[1] or unknown[2] or unknown[3]
        return say("no fact is called “{name}”.{nearest}", name=name, nearest=nearest(name.rsplit(".")[-1], known))
    return otherwise
