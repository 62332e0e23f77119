"""A publisher in a process of its own, which can die at a step: CONFIG SITE WORK STEP SIGNAL."""

from __future__ import annotations

import json
import os
import signal
import sys
from pathlib import Path

from tools.publish.config import RcloneTarget, SshTarget
from tools.publish.errors import PublishError
from tools.publish.hosts.rclone import Store
from tools.publish.hosts.ssh import Server
from tools.publish.locking import alone
from tools.publish.pipeline import Run, publish_site
from tools.publish.target import Target


def main(config: str, site: str, work: str, step: str, signal_name: str) -> None:
    entry = json.loads(config)
    target: Target
    if entry["kind"] == "ssh":
        target = Server(SshTarget.model_validate(entry))
    else:
        target = Store(RcloneTarget.model_validate(entry))
        target.observe = lambda now: observe(now)
    signal.signal(signal.SIGTERM, signal.default_int_handler)

    def observe(now: str) -> None:
        if now == step:
            os.kill(os.getpid(), getattr(signal, signal_name))

    with alone(target.config.name, Path(work)) as own:
        print(publish_site(Path(site), Run(target, own, observe=observe, workspace=Path(work))))


if __name__ == "__main__":
    try:
        main(*sys.argv[1:])
    except PublishError as error:
        sys.exit(str(error))
