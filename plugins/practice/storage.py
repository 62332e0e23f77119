"""What the site's scripts keep on a reader's device is what the facts declare, no less and no more.

The cookie policy lists what is declared. Scripts are read, not run, so a key is a text, or a `const` of the same file
that is one; that the pages behave so is for the browser tests to see.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from plugins.build import build_of

from ..problems import Problem, say, shown_path
from ..problems.lines import line_matching
from ..public_files import own_files

_QUOTED = r""""(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|`(?:\\.|[^`\\])*`"""
_COMMENT = re.compile(rf"({_QUOTED})|//[^\n]*|/\*.*?\*/", re.S)
_KEY = rf"\s*(?P<key>{_QUOTED}|[\w.$]+)(?P<more>\s*[^\s,)\];])?"

# Each way to keep something, with the expression that names it. A store under another name still has its setItem.
_WRITES = [
    re.compile(pattern)
    for pattern in (
        rf"\.\s*setItem\s*\({_KEY}",
        rf"\b(?:local|session)Storage\s*\[{_KEY}\s*\]\s*=(?!=)",
        r"\b(?:local|session)Storage\s*\.\s*(?P<name>\w+)\s*=(?!=)",
        rf"\bdocument\s*\.\s*cookie\s*=(?!=)\s*(?P<cookie>{_QUOTED}|[\w.$]+)",
        rf"\bcookieStore\s*\.\s*set\s*\({_KEY}",
        rf"\b(?:indexedDB|caches)\s*\.\s*open\s*\({_KEY}",
    )
]


def written_keys(script: str) -> Iterator[tuple[int, str | None]]:
    """(line, key) for each place of `script` that keeps something; the key is None where it cannot be read off."""
    bare = _COMMENT.sub(lambda match: match[1] or re.sub(r"[^\n]", " ", match[0]), script)
    for pattern in _WRITES:
        for match in pattern.finditer(bare):
            yield bare.count("\n", 0, match.start()) + 1, _key_of(match.groupdict(), bare)


def _key_of(parts: dict[str, str | None], script: str) -> str | None:
    if parts.get("name") or parts.get("more"):
        return parts.get("name")
    text = _text_of(parts.get("key") or parts.get("cookie") or "", script)
    if text and "cookie" in parts:
        return text.split("=")[0].strip() if "=" in text else None
    return text


def _text_of(expression: str, script: str) -> str | None:
    if expression[0] not in "\"'`":
        found = re.search(rf"\bconst\s+{re.escape(expression)}\s*=\s*({_QUOTED})\s*[;,\n]", script)
        if found is None:
            return None
        expression = found[1]
    return None if "${" in expression or "\\" in expression else expression[1:-1]


def check_storage(generators: list[Any]) -> None:
    """On `all_generators_finalized`: a key kept and not declared, or declared and not kept, stops the build."""
    build = build_of(generators[0].settings)
    reading = build.reading
    if reading.broken:
        return
    declared = {entry.key for entry in reading.practice.storage_keys}
    kept = set()
    for file in own_files(build.theme / "static" / "js", "**/*.js"):
        for line, key in written_keys(file.read_text(encoding="utf-8")):
            kept.add(key)
            if key is None:
                message = say("this keeps something on the reader’s device under a name that cannot be read here")
                remedy = say("Name it with a constant of the same file, such as const KEY = “…”.")
            elif key not in declared:
                message = say("this keeps “{key}” on the reader’s device, and the facts do not declare it", key=key)
                remedy = say("Add a [[storage_keys]] table to {file}: key, purpose, lifetime.", file=reading.path)
            else:
                continue
            build.report(Problem(shown_path(file), line, message, remedy))
    for key in sorted(declared - kept):
        at = line_matching(rf"""^\s*key\s*=\s*["']{re.escape(key)}["']""", reading.text.splitlines())
        message = say("“{key}” is declared as kept on the reader’s device, and no script keeps it", key=key)
        remedy = say("Remove this [[storage_keys]] table, or correct its key.")
        build.report(Problem(reading.path, at, message, remedy))
