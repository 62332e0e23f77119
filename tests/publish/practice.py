"""The real pages, as published with invented facts that for once claim to be true; some have old addresses."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from plugins.problems import ROOT
from tools.build import build
from tools.publish.compress import compress

ALIASES = {"en/pages/faq.md": "[/en/old-faq/, /questions/old.html]", "fr/pages/faq.md": "[/fr/questions/]"}


@dataclass(frozen=True)
class Practice:
    """The built site, and the facts it was built with."""

    site: Path
    facts: Path


def claimed(fictitious: Path, folder: Path) -> Path:
    """The facts for tests, claiming to be true: only so can a test publish the real pages."""
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / "practice.toml"
    file.write_text(fictitious.read_text(encoding="utf-8").replace("fictitious = true", "fictitious = false"))
    return file


def copied(folder: Path) -> dict[str, Any]:
    """A copy of the words, to change; what a build that reads it is told."""
    content = folder / "content"
    shutil.rmtree(content, ignore_errors=True)
    shutil.copytree(ROOT / "content", content)
    return {"PATH": str(content), "cache": folder / "cache"}


def with_aliases(folder: Path, aliases: dict[str, str]) -> dict[str, Any]:
    """Such a copy with `aliases:` lines in some of its pages."""
    settings = copied(folder)
    for page, line in aliases.items():
        file = Path(settings["PATH"]) / page
        text = file.read_text(encoding="utf-8")
        file.write_text(text.replace("---\n", f"---\naliases: {line}\n", 1), encoding="utf-8")
    return settings


def build_practice(folder: Path, fictitious: Path) -> Practice:
    """Build it, with the compressed copies a publish puts beside the files."""
    facts = claimed(fictitious, folder)
    built = build(folder / "site", True, facts, with_aliases(folder, ALIASES))
    assert built.output, "\n".join(str(problem) for problem in built.problems)
    compress(built.output)
    return Practice(built.output, facts)
