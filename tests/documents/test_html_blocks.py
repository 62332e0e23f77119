"""From HTML to the tree that templates read."""

from __future__ import annotations

import pytest

from plugins.documents.html_blocks import parse
from plugins.documents.tree import TreeError, plain


def test_blocks_and_inline() -> None:
    blocks = parse(
        '<p data-s="S10 S11">A <strong>bold</strong> <a href="#x">link</a>\n'
        'and <span lang="en">Management Review</span>.</p>'
    )
    assert blocks == [
        {
            "t": "p",
            "c": [
                "A ",
                {"t": "b", "c": ["bold"]},
                " ",
                {"t": "a", "c": ["link"], "href": "#x"},
                " and ",
                {"t": "span", "c": ["Management Review"], "lang": "en"},
                ".",
            ],
            "s": ["S10", "S11"],
        }
    ]


def test_a_decoration_is_left_out() -> None:
    assert parse('<p>A</p><p><img alt="" class="decoration" src="images/a.png"></p><p>B</p>') == parse(
        "<p>A</p><p>B</p>"
    )


def test_no_break_spaces_stay() -> None:
    assert parse("<p>Qui\u202f? Lui\u00a0: «\u00a0oui\u00a0»  et\n non</p>")[0]["c"] == [
        "Qui\u202f? Lui\u00a0: «\u00a0oui\u00a0» et non"
    ]


def test_lists_checklists_and_nesting() -> None:
    blocks = parse(
        '<ul class="checklist"><li data-s="S38">One</li><li><p>Two</p><ul><li>Three</li></ul></li></ul>'
        '<ol start="6"><li>Six</li></ol>'
    )
    assert [block["t"] for block in blocks] == ["checklist", "ol"]
    assert blocks[0]["items"][0] == {"c": [{"t": "p", "c": ["One"]}], "s": ["S38"]}
    assert [child["t"] for child in blocks[0]["items"][1]["c"]] == ["p", "ul"]
    assert blocks[1]["start"] == 6


def test_table_with_caption_and_row_headers() -> None:
    html = (
        '<div class="table"><table><caption>Who</caption><thead><tr><th>A</th><th>B</th></tr></thead>'
        '<tbody><tr><th scope="row">1</th><td>2</td></tr></tbody></table></div>'
    )
    (table,) = parse(html)
    assert (plain(table["caption"]), table["head"], table["rows"]) == ("Who", [["A"], ["B"]], [[["1"], ["2"]]])


def test_boxes() -> None:
    (box,) = parse('<div class="admonition rule"><p class="admonition-title">The rule</p><p>Text</p></div>')
    assert (box["kind"], box["title"], box["c"]) == ("rule", ["The rule"], [{"t": "p", "c": ["Text"]}])


def test_lines_of_code_keep_their_spaces() -> None:
    assert parse("<pre><code>one\n  two  three\n</code></pre>") == [{"t": "pre", "text": "one\n  two  three"}]


def test_definitions() -> None:
    (terms,) = parse("<dl><dt>Coach</dt><dd>One who</dd><dt>Coachee</dt><dd><p>The other</p></dd></dl>")
    assert [(plain(item["term"]), plain(item["c"][0]["c"])) for item in terms["items"]] == [
        ("Coach", "One who"),
        ("Coachee", "The other"),
    ]


def test_a_note_stands_where_its_marks_are() -> None:
    html = (
        '<p>One<sup id="fnref:a"><a class="footnote-ref" href="#fn:a">1</a></sup>, '
        'two<sup id="fnref2:a"><a class="footnote-ref" href="#fn:a">1</a></sup> m<sup>2</sup>.</p>'
        '<section class="notes"><ol><li id="fn:a">\n<p>A <em>source</em>.\u00a0'
        '<a class="footnote-backref" href="#fnref:a">↩</a><a class="footnote-backref" href="#fnref2:a">↩</a></p></li>'
        "</ol></section>"
    )
    (paragraph,) = parse(html)
    note = {"t": "note", "c": [], "note": ["A ", {"t": "i", "c": ["source"]}, "."], "of": "#fn:a"}
    assert paragraph["c"] == ["One", note, ", two", note, " m", {"t": "sup", "c": ["2"]}, "."]
    assert plain(paragraph["c"]) == "One, two m2."


def test_missing_fact_keeps_its_name() -> None:
    assert (
        parse('<p><mark class="missing" data-fact="phone">[to be completed: phone]</mark></p>')[0]["c"][0]["fact"]
        == "phone"
    )


@pytest.mark.parametrize(
    "html",
    [
        "<video></video>",
        "<p>a <iframe></iframe></p>",
        "<table><thead><tr><th>A</th></tr></thead><tbody><tr><td>1</td></tr></tbody></table>",
        "<table><caption>C</caption><thead><tr><th>A</th><th>B</th></tr></thead><tbody><tr><td>1</td></tr></tbody></table>",
        '<img src="x.png">',
        '<div class="admonition danger"><p>x</p></div>',
    ],
)
def test_what_cannot_be_shown_is_refused(html: str) -> None:
    with pytest.raises(TreeError) as refused:
        parse(html)
    assert refused.value.message
    assert refused.value.remedy


def test_a_picture_that_only_decorates_is_not_printed() -> None:
    assert parse('<p><img src="x.png" alt="" class="decoration"></p><p>One</p>') == parse("<p>One</p>")


def test_blocks_that_were_changed_are_new_the_next_time() -> None:
    """A document numbers its headings and labels its notes in them, and others are made of the same page."""
    html = "<h2 id='a'>A</h2><ul><li>one</li></ul>"
    first = parse(html)
    first[0]["level"] += 1
    first[1]["items"].clear()
    assert [parse(html)[0]["level"], len(parse(html)[1]["items"])] == [2, 1]
