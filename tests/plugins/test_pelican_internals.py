"""What is used of Pelican without a promise: it is as it was in the version named here."""

from __future__ import annotations

from importlib.metadata import version
from io import StringIO
from pathlib import Path
from typing import IO

from jinja2 import Template
from pelican.contents import Content
from pelican.log import LimitFilter
from pelican.settings import DEFAULT_CONFIG

from plugins.pelican_internals import TextWriter, forget_pages, forget_warnings, html_of, set_html


def test_this_is_the_version_whose_private_parts_were_read() -> None:
    """A newer one? Read plugins/pelican_internals.py beside its source, run all tests, then name it here."""
    assert version("pelican").startswith("4.12.")


def test_the_html_of_a_page_can_be_had_and_replaced() -> None:
    page = Content("<p>One</p>", settings=DEFAULT_CONFIG)
    assert html_of(page) == "<p>One</p>"
    set_html(page, "<p>Two</p>")
    assert page.content == "<p>Two</p>"


def test_pages_and_warnings_are_forgotten() -> None:
    page = Content("<p>One</p>", settings=DEFAULT_CONFIG)
    assert page.get_content("") == "<p>One</p>"
    LimitFilter._raised_messages.add("said")  # noqa: SLF001
    assert Content.get_content.cache
    forget_pages()
    forget_warnings()
    assert not Content.get_content.cache
    assert not LimitFilter._raised_messages  # noqa: SLF001


def test_pelican_writes_where_we_say(tmp_path: Path) -> None:
    opened = []

    class Noted(TextWriter):
        def open_text(self, filename: str) -> IO[str]:
            opened.append(Path(filename))
            return StringIO()

    settings = {"SLUGIFY_SOURCE": "title", "CACHE_PATH": "", "RELATIVE_URLS": False}
    Noted(str(tmp_path), settings).write_file(
        "page.html", Template("<p>One</p>"), {"localsiteurl": ""}, url="page.html"
    )
    assert opened == [tmp_path / "page.html"]
