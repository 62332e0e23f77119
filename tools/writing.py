"""Writes the pages of a build: noted as Pelican's generators ask for them, written together at the end."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pelican import signals
from pelican.writers import Writer

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


class NotingWriter(Writer):
    """Notes what is to be written; `write_all` writes it, in several processes where there is much of it."""

    def __init__(self, output_path: str, settings: dict[str, Any]) -> None:
        super().__init__(output_path, settings=settings)
        self.jobs: list[Job] = []

    def write_file(self, name: str, *args: Any, **kwargs: Any) -> None:
        self.jobs.append(Job(name, args, kwargs))

    def write(self, job: Job) -> None:
        """Render a page and write it."""
        self._written_files.discard(str(Path(self.output_path, job.name)))  # what came first may come again
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
