"""Reads one Markdown source: UTF-8, front matter, facts by Jinja, Markdown, French typography."""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass
from html import unescape
from pathlib import Path
from typing import Any, ClassVar
from unicodedata import normalize

from pelican.readers import BaseReader
from pelican.utils import SafeDatetime

from plugins.build import Build, build_of

from ..frontmatter import KINDS, parse, split
from ..i18n.drafts import until_its_day
from ..problems import ContentError, IllegibleError, Problem, say, shown_path, unreadable
from ..problems.lines import line_matching
from ..problems.unreadable import unshowable
from ..typography import french, french_html
from .allowed import Found, held, lines_of
from .comments import CODE, FENCE, TAKEN_OUT, without_comments
from .facts_in_text import fill_in
from .limits import beyond_limits
from .lost_words import lost_words
from .markdown import PageMarkdown, converter
from .markdown_mistakes import mistakes_in_text
from .page_links import page_links

HEADING = re.compile(r'<h([23]) id="([^"]+)"[^>]*>(.*?)</h\1>', re.S)
SPOKEN = ("title", "nav_title", "description")


@dataclass(frozen=True)
class Source:
    """A source as read. `html` still holds `{filename}…` addresses; `metadata` is what Pelican gets.

    `matter` is the front matter as written: all that other pages show of this one.
    """

    title: str
    lang: str
    key: str
    html: str
    source_path: str
    matter: str
    metadata: dict[str, Any]


def place_of(path: Path, build: Build) -> tuple[str, str, str]:
    """(language, kind, translation key) of content/<lang>/<kind>/<key>.md. Raises ContentError elsewhere."""
    root = build.content.absolute()  # a folder or a page may be a link into one that is synchronised
    parts = path.absolute().relative_to(root).parts if path.absolute().is_relative_to(root) else ()
    if len(parts) != 3 or parts[0] not in build.languages or parts[1] not in KINDS:
        message = say("this file is not where pages live")
        remedy = say("Put it in content/en/pages, content/fr/pages, content/en/articles or content/fr/articles.")
        raise ContentError([Problem(shown_path(path), None, message, remedy)])
    return parts[0], parts[1], normalize("NFC", path.stem)  # an accent is written one way, whatever the disk does


class MarkupError(ContentError):
    """A text that brings in what no page may hold; `source` is what is left of it."""

    def __init__(self, problems: list[Problem], source: Source) -> None:
        super().__init__(problems)
        self.source = source


def text_of(data: bytes, path: Path) -> str:
    """The text of the file at `path`. Raises IllegibleError with the line of the wrong byte where it is not UTF-8."""
    try:
        return data.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        raise IllegibleError([unreadable(shown_path(path), error)]) from None


def read_source(path: str | Path, build: Build) -> Source:
    """Read a page, an article or a document section, or take it from build.parsed where its bytes are known.

    Raises ContentError with every problem found in it, MarkupError where it can be read but not published,
    IllegibleError where it is not there or not UTF-8.
    """
    path = Path(path)
    try:
        data = path.read_bytes()
    except OSError as error:
        raise IllegibleError([unreadable(shown_path(path), error)]) from None
    parsed = build.parsed
    if parsed is None:
        return source_of(path, data, build)
    source = parsed.get(str(path), data)
    if source is None:
        source = source_of(path, data, build)
        parsed.put(str(path), data, source)
    return source


def source_of(path: Path, data: bytes, build: Build) -> Source:
    """What the file at `path` comes to if it holds `data`. Raises as `read_source`."""
    file = shown_path(path)
    lang, kind, key = place_of(path, build)
    text = text_of(data, path)
    if hidden := list(unshowable(file, text)):
        raise ContentError(hidden)
    matter, body, first_line = split(text, file)
    parsed, lines = parse(matter, kind, file)
    if beyond := list(beyond_limits(body, file, first_line)):
        raise IllegibleError(beyond)
    body = without_comments(body, file, first_line)
    text = "\n".join(text.split("\n")[: first_line - 1]) + "\n" + body
    _check_headings(body, file, first_line)
    here = f"{lang}/{kind}/{path.name}"
    filled, unset = made(body, lang, build, file, first_line)
    html, found = held(typeset(unset, lang))
    problems = [Problem(file, _line(one, body, lang, build, first_line), *one[1:]) for one in found]
    metadata: dict[str, Any] = parsed.model_dump()
    if metadata.get("date") is None:  # for Pelican, whatever has one has a day
        metadata.pop("date", None)
    if lang == "fr":
        metadata |= {name: french(metadata[name]) for name in SPOKEN if metadata.get(name)}
        for name in ("action", "second_action"):
            if metadata.get(name):
                metadata[name]["text"] = french(metadata[name]["text"])
    pending = metadata.pop("translation") == "pending"  # Pelican gives this name another meaning
    metadata |= {"lang": lang, "key": key, "lines": lines, "pending": pending}
    mistakes = list(mistakes_in_text(html, text)) or list(lost_words(filled, unset, _from(first_line, body)))
    if kind != "documents":
        metadata |= _for_pelican(metadata, html, lang)
        metadata["page_links"] = page_links(html, text, here, mistakes)
    else:
        problems += [Problem(file, *mistake) for mistake in mistakes]
    source = Source(metadata["title"], lang, key, html, str(path), matter, metadata)
    if problems:
        raise MarkupError(problems, source)
    return source


def _from(first_line: int, body: str) -> list[str]:
    """The lines of a file whose text is `body`, without its front matter."""
    return [""] * (first_line - 1) + body.split("\n")


