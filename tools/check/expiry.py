"""What runs out: the published security.txt, the coach's credentials, what somebody has to read every year."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator
from pathlib import Path

from plugins.practice.reading import read_practice
from plugins.problems import Problem, say, shown_path
from plugins.problems.lines import line_matching, line_of_fact
from tools.build import last_output

from .site import CheckedSite

SOON, YEAR = datetime.timedelta(days=60), datetime.timedelta(days=366)


def problems(site: CheckedSite) -> Iterator[Problem]:
    """What has run out, or will within sixty days."""
    today = site.build.date.date()
    reading = read_practice(site.build.practice_file)
    practice, file = reading.practice, reading.path
    for credential in practice.coach.credentials or []:
        line = line_matching(re.escape(credential.title.en), reading.text.split("\n"))
        until, title = credential.valid_until, credential.title.en
        if until and until < today:
            message = say(
                "the credential “{title}” ran out on {day}, so no page shows it", title=title, day=until.isoformat()
            )
            yield Problem(file, line, message, say("Renew it and change valid_until, or take it out."), "warning")
        elif until and until < today + SOON:
            message = say("the credential “{title}” runs out on {day}", title=title, day=until.isoformat())
            yield Problem(file, line, message, say("Renew it in time: after that day no page shows it."), "warning")
    read = {
        "legal_reviewed_on": practice.legal_reviewed_on,
        "accessibility.checked_on": practice.accessibility.checked_on,
    }
    read["policy_updated_on"] = practice.policy_updated_on
    for name, day in read.items():
        if day and day < today - YEAR:
            message = say("{name} is more than a year ago ({day})", name=name, day=day.isoformat())
            remedy = say("Have it read again, and write the new date.")
            yield Problem(file, line_of_fact(reading.text, name), message, remedy, "warning")


def published(site: CheckedSite) -> Iterator[Problem]:
    """The same, of what was published last."""
    return security_txt(last_output(True), site.build.date.date())


def security_txt(published: Path, today: datetime.date) -> Iterator[Problem]:
    """RFC 9116: a security.txt has a date after which nobody should trust it; each published build sets a new one."""
    path = published / ".well-known" / "security.txt"
    found = (
        re.search(r"^Expires: (\d{4}-\d\d-\d\d)", path.read_text(encoding="utf-8"), re.M) if path.is_file() else None
    )
    if not found:
        return
    day = datetime.date.fromisoformat(found[1])
    if day < today + SOON:
        message = say(
            "the published security.txt ran out on {day}"
            if day < today
            else "the published security.txt runs out on {day}",
            day=found[1],
        )
        remedy = say("Publish the site again: that sets a new date.")
        yield Problem(shown_path(path), None, message, remedy, "error" if day < today else "warning")
