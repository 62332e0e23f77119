"""The front matter of a page: where it ends, what it may hold, and what is wrong in it, with file and line.

It stands above the text, between two `---` lines, and is YAML. `divide` takes any text and refuses none; `split` and
`parse` raise what a build has to report.
"""

from __future__ import annotations

import datetime
import re
from html import unescape
from typing import Annotated, Any, Literal

import yaml
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from .problems import ContentError, IllegibleError, Problem, counted, nearest, reason_of, say, yaml_fault
from .problems.reasons import QUOTES
from .problems.unreadable import UNSHOWABLE

MARKUP = re.compile(
    r"\{(?:filename|static|attach|index|category|tag|author)\}|\]\(|</?[a-zA-Z][^>]*>|<!--|\{\{|\{%|`[^`]+`|"
    r"&(?:[a-zA-Z]+|#\d+|#x[0-9a-fA-F]+);|(?<![\w*])(\*{1,2})[^\s*](?:[^*]*[^\s*])?\1(?![\w*])|"
    r"(?<!\w)(_{1,2})[^\s_](?:[^_]*[^\s_])?\2(?!\w)"
)
SHOWN = ("title", "nav_title", "description")
TO_WRITE = ("To write", "À écrire", "to-write-", "a-ecrire-")  # how tools/scaffold.py marks what is left to be done
SLUG = re.compile(r"(?:[a-z0-9]+(?:[-/][a-z0-9]+)*)?")


def _slug(value: str) -> str:
    if not SLUG.fullmatch(value):
        raise ValueError(say("a slug is made of small letters without accents, figures and hyphens, like goal-setting"))
    return value


LONGEST_PART = 200
ALIAS = re.compile(r"/[A-Za-z0-9][A-Za-z0-9._~-]*(?:/[A-Za-z0-9][A-Za-z0-9._~-]*)*/?")


def _alias(value: str) -> str:
    if sign := re.search(r"[?#]", value):
        raise ValueError(say("a redirect cannot depend on what stands after “{sign}”", sign=sign[0]))
    if not value.isascii() or "%" in value:
        raise ValueError(say("no redirect leads from an address with accents or %, only of letters, figures, - _ . ~"))
    if any(len(part) > LONGEST_PART for part in value.split("/")):
        raise ValueError(say("some servers cannot have a name of more than {count} letters", count=LONGEST_PART))
    if not ALIAS.fullmatch(value):
        raise ValueError(say("an old address is written from the first slash on, like /en/old-name/"))
    return value


def _plain(value: str) -> str:
    if hidden := UNSHOWABLE.search(value):  # written as an escape: as a sign it is told before
        raise ValueError(say("there is a sign here that cannot be shown (U+{code})", code=f"{ord(hidden[0]):04X}"))
    for found in MARKUP.finditer(value):
        if found[0].startswith("&") and unescape(found[0]) == found[0]:
            continue  # “Q&A; and more” has no entity in it
        raise ValueError(
            say("it is shown as it is, so it is plain text: “{markup}” would be printed", markup=found.group())
        )
    return value


def not_another_century(value: datetime.date) -> datetime.date:
    """A day between 1950 and 2100: any other is a slip. Raises ValueError."""
    if not 1950 <= value.year <= 2100:
        raise ValueError(say("the year {year} must be a slip", year=value.year))
    return value


Day = Annotated[datetime.date, AfterValidator(not_another_century)]
Plain = Annotated[str, AfterValidator(_plain)]


class Matter(BaseModel):
    """Keys every kind of content has."""

    model_config = ConfigDict(extra="forbid")
    title: Annotated[str, Field(min_length=1), AfterValidator(_plain)]


class Action(BaseModel):
    """A next step offered at the end of a page: the translation key of its page, and the words of the link."""

    model_config = ConfigDict(extra="forbid")
    page: str
    text: Plain


