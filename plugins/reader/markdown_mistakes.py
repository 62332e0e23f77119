"""Mistakes that Markdown forgives and a reader does not: addresses that lead nowhere, signs printed, ids given twice.

Each is looked for in the page as it was made, and told by the line of the file where it stands.
"""

from __future__ import annotations

import posixpath
import re
from collections import Counter
from collections.abc import Iterator
from html import escape, unescape
from typing import NamedTuple

from ..file_names import DOWNLOADS, FOLDERS, OFFICE
from ..problems import Message, say
from ..problems.lines import line_matching

ANCHOR = re.compile(r'\bid="([^"]+)"')  # allowed.py writes each attribute so
ADDRESS = re.compile(r'\bhref="([^"{#/][^"]*)"|\bsrc="(?!//)([^"{#][^"]*)"')
COMPLETE = re.compile(r"(?:https?://|mailto:|tel:)[^\s/]", re.IGNORECASE)
TAG = re.compile(r"""<[a-z](?:[^<>"']|"[^"]*"|'[^']*')*>""", re.IGNORECASE)
UNREAD = re.compile(r"<(code|pre)\b.*?</\1>|<[^>]*>", re.DOTALL | re.IGNORECASE)
# Signs of Markdown that are printed, because they were not complete, or stand where they are none; and what is complete
# in a line of it.
PRINTED = re.compile(
    r"(\{(?:filename|static|attach)\}|\]\(|\{:|\*\*|\[[ xX]\](?!\()|(?:~~|==)(?=\w)"
    r"|^[ ]*(?:(?:[-*+]|#{1,6}|!!!|\d{1,3}\))(?=[ ])|`{3}|~{3}|\|(?=.*\|)))\W*(\w*)",
    re.MULTILINE,
)
WHOLE = re.compile(r"\\.|`[^`]*`|!?\[[^\]]*\]\([^)]*\)|\{:[^}]*\}|\*\*[^*]+\*\*")
NOTE = re.compile(r"^\s*\[\^([^\]]+)\]:", re.MULTILINE)  # where it is written
MARK = re.compile(r"\[\^([^\]]+)\]")  # where it is printed, because there is no such note
HEADED = re.compile(r"<h([2-6])\b(?:(?!</h\1>).)*?footnote-ref", re.DOTALL)

OPENED = {
    "**": (
        say("{signs} opens bold words here, and nothing closes them", signs="**"),
        say("Type {signs} after the last of them too, without a space before it.", signs="**"),
    ),
    "{:": (
        say("{signs} opens a mark here, and nothing closes it", signs="{:"),
        say("Type {signs} after it.", signs="}"),
    ),
}
BOX = (
    say("the box {signs} would be printed", signs="[ ]"),
    say("An empty one is ticked by its reader: type it as {form} in a list with hyphens.", form="- [ ] …"),
)
UNKNOWN = (
    say("the sign would be printed, because this site gives it no meaning"),
    say("Take it out; strong words stand between {signs}.", signs="**"),
)
LINK = (
    say("the link is not complete, so its signs would be printed"),
    say("Write it as {form}, without a space between the two.", form="[words](address)"),
)


AT_START = (
    say("the sign at the start of this line would be printed"),
    say(r"Leave an empty line above it and none below; where it is meant as it is, type \ before it."),
)


class Mistake(NamedTuple):
    """What is wrong, what to do, and the line; None where the file does not show it (a fact filled it in)."""

    line: int | None
    message: str
    remedy: str


def tags_of(html: str) -> str:
    """The opening tags of a page, one after the other: to look for attributes in a quarter of the text."""
    return "".join(TAG.findall(html))


def mistakes_in_addresses(html: str, source: str, here: str) -> Iterator[Mistake]:
    """Of a page: its `html`, its file’s text, and its path in the content folder (en/pages/faq.md)."""
    lines, tags = source.split("\n"), tags_of(html)
    for address in (link or picture for link, picture in ADDRESS.findall(tags)):
        if not COMPLETE.match(address):
            typed = unescape(address)
            message = say("the address {address} leads nowhere as it is written", address=typed)
            remedy = say("Did you mean {link}?", link=completed(typed, posixpath.dirname(here)))
            where = rf"\(\s*{re.escape(typed)}|[\"']{re.escape(typed)}"
            yield Mistake(line_matching(where, lines), message, remedy)
    for anchor, count in Counter(ANCHOR.findall(tags)).items():
        if count > 1:
            given = rf"\{{:[^}}]*#{re.escape(anchor)}(?![\w-])|\bid=[\"']{re.escape(anchor)}[\"']"
            message = say('the id "{id}" is given {count} times on this page', id=anchor, count=count)
            yield Mistake(line_matching(given, lines, nth=2), message, say("Give each place an id of its own."))


