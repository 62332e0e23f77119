"""Where the stations stand on the line: as many as the method has modalities, evenly from the first place to the last.

The line itself is one for all drawings, theme/templates/macros/trajectory.path, which says how it is written.
"""

from __future__ import annotations

from functools import lru_cache

from plugins.build import Build

Point = tuple[float, float]
FIRST, LAST = 2, 6  # of the path's curves: the first station ends the one, the last station the other


def stations(build: Build, number: int | None = None) -> list[list[int]]:
    """The place [x, y] of each modality's station, or of another `number`, in the path's box of 1000 × 340."""
    path = (build.theme / "templates" / "macros" / "trajectory.path").read_text(encoding="utf-8")
    return stations_on(path, number or len(build.menus["modalities"]))


@lru_cache(16)  # asked for by each page
def stations_on(path: str, number: int) -> list[list[int]]:
    """The places of so many stations on the line that `path` says."""
    rows = [[float(figure) for figure in row.split()] for row in path.strip().splitlines()[1:]]
    points = [list(zip(row[::2], row[1::2], strict=True)) for row in rows]
    curves = [[before[-1], *row] for before, row in zip(points[FIRST:], points[FIRST + 1 : LAST + 1], strict=False)]
    first, last = points[FIRST][-1][0], points[LAST][-1][0]
    step = (last - first) / max(number - 1, 1)
    return [_place(curves, first + step * place) for place in range(number)]


def _place(curves: list[list[Point]], x: float) -> list[int]:
    curve = next((curve for curve in curves if x <= curve[-1][0]), curves[-1])
    low, high = 0.0, 1.0
    for _ in range(30):  # each curve goes from left to right
        middle = (low + high) / 2
        low, high = (middle, high) if _point(curve, middle)[0] < x else (low, middle)
    return [round(value) for value in _point(curve, high)]


def _point(curve: list[Point], t: float) -> Point:
    weights = ((1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t**2 * (1 - t), t**3)
    x, y = (sum(weight * point[axis] for weight, point in zip(weights, curve, strict=True)) for axis in (0, 1))
    return x, y
