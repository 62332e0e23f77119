"""The publisher that the desk starts, with a site made already; it can die at a step: ROOT SITE STEP SIGNAL …"""

from __future__ import annotations

import os
import signal
import sys
from functools import partial
from pathlib import Path

from tools.publish import commands, gate, job, locking
from tools.publish.config import AnyTarget
from tools.publish.hosts.rclone import Store
from tools.publish.pipeline import Run
from tools.publish.target import Target


def main(root: str, site: str, step: str, signal_name: str, *rest: str) -> None:
    def observe(now: str) -> None:
        if now == step:
            os.kill(os.getpid(), getattr(signal, signal_name))

    def observed(config: AnyTarget) -> Target:
        target = opened(config)
        if isinstance(target, Store):
            target.observe = observe
        return target

    opened, commands.open_target = commands.open_target, observed
    gate.fresh_build = lambda *_: Path(site)
    gate.warnings = list
    locking.FOLDER = Path(root) / ".cache" / "publish"
    vars(commands)["Run"] = partial(Run, observe=observe)
    job.main(*rest, root=Path(root))


if __name__ == "__main__":
    main(*sys.argv[1:])
