"""Has an application answer a request, beside browsers of other tests."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor

from starlette.types import ASGIApp, Receive, Scope, Send


def answer(app: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
    """In a thread of its own: Playwright keeps an event loop running in the one that the tests have."""

    async def asked() -> None:
        await app(scope, receive, send)

    with ThreadPoolExecutor(1) as thread:
        thread.submit(asyncio.run, asked()).result()
