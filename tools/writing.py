"""Writes the pages of a build: noted as Pelican's generators ask for them, written together at the end."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from typing import Any

from pelican import signals
from pelican.writers import Writer

from plugins.files import link
from plugins.parallel import in_shares
from plugins.problems import Problem, problems_of, report


@dataclass(frozen=True, eq=False)
class Job:
    """One call of `write_file`."""

    name: str
    args: tuple[Any, ...]
    kwargs: dict[str, Any]

    @property
    def content(self) -> Any:
        return self.kwargs.get("page") or self.kwargs.get("article")


class _Page(StringIO):
    """Text on its way to a file. Where the last output has the very same there, that file is the new one too (a link).

    So a file that did not change keeps its time of change, and nothing of it is written.
    """

    def __init__(self, file: Path, before: Path | None) -> None:
        super().__init__(newline="")
        self._file, self._before = file, before

    def __exit__(self, kind: Any, *error: Any) -> None:
        if kind is None:
            data = self.getvalue().encode()
            if self._before and _same(self._before, data):
                link(self._before, self._file)
            else:
                self._file.unlink(missing_ok=True)  # never into a file that may be a link
                self._file.write_bytes(data)
        super().__exit__(kind, *error)


def _same(file: Path, data: bytes) -> bool:
    try:
        return file.read_bytes() == data
    except OSError:
        return False


class NotingWriter(Writer):
    """Notes what is to be written; `write_all` writes it, in several processes where there is much of it.

    The setting LAST_OUTPUT is the folder of the build before, or None.
    """

    def __init__(self, output_path: str, settings: dict[str, Any]) -> None:
        super().__init__(output_path, settings=settings)
        self.jobs: list[Job] = []

    def write_file(self, name: str, *args: Any, **kwargs: Any) -> None:
        self.jobs.append(Job(name, args, kwargs))

    def _open_w(self, filename: str, encoding: str, override: bool = False) -> _Page:
        file, before = Path(filename), self.settings["LAST_OUTPUT"]
        return _Page(file, before and before / file.relative_to(self.output_path))

    def write(self, job: Job) -> None:
        """Render a page and write it."""
        super().write_file(job.name, *job.args, **job.kwargs)

    def write_all(self) -> None:
        for pictures, said, problems in in_shares(self.jobs, self._write_share):
            self.settings.setdefault("SOCIAL_PICTURES", {}).update(pictures)
            self.settings["SAID"].extend(words for words in said if words not in self.settings["SAID"])
            for problem in problems:
                report(self.settings, problem)

    def _write_share(self, jobs: Sequence[Job]) -> tuple[dict[str, Any], list[str], list[Problem]]:
        """Write some; what this process would else forget with its end: pictures named, warnings, problems."""
        for job in jobs:
            self.write(job)
        return self.settings.get("SOCIAL_PICTURES", {}), self.settings["SAID"], problems_of(self.settings)


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
