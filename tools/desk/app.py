"""The desk as an application: the preview's, with the desk's pages, and the bar on each page of the site."""

from __future__ import annotations

from pathlib import Path

from starlette.applications import Starlette
from starlette.middleware import Middleware

from tools.preview.app import application, client

from . import computer, entry, overview
from .bar import dress
from .desk import Desk
from .editing import edit, paste, text
from .facts import facts
from .history import history_pages
from .keys import keys_of
from .languages import languages
from .pages import deletion, menu, new, pages, settings
from .pictures import picture_pages
from .publishing import places, publish

ROOMS = (
    computer,
    deletion,
    edit,
    entry,
    facts,
    history_pages,
    languages,
    menu,
    new,
    overview,
    pages,
    paste,
    picture_pages,
    places,
    publish,
    settings,
    text,
)
ROUTES = [route for room in ROOMS for route in room.ROUTES]


def desk_application(desk: Desk) -> Starlette:
    """What answers requests for the desk and its preview."""
    files = client(Path(__file__).parent)
    app = application(desk.preview, ROUTES, [Middleware(entry.Entry)], dress, files)
    app.state.desk, app.state.keys = desk, keys_of(desk.root)
    return app
