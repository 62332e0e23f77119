"""Lighthouse, mobile, on ten pages, beside an empty page served the same way in the same run.

    python bench/lighthouse.py [--runs 3] [/en/faq/ …]

Lighthouse simulates a slow phone on a slow network, so the largest paint (LCP) has a floor that no page goes below:
what counts is the ratio to the empty page. Medians of the runs; scores and layout shift are the worst of them.
"""

from __future__ import annotations

import argparse
import json
import shutil
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from bench.served import EMPTY, FLAGS, record, served, tool

PAGES = [
    "/",
    "/en/",
    "/fr/",
    "/fr/methode/",
    "/en/method/goal-setting/",
    "/fr/entreprises-rh/",
    "/fr/faq/",
    "/en/smart-worksheet/",
    "/fr/feuille-de-travail-smart/",
    "/fr/articles/coaching-et-autres-accompagnements/",
]
CATEGORIES = ["performance", "accessibility", "best-practices", "seo"]
RATIO = 1.06


def measure(command: list[str], url: str, folder: Path) -> dict[str, Any]:
    """One run of Lighthouse: its report."""
    report = folder / "report.json"
    chromium = shutil.which("chromium")
    options = [f"--chrome-path={chromium}", f"--chrome-flags={' '.join(FLAGS)}", "--output=json", "--quiet"]
    chosen = f"--only-categories={','.join(CATEGORIES)}"
    full = [*command, url, *options, chosen, f"--output-path={report}"]
    for _ in range(5):  # on a busy machine Chromium does not always start in time
        run = subprocess.run(full, capture_output=True, text=True, check=False)
        if run.returncode == 0:
            break
    else:
        raise SystemExit(f"Lighthouse failed on {url}:\n{run.stderr}")
    return dict(json.loads(report.read_text(encoding="utf-8")))


def value(report: dict[str, Any], audit: str) -> float:
    return float(report["audits"][audit]["numericValue"])


def failures(report: dict[str, Any]) -> list[str]:
    """The audits that cost points, with what they found."""
    found = []
    for category in CATEGORIES:
        for reference in report["categories"][category]["auditRefs"]:
            audit = report["audits"][reference["id"]]
            if reference["weight"] and audit["score"] is not None and audit["score"] < 1:
                found.append(f"{category}: {audit['title']} {audit.get('displayValue', '')}".strip())
    return found


def main() -> int:
    """Print the table; 1 when a goal is missed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("pages", nargs="*", default=PAGES)
    options = parser.parse_args()
    command = tool("lighthouse")
    reports: dict[str, list[dict[str, Any]]] = {page: [] for page in [EMPTY, *options.pages]}
    with tempfile.TemporaryDirectory() as name, served(Path(name)) as address:
        for _ in range(options.runs):
            for page, runs in reports.items():
                runs.append(measure(command, address + page, Path(name)))
                print(".", end="", file=sys.stderr, flush=True)
    lines = [
        f"`python bench/lighthouse.py`: mobile preset, {options.runs} runs. Medians; the worst score, shift and count.",
        "",
        "| page | perf. | access. | best pr. | SEO | LCP ms | × empty | CLS | TBT ms | bytes | requests |",
        "|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|",
    ]
    missed = []
    floor = statistics.median(value(report, "largest-contentful-paint") for report in reports[EMPTY])
    for page, runs in reports.items():
        scores = [min(round(run["categories"][name]["score"] * 100) for run in runs) for name in CATEGORIES]
        paint = statistics.median(value(run, "largest-contentful-paint") for run in runs)
        shift = max(value(run, "cumulative-layout-shift") for run in runs)
        blocked = statistics.median(value(run, "total-blocking-time") for run in runs)
        weight = statistics.median(value(run, "total-byte-weight") for run in runs)
        requests = max(len(run["audits"]["network-requests"]["details"]["items"]) for run in runs)
        figures = [*scores, f"{paint:.0f}", f"{paint / floor:.3f}", f"{shift:.3f}", f"{blocked:.0f}", f"{weight:,.0f}"]
        lines.append(f"| {page} | {' | '.join(map(str, figures))} | {requests} |")
        if page != EMPTY:
            missed += [f"{page}: {failure}" for run in runs for failure in failures(run)]
            missed += [f"{page}: LCP is {paint / floor:.3f} × the empty page's"] if paint > floor * RATIO else []
    if options.pages == PAGES:
        record(f"Lighthouse {reports[EMPTY][0]['lighthouseVersion']}", "\n".join(lines))
    else:
        print("", *lines, sep="\n")
    print("", *dict.fromkeys(missed), sep="\n")
    return bool(missed)


if __name__ == "__main__":
    raise SystemExit(main())