def made(body: str, lang: str, build: Build, file: str, first_line: int) -> tuple[str, str]:
    """A text with its facts, and the HTML that Markdown makes of it.

    Raises ContentError where a fact cannot be put in, or where Python-Markdown fails (signs nested without end).
    """
    markdown = build.markdown = build.markdown or converter()  # one for all pages: its patterns cost more than a page
    markdown.lang = lang
    markdown.printed.reset()
    filled = fill_in(body, lang, build, markdown.printed, file, first_line)
    try:
        return filled, markdown.reset().convert(filled)
    except Exception:  # any: it is not Python-Markdown that tells what is wrong with a text
        lines = filled.split("\n")
        last = bisect_left(range(len(lines)), True, key=lambda count: _fails(markdown, "\n".join(lines[: count + 1])))
        near = line_matching(re.escape(lines[last].strip()), body.split("\n")) or 1
        message = say("Markdown cannot make sense of the signs here")
        remedy = say("Write it in another way, with fewer signs one in the other.")
        raise ContentError([Problem(file, first_line - 1 + near, message, remedy)]) from None


def _fails(markdown: PageMarkdown, text: str) -> bool:
    try:
        markdown.reset().convert(text)
    except Exception:
        return True
    return False


def typeset(html: str, lang: str) -> str:
    """`html` as it is printed in the language `lang`."""
    return french_html(html) if lang == "fr" else html


def _line(one: Found, body: str, lang: str, build: Build, first_line: int) -> int:
    """The line of the file where `one` stands; or, where a fact or an entity hides it, the line that brings it in."""
    lines = body.split("\n")
    shown = lines_of(one, _outside_code(body)) or lines_of(one, lines)
    without, among = (0, 0) if len(shown) == 1 else (0, len(lines))
    while among - without > 1:  # the first `without` lines are free of it, the first `among` are not
        count = (without + among) // 2
        try:
            is_there = one in held(typeset(made("\n".join(lines[:count]), lang, build, "", 1)[1], lang))[1]
        except ContentError:
            is_there = False  # a condition that these lines do not close
        without, among = (without, count) if is_there else (count, among)
    return first_line - 1 + (among if among in shown or not shown else shown[0])


def _for_pelican(metadata: dict[str, Any], html: str, lang: str) -> dict[str, Any]:
    """What Pelican and the templates need beside the front matter itself."""
    extra: dict[str, Any] = {
        "nav_title": metadata.get("nav_title") or metadata["title"],
        "summary": metadata["description"],
    }
    for name in ("date", "modified"):
        if day := metadata.get(name):
            extra[name] = SafeDatetime(day.year, day.month, day.day)
    extra["headings"] = [
        {"level": int(level), "id": anchor, "text": unescape(re.sub(r"<[^>]+>", "", text))}
        for level, anchor, text in HEADING.findall(html)
    ]
    if not metadata["slug"]:  # the home page: /en/ rather than /en//
        extra |= {"url": f"{lang}/", "save_as": f"{lang}/index.html"}
    return extra


def _outside_code(body: str) -> list[str]:
    """The lines of `body`; those of code are empty."""
    return CODE.sub(lambda code: "\n" * code[0].count("\n"), body).split("\n")


def _check_headings(body: str, file: str, first_line: int) -> None:
    """Headings start at level 2 (the title is level 1) and skip none (WCAG 2.2, technique G141); code is closed."""
    problems, level, fenced = [], 1, 0
    for number, line in enumerate(_outside_code(body), start=first_line):
        if FENCE.match(line):
            fenced = number
            break
        if not (match := re.match(r"(#{1,6})\s", line)):
            continue
        depth = len(match.group(1))
        if depth == 1:
            problems.append(
                Problem(
                    file,
                    number,
                    say("a heading with one # in the text: the page's title is that heading already"),
                    say("Use two: ##."),
                )
            )
        elif depth > level + 1:
            problems.append(
                Problem(
                    file,
                    number,
                    say("this heading jumps from level {level} to level {depth}", level=level, depth=depth),
                    say("Give it {count} # signs.", count=level + 1),
                )
            )
        level = max(depth, 1)
    if fenced:
        message = say("a block of code opens here and is not closed, so the rest of the page is part of it")
        problems.append(Problem(file, fenced, message, say("Close it with the same signs, or take them out.")))
    if not TAKEN_OUT.sub("", body).strip():
        message = say("there is no text under the front matter")
        problems.append(Problem(file, first_line, message, say("Write it, under the second line of hyphens.")))
    if problems:
        raise (IllegibleError if fenced or not TAKEN_OUT.sub("", body).strip() else ContentError)(problems)


def read_and_report(path: str | Path, build: Build) -> Source:
    """`read_source`, with its problems reported. Raises ContentError where nothing can be made of the file.

    Where only its markup is wrong, what is left of the text is returned, so that one build tells what else is wrong.
    """
    try:
        return read_source(path, build)
    except ContentError as error:
        for problem in error.args[0]:
            build.report(problem)
        if isinstance(error, MarkupError):
            return error.source
        if isinstance(error, IllegibleError):
            build.illegible.add(shown_path(path))
        raise


class MarkdownReader(BaseReader):
    """Pelican's door to `read_and_report`."""

    enabled = True
    file_extensions: ClassVar[list[str]] = ["md"]

    def read(self, path: str) -> tuple[str, dict[str, Any]]:
        build = build_of(self.settings)
        source = read_and_report(path, build)
        return source.html, until_its_day(source.metadata, shown_path(path), build)
