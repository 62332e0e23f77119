"""What a request to the desk works on: the project, its preview, what was changed before."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from starlette.requests import Request

from plugins.build import Build
from plugins.problems import ROOT
from tools.preview.state import name_of

if TYPE_CHECKING:
    from tools.preview import Preview

PATIENCE = 15  # seconds for a page to be built at its new address


UPLOAD = 40_000_000  # bytes of a picture or a file, the most that arrives at once


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


async def built(desk: Desk, address: str) -> None:
    """Until the preview has a page at this new address, or has told why not: else it would not be found."""
    before, name = desk.preview.state, name_of(address)
    with suppress(TimeoutError):
        async with asyncio.timeout(PATIENCE):
            while name and (site := desk.preview.state.site) and not site.read(name):
                if desk.preview.state is not before and desk.preview.state.problems:
                    break
                await asyncio.sleep(0.05)
