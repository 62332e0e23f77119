"""Each element of a page is traced to its lines, and a change of one block changes no other line."""

from __future__ import annotations

import random
import re
import time
from pathlib import Path
from types import SimpleNamespace

import pytest
from pelican.contents import Page

from plugins.build import Build, build_of
from plugins.i18n.languages import Site
from plugins.practice.facts import load_facts
from plugins.problems import ROOT
from plugins.reader.allowed import held
from plugins.reader.block_lines import moved, text_of_lines, with_added, with_lines
from plugins.reader.block_spans import elements
from plugins.reader.blocks import Blocks, Rendered, blocks_of, rendered
from plugins.reader.comments import without_comments
from plugins.reader.source import made, source_of, typeset
from tools.build import settings_for

FILES = sorted((ROOT / "content").glob("[a-z][a-z]/*/*.md"))
MATTER = """\
---
title: A title
slug: a-title
description: A sentence that says what the reader finds on the page, long enough for a search engine.
modified: 2026-11-24
---
"""
FIRST = MATTER.count("\n") + 1
FORMS = {
    "as it is": lambda data: data,
    "of Windows": lambda data: data.replace(b"\n", b"\r\n"),
    "with a mark": lambda data: b"\xef\xbb\xbf" + data,
    "without an end": lambda data: data.rstrip(b"\n"),
}


def build_with(practice: Path, folder: Path) -> Build:
    settings = settings_for(folder, False, practice, {"PATH": str(ROOT / "content")})
    load_facts(SimpleNamespace(settings=settings))
    build = build_of(settings)
    build.site = Site(build)
    return build


@pytest.fixture(scope="module")
def build(tmp_path_factory: pytest.TempPathFactory) -> Build:
    return build_with(ROOT / "tests/fixtures/practice.toml", tmp_path_factory.mktemp("full"))


@pytest.fixture(scope="module")
def first_day(tmp_path_factory: pytest.TempPathFactory) -> Build:
    return build_with(ROOT / "tests/fixtures/incomplete.toml", tmp_path_factory.mktemp("incomplete"))


Pages = dict[Path, Blocks]


@pytest.fixture(scope="module")
def site(build: Build) -> Pages:
    """The blocks of every page, article and section."""
    return {file: blocks_of(file, file.read_bytes(), build) for file in FILES}


@pytest.fixture(scope="module")
def sites(site: Pages, build: Build, first_day: Build) -> list[tuple[Build, Pages]]:
    """The same, with all facts; and with hardly any, where pages have conditions: others hold then."""
    conditional = [file for file in FILES if b"{%" in file.read_bytes()]
    return [(build, site), (first_day, {file: blocks_of(file, file.read_bytes(), first_day) for file in conditional})]


def page_of(body: str, build: Build, lang: str = "en") -> tuple[Path, bytes, Blocks]:
    """A page with this text, which is on no disk."""
    path, data = ROOT / f"content/{lang}/pages/a-page.md", (MATTER + body).encode()
    return path, data, blocks_of(path, data, build)


def body_of(data: bytes) -> str:
    return data.decode().removeprefix(MATTER)


def shown(body: str, build: Build) -> list[tuple[str, str]]:
    _, data, found = page_of(body, build)
    assert found.certain
    return [(block.kind, text_of_lines(data, block.first, block.last)) for block in found.blocks]


def edited(body: str, nth: int, text: str, build: Build, lang: str = "en") -> Rendered:
    path, data, found = page_of(body, build, lang)
    return rendered(path, data, found, found.blocks[nth], text, build)


def test_every_line_and_every_element_of_the_site_is_in_one_block(sites: list[tuple[Build, Pages]]) -> None:
    for file, found in (pair for _, pages in sites for pair in pages.items()):
        lines = file.read_text().split("\n")
        typed = [number for number in range(lines.index("---", 1) + 2, len(lines) + 1) if lines[number - 1].strip()]
        taken = [number for block in found.blocks for number in range(block.first, block.last + 1)]
        assert [number for number in taken if lines[number - 1].strip()] == typed, file
        assert [place for block in found.blocks for place in block.elements] == list(range(found.count)), file
        assert found.certain, file
        assert not any(block.kind in ("html", "group") for block in found.blocks), file


def test_the_lines_of_a_block_alone_make_its_elements(sites: list[tuple[Build, Pages]]) -> None:
    for build, pages in sites:
        for file, found in pages.items():
            data, lang = file.read_bytes(), file.parts[-3]
            for block in filter(lambda block: block.elements, found.blocks):
                text = without_comments(text_of_lines(data, block.first, block.last), "", 1)
                html = held(typeset(made(text, lang, build, "", 1)[1], lang))[0]
                assert elements(html) == [found.page[place] for place in block.elements], (file, block)


