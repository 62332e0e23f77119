"""pa11y (HTML_CodeSniffer, WCAG 2 at AAA) on every page of the built site: a second opinion beside axe.

python bench/pa11y.py [/en/faq/ …]
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from bench.served import FLAGS, PACKAGES, record, served, tool

# What it takes for an error and is none, each on the worksheet only.
NO_ERRORS = [
    "WCAG2AAA.Principle3.Guideline3_2.3_2_2.H32.2",  # no submit button: nothing is sent, so there is nothing to submit
    "WCAG2AAA.Principle2.Guideline2_4.2_4_8.H59.1",  # a style sheet in the body, which HTML allows (body-ok)
]


def main() -> int:
    """Print what was found; 1 when anything was."""
    command = tool("pa11y")
    with tempfile.TemporaryDirectory() as name, served(Path(name)) as address:
        folder, site = Path(name), Path(name) / "site"
        built = sorted(
            f"/{file.relative_to(site).as_posix()}".removesuffix("index.html") for file in site.rglob("*.html")
        )
        settings = {
            "chromeLaunchConfig": {"executablePath": shutil.which("chromium"), "args": FLAGS},
            "timeout": 60000,
            "ignore": NO_ERRORS,
        }
        (folder / "pa11y.json").write_text(json.dumps(settings), encoding="utf-8")
        fixed = [
            "--standard",
            "WCAG2AAA",
            "--runner",
            "htmlcs",
            "--reporter",
            "json",
            "--config",
            str(folder / "pa11y.json"),
        ]
        pages = sys.argv[1:] or built
        found: dict[str, list[str]] = {}
        for page in pages:
            run = subprocess.run([*command, *fixed, address + page], capture_output=True, text=True, check=False)
            if not run.stdout.strip():
                raise SystemExit(f"pa11y failed on {page}: {run.stderr.strip()}")
            found[page] = [
                f"{issue['code']} {issue['selector']}: {issue['message']}" for issue in json.loads(run.stdout)
            ]
    for page, issues in found.items():
        for issue, times in Counter(issues).items():
            print(f"{page}: {issue}" + (f" ({times} times)" if times > 1 else ""))
    told = f"{len(pages)} pages, {sum(map(len, found.values()))} errors"
    if pages is built:
        version = next(package for package in PACKAGES if package.startswith("pa11y")).replace("@", " ")
        record(version, f"`python bench/pa11y.py`: HTML_CodeSniffer, WCAG 2 at AAA: {told}.")
    else:
        print(f"\n{told}")
    return any(found.values())


if __name__ == "__main__":
    raise SystemExit(main())
