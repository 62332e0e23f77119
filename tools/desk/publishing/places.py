"""Where the site goes: the choice and its form, the trial of the connection, the owner's yes to a server's key."""

from __future__ import annotations

import asyncio
from http import HTTPStatus
from pathlib import Path

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from plugins.files import refused
from plugins.problems import say
from tools.preview.panel import RESERVED
from tools.publish import host_keys, trial
from tools.publish.config import choose, config_of, read_config
from tools.publish.errors import PublishError
from tools.publish.remotes import OURS, dump, held, keychain, write_remote

from ..desk import Desk, desk_of
from ..history.saving import Changed, digest, save
from ..shown import shown
from ..spoken import language_of
from .place_form import COMMON, KINDS, TICKS, Place, read, remember_remote, sent, written
from .publish import speech

PLACE = f"{RESERVED}place"


def _file(desk: Desk) -> Path:
    return desk.root / "publish.toml"


def _text(desk: Desk) -> tuple[str, str]:
    """The text of publish.toml, and the digest of the file. Raises OSError and UnicodeDecodeError."""
    try:
        data = _file(desk).read_bytes()
    except FileNotFoundError:
        return "", ""
    return data.decode("utf-8-sig"), digest(data)


async def place(request: Request) -> Response:
    """The kinds of host, and the form of the one that is chosen; what is sent is saved."""
    desk = desk_of(request)
    try:
        text, seen = _text(desk)
        now = read(text)
        chosen = request.query_params.get("kind", now.kind)
        form = now if chosen == now.kind else Place(chosen if chosen in KINDS else "", _begun(chosen))
        if request.method == "POST" and form.kind in KINDS and form.kind != "platform":
            async with request.form() as typed:
                form = sent(form.kind, typed, now)
            if form.errors:
                return _form(request, form, HTTPStatus.BAD_REQUEST)
            await asyncio.to_thread(_keep, desk, form, text, seen)
            return RedirectResponse(f"{PLACE}?saved", HTTPStatus.SEE_OTHER)
    except Changed:
        return _form(request, form, HTTPStatus.CONFLICT, say("another program changed this just now; save once more"))
    except PublishError as error:
        return _form(request, form, HTTPStatus.CONFLICT, error.message)
    except OSError as error:
        return _form(request, form, HTTPStatus.INTERNAL_SERVER_ERROR, refused(error))
    except ValueError:
        why = say("The file that says where the site goes cannot be read. Bring back an earlier one from History.")
        return shown(request, "refused.html", HTTPStatus.CONFLICT, why=why, way=False)
    return _form(request, form)


def _begun(kind: str) -> dict[str, str]:
    """What a new form holds already."""
    return {"ssh": {"key": "1"}, "s3": {"headers": "1", "missing": "1"}}.get(kind, {})


def _keep(desk: Desk, form: Place, text: str, seen: str) -> None:
    """Write it down: the password first, where passwords are kept. Raises PublishError, Changed and OSError."""
    if form.kind == "ssh":
        if form.values.get("key"):
            host_keys.make_key()
    else:
        remember_remote(form)
    new = written(text, form)
    choose(config_of(new))
    save(desk, {_file(desk): new.encode()}, {_file(desk): seen}, say("Where the site goes"))


def _form(request: Request, form: Place, status: HTTPStatus = HTTPStatus.OK, refusal: str = "") -> Response:
    key = host_keys.own_key()
    public = key.with_name(f"{key.name}.pub")
    uses_key = form.kind == "ssh" and bool(form.values.get("key")) and public.is_file()
    return shown(
        request,
        "place.html",
        status,
        form=form,
        kinds=KINDS,
        ticks=TICKS,
        common=COMMON,
        saved="saved" in request.query_params and not form.errors,
        refusal=refusal,
        keychain=keychain(),
        in_keychain=bool(form.known_password and held(form.remote)),
        public=public.read_text(encoding="utf-8").strip() if uses_key else "",
    )


async def attempt(request: Request) -> Response:
    """Try the connection; before, where that is sent, know the key that the owner has compared."""
    desk, lang = desk_of(request), language_of(request)
    async with request.form() as typed:
        accepted = str(typed.get("fingerprint", ""))
    try:
        target = choose(read_config(_file(desk)))
        if accepted:
            await asyncio.to_thread(_accept, desk, accepted)
        steps = await asyncio.to_thread(trial.tried, target)
    except PublishError as error:
        steps = [trial.Step(say("Where the site goes is known"), error.message, error.remedy)]
    except OSError as error:
        steps = [trial.Step(say("This computer takes part"), refused(error), say("Mend that, then try again."))]
    return shown(request, "trial.html", steps=steps, **speech(lang))


def _accept(desk: Desk, fingerprint: str) -> None:
    """Know the key with this fingerprint, should the server still show it. Raises PublishError and OSError."""
    target = choose(read_config(_file(desk)))
    where = trial.place_of(target)
    key = next((key for key in host_keys.shown(where) if key.fingerprint == fingerprint), None) if where else None
    if where is None or key is None or host_keys.known(where):
        return  # the trial that follows says how it is now
    host_keys.accept(where, key)
    name = "" if target.kind == "ssh" else target.remote.partition(":")[0]
    if OURS.fullmatch(name):
        write_remote(name, dump()[name] | {"host_key_algorithms": key.algorithms})


ROUTES: list[BaseRoute] = [
    Route(PLACE, place, methods=["GET", "POST"]),
    Route(f"{PLACE}/try", attempt, methods=["POST"]),
]
