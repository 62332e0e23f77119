"""Reads practice.toml; a fact that is unknown or wrong becomes a visible mark in preview and stops a published build."""

from __future__ import annotations

import datetime
import re
import tomllib
from dataclasses import dataclass, field
from html import escape
from pathlib import Path
from typing import Any

from markupsafe import Markup
from pydantic import BaseModel, ValidationError

from ..i18n.languages import contents_of
from ..problems import Problem, nearest, report, shown_path
from .model import Bilingual, Practice
from .requirements import COMPANIES, REQUIREMENTS, SOLE_TRADERS, SUGGESTED, contradictions

MARK = {"en": "to be completed", "fr": "à compléter"}
USED = re.compile(r'data-fact="([\w.]+)"')


class Missing:
    """A fact nobody has given yet. Prints as a mark that cannot be overlooked, and is false in conditions."""

    def __init__(self, name: str) -> None:
        self.name = name

    def __bool__(self) -> bool:
        return False

    def __getattr__(self, part: str) -> Missing:
        if part.startswith("_"):
            raise AttributeError(part)
        return Missing(f"{self.name}.{part}")

    def mark(self, lang: str) -> Markup:
        """`<mark>[to be completed: host_phone]</mark>` in the language of the page."""
        separator = "\u00a0: " if lang == "fr" else ": "
        return Markup(
            f'<mark class="missing" data-fact="{self.name}">[{MARK[lang]}{separator}{escape(self.name)}]</mark>'
        )


@dataclass
class Gap:
    """A fact that must be mended before publishing."""

    field: str
    reason: str
    pages: list[str] = field(default_factory=list)


class Facts:
    """The facts by name, for Markdown and templates: a value, a nested table, or a `Missing`.

    Raises AttributeError for a name that does not exist, naming the nearest one.
    """

    def __init__(self, part: BaseModel, path: str = "", wrong: frozenset[str] = frozenset()) -> None:
        self._part, self._path, self._wrong = part, path, wrong

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        known = type(self._part).model_fields
        if name not in known:
            raise AttributeError(f'there is no fact "{self._path}{name}".{nearest(name, known)}')
        value, path = getattr(self._part, name), f"{self._path}{name}"
        if value is None or path in self._wrong:
            return Missing(path)
        if isinstance(value, Bilingual):
            return value.model_dump()
        if isinstance(value, BaseModel):
            return Facts(value, f"{path}.", self._wrong)
        if isinstance(value, list):
            return [
                Facts(item, f"{path}.")
                if isinstance(item, BaseModel) and not isinstance(item, Bilingual)
                else item.model_dump()
                if isinstance(item, Bilingual)
                else item
                for item in value
            ]
        return value

    def names(self) -> dict[str, Any]:
        """Every top-level fact and what is derived from several, as variables for Markdown."""
        return {name: getattr(self, name) for name in type(self._part).model_fields} | self.derived()

    def derived(self) -> dict[str, Any]:
        """Names that follow from the facts: how the practice signs, and what kind of body it is."""
        sole_trader = self.legal_form in SOLE_TRADERS
        name = f"{self.first_names or ''} {self.legal_name or ''}".strip()
        address = self.address
        line = [address.street, address.postcode, address.city]
        return {
            "is_company": self.legal_form in COMPANIES,
            "is_sole_trader": sole_trader,
            # « EI » stands beside the name on professional documents (Code de commerce R526-27).
            "practice_name": f"{name} EI" if sole_trader and self.legal_name else self.legal_name or self.trade_name,
            "address_line": f"{address.street}, {address.postcode} {address.city}"
            if all(line)
            else next(part for part in line if not part),
        }


def _by_dots(part: BaseModel, dotted: str) -> Any:
    value: Any = part
    for name in dotted.split("."):
        value = getattr(value, name)
    return value


def line_of(text: str, dotted: str) -> int | None:
    """The line of `text` (TOML) that sets the fact `dotted`, or that opens its table; None where neither is there."""
    *tables, name = dotted.split(".")
    current, opened = "", None
    for number, line in enumerate(text.splitlines(), start=1):
        if header := re.match(r"\s*\[+\s*([\w.]+)\s*\]+", line):
            current = header.group(1)
            if current == ".".join(tables) and tables:
                opened = number
        elif current == ".".join(tables) and re.match(rf"\s*{re.escape(name)}\s*=", line):
            return number
    return opened


@dataclass
class Reading:
    """practice.toml as read: the model, what is wrong in it, its text and its path for messages."""

    practice: Practice
    gaps: list[Gap]
    text: str
    path: str
    broken: Problem | None = None


