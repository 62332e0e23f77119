"""The facts as pages see them: an unknown or wrong one is a visible mark in preview, and stops a published build."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable, Iterator
from html import escape
from pathlib import Path
from typing import Any

from markupsafe import Markup
from pydantic import BaseModel

from plugins.build import build_of

from ..i18n.languages import contents_of
from ..pelican_internals import html_of
from ..problems import Problem, counted, nearest, say, shown_path
from ..problems.lines import line_of_fact
from .examples import AND, example_of, form_of
from .in_practice import in_practice
from .model import Bilingual, Practice
from .reading import UNKNOWN, Gap, Reading, read_practice
from .requirements import COMPANIES, INSTEAD, REQUIREMENTS, SOLE_TRADERS, SUGGESTED, host_is_outside_area

MARK = {"en": "to be completed: ", "fr": "à compléter\u00a0: "}
MISSING = "{field} is missing ({reason}){needed}"
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
        name = escape(self.name)
        return Markup(f'<mark class="missing" data-fact="{name}">[{MARK[lang]}{name}]</mark>')


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
        return Missing(path) if value is None or path in self._wrong else self._given(value, path)

    def __iter__(self) -> Iterator[str]:
        """The names of the facts in this table, given or not."""
        return iter(type(self._part).model_fields)

    def _given(self, value: Any, path: str) -> Any:
        match value:
            case Bilingual():
                return value.model_dump()
            case BaseModel():
                return Facts(value, f"{path}.", self._wrong)
            case list():
                return [self._given(item, path) for item in value]
        return value

    def names(self) -> dict[str, Any]:
        """Every top-level fact and what is derived from several, as variables for Markdown."""
        return {name: getattr(self, name) for name in type(self._part).model_fields} | self.derived()

    def derived(self) -> dict[str, Any]:
        """Names that follow from the facts: how the practice signs, what body it is, what a reader can count on."""
        sole_trader = self.legal_form in SOLE_TRADERS
        name = f"{self.first_names or ''} {self.legal_name or ''}".strip()
        line = [self.address.street, self.address.postcode, self.address.city]
        gap = next((part for part in line if not part), None)
        return {
            "is_company": self.legal_form in COMPANIES,
            "is_sole_trader": sole_trader,
            "host_is_outside_area": isinstance(self._part, Practice) and host_is_outside_area(self._part),
            # « EI » stands beside the name on professional documents (Code de commerce R526-27).
            "practice_name": f"{name} EI" if sole_trader and self.legal_name else self.legal_name or self.trade_name,
            "in_practice": in_practice(self),
            "address_line": gap if gap is not None else f"{line[0]}, {line[1]} {line[2]}",
        }


def _at(part: Any, dotted: str) -> Any:
    for name in dotted.split("."):
        part = getattr(part, name)
    return part


def without_expired(practice: Practice, today: datetime.date) -> Practice:
    """`practice` without the coach's credentials that have expired: those are not shown."""
    valid = [item for item in practice.coach.credentials or [] if not item.valid_until or item.valid_until >= today]
    return practice.model_copy(update={"coach": practice.coach.model_copy(update={"credentials": valid or None})})


def without_picture(practice: Practice, content: Path) -> Iterator[Gap]:
    """A gap where the coach's portrait is not among the pictures."""
    photo = practice.coach.photo
    if photo and not (content / "images" / photo).is_file():
        yield Gap("coach.photo", say("there is no picture {file} in content/images", file=photo))


def gaps_of(reading: Reading) -> list[Gap]:
    """What must be mended before publishing: wrong values first, then required facts nobody has given."""
    if reading.broken:
        return []
    practice = reading.practice
    needed = [need for need in REQUIREMENTS if not is_told(need.field, reading.gaps) and need.applies(practice)]
    return reading.gaps + [Gap(need.field, need.why) for need in needed if _at(practice, need.field) is None]


def is_told(field: str, gaps: Iterable[Gap]) -> bool:
    """Whether a fact is among the gaps: itself, its table, a part of it; or under a name that is not the right one."""
    name = field.rpartition(".")[2]
    return any(
        f"{gap.field}.".startswith(f"{field}.") or f"{field}.".startswith(f"{gap.field}.") for gap in gaps
    ) or any(gap.meant == name for gap in gaps)


