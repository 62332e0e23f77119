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
from pelican.writers import Writer

from plugins.documents.build import render_documents
from plugins.i18n.drafts import drafts_of

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
    drafts: list[Draft] = field(default_factory=list)
    _generators: list[Any] = field(default_factory=list)

    @contextmanager
    def connected(self) -> Iterator[None]:
        """Take part in the builds that run meanwhile."""
        receivers = {
            signals.initialized: self._postpone_documents,
            signals.generator_init: self._share_pages,
            signals.all_generators_finalized: self._follow,
            signals.get_writer: self._writer,
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
        pelican.settings["DOCUMENTS_MADE"] = self.documents

    def make_documents(self) -> None:
        """Render what documents changed."""
        render_documents(self._generators)
        self.documents = self._generators[0].settings["DOCUMENTS_MADE"]

    def _share_pages(self, generator: Any) -> None:
        if hasattr(generator, "get_cached_data"):
            self.kept.attach(generator)

    def _follow(self, generators: list[Any]) -> None:
        """Note the drafts, and stand behind the last of Pelican's generators."""
        self.drafts = [Draft(draft.title, f"/{draft.url}", draft.lang) for draft in drafts_of(generators)]
        self._generators = generators
        generators.append(_Last())

    def _writer(self, pelican: Any) -> type[Writer]:
        return type("Writer", (OrderedWriter,), {"rebuild": self})


class _Last:
    """Lets the writer write, when everything has been asked of it."""

    def generate_output(self, writer: OrderedWriter) -> None:
        writer.write_all()


@dataclass(frozen=True, eq=False)
class _Job:
    """One call of `write_file`."""

    name: str
    args: tuple[Any, ...]
    kwargs: dict[str, Any]

    @property
    def content(self) -> Any:
        return self.kwargs.get("page") or self.kwargs.get("article")


class OrderedWriter(Writer):
    """Notes what is to be written; `write_all` writes it, the pages that are waited for first."""

    rebuild: Rebuild

    def __init__(self, output_path: str, settings: dict[str, Any]) -> None:
        super().__init__(output_path, settings=settings)
        self._jobs: list[_Job] = []

    def write_file(self, name: str, *args: Any, **kwargs: Any) -> None:
        self._jobs.append(_Job(name, args, kwargs))

    def write_all(self) -> None:
        rebuild, opened = self.rebuild, self.rebuild.open_pages()
        first = [job for job in self._jobs if job.name in opened or self._is_edited(job)] if rebuild.announce else []
        if first and rebuild.announce:
            output = Path(self.output_path)
            names = [path.relative_to(output).as_posix() for path in output.rglob("*") if path.is_file()]
            for job in first:
                self._write(job)
            names += [job.name for job in first]
            rebuild.announce({name: (output / name).read_bytes() for name in names})
        rebuild.make_documents()
        for job in self._jobs:
            if job not in first or getattr(job.content, "documents", None):  # these tell size and date of documents
                if rebuild.superseded():
                    raise Superseded
                self._write(job)

    def _is_edited(self, job: _Job) -> bool:
        return job.content is not None and job.content.source_path in self.rebuild.edited

    def _write(self, job: _Job) -> None:
        self._written_files.discard(str(Path(self.output_path, job.name)))  # what came first may come again
        super().write_file(job.name, *job.args, **job.kwargs)
