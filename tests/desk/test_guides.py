"""The owner's guides and the developers' page: what they name is there, and both guides say the same in the same order.

That the steps of the guides lead where they say: test_owners_day.py, which also keeps their pictures from being old.
"""

from __future__ import annotations

import re
from functools import cache

import pytest
from invoke import Task
from PIL import Image

import tasks as tasks_module
from plugins.frontmatter import ArticleMatter
from plugins.problems import ROOT, in_language, say
from tests.desk import pictures
from tools.update_messages import sentences_in, sentences_of

LANGUAGES = ["en", "fr"]
HEAVIEST = 60_000  # bytes of a picture
FILES = {"start.command", "start.bat", "start.sh", "Human Trajectory Makers"}  # what is double-clicked
SHOWN = re.compile(r"!\[([^\]]*)\]\(pictures/([\w.]+)\)")


def guide(lang: str) -> str:
    return (ROOT / "docs" / f"owner-guide.{lang}.md").read_text(encoding="utf-8")


@cache
def desk_words(lang: str) -> set[str]:
    """All that the desk can say, as it is typed."""
    folder = ROOT / "tools" / "desk"
    files = [*folder.glob("**/*.py"), ROOT / "plugins" / "frontmatter_form.py"]  # which names the settings of a page
    found = [one for file in files for one in sentences_in(file.read_text(encoding="utf-8"))]
    found += [one for file in folder.glob("templates/*.html") for one in sentences_of(file.read_text(encoding="utf-8"))]
    return {spaced(in_language(say(sentence), lang)) for _, sentence in found}


def spaced(text: str) -> str:
    return " ".join(text.replace("\u00a0", " ").replace("\u202f", " ").split())


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_label_in_a_guide_is_one_of_the_desk(lang: str) -> None:
    labels = {spaced(label) for label in re.findall(r"(?<!`)\*\*([^*`]+)\*\*", guide(lang))}
    assert labels - desk_words(lang) == FILES
    assert len(labels) > 30


@pytest.mark.parametrize("lang", LANGUAGES)
def test_what_the_desk_says_in_trouble_is_what_it_says(lang: str) -> None:
    said = [spaced(words).rstrip(".") for words in re.findall(r"^\* \*[“«]\s*(.+?)\s*[”»]\*", guide(lang), re.M)]
    assert len(said) == 3
    assert [words for words in said if not any(one.startswith(words) for one in desk_words(lang))] == []


@pytest.mark.parametrize("lang", LANGUAGES)
def test_each_picture_is_shown_with_words_for_it(lang: str) -> None:
    shown = {name: words for words, name in SHOWN.findall(guide(lang))}
    names = {file.name for file in pictures.files() if file.name.endswith(f".{lang}.webp")}
    assert set(shown) == names == {f"{name}.webp" for name in pictures.taken() if name.endswith(f".{lang}")}
    assert [name for name, words in shown.items() if len(words) < 20] == []
    for name in names:
        file = pictures.FOLDER / name
        assert file.stat().st_size <= HEAVIEST, name
        with Image.open(file) as picture:
            assert picture.width <= 1280


def test_both_guides_say_the_same_in_the_same_order() -> None:
    def shape(text: str) -> list[str]:
        marks = re.findall(r"^(#+ |\d\. |\* |\|.*\|$|!\[.*?\]\(pictures/\w+)", text, re.M)
        return [re.sub(r"!\[.*\(", "", mark) if mark[0] == "!" else mark[0] for mark in marks]

    english, french = (shape(guide(lang)) for lang in LANGUAGES)
    assert english == french


@pytest.mark.parametrize("name", ["owner-guide.en.md", "owner-guide.fr.md", "developers.md"])
def test_what_a_page_links_to_is_there(name: str) -> None:
    text = (ROOT / "docs" / name).read_text(encoding="utf-8")
    links = [link for link in re.findall(r"\]\(([^){]+)\)", re.sub(r"`[^`]*`", "", text)) if "://" not in link]
    assert links
    assert [link for link in links if not (ROOT / "docs" / link).is_file()] == []


def test_a_guide_needs_no_terminal() -> None:
    for lang in LANGUAGES:
        assert re.findall(r"invoke|\bgit\b|TOML|YAML|Markdown|```|content/", guide(lang)) == []


def test_each_key_of_a_page_is_explained_to_developers() -> None:
    text = (ROOT / "docs" / "developers.md").read_text(encoding="utf-8")
    named = set(re.findall(r"`(\w+)", text.split("## A new page")[1].split("## Text")[0]))
    assert set(ArticleMatter.model_fields) - named == set()


def test_commands_for_developers_exist() -> None:
    tasks = {task.name.replace("_", "-"): task for task in vars(tasks_module).values() if isinstance(task, Task)}
    named = re.findall(r"`invoke ([a-z][\w-]*)([^`]*)`", (ROOT / "docs" / "developers.md").read_text(encoding="utf-8"))
    assert len(named) > 10
    for name, rest in named:
        known = {flag for argument in tasks[name].get_arguments() for flag in argument.names}
        assert set(re.findall(r"--([\w-]+)", rest)) <= known, (name, rest)