class PageMatter(Matter):
    """The front matter of a page."""

    slug: Annotated[str, AfterValidator(_slug)]
    description: Annotated[str, Field(min_length=70, max_length=160), AfterValidator(_plain)]
    date: Day | None = None  # until then it is a draft: plugins/i18n/drafts.py
    modified: Day
    nav_title: Plain | None = None
    template: str = "page"
    toc: bool = False
    action: Action | None = None
    second_action: Action | None = None
    documents: list[str] = []
    # What the site makes of the facts and shows around the text, in this order; after it, where "text" is not named.
    blocks: list[Literal["text", "coach", "in-practice", "testimonials"]] = []
    aliases: list[Annotated[str, AfterValidator(_alias)]] = []  # old addresses of this page: plugins/hosting/aliases.py
    unpaired: str | None = None
    status: Literal["published", "draft"] = "published"
    aligned: str | None = None  # what this text was last read against: see plugins/i18n/alignment.py
    translation: Literal["pending"] | None = None


class ArticleMatter(PageMatter):
    """The front matter of an article."""

    date: Day
    template: str = "article"


class SectionMatter(Matter):
    """The front matter of a section that exists in documents only."""

    aligned: str | None = None
    translation: Literal["pending"] | None = None


class Slow(yaml.SafeLoader):
    """Leaves a date as the text it is: a day that does not exist is told as any other value (PyYAML stops there)."""


