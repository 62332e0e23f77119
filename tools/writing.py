"""Writes the pages of a build: noted as Pelican's generators ask for them, written together at the end."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from io import StringIO
from pathlib import Path
from typing import Any

from pelican import signals
from pelican.writers import Writer

from plugins.build import build_of
from plugins.files import link
from plugins.outputs import admit
from plugins.parallel import in_shares
from plugins.problems import Problem

from .rendered import Page, Rendered


@dataclass(frozen=True, eq=False)
class Job:
    """One call of `write_file`."""

    name: str
    args: tuple[Any, ...]
    kwargs: dict[str, Any]

    @property
    def content(self) -> Any:
        return self.kwargs.get("page") or self.kwargs.get("article")

    @property
    def source(self) -> str | None:
        """The path of the Markdown file that this is the page of."""
        return str(self.content.source_path) if self.content else None


class _File(StringIO):
    """Text on its way to a file. Where the last output has the very same there, that file is the new one too (a link).

    So a file that did not change keeps its time of change, and nothing of it is written. `data` is what was written.
    """

    def __init__(self, file: Path, before: Path) -> None:
        super().__init__(newline="")
        self._file, self._before = file, before
        self.data = b""

    def __exit__(self, kind: Any, *error: Any) -> None:
        if kind is None:
            self.data = self.getvalue().encode()
            if _bytes(self._before) == self.data:
                link(self._before, self._file)
            else:
                self._file.unlink(missing_ok=True)  # never into a file that may be a link
                self._file.write_bytes(self.data)
        super().__exit__(kind, *error)


def _bytes(file: Path) -> bytes | None:
    try:
        return file.read_bytes()
    except OSError:
        return None


class NotingWriter(Writer):
    """Notes what is to be written; `write_all` writes it, in several processes where there is much of it.

    A page that would come out as it is in the last output is not rendered. The setting LAST_OUTPUT is the folder of the
    build before.
    """

    def __init__(self, output_path: str, settings: dict[str, Any]) -> None:
        super().__init__(output_path, settings=settings)
        self.build = build_of(settings)
        self.jobs: list[Job] = []
        self._file: _File | None = None

    @cached_property
    def rendered(self) -> Rendered:
        """What the pages of the last output were rendered from; asked for when all jobs are known."""
        return Rendered(self.build, [job.source for job in self.jobs if job.source])

    def write_file(self, name: str, *args: Any, **kwargs: Any) -> None:
        if name:  # Pelican has none for a page whose setting is empty
            admit(self.build, name)
            self.jobs.append(Job(name, args, kwargs))

    def _open_w(self, filename: str, encoding: str, override: bool = False) -> _File:
        file = Path(filename)
        self._file = _File(file, self._before(str(file.relative_to(self.output_path))))
        return self._file

    def _before(self, name: str) -> Path:
        return Path(self.build.last_output or self.output_path, name)

    def write(self, job: Job) -> None:
        """Write a page, rendered if need be."""
        if not self.take(job):
            self.render(job)

    def take(self, job: Job) -> bool:
        """Put the page of the last output in its place again, if it would come out the same."""
        page = self.rendered.find(job.name, job.source)
        data = _bytes(self._before(job.name)) if page else None
        if page is None or data is None or hashlib.sha256(data).hexdigest() != page.digest:
            return False
        link(self._before(job.name), Path(self.output_path) / job.name)
        self.rendered.keep(job.name, page)
        self._pictures.update(page.pictures)
        return True

    def render(self, job: Job, keep: bool = True) -> None:
        """Render a page and write it; `keep` it for the next build."""
        pictures, reported = self._pictures, self._reported
        named: dict[str, tuple[str, str, str]] = {}
        self.build.social_pictures = named
        super().write_file(job.name, *job.args, **job.kwargs)
        self.build.social_pictures = pictures | named
        if keep and self._file and self._reported == reported:  # what is wrong with a page is told by each build
            digest = hashlib.sha256(self._file.data).hexdigest()
            self.rendered.keep(job.name, Page(self.rendered.key(job.source), digest, named))

    @property
    def _pictures(self) -> dict[str, Any]:
        return self.build.social_pictures

    @property
    def _reported(self) -> int:
        return len(self.build.pelican_said) + len(self.build.problems)

    def write_all(self) -> None:
        jobs = [job for job in self.jobs if not self.take(job)]
        for pages, pictures, said, problems in in_shares(jobs, self._render_share):
            self.rendered.take(pages)
            self._pictures.update(pictures)
            self.build.pelican_said.extend(words for words in said if words not in self.build.pelican_said)
            for problem in problems:
                self.build.report(problem)
        self.rendered.save()

    def _render_share(self, jobs: Sequence[Job]) -> tuple[dict[str, Page], dict[str, Any], list[str], list[Problem]]:
        """Render some; what this process would else forget with its end: pages, pictures named, warnings, problems."""
        for job in jobs:
            self.render(job)
        return self.rendered.used, self._pictures, self.build.pelican_said, self.build.problems


class _Last:
    """Stands behind the last of Pelican's generators, and lets the writer write."""

    def generate_output(self, writer: NotingWriter) -> None:
        writer.write_all()


@contextmanager
def written_by(writer: type[NotingWriter]) -> Iterator[None]:
    """Builds that run meanwhile are written by `writer`."""

    def follow(generators: list[Any]) -> None:
        generators.append(_Last())

    def choose(pelican: Any) -> type[NotingWriter]:
        return writer

    with signals.all_generators_finalized.connected_to(follow), signals.get_writer.connected_to(choose):
        yield
