"""On which line something stands."""

from __future__ import annotations

from plugins.problems.lines import line_matching, line_of_entry, line_of_fact, lines_matching


def test_a_fact_is_found_by_its_line() -> None:
    text = 'phone = ""\n\n[address]\nstreet = ""\n\n[[processors]]\nname = "x"\n\n[retention]\n'
    assert line_of_fact(text, "phone") == 1
    assert line_of_fact(text, "address.street") == 4
    assert line_of_fact(text, "retention.notes") == 9
    assert line_of_fact(text, "email") is None


def test_an_entry_is_found_by_its_place_or_by_the_nearest_that_is_there() -> None:
    text = "title = 1\n\n[[steps]]\nid = 1\n\n[[steps]]\nid = 2\n\n[[steps.fields]]\nkind = 1\n"
    assert line_of_entry(text, ("steps", 1, "id")) == 7
    assert line_of_entry(text, ("steps", 1, "fields", 0, "kind")) == 10
    assert line_of_entry(text, ("steps", 1, "fields", 0, "label")) == 9
    assert line_of_entry(text, ("pages", 0)) is None


def test_lines_are_counted_from_one() -> None:
    lines = ["one", "two", "one two"]
    assert lines_matching("^one", lines) == [1, 3]
    assert (line_matching("two", lines), line_matching("two", lines, nth=2)) == (2, 3)
    assert line_matching("two", lines, nth=3) is None
