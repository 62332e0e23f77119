"""Keys Pelican's reader cache, so that a cached page is used only while everything that could alter it is the same."""

from __future__ import annotations

import hashlib
import os
import pickle
import shutil
import sys
from importlib.metadata import version
from pathlib import Path
from typing import Any

from ..problems import ROOT

LIBRARIES = ["pelican", "markdown", "jinja2", "babel", "pyyaml", "phonenumbers", "python-stdnum"]
KEPT = 4


def key_cache(pelican: Any) -> None:
    """On `initialized`: give CACHE_PATH a folder named after the settings, facts, plugins and libraries at hand.

    The pages' own contents are checked by Pelican itself (CHECK_MODIFIED_METHOD is a hash).
    """
    settings = pelican.settings
    digest = hashlib.sha256(repr((sys.version_info[:2], [version(name) for name in LIBRARIES])).encode())
    digest.update(repr((settings["LANGUAGES"], str(settings["PATH"]), settings["BUILD_DATE"].year)).encode())
    for file in [Path(settings["PRACTICE_FILE"]), *sorted((ROOT / "plugins").rglob("*.py"))]:
        if file.is_file():
            digest.update(file.read_bytes())
    caches = Path(settings["CACHE_PATH"])
    settings["CACHE_PATH"] = str(caches / digest.hexdigest()[:16])
    if caches.is_dir():
        old = sorted(
            (folder for folder in caches.iterdir() if folder.is_dir()), key=lambda folder: folder.stat().st_mtime
        )
        for folder in old[:-KEPT]:
            shutil.rmtree(folder, ignore_errors=True)
    for file in Path(settings["CACHE_PATH"]).glob("*"):
        if not file.read_bytes().endswith(pickle.STOP):  # cut short, as a power failure leaves it: Pelican would stop
            file.unlink()


def write_whole(readers: Any) -> None:
    """On `readers_init`: save the cache aside and rename it, as Pelican, killed while it writes, leaves half a file."""

    def save() -> None:
        path = Path(readers._cache_path)
        aside = path.with_name(f".{path.name}.{os.getpid()}")
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            aside.write_bytes(pickle.dumps(readers._cache))
            aside.replace(path)
        except OSError:  # the disk is full, perhaps: the next build reads the files again
            aside.unlink(missing_ok=True)

    if readers.settings["CACHE_CONTENT"]:
        readers.save_cache = save
