"""One build of the preview: Pelican as ever, but the pages someone is looking at are written first, and announced.

Pelican's generators ask a writer to write one file after the other. This writer notes what they ask, and writes at the
end: first the pages that were edited or are open in a browser, then, when those are on show, documents and the rest.
Nothing is written before every source was read and found good, so what comes first comes from a sound build.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pelican import signals

from plugins.build import build_of
from plugins.documents.build import render_documents
from plugins.i18n.drafts import drafts_of
from plugins.problems import say
from tools.writing import Job, NotingWriter

from .kept import Kept


class Superseded(BaseException):
    """Raised between two pages when another file was saved: the next build has all that this one would have shown.

    Not an Exception, because nothing is wrong: a build must not report it.
    """


@dataclass(frozen=True)
class Draft:
    """A draft as the panel lists it."""

    title: str
    url: str
    lang: str


@dataclass
class Rebuild:
    """What one build is told, and what it says."""

    kept: Kept
    edited: frozenset[str]  # sources, as absolute paths
    open_pages: Callable[[], set[str]]  # output files
    announce: Callable[[dict[str, bytes]], None] | None  # is given the first files; None: nothing comes first
    superseded: Callable[[], bool]
    documents: dict[Any, Any]  # the downloads of the build before, and in the end of this one
    tell: Callable[[str], None] = lambda _: None  # is told how far it is
    drafts: list[Draft] = field(default_factory=list)
    _generators: list[Any] = field(default_factory=list)

    @contextmanager
    def connected(self) -> Iterator[None]:
        """Take part in the builds that run meanwhile."""
        receivers = {
            signals.initialized: self._postpone_documents,
            signals.generator_init: self._share_pages,
            signals.all_generators_finalized: self._follow,
        }
        for signal, receiver in receivers.items():
            signal.connect(receiver)
        try:
            yield
        finally:
            for signal, receiver in receivers.items():
                signal.disconnect(receiver)

    def _postpone_documents(self, pelican: Any) -> None:
        """PDFs take longer than a page: until they are made, pages link to those of the build before."""
        signals.all_generators_finalized.disconnect(render_documents)
        build_of(pelican.settings).documents = self.documents
        self.tell(say("Reading the texts…"))

    def make_documents(self) -> None:
        """Render what documents changed."""
        self.tell(say("Making the PDFs…"))
        render_documents(self._generators)
        self.documents = build_of(self._generators[0].settings).documents

    def _share_pages(self, generator: Any) -> None:
        if hasattr(generator, "get_cached_data"):
            self.kept.attach(generator)

    def _follow(self, generators: list[Any]) -> None:
        """Note the drafts, and the generators, which make the documents afterwards."""
        self.drafts = [Draft(draft.title, f"/{draft.url}", draft.lang) for draft in drafts_of(generators)]
        self._generators = generators

    def writer(self) -> type[OrderedWriter]:
        """What writes the pages of this build."""
        return type("Writer", (OrderedWriter,), {"rebuild": self})


class OrderedWriter(NotingWriter):
    """Writes the pages that are waited for first."""

    rebuild: Rebuild

    def write_all(self) -> None:
        rebuild, opened = self.rebuild, self.rebuild.open_pages()
        if rebuild.superseded():  # what was read may be half of a file that was being saved
            raise Superseded
        first = [job for job in self.jobs if job.name in opened or self._is_edited(job)] if rebuild.announce else []
        if first and rebuild.announce:
            output = Path(self.output_path)
            names = [path.relative_to(output).as_posix() for path in output.rglob("*") if path.is_file()]
            for job in first:
                self.render(job, keep=False)  # at once: to know what it is made of takes as long as a page
            names += [job.name for job in first]
            rebuild.announce({name: (output / name).read_bytes() for name in names})
        rebuild.make_documents()
        rebuild.tell(say("Writing {count} pages…", count=len(self.jobs)))
        for job in self.jobs:
            if job not in first or getattr(job.content, "documents", None):  # these tell size and date of documents
                if rebuild.superseded():
                    raise Superseded
                self.write(job)
        self.rendered.save()

    def _is_edited(self, job: Job) -> bool:
        return job.source in self.rebuild.edited
