"""Our additions to Markdown: tables a screen reader can follow, checklists, attributes on list items, notes."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from bs4 import BeautifulSoup, Tag

from plugins.problems import Problem
from plugins.reader.markdown import converter
from plugins.reader.source import Source

TABLE = """\
Table: Who *decides* what
{: #decisions data-s="S32" }

| Stage | Coachee | Coach |
|---|:---:|---:|
| Choice | Decides | May say *no* |
| Actions | Decides | Gives an opinion {: data-s="S22" } |
"""


def parse(text: str) -> BeautifulSoup:
    return BeautifulSoup(converter().convert(text), "html.parser")


def one(soup: BeautifulSoup, selector: str) -> Tag:
    found = soup.select(selector)
    assert len(found) == 1, f"{selector}: {len(found)} found in {soup}"
    return found[0]


def test_the_paragraph_above_a_table_is_its_caption_with_its_attributes() -> None:
    soup = parse(TABLE)
    caption = one(soup, "table > caption:first-child")
    assert caption.decode_contents() == "Who <em>decides</em> what"
    assert (caption["id"], caption["data-s"]) == ("decisions", "S32")
    assert not soup.select("p")


@pytest.mark.parametrize("before", ["Some text.\n\n", "Some text.\n\nAnother.\n\n## A heading\n\n"])
def test_a_table_keeps_the_text_around_it(before: str) -> None:
    soup = parse(f"{before}{TABLE}\nAfter it.\n")
    assert one(soup, "caption").get_text() == "Who decides what"
    assert soup.select("p")[0].get_text() == "Some text."
    assert soup.select("p")[-1].get_text() == "After it."


def test_each_of_two_tables_has_its_own_caption() -> None:
    second = TABLE.replace("Who *decides* what", "Who knows what").replace("#decisions", "#knowledge")
    captions = [caption.get_text() for caption in parse(f"{TABLE}\n{second}").select("caption")]
    assert captions == ["Who decides what", "Who knows what"]


def test_a_paragraph_about_tables_that_is_not_above_one_stays_a_paragraph() -> None:
    assert one(parse("Table: a word\n\nText.\n"), "p:first-child").get_text() == "Table: a word"


def test_headers_say_what_they_are_headers_of() -> None:
    soup = parse(TABLE)
    assert [cell["scope"] for cell in soup.select("thead th")] == ["col"] * 3
    assert [cell["scope"] for cell in soup.select("tbody th")] == ["row"] * 2
    assert [cell.get_text() for cell in soup.select("tbody th")] == ["Choice", "Actions"]


def test_each_cell_repeats_its_column_for_a_narrow_screen() -> None:
    assert [cell["data-label"] for cell in parse(TABLE).select("td")] == ["Coachee", "Coach"] * 2


def test_a_table_has_no_inline_style_and_a_wrapper_to_scroll_in() -> None:
    soup = parse(TABLE)
    assert not soup.select("[style]")
    one(soup, "div.table > table")


def test_a_cell_can_carry_a_statement() -> None:
    assert one(parse(TABLE), 'td[data-s="S22"]').get_text() == "Gives an opinion"


@pytest.mark.parametrize("gap", ["", "\n"], ids=["tight", "loose"])
def test_brackets_make_a_checklist(gap: str) -> None:
    soup = parse(f"- [ ] first\n{gap}- [ ] *second*\n")
    items = one(soup, "ul.checklist")
    assert [item.get_text().strip() for item in items.select("li")] == ["first", "second"]


def test_an_ordinary_list_is_not_a_checklist() -> None:
    assert not parse("- first\n- [second](x)\n").select(".checklist")


@pytest.mark.parametrize(
    "text",
    [
        '- behaviour {: data-s="S34a" }\n- another\n',
        '- behaviour\n  {: data-s="S34a" }\n- another\n',
        '1. behaviour {: data-s="S34a" }\n2. another\n',
        '- other\n    - behaviour {: data-s="S34a" }\n',
        '- **behaviour** {: data-s="S34a" }\n',
        '* behaviour {: data-s="S34a" }\n',
        '- [ ] behaviour {: data-s="S34a" }\n',
    ],
)
def test_a_list_item_carries_the_attributes_at_its_end(text: str) -> None:
    soup = parse(text)
    assert one(soup, 'li[data-s="S34a"]').get_text().strip() == "behaviour"
    assert "{:" not in soup.get_text()


@pytest.mark.parametrize(
    ("text", "selector"),
    [
        ('A paragraph.\n{: data-s="S10 S11" }\n', 'p[data-s="S10 S11"]'),
        ("## A heading {: #its-id }\n", "h2#its-id"),
        ('## A heading {: #its-id data-s="S24" }\n', 'h2#its-id[data-s="S24"]'),
        ('!!! rule "The rule"\n\n    Its text.\n    {: data-s="S22" }\n', 'div.rule p[data-s="S22"]'),
        ("Term\n:   definition\n", "dl > dd"),
    ],
)
def test_paragraphs_headings_boxes_and_terms_carry_theirs(text: str, selector: str) -> None:
    soup = parse(text)
    one(soup, selector)
    assert "{:" not in soup.get_text()


def test_one_page_leaves_nothing_behind_for_the_next() -> None:
    markdown = converter()
    first = markdown.convert("## Same title\n")
    assert markdown.reset().convert("## Same title\n") == first


NOTES = """\
First[^b]. Then [^a], and first again[^b].

[^a]: A source.
[^b]: *Another* one.
"""


def test_marks_are_numbered_as_they_are_met_and_touch_their_words() -> None:
    soup = parse(NOTES)
    assert one(soup, "p:has(sup)").get_text() == "First1. Then2, and first again1."
    assert [item.get_text().split(".")[0].strip() for item in soup.select(".notes li")] == ["Another one", "A source"]


def test_notes_say_where_they_lead_and_are_all_reached() -> None:
    soup = parse(NOTES)
    notes = one(soup, "section.notes:last-child")
    assert notes["aria-label"] == "Notes"
    marks, backs = soup.select("sup a"), notes.select("a")
    assert [mark["aria-label"] for mark in marks] == ["Note 1", "Note 2", "Note 1"]
    assert [back["aria-label"] for back in backs] == [
        "Back to the text, note 1",
        "Back to the text, note 1 (2)",
        "Back to the text, note 2",
    ]
    ids = [str(element["id"]) for element in soup.select("[id]")]
    assert len(ids) == len(set(ids)) == 5
    assert {str(link["href"]) for link in [*marks, *backs]} == {f"#{name}" for name in ids}
    assert not soup.select("[style], [title], hr")


def test_notes_in_french_stand_before_the_sign_and_keep_its_space(read: Callable[..., Source]) -> None:
    body = "La séance[^1] : un mot[^2] ? Une « étude »[^3]; voir.\n\n[^1]: Un.\n[^2]: Deux ?\n[^3]: Trois."
    soup = BeautifulSoup(read(body, lang="fr").html, "html.parser")
    assert one(soup, "p:has(sup)").get_text() == ("La séance1\u00a0: un mot2\u202f? Une «\u00a0étude\u00a0»3; voir.")
    assert one(soup, "section.notes")["aria-label"] == "Notes"
    assert one(soup, "li:first-child a")["aria-label"] == "Retour au texte, note 1"
    english = BeautifulSoup(read("A word.[^1]\n\n[^1]: One.").html, "html.parser")
    assert one(english, "li a")["aria-label"] == "Back to the text, note 1"


def test_a_note_without_words_or_without_a_mark_breaks_nothing() -> None:
    soup = parse("Text[^1] and[^2].\n\n[^3]: Unused.\n[^1]:\n[^2]: A source.\n")
    assert one(soup, "p:has(sup)").get_text() == "Text[^1] and1."
    assert [item["id"] for item in soup.select(".notes li")] == ["fn:2"]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("## Prix {HT}", "<h2>Prix {HT}</h2>"),
        ("## Prix {à venir}", "<h2>Prix {à venir}</h2>"),
        ("**x**{sic}", "<p><strong>x</strong>{sic}</p>"),
        ("One\n{a}", "<p>One\n{a}</p>"),
        ("## C#", "<h2>C#</h2>"),
        ("## C ##", "<h2>C</h2>"),
        ("## A # B", "<h2>A # B</h2>"),
        ("#word", "<p>#word</p>"),
        ("-\u00a0un\n-\u202fdeux", "<ul>\n<li>un</li>\n<li>deux</li>\n</ul>"),
        ("1.\u00a0un", "<ol>\n<li>un</li>\n</ol>"),
        ("##\u00a0Titre", "<h2>Titre</h2>"),
        (">\u00a0Dit", "<blockquote>\n<p>Dit</p>\n</blockquote>"),
    ],
)
def test_signs_mean_what_they_mean_elsewhere(text: str, shown: str) -> None:
    html = converter().convert(text)
    assert re.sub(r' id="[^"]*"', "", html) == shown


def test_a_cell_with_braces_keeps_them() -> None:
    assert "prix {HT}" in parse("a | b\n---|---\none | prix {HT}").get_text()


@pytest.mark.parametrize("text", ["Title\n=====", "> # T", "!!! note\n    # T", "<h1>T</h1>", "- # T"])
def test_a_second_title_is_told_however_it_is_typed(problems: Callable[..., list[Problem]], text: str) -> None:
    (found,) = problems(f"One.\n\n{text}\n")
    assert found.line == (10 if "\n" in text else 9)
    assert "first level" in found.message
