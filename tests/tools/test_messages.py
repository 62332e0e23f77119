"""What the owner is told, in French: every sentence has its translation, with the same names between braces."""

from __future__ import annotations

import ast
import string
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from plugins.problems import Problem, nearest, say
from tools.messages import CATALOG, in_language, language, shown, translated
from tools.messages.extract import extract, sentences_in

with CATALOG.open("rb") as opened:
    FRENCH = {str(entry.id): str(entry.string) for entry in read_po(opened, locale="fr") if entry.id}


def test_every_sentence_has_its_french() -> None:
    said = {str(entry.id) for entry in extract() if entry.id}
    missing, unused = sorted(said - {key for key, text in FRENCH.items() if text}), sorted(FRENCH.keys() - said)
    assert missing == [], "run “invoke messages”, then write these in tools/messages/fr.po"
    assert unused == [], "run “invoke messages”"


@pytest.mark.parametrize(("english", "french"), FRENCH.items(), ids=[key[:40] for key in FRENCH])
def test_a_translation_fills_in_the_same_names(english: str, french: str) -> None:
    def names(sentence: str) -> set[str]:
        try:
            return {name for _, name, _, _ in string.Formatter().parse(sentence) if name}
        except ValueError:  # braces as plain text
            return set()

    assert names(english) >= names(french)
    assert names(english) - names(french) <= {"nearest"}
    assert "  " not in french.strip()


def test_every_problem_is_said_so_that_it_can_be_translated(root: Path) -> None:
    """In plugins and tools, the message and the remedy of a `Problem` are never a plain or an f-string."""
    plain = []
    for file in [*root.glob("plugins/**/*.py"), *root.glob("tools/**/*.py")]:
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Problem":
                texts = node.args[2:4]
                plain += [
                    f"{file.relative_to(root)}:{node.lineno}"
                    for text in texts
                    if isinstance(text, (ast.Constant, ast.JoinedStr))
                ]
    assert plain == []


def test_sentences_are_found_wherever_they_are_said() -> None:
    source = 'say("one {x}", x=1)\nsay("two" if a else "three")\nsay(variable)\nother("four")\n'
    assert list(sentences_in(source)) == [(1, "one {x}"), (2, "two"), (2, "three")]


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
    assert shown(problem, "fr") == (
        "content/en/pages/faq.md:3: «\u00a0titel\u00a0» n’est pas un mot connu ici. "
        "Vouliez-vous dire «\u00a0title\u00a0»\u202f?\n"
        "    À faire\u00a0: Mots connus\u00a0: title, slug."
    )
    assert shown(problem, "en") == str(problem)
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
