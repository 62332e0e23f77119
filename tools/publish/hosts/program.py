"""Where rclone is."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

from plugins.problems import say

from ..errors import PublishError


def program() -> str:
    """rclone: the one installed beside Python, or any."""
    own = Path(sys.executable).with_name("rclone.exe" if sys.platform == "win32" else "rclone")
    found = str(own) if own.exists() else shutil.which("rclone")
    if not found:
        raise PublishError(
            say("rclone is not installed"), say("Install the locked packages again: delete .venv, then make help.")
        )
    return found
