"""Reads publish.toml: where the site goes. It holds no secret, so it can be kept with the site."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, TypeAdapter, ValidationError, field_validator

from plugins.problems import ROOT, nearest, place_of, reason_of, say, unreadable
from plugins.problems.lines import line_matching, line_of_entry

from .errors import PublishError

FILE = ROOT / "publish.toml"
# What an entry that has to look a certain way looks like.
EXAMPLES = {
    "name": "server",
    "host": "site@www.example.org",
    "folder": "/srv/site",
    "remote": "hosting:www",
    "aside": "hosting:site-releases",
    "url": "https://www.example.org",
}
SECRETS = ("password", "passwd", "secret", "token", "access_key", "private_key")
Check = Literal["headers", "missing"]


def _address(value: str) -> str:
    """An address whose host and port are ones."""
    try:
        parts = urlsplit(value)
        if parts.hostname and parts.port != 0:
            return value
    except ValueError:
        pass
    raise ValueError(say("write it as in this example: {example}", example=EXAMPLES["url"]))


def _file(value: str) -> str:
    """A file, where ~ stands for a home."""
    try:
        return str(Path(value).expanduser())
    except RuntimeError:
        raise ValueError(say("there is no account of this name on this machine")) from None


Seconds = Annotated[float, Field(ge=0, le=600, allow_inf_nan=False)]
File = Annotated[str, AfterValidator(_file)]


class Common(BaseModel):
    """What every kind of target has."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    name: str = Field(pattern=r"^[A-Za-z0-9_-]+$")
    url: Annotated[str, Field(pattern=r"^https?://[^\s/?#@]+$"), AfterValidator(_address)] | None = None
    skip_checks: list[Check] = []
    patience: Seconds = 30  # that a cache in front may need before it shows the new release
    silence: Annotated[Seconds, Field(ge=1)] = 20  # without a sign of life from the host, before that is told


class SshTarget(Common):
    """A server with OpenSSH: a folder with releases/ and a `current` link."""

    kind: Literal["ssh"]
    host: str = Field(pattern=r"^[A-Za-z0-9_][A-Za-z0-9_.@-]*$")
    folder: str = Field(pattern=r"^/[A-Za-z0-9_./-]+$")
    port: Annotated[int, Field(ge=1, le=65535)] | None = None
    key: File | None = None
    forced_command: bool = False
    ssh_config: File | None = None
    transfer: Literal["auto", "rsync", "tar"] = "auto"

    @field_validator("folder")
    @classmethod
    def _is_one_folder(cls, value: str) -> str:
        if ".." in value.split("/"):
            raise ValueError(say("write the folder without .."))
        return value.rstrip("/")


class RcloneTarget(Common):
    """Anything rclone can write to. `aside` keeps what is needed to go back; it may lie outside the public folder."""

    kind: Literal["rclone"]
    remote: str = Field(pattern=r"^[A-Za-z0-9_][A-Za-z0-9_. +@-]*:[^\s:]*$")
    aside: str | None = Field(None, pattern=r"^[A-Za-z0-9_][A-Za-z0-9_. +@-]*:[^\s:]*$")
    rclone_config: File | None = None


AnyTarget = SshTarget | RcloneTarget


class Config(BaseModel):
    """The whole file."""

    model_config = ConfigDict(extra="forbid")
    target: str = ""
    keep: int = Field(5, ge=2, le=50)
    targets: dict[str, Annotated[AnyTarget, Field(discriminator="kind")]] = {}


def read_config(file: Path = FILE) -> Config:
    """The file as a Config. Raises PublishError naming the entry that is wrong."""
    try:
        return config_of(file.read_text(encoding="utf-8-sig"), file.name)
    except FileNotFoundError:
        return Config()
    except (OSError, UnicodeDecodeError) as error:
        raise illegible(file.name, error, "") from None


def config_of(text: str, file: str = FILE.name) -> Config:
    """The text of `file` as a Config. Raises PublishError naming the entry that is wrong."""
    try:
        data: dict[str, Any] = tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        raise illegible(file, error, text) from None
    targets = data.get("targets")
    for name, target in targets.items() if isinstance(targets, dict) else ():
        if not isinstance(target, dict):
            continue  # the model says what is wrong with it
        if found := [key for key in target if any(word in key.lower() for word in SECRETS)]:
            raise PublishError(
                say("{file} holds a secret: {key} of the target {name}", file=file, key=found[0], name=name),
                say(
                    "Remove it, change that password or key, "
                    "and let ssh-agent or rclone's configuration hold the new one."
                ),
            )
        target["name"] = name
    try:
        return TypeAdapter(Config).validate_python(data)
    except ValidationError as error:
        wrong = error.errors()[0]
        steps = tuple(step for place, step in enumerate(wrong["loc"]) if place != 2)  # the third is the kind
        values = {"file": place_of(file, line_of_entry(text, steps)), "place": ".".join(map(str, steps))}
        raise PublishError(
            say("{file}: {place}: {reason}", **values, reason=reason(wrong)),
            say("Compare the entry with docs/hosts.md."),
        ) from None


def illegible(file: str, error: Exception, text: str) -> PublishError:
    """A file that is no TOML, with the line; also what TOML allows and Python does not."""
    if isinstance(error, OSError | UnicodeDecodeError | tomllib.TOMLDecodeError):
        problem = unreadable(file, error, text)
        return PublishError(
            say("{file}: {reason}", file=place_of(file, problem.line), reason=problem.message), problem.remedy
        )
    long = line_matching(r"\d{4000}|[\[{]{99}", text.split("\n"))
    return PublishError(
        say("{file}: this is too long a number, or too deep a list", file=place_of(file, long)),
        say("Compare the entry with docs/hosts.md."),
    )


def reason(wrong: Any) -> str:
    """What one of pydantic's errors says, for people."""
    if wrong["type"] == "string_pattern_mismatch":
        return say("write it as in this example: {example}", example=EXAMPLES.get(str(wrong["loc"][-1]), "server"))
    if wrong["type"].startswith("union_tag"):
        return say('kind is "ssh" or "rclone"')
    return reason_of(wrong)


def choose(config: Config, name: str = "") -> AnyTarget:
    """The target called `name`, or the file's own choice. Raises PublishError where there is none."""
    name = name or config.target
    if not name:
        raise PublishError(
            say("no target is set, so there is nowhere to publish to"),
            say("Fill in publish.toml: docs/hosts.md has one example for each kind of host."),
        )
    if name not in config.targets:
        raise PublishError(
            say('publish.toml has no target "{name}".{nearest}', name=name, nearest=nearest(name, config.targets)),
            say("Known targets: {names}.", names=", ".join(config.targets))
            if config.targets
            else say("Fill in publish.toml: docs/hosts.md has one example for each kind of host."),
        )
    return config.targets[name]
