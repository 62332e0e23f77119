"""A page's file as it is: for what no page shows, and for a page that cannot be read as it stands."""

from __future__ import annotations

from http import HTTPStatus
from pathlib import Path

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from plugins.build import Build
from plugins.files import refused
from plugins.problems import Message, Problem, say
from plugins.reader.blocks import problems_in
from tools.preview.panel import RESERVED

from ..desk import desk_of
from ..history.saving import Changed, digest, save
from ..shown import shown
from ..site_pages import SitePage, name_of, page_of, place_of

PLACE = f"{RESERVED}text"
ENCODING = "utf-8"


async def text(request: Request) -> Response:
    """The file of `?page=en/pages/faq`, in a form; what is sent is saved, or shown again with why not."""
    desk = desk_of(request)
    form = await request.form() if request.method == "POST" else {}
    sent = {name: value for name, value in form.items() if isinstance(value, str)}
    path = place_of(desk, sent.get("page") or request.query_params.get("page", ""))
    if path is None:
        return shown(request, "refused.html", HTTPStatus.NOT_FOUND, why=say("There is no such page."), way=False)
    data = path.read_bytes()
    if "text" not in sent:
        return _form(request, path, data, data)
    new = _typed(sent["text"], data)
    try:
        save(desk, {path: new}, {path: sent.get("seen", "")}, say("File changed: “{page}”", page=page_of(path).title))
    except Changed as error:
        return _form(request, path, new, error.now, changed=True)
    except OSError as error:
        return _form(request, path, new, data, why=refused(error))
    return RedirectResponse(f"{PLACE}?page={name_of(path)}&saved=1", HTTPStatus.SEE_OTHER)


def _typed(text: str, before: bytes) -> bytes:
    """What a browser sends of a text field, with the line endings and the mark at its start that the file had."""
    ending = "\r\n" if b"\r\n" in before else "\n"
    mark = "\ufeff" if before.startswith("\ufeff".encode()) else ""
    lines = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n").split("\n")
    if lines[-1] and (before.endswith(b"\n") or not before):
        lines.append("")
    return (mark + ending.join(lines)).encode(ENCODING, "replace")


def _form(
    request: Request, path: Path, text: bytes, now: bytes, changed: bool = False, why: Message | None = None
) -> Response:
    page: SitePage = page_of(path)
    build = desk_of(request).build
    return shown(
        request,
        "text.html",
        title=page.title,
        page=page.name,
        address=page.address,
        text=text.decode(ENCODING, "replace").removeprefix("\ufeff"),
        seen=digest(now),
        changed=now.decode(ENCODING, "replace") if changed else "",
        refused=why,
        saved="saved" in request.query_params,
        problems=_problems(path, text, build),
    )


def _problems(path: Path, text: bytes, build: Build | None) -> list[Problem]:
    return problems_in(path, text, build) if build else []


ROUTES: list[BaseRoute] = [Route(PLACE, text, methods=["GET", "POST"])]
