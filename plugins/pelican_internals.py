"""What the site uses of Pelican that Pelican does not promise to keep; each part with its reason.

tests/plugins/test_pelican_internals.py names the version that this was read in: a newer one begins there. Nothing else
uses a private name of Pelican's, which the lint (ruff SLF001) sees to.
"""

from __future__ import annotations

from typing import IO

from pelican.contents import Content
from pelican.log import LimitFilter
from pelican.writers import Writer


def html_of(content: Content) -> str:
    """The HTML of a page as our reader made it. `content.content` would put in addresses, which are not known yet."""
    html: str = content._content
    return html


def set_html(content: Content, html: str) -> None:
    """Replace it. `content.content` can only be read."""
    content._content = html


def addressed(html: str, content: Content) -> str:
    """`html` as it stands in the page `content`, with the addresses of what it links to."""
    result: str = content._update_content(html, content.get_siteurl())
    return result


def forget_pages() -> None:
    """Let go of the pages of earlier builds of this process: Pelican keeps each one for ever."""
    for remembered in (Content.get_content, Content.get_summary):
        remembered.cache.clear()


def forget_warnings() -> None:
    """Have Pelican tell again what it told in an earlier build of this process: it tells a sentence once."""
    LimitFilter._raised_messages.clear()


class TextWriter(Writer):
    """A writer whose files are opened by `open_text`: Pelican has no other place to say where a text goes."""

    def _open_w(self, filename: str, encoding: str, override: bool = False) -> IO[str]:
        return self.open_text(filename)

    def open_text(self, filename: str) -> IO[str]:
        """The file at this full path, to be written; a context manager. Always UTF-8."""
        raise NotImplementedError
