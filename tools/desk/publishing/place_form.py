"""Where the site goes, as a form: from publish.toml and rclone's own file to fields in the owner's words, and back."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import urlsplit

import tomlkit
from pydantic import ValidationError

from plugins.problems import Message, say
from tools.publish.config import RcloneTarget, SshTarget, choose, config_of, reason
from tools.publish.errors import PublishError
from tools.publish.host_keys import KNOWN, own_key
from tools.publish.remotes import OURS, SECRET, dump, new_name, write_remote

KINDS = {
    "ssh": say("My own server, or hosting with SSH"),
    "sftp": say("Hosting with SFTP"),
    "ftp": say("Hosting with FTPS (encrypted FTP)"),
    "webdav": say("Hosting with WebDAV"),
    "s3": say("Object storage (S3, or compatible with it)"),
    "platform": say("GitHub Pages or GitLab Pages"),
}
FIELDS = {
    "ssh": ("address", "port", "user", "key", "folder"),
    "sftp": ("address", "port", "user", "password", "folder"),
    "ftp": ("address", "port", "implicit", "user", "password", "folder"),
    "webdav": ("address", "user", "password", "folder"),
    "s3": ("address", "region", "user", "password", "folder"),
    "platform": (),
}
COMMON = ("url", "headers", "missing")
TICKS = ("key", "implicit", "headers", "missing")
WORDS = {  # label and hint; a name behind a dot is for one kind alone
    "address": (say("Address of the server"), say("As your host wrote it to you, such as ssh.example.org.")),
    "address.webdav": (
        say("Address of the WebDAV folder"),
        say("As your host wrote it to you; it begins with https://."),
    ),
    "address.s3": (say("Address of the store (endpoint)"), say("It begins with https://. Nothing for Amazon S3.")),
    "port": (say("Port"), say("Nothing for the usual one: {number}.", number="22")),
    "port.ftp": (say("Port"), say("Nothing for the usual one: {number}.", number="21")),
    "implicit": (
        say("Encrypted from the first moment (“implicit TLS”)"),
        say("Only where your host says so, often with port 990."),
    ),
    "user": (say("User"), say("The name of your account there, as your host wrote it to you.")),
    "user.s3": (say("Access key ID"), say("Your host shows it where you make an access key.")),
    "password": (say("Password"), say("It never comes into the files of your site.")),
    "password.s3": (say("Secret access key"), say("It never comes into the files of your site.")),
    "key": (
        say("With a key of the desk’s own"),
        say("It is made when you save, and you give its public half to your host. Without the tick, ssh uses yours."),
    ),
    "folder": (
        say("Folder of the site"),
        say("The one that your host shows to visitors, such as www. It must be empty before the first publication."),
    ),
    "folder.ssh": (
        say("Folder of the site"),
        say("The whole way, such as /srv/site; empty at first. The server shows visitors the folder “current” in it."),
    ),
    "folder.s3": (say("Bucket"), say("Its name; a folder in it may follow, after a slash.")),
    "region": (say("Region"), say("As your host wrote it to you, such as fr-par. It may be empty.")),
    "url": (
        say("Public address of the site"),
        say("Such as https://www.example.org. After each publication the desk looks there whether all is well."),
    ),
    "headers": (
        say("This host cannot send the site’s protective headers"),
        say("True of most object storage. Then that is not looked at after a publication."),
    ),
    "missing": (
        say("This host cannot show the site’s own page for an address that does not exist"),
        say("Then that is not looked at after a publication."),
    ),
}
NEEDED = {"address", "user", "password", "folder"}
HOST = re.compile(r"[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?")
USER = re.compile(r"[^\s:/]+")
PART = {"host": "address", "remote": "folder", "folder": "folder", "aside": "folder", "url": "url", "port": "port"}


@dataclass
class Place:
    """What the form holds. `remote` is the name of rclone's remote, "" where there is none of the desk's."""

    kind: str = ""
    values: dict[str, str] = field(default_factory=dict)
    name: str = ""  # the entry of publish.toml
    remote: str = ""
    known_password: bool = False
    errors: dict[str, Message | str] = field(default_factory=dict)

    def words(self, name: str) -> tuple[Message, Message]:
        """Label and hint of a field."""
        return WORDS.get(f"{name}.{self.kind}") or WORDS[name]

    @property
    def fields(self) -> tuple[str, ...]:
        return (*FIELDS[self.kind], *COMMON) if self.kind in FIELDS and self.kind != "platform" else ()


def read(text: str) -> Place:
    """The place that the text of publish.toml names; without a kind where it names none that can be read."""
    try:
        target = choose(config_of(text))
    except PublishError:
        return Place()
    values = {"url": target.url or ""}
    values |= dict.fromkeys(target.skip_checks, "1")
    if isinstance(target, SshTarget):
        user, _, host = target.host.rpartition("@")
        own = "1" if target.key == str(own_key()) else ""
        values |= {"address": host, "user": user, "port": str(target.port or ""), "folder": target.folder, "key": own}
        return Place("ssh", values, target.name)
    name, _, folder = target.remote.partition(":")
    more = {"RCLONE_CONFIG": target.rclone_config} if target.rclone_config else {}
    remote = dump(dict(os.environ) | more).get(name, {})
    kind = remote.get("type", "")
    address = remote.get("url") or remote.get("endpoint") or remote.get("host") or ""
    values |= {"address": address, "user": remote.get("user") or remote.get("access_key_id", ""), "folder": folder}
    values |= {"port": remote.get("port", ""), "region": remote.get("region", "")}
    values |= {"implicit": "1" if remote.get("tls") == "true" else ""}
    ours = name if OURS.fullmatch(name) and kind in SECRET else ""
    return Place(kind if kind in SECRET else "", values, target.name, ours, bool(ours))


def sent(kind: str, form: Mapping[str, Any], before: Place) -> Place:
    """The form as it was sent, checked. A password that is not typed again stays."""
    same = kind == before.kind
    place = Place(
        kind, {}, before.name if same else kind, before.remote if same else "", same and before.known_password
    )
    place.values = {name: str(form.get(name, "")).strip() for name in place.fields}
    values = place.values
    if url := values["url"].rstrip("/"):
        values["url"] = url if "://" in url else f"https://{url}"
    for name in NEEDED.intersection(place.fields):
        stays = name == "password" and place.known_password
        if not values[name] and not stays and not (kind == "s3" and name == "address"):
            place.errors[name] = say("This is needed.")
    if kind in ("webdav", "s3"):
        parts = urlsplit(values["address"])
        if values["address"] and not (parts.scheme == "https" and parts.hostname and not parts.username):
            place.errors["address"] = say("Write it from https:// on: only so nobody on the way can read the password.")
    elif values["address"] and not HOST.fullmatch(values["address"]):
        place.errors["address"] = say("Write the address alone, such as ssh.example.org: nothing before or behind it.")
    if values["user"] and not USER.fullmatch(values["user"]):
        place.errors["user"] = say("Write the name alone, without spaces.")
    if not place.errors:
        try:
            target(place)
        except ValidationError as error:
            wrong = error.errors()[0]
            place.errors[PART.get(str(wrong["loc"][-1]), "url")] = reason(wrong)
    return place


def entry(place: Place) -> dict[str, Any]:
    """What publish.toml says of it; None for what it is not to say."""
    values = place.values
    skipped = [name for name in ("headers", "missing") if values.get(name)]
    common = {"url": values["url"] or None, "skip_checks": skipped or None}
    if place.kind == "ssh":
        ours = {"port": int(values["port"]) if values["port"].isdigit() else values["port"] or None}
        ours |= {"key": "~/.ssh/human-trajectory-makers" if values.get("key") else None, "remote": None, "aside": None}
        host = f"{values['user']}@{values['address']}"
        return {"kind": "ssh", "host": host, "folder": values["folder"].rstrip("/"), **ours, **common}
    folder = values["folder"].rstrip("/")
    # Beside the public folder, where visitors are not; a bucket has nothing beside it.
    beside = PurePosixPath(folder).with_name(f"{PurePosixPath(folder).name}-publications") if folder else None
    aside = f"{place.remote or 'new'}:{beside}" if beside and place.kind != "s3" else None
    old: dict[str, Any] = dict.fromkeys(("host", "port", "key", "rclone_config"))
    return {"kind": "rclone", "remote": f"{place.remote or 'new'}:{folder}", "aside": aside, **old, **common}


def target(place: Place) -> SshTarget | RcloneTarget:
    """The place as publishing has it. Raises ValidationError."""
    values = {key: value for key, value in entry(place).items() if value is not None}
    model = SshTarget if place.kind == "ssh" else RcloneTarget
    return model.model_validate({"name": place.name, **values})


def remember_remote(place: Place) -> None:
    """Have its remote in rclone's file, and the password where passwords are kept. Raises PublishError and OSError."""
    values = place.values
    place.remote = place.remote or new_name()
    user = {"user": values["user"]}
    told = {
        "sftp": {"host": values["address"], "port": values.get("port", ""), "known_hosts_file": KNOWN, **user},
        "ftp": {"host": values["address"], "port": values.get("port", ""), **user},
        "webdav": {"url": values["address"], "vendor": "other", **user},
        "s3": {"access_key_id": values["user"], "region": values.get("region", ""), "endpoint": values["address"]},
    }[place.kind]
    if place.kind == "ftp":
        told |= {"tls": "true"} if values.get("implicit") else {"explicit_tls": "true"}
    if place.kind == "s3":
        told |= {"provider": "Other" if values["address"] else "AWS", "no_check_bucket": "true"}
    if place.kind == "sftp":  # the key that was accepted for this server stays the one
        before = dump().get(place.remote, {})
        same = all(before.get(name, "") == told[name] for name in ("host", "port"))
        told |= {"host_key_algorithms": before.get("host_key_algorithms", "") if same else ""}
    write_remote(place.remote, {"type": place.kind, **told}, values["password"])


def written(text: str, place: Place) -> str:
    """The text of publish.toml with this place as the one where the site goes; its comments stay."""
    document = tomlkit.parse(text)
    document["target"] = place.name
    targets: Any = document.setdefault("targets", tomlkit.table(is_super_table=True))
    if not isinstance(targets.get(place.name), Mapping):
        targets[place.name] = tomlkit.table()
    table = targets[place.name]
    for key, value in entry(place).items():
        if value is None:
            table.pop(key, None)
        else:
            table[key] = value
    return tomlkit.dumps(document)
