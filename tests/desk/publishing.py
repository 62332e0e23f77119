"""A desk that publishes: a small project of its own, and what its owner does and reads on the pages of the desk."""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

import pytest
from starlette.applications import Starlette

from plugins.problems import ROOT
from tests.desk.asking import Answer, ask
from tests.publish.sites import make_site
from tests.tools.preview_session import until
from tools.desk.desk import Desk
from tools.desk.history import history_pages
from tools.desk.keys import Keys
from tools.desk.publishing import places
from tools.desk.publishing import publish as publishing
from tools.preview import Preview
from tools.publish.job import last_job, running

PAGE = "---\ntitle: {title}\nslug: {slug}\ndate: 2026-01-01\ndescription: Nothing but a page.\n---\n\n{text}\n"


@dataclass
class Publisher:
    """Who publishes from the desk in `root`."""

    root: Path
    patch: pytest.MonkeyPatch

    def __post_init__(self) -> None:
        for lang, text in (("en", "What people ask before they begin."), ("fr", "Les questions d’avant.")):
            self.write(f"content/{lang}/pages/faq.md", PAGE.format(title="Questions", slug="faq", text=text))
        self.patch.setenv("PYTHONPATH", str(ROOT))
        self.open()

    def open(self) -> None:
        """The desk, as it is when it is started: nothing of an earlier one is known but what lies on the disk."""
        preview = Preview(self.root / "builds")
        routes = [*publishing.ROUTES, *places.ROUTES, *history_pages.ROUTES]
        self.app = Starlette(routes=routes)
        self.app.state.desk, self.app.state.preview = Desk(preview, self.root), preview
        self.app.state.keys = Keys(self.root / ".cache" / "desk")

    def write(self, name: str, text: str) -> Path:
        file = self.root / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
        return file

    def target(self, **entry: object) -> None:
        """Where it goes, as a developer would write it."""
        lines = [f"{key} = {json.dumps(value)}" for key, value in entry.items() if key != "name" and value is not None]
        self.write("publish.toml", "\n".join(['target = "host"', "[targets.host]", *lines]) + "\n")

    def site(self, edition: str, step: str = "", signal_name: str = "SIGKILL") -> None:
        """What is published from now on; the publisher dies at this step."""
        folder = make_site(self.root / "made" / edition, edition)
        arguments = [str(self.root), str(folder), step, signal_name]
        self.patch.setattr(publishing, "COMMAND", [sys.executable, "-m", "tests.desk.publisher", *arguments])

    def ask(self, address: str, fields: dict[str, str] | None = None, lang: str = "en") -> Answer:
        body = None if fields is None else urlencode(fields).encode()
        return ask(self.app, f"/.preview/{address}", body, lang=lang)

    def do(self, what: str, **fields: str) -> None:
        """Press a button, and wait for the end."""
        assert self.ask("publish", {"do": what, **fields}).status == 303
        self.ended()

    def ended(self) -> None:
        until(lambda: last_job(self.root) and not running(self.root), "the publication ends")

    def reads(self, address: str = "publish", lang: str = "en") -> str:
        """The words of a page."""
        answer = self.ask(address, lang=lang)
        assert answer.status == 200, answer.text
        main = answer.page.find("main")
        assert main
        return " ".join(main.get_text(" ").split())
