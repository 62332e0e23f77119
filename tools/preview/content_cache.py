"""What the preview keeps in memory from one build to the next: parsed files, Pelican's own page objects."""

from __future__ import annotations

import copy
from pathlib import Path
from typing import Any

from pelican.contents import Content

from plugins.pelican_internals import forget_pages
from plugins.reader.cache import Parsed


class ContentCache:
    """Parsed files, and a page object for each, as it was before a build worked on it.

    Making a page object takes Pelican longer than all else about a page that did not change. One is used again while
    its file still comes to the very same result, which `parsed` answers for; settings other than facts are code, and
    a preview starts anew when code changes.
    """

    def __init__(self) -> None:
        self.parsed = Parsed()
        self._contents: dict[str, Content] = {}  # by the path in the content folder

    def attach(self, generator: Any) -> None:
        """On `generator_init`: for a generator that reads pages, stand where Pelican would have its cache of them."""
        if not hasattr(generator, "get_cached_data"):
            return
        forget_pages()

        def get(name: str, default: Any = None) -> Any:
            kept = self._contents.get(name)
            if kept is None:
                return default
            source = self.parsed.get(kept.source_path, Path(kept.source_path).read_bytes())
            if getattr(kept, "waits", False) or source is None or source.metadata["page_links"] is not kept.page_links:
                return default
            return _copied(kept, settings=generator.settings, _context=generator.context)

        def put(name: str, content: Content) -> None:
            final = {"override_url": content.url, "override_save_as": content.save_as}
            self._contents[name] = _copied(content, **final)

        generator.get_cached_data, generator.cache_data = get, put


def _copied(content: Content, **changed: Any) -> Content:
    """A page object of its own; values of the front matter are shared, and nothing in a build changes those."""
    copied = copy.copy(content)
    copied.metadata, copied.translations = dict(content.metadata), []
    vars(copied).update(changed)
    return copied
