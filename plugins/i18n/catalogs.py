"""The words of the templates, from `theme/translations/<lang>/LC_MESSAGES/messages.po`, in the page's own language.

Babel reads the `.po` files at build time, so there is no compiled catalog to forget. A missing or fuzzy
translation is a problem of its own line, never a silent fall back to English.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from babel import Locale
from babel.dates import format_date
from babel.messages.pofile import PoFileError, read_po
from babel.support import NullTranslations
from jinja2 import pass_context
from jinja2.runtime import Context

from plugins.build import build_of

from ..problems import Problem, say, shown_path, unreadable
from ..problems.lines import lines_matching
from ..typography import french

FILLED = re.compile(r"%\((\w+)\)s")
UNCLOSED = r'^(?!.*"(?:[^"\\]|\\.)*"\s*$)\s*(?:msg[\w\[\]]+\s+)?"'  # a line of a catalog that opens a text


class Catalog(NullTranslations):
    """The messages of one language. Unknown messages raise, so that no page shows another language's words."""

    def __init__(self, lang: str, messages: Mapping[Any, Any]) -> None:
        super().__init__()
        self.lang, self._messages = lang, messages

    def gettext(self, message: str) -> str:
        return self._find(message)

    def ngettext(self, singular: str, plural: str, num: int) -> str:
        found = self._messages.get((singular, plural))
        if found is None:
            self._find(singular)
        forms: tuple[str, ...] = found or ()
        return str(forms[0 if Locale.parse(self.lang).plural_form(num) == "one" else 1])

    def _find(self, message: str) -> str:
        found = self._messages.get(message)
        if found is None:
            raise KeyError(f'"{message}" is not in the {self.lang} catalog: run "invoke messages"')
        return str(found)


def unclosed(path: Path) -> list[Problem]:
    """A problem for each line whose last quotation mark is missing: Babel drops its last letter and says nothing."""
    try:
        lines = path.read_bytes().decode("utf-8", errors="replace").split("\n")
    except OSError:
        lines = []  # told by whoever reads it
    remedy = say("Close the text with a straight quotation mark, as the lines beside it are.")
    message = say("a quotation mark is missing at the end of this line")
    return [Problem(shown_path(path), number, message, remedy) for number in lines_matching(UNCLOSED, lines)]


def read_catalog(path: Path, lang: str) -> tuple[Catalog, list[Problem]]:
    """The catalog in `path` and its problems: no translation, fuzzy, not a catalog, not UTF-8."""
    problems, messages = unclosed(path), {}
    try:
        with path.open(encoding="utf-8-sig") as file:
            entries = read_po(file, locale=lang, abort_invalid=True)
    except (OSError, UnicodeDecodeError) as error:
        return Catalog(lang, {}), [unreadable(shown_path(path), error)]
    except PoFileError as error:
        message = say("this catalog cannot be read: {reason}", reason=str(error))
        remedy = say("Restore the file, or run “invoke messages”.")
        return Catalog(lang, {}), [Problem(shown_path(path), getattr(error, "lineno", None), message, remedy)]
    for entry in entries:
        if not entry.id:
            continue
        strings = entry.string if isinstance(entry.string, tuple) else (entry.string,)
        said = entry.id[0] if isinstance(entry.id, tuple) else entry.id
        names = {frozenset(FILLED.findall(str(string))) for string in strings if string}
        if names - {frozenset(FILLED.findall(str(said)))}:
            message = say('the translation of "{said}" does not fill in the same names', said=said)
            remedy = say("Keep what stands between %( and )s as it is, in every msgstr.")
            problems.append(Problem(shown_path(path), entry.lineno, message, remedy))
        if not all(strings) or entry.fuzzy:
            words = {"said": said, "language": say(str(Locale.parse(lang).english_name))}
            message = say('the message "{said}" has no translation in {language}', **words)
            if all(strings):
                message = say('the message "{said}" is marked fuzzy in {language}', **words)
            remedy = say("Write it between the quotes of msgstr (and remove the “#, fuzzy” line, if there is one).")
            problems.append(Problem(shown_path(path), entry.lineno, message, remedy))
        finish: Callable[[Any], str] = french if lang == "fr" else str
        mended = tuple(finish(string) for string in strings)
        messages[entry.id] = mended if isinstance(entry.id, tuple) else mended[0]
        if isinstance(entry.id, tuple):
            messages[entry.id[0]] = mended[0]
    return Catalog(lang, messages), problems


def load_catalogs(pelican: Any) -> None:
    """On `initialized`: read every language's catalog into `build.catalogs`."""
    build = build_of(pelican.settings)
    build.catalogs = {}
    for lang in build.languages:
        path = build.theme / "translations" / lang / "LC_MESSAGES" / "messages.po"
        build.catalogs[lang], problems = read_catalog(path, lang)
        for problem in problems:
            build.report(problem)


def language_of(context: Mapping[str, Any] | Context) -> str:
    """The language of the page, article or per-language template being rendered.

    Raises LookupError where there is none: a word without a language is a mistake in a template.
    """
    for name in ("article", "page"):
        if name in context and hasattr(context[name], "lang"):
            return str(context[name].lang)
    if context.get("lang"):
        return str(context["lang"])
    raise LookupError("this template has no page, article or lang, so its language is unknown: use _in(lang, message)")


def localized(value: Any, lang: str) -> Any:
    """The part of a bilingual value `{"en": …, "fr": …}` that is in `lang`; other values as they are."""
    if isinstance(value, Mapping) and lang in value and set(value) <= {"en", "fr"}:
        chosen = value[lang]
        if lang == "fr":
            return [french(item) for item in chosen] if isinstance(chosen, list) else french(chosen)
        return chosen
    return value


def long_date(value: datetime.date, lang: str, locale: str) -> str:
    """`24 November 2026`, `24 novembre 2026`, `1er mars 2026` (Babel; the French first of the month is an ordinal)."""
    text = format_date(value, format="long", locale=locale)
    if lang == "fr":
        return french(f"1er {text.split(' ', 1)[1]}" if value.day == 1 else text)
    return text


def install_gettext(generator: Any) -> None:
    """On `generator_init`: gettext and bilingual values for this generator's templates."""
    env, build = generator.env, build_of(generator.settings)
    catalogs = build.catalogs

    @pass_context
    def gettext(context: Context, message: str) -> str:
        return str(catalogs[language_of(context)].gettext(message))

    @pass_context
    def ngettext(context: Context, singular: str, plural: str, num: int) -> str:
        return str(catalogs[language_of(context)].ngettext(singular, plural, num))

    env.install_gettext_callables(gettext, ngettext, newstyle=True)
    env.globals["_in"] = lambda lang, message, **values: catalogs[lang].gettext(message) % values
    env.filters["localized"] = pass_context(lambda context, value: localized(value, language_of(context)))