def read_practice(path: Path) -> Reading:
    """Read and validate `path`. A wrong value is left out of the model and told as a gap; only a broken file is a problem by itself."""
    shown = shown_path(path)
    try:
        text = path.read_text(encoding="utf-8")
        values = tomllib.loads(text)
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        line = re.search(r"line (\d+)", str(error))
        return Reading(
            Practice(),
            [],
            "",
            shown,
            Problem(
                shown,
                int(line.group(1)) if line else None,
                f"this file cannot be read: {error}",
                "Correct the line named here; a text stands between double quotes.",
            ),
        )
    gaps: list[Gap] = []
    while True:
        try:
            practice = Practice.model_validate(values)
            break
        except ValidationError as error:
            for wrong in error.errors():
                place = [str(step) for step in wrong["loc"] if isinstance(step, int) or step in _known_names()] or [
                    str(wrong["loc"][0])
                ]
                dotted = ".".join(name for name in place if not name.isdigit())
                if not any(gap.field == dotted for gap in gaps):
                    gaps.append(Gap(dotted, _reason(wrong)))
                _remove(values, [step for step in wrong["loc"]])
    gaps += [Gap(name, reason) for name, reason in contradictions(practice)]
    return Reading(practice, gaps, text, shown)


def _known_names(model: type[BaseModel] = Practice) -> set[str]:
    names = set(model.model_fields)
    for info in model.model_fields.values():
        for candidate in [info.annotation, *getattr(info.annotation, "__args__", ())]:
            if isinstance(candidate, type) and issubclass(candidate, BaseModel):
                names |= _known_names(candidate)
    return names


def _reason(wrong: Any) -> str:
    name = wrong["loc"][-1]
    if wrong["type"] == "extra_forbidden":
        return f'there is no fact called "{name}".{nearest(str(name), _known_names())}'
    return str(wrong["msg"]).removeprefix("Value error, ").replace("Input should", "the value should")


def _remove(values: Any, steps: list[Any]) -> None:
    """Take the value at `steps` out, or as near to it as the file goes (pydantic's path names union branches too)."""
    parent, key = None, None
    for step in steps:
        if isinstance(values, dict) and step in values:
            parent, key, values = values, step, values[step]
        elif isinstance(values, list) and isinstance(step, int):
            break
    if parent is not None:
        del parent[key]


def without_expired(practice: Practice, today: datetime.date) -> Practice:
    """`practice` without the coach's credentials that have expired: those are not shown."""
    valid = [item for item in practice.coach.credentials or [] if not item.valid_until or item.valid_until >= today]
    return practice.model_copy(update={"coach": practice.coach.model_copy(update={"credentials": valid or None})})


def load_facts(pelican: Any) -> None:
    """On `initialized`: `settings["PRACTICE"]` (Facts), FICTITIOUS, FACT_GAPS and CANONICAL_URL (no slash at its end)."""
    settings = pelican.settings
    reading = read_practice(Path(settings["PRACTICE_FILE"]))
    if reading.broken:
        report(settings, reading.broken)
    practice = reading.practice = without_expired(reading.practice, settings["BUILD_DATE"].date())
    gaps = reading.gaps + [
        Gap(need.field, need.why)
        for need in REQUIREMENTS
        if need.applies(practice)
        and _by_dots(practice, need.field) is None
        and not any(gap.field == need.field for gap in reading.gaps)
    ]
    settings["PRACTICE_READING"] = reading
    settings["PRACTICE"] = Facts(practice, wrong=frozenset(gap.field for gap in reading.gaps))
    settings["FICTITIOUS"] = practice.fictitious
    settings["FACT_GAPS"] = gaps
    settings["CANONICAL_URL"] = (
        practice.site_url if settings["PUBLISHED"] and practice.site_url else "http://127.0.0.1:8000"
    )


def check_facts(generators: list[Any]) -> None:
    """On `all_generators_finalized`: which pages need each gap; in a published build each gap is an error."""
    settings = generators[0].settings
    gaps, reading = settings["FACT_GAPS"], settings["PRACTICE_READING"]
    users: dict[str, set[str]] = {}
    for content in contents_of(generators):
        for name in USED.findall(content._content):
            users.setdefault(name, set()).add(shown_path(content.source_path))
    for name in users:
        if not any(gap.field == name for gap in gaps):
            gaps.append(Gap(name, "a page prints it"))
    for gap in gaps:
        page = next((need.page for need in REQUIREMENTS if need.field == gap.field), None)
        usual = [f"content/{lang}/pages/{page}.md" for lang in settings["LANGUAGES"]] if page else []
        gap.pages = sorted(users.get(gap.field, usual))
    for gap in gaps:
        severity = "error" if settings["PUBLISHED"] else "warning"
        report(settings, _problem_of(gap, reading, severity))
    for name in SUGGESTED if settings["PUBLISHED"] else []:
        if _by_dots(reading.practice, name) is None:
            report(
                settings,
                Problem(
                    reading.path,
                    None,
                    f"{name} is unknown, so the pages leave it out",
                    "Fill it in when you can.",
                    "warning",
                ),
            )


def _problem_of(gap: Gap, reading: Reading, severity: str) -> Problem:
    known = any(other.field == gap.field for other in reading.gaps)
    state = "is wrong" if known else "is missing"
    needed = f"; needed by {', '.join(gap.pages)}" if gap.pages else ""
    remedy = (
        "Correct the value, or empty it until you know it."
        if known
        else f"Write {gap.field.rsplit('.', 1)[-1]} = … in {reading.path}."
    )
    return Problem(
        reading.path, line_of(reading.text, gap.field), f"{gap.field} {state} ({gap.reason}){needed}", remedy, severity
    )
