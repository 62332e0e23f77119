"""`invoke translations` and `invoke translated`: which pages say the same in both languages, and what has changed."""

from __future__ import annotations

import difflib
import re
import subprocess
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import yaml

from plugins.files import refused, write
from plugins.frontmatter import closing
from plugins.i18n.alignment import Pair, Version, pairs, version_of
from plugins.problems import ROOT, ContentError, Problem, in_language, nearest, say, shown_path, unreadable

CONTENT = ROOT / "content"
LANGUAGES = ("en", "fr")
NAMES = {"en": say("English"), "fr": say("French")}
STATES = {
    "paired": say("paired"),
    "missing": say("missing"),
    "stale": say("stale"),
    "pending": say("pending"),
    "unpaired": say("unpaired, as its page explains"),
}


def state_of(pair: Pair) -> str:
    """The state in words; a stale pair names the language that has to follow."""
    if pair.state == "stale" and len(pair.behind()) == 1:
        return say("stale: {language}", language=NAMES[pair.behind()[0]])
    return STATES[pair.state]


def table(content: Path = CONTENT) -> list[tuple[str, str, str, str, Pair]]:
    """(page, English date, French date, state, pair) for every page, article and document section."""
    rows = []
    for pair in pairs(content, LANGUAGES):
        dates = [pair.versions[lang].get("modified") or "–" if lang in pair.versions else "" for lang in LANGUAGES]
        state = state_of(pair)
        rows.append((f"{pair.kind}/{pair.key}", dates[0], dates[1], state, pair))
    return rows


def chosen(name: str, content: Path = CONTENT) -> list[Pair]:
    """The pair called `faq`, `pages/faq` or `content/fr/pages/faq.md`; every one for `all`. Raises ContentError."""
    known = list(pairs(content, LANGUAGES))
    if name == "all":
        return [pair for pair in known if len(pair.versions) == len(LANGUAGES) and pair.state != "pending"]
    *folders, key = name.replace("\\", "/").removesuffix(".md").split("/")
    found = [pair for pair in known if pair.key == key and (not folders or folders[-1] == pair.kind)]
    if not found:
        message = say(
            'there is no page "{name}".{nearest}', name=name, nearest=nearest(key, [pair.key for pair in known])
        )
        remedy = say("Name it as “invoke translations” lists it, such as faq.")
        raise ContentError([Problem("invoke translated", None, message, remedy)])
    return found


def stamp(pair: Pair) -> bool:
    """Write in each version that it agrees with the other as it is now. True where a file has changed.

    Raises ContentError as `agreed`, and where a file cannot be written.
    """
    changed = agreed(pair)
    try:
        for version, data in changed.items():
            write(version.path, data)
    except OSError as error:
        with suppress(OSError):  # neither says what only one of them was told
            write((first := next(iter(changed))).path, first.text.encode())
        message, remedy = say("this file cannot be written: {reason}", reason=refused(error)), say("Mend that first.")
        raise ContentError([Problem(shown_path(version.path), None, message, remedy)]) from None
    return bool(changed)


def agreed(pair: Pair) -> dict[Version, bytes]:
    """The versions that do not say yet that they agree with the other as it is now, with what is to be written.

    Raises ContentError where a version is missing, has no front matter, or was saved since it was read.
    """
    missing = [lang for lang in LANGUAGES if lang not in pair.versions]
    if missing:
        twin = next(iter(pair.versions.values())).path
        there = shown_path(twin)
        file = there.replace(f"content/{twin.parent.parent.name}/", f"content/{missing[0]}/")
        message = say("this page has no {language} version to agree with", language=NAMES[missing[0]])
        raise ContentError([Problem(shown_path(twin), None, message, say("Write {file} first.", file=file))])
    first, second = (pair.versions[lang] for lang in LANGUAGES)
    texts = {version: _stamped(version, other.version) for version, other in ((first, second), (second, first))}
    return {version: text.encode() for version, text in texts.items() if text != version.text}


def stamped(text: str, version: str) -> str:
    """`text` with `aligned: version` as the last line of its front matter, and no longer pending. Line endings stay."""
    end = "\r\n" if "\r\n" in text else "\n"
    lines = text.split(end)
    close = closing(lines)
    if close is None:
        raise ValueError("no front matter")
    kept = [line for line in lines[1:close] if not re.match(r"(?:aligned|translation)\s*:", line)]
    written = version if yaml.safe_load(version) == version else f'"{version}"'  # 12345678 would be read as a number
    return end.join([lines[0], *kept, f"aligned: {written}", *lines[close:]])


