"""The gate for markup: what a text may bring into a page, a feed or a PDF is what this list allows, and nothing else.

It is held against the HTML that Markdown made, whatever it was made of: typed HTML, attribute lists, links, facts. nh3
(ammonia, and html5ever: a browser's way of reading) takes out what is not allowed and puts right what browsers would
move. Nothing is taken out in silence: where the result says something else than the HTML did, the build stops.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import escape, unescape
from html.parser import HTMLParser
from itertools import zip_longest
from typing import Any, NamedTuple

import nh3

from ..hosting.headers import forbids
from ..problems import say
from ..problems.lines import lines_matching

# What Markdown and our additions to it make, and what an author may type: docs/developers.md. plugins/documents
# shows most of it on paper, and tells what it cannot.
EVERYWHERE = {"id", "class", "lang", "dir", "data-s"}
OF_THEIR_OWN: dict[str, set[str]] = {
    "a": {"href", "title", "hreflang", "aria-label"},
    "abbr": {"title"},
    "details": {"open"},
    "img": {"src", "alt", "title", "width", "height"},
    "li": {"value"},
    "mark": {"data-fact"},
    "ol": {"start", "reversed"},
    "section": {"aria-label"},
    "td": {"colspan", "rowspan", "data-label"},
    "th": {"colspan", "rowspan", "scope"},
    "time": {"datetime"},
}
PLAIN = """
    b blockquote br caption cite code dd div dl dt em figcaption figure h2 h3 h4 h5 h6 hr i kbd p pre q small span
    strong sub summary sup table tbody tfoot thead tr ul