class Fast(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
    """The same by libyaml, which takes a tenth of the time where PyYAML was built with it."""


for loader in (Slow, Fast):
    loader.add_constructor("tag:yaml.org,2002:timestamp", lambda _, node: node.value)


def load(matter: str) -> tuple[yaml.Node | None, Any]:
    """The front matter as a node and as values. Raises yaml.YAMLError, in the words of the slow loader."""

    def once(loader: Any) -> tuple[yaml.Node | None, Any]:
        node = loader.get_single_node()
        return node, loader.construct_document(node) if node else None

    try:
        return once(Fast(matter))
    except yaml.YAMLError:
        return once(Slow(matter))


ACTIONS = ("action", "second_action")
KINDS: dict[str, type[Matter]] = {"pages": PageMatter, "articles": ArticleMatter, "documents": SectionMatter}


# A line that may stand in front matter: a key, or what belongs to the key above it. (`##` would be a heading.)
KEY = re.compile(r"[a-z_]+:(?: |$)")
MATTER_LINE = re.compile(r"\w+ *:|[ \t-]|#(?!#)|$")


def closing(lines: list[str]) -> int | None:
    """The index of the `---` line that closes the front matter of a file; None where there is no front matter."""
    if lines[0].lstrip("\ufeff").strip() != "---":
        return None
    return next((index for index, line in enumerate(lines[1:], start=1) if line.strip() == "---"), None)


def divide(text: str) -> tuple[str, str, int]:
    """(front matter, body, line the body starts on), whatever the line endings; all is body where nothing else is."""
    text = text.removeprefix("\ufeff").replace("\r\n", "\n")
    lines = text.split("\n")
    end = closing(lines)
    if end is None:
        return "", text, 1
    return "\n".join(lines[1:end]), "\n".join(lines[end + 1 :]), end + 2


def split(text: str, file: str) -> tuple[str, str, int]:
    """The same for a source of the site. Raises IllegibleError where one of the `---` lines is missing."""
    lines = text.split("\n")
    if lines[0].strip() != "---":
        message = say("the file does not start with a line of three hyphens")
        raise _illegible(file, 1, message, say("Start it with ---, then title: …, then --- again, then the text."))
    end = closing(lines)
    words = [number for number, line in enumerate(lines[1:end], start=1) if not MATTER_LINE.match(line)]
    if end is None or _runs_on(lines[:end], words):
        message = say("the front matter is not closed before the text begins here")
        remedy = say("Put a line of three hyphens (---) between the front matter and the text.")
        raise _illegible(file, words[0] + 1 if words else 1, message, remedy)
    return divide(text)


def _runs_on(lines: list[str], words: list[int]) -> bool:
    """Whether the `---` that was found is a line between paragraphs: `words`, which no key is, lead up to it."""
    if not words or words[0] == 1 or any(KEY.match(line) for line in lines[words[0] :]):
        return False
    return len(words) > 1 or not lines[words[0] - 1].strip()


def parse(matter: str, kind: str, file: str) -> tuple[Matter, dict[str, int]]:
    """The validated front matter and the line of each key. Raises ContentError carrying every problem found."""
    try:
        node, values = load(matter)
    except yaml.YAMLError as error:
        fault = yaml_fault(error, matter)
        message = say("the front matter cannot be read: {reason}", reason=fault.message)
        raise _illegible(file, fault.line + 1, message, fault.remedy) from None
    if not isinstance(node, yaml.MappingNode):
        message = say("the front matter has no “key: value” lines")
        raise _illegible(file, 2, message, say("Write at least a title: line."))
    lines: dict[str, int] = {}
    problems: list[Problem] = []
    for key, value in node.value:
        line = key.start_mark.line + 2
        if key.value in lines:
            remedy = say("Keep one of them (the other is on line {line}).", line=lines[key.value])
            problems.append(Problem(file, line, say('"{key}" is given twice', key=key.value), remedy))
        lines[key.value] = line
        left_out = matter[value.end_mark.index :].split("\n")[0].strip()
        if key.value in SHOWN and left_out.startswith("#"):
            message = say("“{words}” would not be shown: for the front matter it is a remark", words=left_out)
            remedy = say("Put the whole text between double quotes.")
            problems.append(Problem(file, line, message, remedy))
        if key.value in SHOWN and (sign := matter[value.start_mark.index : value.start_mark.index + 1]) in ("!", "&"):
            problems.append(Problem(file, line, say("a value cannot start with {sign}", sign=sign), QUOTES))
    model = KINDS[kind]
    try:
        parsed = model.model_validate(values)
    except ValidationError as error:
        problems += [_explain(wrong, model, lines, file) for wrong in error.errors()]
        raise ContentError(problems) from None
    if values.get("status") != "draft":
        problems += _unwritten(values, lines, file)
    if problems:
        raise ContentError(problems)
    return parsed, lines


def _unwritten(values: dict[str, Any], lines: dict[str, int], file: str) -> list[Problem]:
    """A problem for each thing that `invoke new` left to be written, once the page is no draft any more."""
    remedy = say("Write it, or put “status: draft” back until you have.")
    return [
        Problem(file, lines[name], say('"{name}" is still to be written', name=name), remedy)
        for name in ("title", "description", "slug")
        if str(values.get(name, "")).startswith(TO_WRITE)
    ]


def _explain(wrong: Any, model: type[BaseModel], lines: dict[str, int], file: str) -> Problem:
    key = str(wrong["loc"][0])
    name, line = ".".join(str(step) for step in wrong["loc"]), lines.get(key)
    given, known, form = wrong.get("input"), list(model.model_fields), f"{key}: {{page: faq, text: …}}"
    match wrong["type"]:
        case "missing":
            line = line or 1
            message = say('"{name}" is missing', name=name)
            remedy = say("Add a line “{name}: …” to the front matter.", name=name)
            if key in ACTIONS:
                remedy = say("Write {form}.", form=form)
        case "extra_forbidden" if key == "lang":
            message = say('"lang" is not written in a page: the folder says it')
            remedy = say("Remove the line.")
        case "extra_forbidden":
            message = say('"{name}" is not a known key.{nearest}', name=name, nearest=nearest(key, known))
            remedy = say("Known keys: {keys}.", keys=", ".join(known))
        case "string_too_short" | "string_too_long":
            limit = wrong["ctx"].get("min_length") or wrong["ctx"].get("max_length")
            message = say(
                '"{name}" has {count} characters; it needs at most {limit}', name=name, count=len(given), limit=limit
            )
            if "short" in wrong["type"]:
                message = counted(
                    len(given),
                    say('"{name}" has {count} character; it needs at least {limit}'),
                    say('"{name}" has {count} characters; it needs at least {limit}'),
                    name=name,
                    limit=limit,
                )
            remedy = say("Say in one sentence what the reader finds on the page.")
        case "string_type":
            message = say('"{name}" is empty or not a text', name=name)
            remedy = say("Write its text after the colon, between double quotes if in doubt.")
        case kind if kind.startswith("date"):
            message = say('"{name}" is not a day of the calendar: {given}', name=name, given=given)
            remedy = say("Write it as 2026-11-24: year, month, day.")
        case "model_type" | "dict_type" if key in ACTIONS:
            message = say('"{name}" needs a page and the words of its link', name=name)
            remedy = say("Write {form}.", form=form)
        case _:
            message = say('"{name}" is not right: {reason}', name=name, reason=reason_of(wrong))
            remedy = say("Correct the value; now it is “{given}”.", given=given)
    return Problem(file, line, message, remedy)


def _illegible(file: str, line: int, message: str, remedy: str) -> IllegibleError:
    return IllegibleError([Problem(file, line, message, remedy)])
