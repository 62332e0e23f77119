"""What may stand above a page, between the two `---` lines, and how a mistake there is told."""

from __future__ import annotations

import datetime
import re
from typing import Annotated, Any

import yaml
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from ..problems import ContentError, Problem, nearest

SLUG = re.compile(r"(?:[a-z0-9]+(?:[-/][a-z0-9]+)*)?")


def _slug(value: str) -> str:
    if not SLUG.fullmatch(value):
        raise ValueError("a slug is made of small letters without accents, figures and hyphens, like goal-setting")
    return value


class Matter(BaseModel):
    """Keys every kind of content has."""

    model_config = ConfigDict(extra="forbid")
    title: Annotated[str, Field(min_length=1)]


class Action(BaseModel):
    """A next step offered at the end of a page: the translation key of its page, and the words of the link."""

    model_config = ConfigDict(extra="forbid")
    page: str
    text: str


class PageMatter(Matter):
    """The front matter of a page."""

    slug: Annotated[str, AfterValidator(_slug)]
    description: Annotated[str, Field(min_length=70, max_length=160)]
    modified: datetime.date
    nav_title: str | None = None
    template: str = "page"
    toc: bool = False
    action: Action | None = None
    second_action: Action | None = None
    documents: list[str] = []
    unpaired: str | None = None
    status: str = "published"


class ArticleMatter(PageMatter):
    """The front matter of an article."""

    date: datetime.date
    template: str = "article"


class SectionMatter(Matter):
    """The front matter of a section that exists in documents only."""


KINDS: dict[str, type[Matter]] = {"pages": PageMatter, "articles": ArticleMatter, "documents": SectionMatter}


def split(text: str, file: str) -> tuple[str, str, int]:
    """(front matter, body, line the body starts on). Raises ContentError where the `---` lines are missing."""
    lines = text.split("\n")
    if lines[0].strip() != "---":
        raise _error(
            file,
            1,
            "the file does not start with a line of three hyphens",
            "Start it with ---, then title: …, then --- again, then the text.",
        )
    end = next((number for number, line in enumerate(lines[1:], start=1) if line.strip() == "---"), None)
    if end is None:
        raise _error(
            file,
            1,
            "the front matter is not closed",
            "Put a line of three hyphens (---) between the front matter and the text.",
        )
    return "\n".join(lines[1:end]), "\n".join(lines[end + 1 :]), end + 2


def parse(matter: str, kind: str, file: str) -> tuple[Matter, dict[str, int]]:
    """The validated front matter and the line of each key. Raises ContentError carrying every problem found."""
    try:
        node = yaml.compose(matter, Loader=yaml.SafeLoader)
        values = yaml.safe_load(matter)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        reason = getattr(error, "problem", None) or "it is not valid YAML"
        hint = "Put a value that holds a colon or a #, or starts with a quotation mark, between double quotes."
        raise _error(file, mark.line + 2 if mark else 1, f"the front matter cannot be read: {reason}", hint) from None
    except ValueError as error:
        raise _error(file, 1, f"the front matter cannot be read: {error}", "Write dates as 2026-11-24.") from None
    if not isinstance(node, yaml.MappingNode):
        raise _error(file, 2, "the front matter has no “key: value” lines", "Write at least a title: line.")
    lines: dict[str, int] = {}
    problems: list[Problem] = []
    for key, _ in node.value:
        line = key.start_mark.line + 2
        if key.value in lines:
            problems.append(
                Problem(
                    file,
                    line,
                    f'"{key.value}" is given twice',
                    f"Keep one of them (the other is on line {lines[key.value]}).",
                )
            )
        lines[key.value] = line
    model = KINDS[kind]
    try:
        parsed = model.model_validate(values)
    except ValidationError as error:
        problems += [_explain(wrong, model, lines, file) for wrong in error.errors()]
        raise ContentError(problems) from None
    if problems:
        raise ContentError(problems)
    return parsed, lines


def _explain(wrong: Any, model: type[BaseModel], lines: dict[str, int], file: str) -> Problem:
    key = str(wrong["loc"][0])
    name, line = ".".join(str(step) for step in wrong["loc"]), lines.get(key)
    given, known = wrong.get("input"), list(model.model_fields)
    match wrong["type"]:
        case "missing":
            return Problem(file, line or 1, f'"{name}" is missing', f"Add a line “{name}: …” to the front matter.")
        case "extra_forbidden" if key == "lang":
            return Problem(file, line, '"lang" is not written in a page: the folder says it', "Remove the line.")
        case "extra_forbidden":
            return Problem(
                file, line, f'"{name}" is not a known key.{nearest(key, known)}', f"Known keys: {', '.join(known)}."
            )
        case "string_too_short" | "string_too_long":
            limits = wrong["ctx"].get("min_length") or wrong["ctx"].get("max_length")
            bound = "at least" if "short" in wrong["type"] else "at most"
            return Problem(
                file,
                line,
                f'"{name}" has {len(given)} characters; it needs {bound} {limits}',
                "Say in one sentence what the reader finds on the page.",
            )
        case "string_type":
            return Problem(
                file,
                line,
                f'"{name}" is empty or not a text',
                "Write its text after the colon, between double quotes if in doubt.",
            )
        case kind if kind.startswith("date"):
            return Problem(file, line, f'"{name}" is not a date: {given}', "Write it as 2026-11-24.")
        case _:
            reason = str(wrong["msg"]).removeprefix("Value error, ")
            return Problem(file, line, f'"{name}" is not right: {reason}', f"Now: {given!r}.")


def _error(file: str, line: int, message: str, remedy: str) -> ContentError:
    return ContentError([Problem(file, line, message, remedy)])
