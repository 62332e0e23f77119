"""The same input gives the same bytes, whatever the machine's time zone and Python's hash seed."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

SCRIPT = """
import hashlib, pickle, sys
from plugins.pdf.render import render
for prepared in pickle.load(open(sys.argv[1], "rb")):
    print(hashlib.sha256(render(prepared)).hexdigest())
"""


def test_same_bytes(site: Any, tmp_path: Path, root: Path) -> None:
    import pickle

    made = list(site.documents.values())
    (tmp_path / "prepared").write_bytes(pickle.dumps([download.prepared for download in made]))
    (tmp_path / "script.py").write_text(SCRIPT, encoding="utf-8")
    seen = [[hashlib.sha256(download.data).hexdigest() for download in made]]
    for zone, seed in (("Pacific/Auckland", "1"), ("America/Los_Angeles", "4242")):
        environment = os.environ | {"TZ": zone, "PYTHONHASHSEED": seed, "PYTHONPATH": str(root)}
        said = subprocess.run(
            [sys.executable, str(tmp_path / "script.py"), str(tmp_path / "prepared")],
            env=environment,
            capture_output=True,
            text=True,
            check=True,
        )
        seen.append(said.stdout.split())
    assert seen[0] == seen[1] == seen[2]