def mistakes_in_text(html: str, source: str) -> Iterator[Mistake]:
    """Signs that its reader would see: of Markdown, and of notes."""
    text = UNREAD.sub(_parted, html)
    bare = [WHOLE.sub("", line) for line in source.split("\n")]
    typed = [re.sub(r"\\.", "", line) for line in source.split("\n")]
    printed = set()
    for found in PRINTED.finditer(text):
        signs, word = found[1].strip(" "), found[2]
        reason = _reason(signs)
        where = rf"^[ >]*{re.escape(signs)}\W*{re.escape(word)}" if reason is AT_START else re.escape(signs)
        line = line_matching(where, bare) or line_matching(where, typed)
        if line:  # otherwise it is meant as it is: typed with a \\ or an entity, or part of a fact
            printed.add(Mistake(line, *reason))
    yield from sorted(printed)
    yield from mistakes_in_notes(html, source)


def _parted(tag: re.Match[str]) -> str:
    """What stands for a tag where text is looked for: blocks part lines."""
    return "\n" if re.match(r"</?(?:p|li|h\d|t[dh]|d[td]|div|blockquote|summary|pre)\b", tag[0], re.IGNORECASE) else " "


def _reason(signs: str) -> tuple[Message, Message]:
    if signs in OPENED:
        return OPENED[signs]
    if signs in ("~~", "=="):
        return UNKNOWN
    if signs.startswith("[") and signs.endswith("]"):
        return BOX
    return LINK if signs.startswith(("{", "]")) else AT_START


def mistakes_in_notes(html: str, source: str) -> Iterator[Mistake]:
    """Marks without a note, notes without a mark, and what else would not be shown as its author meant it."""
    lines = source.split("\n")
    marks = dict.fromkeys(map(unescape, MARK.findall(UNREAD.sub(" ", html)))) if "[^" in html else {}
    for name in marks:
        message = say("the mark {mark} has no note, so its signs would be printed", mark=f"[^{name}]")
        remedy = say("Write the note on a line of its own, under the text: {form}", form=f"[^{name}]: …")
        yield Mistake(line_matching(rf"\[\^{re.escape(name)}\]", lines), message, remedy)
    for name, count in Counter(NOTE.findall(source)).items():
        note, mark = rf"^\s*\[\^{re.escape(name)}\]:", f"[^{name}]"
        if name in marks or escape(f"{mark}:", quote=False) in html:  # told above, or an example in a box of code
            continue
        if not re.fullmatch(r"[\w-]+", name):
            message = say("the mark {mark} is more than a word, and no address can be made of it", mark=mark)
            form = f"[^{re.sub(r'[^0-9A-Za-z_-]+', '-', name).strip('-') or 1}]"
            yield Mistake(line_matching(note, lines), message, say("Write {form}, here and in the text.", form=form))
        elif f'id="fn:{name}"' not in html:
            message = say("nothing in the text refers to the note {mark}, so it would not be shown", mark=mark)
            yield Mistake(
                line_matching(note, lines), message, say("Type {mark} after the words it belongs to.", mark=mark)
            )
        if count > 1:
            message = say("the note {mark} is written {count} times, and only one is shown", mark=mark, count=count)
            yield Mistake(line_matching(note, lines, nth=2), message, say("Give each note a mark of its own."))
    if HEADED.search(html):
        message = say("the mark of a note stands in a heading, which is shown in other places too")
        yield Mistake(line_matching(r"^#+\s.*\[\^", lines), message, say("Put it in the text under the heading."))


def completed(address: str, folder: str) -> str:
    """What was probably meant by an address that leads nowhere, in a page in `folder` (en/pages)."""
    if address.startswith("www.") or re.match(r"[a-z]+:", address):
        return "https://" + re.sub(r"^[a-z]+:/*", "", address)
    if re.fullmatch(r"[\w.+-]+@[\w.-]+", address):
        return f"mailto:{address}"
    file = posixpath.basename(address)
    if OFFICE.fullmatch(file) and posixpath.splitext(file)[1].lower() not in DOWNLOADS:  # published as PDF, if at all
        file = f"{posixpath.splitext(file)[0]}.pdf"
    for place, kinds in FOLDERS.items():
        if posixpath.splitext(file)[1].lower() in kinds:
            return f"{{static}}{posixpath.relpath(place, folder)}/{file}"
    return "{filename}" + (address if address.endswith(".md") else f"{posixpath.basename(address.strip('/'))}.md")
