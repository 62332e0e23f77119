"""A problem in the owner's language, and which language that is."""

from __future__ import annotations

import pytest

from plugins.problems import Problem, counted, formatted, in_language, language, nearest, say, translated


def test_braces_are_plain_text_where_nothing_is_filled_in() -> None:
    assert say("a fact is written {{ email }}") == "a fact is written {{ email }}"
    assert say("{{{name}}}", name="x") == "{x}"


def test_a_problem_in_french() -> None:
    problem = Problem(
        "content/en/pages/faq.md",
        3,
        say('"{name}" is not a known key.{nearest}', name="titel", nearest=nearest("titel", ["title"])),
        say("Known keys: {keys}.", keys="title, slug"),
    )
    assert formatted(problem, "fr") == (
        "content/en/pages/faq.md:3: «\u00a0titel\u00a0» n’est pas un mot connu ici. "
        "Vouliez-vous dire «\u00a0title\u00a0»\u202f?\n"
        "    À faire\u00a0: Mots connus\u00a0: title, slug."
    )
    assert formatted(problem, "en") == str(problem)
    assert translated(problem, "en") == problem


def test_what_fills_a_sentence_is_not_touched() -> None:
    sentence = say("{file}: nothing : here ?", file="x")
    assert in_language(sentence, "fr") == sentence  # not in the catalog: English, whole
    found = in_language(say("the file {file} is not there", file='a "b" ?.md'), "fr")
    assert found == 'le fichier a "b" ?.md n’est pas là'


def test_what_fills_a_sentence_may_be_a_sentence_too() -> None:
    reason = say("a value cannot start with {sign}", sign="@")
    said = in_language(say("the front matter cannot be read: {reason}", reason=reason), "fr")
    assert said == "l’en-tête est illisible\u00a0: une valeur ne peut pas commencer par @"


@pytest.mark.parametrize(
    ("count", "english", "french"),
    [
        (0, "0 characters", "0 caractère\u202f;"),
        (1, "1 character;", "1 caractère\u202f;"),
        (2, "2 characters", "2 caractères\u202f;"),
    ],
)
def test_a_number_and_its_noun_agree_in_each_language(count: int, english: str, french: str) -> None:
    one = say('"{name}" has {count} character; it needs at least {limit}')
    many = say('"{name}" has {count} characters; it needs at least {limit}')
    sentence = counted(count, one, many, name="title", limit=70)
    assert english in sentence
    assert french in in_language(sentence, "fr")


@pytest.mark.parametrize(
    ("asked", "machine", "spoken"),
    [
        ("", "fr_FR.UTF-8", "fr"),
        ("", "en_GB.UTF-8", "en"),
        ("", "", "en"),
        ("fr", "en_GB.UTF-8", "fr"),
        ("en", "fr_FR", "en"),
    ],
)
def test_the_language_is_the_machine_s_unless_asked(
    monkeypatch: pytest.MonkeyPatch, asked: str, machine: str, spoken: str
) -> None:
    for name in ("LC_ALL", "LC_MESSAGES"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("LANG", machine)
    assert language(asked) == spoken


def test_another_language_is_refused() -> None:
    with pytest.raises(ValueError, match="en or fr, not de"):
        language("de")
