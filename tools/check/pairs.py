"""The two languages of a page beside each other: headings and their ids, numbers, dates, prices, e-mail addresses."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from plugins.build import Language
from plugins.i18n.alignment import Pair, Version, pairs, problems_of_pair
from plugins.problems import Problem, say, shown_path
from plugins.typography import MONTHS

from .prose import FENCE, GAP, Passage, of_markdown
from .site import CheckedSite

HEADING = re.compile(r"^(#{2,6})\s+.*?(?:\{:[^}]*#([\w-]+)[^}]*\})?\s*$")
EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
SPACE = "[ \u00a0\u202f]"
GROUP = {"en": ",", "fr": SPACE}  # what stands between thousands


def problems(site: CheckedSite) -> Iterator[Problem]:
    """Everything that differs where it should not, for every pair that is complete; and which pairs are stale."""
    names = site.build.languages
    for pair in pairs(site.content, site.languages):
        files = {shown_path(version.path) for version in pair.versions.values()}
        if site.illegible & files:
            continue
        if not site.build.unread & files:
            yield from problems_of_pair(pair, names, "warning")
        if len(pair.versions) == len(site.languages) and not pair.draft:
            yield from headings_apart(pair, names)
            if pair.state != "pending":
                yield from values_apart(pair, names)


@dataclass(frozen=True)
class Heading:
    line: int
    level: int
    anchor: str


def headings(version: Version) -> list[Heading]:
    """The headings of a page, with the ids their authors gave them."""
    found, fenced = [], False
    for number, line in enumerate(version.text.split("\n"), start=1):
        fenced ^= bool(FENCE.match(line))
        if not fenced and (match := HEADING.match(line)):
            found.append(Heading(number, len(match[1]), match[2] or ""))
    return found


def headings_apart(pair: Pair, names: dict[str, Language]) -> Iterator[Problem]:
    """Ids that one language lacks (links and the PDF guide need both), then levels that differ."""
    by_lang = {lang: headings(version) for lang, version in pair.versions.items()}
    apart = False
    for lang, other in _both_ways(pair):
        known = {heading.anchor for heading in by_lang[other]}
        for heading in by_lang[lang]:
            if heading.anchor and heading.anchor not in known:
                apart = True
                message = say(
                    'the {language} page has no heading with the id "{id}"',
                    language=say(names[other].english),
                    id=heading.anchor,
                )
                remedy = say(
                    "Give the heading that corresponds, in {file}, the same id.",
                    file=shown_path(pair.versions[other].path),
                )
                yield Problem(shown_path(pair.versions[lang].path), heading.line, message, remedy)
    first, second = (by_lang[lang] for lang in pair.languages)
    levels = [[(heading.level, heading.anchor) for heading in found] for found in (first, second)]
    if not apart and levels[0] != levels[1]:
        place = next((n for n, (a, b) in enumerate(zip(*levels, strict=False)) if a != b), min(len(first), len(second)))
        lang, found = (pair.languages[0], first) if place < len(first) else (pair.languages[1], second)
        other = next(name for name in pair.languages if name != lang)
        message = say(
            "from this heading on, the {language} page is divided otherwise", language=say(names[other].english)
        )
        remedy = say(
            "Compare the headings with those of {file}: same order, same levels, same ids.",
            file=shown_path(pair.versions[other].path),
        )
        yield Problem(shown_path(pair.versions[lang].path), found[place].line, message, remedy, "warning")


def values_apart(pair: Pair, names: dict[str, Language]) -> Iterator[Problem]:
    """A number, date, price or e-mail address that one language says and the other does not."""
    said = {lang: _said(version) for lang, version in pair.versions.items()}
    for lang, other in _both_ways(pair):
        for value, (line, words) in said[lang].items():
            if value not in said[other]:
                message = say(
                    '"{words}" is not in the {language} page', words=words, language=say(names[other].english)
                )
                remedy = say(
                    "Compare with {file}: both languages give the same figures.",
                    file=shown_path(pair.versions[other].path),
                )
                yield Problem(shown_path(pair.versions[lang].path), line, message, remedy, "warning")


def _said(version: Version) -> dict[str, tuple[int, str]]:
    """Each value a page gives, in a form that is the same in both languages, with its first line and its words."""
    found: dict[str, tuple[int, str]] = {}
    for passage in of_markdown(version.path, version.lang):
        for value, words in values_of(passage):
            found.setdefault(value, (passage.line, words))
    return found


def values_of(passage: Passage) -> Iterator[tuple[str, str]]:
    """(value, words) of the figures in a line: `2026-11-24`, `11-24`, `1200`, `14:30`, `a@b.fr`."""
    lang, text = passage.lang, passage.text
    for address in EMAIL.findall(passage.raw):
        yield address.lower(), address
    taken: list[tuple[int, int]] = []
    months = "|".join(MONTHS[lang])
    for match in re.finditer(rf"\b(\d{{1,2}})(?:er|st|nd|rd|th)?{SPACE}({months})(?:{SPACE}(\d{{4}}))?\b", text):
        month = MONTHS[lang].index(match[2]) + 1
        yield f"{match[3] + '-' if match[3] else ''}{month:02}-{int(match[1]):02}", match[0]
        taken.append(match.span())
    times = r"\b(\d{1,2})(?:[.:](\d\d))? ?([ap]m)\b" if lang == "en" else rf"\b(\d{{1,2}}){SPACE}?h{SPACE}?(\d\d)()\b"
    for match in re.finditer(times, text):
        hour = int(match[1]) % 12 + (12 if match[3] == "pm" else 0) if match[3] else int(match[1])
        yield f"{hour}:{match[2] or '00'}", match[0]
        taken.append(match.span())
    numbers = rf"(?<![\w.,+{GAP}])(\d{{1,3}}(?:{GROUP[lang]}\d{{3}})+(?!\d)|\d+)((?:[.,]\d+)*)"
    for match in re.finditer(numbers, text):
        if not any(start <= match.start() < end for start, end in taken):
            yield re.sub(r"\D", "", match[1]) + match[2].replace(",", "."), match[0]


def _both_ways(pair: Pair) -> list[tuple[str, str]]:
    first, second = pair.languages
    return [(first, second), (second, first)]
