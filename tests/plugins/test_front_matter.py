"""What may stand above a page, and what an author is told when it is wrong: the file, the line, and what to do."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plugins.frontmatter_edit import values_of, with_values
from plugins.problems import ROOT, Problem
from plugins.reader.source import Source

Refused = Callable[..., list[Problem]]
CONTENT = ROOT / "content"
DESCRIPTION = "A sentence that says what the reader finds on the page, long enough for a search engine."
GOOD = {
    "title": "Goal setting",
    "slug": "method/goal-setting",
    "description": DESCRIPTION,
    "modified": "2026-11-24",
}


def matter(**changed: str | None) -> str:
    """Good front matter with some keys changed, added, or (None) left out."""
    values = GOOD | changed
    return "".join(f"{key}: {value}\n" for key, value in values.items() if value is not None)


def test_a_page_knows_its_language_its_key_and_its_facts_from_path_and_front_matter(
    read: Callable[..., Source],
) -> None:
    source = read(
        "Text.", lang="fr", key="goal-setting", matter=matter(action='{page: faq, text: "Suite"}', toc="true")
    )
    meta = source.metadata
    assert (source.lang, source.key, source.title) == ("fr", "goal-setting", "Goal setting")
    assert (meta["slug"], meta["template"], meta["toc"]) == ("method/goal-setting", "page", True)
    assert meta["modified"].date() == datetime.date(2026, 11, 24)
    assert meta["action"] == {"page": "faq", "text": "Suite"}
    assert meta["nav_title"] == "Goal setting"


def test_an_article_has_a_date_and_its_own_template(read: Callable[..., Source], problems: Refused) -> None:
    source = read("Text.", kind="articles", matter=matter(date="2026-11-20"))
    assert source.metadata["date"].date() == datetime.date(2026, 11, 20)
    assert source.metadata["template"] == "article"
    assert [problem.message for problem in problems("Text.", kind="articles", matter=matter())] == ['"date" is missing']


def test_the_home_page_has_no_slug_and_sits_at_the_root_of_its_language(read: Callable[..., Source]) -> None:
    meta = read("Text.", matter=matter(slug='""')).metadata
    assert (meta["url"], meta["save_as"]) == ("en/", "en/index.html")


def test_headings_are_listed_for_the_contents_of_a_long_page(read: Callable[..., Source]) -> None:
    source = read("## Who *decides* & why {: #who }\n\n### A detail\n\n#### Too deep\n")
    assert source.metadata["headings"] == [
        {"level": 2, "id": "who", "text": "Who decides & why"},
        {"level": 3, "id": "a-detail", "text": "A detail"},
    ]


@pytest.mark.parametrize(
    ("changed", "line", "says", "remedy"),
    [
        ({"titel": "x", "title": None}, 1, '"title" is missing', "title: …"),
        ({"titel": "x"}, 6, 'Did you mean "title"?', "Known keys: title, slug"),
        ({"lang": "fr"}, 6, "the folder says it", "Remove the line."),
        ({"slug": None}, 1, '"slug" is missing', "slug: …"),
        ({"slug": "Définition"}, 3, "small letters without accents", "Définition"),
        ({"slug": "goal_setting"}, 3, "hyphens", "goal_setting"),
        ({"slug": "/goal/"}, 3, "a slug", "/goal/"),
        ({"description": None}, 1, '"description" is missing', "description: …"),
        ({"description": "Too short."}, 4, "has 10 characters; it needs at least 70", "one sentence"),
        ({"description": "x" * 161}, 4, "has 161 characters; it needs at most 160", "one sentence"),
        ({"description": f'"See {{filename}}faq.md: {DESCRIPTION}"'}, 4, "plain text", "{filename}"),
        ({"description": f'"[Read]({{static}}x.pdf) {DESCRIPTION}"'}, 4, "plain text", "{static}"),
        ({"title": "<em>Goals</em>"}, 2, "plain text", "<em>"),
        ({"title": ""}, 2, '"title" is empty', "after the colon"),
        ({"title": "[a, b]"}, 2, '"title" is empty or not a text', "double quotes"),
        ({"modified": "yesterday"}, 5, '"modified" is not a day of the calendar: yesterday', "2026-11-24"),
        ({"modified": "24/11/2026"}, 5, '"modified" is not a day of the calendar: 24/11/2026', "2026-11-24"),
        ({"modified": "2026-02-30"}, 5, '"modified" is not a day of the calendar: 2026-02-30', "2026-11-24"),
        ({"toc": "perhaps"}, 6, '"toc" is not right', "perhaps"),
        ({"action": "{page: faq}"}, 6, '"action.text" is missing', "action: {page: faq, text: …}"),
        ({"action": "faq"}, 6, '"action" needs a page and the words of its link', "action: {page: faq, text: …}"),
        ({"status": "drfat"}, 6, "published, draft", "drfat"),
    ],
    ids=lambda value: str(value)[:40],
)
def test_a_mistake_is_told_with_its_line_and_what_to_do(
    problems: Refused, changed: dict[str, str | None], line: int, says: str, remedy: str
) -> None:
    found = problems("Text.", matter=matter(**changed))
    told = [problem for problem in found if says in problem.message]
    assert told, found
    assert (told[0].line, told[0].severity) == (line, "error")
    assert told[0].file.endswith("content/en/pages/a-page.md")
    assert remedy in told[0].remedy


@pytest.mark.parametrize("typed", ["No", "On", "0777", "0x1F", "12:30", "2026", "1_000"])
@pytest.mark.parametrize("name", ["title", "nav_title", "slug"])
def test_what_yaml_reads_as_no_text_is_told(problems: Refused, name: str, typed: str) -> None:
    """A Norwegian problem, an octal number, a time in minutes: never printed as another word."""
    (found,) = problems("Text.", matter=matter(**{name: typed}))
    assert (found.line, f'"{name}" is empty or not a text' in found.message) == (
        {"title": 2, "slug": 3}.get(name, 6),
        True,
    )


def test_every_mistake_of_a_page_is_told_at_once(problems: Refused) -> None:
    found = problems("Text.", matter=matter(titel="x", slug="É", modified="soon", description="short"))
    assert sorted(problem.line or 0 for problem in found) == [3, 4, 5, 6]


@pytest.mark.parametrize(
    ("title", "says"),
    [
        ("Tea &amp; coaching", "“&amp;” would be printed"),
        ("Tea &#38; coaching", "“&#38;” would be printed"),
        ("What *is* it?", "“*is*” would be printed"),
        ("What **is it** then?", "“**is it**” would be printed"),
        ("What _is_ it?", "“_is_” would be printed"),
        ("The word `is`", "“`is`” would be printed"),
        ("Coaching # the basics", "“# the basics” would not be shown"),
        ("! Attention", "cannot start with !"),
        ("&you and me", "cannot start with &"),
        ('"A tab \\v of a printer"', "cannot be shown (U+000B)"),
        ('"A sign \\uE000"', "cannot be shown (U+E000)"),
    ],
)
def test_a_title_is_shown_as_it_is_typed_or_its_author_is_told(problems: Refused, title: str, says: str) -> None:
    (found,) = problems("Text.", matter=matter(title=title))
    assert (found.line, says in found.message) == (2, True), found


@pytest.mark.parametrize("title", ["Q&A; more", "2 * 3 * 4", "a_b_c", "C#", "R&D", '"Coaching # the basics"'])
def test_a_title_with_signs_that_mean_nothing_is_kept(read: Callable[..., Source], title: str) -> None:
    assert read("Text.", matter=matter(title=title)).title == title.strip('"')


def test_a_remark_behind_what_nobody_sees_is_one(read: Callable[..., Source]) -> None:
    source = read("Text.", matter=matter() + "translation: pending  # until July\naliases:\n  - /en/old/\n")
    assert source.metadata["pending"]
    assert source.metadata["aliases"] == ["/en/old/"]


def test_a_line_is_counted_as_an_editor_does(problems: Refused) -> None:
    (found,) = problems("One\u2028two\u2029three.\n\n{{ fone }}\n", matter=matter())
    assert found.line == 9


def test_a_key_given_twice_is_told_with_both_lines(problems: Refused) -> None:
    (found,) = problems("Text.", matter=matter() + "title: Another\n")
    assert (found.line, found.message) == (6, '"title" is given twice')
    assert "line 2" in found.remedy


@pytest.mark.parametrize(
    ("text", "line", "says"),
    [
        ("title: Goals: the first\n", 2, "a second colon stands in this line"),
        ("title: “Goals: the first”\n", 2, "a second colon stands in this line"),
        ('title: x\nslug: "open\ntoc: true\n', 3, "a quotation mark opens here and is not closed"),
        ('title: x\nslug: "one" two\n', 3, "something follows the quotation mark"),
        ("title: x\n  slug: y\n", 3, "spaces stand at the start of this line"),
        (" title: x\nslug: y\n", 2, "spaces stand at the start of this line"),
        ("title: x\n\tslug: y\n", 3, "a tab stands in this line"),
        ("title: x\nslug:y\ntoc: true\n", 3, "no ordinary space follows “slug:”"),
        ("title: x\nslug:\u00a0y\ntoc: true\n", 3, "no ordinary space follows “slug:”"),
        ("title: x\nA line of words\ntoc: true\n", 3, "this line has no “key:”"),
        ("title: x\ndocuments: [one\ntoc: true\n", 3, "a bracket opens here and is not closed"),
        ("title: x\n- one\n", 3, "a hyphen starts this line"),
        ("title: @x\n", 2, "a value cannot start with @"),
        ("title: *bold*\n", 2, "a value cannot start with *"),
        ("title: > 5 years\n", 2, "a value cannot start with >"),
        ("just words\n", 2, "key: value"),
        ("", 2, "key: value"),
    ],
)
def test_front_matter_that_is_not_yaml_is_told_in_plain_words(
    problems: Refused, text: str, line: int, says: str
) -> None:
    (found,) = problems("Text.", matter=text)
    assert (found.line, says in found.message) == (line, True), found
    assert found.remedy
    assert len(str(found).splitlines()) == 2


@pytest.mark.parametrize(
    ("text", "line", "says"),
    [
        (b"Just text.\n", 1, "does not start with a line of three hyphens"),
        (b"", 1, "does not start with a line of three hyphens"),
        (b"---\ntitle: x\n", 1, "is not closed"),
        (b"---\ntitle: x\nText.\n", 3, "is not closed"),
        (b"---\ntitle: x\n\n## A heading\n\nText.\n\n---\n\nMore.\n", 4, "is not closed"),
    ],
)
def test_front_matter_without_its_hyphens_is_told(problems: Refused, text: bytes, line: int, says: str) -> None:
    (found,) = problems(text)
    assert (found.line, says in found.message) == (line, True), found
    assert "---" in found.remedy


@pytest.mark.parametrize("body", ["", "\n\n"])
def test_a_page_without_text_is_told(problems: Refused, body: str) -> None:
    (found,) = problems(body)
    assert "no text under the front matter" in found.message


def test_a_block_of_code_that_swallows_the_page_is_told_where_it_opens(problems: Refused) -> None:
    (found,) = problems("One.\n\n```\n\n## Two\n")
    assert (found.line, "is not closed" in found.message) == (9, True)


def test_a_page_saved_in_another_encoding_is_told_with_its_line(problems: Refused) -> None:
    (found,) = problems(f"---\n{matter()}---\nUn mot.\n\nUne séance.\n".encode("latin-1"))
    assert (found.line, "not saved as UTF-8" in found.message) == (9, True)
    assert "UTF-8" in found.remedy


def test_files_saved_by_windows_editors_are_read(read: Callable[..., Source]) -> None:
    text = f"---\n{matter()}---\nUne séance.\n\n## Un titre\n".replace("\n", "\r\n")
    source = read(b"\xef\xbb\xbf" + text.encode())
    assert source.title == "Goal setting"
    assert "\r" not in source.html
    assert source.metadata["headings"][0]["text"] == "Un titre"


@pytest.mark.parametrize(("lang", "kind"), [("de", "pages"), ("en", "notes"), ("en/pages", "pages")])
def test_a_page_outside_the_content_folders_is_told_where_to_go(problems: Refused, lang: str, kind: str) -> None:
    (found,) = problems("Text.", lang=lang, kind=kind)
    assert found.message == "this file is not where pages live"
    assert "content/en/pages" in found.remedy


@pytest.mark.parametrize(
    ("body", "line", "says"),
    [
        ("Text.\n\n# A title\n", 9, "a heading with one #"),
        ("## One\n\n#### Four\n", 9, "jumps from level 2 to level 4"),
        ("### Three\n", 7, "jumps from level 1 to level 3"),
    ],
)
def test_headings_keep_their_order(problems: Refused, body: str, line: int, says: str) -> None:
    (found,) = problems(body)
    assert (found.line, says in found.message) == (line, True)


@pytest.mark.parametrize("fence", ["```", "~~~"])
def test_a_comment_in_a_code_block_is_not_a_heading(read: Callable[..., Source], fence: str) -> None:
    assert "# not a heading" in read(f"{fence}\n# not a heading\n{fence}\n\n## A heading\n").html


@pytest.mark.parametrize(
    ("body", "line", "says"),
    [
        ("Call {{ fone }}.\n", 7, "no fact is called “fone”"),
        ("One.\n\nCall {{ phone }} or {{ emial }}.\n", 9, 'Did you mean "email"?'),
        ("{{ phone | tel_lnik }}\n", 7, 'Did you mean "tel_link"?'),
        ("{{ coach.nme }}\n", 7, 'Did you mean "name"?'),
        ("{% if email is known %}\n1\n{% endif %}\n{% if phone %}\n2\n", 10, "stands here without {% endif %}"),
        ("One.\n{% endif %}\n", 8, "stands here without {% if … %}"),
        ("{% fi email %}\n", 7, "“fi” means nothing here"),
        ("{% if email is konwn %}1{% endif %}\n", 7, 'Did you mean "known"?'),
        ("{{ email }\n", 7, "not complete"),
        ("{{ ''.__class__.__mro__ }}\n", 7, "cannot be worked out"),
        ("{{ 1 / 0 }}\n", 7, "cannot be worked out"),
    ],
)
def test_a_fact_that_does_not_exist_is_told_with_its_line(problems: Refused, body: str, line: int, says: str) -> None:
    (found,) = problems(body)
    assert (found.line, says in found.message) == (line, True), found
    assert "practice.toml" in found.remedy


SOURCES = [*CONTENT.glob("*/pages/*.md"), *CONTENT.glob("*/articles/*.md"), *CONTENT.glob("*/documents/*.md")]
TYPED = st.one_of(
    st.text(),
    st.text(alphabet="aé:#-'\"{}[],&*!|>%@`? \u00a0\u2028\t\n\x0b\x85\ufeff😀"),
    st.sampled_from(["yes", "No", "null", "~", "12:30", "1e3", "0777", "2026-11-24", "- a", "a: b", "a #b", "---"]),
)


@given(typed=TYPED)
def test_whatever_is_typed_is_read_back_as_typed_or_cannot_be_a_text(typed: str) -> None:
    page = f"---\n{matter()}---\nText.\n".encode()
    changed = {"title": typed, "action": {"page": "faq", "text": typed}, "aliases": [typed, "/en/old/"]}
    try:
        written = with_values(page, changed)
    except UnicodeEncodeError:  # half a sign, which nobody can type
        return
    read = values_of(written)
    assert {key: read[key] for key in changed} == changed
    assert {key: read[key] for key in GOOD if key != "title"} == {key: GOOD[key] for key in GOOD if key != "title"}
    assert written.endswith(b"\n---\nText.\n")


@pytest.mark.parametrize("ending", [b"\n", b"\r\n"])
def test_a_changed_key_changes_its_own_line_in_any_file_of_the_site(ending: bytes) -> None:
    changed = {"title": "Un titre : # neuf", "translation": "pending"}
    for file in SOURCES:
        data = b"\xef\xbb\xbf" + file.read_bytes().replace(b"\n", ending)
        before, after = data.split(ending), with_values(data, changed).split(ending)
        assert values_of(ending.join(after)) == values_of(data) | changed, file
        kept = [line for line in after if line.strip() != b"translation: pending"]
        assert [old for old, new in zip(before, kept, strict=True) if old != new] == [
            line for line in before if line.startswith(b"title:")
        ], file
        assert with_values(with_values(data, {"toc": True}), {"toc": values_of(data).get("toc", False)}) == data


REMARKS = """\
# First of all
title: 'It''s “new”'

