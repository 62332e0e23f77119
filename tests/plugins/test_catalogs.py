"""The words of the templates: a fault in a catalog is told with its line, no page shows another language's words."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from jinja2 import DictLoader, Environment, StrictUndefined

from plugins.i18n.catalogs import Catalog, install_gettext, language_of, localized, long_date, read_catalog
from plugins.problems import Problem
from plugins.typography import NBSP, NNBSP

HEADER = (
    'msgid ""\nmsgstr ""\n"Language: {lang}\\n"\n"Content-Type: text/plain; charset=utf-8\\n"\n'
    '"Plural-Forms: nplurals=2; plural={plural};\\n"\n'
)
PLURALS = {"en": "(n != 1)", "fr": "(n > 1)"}
FACTS = 'msgid "%(num)s fact"\nmsgid_plural "%(num)s facts"\nmsgstr[0] "{}"\nmsgstr[1] "{}"\n'
ReadCatalog = Callable[..., tuple[Catalog, list[Problem]]]


@pytest.fixture
def catalog(tmp_path: Path) -> ReadCatalog:
    """Write a catalog and read it."""

    def write_and_read(entries: str, lang: str = "fr") -> tuple[Catalog, list[Problem]]:
        path = tmp_path / f"{lang}.po"
        path.write_text(f"{HEADER.format(lang=lang, plural=PLURALS[lang])}\n{entries}", encoding="utf-8")
        return read_catalog(path, lang)

    return write_and_read


def test_a_word_is_translated_with_french_typography(catalog: ReadCatalog) -> None:
    words, problems = catalog('msgid "Who?"\nmsgstr "Qui : l\'équipe ?"\n')
    assert words.gettext("Who?") == f"Qui{NBSP}: l’équipe{NNBSP}?"
    assert problems == []


def test_english_words_are_never_touched(catalog: ReadCatalog) -> None:
    words, _ = catalog('msgid "Who?"\nmsgstr "Who ? It\'s 50% ..."\n', lang="en")
    assert words.gettext("Who?") == "Who ? It's 50% ..."


@pytest.mark.parametrize(
    ("entry", "says"),
    [
        ('msgid "Menu"\nmsgstr ""\n', 'the message "Menu" has no translation in French'),
        ('#, fuzzy\nmsgid "Menu"\nmsgstr "Carte"\n', 'the message "Menu" is marked fuzzy in French'),
        (FACTS.format("%(num)s fait", ""), 'the message "%(num)s fact" has no translation in French'),
    ],
)
def test_a_message_without_a_good_translation_is_told_with_its_line(
    catalog: ReadCatalog, entry: str, says: str
) -> None:
    _, (problem,) = catalog(f'msgid "Other"\nmsgstr "Autre"\n\n{entry}')
    assert problem.message == says
    assert problem.line in (10, 11)
    assert problem.file.endswith("fr.po")
    assert "msgstr" in problem.remedy


@pytest.mark.parametrize("translations", [("fait", "%(num)s faits"), ("%(nmu)s fait", "%(nmu)s faits")])
def test_a_translation_that_fills_in_other_names_is_told(catalog: ReadCatalog, translations: tuple[str, str]) -> None:
    _, (problem,) = catalog(FACTS.format(*translations))
    assert (problem.line, "does not fill in the same names" in problem.message) == (7, True)


@pytest.mark.parametrize(
    ("entry", "line"),
    [
        ('msgid "Menu"\nmsgstr "Carte\n', 8),
        ('msgid "Menu\nmsgstr "Carte"\n', 7),
        ('msgid "Menu"\nmsgstr ""\n"Carte \\"\n', 9),
    ],
)
def test_a_quotation_mark_that_is_missing_is_told_and_costs_no_letter(
    catalog: ReadCatalog, entry: str, line: int
) -> None:
    _, problems = catalog(entry)
    assert (problems[0].line, "quotation mark" in problems[0].message) == (line, True)


@pytest.mark.parametrize("text", [b"nonsense\n", 'msgid "É"\nmsgstr "é"\n'.encode("latin-1")])
def test_a_file_that_is_no_catalog_is_told(tmp_path: Path, text: bytes) -> None:
    path = tmp_path / "fr.po"
    path.write_bytes((HEADER.format(lang="fr", plural=PLURALS["fr"]) + "\n").encode() + text)
    _, problems = read_catalog(path, "fr")
    assert [("cannot be read" in problem.message, bool(problem.remedy)) for problem in problems] == [(True, True)]


def test_a_missing_catalog_is_told(tmp_path: Path) -> None:
    _, (problem,) = read_catalog(tmp_path / "fr.po", "fr")
    assert ("is missing" in problem.message, "git restore" in problem.remedy) == (True, True)


@pytest.mark.parametrize("ask", [lambda words: words.gettext("Nope"), lambda words: words.ngettext("Nope", "Nopes", 2)])
def test_a_word_that_no_catalog_has_raises_instead_of_showing_english(
    catalog: ReadCatalog, ask: Callable[[Catalog], str]
) -> None:
    words, _ = catalog("")
    with pytest.raises(KeyError, match='"Nope" is not in the fr catalog: run "invoke messages"'):
        ask(words)


@pytest.mark.parametrize(
    ("lang", "forms"),
    [
        ("en", {0: "facts", 1: "fact", 2: "facts", 21: "facts"}),
        ("fr", {0: "fait", 1: "fait", 2: "faits", 1_000_000: "faits"}),
    ],
)
def test_each_language_counts_in_its_own_way(catalog: ReadCatalog, lang: str, forms: dict[int, str]) -> None:
    one, many = forms[1], forms[2]
    words, _ = catalog(FACTS.format(f"%(num)s {one}", f"%(num)s {many}"), lang=lang)
    for number, form in forms.items():
        assert words.ngettext("%(num)s fact", "%(num)s facts", number) == f"%(num)s {form}"


@pytest.mark.parametrize(
    ("context", "lang"),
    [
        ({"page": SimpleNamespace(lang="fr")}, "fr"),
        ({"article": SimpleNamespace(lang="en"), "lang": "fr"}, "en"),
        ({"lang": "fr"}, "fr"),
    ],
)
def test_the_language_is_that_of_the_page_at_hand(context: dict[str, Any], lang: str) -> None:
    assert language_of(context) == lang


def test_a_template_without_a_language_raises() -> None:
    with pytest.raises(LookupError, match="no page, article or lang"):
        language_of({"LANGUAGES": {"en": {}}})


@pytest.fixture
def render(catalog: ReadCatalog) -> Callable[..., str]:
    """Render a template with both catalogs, as a build would."""
    english, _ = catalog(
        'msgid "50%% of"\nmsgstr "50%% of"\n\nmsgid "By %(name)s"\nmsgstr "By %(name)s"\n\n'
        + FACTS.format("%(num)s fact", "%(num)s facts"),
        lang="en",
    )
    french, _ = catalog(
        'msgid "50%% of"\nmsgstr "50 %% de"\n\nmsgid "By %(name)s"\nmsgstr "Par %(name)s"\n\n'
        + FACTS.format("%(num)s fait", "%(num)s faits")
    )
    env = Environment(extensions=["jinja2.ext.i18n"], autoescape=True, undefined=StrictUndefined, loader=DictLoader({}))
    install_gettext(
        SimpleNamespace(env=env, settings={"BUILD": SimpleNamespace(catalogs={"en": english, "fr": french})})
    )
    return lambda text, **context: env.from_string(text).render(**context)


def test_a_template_speaks_the_language_of_its_page(render: Callable[..., str]) -> None:
    template = (
        "{{ _('By %(name)s', name='A & B') }} {% trans %}50% of{% endtrans %} "
        "{{ ngettext('%(num)s fact', '%(num)s facts', 2) }}"
    )
    assert render(template, lang="en") == "By A &amp; B 50% of 2 facts"
    assert render(template, lang="fr") == f"Par A &amp; B 50{NBSP}% de 2 faits"


def test_a_percent_sign_is_doubled_in_a_message_and_single_on_the_page(render: Callable[..., str]) -> None:
    """Newstyle gettext always formats with %; a sign that is not doubled stops the build instead of vanishing."""
    assert render("{{ _('50%% of') }}", lang="en") == "50% of"
    assert render("{{ _in('fr', '50%% of') }}") == f"50{NBSP}% de"
    with pytest.raises(KeyError):
        render("{{ _('50% of') }}", lang="en")


def test_one_language_can_be_asked_for_where_a_page_has_none(render: Callable[..., str]) -> None:
    assert render("{{ _in('fr', 'By %(name)s', name='A') }}") == "Par A"
    with pytest.raises(LookupError):
        render("{{ _('By %(name)s', name='A') }}")


@pytest.mark.parametrize(
    ("value", "en", "fr"),
    [
        ({"en": "Who?", "fr": "Qui ?"}, "Who?", f"Qui{NNBSP}?"),
        ({"en": ["Who?"], "fr": ["Qui ?"]}, ["Who?"], [f"Qui{NNBSP}?"]),
        ({"en": "x", "fr": "y", "de": "z"}, {"en": "x", "fr": "y", "de": "z"}, {"en": "x", "fr": "y", "de": "z"}),
        ("Qui ?", "Qui ?", "Qui ?"),
        (None, None, None),
    ],
)
def test_a_bilingual_value_is_shown_in_one_language(value: Any, en: Any, fr: Any) -> None:
    assert (localized(value, "en"), localized(value, "fr")) == (en, fr)


@pytest.mark.parametrize(
    ("day", "en", "fr"),
    [
        (datetime.date(2026, 11, 24), "24 November 2026", f"24{NBSP}novembre 2026"),
        (datetime.date(2027, 3, 1), "1 March 2027", f"1er{NBSP}mars 2027"),
        (datetime.date(2027, 8, 11), "11 August 2027", f"11{NBSP}août 2027"),
    ],
)
def test_a_date_is_written_as_each_language_writes_it(day: datetime.date, en: str, fr: str) -> None:
    assert (long_date(day, "en", "en_GB"), long_date(day, "fr", "fr_FR")) == (en, fr)
