"""What stops a publish, in words the owner can act on."""

from __future__ import annotations


class PublishError(Exception):
    """`message` says what happened and in what state the live site is; `remedy` what to do."""

    def __init__(self, message: str, remedy: str) -> None:
        super().__init__(f"{message}\n    What to do: {remedy}")
        self.message, self.remedy = message, remedy


class Unreachable(PublishError):
    """The target did not answer, or the connection broke: worth another try."""


class Locked(PublishError):
    """Someone else holds the lock."""


class Damaged(PublishError):
    """The files on the target are not the ones that were sent."""