SAMPLES = {
    "what needs no word": "Text\n\n---\n\n→\n\n***\n\n<hr>\n\nEnd\n",
    "headings": "Title\n-----\n\n## Words ##\nText right below\n### More {: #there }\n",
    "lists": 'Text\n- one\n- two {: .x }\n{: data-s="S1" }\n\n1. a\n   - b\n     more\n\n   c\n\n2. d\n',
    "terms": "Term\n: Words\n\nOther\n:   More\n\n    words\n",
    "tables": "Table: Who does it\n\n| a | b |\n|---|---|\n\n| c |\n|---|\n| d |\n",
    "boxes": '!!! note\n    Text\n\n    - a\n\n!!! rule "Named"\n    Text\n',
    "marks": "Text\n{: .x }\n## Heading\n{: .y }\nMore\n",
    "code": "Text\n```python\nif x:\n\n    y\n```\nmore\n\n~~~\n<!-- kept -->\n~~~\n\n    by spaces\n\n    again\n",
    "quotations": "> Text\n> more\n>\n> - a\n\nEnd\n",
    "addresses": 'See [words][name] and [name].\n\n[name]: https://example.org/ "Title"\n\n[words](https://example.org)\n',
    "pictures": "![words](a.png)\n\n[![words](a.png)](https://example.org)\n",
    "notes": "One[^1] and[^b].\n\n[^1]: Note.\n\n    More of it.\n\nText.\n\n[^b]: Note.\n",
    "comments": "One <!-- a --> goes on\n<!-- b -->\nand on\n\n<!-- c\nd -->\n\n- a\n<!-- e -->\n- b\n",
    "HTML": "<details>\n<summary>Sum</summary>\n\nText.\n\n- a\n\n</details>\n\n<div>\n\nText\n\n</div>\n\n<p>a</p>\n",
    "a line that takes no sign": "Text\n\n!!! note wide\n    Text\n\nEnd\n",
    "conditions": "A\n\n{% if email is known %}\nB\n\nC\n{% else %}\nD\n{% endif %}\n\nE {% if email %}F{% endif %}\n",
    "conditions across": "A\n\n{% if email %}B\n\nC\n{% endif %}\n\nD\n{% if email is known %}\nE\n{% endif %}\n",
    "conditions that end a line": "A {% if email %}B{% endif %}\n\n---\n\nC\n",
    "loops": "A\n\n{% for one in [1, 2] %}\n- {{ one }}\n{% endfor %}\n\nB\n",
}
EXPECTED = {
    "what needs no word": ["paragraph 1", "rule 1", "paragraph 1", "rule 1", "rule 1", "paragraph 1"],
    "headings": ["heading 2", "heading 1", "paragraph 1", "heading 1"],
    "lists": ["paragraph 1", "list 3", "list 7"],
    "terms": ["list 7"],
    "tables": ["table 4", "table 3"],
    "boxes": ["box 4", "box 2"],
    "marks": ["paragraph 2", "heading 2", "paragraph 1"],
    "code": ["paragraph 1", "code 5", "paragraph 1", "code 3", "code 3"],
    "quotations": ["quotation 4", "paragraph 1"],
    "addresses": ["paragraph 1", "hidden 1", "paragraph 1"],
    "pictures": ["paragraph 1", "paragraph 1"],
    "notes": ["paragraph 1", "note 3", "paragraph 1", "note 1"],
    "comments": ["paragraph 3", "hidden 2", "list 3"],
    "HTML": ["html 8", "html 5", "paragraph 1"],
    "a line that takes no sign": ["paragraph 1", "box 2", "paragraph 1"],
    "conditions": [
        "paragraph 1",
        *["sign 1", "paragraph 1", "paragraph 1", "sign 1", "hidden 1", "sign 1"],
        "paragraph 1",
    ],
    "conditions across": ["paragraph 1", "condition 4", "paragraph 4"],
    "conditions that end a line": ["heading 3", "paragraph 1"],
    "loops": ["paragraph 1", "list 3", "paragraph 1"],
}


@pytest.mark.parametrize("name", SAMPLES)
def test_what_can_be_typed_falls_into_blocks(name: str, build: Build) -> None:
    found = shown(SAMPLES[name], build)
    assert [f"{kind} {text.count(chr(10)) + 1}" for kind, text in found] == EXPECTED[name]


def test_a_block_is_found_by_its_lines(build: Build) -> None:
    _, _, found = page_of("A\nB\n\nC\n", build)
    assert found.at(FIRST, FIRST + 1) == found.blocks[0]
    assert found.at(FIRST, FIRST) is None


