"""What parsers and validators refuse, in words of ours: YAML, TOML, a value; and the word that was probably meant.

They speak to programmers (“mapping values are not allowed here”) and name the line where they gave up; an author is
told the line where the slip is, and what to type there.
"""

from __future__ import annotations

import difflib
import re
import tomllib
from collections.abc import Iterable
from typing import Any, NamedTuple

from .lines import line_matching
from .messages import say


class Fault(NamedTuple):
    """One slip. `line` counts from 1, in the text that was parsed."""

    line: int
    message: str
    remedy: str


QUOTES = say("Put the whole value between one pair of double quotes; inside it, type “ and ”.")
MARGIN = say("Start the line at the margin, as the others do.")
INDENTED = say("spaces stand at the start of this line")
RESERVED = (  # what PyYAML says of a value that starts with one of YAML's own signs
    "expected alphabetic|could not determine a constructor|expected a comment or a line break|found undefined alias|"
    "mapping keys are not allowed|sequence entries are not allowed|expected the node content|expected URI|expected '!'"
)


def yaml_fault(error: Any, text: str) -> Fault:
    """What a yaml.YAMLError means for whoever wrote `text`, the lines between the two `---`."""
    lines, problem = text.split("\n"), str(getattr(error, "problem", None) or "")
    marks = [getattr(error, name, None) for name in ("problem_mark", "context_mark")]
    at, opened = (mark.line + 1 if mark else 1 for mark in marks)
    line = lines[min(at, len(lines)) - 1]
    if "'\\t'" in problem:
        return Fault(at, say("a tab stands in this line"), say("Take it out, or type a space instead."))
    if found := re.search(r"found character '(.)' that cannot start", problem):
        return Fault(at, say("a value cannot start with {sign}", sign=found[1]), QUOTES)
    if re.match(RESERVED, problem):
        value = line.partition(":")[2].strip() or line.strip()
        return Fault(at, say("a value cannot start with {sign}", sign=value[:1]), QUOTES)
    if problem.startswith("could not find expected ':'"):
        return _not_a_pair(opened, lines[opened - 1])
    if problem.startswith("mapping values") and not line.startswith(" "):
        return Fault(at, say("a second colon stands in this line"), QUOTES)
    if problem.startswith(("mapping values", "expected '<document start>'")) or "<block mapping start>" in problem:
        return Fault(line_matching("^ ", lines) or at, INDENTED, MARGIN)
    if problem == "found unexpected end of stream":
        return Fault(
            opened, say("a quotation mark opens here and is not closed"), say("Close it at the end of the value.")
        )
    if found := re.match(r"expected ',' or '([]}])'", problem):
        message = say("a bracket opens here and is not closed")
        return Fault(opened, message, say("Close it with {sign} at the end of the value.", sign=found[1]))
    if problem.startswith("expected <block end>, but found '-'"):
        return Fault(at, say("a hyphen starts this line"), say("Write a list in one line: [one, two]."))
    if problem.startswith("expected <block end>"):
        return Fault(at, say("something follows the quotation mark or bracket that closes the value"), QUOTES)
    return Fault(at, say("this line cannot be understood"), QUOTES)


def _not_a_pair(number: int, line: str) -> Fault:
    """A line that has no colon followed by a space."""
    if found := re.match(r"(\w+):", line):
        message = say("no ordinary space follows “{key}:”", key=found[1])
        return Fault(number, message, say("Write “{key}: …”, with a space typed after the colon.", key=found[1]))
    remedy = say("Write it as “key: value”; where the text begins, put a line of three hyphens (---) above it.")
    return Fault(number, say("this line has no “key:”"), remedy)


STRAIGHT = say("Close it with a straight {sign}.", sign='"')
PAIR = say("Write it as {form}.", form='name = "value"')
TOML = [  # what tomllib says (a regular expression), what it means, what to do
    (r"Illegal character '\\n'", say("a quotation mark is not closed on its line"), STRAIGHT),
    (r"Unterminated string|Expected \"'\"", say("a quotation mark is not closed"), STRAIGHT),
    (r"Expected '='", say("this line has no {sign} after its name", sign="="), PAIR),
    (r"Cannot (?:overwrite|declare)", say("this name is given twice"), say("Keep one of the two lines.")),
    (r"Unclosed", say("a bracket is not closed, or a comma is missing"), say("Compare it with the lists beside it.")),
    (r"Unescaped|Invalid hex", say("a backslash stands in this text"), say("Type {sign} instead.", sign="/")),
    (
        r"Expected newline",
        say("something follows the value"),
        say("Write a text as {text}, a date as {date}.", text='"value"', date="2026-11-24"),
    ),
    (r"Invalid value", say("the value is no text between straight quotation marks"), PAIR),
]


def toml_fault(error: tomllib.TOMLDecodeError, text: str) -> Fault:
    """What a TOMLDecodeError means for whoever wrote `text`."""
    said = str(error)
    place = re.search(r"line (\d+)", said)
    line = int(place[1]) if place else max(text.rstrip().count("\n") + 1, 1)  # otherwise “at end of document”
    for pattern, message, remedy in TOML:
        if re.match(pattern, said):
            return Fault(line, message, remedy)
    return Fault(line, say("this line cannot be understood"), PAIR)


def reason_of(wrong: Any) -> str:
    """What one of pydantic's errors says: our own words where a validator of ours raised it, plain ones otherwise."""
    context = wrong.get("ctx") or {}
    match wrong["type"]:
        case "value_error" | "assertion_error":
            return context["error"].args[0] if context.get("error") else str(wrong["msg"])
        case "literal_error":
            choices = context["expected"].replace("'", "").replace(" or ", ", ")
            return say("it is one of these: {choices}", choices=choices)
        case "missing":
            return say("it is required here, and missing")
        case "extra_forbidden":
            return say('there is nothing called "{name}" here', name=wrong["loc"][-1])
        case "greater_than":
            return say("it must be greater than {limit}", limit=context["gt"])
        case "greater_than_equal":
            return say("it must be at least {limit}", limit=context["ge"])
        case "less_than_equal":
            return say("it must be at most {limit}", limit=context["le"])
    return next((what for kind, what in EXPECTED.items() if wrong["type"].startswith(kind)), str(wrong["msg"]))


NUMBER = say("it is a number, without quotation marks")
PARTS = say("it has several parts, between braces or under a [title]")
EXPECTED = {  # how pydantic's name for the error begins: what the value must be
    "string_type": say("it is a text between double quotes"),
    "bool": say("it is true or false, without quotation marks"),
    "float": NUMBER,
    "finite": NUMBER,
    "int": say("it is a whole number, without quotation marks"),
    "date": say("it is a date such as 2026-11-24, without quotation marks"),
    "list_type": say("it is a list between square brackets"),
    "model_type": PARTS,
    "model_attributes_type": PARTS,
    "dict_type": PARTS,
}


def nearest(word: str, known: Iterable[str]) -> str:
    """` Did you mean "title"?` for a misspelt word, or an empty string."""
    match = difflib.get_close_matches(word, list(known), n=1, cutoff=0.6)
    return say(' Did you mean "{word}"?', word=match[0]) if match else ""
