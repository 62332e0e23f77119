"""Writes the files that Pelican's generators ask for: noted as they ask, written together at the end."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cached_property
from io import StringIO
from pathlib import Path
from typing import Any

from plugins.build import build_of
from plugins.files import link
from plugins.output_gate import admit
from plugins.pelican_internals import TextWriter

from .pictures import make_pictures
from .render_cache import Page, RenderCache


@dataclass(frozen=True, eq=False)
class Job:
    """One call of `write_file`: the file's path in the output, and the other arguments."""

    name: str
    args: tuple[Any, ...]
    kwargs: dict[str, Any]

    @property
    def content(self) -> Any:
        """The page or article that it is for, or None."""
        return self.kwargs.get("page") or self.kwargs.get("article")

    @property
    def source(self) -> str | None:
        """The path of the Markdown file that this is the page of."""
        return str(self.content.source_path) if self.content else None


class _File(StringIO):
    """Text on its way to a file. Where the last output has the very same there, that file is the new one too (a link).

    So a file that did not change keeps its time of change, and nothing of it is written. `data` is what was written.
    """

    def __init__(self, file: Path, before: Path | None) -> None:
        super().__init__(newline="")
        self._file, self._before = file, before
        self.data = b""

    def __exit__(self, kind: Any, *error: Any) -> None:
        if kind is None:
            self.data = self.getvalue().encode()
            if self._before and _bytes(self._before) == self.data:
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


class PageWriter(TextWriter):
    """Notes what is to be written, in `jobs`; a page that would come out as in the last output is not rendered."""

    def __init__(self, output_path: str, settings: dict[str, Any]) -> None:
        super().__init__(output_path, settings=settings)
        self.build = build_of(settings)
        self.build.writer = self
        self.jobs: list[Job] = []
        self._done: set[Job] = set()
        self._file: _File | None = None

    @cached_property
    def cache(self) -> RenderCache:
        """What the pages of the last output were rendered from; asked for when all jobs and documents are known."""
        return RenderCache(self.build, [job.source for job in self.jobs if job.source])

    def write_file(self, name: str, *args: Any, **kwargs: Any) -> None:
        if name:  # Pelican has none for a page whose setting is empty
            admit(self.build, name)
            self.jobs.append(Job(name, args, kwargs))

    def write_first(self) -> None:
        """Render the pages that the build's viewer waits for, and show them, with the documents of the build before."""
        viewer = self.build.viewer
        if viewer is None:
            return
        viewer.go_on()
        self.build.documents = viewer.documents
        first = [job for job in self.jobs if viewer.waits_for(job.name, job.source)]
        if not first:
            return
        make_pictures(self.build, [job.content for job in first if job.content])
        output = self.build.output
        names = [path.relative_to(output).as_posix() for path in output.rglob("*") if path.is_file()]
        for job in first:
            self._render(job)
            if not getattr(job.content, "documents", None):  # a page tells size and date of its documents
                self._done.add(job)
        viewer.show(self.build, {name: (output / name).read_bytes() for name in [*names, *(job.name for job in first)]})

    def write_rest(self) -> None:
        """Write every file that is not written yet."""
        for job in self.jobs:
            if job not in self._done:
                if self.build.viewer:
                    self.build.viewer.go_on()
                if not self._take(job):
                    self._keep(job)
        self.cache.save()

    def open_text(self, filename: str) -> _File:
        file = Path(filename)
        self._file = _File(file, self._before(str(file.relative_to(self.output_path))))
        return self._file

    def _before(self, name: str) -> Path | None:
        return self.build.last_output and self.build.last_output / name

    def _take(self, job: Job) -> bool:
        """Put the page of the last output in its place again, if it would come out the same."""
        page = self.cache.find(job.name, job.source)
        before = self._before(job.name)
        data = _bytes(before) if page and before else None
        if page is None or before is None or data is None or hashlib.sha256(data).hexdigest() != page.digest:
            return False
        link(before, Path(self.output_path) / job.name)
        self.cache.keep(job.name, page)
        return True

    def _keep(self, job: Job) -> None:
        """Render a page, and keep it for the next build unless something was said, which each build has to say."""
        reported = self._reported
        data = self._render(job)
        if data is not None and self._reported == reported:
            self.cache.keep(job.name, Page(self.cache.key(job.source), hashlib.sha256(data).hexdigest()))

    def _render(self, job: Job) -> bytes | None:
        """Render a page and write it: what was written."""
        self._file = None
        super().write_file(job.name, *job.args, **job.kwargs)
        return self._file and self._file.data

    @property
    def _reported(self) -> int:
        return len(self.build.pelican_said) + len(self.build.problems)
