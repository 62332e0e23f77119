"""The whole site through the Nu HTML Checker, the one behind validator.w3.org."""

from __future__ import annotations

import json
import subprocess

import pytest

from tests.site.built_site import Site
from tests.surroundings import need
from tools.extras import VNU

# Standard CSS that its style checker has not heard of: CSS Containment (container queries) and SVG 2.
UNKNOWN_TO_IT = ("“container-type”", "“@container”", "“vector-effect”", "Property “r”")


@pytest.fixture(scope="session")
def checker() -> list[str]:
    """The command that runs the checker."""
    need("java", str(VNU.path))
    return ["java", "-Xss16m", "-jar", str(VNU.path)]


def test_the_nu_html_checker_finds_no_error(published: Site, preview: Site, checker: list[str]) -> None:
    options = ["--format", "json", "--stdout", "--skip-non-html", "--also-check-svg", "--exit-zero-always"]
    done = subprocess.run(
        [*checker, *options, str(published.folder), str(preview.folder)],
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=True,
    )
    told = [
        f"{message['url'].split('/site/')[-1]}:{message.get('lastLine')}: {message['message']}"
        for message in json.loads(done.stdout)["messages"]
        if message["type"] != "info" and not any(name in message["message"] for name in UNKNOWN_TO_IT)
        # its warnings about Content-Security-Policy are wrong: it reads files, not a site
    ]
    assert not told, "\n".join(dict.fromkeys(told))
