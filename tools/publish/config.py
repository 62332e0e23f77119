"""Reads publish.toml: where the site goes. It holds no secret, so it can be kept with the site."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError, field_validator

from plugins.problems import ROOT, nearest, reason_of, say

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


class Common(BaseModel):
    """What every kind of target has."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    name: str = Field(pattern=r"^[A-Za-z0-9_-]+$")
    url: str | None = Field(None, pattern=r"^https?://[^\s/?#@]+$")
    skip_checks: list[Check] = []
    patience: float = Field(30, ge=0, le=600)  # seconds a cache in front may need before it shows the new release


class SshTarget(Common):
    """A server with OpenSSH: a folder with releases/ and a `current` link."""

    kind: Literal["ssh"]
    host: str = Field(pattern=r"^[A-Za-z0-9_][A-Za-z0-9_.@-]*$")
    folder: str = Field(pattern=r"^/[A-Za-z0-9_./-]+$")
    forced_command: bool = False
    ssh_config: str | None = None
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
    rclone_config: str | None = None


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
        data: dict[str, Any] = tomllib.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return Config()
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise PublishError(
            say("{file} cannot be read: {reason}", file=file.name, reason=str(error)),
            say("Compare it with docs/publishing.md."),
        ) from None
    targets = data.get("targets")
    for name, target in targets.items() if isinstance(targets, dict) else ():
        if not isinstance(target, dict):
            continue  # the model says what is wrong with it
        if found := [key for key in target if any(word in key.lower() for word in SECRETS)]:
            raise PublishError(
                say("{file} holds a secret: {key} of the target {name}", file=file.name, key=found[0], name=name),
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
        place = ".".join(str(step) for step in wrong["loc"] if step not in ("ssh", "rclone"))
        raise PublishError(
            say("{file}: {place}: {reason}", file=file.name, place=place, reason=reason(wrong)),
            say("Compare the entry with docs/publishing.md."),
        ) from None


def reason(wrong: Any) -> str:
    """What one of pydantic's errors says, for people."""
    if wrong["type"] == "string_pattern_mismatch":
        return say("write it as in this example: {example}", example=EXAMPLES[str(wrong["loc"][-1])])
    if wrong["type"].startswith("union_tag"):
        return say('kind is "ssh" or "rclone"')
    return reason_of(wrong)


def choose(config: Config, name: str = "") -> AnyTarget:
    """The target called `name`, or the file's own choice. Raises PublishError where there is none."""
    name = name or config.target
    if not name:
        raise PublishError(
            say("no target is set, so there is nowhere to publish to"),
            say("Fill in publish.toml: docs/publishing.md has one example for each kind of host."),
        )
    if name not in config.targets:
        raise PublishError(
            say('publish.toml has no target "{name}".{nearest}', name=name, nearest=nearest(name, config.targets)),
            say("Known targets: {names}.", names=", ".join(config.targets))
            if config.targets
            else say("Fill in publish.toml: docs/publishing.md has one example for each kind of host."),
        )
    return config.targets[name]
