"""What a browser would refuse of a document under Content-Security-Policies (CSP3 §6), as far as markup shows it."""

from __future__ import annotations

import hashlib
import re
from base64 import b64encode
from collections.abc import Iterable, Iterator
from urllib.parse import urljoin, urlsplit

from bs4 import BeautifulSoup, Tag

Policy = dict[str, list[str]]

# What each element loads, from which attributes, and the directive that decides; without it, default-src does.
LOADS = {
    "audio": ("media-src", ("src",)),
    "embed": ("object-src", ("src",)),
    "feimage": ("img-src", ("href", "xlink:href")),
    "frame": ("child-src", ("src",)),
    "iframe": ("child-src", ("src", "srcdoc")),
    "image": ("img-src", ("href", "xlink:href")),
    "img": ("img-src", ("src", "srcset")),
    "input": ("img-src", ("src",)),
    "object": ("object-src", ("data",)),
    "script": ("script-src", ("src", "href", "xlink:href")),
    "source": ("media-src", ("src", "srcset")),
    "track": ("media-src", ("src",)),
    "use": ("img-src", ("href", "xlink:href")),
    "video": ("media-src", ("src", "poster")),
}
LINKED = {"icon": "img-src", "apple-touch-icon": "img-src", "manifest": "manifest-src", "stylesheet": "style-src"}
LINKED |= {"preload": "img-src", "modulepreload": "script-src", "prefetch": "default-src"}
DATA = re.compile(r"application/(?:ld\+)?json")  # blocks of data, which nothing runs


def policy(text: str) -> Policy:
    """The directives of a policy as it is sent."""
    return {name: sources for name, *sources in (part.split() for part in text.split(";") if part.strip())}


def refusals(soup: BeautifulSoup, policies: Iterable[Policy], address: str) -> list[str]:
    """What these policies, all together, take away from the document at this full `address`."""
    return [refusal for each in policies for refusal in _under(soup, each, address)]


def _under(soup: BeautifulSoup, each: Policy, address: str) -> Iterator[str]:
    def allowed(name: str, target: str) -> bool:
        sources = each.get(name, each.get("default-src"))
        here = urlsplit(address)[:2] == urlsplit(urljoin(address, target))[:2]
        return sources is None or ("'self'" in sources and here)

    inline = {name: each.get(name, each.get("default-src")) for name in ("style-src", "script-src")}
    for tag in soup.find_all(True):
        name, shown = tag.name.lower(), str(tag)[:80]
        yield from (
            f"{directive} refuses {shown}" for directive, target in _loads(tag) if not allowed(directive, target)
        )
        if name in ("style", "script") and not tag.get("src") and not DATA.match(str(tag.get("type", ""))):
            yield from _inline(inline[f"{name}-src"], tag.get_text(), f"{name}-src refuses {shown}")
        for attribute, value in tag.attrs.items():
            if attribute.lower() == "style":
                yield from _inline(inline["style-src"], None, f"style-src refuses style= of {shown}")
            script = re.sub(r"[\x00-\x20]", "", str(value)).lower().startswith("javascript:")
            if attribute.lower().startswith("on") or script:
                yield from _inline(inline["script-src"], None, f"script-src refuses {attribute}= of {shown}")
            if attribute.lower() in ("action", "formaction") and each.get("form-action") == ["'none'"]:
                yield f"form-action refuses {shown}"
        if name == "base" and each.get("base-uri") == ["'none'"]:
            yield f"base-uri refuses {shown}"


def _loads(tag: Tag) -> Iterator[tuple[str, str]]:
    """(directive, address) of all that an element loads."""
    if tag.name.lower() == "link":
        rels = str(" ".join(tag.get_attribute_list("rel"))).lower().split()
        yield from ((LINKED[rel], str(tag.get("href", ""))) for rel in rels if rel in LINKED)
    directive, attributes = LOADS.get(tag.name.lower(), ("", ()))
    for attribute, value in tag.attrs.items():
        if attribute.lower() in attributes and not str(value).startswith("#"):
            yield ("img-src" if attribute in ("poster", "srcset") else directive), str(value).split()[0]


def _inline(sources: list[str] | None, text: str | None, refusal: str) -> Iterator[str]:
    """`refusal`, unless inline text is allowed: everywhere, or this one by its digest."""
    digest = b64encode(hashlib.sha256(text.encode()).digest()).decode() if text is not None else ""
    if sources is not None and not {"'unsafe-inline'", f"'sha256-{digest}'"} & set(sources):
        yield refusal
