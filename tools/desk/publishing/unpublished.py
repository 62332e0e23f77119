"""What a publication would change: each page whose file is another than the one last published, with its words."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from babel.dates import format_date

from plugins.build import LANGUAGES
from plugins.i18n.alignment import pairs
from plugins.problems import Message, say
from tools.publish.record import Published, sources_now

from ..desk import Desk
from ..history.differences import FACTS, Difference, differences, matter
from ..history.history import before_and_after, entries
from ..history.saving import digest
from ..pages import pages
from ..site_pages import SitePage, page_of

TOLD = 40  # pages of which the words are told
ENTRIES = 2000  # of the history that are looked through for what was published
NAMES = {FACTS: say("Facts about the practice"), "content/data/navigation.toml": say("Menus")}


@dataclass(frozen=True)
class Unpublished:
    """A file that readers do not have as it is here: `kind` is new, changed or gone; addresses "" where it has none."""

    kind: str
    title: Message | str
    lang: str = ""
    live: str = ""
    here: str = ""
    differences: list[Difference] = field(default_factory=list)


def unpublished(desk: Desk, last: Published | None) -> list[Unpublished]:
    """What differs from the last publication; all that readers will see, where there was none."""
    was, now = (dict(last.files) if last else {}), sources_now(desk.content)
    names = sorted(name for name in was | now if was.get(name) != now.get(name) and "/" in name)
    before = as_published(desk, {f"content/{name}": was[name] for name in names[:TOLD] if name in was})
    found = []
    for number, name in enumerate(names):
        path = f"content/{name}"
        old, new = before.get(path), (desk.content / name).read_bytes() if name in now else None
        page = page_of(desk.root / path) if name.endswith(".md") and len(Path(name).parts) == 3 else None
        if page and page.draft and name not in was:
            continue  # nobody will see it yet
        told = differences(desk, path, old, new) if old and new and number < TOLD else []
        kind = "new" if name not in was else "gone" if new is None else "changed"
        found.append(_one(kind, path, page, old, last, told))
    return found


def _one(
    kind: str, path: str, page: SitePage | None, old: bytes | None, last: Published | None, told: list[Difference]
) -> Unpublished:
    if page is None:
        return Unpublished(kind, NAMES.get(path, say("{name}", name=Path(path).name)), differences=told)
    there = SitePage.of(page.path, matter((old or b"").decode("utf-8-sig", "replace"))) if old else page
    live = f"{last.url}{there.public}" if last and last.url and kind != "new" and there.public else ""
    title = there.title if kind == "gone" else page.title
    return Unpublished(kind, title, page.lang, live, "" if kind == "gone" else page.address, told)


def as_published(desk: Desk, wanted: dict[str, str]) -> dict[str, bytes]:
    """The bytes of files with these digests, by path, as far as the history has them."""
    found: dict[str, bytes] = {}
    for entry in entries(desk, count=ENTRIES) if wanted else ():
        for path in (wanted.keys() - found.keys()).intersection(entry.files):
            for data in before_and_after(desk, entry, path):
                if data and digest(data) == wanted[path]:
                    found[path] = data
        if len(found) == len(wanted):
            break
    return found


def waiting(desk: Desk, lang: str) -> list[tuple[SitePage, str]]:
    """The pages that wait for their date, the nearest first, with the date in words."""
    locale = LANGUAGES[lang].locale
    return [(page, format_date(page.waits, "long", locale)) for page in pages.waiting(desk)]


def behind(desk: Desk) -> list[SitePage]:
    """The pages that have not followed their other language, and so keep the site from being published."""
    stale = [pair for pair in pairs(desk.content, tuple(LANGUAGES)) if pair.state == "stale" and not pair.draft]
    return [page_of(pair.versions[lang].path) for pair in stale for lang in pair.behind()]
