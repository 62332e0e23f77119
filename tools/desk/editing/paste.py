"""Rich text pasted into the editor: what the browser sends of its clipboard, and what comes back to put in.

Pictures whose bytes are in the clipboard have been sent before (client/paste.js), and have the address that a page has
for them. Links to our own pages become links that hold when an address changes.
"""

from __future__ import annotations

import posixpath
import re
from http import HTTPStatus
from pathlib import Path
from urllib.parse import parse_qs, parse_qsl, unquote, urlencode, urlsplit, urlunsplit

from bs4 import Tag
from pydantic import BaseModel, ValidationError
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from plugins.problems import in_language
from tools.preview.panel import RESERVED

from ..desk import Desk, desk_of
from ..site_pages import page_at, place_of
from ..spoken import language_of
from .pasted import pasted

PASTE = f"{RESERVED}paste"
# What a mail program or Google Docs puts before each address, and the field that has the address itself.
REDIRECTS = {"www.google.com/url": "q", "safelinks.protection.outlook.com/": "url"}
FOLLOWED = re.compile(r"utm_\w+|fbclid|gclid|msclkid|mc_[ce]id")  # fields that only say who led here
SCHEMES = ("https", "http", "mailto", "tel")


class Clipboard(BaseModel):
    """The HTML of a clipboard, the page that it is pasted into (en/pages/faq), the text above and below the place."""

    html: str
    page: str
    above: str = ""
    below: str = ""


async def paste(request: Request) -> Response:
    """The Markdown of what was pasted, the notes below it, and what could not be kept. 422 where there is none."""
    desk, lang = desk_of(request), language_of(request)
    try:
        sent = Clipboard.model_validate_json(await request.body())
    except ValidationError:
        return Response(status_code=HTTPStatus.BAD_REQUEST)
    path = place_of(desk, sent.page)
    if path is None:
        return Response(status_code=HTTPStatus.UNPROCESSABLE_ENTITY)
    here = {request.url.netloc, urlsplit(desk.build.address).netloc if desk.build else ""}

    def link(address: str) -> str:
        return address_of(address, desk, path, here)

    try:
        found = await run_in_threadpool(pasted, sent.html, sent.above, sent.below, link, _kept)
    except ValueError:  # tags within tags without end
        return Response(status_code=HTTPStatus.UNPROCESSABLE_ENTITY)
    told = [in_language(one, lang) for one in found.told]
    return JSONResponse({"text": found.text, "notes": found.notes, "part": found.is_part, "told": told})


def _kept(picture: Tag) -> str:
    """The address of a picture that client/paste.js has sent before; "" for one that is elsewhere."""
    address = str(picture.get("src", ""))
    return address if address.startswith("{static}") else ""


def address_of(address: str, desk: Desk, path: Path, here: set[str]) -> str:
    """An address of a clipboard as the page at `path` has it; "" for one that leads nowhere from there.

    `here` are the hosts of this site.
    """
    try:
        parts = urlsplit(address.strip())
        for place, field in REDIRECTS.items():
            if f"{parts.netloc}{parts.path}".endswith(place) and (wanted := parse_qs(parts.query).get(field)):
                parts = urlsplit(wanted[0])
    except ValueError:
        return ""
    if parts.scheme not in SCHEMES or not (parts.netloc or parts.path):
        return ""
    if parts.netloc in here:
        page = page_at(desk, unquote(parts.path))
        if page is None:
            return ""
        to = posixpath.relpath(page.path.as_posix(), path.parent.as_posix())
        return "{filename}" + to + (f"#{parts.fragment}" if parts.fragment else "")
    fields = parse_qsl(parts.query, keep_blank_values=True)
    kept = [(name, value) for name, value in fields if not FOLLOWED.fullmatch(name)]
    return urlunsplit(parts._replace(query=urlencode(kept)) if len(kept) < len(fields) else parts)


ROUTES: list[BaseRoute] = [Route(PASTE, paste, methods=["POST"])]
