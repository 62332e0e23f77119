"""Nothing that an author typed vanishes, and nothing of the syntax shows: held over texts of every kind the site knows.

Texts are made at random in both languages (hypothesis). Those made as they should be are shown word by word, in order,
and nothing is told of them; of those with signs anywhere, every word is shown, or a line is told.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable
from html import escape
from xml.etree import ElementTree

import pytest
from bs4 import BeautifulSoup
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from plugins.problems import ContentError, Problem
from plugins.reader.source import Source

Read = Callable[..., Source]
SETTINGS = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=40)
LANGUAGES = pytest.mark.parametrize("lang", ["en", "fr"])

DESCRIBED = """\
slug: a-title
description: A sentence that says what the reader finds on the page, long enough for a search engine.
modified: 2026-11-24
"""
SYLLABLES = ["ba", "lo", "mi", "né", "rû", "sça", "ton", "vœu", "Zé", "ñu", "dør", "İs", "ßa", "Жук", "Ελ"]
word = st.lists(st.sampled_from(SYLLABLES), min_size=2, max_size=4).map("".join)
words = st.lists(word, min_size=1, max_size=4).map(" ".join)


FORMS = [
    *("{}", "{}", "{},", "**{}**", "*{}*", "***{}***", "_{}_", "`{}`", "({})", "{} :", "{} !", "l'{}", '"{}"', "«{}»"),
    *("[{}](https://example.org/a_b)", "[{}](https://example.org/l'a 'a')", "{}\\\nBa", "\\*{}\\*", "{} & co"),
    *("{} < mo", "<em>{}</em>", "{}{{HT}}", "#{}", "{}…", "50 % {}", "<https://a.fr/2e/L'{}?a=1;b=%C3%A9>"),
]


@st.composite
def phrase(draw: st.DrawFn) -> str:
    """Words, some of them marked, with the signs of a sentence around them."""
    parts = []
    for _ in range(draw(st.integers(1, 4))):
        form = draw(st.sampled_from(FORMS))
        parts.append(form.format(draw(word if "<https" in form else words)))
    return " ".join(parts)


plain = words  # where a phrase would be something else


@st.composite
def listing(draw: st.DrawFn, depth: int = 0) -> str:
    """A list, nested by as many spaces as its author likes, with what may belong to an item."""
    sign = (
        draw(st.sampled_from(["-", "*", "+", "1.", "-\u00a0", "1)"]))
        if not depth
        else draw(st.sampled_from(["-", "1."]))
    )
    sign = sign if sign[-1] == "\u00a0" else sign + " "
    width = draw(st.sampled_from([2, 3, 4] if sign[0] != "1" else [3, 4]))
    loose = draw(st.booleans())
    items = []
    for _ in range(draw(st.integers(1, 3))):
        lines = [sign + "W" + draw(plain)]
        if depth < 2 and draw(st.integers(0, 3)) == 0:
            lines += indented(draw(listing(depth + 1)), width)
        elif draw(st.integers(0, 4)) == 0:
            lines += ["", *indented("W" + draw(plain), width)]
        elif draw(st.integers(0, 5)) == 0:
            lines += ["", *indented(draw(fence()), width)]
        items.append("\n".join(lines))
    return ("\n\n" if loose else "\n").join(items)


def indented(text: str, width: int) -> list[str]:
    return [" " * width + line if line else line for line in text.split("\n")]


@st.composite
def fence(draw: st.DrawFn) -> str:
    signs = draw(st.sampled_from(["```", "~~~", "````"]))
    inner = [draw(st.sampled_from(["{}", "# {}", "- {}", "  {}", "**{}**", "<{}>", "| {} |"])).format(draw(words))]
    if signs == "````":
        inner = ["```", *inner, "```"]
    return "\n".join([signs, *inner, signs])


@st.composite
def table(draw: st.DrawFn) -> str:
    columns = draw(st.integers(2, 3))
    head = " | ".join(draw(words) for _ in range(columns))
    line = " | ".join(draw(st.sampled_from(["---", ":--", "--:", ":-:"])) for _ in range(columns))
    rows = [" | ".join(draw(words) for _ in range(columns)) for _ in range(draw(st.integers(1, 3)))]
    return "\n".join(f"| {row} |" for row in [head, line, *rows])


block = st.one_of(
    phrase(),
    phrase(),
    listing(),
    fence(),
    table(),
    words.map("## {}".format),
    words.map("## {} #".format),
    words.map("Année {}\n- B".format),
    phrase().map("> {}".format),
    st.tuples(words, listing()).map(lambda both: "\n".join([f'!!! note "{both[0]}"', "", *indented(both[1], 4)])),
    words.map("<details>\n<summary>{0}</summary>\n\n**{0}**\n\n</details>".format),
    words.map("Q{0}\n:   R{0}".format),
    words.map("2026. {}".format),
    words.map("- [ ] {}".format),
)
# Two lists, one below the other, are one: something stands between any two blocks.
texts = st.lists(block, min_size=1, max_size=6).map("\n\nEntre\n\n".join)


def seen(html: str) -> list[str]:
    """The words that a reader of `html` reads, in order."""
    return spoken(BeautifulSoup(html, "html.parser").get_text())


def spoken(text: str) -> list[str]:
    return re.findall(r"[^\W\d_]+", text.casefold())


def read_or_told(read: Read, text: str, **options: str) -> tuple[Source | None, list[Problem]]:
    """The page, or why there is none."""
    try:
        return read(text, **options), []
    except ContentError as error:
        return None, error.args[0]


def told(source: Source) -> list[str]:
    return [f"{mistake.line}: {mistake.message}" for mistake in source.metadata["page_links"].mistakes]


def expected(text: str) -> list[str]:
    """The words of a text that was made as it should be: all but those of its few words of syntax."""
    text = re.sub(r"\]\([^)]*\)|</?(?:em|details|summary)>|^!!! note", " ", text, flags=re.MULTILINE)
    return spoken(text)


@LANGUAGES
@given(text=texts)
@SETTINGS
def test_every_word_is_shown_in_order_and_no_sign(read: Read, lang: str, text: str) -> None:
    source = read(text, lang=lang)
    assert told(source) == []
    assert seen(source.html) == expected(text)
    shown = BeautifulSoup(source.html, "html.parser")
    assert not shown.find("h1")
    for address in re.findall(r"<(https:[^>]*)>|\]\((https:[^ )]*)", text):
        assert ("".join(address), address[0]) in {(a["href"], a.get_text() if address[0] else "") for a in shown("a")}
    for code in shown.find_all(["code"]):
        code.decompose()
    left = re.sub(r"\*(?=\w)|(?<=\w)\*", "", shown.get_text())  # those that a \ makes a sign
    assert not re.search(r"\*\*|\[[ x]\]|!!!|```|~~~|\{:|\]\(|\\|^[-*+>] |^#+ ", left, re.MULTILINE)


SIGNS = [
    *("#", "## ", "> ", "- ", "* ", "**", "_", "`", "``", "```", "~~~", "|", " | ", "[", "]", "[x]", "(", ")", "]("),
    *("![", "{:", "}", "{filename}", "{static}", "<b>", "</b>", "<u>", "<x", "<!--", "-->", "&", "&amp;", "\\", "!"),
    *(
        "!!! ",
        ":",
        ";",
        '"',
        "'",
        "1. ",
        "12) ",
        "[^1]",
        "[^1]:",
        "===",
        "---",
        "~~",
        "==",
        "{%",
        "%}",
        "{{",
        "}}",
        "{#",
    ),
    *("<details>", "</details>", "<p>", "<h1>", "<pre>", "</pre>", "<br>", "a@b.fr", "<https://x.fr/é>", ":--", "[a]:"),
    *("[TOC]", "{HT}"),
]
GAPS = [" ", "\n", "\n\n", "    ", "  "]
salad = st.lists(st.one_of(st.sampled_from(SIGNS), word, st.sampled_from(GAPS)), min_size=1, max_size=24).map("".join)


@LANGUAGES
@given(text=salad)
@settings(SETTINGS, max_examples=100)
def test_with_signs_anywhere_every_word_is_shown_or_a_line_is_told(read: Read, lang: str, text: str) -> None:
    source, problems = read_or_told(read, f"Début\n\n{text}\n\nFin", lang=lang)
    if source is None:
        assert all(problem.line for problem in problems)
        return
    html = source.html
    assert not re.search("[\x00-\x08\x0b\x0c\x0e-\x1f\ue000-\uf8ff\ufffe\uffff]|klzzwxh|wzxhzdk", html)
    ElementTree.fromstring(f"<content>{escape(html)}</content>")  # as a feed carries it
    assert not BeautifulSoup(html, "html.parser").find("h1")
    if not told(source):
        shown = Counter(spoken(html))
        typed = Counter(spoken(re.sub("<!--.*?-->", "", text.replace("&amp;", "&"), flags=re.DOTALL)))
        assert not typed - shown, html


MARKS = [
    *("#", ":", " : ", "- ", "&", "&amp;", "<b>", "*", "_", "`", "[a](b)", '"', "'", "{", "}", "%", "@", "!", "|", ">"),
    *(
        "\\",
        "~",
        "é",
        "œ",
        "’",
        "…",
        "\u00a0",
        "\u200b",
        "\u2028",
        "\x0b",
        "\ufffe",
        "\ue000",
        "(",
        ")",
        "?",
        "🙂",
        "no",
    ),
    *("no", "0x1F"),
]
title = st.lists(st.one_of(word, st.sampled_from(MARKS), st.just(" ")), min_size=1, max_size=8).map("".join)


@LANGUAGES
@given(typed=title, quoted=st.booleans())
@SETTINGS
def test_a_title_is_shown_as_it_is_typed_or_told(read: Read, lang: str, typed: str, quoted: bool) -> None:
    matter = f"title: {json.dumps(typed, ensure_ascii=False) if quoted else typed}\n{DESCRIBED}"
    source, problems = read_or_told(read, "Text.", lang=lang, matter=matter)
    if source is None:
        assert all(problem.line for problem in problems)
        return
    shown = source.title
    assert spoken(shown) == spoken(typed)
    assert Counter(re.findall(r"[^\w\s'’\"«»….]", shown)) == Counter(re.findall(r"[^\w\s'’\"«»….]", typed))
    ElementTree.fromstring(f"<title>{escape(shown)}</title>")
