"""The words of the templates: whatever a template says is in both catalogs. (Missing translations: the build.)"""

from __future__ import annotations

from collections.abc import Iterator

from babel.messages.pofile import PoFileError, read_po

from plugins.problems import Problem, counted, say, shown_path
from tools.update_catalogs import extract

from .site import CheckedSite


def problems(site: CheckedSite) -> Iterator[Problem]:
    """A catalog that has not been brought up to date since a template changed."""
    used = {message.id for message in extract() if message.id}
    for lang in site.languages:
        path = site.theme / "translations" / lang / "LC_MESSAGES" / "messages.po"
        try:
            with path.open(encoding="utf-8-sig") as file:
                known = {message.id for message in read_po(file, locale=lang)}
        except (OSError, PoFileError, UnicodeDecodeError):
            continue  # told by the build
        if lacking := sorted(words[0] if isinstance(words, tuple) else str(words) for words in used - known):
            message = counted(
                len(lacking),
                say('{count} sentence of the templates is not in this catalog: "{said}"'),
                say('{count} sentences of the templates are not in this catalog, such as "{said}"'),
                said=lacking[0],
            )
            yield Problem(shown_path(path), None, message, say("Run “invoke messages”, then write the translations."))
