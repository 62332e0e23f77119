"""What the site was built with, as a CycloneDX list beside the release: every locked package with its hashes."""

from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path
from typing import Any

from plugins.problems import ROOT

PLACE = ".hosting/sbom.cdx.json"  # hosts do not serve what is under a dot
PACKAGE = re.compile(r"^([A-Za-z0-9._-]+)==([^\s;\\]+)([^\n]*)((?:\n\s+--hash=\S+[ \\]*)*)", re.M)


def bill(lock: str, version: str) -> dict[str, Any]:
    """CycloneDX 1.6, without a time or a number of its own: the same lock gives the same bytes."""
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {
            "component": {"type": "application", "name": "human-trajectory-makers", "version": version},
        },
        "components": [component(*found.groups()) for found in PACKAGE.finditer(lock)],
    }


def component(name: str, version: str, _: str, hashes: str) -> dict[str, Any]:
    """One package. Its hashes are those of its archives, one of which was installed."""
    address = f"pkg:pypi/{re.sub(r'[-_.]+', '-', name).lower()}@{version}"
    archives = re.findall(r"--hash=sha256:([0-9a-f]{64})", hashes)
    references = [
        {"type": "distribution", "url": address, "hashes": [{"alg": "SHA-256", "content": digest}]}
        for digest in archives
    ]
    return {
        "type": "library",
        "bom-ref": address,
        "name": name,
        "version": version,
        "purl": address,
        "externalReferences": references,
    }


def write_bill(release: Path) -> None:
    """Put the list into a release that is being made."""
    lock = (ROOT / "requirements.txt").read_text(encoding="utf-8")
    version = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
    file = release / PLACE
    file.parent.mkdir(exist_ok=True)
    file.write_text(json.dumps(bill(lock, version), indent=1) + "\n", encoding="utf-8")
