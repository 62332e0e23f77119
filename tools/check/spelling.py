"""Spelling, by Hunspell: British English, French, and the practice's own words in content/data/words.toml.

The dictionaries lie in this package (their licences beside them), so that every machine spells alike. Where the module
`chunspell` cannot be installed, the check says so once and the others go on.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

from plugins.problems import Problem, say, shown_path, unreadable

from .prose import read
from .site import CheckedSite

DICTIONARIES = Path(__file__).parent / "dictionaries"
WORD = re.compile(r"(?<![\d°@./-])\b[^\W\d_]+(?:[’'-][^\W\d_]+)*")
ELISION = re.compile(r"^(?:[cdjlmnst]|qu|jusqu|lorsqu|puisqu|quoiqu)'", re.IGNORECASE)
Speller = Callable[[str], bool]


@cache
def hunspell(lang: str) -> Any | None:
    """The dictionary of a language, or None where Hunspell is not installed."""
    try:
        from hunspell import Hunspell
    except ImportError:
        return None
    return Hunspell(lang, hunspell_data_dir=f"{DICTIONARIES}/")


def known_words(site: CheckedSite) -> dict[str, set[str]]:
    """The practice's own words by language. Raises what tomllib raises."""
    path = site.content / "data" / "words.toml"
    listed = tomllib.loads(path.read_text(encoding="utf-8-sig")) if path.is_file() else {}
    shared = set(listed.get("both", []))
    return {lang: {word.replace("’", "'") for word in shared | set(listed.get(lang, []))} for lang in site.languages}


def accepts(lang: str, own: set[str]) -> Speller:
    """Whether a word is spelt right: in the dictionary, one of our own, or made of such parts."""
    dictionary = hunspell(lang)

    @cache
    def right(word: str) -> bool:
        if word.isupper() or {word, word[0].lower() + word[1:]} & own or dictionary.spell(word):  # type: ignore[union-attr]
            return True
        bare = ELISION.sub("", word) if lang == "fr" else re.sub(r"'s?$", "", word)
        if bare not in ("", word) and right(bare):
            return True
        parts = word.split("-")
        return len(parts) > 1 and all(part and right(part) for part in parts)

    return right


def problems(site: CheckedSite) -> Iterator[Problem]:
    """A warning for each word that is in no dictionary, where it is first met in a file."""
    listed = site.content / "data" / "words.toml"
    try:
        own = known_words(site)
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        yield unreadable(shown_path(listed), error, read(listed))
        return
    if hunspell("en") is None:
        message = say("spelling is not checked: the module chunspell is not installed")
        yield Problem("invoke check", None, message, say("Run “invoke doctor”; the other checks were made."), "warning")
        return
    right = {lang: accepts(lang, own[lang]) for lang in site.languages}
    reported: set[tuple[str, str]] = set()
    for passage in site.passages:
        if passage.lang not in right:
            continue
        for word in WORD.findall(passage.text):
            plain = word.replace("’", "'")
            if right[passage.lang](plain) or (passage.file, plain) in reported:
                continue
            reported.add((passage.file, plain))
            yield _problem(passage.file, passage.line, word, plain, passage.lang)


@cache
def suggested(lang: str, word: str) -> list[str]:
    """What was probably meant. A tenth of a second each: one name may stand on hundreds of pages."""
    return list(hunspell(lang).suggest(word))[:3]  # type: ignore[union-attr]


def _problem(file: str, line: int, word: str, plain: str, lang: str) -> Problem:
    meant = suggested(lang, plain)
    remedy = (
        say("Did you mean {words}? If it is right, add it to content/data/words.toml.", words=", ".join(meant))
        if meant
        else say("Correct it; if it is right, add it to content/data/words.toml.")
    )
    if lang == "fr" and any(unaccented(other) == plain for other in meant):
        return Problem(file, line, say("“{word}” has lost an accent", word=word), remedy, "warning")
    return Problem(file, line, say("“{word}” is in no dictionary", word=word), remedy, "warning")


def unaccented(word: str) -> str:
    """`Évaluer` → `Evaluer`."""
    return "".join(sign for sign in unicodedata.normalize("NFD", word) if not unicodedata.combining(sign))