def test_where_nothing_can_be_told_the_text_is_one_block(build: Build) -> None:
    _, _, found = page_of("One \U000f0003\n\nTwo\n", build)
    assert not found.certain
    assert [(block.first, block.last, block.elements) for block in found.blocks] == [(FIRST, FIRST + 2, (0, 1))]


@pytest.mark.parametrize("form", FORMS)
def test_a_block_that_is_put_back_as_it_was_leaves_the_file_as_it_was(form: str, site: Pages) -> None:
    for file, found in site.items():
        data = FORMS[form](file.read_bytes())
        for block in found.blocks:
            text = text_of_lines(data, block.first, block.last)
            other = with_lines(data, block.first, block.last, f"changed\r\n\r\n{text}")
            assert with_lines(data, block.first, block.last, text) == data
            assert with_lines(other, block.first, block.last + 2, text) == data


def test_two_thousand_edits_change_the_lines_of_their_block_and_no_other(site: Pages) -> None:
    chance = random.Random(16)
    files = {file: [FORMS[form](file.read_bytes()) for form in FORMS] for file in FILES}
    for _ in range(2000):
        file = chance.choice(FILES)
        data, block = chance.choice(files[file]), chance.choice(site[file].blocks)
        rows = [
            chance.choice(["", "a", "l’été : 5 %", "{{ email }}", "| x | y |", "  - z"])
            for _ in range(chance.randint(1, 9))
        ]
        text = "\n".join(["begins", *rows, "ends"])
        changed = with_lines(
            data, block.first, block.last, chance.choice([text, text.replace("\n", "\r\n"), f"\n{text}\n\n"])
        )
        before, after = data.split(b"\n"), changed.split(b"\n")
        rest = len(before) - block.last
        assert after[: block.first - 1] == before[: block.first - 1]
        assert after[len(after) - rest :] == before[block.last :]
        assert text_of_lines(changed, block.first, len(after) - rest) == text
        assert changed.count(b"\r\n") == (changed.count(b"\n") if b"\r\n" in data else 0)


@pytest.mark.parametrize(
    ("body", "nth", "rest"),
    [
        ("A\n\nB\n\nC\n", 1, "A\n\nC\n"),
        ("A\n\nB\n", 1, "A\n"),
        ("A\n\nB", 1, "A"),
        ("A\n\n## B\nC\n\nD\n", 2, "A\n\n## B\n\nD\n"),
        ("A\n## B\nC\n", 1, "A\n\nC\n"),
        ("A\n\n{% if email is known %}\nB\n{% endif %}\n", 2, "A\n\n{% if email is known %}\n{% endif %}\n"),
    ],
)
def test_a_block_is_taken_out_with_an_empty_line(body: str, nth: int, rest: str, build: Build) -> None:
    _, data, found = page_of(body, build)
    block = found.blocks[nth]
    assert body_of(with_lines(data, block.first, block.last, " \n")) == rest


@pytest.mark.parametrize(
    ("body", "after", "result"),
    [
        ("A\n\nC\n", 1, "A\n\nB\n\nC\n"),
        ("A\n", 1, "A\n\nB\n"),
        ("A", 1, "A\n\nB"),
        ("A\n## C\n", 1, "A\n\nB\n\n## C\n"),
        ("A\n", 0, "B\n\nA\n"),
        ("{% if x %}\nA\n{% endif %}\n", 2, "{% if x %}\nA\n\nB\n{% endif %}\n"),
    ],
)
def test_a_block_is_added_with_an_empty_line_around_it(body: str, after: int, result: str) -> None:
    added = with_added((MATTER + body).encode(), FIRST - 1 + after, "B")
    assert body_of(added) == result


CONDITION = "{% if email is known %}\nB\n\nC\n{% endif %}\n"


@pytest.mark.parametrize(
    ("body", "nth", "by", "result"),
    [
        ("A\n\nB\n\nC\n", 1, -1, "B\n\nA\n\nC\n"),
        ("A\n\nB\n\nC\n", 1, 1, "A\n\nC\n\nB\n"),
        ("A\n\nB\n\nC", 1, 1, "A\n\nC\n\nB"),
        ("A\n\nB\n", 0, -1, "A\n\nB\n"),
        ("A\n\nB\n", 1, 1, "A\n\nB\n"),
        ("## A\nB\n\nC\n", 2, -1, "## A\n\nC\n\nB\n"),
        ("A\n\n<!-- b -->\n\nC\n", 2, -1, "C\n\nA\n\n<!-- b -->\n"),
        (f"A\n\n{CONDITION}\nD\n", 0, 1, f"{CONDITION}\nA\n\nD\n"),
        (f"A\n\n{CONDITION}\nD\n", 5, -1, f"A\n\nD\n\n{CONDITION}"),
        (f"A\n\n{CONDITION}\nD\n", 2, 1, "A\n\n{% if email is known %}\nC\n\nB\n{% endif %}\n\nD\n"),
        (f"A\n\n{CONDITION}\nD\n", 2, -1, f"A\n\n{CONDITION}\nD\n"),
    ],
)
def test_a_block_moves_past_the_next_one_and_out_of_no_condition(
    body: str, nth: int, by: int, result: str, build: Build
) -> None:
    _, data, found = page_of(body, build)
    assert body_of(moved(data, found, nth, by)) == result


