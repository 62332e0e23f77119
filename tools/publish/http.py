"""Asks the live site, as a reader would, whether it is the release it should be."""

from __future__ import annotations

import hashlib
import queue
import random
import re
import ssl
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from urllib.parse import quote, urlsplit
from urllib.request import getproxies, proxy_bypass

import urllib3
from urllib3 import exceptions

from plugins.hosting.headers import headers_for
from plugins.problems import counted, say

from .errors import PublishError
from .release import MANIFEST, Manifest, is_fingerprinted, is_page

SAMPLE = 12
TIMEOUT = 20.0  # seconds for one answer, whole
ROUND = 30.0  # seconds for all that one look at the site asks; `patience` where that is more
MOST = 50_000_000  # bytes of one answer, unpacked
HOME = re.compile(r"[a-z]{2}/index\.html")
NOWHERE = "no-such-page-3f9a"
CERTIFICATE = {  # OpenSSL's numbers for what is wrong with one
    10: say("it has expired"),
    18: say("the server made it itself"),
    19: say("the server made it itself"),
    20: say("who issued it is not known here"),
    62: say("it is for another name"),
}


@dataclass(frozen=True)
class Answer:
    """What came, unpacked; the headers by their names in small letters."""

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
            "Tell the web server which page to show for an address that does not exist (docs/hosts.md). "
            "Where the host cannot, write {line} in publish.toml.",
            line='skip_checks = ["missing"]',
        ),
    )


def proxied(message: str) -> Wrong:
    """Between here and the site stands a proxy."""
    return Wrong(
        message,
        say("Ask who looks after the proxy, or name the site in the variable NO_PROXY; then publish again."),
    )


def proxy_for(url: str) -> str | None:
    """The proxy that this machine names for an address, if any."""
    parts = urlsplit(url)
    return None if proxy_bypass(parts.hostname or "") else getproxies().get(parts.scheme)


def reason_for(url: str, error: BaseException, proxy: str) -> Wrong:
    """Why there is no answer, in our own words: a library's may repeat what the server sent."""
    cause = error.args[0] if error.args else None
    if isinstance(error, exceptions.ProxyError):
        return proxied(say("the proxy {proxy} does not lead to {address}", proxy=proxy, address=url))
    if isinstance(cause, ssl.SSLCertVerificationError):
        why = CERTIFICATE.get(cause.verify_code, say("it does not check out"))
        return Wrong(
            say("this machine does not trust the certificate of {address}: {reason}", address=url, reason=why),
            say("Renew the certificate on the server, or let its host do it; then publish again."),
        )
    if isinstance(error, exceptions.NameResolutionError):
        return Wrong(say("the name in {address} is not known", address=url))
    if isinstance(error, exceptions.NewConnectionError):
        return unanswered(say("{address} does not answer: nothing accepts a connection there", address=url))
    if isinstance(error, exceptions.TimeoutError):
        return too_slow(url)
    return unanswered(say("{address} does not answer properly", address=url))


def too_slow(url: str) -> Wrong:
    return unanswered(say("{address} does not answer in time", address=url))


def get(url: str, encoding: str = "identity", limit: float = TIMEOUT) -> Answer:
    """One request, past caches, over after `limit` seconds and MOST bytes whatever comes. Raises Wrong."""
    answers: queue.SimpleQueue[Answer | Wrong] = queue.SimpleQueue()
    over = time.monotonic() + limit
    # a thread, because no socket has a limit on the whole of an answer that comes drop by drop
    threading.Thread(target=lambda: answers.put(_asked(url, encoding, over)), daemon=True).start()
    try:
        answer = answers.get(timeout=limit)
    except queue.Empty:
        answer = too_slow(url)
    if isinstance(answer, Wrong):
        raise answer
    return answer


