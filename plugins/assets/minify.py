"""Style sheets without comments and without the spaces that mean nothing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Any

import tinycss2


@lru_cache(maxsize=64)  # a preview builds again and again, and its sheets seldom change
def minified(sheet: str) -> str:
    """The style sheet `sheet`, shorter and with the same meaning. Raises ValueError, naming the line, for broken CSS.

    Spaces are tokens (CSS Syntax 3, section 4): they go next to a brace, `,`, `;`, `>`, `~` and the edge of a block,
    and after the colon of a declaration. All others stay, because they may be a combinator or part of a sum.
    """
    return "".join(_written(tinycss2.parse_component_value_list(sheet, skip_comments=True)))


def _written(tokens: Iterable[Any]) -> Iterator[str]:
    kept = list(_needed(list(tokens)))
    while kept and kept[-1] == ";":
        kept.pop()  # the last declaration of a block needs none
    for token in kept:
        match getattr(token, "type", None):
            case "error":
                raise ValueError(f"line {token.source_line}: {token.message}")
            case "{} block":
                yield "{" + "".join(_written(token.content)) + "}"
            case "() block":
                yield "(" + "".join(_written(token.content)) + ")"
            case "function":
                yield f"{token.name}(" + "".join(_written(token.arguments)) + ")"
            case "whitespace":
                yield " "
            case _:
                yield token.serialize()


def _needed(tokens: list[Any]) -> Iterator[Any]:
    before: list[Any] = []  # of this statement
    for token, following in zip(tokens, [*tokens[1:], None], strict=True):
        if token.type == "whitespace":
            previous = before[-1] if before else None
            declared = previous == ":" and len(before) == 2 and before[0].type == "ident"
            if previous is None or following is None or declared or _parts(previous) or _parts(following):
                continue
        before = [] if token == ";" or token.type == "{} block" else [*before, token]
        yield token


def _parts(token: Any) -> bool:
    return token.type == "{} block" or token in (",", ";", ">", "~")
