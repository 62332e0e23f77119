"""Asks the live site, as a reader would, whether it is the release it should be."""

from __future__ import annotations

import gzip
import hashlib
import random
import re
import time
from collections.abc import Mapping
from dataclasses import dataclass
from email.message import Message
from urllib.error import HTTPError, URLError
from urllib.parse import quote
from urllib.request import HTTPRedirectHandler, Request, build_opener

from plugins.hosting.headers import headers_for
from plugins.problems import say

from .errors import PublishError
from .release import MANIFEST, Manifest, is_fingerprinted, is_page

SAMPLE = 12
TIMEOUT = 20
HOME = re.compile(r"[a-z]{2}/index\.html")
NOWHERE = "no-such-page-3f9a"


class _Stay(HTTPRedirectHandler):
    def redirect_request(self, *_: object) -> None:
        """A redirect is an answer here, not a way."""


OPENER = build_opener(_Stay)


@dataclass(frozen=True)
class Answer:
    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def digest(self) -> str:
        return hashlib.sha256(self.body).hexdigest()


class Wrong(Exception):
    """The live site is not as it should be: in what, and what to do about it."""

    def __init__(self, message: str, remedy: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.remedy = remedy or say(
            "Check that `url` in publish.toml is this site, and what a cache in front of it keeps; then publish again."
        )


def unanswered(message: str) -> Wrong:
    """Nothing there, or a server that does not work."""
    return Wrong(message, say("Look whether the web server runs (its log says why not), then publish again."))


def refuses(place: str, status: int) -> Wrong:
    """An answer other than the page."""
    message = say("{address} answers {status}", address=place, status=status)
    return unanswered(message) if status >= 500 else Wrong(message)


def not_missing(message: str) -> Wrong:
    """A page for every address."""
    return Wrong(
        message,
        say(
            "Tell the web server which page to show for an address that does not exist (docs/publishing.md). "
            "Where the host cannot, write {line} in publish.toml.",
            line='skip_checks = ["missing"]',
        ),
    )


def lower(headers: Message) -> dict[str, str]:
    return {name.lower(): value for name, value in headers.items()}


def get(url: str, encoding: str = "identity") -> Answer:
    """One request, past caches. Raises Wrong where nothing answers."""
    request = Request(
        url, headers={"Accept-Encoding": encoding, "User-Agent": "site-publish", "Cache-Control": "no-cache"}
    )
    try:
        with OPENER.open(request, timeout=TIMEOUT) as response:
            return Answer(response.status, lower(response.headers), response.read())
    except HTTPError as error:
        with error:
            return Answer(error.code, lower(error.headers), error.read())
    except (URLError, OSError, ValueError) as error:
        reason = getattr(error, "reason", error)
        reason = str(getattr(reason, "strerror", None) or reason)
        raise unanswered(say("{address} does not answer ({reason})", address=url, reason=reason)) from None


def address(path: str) -> str:
    """The address of a file of the release: pages are served under their folder."""
    return "/" + quote(path.removesuffix("index.html") if path.endswith("/index.html") else path)


def hidden(path: str) -> bool:
    """Files for the host, which it does not serve."""
    return path.startswith(("_headers", "_redirects")) or any(
        part.startswith(".") and part != ".well-known" for part in path.split("/")
    )


def check(url: str, manifest: Manifest, skip: list[str], patience: float) -> None:
    """Compare the live site with `manifest`, and again until `patience` seconds are over. Raises PublishError."""
    url, deadline, pause = url.rstrip("/"), time.monotonic() + patience, 0.2
    while True:
        try:
            return _check(url, manifest, skip)
        except Wrong as wrong:
            if time.monotonic() + pause > deadline:
                raise PublishError(
                    say("the live site does not check out: {reason}", reason=wrong.message), wrong.remedy
                ) from None
            time.sleep(pause)  # a cache in front may still hold the old answer
            pause = min(pause * 2, 5)


def _check(url: str, manifest: Manifest, skip: list[str]) -> None:
    found = get(f"{url}/{MANIFEST}")
    if found.status != 200:
        raise refuses(f"{url}/{MANIFEST}", found.status)
    try:
        served = Manifest.from_json(found.body.decode(errors="replace")).id
    except PublishError:
        served = say("something else")
    if served != manifest.id:
        raise Wrong(say("it serves {other}, not {release}", other=served, release=manifest.id))
    homes = [path for path in manifest.files if HOME.fullmatch(path)]
    public = [path for path in manifest.everything if not hidden(path) and path != "index.html"]
    chosen = random.Random(manifest.id).sample(public, min(SAMPLE, len(public)))
    for path in dict.fromkeys([*homes, *chosen]):
        _same(url, path, manifest, skip)
    for home in homes:
        _compressed(url, home, manifest)
        if "missing" not in skip:
            _missing(url, home.split("/")[0], manifest)


def _same(url: str, path: str, manifest: Manifest, skip: list[str]) -> None:
    answer = get(url + address(path))
    if answer.status in (301, 308) and path.endswith("/index.html") and not HOME.fullmatch(path):
        return  # an old address: its redirect stands in the host's rules
    if answer.status != 200:
        raise refuses(address(path), answer.status)
    if answer.digest != manifest.everything[path]:
        raise Wrong(say("{address} is not the page of this release", address=address(path)))
    if "headers" not in skip and (is_page(path) or is_fingerprinted(path)):
        for name, value in headers_for(address(path)).items():
            if " ".join((answer.headers.get(name.lower()) or "").split()) != value:
                raise Wrong(
                    say(
                        "{address} comes without the header {name}: {value}",
                        address=address(path),
                        name=name,
                        value=value if len(value) < 60 else f"{value[:60]}…",
                    ),
                    say(
                        "The web server must send the site's headers: let it include .hosting/nginx.conf and reload it "
                        "(docs/publishing.md, also about the first publish). "
                        "Where the host cannot, write {line} in publish.toml.",
                        line='skip_checks = ["headers"]',
                    ),
                )


def _compressed(url: str, path: str, manifest: Manifest) -> None:
    answer = get(url + address(path), "gzip")
    body = gzip.decompress(answer.body) if answer.headers.get("content-encoding") == "gzip" else answer.body
    if hashlib.sha256(body).hexdigest() != manifest.files[path]:
        raise Wrong(say("{address} is another page when it is compressed", address=address(path)))


def _missing(url: str, lang: str, manifest: Manifest) -> None:
    answer = get(f"{url}/{lang}/{NOWHERE}/")
    if answer.status != 404:
        raise not_missing(
            say(
                "an address that does not exist under /{lang}/ answers {status}, not 404",
                lang=lang,
                status=answer.status,
            )
        )
    own = manifest.files.get(f"{lang}/404.html")
    if own and answer.digest != own:
        raise not_missing(
            say("an address that does not exist under /{lang}/ does not show the site's own page for it", lang=lang)
        )