"""
ELEMENTS = frozenset({*OF_THEIR_OWN, *PLAIN.split()})
SCHEMES = ("https", "http", "mailto", "tel")  # or none: a file of the site, a place on the page
ADDRESSES = ("href", "src")
IMPLIED: tuple[tuple[Any, ...], ...] = (("tbody", []), ("tbody",))  # what HTML lets an author leave out of a table
FIRST_LINE = re.compile(r"(<pre[^>]*>)\n")  # an empty one, which browsers do not show (HTML 13.2.6.4.7)

CLEANER = nh3.Cleaner(
    tags=set(ELEMENTS), attributes={"*": EVERYWHERE} | OF_THEIR_OWN, url_schemes=set(SCHEMES), link_rel=None
)
LOOKS = say("Take it out; how pages look is written in theme/static/css.")
# Where the page lies whose film a player shows.
PLAYERS = (
    (
        re.compile(r"https?://(?:www\.)?youtube(?:-nocookie)?\.com/embed/([\w-]+).*"),
        r"https://www.youtube.com/watch?v=\1",
    ),
    (re.compile(r"https?://player\.vimeo\.com/video/(\d+).*"), r"https://vimeo.com/\1"),
)


class Found(NamedTuple):
    """What is not allowed: where it stands is where one of `patterns` is in the file."""

    patterns: tuple[str, ...]
    message: str
    remedy: str


def held(html: str) -> tuple[str, list[Found]]:
    """`html` in one plain form (small letters, double quotation marks), and what is not allowed in it."""
    html = FIRST_LINE.sub(r"\1", html) if "<pre" in html else html
    clean = CLEANER.clean(html).replace("&nbsp;", "\N{NO-BREAK SPACE}")
    if clean == html:
        return clean, []
    was, now = _tokens(html), _tokens(clean)
    if was == now:
        return clean, []
    return clean, list(dict.fromkeys(_forbidden(was))) or [_moved(was, now)]


class _Tokens(HTMLParser):
    """What a text of HTML says, whatever the form: tags with attributes in order, text as one piece."""

    def __init__(self) -> None:
        super().__init__()
        self.said: list[tuple[Any, ...]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.said.append(("<", tag, sorted((name, value or "") for name, value in attrs)))

    handle_startendtag = handle_starttag

    def handle_endtag(self, tag: str) -> None:
        self.said.append(("</", tag))

    def handle_data(self, data: str) -> None:
        before = self.said.pop()[1] if self.said and self.said[-1][0] == "" else ""
        self.said.append(("", before + data))

    def handle_comment(self, data: str) -> None:
        self.said.append(("<!", data))

    def handle_pi(self, data: str) -> None:
        self.said.append(("<?", data))

    def handle_decl(self, decl: str) -> None:
        self.handle_comment(decl)

    def unknown_decl(self, data: str) -> None:
        self.handle_comment(data)


def _tokens(html: str) -> list[tuple[Any, ...]]:
    parser = _Tokens()
    parser.feed(html)
    parser.close()
    return [said for said in parser.said if said[1:] not in IMPLIED]


def _forbidden(tokens: list[tuple[Any, ...]]) -> Iterator[Found]:
    """What stands in no list."""
    told = set()
    for kind, name, *attributes in tokens:
        if kind in ("<!", "<?"):
            message = say("{sign} is not among the HTML that a text may have", sign=f"{kind}…>")
            yield Found((rf"<[{kind[1]}]", r"<[!?]|</[^a-zA-Z]"), message, say("Take it out."))
        elif kind and name not in ELEMENTS:
            if kind == "<" or name not in told:
                yield _element(name, dict(*attributes))
            told.add(name)
        elif kind == "<":
            for attribute, value in attributes[0]:
                yield from _attribute(name, attribute, value)


def _element(name: str, attributes: dict[str, str]) -> Found:
    patterns = (rf"(?i)</?{re.escape(name)}(?![\w-])",)
    if name == "h1":
        message = say("a heading of the first level stands in the text: the page's title is that heading already")
        return Found((*patterns, r"^\W*#\s|^=+\s*$"), message, say("Use two: ##."))
    sign = f"<{name}>"
    if forbids(name):
        message = say("browsers are told to ignore {sign} in a page of this site", sign=sign)
        return Found(patterns, message, _instead(name, attributes))
    message = say("{sign} is not among the HTML that a text may have", sign=sign)
    return Found(patterns, message, say("Take it out; to show it as it is, type it between two backquotes."))


def _instead(name: str, attributes: dict[str, str]) -> str:
    """What to do where a page would load a film, a calendar or a program, mostly of another site: a link to it."""
    address = (attributes.get("src") or attributes.get("data") or "").strip()
    if name == "style" or (name == "script" and not address):
        return LOOKS
    if not address.startswith(("http:", "https:", "//")):
        return say("Put a link in its place, to what it would show.")
    address = f"https:{address}" if address.startswith("//") else address
    for player, film in PLAYERS:
        address = player.sub(film, address)
    form = f"[…]({address})"
    return say("Put a link in its place, by words or by a picture of your own: {form}", form=form)


def _attribute(element: str, name: str, value: str) -> Iterator[Found]:
    pattern = rf"(?i)(?<![\w-]){re.escape(name)}(?![\w-])"
    if name == "style" or name.startswith("on"):
        message = say("browsers are told to ignore {sign} in a page of this site", sign=f"{name}=")
        yield Found((rf"{pattern}\s*=", pattern), message, LOOKS)
    elif name not in EVERYWHERE | OF_THEIR_OWN.get(element, set()):
        message = say("{sign} is not among what <{element}> may have in a text", sign=f"{name}=", element=element)
        yield Found((rf"{pattern}\s*=", pattern), message, say("Take it out."))
    elif name in ADDRESSES and "=" not in CLEANER.clean(f'<{element} {name}="{escape(value)}">'):
        message = say("the address {address} is of a kind that no page may have", address=value.strip())
        schemes = ", ".join(f"{scheme}:" for scheme in SCHEMES)
        remedy = say(
            "An address begins with one of these: {schemes} – or with {form}.", schemes=schemes, form="{filename}"
        )
        yield Found(
            (re.escape(value), re.escape(escape(value)), re.escape(value.strip().partition(":")[0])), message, remedy
        )


def _moved(was: list[tuple[Any, ...]], now: list[tuple[Any, ...]]) -> Found:
    """The first tag, or text, that browsers would not leave where it is."""
    nothing = ("", "")
    place = next(n for n, (one, other) in enumerate(zip_longest(was, now)) if one != other)
    one, following = [*was[place : place + 2], nothing, nothing][:2]
    other = [*now[place:], nothing][0]
    if one[0] == other[0] == "" and other[1].startswith(one[1]):
        one, other = following, nothing  # the text goes on, because a tag in it was dropped
    if one[0] == other[0] == "</" and following != other:
        one = ("<", other[1])  # it was not closed
    kind, name = one[:2]
    sign = f"{kind}{name}>" if kind else "".join(filter(str.isprintable, name))[:20]
    message = say("browsers would move or drop what stands at {sign}", sign=sign)
    remedy = say("Close each tag in the block where you open it, the last one first; keep blocks out of lines of text.")
    return Found((rf"(?i){kind}{re.escape(name)}(?![\w-])",) if kind else (), message, remedy)


def lines_of(found: Found, lines: list[str]) -> list[int]:
    """The lines, from 1, where what was found may stand."""
    for pattern in found.patterns:
        for text in (lines, [unescape(line) for line in lines]):
            if numbers := lines_matching(pattern, text):
                return numbers
    return []
