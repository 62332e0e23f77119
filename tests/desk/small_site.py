"""A few pages of the site in a folder of their own, with a build to read them, and none that is on show."""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from pathlib import Path
from types import SimpleNamespace

from plugins.build import build_of
from plugins.i18n.languages import Site
from plugins.practice.facts import load_facts
from plugins.problems import ROOT
from tools.build import settings_for
from tools.desk.desk import Desk
from tools.preview import Preview


def small_site(root: Path, names: Iterable[str]) -> Desk:
    """A desk over copies of the pages with these names (en/pages/faq), and fictitious facts."""
    for name in names:
        (root / "content" / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(ROOT / "content" / f"{name}.md", root / "content" / f"{name}.md")
    facts = ROOT / "tests" / "fixtures" / "practice.toml"
    settings = settings_for(root / "out", False, facts, {"PATH": str(root / "content"), "cache": root / "cache"})
    load_facts(SimpleNamespace(settings=settings))
    preview = Preview(root / "builds", live=True)
    preview.build = build_of(settings)
    preview.build.site = Site(preview.build)
    return Desk(preview, root)