slug: a-page   # never change it
aliases:
  - /en/one/
  # and this one
  - /en/two/

# a remark about the day
modified: 2026-11-24
description: >
  Several
  lines.

toc: true  # long
"""


@pytest.mark.parametrize(
    ("changed", "old", "new"),
    [
        ({"slug": "new"}, "slug: a-page   #", "slug: new   #"),
        ({"toc": False}, "toc: true  # long\n", ""),
        ({"aliases": ["/en/three/"]}, ":\n  - /en/one/\n  # and this one\n  - /en/two/\n", ": [/en/three/]\n"),
        ({"aliases": []}, "aliases:\n  - /en/one/\n  # and this one\n  - /en/two/\n", ""),
        ({"description": "One."}, ">\n  Several\n  lines.\n", "One.\n"),
        ({"modified": datetime.date(2026, 12, 1)}, "2026-11-24", "2026-12-01"),
        ({"nav_title": "- x"}, "2026-11-24\n", '2026-11-24\nnav_title: "- x"\n'),
        ({"unpaired": "yes"}, "two/\n", 'two/\nunpaired: "yes"\n'),
        ({"status": "published", "nav_title": None}, "", ""),
    ],
    ids=str,
)
def test_remarks_and_blank_lines_of_other_keys_stay(changed: dict[str, Any], old: str, new: str) -> None:
    page = f"---\n{REMARKS}---\nText.\n"
    assert with_values(page.encode(), changed).decode() == page.replace(old, new, 1)


def test_words_behind_a_sharp_sign_go_with_the_title_that_lacks_them() -> None:
    page = b"---\ntitle: Coaching # the basics\nslug: x\n---\n"
    assert with_values(page, {"title": "Coaching # all"}) == b'---\ntitle: "Coaching # all"\nslug: x\n---\n'


@pytest.mark.parametrize(
    "text", ["Text.", "---\ntitle: x\n", "---\n{title: x}\n---\n", "---\ntitle: &a x\nslug: *a\n---\n"]
)
def test_front_matter_that_cannot_be_changed_by_line_is_left_alone(text: str) -> None:
    with pytest.raises(ValueError, match="front matter"):
        with_values(text.encode(), {"title": "New", "toc": True})
