"""Small sites in the shape of the real one, in as many editions as a test wants, and what a reader sees of them."""

from __future__ import annotations

import hashlib
import json
import random
import re
import shutil
from pathlib import Path

import urllib3

from plugins.hosting.hosts import nginx
from tools.publish.http import Answer, address, get
from tools.publish.release import content_hash

LANGUAGES = ("en", "fr")
PAGES = [f"{lang}/{name}index.html" for lang in LANGUAGES for name in ("", "faq/", "method/", "method/sessions/")]


def page(path: str, edition: str, sheet: str) -> str:
    """It leads to every other page of its edition, and to the one that no other edition has."""
    filler = random.Random(path).randbytes(1200).hex()
    links = "".join(f'<a href="{address(to)}"></a>' for to in [*PAGES, only(edition)])
    return (
        f'<!doctype html><html lang="{path[:2]}"><meta charset="utf-8"><title>{path}</title>'
        f'<meta name="edition" content="{edition}"><link rel="stylesheet" href="/{sheet}">{links}'
        f"<p>{edition}<!--{filler}-->"
    )


def only(edition: str) -> str:
    """The page that no other edition has."""
    return f"en/only-{edition}/index.html"


def make_site(folder: Path, edition: str, changed: list[str] | None = None, was: str = "") -> Path:
    """Write an edition: every page says which it is, or those in `changed` only, the others staying as they were."""
    shutil.rmtree(folder, ignore_errors=True)
    css = f"body {{ --edition: {edition}; {'margin: 0; ' * 80} }}"
    sheet = f"theme/main.{hashlib.sha256(css.encode()).hexdigest()[:10]}.css"
    files = {path: page(path, edition if changed is None or path in changed else was, sheet) for path in PAGES}
    files |= {f"{lang}/404.html": page(f"{lang}/404.html", edition, sheet) for lang in LANGUAGES}
    files |= {
        sheet: css,
        "index.html": page("index.html", edition, sheet),
        "404.html": page("404.html", edition, sheet),
        "robots.txt": f"# {edition}\n",
        only(edition): page(only(edition), edition, sheet),
        "sitemap.xml": f"<urlset><loc>{address(only(edition))}</loc></urlset>",
        "en/a photo’s page/index.html": page("en/a photo", edition, sheet),
        "en/$(touch owned);`id`'\"/index.html": page("en/hostile", edition, sheet),
        ".hosting/nginx.conf": nginx(LANGUAGES),
    }
    for path, text in files.items():
        file = folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    return folder


def asked(url: str, headers: dict[str, str]) -> Answer:
    """One request, with its answer as it came: nothing is unpacked."""
    with urllib3.PoolManager() as pool:
        options = {"redirect": False, "retries": False, "decode_content": False, "timeout": 20}
        answer = pool.request("GET", url, headers=headers, **options)  # type: ignore[arg-type]
        return Answer(answer.status, {name.lower(): value for name, value in answer.headers.items()}, answer.data)


def seen(url: str) -> set[str]:
    """The editions that a reader meets on the pages, and on the style sheets they name. One, if the site is whole."""
    found = set()
    for path in [*PAGES, "404.html"]:
        answer = get(url + address(path))
        if path == PAGES[0] and answer.status == 404:
            return {"nothing"}
        found.add(edition_of(url, answer))
    return found


def dead_links(url: str) -> set[str]:
    """Addresses that a reader who begins at the home pages, or a machine at the site map, is sent to in vain."""
    waiting, found, dead = ["/en/", "/fr/", "/sitemap.xml"], set(), set()
    while waiting:
        place = waiting.pop()
        if place not in found:
            found.add(place)
            answer = get(url + place)
            dead |= {place} if answer.status != 200 else set()
            waiting += re.findall(r'(?:href="|<loc>)([^"<]+)', answer.body.decode())
    return dead


def edition_of(url: str, answer: Answer) -> str:
    """The edition of a page; its style sheet must be there, and of the same edition."""
    text = answer.body.decode()
    assert answer.status == 200, answer.status
    edition = text.split('name="edition" content="', 1)[1].split('"', 1)[0]
    sheet = get(url + text.split('rel="stylesheet" href="', 1)[1].split('"', 1)[0])
    assert sheet.status == 200, "the style sheet of a page is not there"
    assert f"--edition: {edition};" in sheet.body.decode()
    return edition


def altered(text: str, change: str) -> str:
    """A manifest that somebody rewrote by hand."""
    data = json.loads(text)
    page = "en/index.html"
    if change == "no files":
        data["files"] = {}
    elif change == "a page and its digest":
        data["files"][page] = "0" * 64
    elif change == "a page more":
        data["kept"]["en/more/index.html"] = "0" * 64
    elif change == "the id of another":
        data["files"][page] = "0" * 64
        data["id"] = f"{data['id'].split('-')[0]}-{content_hash({**data['kept'], **data['files']})}"
    return json.dumps(data)
