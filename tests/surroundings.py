"""What the tests see of the machine they run on: a home, a locale, a time zone and a git user of their own (#12).

Whatever decides a result is set here or by the test itself; browsers get their fonts in tests/browser.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path

import pytest

GIT = """[user]
	name = Tests
	email = tests@example.org
[init]
	defaultBranch = main
[safe]
	directory = *
[core]
	hooksPath = /dev/null
	pager = cat
"""
FORGOTTEN = ("LANG", "LANGUAGE", "CDPATH", "DISPLAY", "EDITOR", "PAGER", "SOURCE_DATE_EPOCH", "SSH_AUTH_SOCK", "SHLVL")
FAMILIES = ("LC_", "XDG_", "GIT_", "JAVA_", "RCLONE_", "SSH_", "PELICAN", "FONTCONFIG", "GTK_", "DBUS_", "WAYLAND")
PROXIES = ("http_proxy", "https_proxy", "all_proxy", "ftp_proxy")


def settle() -> Path:
    """Put these surroundings in place of the machine's, for this process and all it starts. Returns the new home."""
    home = Path(tempfile.mkdtemp(prefix="home-"))
    (home / ".gitconfig").write_text(GIT, encoding="utf-8")
    for name in list(os.environ):
        if name in FORGOTTEN or name.startswith(FAMILIES) or name.lower() in PROXIES:
            del os.environ[name]
    os.environ |= {
        "HOME": str(home),
        "LC_ALL": "C.UTF-8",
        "TZ": "UTC",
        "GIT_CONFIG_NOSYSTEM": "1",
        "NO_AT_BRIDGE": "1",
        "BROWSER": "true",  # which shows nothing: `invoke serve` opens one
    }
    os.umask(0o022)
    return home


def need(*programs: str) -> None:
    """Skip a test whose programs (or files, by absolute path) are not here; fail it where CI is set.

    `make test` installs them on Debian; elsewhere the reason says what is missing.
    """
    path = os.pathsep.join([os.environ.get("PATH", os.defpath), "/usr/sbin", "/sbin"])
    missing = [name for name in programs if not (shutil.which(name, path=path) or Path(name).is_file())]
    if missing:
        (pytest.fail if "CI" in os.environ else pytest.skip)(f"needs {', '.join(missing)}")
