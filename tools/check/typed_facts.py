"""Facts that are typed as words: what a fact was before it changed, and an address typed in the place of its fact.

A title and a description hold no facts, so the name of the practice stands there as words, and stays when the fact
changes. What a fact was before is what the site was called when it was begun (SITENAME), and what git remembers.
"""

from __future__ import annotations

import re
import subprocess
import tomllib
from collections.abc import Iterator
from pathlib import Path

from plugins.problems import Problem, say

from .site import CheckedSite

WRITTEN = {  # the facts that are unlike any other words, and how a page prints each
    "trade_name": "{{ trade_name }}",
    "email": "{{ email | mail_link }}",
    "privacy_contact_email": "{{ privacy_contact_email | mail_link }}",
    "site_url": "{{ site_url }}",
}
SAME_SIGNS = str.maketrans("’\u00a0\u202f", "'  ")
LINE = re.compile(rf"^[+-]\s*({'|'.join(WRITTEN)})\s*=.*$", re.MULTILINE)


def problems(site: CheckedSite) -> Iterator[Problem]:
    """A warning for each line that has another value than the fact has now, or an address that is a fact."""
    facts = {name: getattr(site.build.reading.practice, name) for name in WRITTEN}
    was = before(site.build.practice_file)
    was["trade_name"].add(str(site.build.settings["SITENAME"]))
    lines = {(passage.file, passage.line): passage.raw for passage in site.passages}
    for (file, line), raw in lines.items():
        text = raw.translate(SAME_SIGNS)
        for name, value in facts.items():
            if value is None:
                continue
            rest = _without(text, value)
            if old := next((one for one in sorted(was[name] - {value}) if _without(rest, one) != rest), None):
                message = say("“{old}” stands here, and {name} is now “{value}”", old=old, name=name, value=value)
                remedy = say("Write what it is now; in a text, {form} follows by itself.", form=WRITTEN[name])
                yield Problem(file, line, message, remedy, "warning")
            elif name != "trade_name" and rest != text:
                message = say("“{value}” is typed here, and would stay when {name} changes", value=value, name=name)
                remedy = say("Write {form} in its place; link to a page of this site by its file.", form=WRITTEN[name])
                yield Problem(file, line, message, remedy, "warning")


def _without(text: str, words: str) -> str:
    """`text` without these words, however their apostrophes and spaces are typed."""
    return re.sub(rf"(?<![\w.+-]){re.escape(words.translate(SAME_SIGNS))}(?![\w-]|\.\w)", "", text)


def before(file: Path) -> dict[str, set[str]]:
    """Every value that git remembers of these facts; none where there is no git, or the file is not kept with it."""
    values: dict[str, set[str]] = {name: set() for name in WRITTEN}
    command = ["git", "log", "--format=", "--patch", "--unified=0", "--no-ext-diff", "--", file.name]
    try:
        done = subprocess.run(command, cwd=file.parent, capture_output=True, timeout=10, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return values
    for line in LINE.finditer(done.stdout.decode("utf-8", errors="replace").replace("\r\n", "\n")):
        try:
            value = tomllib.loads(line[0][1:])[line[1]]
        except tomllib.TOMLDecodeError:
            continue
        if isinstance(value, str) and value.strip():
            values[line[1]].add(value.strip())
    return values
