"""Links to other sites: whether they still lead somewhere. Asked only with --external, because it tells those sites."""

from __future__ import annotations

import re
import urllib.error
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

from plugins.problems import Problem, say, shown_path
from plugins.public_files import sources

from .prose import read
from .site import CheckedSite

ADDRESS = re.compile(r"https?://[^\s<>\"')\]}]+")
SECONDS = 10
AGENT = {"User-Agent": "Mozilla/5.0 (link check of a small website)"}


def problems(site: CheckedSite) -> Iterator[Problem]:
    """A warning for each address that does not answer as it should: the other site may only be having a bad day."""
    places: dict[str, list[tuple[str, int]]] = {}
    for file in [*sources(site.content, "*/*/*.md"), *sources(site.content / "data", "*.toml")]:
        for number, line in enumerate(read(file).split("\n"), start=1):
            for address in [] if line.startswith("#") and file.suffix == ".toml" else ADDRESS.findall(line):
                places.setdefault(address.rstrip(".,;:"), []).append((shown_path(file), number))
    with ThreadPoolExecutor(8) as pool:
        for address, reason in zip(places, pool.map(wrong_with, places), strict=True):
            if reason:
                for shown, number in places[address]:
                    message = say("{address} does not answer: {reason}", address=address, reason=reason)
                    yield Problem(
                        shown,
                        number,
                        message,
                        say("Open it in a browser; correct the link if it has moved."),
                        "warning",
                    )


def wrong_with(address: str) -> str:
    """Why an address does not lead anywhere, or an empty string. HEAD first; GET where a server refuses that."""
    reason = ""
    for method in ("HEAD", "GET"):
        try:
            with urllib.request.urlopen(urllib.request.Request(address, headers=AGENT, method=method), timeout=SECONDS):
                return ""
        except urllib.error.HTTPError as error:
            reason = f"HTTP {error.code}"
            if error.code in (401, 403, 429):  # it is there, and does not talk to programs
                return ""
        except (OSError, ValueError) as error:
            return str(getattr(error, "reason", error))
    return reason
