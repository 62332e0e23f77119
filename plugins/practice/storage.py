"""What the site's scripts keep on a reader's device is what the facts declare, no less and no more.

The cookie policy lists what is declared. A script names what it keeps in a constant `KEY`; that none keeps anything
else, in any way, is watched in a browser (tests/browser/test_storage.py).
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from plugins.build import build_of

from ..problems import Problem, say, shown_path
from ..problems.lines import line_matching, line_with
from ..public_files import own_files

KEY = re.compile(r"""\bconst KEY\w* = ["']([^"']+)["']""")


def check_storage(generators: list[Any]) -> None:
    """On `all_generators_finalized`: a key kept and not declared, or declared and not kept, stops the build."""
    build = build_of(generators[0].settings)
    reading = build.reading
    if reading.broken:
        return
    declared = {entry.key for entry in reading.practice.storage_keys}
    kept: dict[str, Path] = {}
    for file in own_files(build.theme / "static" / "js", "**/*.js"):
        kept |= dict.fromkeys(KEY.findall(file.read_text(encoding="utf-8-sig")), file)
    for key in sorted(kept.keys() - declared):
        message = say("this keeps “{key}” on the reader’s device, and the facts do not declare it", key=key)
        remedy = say("Add a [[storage_keys]] table to {file}: key, purpose, lifetime.", file=reading.path)
        build.report(Problem(shown_path(kept[key]), line_with(kept[key], key), message, remedy))
    for key in sorted(declared - kept.keys()):
        at = line_matching(rf"""^\s*key\s*=\s*["']{re.escape(key)}["']""", reading.text.split("\n"))
        message = say("“{key}” is declared as kept on the reader’s device, and no script keeps it", key=key)
        remedy = say("Remove this [[storage_keys]] table, or correct its key.")
        build.report(Problem(reading.path, at, message, remedy))
