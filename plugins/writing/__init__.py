"""The last part of a build: pictures are fitted, documents made, pages written, pictures for shared links drawn.

No page is written before every source was read and found good. Where somebody looks at the site meanwhile (a preview),
the pages that are waited for come before all else.
"""

from __future__ import annotations

from typing import Any

from jinja2 import pass_context
from pelican import signals

from plugins.build import Build, build_of
from plugins.documents.build import make_documents, write_documents
from plugins.i18n.catalogs import language_of
from plugins.problems import BuildStopped, counted, say
from plugins.reader import keep_what_was_parsed
from plugins.social_pictures import write_pictures

from .download_links import with_facts
from .pictures import make_pictures, with_pictures
from .writer import PageWriter


def register() -> None:
    """Connect to Pelican."""
    signals.generator_init.connect(install_shown)
    signals.get_writer.connect(page_writer)
    signals.finalized.connect(write_site)


def install_shown(generator: Any) -> None:
    """On `generator_init`: the filter `shown`, a page's text with what is made for its pictures and links."""
    build = build_of(generator.settings)
    generator.env.filters["shown"] = pass_context(lambda context, html: as_shown(build, html, language_of(context)))


def as_shown(build: Build, html: str, lang: str) -> str:
    """`html` of a page in the language `lang`, with its addresses, as a reader gets it."""
    return with_facts(build, with_pictures(build, html), lang)


def page_writer(pelican: Any) -> type[PageWriter]:
    """On `get_writer`, the last signal before anything is written. Raises BuildStopped when an error was reported."""
    build = build_of(pelican.settings)
    if build.errors and build.viewer is None:
        make_documents(build)  # so that what is wrong with them is told at once too
    stop_on_problems(build)
    return PageWriter


def write_site(pelican: Any) -> None:
    """On `finalized`, when Pelican’s generators have asked for all files. Raises BuildStopped for a wrong document."""
    build = build_of(pelican.settings)
    writer = build.writer
    writer.write_first()
    make_pictures(build, [job.content for job in writer.jobs if job.content])
    build.tell(say("Making the PDFs…"))
    make_documents(build)
    stop_on_problems(build)
    build.tell(counted(len(writer.jobs), say("Writing {count} page…"), say("Writing {count} pages…")))
    writer.write_rest()
    write_documents(build)
    write_pictures(build, [job.content for job in writer.jobs if job.content])
    keep_what_was_parsed(build)
    if build.picture_sizes:
        build.picture_sizes.keep_only_used()


def stop_on_problems(build: Build) -> None:
    """Raises BuildStopped when an error was reported."""
    if errors := build.errors:
        keep_what_was_parsed(build)
        raise BuildStopped(errors)