def load_facts(pelican: Any) -> None:
    """On `initialized`: the facts, what is wrong or missing among them, and the address of the site."""
    build = build_of(pelican.settings)
    reading = read_practice(build.practice_file)
    if reading.broken:
        build.report(reading.broken)
    reading.gaps += without_picture(reading.practice, build.content)
    practice = reading.practice = without_expired(reading.practice, build.date.date())
    build.reading = reading
    build.facts = Facts(practice, wrong=frozenset(gap.field for gap in reading.gaps))
    build.gaps = gaps_of(reading)
    build.address = (build.published and practice.site_url) or "http://127.0.0.1:8000"


def check_facts(generators: list[Any]) -> None:
    """On `all_generators_finalized`: which pages need each gap; in a published build each gap is an error."""
    build = build_of(generators[0].settings)
    gaps, reading = build.gaps, build.reading
    users: dict[str, set[str]] = {}
    for content in contents_of(generators):
        for name in USED.findall(html_of(content)):
            users.setdefault(name, set()).add(shown_path(content.source_path))
    if reading.broken:  # nothing is known of any fact, which is one thing to mend
        return
    gaps += [Gap(name, say("a page prints it")) for name in users if not is_told(name, gaps)]
    pages = {need.field: need.page for need in REQUIREMENTS}
    for gap in gaps:
        usual = [f"content/{lang}/pages/{pages[gap.field]}.md" for lang in build.languages if gap.field in pages]
        gap.pages = sorted(users.get(gap.field, usual))
        build.report(_problem_of(gap, reading, "error" if build.published else "warning"))
    for name in SUGGESTED if build.published else []:
        if _at(reading.practice, name) is None:
            message = say("{name} is unknown, so the pages leave it out", name=name)
            build.report(Problem(reading.path, None, message, say("Fill it in when you can."), "warning"))


def is_missing(problem: Problem) -> bool:
    """Whether a problem is that nobody has given a fact yet: a preview has a list of those."""
    return getattr(problem.message, "template", "") == MISSING


def gathered(found: Iterable[Problem]) -> Iterator[Problem]:
    """`found`, with all warnings about facts that nobody has given yet made one."""
    missing: list[Problem] = []
    for problem in found:
        if problem.severity == "warning" and is_missing(problem):
            missing.append(problem)
        else:
            yield problem
    if missing:
        names = ", ".join(str(problem.message.values["field"]) for problem in missing)  # type: ignore[attr-defined]
        message = counted(
            len(missing),
            say("{count} fact is unknown, and the site cannot be published without it: {names}"),
            say("{count} facts are unknown, and the site cannot be published without them: {names}"),
            names=names,
        )
        remedy = say("Fill in what you learn; “invoke build --published” says why each fact is needed.")
        yield Problem(missing[0].file, None, message, remedy, "warning")


def _problem_of(gap: Gap, reading: Reading, severity: str) -> Problem:
    wrong = any(other.field == gap.field for other in reading.gaps)
    pages = dict.fromkeys(Path(page).stem for page in gap.pages)
    needed = say("; needed by {pages}", pages=", ".join(pages)) if pages else ""
    message = say(
        "{field} is wrong ({reason}){needed}" if wrong else "{field} is missing ({reason}){needed}",
        field=gap.field,
        reason=gap.reason,
        needed=needed,
    )
    return Problem(reading.path, line_of_fact(reading.text, gap.field), message, _remedy(gap, wrong, reading), severity)


def _remedy(gap: Gap, wrong: bool, reading: Reading) -> str:
    """What to do; with the form of a fact that has several parts."""
    if getattr(gap.reason, "template", "") == UNKNOWN:
        return say("Correct the name.")
    form = form_of(gap.field)
    if wrong and form:
        return say("Correct the value, or empty it until you know it. Its form is: {form}", form=form)
    if wrong:
        return say("Correct the value, or empty it until you know it.")
    if form:
        return say("Write it in {file}, in this form: {form}", form=form, file=reading.path)
    table, _, name = gap.field.rpartition(".")
    if table:
        instead = AND.join(_line_of(other) for other in INSTEAD.get(gap.field, ()))
        told = say("Under [{table}] in {file}, write {line}", table=table, file=reading.path, line=_line_of(gap.field))
        return say("{remedy} – or in its place: {lines}", remedy=told, lines=instead) if instead else told
    return say("Write {name} = … in {file}.", name=name, file=reading.path)


def _line_of(field: str) -> str:
    """The line that gives a fact under its table: `name = "…"`."""
    return f"{field.rpartition('.')[2]} = {example_of(field)}"
