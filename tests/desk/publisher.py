"""The publisher that the desk starts, with a site made already; it can die at a step: ROOT SITE STEP SIGNAL …"""

from __future__ import annotations

import os
import signal
import sys
from functools import partial
from pathlib import Path

from tools.publish import commands, gate, job, locking
from tools.publish.pipeline import Run


def main(root: str, site: str, step: str, signal_name: str, *rest: str) -> None:
    def observe(now: str) -> None:
        if now == step:
            os.kill(os.getpid(), getattr(signal, signal_name))

    gate.fresh_build = lambda *_: Path(site)
    gate.warnings = list
    locking.FOLDER = Path(root) / ".cache" / "publish"
    commands.Run = partial(Run, observe=observe)  # type: ignore[misc, assignment]
    job.main(*rest, root=Path(root))


if __name__ == "__main__":
    main(*sys.argv[1:])