def test_every_block_of_the_site_moves_with_its_lines_alone(site: Pages) -> None:
    chance = random.Random(16)
    for file, found in site.items():
        data = file.read_bytes()
        for by in (-1, 1):
            index = chance.randrange(len(found.blocks))
            changed = moved(data, found, index, by)
            assert sorted(filter(None, changed.split(b"\n"))) == sorted(filter(None, data.split(b"\n"))), file
            assert b"\n\n\n" not in changed


def test_a_block_as_it_was_is_shown_as_the_page_shows_it(site: Pages, build: Build) -> None:
    chance = random.Random(16)
    for file, found in list(site.items())[::3]:
        data = file.read_bytes()
        block = chance.choice([block for block in found.blocks if block.elements])
        html = source_of(file, data, build).html
        text = f"{text_of_lines(data, block.first, block.last)}\n\n"
        result = rendered(file, data, found, block, text, build)
        assert result == Rendered(tuple(elements(html)[place] for place in block.elements), (), True), (file, block)


def test_a_changed_block_is_shown_with_its_facts_and_its_language(build: Build) -> None:
    result = edited("Un\n\n## Deux\n\nTrois\n", 1, "## Quoi ?\n\n{{ email }}", build, "fr")
    assert result.html == ('<h2 id="quoi">Quoi\u202f?</h2>', f"<p>{build.facts.email}</p>")
    assert result.alone


def test_what_is_wrong_is_told_with_its_line(build: Build) -> None:
    [problem] = edited("One\n\nTwo\n", 1, "Two\n**three", build).problems
    assert (problem.file, problem.line) == ("content/en/pages/a-page.md", FIRST + 3)
    refused = edited("One\n\nTwo\n", 1, "{{ emial }}", build)
    assert (refused.html, refused.problems[0].line, refused.alone) == ((), FIRST + 2, False)
    assert edited("One\n\nTwo\n", 1, "<script>x</script>", build).problems[0].line == FIRST + 2


def test_what_changes_elsewhere_too_is_told(build: Build) -> None:
    noted = "One[^1].\n\nTwo[^2].\n\n[^1]: First.\n\n[^2]: Second.\n"
    assert edited(noted, 1, "Two anew[^2].", build).alone
    assert not edited(noted, 0, "One", build).alone
    assert not edited("One\n\nTwo\n\nThree\n", 0, "```\nOne", build).alone
    note = edited(noted, 2, "[^1]: *Third*.", build)
    assert note.alone
    assert [re.sub("<a .*?</a>", "", html) for html in note.html] == [
        '<li id="fn:1">\n<p><em>Third</em>.\N{NO-BREAK SPACE}</p>\n</li>'
    ]
    hidden = "One\n\n{% if email is not known %}\nTwo\n{% endif %}\n\nThree\n"
    assert edited(hidden, 2, "Four", build) == Rendered((), (), True)
    assert edited("One\n\n<!-- two -->\n\nThree\n", 1, "Two", build).html == ("<p>Two</p>",)


def test_addresses_are_those_of_the_site(build: Build) -> None:
    pages: dict[str, Page] = {}
    for key in ("a-page", "faq"):
        data = {"lang": "en", "key": key, "title": key, "slug": key}
        path = str(ROOT / f"content/en/pages/{key}.md")
        pages[f"en/pages/{key}.md"] = Page("", data, build.settings, path, {"generated_content": pages})
    build.site = Site(build)
    build.site.fill(list(pages.values()))
    html = edited("One\n", 0, "See [this]({filename}faq.md#there).", build).html
    assert html == ('<p>See <a href="/en/faq/#there">this</a>.</p>',)
    build.site = Site(build)


def test_the_longest_page_is_shown_while_its_author_types(site: Pages, build: Build) -> None:
    file = max(FILES, key=lambda file: file.stat().st_size)
    data = file.read_bytes()
    taken = []
    for _ in range(3):
        start = time.process_time()
        rendered(file, data, site[file], site[file].blocks[0], "Words", build)
        taken.append(time.process_time() - start)
    assert min(taken) < 0.05
