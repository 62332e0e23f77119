"""A copy of the site's texts and a desk over it, without a server: as its owner's browser asks it."""

from __future__ import annotations

import shutil
import tomllib
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlencode

from starlette.applications import Starlette

from plugins.frontmatter_edit import values_of, with_values
from plugins.problems import ROOT, Problem
from tests.desk.asking import Answer, ask
from tools.check import check
from tools.desk.app import ROUTES
from tools.desk.desk import Desk
from tools.desk.keys import Keys
from tools.preview import Preview


@dataclass
class Site:
    """The copy, and who owns it."""

    desk: Desk
    app: Starlette

    def get(self, address: str, lang: str = "en") -> Answer:
        return ask(self.app, f"/.preview/{address}", lang=lang)

    def post(self, address: str, lang: str = "en", **fields: Any) -> Answer:
        return ask(self.app, f"/.preview/{address}", urlencode(fields, doseq=True).encode(), lang=lang)

    def file(self, name: str) -> Path:
        return self.desk.content / f"{name}.md"

    def text(self, name: str) -> str:
        return self.file(name).read_text(encoding="utf-8")

    def values(self, name: str) -> dict[str, Any]:
        return values_of(self.file(name).read_bytes())

    def change(self, name: str, **values: Any) -> None:
        """Another program changes the front matter of a page."""
        self.file(name).write_bytes(with_values(self.file(name).read_bytes(), values))

    def replace(self, name: str, old: str, new: str) -> None:
        text = self.text(name)
        assert old in text
        self.file(name).write_text(text.replace(old, new, 1), encoding="utf-8")

    @property
    def menus(self) -> dict[str, list[str]]:
        return tomllib.loads((self.desk.content / "data" / "navigation.toml").read_text(encoding="utf-8"))

    def all(self) -> dict[str, bytes]:
        """Every file of the texts and data."""
        content = self.desk.content
        return {str(file.relative_to(content)): file.read_bytes() for file in content.rglob("*.*") if file.is_file()}

    def errors(self, practice: Path) -> list[Problem]:
        """What would stop a publication of these texts, with facts that are complete."""
        overrides = {"PATH": str(self.desk.content), "published": True}
        found = check(practice=practice, overrides=overrides, only=("build", "pairs", "statements"))
        return [one.problem for one in found if one.problem.severity == "error"]


def site_in(root: Path) -> Site:
    """A desk over a copy of the site's texts in `root`; nothing is built."""
    shutil.copytree(ROOT / "content", root / "content")
    shutil.copytree(ROOT / "theme", root / "theme")
    preview = Preview(root / "builds")
    preview.build = SimpleNamespace(  # type: ignore[assignment]
        facts=SimpleNamespace(trade_name="Trajectoires"),
        address="https://practice.test",
        gaps=[],
        site=SimpleNamespace(contents=[], drafts={}),
    )
    app = Starlette(routes=ROUTES)
    app.state.desk, app.state.preview = Desk(preview, root), preview
    app.state.keys = Keys(root / ".cache" / "desk")
    return Site(app.state.desk, app)
