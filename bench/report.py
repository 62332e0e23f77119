"""The results of the bench: a table in Markdown, and a chart (SVG) that needs no program to be seen."""

from __future__ import annotations

from html import escape
from itertools import pairwise

from bench.builds import FIRST, SCENARIOS, Runs

OURS = "this site"
ROW, LEFT, WIDTH = 22, 190, 420  # px


def table(runs: list[Runs]) -> list[str]:
    """A row for each generator and size: medians; in brackets the ratio to Hugo, where it took part."""
    heads = [
        "N × 2",
        "",
        *(f"{name}, s" for name in [FIRST, *SCENARIOS]),
        "CPU clean, s",
        "CPU unchanged, s",
        "memory, MB",
    ]
    lines = ["| " + " | ".join(heads) + " |", "|" + "---|" * len(heads)]
    for run in runs:
        hugo = next((other for other in runs if other.size == run.size and other.generator.name == "Hugo"), None)
        cells = [str(run.size), f"{run.generator.name} {run.generator.version()}"]
        for scenario, what in [(name, "wall") for name in [FIRST, *SCENARIOS]] + [
            ("clean", "cpu"),
            ("unchanged", "cpu"),
        ]:
            ratio = f" ({run.ratio(hugo, scenario, what):.2f})" if hugo and hugo is not run else ""
            cells.append(f"{run.median(scenario, what):.2f}{ratio}")
        memory = [run.median(scenario, "memory") for scenario in SCENARIOS]
        cells.append(f"{min(memory):.0f}–{max(memory):.0f}")
        lines.append("| " + " | ".join(cells) + " |")
    return lines


def growth(runs: list[Runs]) -> list[str]:
    """What an article of ours costs from size to size."""
    ours = [run for run in runs if run.generator.name == OURS]
    lines = []
    for scenario in SCENARIOS:
        spent = [(run.size, run.median(scenario, "cpu")) for run in ours]
        for (less, before), (more, after) in pairwise(spent):
            each = (after - before) / (more - less) / 2 * 1000
            lines.append(f"- {scenario}: {each:.2f} ms of CPU for each article between N = {less} and {more}")
    return lines


def chart(runs: list[Runs]) -> str:
    """Bars of the wall times, a panel for each size and scenario."""
    parts, top = [], 10
    for size in sorted({run.size for run in runs}):
        for scenario in SCENARIOS:
            shown = [run for run in runs if run.size == size]
            longest = max(run.median(scenario) for run in shown)
            parts.append(f'<text x="10" y="{top + 16}" font-weight="bold">N = {size} × 2, {scenario}</text>')
            top += 26
            for run in sorted(shown, key=lambda run: run.median(scenario)):
                seconds = run.median(scenario)
                colour = "#c2410c" if run.generator.name == OURS else "#64748b"
                parts.append(
                    f'<text x="{LEFT - 8}" y="{top + 14}" text-anchor="end">{escape(run.generator.name)}</text>'
                    f'<rect x="{LEFT}" y="{top + 2}" width="{seconds / longest * WIDTH:.1f}" height="{ROW - 6}" '
                    f'fill="{colour}"/><text x="{LEFT + seconds / longest * WIDTH + 6:.1f}" y="{top + 14}">'
                    f"{seconds:.2f} s</text>"
                )
                top += ROW
            top += 12
    width = LEFT + WIDTH + 80
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {top}" width="{width}" height="{top}" '
        f'font-family="sans-serif" font-size="13" role="img" aria-label="Build times, shorter is better">\n'
        f'<rect width="100%" height="100%" fill="#fff"/>\n' + "\n".join(parts) + "\n</svg>\n"
    )
