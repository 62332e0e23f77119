"""Reads publish.toml: where the site goes. It holds no secret, so it can be kept with the site."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError, field_validator

from plugins.problems import ROOT, nearest

from .errors import PublishError

FILE = ROOT / "publish.toml"
SECRETS = ("password", "passwd", "secret", "token", "access_key", "private_key")
Check = Literal["headers", "missing"]


class Common(BaseModel):
    """What every kind of target has."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    name: str = ""
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
            raise ValueError("write the folder without ..")
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
        raise PublishError(f"{file.name} cannot be read: {error}", "Compare it with docs/publishing.md.") from None
    for name, target in data.get("targets", {}).items():
        if found := [key for key in target if any(word in key.lower() for word in SECRETS)]:
            raise PublishError(
                f"{file.name} holds a secret: {found[0]} of the target {name}",
                "Remove it, change that password or key, and let ssh-agent or rclone's configuration hold the new one.",
            )
        target["name"] = name
    try:
        return TypeAdapter(Config).validate_python(data)
    except ValidationError as error:
        wrong = error.errors()[0]
        place = ".".join(str(step) for step in wrong["loc"] if step not in ("ssh", "rclone"))
        reason = str(wrong["msg"]).removeprefix("Value error, ")
        raise PublishError(f"{file.name}: {place}: {reason}", "Compare the entry with docs/publishing.md.") from None


def choose(config: Config, name: str = "") -> AnyTarget:
    """The target called `name`, or the file's own choice. Raises PublishError where there is none."""
    name = name or config.target
    if not name:
        raise PublishError(
            "no target is set, so there is nowhere to publish to",
            "Fill in publish.toml: docs/publishing.md has one example for each kind of host.",
        )
    if name not in config.targets:
        raise PublishError(
            f'publish.toml has no target "{name}".{nearest(name, config.targets)}',
            f"Known: {', '.join(config.targets) or 'none yet'}.",
        )
    return config.targets[name]
