"""The desk's own pages, with the bar and a policy of their own."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from tools.preview.panel import RESERVED

from .bar import SENTENCES, bar_of
from .desk import desk_of
from .spoken import language_of, words

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; frame-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'; "
    "require-trusted-types-for 'script'; trusted-types 'none'"
)
# With the site's no-referrer, a form would be sent with “Origin: null” (Fetch, append a request Origin header).
HEADERS = {"Content-Security-Policy": POLICY, "Referrer-Policy": "same-origin", "Cache-Control": "no-store"}


def shown(request: Request, name: str, status: HTTPStatus = HTTPStatus.OK, **values: Any) -> Response:
    """A page of the desk: the template `name`, which extends desk.html, with its `values`."""
    common = {"desk": desk_of(request), "here": request.url.path, "reserved": RESERVED, "bar": bar_of(request)}
    page = words(name, language_of(request), sentences=SENTENCES, **common, **values)
    return HTMLResponse(page, status, HEADERS)
