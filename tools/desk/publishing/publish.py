"""The page that publishes: what will change and what stops it, then each step of it, then the way back.

The work is done by tools/publish/job.py, a process that goes on whatever becomes of the browser and of the desk.
"""

from __future__ import annotations

import asyncio
import re
import subprocess
import sys
import threading
from contextlib import suppress
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from plugins.files import refused
from plugins.problems import Message, in_language, say
from tools.preview.panel import RESERVED
from tools.publish import commands
from tools.publish.config import AnyTarget, choose, read_config
from tools.publish.errors import PublishError
from tools.publish.job import STEPS, Job, become_of, last_job, running, start
from tools.publish.record import last_published
from tools.publish.release import ID
from tools.publish.remotes import OURS

from ..desk import Desk, desk_of
from ..history.saving import notice
from ..overview import told_one, told_problems
from ..shown import shown
from ..site_pages import SitePage, listed
from ..spoken import language_of
from .unpublished import behind, unpublished, waiting

PLACE = f"{RESERVED}publish"
COMMAND = [sys.executable, "-m", "tools.publish.job"]
REMOTE = re.compile(rf"\b{OURS.pattern}:([^\s,)]*[^\s,.:)]|)")
PATIENCE = 20  # seconds for a job to begin
WORDS = {
    "build": say("The site is checked and built"),
    "lock": say("The host is reached"),
    "upload": say("What changed is sent"),
    "verify": say("What arrived is compared with what was sent"),
    "switch": say("The site changes for its readers, all at once where the host can"),
    "check": say("The live site is looked at, as readers see it"),
    "prune": say("The oldest publications are put away"),
}
STATES = {
    "done": say("done"),
    "now": say("going on"),
    "failed": say("not done"),
    "skipped": say("not needed"),
    "later": say("to come"),
}
# Remedies for whoever types commands, by what they name; on the desk there is another way.
REMEDIES = {
    ("`url`",): say(
        "Compare the public address under “Where it goes” with the folder; or ask your host what it shows."
    ),
    ("{line}",): say("Ask your host for that. Where it cannot do it, say so under “Where it goes”."),
    ("--break-lock",): say(
        "Wait until that is done. If you know that nobody is publishing, choose “Go on all the same”."
    ),
    ("invoke rollback", "invoke releases"): say(
        "Open “Earlier publications”, and choose the one that readers are to get."
    ),
    ("publish.toml", "rclone", "ssh", "docs/hosts.md", "server.sh", "forced command", "make help"): say(
        "Open “Where it goes” and try the connection: it tells step by step what is wrong."
    ),
}


Row = tuple[str, SitePage | None, str]  # an address, the page that is there, where readers have it now


@dataclass(frozen=True)
class Step:
    """A step, for people."""

    name: str
    words: Message
    state: str

    @property
    def told(self) -> Message:
        return STATES[self.state]


def steps_of(job: Job) -> list[Step]:
    """Each step of a job, and how it is with it."""
    found, names = [], STEPS[job.what]
    last = max((names.index(name) for name in job.steps if name in names), default=0)
    for place, name in enumerate(names):
        state = "done" if name in job.steps else "skipped"
        if place > last:
            state = "skipped" if job.end == "done" else "later"
        elif place == last and job.end != "done":
            state = "now" if not job.end else "failed"
        found.append(Step(name, WORDS[name], state))
    return found


def dated(words: object, lang: str) -> str:
    """A sentence in `lang`, with the date of a publication for the name of its release, and no names of ours."""
    text = in_language(words, lang)
    text = REMOTE.sub(lambda found: in_language(say("“{folder}” at your host", folder=found[1]), lang), text)
    return ID.sub(lambda name: in_language(say("publication of {when}", when=commands.when(name[0], lang)), lang), text)


def remedy_of(remedy: str) -> str:
    """What the owner can do, on the desk."""
    words = str(getattr(remedy, "template", remedy))
    return next((told for signs, told in REMEDIES.items() if any(sign in words for sign in signs)), remedy)


def target_of(desk: Desk) -> AnyTarget | PublishError:
    """Where the site goes, or why that is not known."""
    try:
        return choose(read_config(desk.root / "publish.toml"))
    except PublishError as error:
        return error


async def job_now(desk: Desk) -> tuple[Job | None, bool, PublishError | None]:
    """The last job, whether it goes on, and why it is not known what became of it where it was killed."""
    busy, job = running(desk.root), last_job(desk.root)
    if job is None or job.end or busy or running(desk.root):
        return job, bool(busy and job and not job.end), None
    try:
        await asyncio.to_thread(become_of, job, desk.root)
    except PublishError as error:
        return job, False, error
    except OSError as error:
        return job, False, PublishError(refused(error), say("Mend that, then publish again."))
    return last_job(desk.root), False, None


