"""Lists that are none in the HTML: Word's paragraphs, Word for the web's lists of one item, lists right in lists."""

from __future__ import annotations

import re

from bs4 import Tag

from .clean import classes, new, plain, style_of

ITEM = re.compile(r"mso-list:l\d+level(\d+)")  # Microsoft, Office HTML and XML Reference, 2000
SIGN = re.compile(r"mso-list:\s*ignore", re.IGNORECASE)
NUMBER = re.compile(r"\(?(?:(\d+)|[a-z]|[ivxlcdm]+)[.)]", re.IGNORECASE)


def make_lists(root: Tag) -> None:
    """Have each list of a tree as `ul` or `ol`, nested in the items that it belongs to."""
    for wrapper in root.select(".ListContainerWrapper"):
        wrapper.unwrap()
    for item in root.select("li[data-aria-level]"):
        _apart(item)
    for one in root.find_all("p", style=re.compile("mso-list")):
        if found := ITEM.search(style_of(one)):
            sign = one.find(style=SIGN)
            number = NUMBER.match(plain(sign.get_text()).strip()) if sign else None
            _mark(one, found[1], "ol" if number else "ul", (number[1] if number else "") or "1")
    for sign in root.find_all(style=SIGN):
        sign.extract()
    for one in root.find_all("p", attrs={"data-level": True}):
        if one.get("data-level"):  # not in a list by now
            _list(one)
    for one in root.find_all(["ul", "ol"]):
        if one.parent and one.parent.name in ("ul", "ol"):
            before = one.find_previous_sibling("li")
            if before is None:
                one.insert_before(before := new("li"))
            before.append(one.extract())


def _mark(one: Tag, level: str, kind: str, start: str) -> None:
    one.name, one.attrs = "p", {"data-level": level, "data-kind": kind, "data-start": start}


def _apart(item: Tag) -> None:
    """An item of Word for the web as a paragraph that says which level it is of."""
    outer = item.parent
    if outer and outer.name in ("ul", "ol"):
        outer.insert_before(item.extract())
        _mark(item, str(item["data-aria-level"]), outer.name, str(outer.get("start", "1")))
        if not outer.find("li"):
            outer.extract()


def _list(first: Tag) -> None:
    """One list of the paragraph `first` and of those that follow it at once."""
    opened: list[tuple[int, Tag]] = []
    one: Tag | None = first
    while one and (one.get("data-level") or any(name.startswith("MsoListParagraph") for name in classes(one))):
        after = one.find_next_sibling()
        if one.get("data-level"):
            level, kind = int(str(one["data-level"])), str(one["data-kind"])
            while opened and opened[-1][0] > level:
                opened.pop()
            if opened and opened[-1][0] == level and opened[-1][1].name != kind:
                opened.pop()
            if not opened or opened[-1][0] < level:
                made = new(kind, start=str(one["data-start"]))
                if opened:
                    opened[-1][1].find_all("li", recursive=False)[-1].append(made)
                else:
                    one.insert_before(made)
                opened.append((level, made))
            opened[-1][1].append(new("li"))
            one.attrs = {}
        opened[-1][1].find_all("li", recursive=False)[-1].append(one.extract())
        one = after
