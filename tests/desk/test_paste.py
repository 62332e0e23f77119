"""Text from word processors, mails and websites becomes text of the site's kinds, and no word of it is lost."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from hypothesis import given, settings
from hypothesis import strategies as st
from starlette.applications import Starlette

from plugins.problems import ROOT
from plugins.reader.blocks import problems_in
from plugins.reader.source import source_of
from tests.desk.asking import Answer, ask
from tests.desk.small_site import small_site
from tests.plugins.test_blocks import MATTER
from tools.desk.app import desk_application
from tools.desk.desk import Desk
from tools.desk.editing.pasted import Pasted, pasted

SAMPLES = sorted((ROOT / "tests" / "fixtures" / "pasted").glob("*.html"))
LIBREOFFICE = next(file for file in SAMPLES if file.stem.startswith("libreoffice"))
WORD = re.compile(r"[^\W_]+")
# What a reader of the program does not read as text of the document: signs of items, marks of notes, what was deleted.
NO_WORDS = """head, style, script, del, button, svg, math, hr, [style*="mso-list:Ignore"], .MsoFootnoteReference,
    .MsoCommentReference, [style*="comment-list"], .sdfootnoteanc, .sdfootnotesym, sup.reference, [href^="#ftnt"]"""


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    return small_site(tmp_path_factory.mktemp("paste"), ["en/pages/faq", "fr/pages/faq", "fr/pages/contact"])


@pytest.fixture(scope="module")
def app(desk: Desk) -> Starlette:
    return desk_application(desk)


def sent(app: Starlette, html: str, lang: str = "en", **more: str) -> Answer:
    """A paste into the French questions."""
    body = json.dumps({"html": html, "page": "fr/pages/faq"} | more).encode()
    return ask(app, "/.preview/paste", body, "application/json", lang)


def read(desk: Desk, text: str, lang: str = "en") -> BeautifulSoup:
    """The page that a text makes. Raises ContentError with what is wrong in it."""
    assert desk.build
    page = source_of(desk.content / lang / "pages" / "a-page.md", (MATTER + text).encode(), desk.build)
    return BeautifulSoup(page.html, "html.parser")


def words_of(tree: BeautifulSoup) -> list[str]:
    """The words of a page in order, without numbers of notes."""
    for sign in tree.select(".footnote-ref, .footnote-backref"):
        sign.decompose()
    return WORD.findall(tree.get_text(" ").translate(str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")))


def whole(made: Pasted) -> str:
    return f"{made.text}\n\n{made.notes}\n"


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.stem)
def test_a_sample_of_each_program_reads_as_it_did_there(desk: Desk, sample: Path) -> None:
    made = pasted(sample.read_text(encoding="utf-8"), "", "")
    told = "\n".join(f"<!-- {one} -->" for one in made.told)
    assert f"{whole(made)}\n{told}".strip() == sample.with_suffix(".md").read_text(encoding="utf-8").strip()
    path = desk.content / "en" / "pages" / "a-page.md"
    assert desk.build
    assert not problems_in(path, (MATTER + whole(made)).encode(), desk.build)
    page = read(desk, whole(made), "fr" if "lang=FR" in sample.read_text() else "en")
    before = BeautifulSoup(sample.read_text(encoding="utf-8"), "lxml")
    for sign in before.select(NO_WORDS):
        if not sign.decomposed:
            sign.decompose()
    for text in before.find_all(string=True):
        text.replace_with(re.sub("[\u00ad\u200b]", "", text) if type(text).__name__ == "NavigableString" else "")
    # A browser joins what stands in one line, and parts blocks.
    assert "".join(words_of(page)) == "".join(WORD.findall(before.get_text(" ")))


SIGNS = st.sampled_from([*"*_`[]()<>{}#+-.!|~=:&\\\"'", "1.", "1)", "**", "__", "](", "[x]", "{{", "{%", "{:"])
TEXT = st.lists(st.one_of(SIGNS, st.sampled_from(["word", "été", "x2", " ", "\u00a0", "\u00ad"])), max_size=8).map(
    "".join
)
INLINE = st.one_of(
    TEXT.map(lambda text: text.replace("&", "&amp;").replace("<", "&lt;")),
    st.just("<br>"),
).flatmap(
    lambda text: st.sampled_from(
        [
            "{}",
            "<b>{}</b>",
            "<i>{}</i>",
            "<a href='https://example.org/a_b*c'>{}</a>",
            "<span>{}</span>",
            "<b><i>{}</i></b>",
        ]
    ).map(lambda tag: tag.replace("{}", text))
)
LINE = st.lists(INLINE, min_size=1, max_size=3).map("".join)
BLOCK = st.one_of(
    LINE.map("<p>{}</p>".format),
    LINE.map("<h2>{}</h2>".format),
    LINE.map("<h4>{}</h4>".format),
    LINE.map("<div>{}</div>".format),
    st.lists(LINE, min_size=1, max_size=3).map(lambda items: f"<ul>{''.join(f'<li>{one}' for one in items)}</ul>"),
    st.tuples(LINE, LINE).map(lambda two: f"<ol><li>{two[0]}<ul><li>{two[1]}</li></ul></li></ol>"),
    st.tuples(LINE, LINE, LINE).map(
        lambda three: f"<table><tr><td>a{three[0]}<td>b</tr><tr><td>{three[1]}<td>c{three[2]}</tr></table>"
    ),
    LINE.map("<blockquote><p>{}</p></blockquote>".format),
)


@settings(max_examples=150, deadline=None)
@given(html=st.lists(BLOCK, min_size=1, max_size=4).map("".join))
def test_no_word_is_lost_or_moved_and_no_sign_is_taken_for_markdown(desk: Desk, html: str) -> None:
    made = pasted(html, "", "")
    before = WORD.findall(BeautifulSoup(html, "lxml").get_text(" ").replace("\u00ad", ""))
    page = read(desk, f"First of all.\n\n{made.text}\n")
    assert "".join(words_of(page)) == "Firstofall" + "".join(before)


@pytest.mark.parametrize(
    ("above", "html", "levels"),
    [
        ("", "<h1>a</h1><h2>b</h2><h2>c</h2>", [2, 3, 3]),
        ("", "<h2>a</h2><h2>b</h2>", [2, 2]),
        ("## x\n", "<h2>a</h2><h3>b</h3>", [3, 4]),
        ("## x\n", "<h1>a</h1>", [2]),
        ("## x\n\n### y\n", "<h2>a</h2><h6>b</h6><h1>c</h1>", [3, 4, 2]),
    ],
)
def test_headings_come_one_level_down_and_below_those_above(above: str, html: str, levels: list[int]) -> None:
    made = pasted(html, above, "")
    assert [len(line.split()[0]) for line in made.text.split("\n\n")] == levels


def test_the_mark_of_a_note_in_a_heading_goes_below_it() -> None:
    word = '<a href="#_ftn1" name="_ftnref1">[1]</a></h1><p>b</p><p><a href="#_ftnref1" name="_ftn1">[1]</a> c</p>'
    made = pasted(f"<h1>a{word}", "", "")
    assert (made.text, made.notes) == ("## a\n\nb[^1]", "[^1]: c")


def test_notes_get_numbers_that_the_page_does_not_have() -> None:
    made = pasted(LIBREOFFICE.read_text(encoding="utf-8"), "a[^1]", "b[^3]\n\n[^1]: x\n\n[^3]: y")
    assert "compte vraiment[^2]." in made.text
    assert "une note[^4]," in made.text
    assert made.notes.startswith("[^2]: Selon l’usage")
    assert "\n\n[^4]: La seconde" in made.notes


@pytest.mark.parametrize(
    ("address", "kept"),
    [
        ("https://www.google.com/url?q=https%3A%2F%2Fexample.org%2Fa&sa=D", "https://example.org/a"),
        (
            "https://eur01.safelinks.protection.outlook.com/?url=https%3A%2F%2Fexample.org%2Fb&data=1",
            "https://example.org/b",
        ),
        ("https://example.org/?utm_source=x&id=1&fbclid=2", "https://example.org/?id=1"),
        ("https://example.org/a_(b)?c=1&d", "https://example.org/a_%28b%29?c=1&d"),
        ("http://localhost:80/fr/contact/", "{filename}contact.md"),
        ("http://localhost:80/fr/contact/#ici", "{filename}contact.md#ici"),
        ("http://localhost:80/en/faq/", "{filename}../../en/pages/faq.md"),
        ("mailto:a@example.org", "mailto:a@example.org"),
    ],
)
def test_a_link_leads_where_it_led(app: Starlette, address: str, kept: str) -> None:
    assert sent(app, f'<p>See <a href="{address}">there</a>.</p>').json["text"] == f"See [there]({kept})."


@pytest.mark.parametrize(
    "address", ["#_Toc12", "file:///C:/a.docx", "javascript:alert(1)", "http://localhost:80/gone/", "http://["]
)
def test_a_link_that_leads_nowhere_here_is_its_words(app: Starlette, address: str) -> None:
    assert sent(app, f'<p>See <a href="{address}">there</a>.</p>').json["text"] == "See there."


def test_what_could_not_be_kept_is_said_in_the_owners_language(app: Starlette) -> None:
    html = '<p>x<img src="cid:1"><img src="https://example.org/p.png"></p><math>y</math>'
    assert sent(app, html).json["told"] == [
        "One formula was left out: write it in words, or add it as a picture.",
        "2 pictures did not come with the text: choose each with “Picture”.",
    ]
    own = sent(
        app, '<p>x</p><img src="{static}../../images/p.jpg"><img alt="A chair" src="{static}../../images/q.jpg">'
    ).json
    assert own["text"] == "x\n\n![]({static}../../images/p.jpg)![A chair]({static}../../images/q.jpg)"
    assert own["told"] == ["Say what each picture shows, in the brackets before its address."]


def test_what_is_no_text_is_refused_and_breaks_nothing(app: Starlette) -> None:
    assert sent(app, "<div>" * 50_000 + "x").status == 422
    assert sent(app, "<ul><li>" * 90 + "x").json["text"] == "- " * 0 + "".join("- " for _ in range(90)) + "x"
    assert sent(app, "x", page="en/pages/none").status == 422
    assert ask(app, "/.preview/paste", b"{}", "application/json").status == 400
    assert sent(app, "").json == {"text": "", "notes": "", "part": False, "told": []}
    assert sent(app, "<p>a</p>" * 200_000).status == 413


def test_words_in_one_line_are_no_part_of_their_own(app: Starlette) -> None:
    assert [
        sent(app, html).json["part"] for html in ("a <b>b</b>", "<p>a</p>", "<p>a</p><p>b</p>", "<ul><li>a</ul>")
    ] == [
        False,
        False,
        True,
        True,
    ]