def _stamped(version: Version, other: str) -> str:
    """The text of a version with its stamp. Raises ContentError where the file is another than was read."""
    file, data = shown_path(version.path), version.path.read_bytes()
    try:
        if data.decode() != version.text:
            message, remedy = say("this file was saved just now"), say("Run “invoke translated” again.")
            raise ContentError([Problem(file, None, message, remedy)])
        return stamped(version.text, other)
    except UnicodeDecodeError as error:
        raise ContentError([unreadable(file, error)]) from None
    except ValueError:
        message = say("the front matter is not closed")
        remedy = say("Put a line of three hyphens (---) between the front matter and the text.")
        raise ContentError([Problem(file, 1, message, remedy)]) from None


Find = Callable[[Path, str], str | None]  # the text that a file had when it had this stamp


def what_changed(pair: Pair, find: Find) -> Iterator[str]:
    """For each language that is behind: what the other one says now, and said when they last agreed."""
    for lang in pair.behind() if pair.state == "stale" else []:
        other = next(name for name in LANGUAGES if name != lang)
        stamp_, source = pair.versions[lang].get("aligned"), pair.versions[other]
        names = {"language": NAMES[lang], "other": NAMES[other], "file": shown_path(source.path)}
        if not stamp_:
            yield say(
                "{file}: nobody has recorded that the {language} version agrees with it, so read both in full.",
                **names,
            )
            continue
        then = find(source.path, stamp_)
        if then is None:
            yield say(
                "{file}: the version that the {language} one was read against is not in the history of the site, "
                "so read both from top to bottom.",
                **names,
            )
            continue
        yield say("{file}: changed since the {language} version was read against it:", **names)
        yield from changes(then, source.text)


def changes(then: str, now: str) -> Iterator[str]:
    """The lines that differ: `line 12 - as it was`, `line 12 + as it is`."""
    old, new = (_comparable(text) for text in (then, now))
    for kind, a1, a2, b1, b2 in difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind != "equal":
            yield from (say("    line {line} - {text}", line=b1 + 1, text=line) for line in old[a1:a2] if line.strip())
            for number, line in enumerate(new[b1:b2], start=b1 + 1):
                if line.strip():
                    yield say("    line {line} + {text}", line=number, text=line)


def _comparable(text: str) -> list[str]:
    return [
        "" if re.match(r"(?:aligned|translation|modified|status)\s*:", line) else line.rstrip()
        for line in text.removeprefix("\ufeff").splitlines()
    ]


def before(path: Path, stamp_: str) -> str | None:
    """The text that had this stamp, from git; None where there is no git, no history, or no such version in it."""
    commits = _git(path.parent, "log", "--format=%H", "--", path.name)
    for commit in (commits or "").split():
        text = _git(path.parent, "show", f"{commit}:./{path.name}")
        if text is not None and version_of(text) == stamp_:
            return text
    return None


def _git(folder: Path, *arguments: str) -> str | None:
    try:
        done = subprocess.run(["git", *arguments], cwd=folder, capture_output=True, check=False)
    except OSError:
        return None
    return None if done.returncode else done.stdout.decode("utf-8", errors="replace")


def overview(page: str, lang: str, find: Find = before) -> str:
    """The table, or for one page its state and what has changed."""
    rows = table() if not page else [row for row in table() if row[4] in chosen(page)]
    head = tuple(in_language(words, lang) for words in (say("page"), say("in English"), say("in French"), say("state")))
    cells = [head, *((name, english, french_, in_language(state, lang)) for name, english, french_, state, _ in rows)]
    widths = [max(len(row[column]) for row in cells) for column in range(3)]
    lines = [
        "  ".join([*(cell.ljust(width) for cell, width in zip(row, widths, strict=False)), row[3]]) for row in cells
    ]
    stale = [pair for *_, pair in rows if pair.state == "stale"]
    if page:
        lines += [in_language(line, lang) for pair in stale for line in what_changed(pair, find)]
    elif stale:
        words = say("“invoke translations --page {page}” shows what has changed since.", page=stale[0].key)
        lines += ["", in_language(words, lang)]
    return "\n".join(lines)


def record(page: str, lang: str) -> str:
    """Stamp one pair, or all that are complete, and say which."""
    lines = []
    for pair in chosen(page):
        words = (
            say("{page}: both languages are recorded as saying the same.", page=pair.key)
            if stamp(pair)
            else say("{page}: nothing had changed.", page=pair.key)
        )
        lines.append(in_language(words, lang))
    return "\n".join(lines)
