"""What the owner is told, in French: every sentence has its translation, with the same names between braces."""

from __future__ import annotations

import ast
import re
import string
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from plugins.problems.messages import CATALOG
from tools.update_messages import extract, sentences_in

with CATALOG.open("rb") as opened:
    FRENCH = {str(entry.id): str(entry.string) for entry in read_po(opened, locale="fr") if entry.id}


def test_every_sentence_has_its_french() -> None:
    said = {str(entry.id) for entry in extract() if entry.id}
    missing, unused = sorted(said - {key for key, text in FRENCH.items() if text}), sorted(FRENCH.keys() - said)
    assert missing == [], "run “invoke messages”, then write these in plugins/problems/fr.po"
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


NUMBER = re.compile(r"\{(?:count|number|minutes|seconds|days)\} [a-z]+s\b")
AT_LEAST_TWO = {
    'the id "{id}" is given {count} times on this page',
    "the note {mark} is written {count} times, and only one is shown",
    "some servers cannot have a name of more than {count} letters",
    '"{name}" has {count} characters; it needs at most {limit}',
    "the title, with “{name}” beside it, has {count} characters; search engines cut it after {limit}",
    "the text is longer than {count} letters",
    "This has {count} characters; at most {limit} fit.",
}


def test_a_number_before_a_noun_is_counted(root: Path) -> None:
    """“1 facts are unknown” is no sentence, in neither language: `counted` takes the one that is (#14)."""
    plain = set()
    for file in [*root.glob("plugins/**/*.py"), *root.glob("tools/**/*.py"), root / "tasks.py"]:
        tree = ast.parse(file.read_text(encoding="utf-8"))
        calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
        pairs = [call.args for call in calls if getattr(call.func, "id", "") == "counted"]
        pairs += [node.elts for node in ast.walk(tree) if isinstance(node, ast.Tuple) and len(node.elts) == 2]
        both = {id(part) for pair in pairs for part in pair}
        for call in calls:
            if getattr(call.func, "id", "") == "say" and id(call) not in both:
                plain |= {said for _, said in sentences_in(ast.unparse(call)) if NUMBER.search(said)}
    assert plain == AT_LEAST_TWO


def test_sentences_are_found_wherever_they_are_said() -> None:
    source = 'say("one {x}", x=1)\nsay("two" if a else "three")\nsay(variable)\nother("four")\n'
    assert list(sentences_in(source)) == [(1, "one {x}"), (2, "two"), (2, "three")]