async def publish(request: Request) -> Response:
    """What would change and what stops it; or how far it is."""
    desk, lang = desk_of(request), language_of(request)
    job, busy, unknown = await job_now(desk)
    values = {"job": job, "busy": busy, "unknown": unknown, "steps": steps_of(job) if job else [], **speech(lang)}
    if busy:
        return shown(request, "publishing.html", **values)
    last, target = last_published(desk.root), target_of(desk)
    stopped = isinstance(target, PublishError)
    if last and not isinstance(target, PublishError) and target.name != last.target:
        last = None  # it was another host
    faulty = [told_one(desk, problem, lang) for problem in (job.problems if job else [])]
    pages = {page.address: page for pages in listed(desk).values() for page in pages}
    return shown(
        request,
        "publish.html",
        **values,
        target=target,
        stopped=stopped,
        last=last,
        changes=await asyncio.to_thread(unpublished, desk, last),
        rehearsed=_rehearsed(job, pages, None if isinstance(target, PublishError) else target.url),
        others={kind: sum(not _is_read(name) for name in names) for kind, names in (job.changes or {}).items()}
        if job
        else {},
        faulty=faulty,
        stops=[one for one in told_problems(desk, lang) if one.stops],
        gaps=len(desk.build.gaps) if desk.build else 0,
        behind=behind(desk),
        waiting=waiting(desk, lang),
    )


def speech(lang: str) -> dict[str, Any]:
    return {
        "dated": lambda words: dated(words, lang),
        "remedy_of": lambda remedy: dated(remedy_of(remedy), lang),
        "when": lambda release: commands.when(release, lang),
        "moment": lambda moment: commands.spoken(moment, lang),
    }


def _rehearsed(job: Job | None, pages: dict[str, SitePage], live: str | None) -> list[tuple[Message, list[Row]]]:
    """The pages that a rehearsal found, by what will become of them: (address, page or None, live address)."""
    if not job or job.changes is None:
        return []
    heads = {"added": say("New:"), "changed": say("Changed:"), "removed": say("Gone:")}
    found: list[tuple[Message, list[Row]]] = []
    for kind, head in heads.items():
        names = [f"/{name.removesuffix('index.html')}" for name in job.changes[kind] if _is_read(name)]
        rows = [(name, pages.get(name), f"{live}{name}" if live and kind != "added" else "") for name in sorted(names)]
        if rows:
            found.append((head, rows))
    return found


def _is_read(name: str) -> bool:
    """Whether a file of the site is a page that somebody goes to."""
    return name.endswith(".html") and not name.endswith("404.html")


async def act(request: Request) -> Response:
    """Begin to publish, to look what would change, or to go back; then the page that tells of it."""
    desk = desk_of(request)
    async with request.form() as sent:
        what, release, anyway = (str(sent.get(name, "")) for name in ("do", "release", "anyway"))
    if what in STEPS and (not release or ID.fullmatch(release)):
        more = [word for word in (release, "--break-lock" if anyway else "") if word]
        with suppress(OSError):  # what is published is in the history, to be compared with later
            await asyncio.to_thread(notice, desk)
        try:
            process = start([*COMMAND, what, *more], desk.root)
        except OSError as error:
            why = say("This could not begin: {reason}.", reason=refused(error))
            return shown(request, "refused.html", HTTPStatus.INTERNAL_SERVER_ERROR, why=why, way=False)
        threading.Thread(
            target=process.wait, daemon=True
        ).start()  # else what has ended is kept in the list of processes
        await _begun(desk, process)
    return RedirectResponse(PLACE, HTTPStatus.SEE_OTHER)


async def _begun(desk: Desk, process: subprocess.Popen[bytes]) -> None:
    for _ in range(PATIENCE * 20):
        if running(desk.root) or process.poll() is not None:
            return
        await asyncio.sleep(0.05)


async def steps(request: Request) -> Response:
    """How far it is, for the script of the page: each step's state, and what was said last."""
    desk, lang = desk_of(request), language_of(request)
    busy, job = running(desk.root), last_job(desk.root)
    if job is None:
        return JSONResponse({"busy": busy})
    done, total = job.sent
    states = {step.name: [step.state, in_language(step.told, lang)] for step in steps_of(job)}
    said = dated(job.said[-1], lang) if job.said else ""
    share = 100 * done // total if total and job.steps[-1:] == ["upload"] else None
    return JSONResponse({"busy": busy and not job.end, "steps": states, "said": said, "share": share})


async def earlier(request: Request) -> Response:
    """What is kept on the host, to go back to."""
    desk, state, why = desk_of(request), None, None
    try:
        _, state = await asyncio.to_thread(commands.live, desk.root / "publish.toml")
    except PublishError as error:
        why = error
    return shown(request, "earlier.html", state=state, why=why, **speech(language_of(request)))


ROUTES: list[BaseRoute] = [
    Route(PLACE, publish),
    Route(PLACE, act, methods=["POST"]),
    Route(f"{PLACE}/steps", steps),
    Route(f"{PLACE}/earlier", earlier),
]
