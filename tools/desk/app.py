"""The desk as an application: the preview's, with the desk's pages, and the bar on each page of the site."""

from __future__ import annotations

from starlette.applications import Starlette

from tools.preview.app import application

from .desk import Desk

ROUTES = []  # of each module of the desk


def desk_application(desk: Desk) -> Starlette:
    """What answers requests for the desk and its preview."""
    app = application(desk.preview, ROUTES)
    app.state.desk = desk
    return app
