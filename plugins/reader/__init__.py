"""From a Markdown file to HTML: front matter, facts, Markdown, typography; and whether it leads somewhere."""

from __future__ import annotations

from typing import Any

from jinja2 import ChoiceLoader, DictLoader
from pelican import signals

from .. import public_files
from . import cache, references, stray_files, unread
from .cache import keep_what_was_parsed
from .source import MarkdownReader, read_and_report

# Pelican loads these even where no tag, category, author or archive page is written.
NEVER_RENDERED = ["tag.html", "category.html", "author.html", "archives.html", "period_archives.html"]

__all__ = ["keep_what_was_parsed", "read_and_report", "register"]


def register() -> None:
    """Connect to Pelican, in the order of a build."""
    signals.get_generators.connect(cache.open_cache)
    signals.readers_init.connect(use_our_reader)
    signals.generator_init.connect(refuse_other_themes)
    signals.generator_init.connect(public_files.take_over)
    signals.all_generators_finalized.connect(unread.find_unread)
    signals.all_generators_finalized.connect(references.check_references)
    signals.all_generators_finalized.connect(stray_files.check_stray_files)


def use_our_reader(readers: Any) -> None:
    """On `readers_init`: our reader for Markdown, and none for formats this site does not use."""
    readers.reader_classes = {"md": MarkdownReader, "static": readers.reader_classes["static"]}


def refuse_other_themes(generator: Any) -> None:
    """On `generator_init`: a missing template is an error, not a page in Pelican's `simple` theme."""
    ours = generator.env.loader.loaders[0]
    generator.env.loader = ChoiceLoader([ours, DictLoader(dict.fromkeys(NEVER_RENDERED, ""))])
