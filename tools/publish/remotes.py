"""The remotes that the desk makes: in rclone's own file, the password in this computer's keychain where it has one.

No password comes into the project, a command line or a message. From the keychain it goes to rclone's environment.
"""

from __future__ import annotations

import json
import os
import re
import secrets
import subprocess
from collections.abc import Mapping
from pathlib import Path

import keyring

from plugins.problems import say

from .errors import PublishError
from .hosts.program import program

SERVICE = "Human Trajectory Makers"  # under which the keychain has them
OURS = re.compile(r"site[0-9a-f]{6}")  # names of such remotes
SECRET = {"sftp": "pass", "ftp": "pass", "webdav": "pass", "s3": "secret_access_key"}  # by the type of a remote
LOCKED = "# Encrypted rclone configuration"
PATIENCE = 20  # seconds for rclone to answer what it need not ask of others


def new_name() -> str:
    """A name that no other remote has."""
    return f"site{secrets.token_hex(3)}"


def keychain() -> str:
    """What the keychain of this computer is called; "" where none works."""
    try:
        found = keyring.get_keyring()
        return str(found.name) if found.priority >= 1 else ""
    except Exception:  # each keychain has errors of its own; whichever it is, there is none to use
        return ""


def held(name: str) -> str | None:
    """The password that the keychain has for a remote."""
    try:
        return keyring.get_password(SERVICE, name) if keychain() else None
    except Exception:
        return None


def kept(name: str, password: str) -> bool:
    """Keep a password in the keychain: whether it is there now."""
    try:
        if keychain():
            keyring.set_password(SERVICE, name, password)
    except Exception:
        return False
    return held(name) == password


def environment(name: str, remote: Mapping[str, str]) -> dict[str, str]:
    """What rclone needs beside its own file to reach a remote that is written there as `remote`."""
    field = SECRET.get(remote.get("type", ""))
    if not OURS.fullmatch(name) or field is None or field in remote:
        return {}
    password = held(name)
    return {f"RCLONE_CONFIG_{name}_{field}".upper(): for_rclone(field, password)} if password else {}


def for_rclone(field: str, password: str) -> str:
    """A password as rclone has it in this field: made unreadable to a passing glance."""
    if field != "pass":
        return password
    done = subprocess.run(
        [program(), "obscure", "-"], input=password, capture_output=True, check=True, encoding="utf-8", timeout=PATIENCE
    )
    return done.stdout.strip()


def dump(surroundings: Mapping[str, str] | None = None) -> dict[str, dict[str, str]]:
    """Every remote that rclone knows; none where its file cannot be read."""
    try:
        done = subprocess.run(
            [program(), "config", "dump", "--ask-password=false"],
            env=surroundings,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            check=False,
            timeout=PATIENCE,
        )
        found = json.loads(done.stdout)
        return found if isinstance(found, dict) else {}
    except (ValueError, subprocess.TimeoutExpired):
        return {}


def write_remote(name: str, values: Mapping[str, str], password: str = "") -> None:
    """Have a remote in rclone's file; its password in the keychain, or there too where no keychain works.

    Without a `password`, the one that it had stays. Raises PublishError and OSError.
    """
    field = SECRET[values["type"]]
    before = dump().get(name, {}).get(field, "")
    if password:
        before = "" if kept(name, password) else for_rclone(field, password)
    lines = [f"{key} = {value}" for key, value in {**values, field: before}.items() if value]
    place = Path(_file())
    text = place.read_text(encoding="utf-8") if place.exists() else ""
    if text.lstrip().startswith(LOCKED):
        raise PublishError(
            say("rclone's own file of passwords is locked on this computer"),
            say("Ask whoever set rclone up here to add this host."),
        )
    section = re.compile(rf"^\[{re.escape(name)}\]\n(?:(?!\[).*\n?)*", re.M)
    rest = section.sub("", text).rstrip("\n")
    _private(place, (f"{rest}\n\n" if rest else "") + "\n".join([f"[{name}]", *lines]) + "\n")


def _file() -> str:
    """Where rclone's file is, or would be."""
    done = subprocess.run(
        [program(), "config", "file"],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        check=True,
        encoding="utf-8",
        timeout=PATIENCE,
    )
    return done.stdout.strip().splitlines()[-1]


def _private(place: Path, text: str) -> None:
    """Write a file that nobody else on this computer can read, at any moment."""
    place.parent.mkdir(parents=True, exist_ok=True)
    aside = place.with_name(f".{place.name}.{os.getpid()}.part")
    aside.unlink(missing_ok=True)
    try:
        with os.fdopen(os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
            file.write(text)
        aside.replace(place.resolve())
    finally:
        aside.unlink(missing_ok=True)
