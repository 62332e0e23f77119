"""What a request to the desk works on: the project, its preview, what was changed before."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from starlette.requests import Request

from plugins.build import Build
from plugins.problems import ROOT

if TYPE_CHECKING:
    from tools.preview import Preview


@dataclass
class Desk:
    """One for each preview. Pages get it by `desk_of`."""

    preview: Preview
    root: Path = ROOT

    @property
    def content(self) -> Path:
        """The folder of the pages."""
        return self.root / "content"

    @property
    def build(self) -> Build | None:
        """The last build that had facts, good or not, to read pages with; None before there is one."""
        return self.preview.build


def desk_of(request: Request) -> Desk:
    """The desk that a request is for."""
    desk: Desk = request.app.state.desk
    return desk
