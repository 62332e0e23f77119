"""The findings as a person or a program reads them."""

from __future__ import annotations

import json
from collections.abc import Iterable

from plugins.problems import formatted, in_language, say, translated

from . import Finding


def as_json(findings: Iterable[Finding], lang: str) -> str:
    """A list of objects: check, severity, file, line (or null), message, remedy."""
    listed = [
        {
            "check": finding.check,
            "severity": problem.severity,
            "file": problem.file,
            "line": problem.line,
            "message": problem.message,
            "remedy": problem.remedy,
        }
        for finding in findings
        for problem in [translated(finding.problem, lang)]
    ]
    return json.dumps(listed, ensure_ascii=False, indent=1)


def as_text(findings: list[Finding], lang: str) -> str:
    """What has to be mended, then what somebody should look at, then how many of each."""
    errors = [finding.problem for finding in findings if finding.problem.severity == "error"]
    warnings = [finding.problem for finding in findings if finding.problem.severity != "error"]
    parts = (
        [f"{in_language(say('To mend:'), lang)}", *(formatted(problem, lang) for problem in errors)] if errors else []
    )
    if warnings:
        parts += [in_language(say("To look at:"), lang), *(formatted(problem, lang) for problem in warnings)]
    parts.append(
        in_language(say("{errors} to mend, {warnings} to look at.", errors=len(errors), warnings=len(warnings)), lang)
    )
    return "\n".join(parts)


def failed(findings: Iterable[Finding]) -> bool:
    """Whether something has to be mended before the site may be published."""
    return any(finding.problem.severity == "error" for finding in findings)
