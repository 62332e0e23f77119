"""Markdown that does not mean what its author thought, found by rumdl: the rules below, told in our own words."""

from __future__ import annotations

import json
import shutil
import subprocess
import sysconfig
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from plugins.problems import Problem, say, shown_path

from .prose import read
from .site import CheckedSite

# Only rules about what a reader would see; how a file is laid out is its author's business.
RULES = {
    "MD010": (
        say("a tab stands in this line"),
        say("Put spaces instead: four for what belongs to the item or box above."),
    ),
    "MD011": (say("the brackets of this link are the wrong way round"), say("Write [the words](the address).")),
    "MD018": (say("there is no space after the # signs, so this is not a heading"), say("Put a space after them.")),
    "MD022": (say("a heading needs an empty line above and below"), say("Add the empty line.")),
    "MD023": (say("spaces stand before this heading, so it may not be one"), say("Start the line with the # signs.")),
    "MD031": (say("a block of code needs an empty line above and below"), say("Add the empty line.")),
    "MD032": (say("a list needs an empty line above and below"), say("Add the empty line.")),
    "MD034": (say("an address stands bare in the text"), say("Make it a link: [what it leads to](the address).")),
    "MD037": (say("spaces inside the asterisks keep them from working"), say("Write *word*, not * word *.")),
    "MD038": (say("spaces inside the backquotes are shown"), say("Take them out.")),
    "MD039": (say("spaces inside the brackets of a link are underlined"), say("Write [words](…), not [ words ](…).")),
    "MD042": (say("this link leads nowhere"), say("Write the address between the round brackets.")),
    "MD052": (say("these brackets refer to an address that is defined nowhere"), say("Write [words](the address).")),
    "MD056": (say("this row has not as many cells as the first line of its table"), say("Count the | signs.")),
}


def problems(site: CheckedSite) -> Iterator[Problem]:
    """What rumdl finds, except where a line of facts (`{% if … %}`) is what it stumbles on."""
    found = _found(site)
    if isinstance(found, str):
        message = say("the Markdown checker (rumdl) cannot run: {reason}", reason=found)
        yield Problem("invoke check", None, message, say("Run “invoke doctor”; the other checks were made."), "warning")
        return
    texts: dict[Path, list[str]] = {}
    for item in found:
        file, line = site.content / item["file"], int(item["line"])
        lines = texts.setdefault(file, read(file).split("\n"))
        templated = "{{" in lines[line - 1] or any("{%" in text for text in lines[max(0, line - 2) : line + 1])
        if file.parent == site.content or templated or item["rule"] not in RULES:
            continue
        message, remedy = RULES[item["rule"]]
        yield Problem(shown_path(file), line, message, remedy, "warning")


def rumdl() -> str | None:
    """Where the checker is: beside the Python that runs us, or on the path."""
    return shutil.which("rumdl", path=sysconfig.get_path("scripts")) or shutil.which("rumdl")


def _found(site: CheckedSite) -> list[dict[str, Any]] | str:
    """What rumdl lists, or why it does not."""
    command = [rumdl() or "rumdl", "check", "--isolated", "--no-cache", "--respect-gitignore=false", "--output", "json"]
    command += ["--config", 'flavor = "mkdocs"', "--enable", ",".join(RULES), "."]
    try:
        done = subprocess.run(command, cwd=site.content, capture_output=True, text=True, encoding="utf-8", check=False)
        listed: list[dict[str, Any]] = json.loads(done.stdout or "[]")
    except (OSError, ValueError) as error:
        return str(error)
    return listed if done.returncode in (0, 1) else (done.stderr.strip().splitlines() or ["?"])[-1]
