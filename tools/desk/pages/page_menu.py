"""Where a page stands in the menus (content/data/navigation.toml): read, asked for, and written without other changes.

A place is written `primary/about`: in that menu, after that page; `primary/` is its beginning, "" is no menu.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import tomlkit

from plugins.practice.data import MOST_IN_HEADER
from plugins.problems import Message, say

from ..desk import Desk
from ..site_pages import SitePage

MENUS = {
    "primary": say("top of every page"),
    "footer": say("foot of every page"),
    "legal": say("legal pages, at the foot"),
}
BOM = "\ufeff"


def read(desk: Desk) -> Menus:
    """The menus as they are. Raises OSError, and ValueError where they cannot be read."""
    path = desk.content / "data" / "navigation.toml"
    data = path.read_bytes()
    written = tomlkit.parse(data.decode("utf-8-sig"))
    return Menus(path, data, {name: [str(key) for key in written.get(name, [])] for name in MENUS})


@dataclass(frozen=True)
class Menus:
    """The file and what it says: the keys of pages, by menu."""

    path: Path
    data: bytes
    keys: dict[str, list[str]]

    def place(self, key: str) -> str:
        """Where a page is; the first place, should it have several."""
        for name, keys in self.keys.items():
            if key in keys:
                return f"{name}/{['', *keys][keys.index(key)]}"
        return ""

    def choices(self, key: str, pages: list[SitePage]) -> dict[str, Message]:
        """Every place that a page can have, in words."""
        titles = {page.key: page.menu_title for page in pages}
        found = {"": say("in no menu")}
        for name, menu in MENUS.items():
            found[f"{name}/"] = say("{menu}: first", menu=menu)
            for other in self.keys[name]:
                if other != key:
                    found[f"{name}/{other}"] = say("{menu}: after “{title}”", menu=menu, title=titles.get(other, other))
        return found

    def wrong(self, place: str, page: SitePage, others: dict[str, list[SitePage]]) -> Iterator[Message]:
        """Why a page cannot have this place; `others` are the other pages by language."""
        keys = {*self.keys["primary"], page.key}
        if place.startswith("primary/") and len(keys) > MOST_IN_HEADER:
            yield say("The top of the page has room for {most}: take another one out first.", most=MOST_IN_HEADER)
        pair = [one for pages in others.values() for one in pages if one.key == page.key and not one.draft]
        if page.draft or not pair:
            yield say("A menu is the same in both languages: only a page that both have, not a draft, can be in it.")

    def moved(self, key: str, place: str) -> bytes:
        """The file with a page at this place and no other."""
        wanted, _, after = place.partition("/")
        changed = {name: [one for one in keys if one != key] for name, keys in self.keys.items()}
        if wanted in changed:
            changed[wanted].insert([*changed[wanted], after].index(after) + 1 if after else 0, key)
        return self.written(changed)

    def written(self, wanted: Mapping[str, list[str]]) -> bytes:
        """The file with these pages, in this order, in each of its menus that is named. Remarks, line endings stay."""
        text = self.data.decode()
        file = tomlkit.parse(text.removeprefix(BOM))
        for name, keys in wanted.items():
            entries = file[name]
            assert isinstance(entries, list)
            for key in [key for key in entries if key not in keys]:
                entries.remove(key)
            for at, key in enumerate(keys):
                if entries[at : at + 1] != [key]:
                    if key in entries:
                        entries.remove(key)
                    entries.insert(at or 1, key)  # at the beginning, tomlkit would leave no space behind it
                    if at == 0 and len(entries) > 1:
                        entries[0], entries[1] = key, entries[0]
            del entries[len(keys) :]
        return ((BOM if text.startswith(BOM) else "") + tomlkit.dumps(file)).encode()