def _asked(url: str, encoding: str, over: float) -> Answer | Wrong:
    headers = {"Accept-Encoding": encoding, "User-Agent": "site-publish", "Cache-Control": "no-cache"}
    shown = ""
    try:
        proxy = proxy_for(url)
        shown = urlsplit(proxy or "").netloc.rpartition("@")[2]  # without its password
        timeout = max(over - time.monotonic(), 0.1)
        with (
            urllib3.ProxyManager(proxy, num_pools=1) if proxy else urllib3.PoolManager(num_pools=1) as manager,
            manager.request(
                "GET", url, headers=headers, redirect=False, retries=False, preload_content=False, timeout=timeout
            ) as response,
        ):
            if proxy and response.status in (403, 407, 502, 503, 504):
                values = {"address": url, "proxy": shown, "status": response.status}
                return proxied(say("{address} answers {status} through the proxy {proxy}", **values))
            body = bytearray()
            while piece := response.read1(65536, decode_content=True):
                body += piece
                if len(body) > MOST:
                    return unanswered(say("the answer of {address} does not end", address=url))
                if time.monotonic() > over:
                    return too_slow(url)
            named = {name.lower(): value for name, value in response.headers.iteritems()}
            return Answer(response.status, named, bytes(body))
    except Exception as error:  # whatever a hostile answer makes of the library is no answer
        return reason_for(url, error, shown)


def address(path: str) -> str:
    """The address of a file of the release: pages are served under their folder."""
    return "/" + quote(path.removesuffix("index.html") if path.endswith("/index.html") else path)


def hidden(path: str) -> bool:
    """Files for the host, which it does not serve."""
    return path.startswith(("_headers", "_redirects")) or any(
        part.startswith(".") and part != ".well-known" for part in path.split("/")
    )


@dataclass(frozen=True)
class Site:
    """The live site, for as long as one look at it may take."""

    url: str
    manifest: Manifest
    skip: list[str]
    over: float

    def get(self, place: str, encoding: str = "identity") -> Answer:
        left = self.over - time.monotonic()
        if left <= 0:
            raise unanswered(say("{address} answers too slowly to look at its pages", address=self.url))
        return get(self.url + place, encoding, min(TIMEOUT, left))


def check(
    url: str, manifest: Manifest, skip: list[str], patience: float, tell: Callable[[str], None] = lambda text: None
) -> None:
    """Compare the live site with `manifest`, and again until `patience` seconds are over. Raises PublishError."""
    url, deadline, pause = url.rstrip("/"), time.monotonic() + patience, 0.2
    told = False
    while True:
        try:
            return _check(Site(url, manifest, skip, time.monotonic() + max(ROUND, patience)))
        except Wrong as wrong:
            if time.monotonic() + pause > deadline:
                raise PublishError(
                    say("the live site does not check out: {reason}", reason=wrong.message), wrong.remedy
                ) from None
            if not told:
                tell(
                    counted(
                        round(patience),
                        say("Not yet: {reason}. Asking again for {count} second …"),
                        say("Not yet: {reason}. Asking again for {count} seconds …"),
                        reason=wrong.message,
                    )
                )
            told = True
            time.sleep(pause)  # a cache in front may still hold the old answer
            pause = min(pause * 2, 5)


def _check(site: Site) -> None:
    manifest = site.manifest
    found = site.get(f"/{MANIFEST}")
    if found.status != 200:
        raise refuses(f"{site.url}/{MANIFEST}", found.status)
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
        _same(site, path)
    for home in homes:
        if site.get(address(home), "gzip").digest != manifest.files[home]:
            raise Wrong(say("{address} is another page when it is compressed", address=address(home)))
        if "missing" not in site.skip:
            _missing(site, home.split("/")[0])


def _same(site: Site, path: str) -> None:
    answer = site.get(address(path))
    if answer.status in (301, 308) and path.endswith("/index.html") and not HOME.fullmatch(path):
        return  # an old address: its redirect stands in the host's rules
    if answer.status != 200:
        raise refuses(address(path), answer.status)
    if answer.digest != site.manifest.everything[path]:
        raise Wrong(say("{address} is not the page of this release", address=address(path)))
    if "headers" not in site.skip and (is_page(path) or is_fingerprinted(path)):
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
                        "(docs/hosts.md, also about the first publish). "
                        "Where the host cannot, write {line} in publish.toml.",
                        line='skip_checks = ["headers"]',
                    ),
                )


def _missing(site: Site, lang: str) -> None:
    answer = site.get(f"/{lang}/{NOWHERE}/")
    if answer.status != 404:
        raise not_missing(
            say(
                "an address that does not exist under /{lang}/ answers {status}, not 404",
                lang=lang,
                status=answer.status,
            )
        )
    own = site.manifest.files.get(f"{lang}/404.html")
    if own and answer.digest != own:
        raise not_missing(
            say("an address that does not exist under /{lang}/ does not show the site's own page for it", lang=lang)
        )
