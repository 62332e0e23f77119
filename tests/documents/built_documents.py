"""A published build with fictitious facts, and what its documents should be."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from plugins.documents.downloads import Download
from plugins.pdf.form_fields import entries
from plugins.problems import ROOT
from tests.documents.checks import Spec
from tests.documents.tree_queries import headings
from tools.build import build

FACTS = ROOT / "tests" / "fixtures" / "practice.toml"
NAMES = [("process-guide", "en"), ("process-guide", "fr"), ("smart-worksheet", "en"), ("smart-worksheet", "fr")]


@dataclass
class Site:
    """A built site: its folder, and its documents by (name, language)."""

    output: Path
    documents: dict[tuple[str, str], Download]
    cache: Path

    def pdf(self, name: str, lang: str) -> Path:
        return self.output / self.documents[name, lang].target

    def spec(self, name: str, lang: str) -> Spec:
        """What this document should be, from its data file and its Markdown, not from the PDF."""
        prepared = self.documents[name, lang].prepared
        value, data = prepared.value, prepared.value["data"]
        wanted: list[tuple[int, str]] = []
        if value["chapters"]:
            wanted = [(1, value["words"]["contents"]), *headings(value["chapters"], data.get("forms", []))]
        else:
            wanted = [(1, data["title"]), *((2, step["title"]) for step in data["steps"])]
        assert len(list(entries(data))) == len(prepared.fields)
        return Spec(lang, value["title"], wanted, prepared.fields)


def build_site(folder: Path, **overrides: Any) -> Site:
    """A published build into `folder`, with caches of its own."""
    built = build(
        folder / "site",
        True,
        FACTS,
        {"cache": folder / "cache"} | overrides,
    )
    assert built.output, "\n".join(str(problem) for problem in built.problems)
    assert built.build
    return Site(built.output, built.build.documents, folder / "cache" / "documents")
