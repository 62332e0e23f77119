"""Builds beside those of other generators: the same articles, one after the other in each round.

The first build of all finds nothing. A clean one has neither output nor cache of pages; ours then still has its PDFs
and its pictures for shared links, which are kept by what is in them, as when it is published. Then comes a build with
nothing changed, and one after an edit. What is measured is the whole command: time, processor time of all its
processes, memory of the largest of them. After each build the articles' pages are looked for in both languages, and
the edit on its page.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import time
from dataclasses import dataclass, field
from pathlib import Path

from bench.peers import Generator, forget, pages, source

SCENARIOS = ("clean", "unchanged", "one edit")
FIRST = "first of all"


@dataclass(frozen=True)
class Cost:
    """Of one command: seconds, seconds of processors, MB."""

    wall: float
    cpu: float
    memory: float


@dataclass
class Runs:
    """All rounds of one generator at one size."""

    generator: Generator
    size: int
    costs: dict[str, list[Cost]] = field(default_factory=lambda: {name: [] for name in [FIRST, *SCENARIOS]})

    def median(self, scenario: str, what: str = "wall") -> float:
        values: list[float] = [getattr(cost, what) for cost in self.costs[scenario]]
        return statistics.median(values)

    def ratio(self, other: Runs, scenario: str, what: str = "wall") -> float:
        """The median of this one's share of the other's, round by round."""
        pairs = zip(self.costs[scenario], other.costs[scenario], strict=True)
        ratios: list[float] = [getattr(mine, what) / getattr(theirs, what) for mine, theirs in pairs]
        return statistics.median(ratios)


def measured(command: list[str], folder: Path) -> Cost:
    """Run a command to its end. Raises SystemExit with what it said where it fails."""
    with (folder.parent / f"{folder.name}.log").open("wb") as log:
        start = time.perf_counter()
        process = subprocess.Popen(command, cwd=folder, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.perf_counter() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{' '.join(command)} failed:\n{Path(log.name).read_text(encoding='utf-8')[-2000:]}")
    return Cost(wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1000)


def compare(generators: list[Generator], size: int, rounds: int, folder: Path) -> list[Runs]:
    """Every scenario of every generator in every round."""
    runs = [Runs(generator, size) for generator in generators]
    keys = [f"corpus-{number:05}" for number in range(size)]
    places = [run.generator.make(folder / f"{number}-{size}", size) for number, run in enumerate(runs)]
    for scenarios in [[FIRST], *[SCENARIOS] * rounds]:
        for scenario in scenarios:
            for run, place in zip(runs, places, strict=True):
                mark = ""
                if scenario == "clean":
                    forget(run.generator, place)
                elif scenario == "one edit":
                    mark = f"mark{time.monotonic_ns()}"
                    file = source(run.generator, place, keys[0], "en")
                    file.write_text(f"{file.read_text(encoding='utf-8')}\n\n{mark}\n", encoding="utf-8")
                run.costs[scenario].append(measured(run.generator.command, place))
                check(run.generator, place, keys, mark)
    return runs


def check(generator: Generator, folder: Path, keys: list[str], mark: str) -> None:
    """Raises SystemExit where a page is missing or old."""
    made = pages(generator, folder, keys)
    if missing := [page for page in made if not page.is_file()]:
        raise SystemExit(f"{generator.name} did not make {len(missing)} pages, such as {missing[0]}")
    if mark not in made[0].read_text(encoding="utf-8"):
        raise SystemExit(f"{generator.name} did not take up an edit")
