"""Notes in a clipboard's HTML: a link leads from the mark to each, and one back.

Word calls the places `_ftnref1` and `_ftn1` (Microsoft, Office HTML and XML Reference, 2000), Writer `sdfootnote1anc`
and `sdfootnote1sym`, Google Docs `ftnt_ref1` and `ftnt1`, this site `fnref:1` and `fn:1`; the names are not asked.
"""

from __future__ import annotations

import re

from bs4 import BeautifulSoup, Tag

from .clean import fragment_of, new

LISTS = re.compile(r"mso-element:\s*(?:foot|end)note-list")  # of Word: a line above the notes, and they
# Marks whose notes were not copied with them.
ALONE = 'sup.reference, a[href*="#cite_note"], a[href*="#_ftn"], a[href*="#_edn"], a[href*="#ftnt"], a[href*="#fn:"]'


def take_notes(root: BeautifulSoup) -> tuple[list[Tag], int]:
    """Take the notes out of a tree. Each mark is `<sup data-note="1">` then, with its note's place from 1.

    Returns the notes, and how many marks there were without one: these are taken out.
    """
    links = root.find_all("a")
    places = {str(tag[key]): tag for tag in root.find_all(True) for key in ("id", "name") if tag.get(key)}
    wanted = {fragment_of(link) for link in links} & places.keys()
    notes: list[Tag] = []
    for mark in links:
        note = _note_of(mark, places, wanted) if mark.parent else None
        if note is None:
            continue
        number = next((n for n, one in enumerate(notes, start=1) if one is note), 0)
        if not number:
            notes.append(note)
            number = len(notes)
        _replace(mark, new("sup", data_note=str(number)))
    for note in notes:
        for back in note.find_all("a"):
            if fragment_of(back) in wanted:
                _replace(back, None)
        note.extract()
        note.name = "div"
    for place in [*root.find_all(style=LISTS), *root.select("section.notes")]:
        place.extract()
    alone = root.select(ALONE)
    for mark in alone:
        _replace(mark, None)
    return notes, len(alone)


def _replace(mark: Tag, by: Tag | None) -> None:
    """Put something else where a mark is, with the raised place that is there for it alone."""
    around = mark.parent
    if around and around.name == "sup" and around.get_text(strip=True) == mark.get_text(strip=True):
        mark = around
    if by:
        mark.replace_with(by)
    else:
        mark.extract()


def _note_of(mark: Tag, places: dict[str, Tag], wanted: set[str]) -> Tag | None:
    """The element with the note that a link leads to; None where none leads back, or it is that way back."""
    place = places.get(fragment_of(mark))
    note = place if place is None or place.name in ("li", "div") else place.find_parent(["li", "div", "p"])
    if note is None or note in mark.parents or mark in note.descendants:
        return None
    backs = (places.get(fragment_of(one)) for one in note.find_all("a"))
    if not any(one and (one is mark or one in mark.parents or mark in one.parents) for one in backs):
        return None
    around = note.find_parent("div") if note.name == "p" else None
    if around and sum(str(one.get("id") or one.get("name")) in wanted for one in around.find_all("a")) == 1:
        return around  # of several paragraphs
    return note
