"""Markup that must not come out: families of tricks, each in the forms that filters have let through."""

from __future__ import annotations

from itertools import cycle
from pathlib import Path

FILE = Path(__file__).parents[1] / "fixtures" / "hostile.txt"
SIGNS = str.maketrans("␀␉␌", "\0\t\f")
RUN = "location='https://evil.example/'"
ELEMENTS = """
    script style iframe object embed applet frame frameset base link meta form input button select option textarea
    isindex keygen dialog portal fencedframe svg math template noscript noembed noframes plaintext xmp listing title
    head body html main header footer nav aside article audio video source track picture canvas slot marquee blink
    bgsound layer ilayer image h1 label fieldset menu menuitem map area param x-tag
"""
VOID = "base link meta input embed frame source track param area bgsound image keygen"
EVENTS = "onclick ONCLICK onClick onload onerror onfocus onpointerenter onanimationstart ontoggle"


def _family(name: str) -> list[str]:
    """The tricks under `# name` in the file."""
    below = FILE.read_text(encoding="utf-8").partition(f"\n# {name}\n")[2].partition("\n\n")[0]
    return below.translate(SIGNS).rstrip("\n").split("\n")


ADDRESSES = _family("addresses")
ATTRIBUTES = _family("attributes")
TRICKS = [
    *(f"<{name}>" if name in VOID.split() else f"<{name}>x</{name}>" for name in ELEMENTS.split()),
    *(f"<{name.upper()} {event}={RUN}>" for name, event in zip(ELEMENTS.split(), cycle(EVENTS.split()), strict=False)),
    *(f'<span {event}="{RUN}">x</span>' for event in EVENTS.split()),
    *(f'<a href="{address}">x</a>' for address in ADDRESSES),
    *(f"<img src='{address}' alt='a'>" for address in ADDRESSES),
    *_family("document"),
    *_family("elements"),
]
