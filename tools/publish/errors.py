"""What stops a publish, in words the owner can act on."""

from __future__ import annotations

from collections.abc import Sequence

from plugins.problems import Problem, formatted, in_language, say


class PublishError(Exception):
    """`message` says what happened and in what state the live site is, `remedy` what to do; both made with `say`."""

    def __init__(self, message: str, remedy: str, problems: Sequence[Problem] = ()) -> None:
        super().__init__(message, remedy)
        self.message, self.remedy, self.problems = message, remedy, problems

    def told(self, lang: str) -> str:
        """Everything there is to say, in `lang`: what happened, what each file needs, what to do."""
        listed = [formatted(problem, lang) for problem in self.problems] + ([""] if self.problems else [])
        stopped = in_language(say("Stopped: {reason}", reason=self.message), lang)
        todo = in_language(say("What to do: {remedy}", remedy=self.remedy), lang)
        return "\n".join([stopped, *listed, f"    {todo}"])

    def __str__(self) -> str:
        return self.told("en")


class Unreachable(PublishError):
    """The target did not answer, or the connection broke: worth another try."""


class Locked(PublishError):
    """Someone else holds the lock."""


class Damaged(PublishError):
    """The files on the target are not the ones that were sent."""
