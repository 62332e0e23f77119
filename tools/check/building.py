"""What the build itself says: front matter, encoding, pairs, addresses, links, data; unknown facts in one line."""

from __future__ import annotations

from collections.abc import Iterator

from plugins.practice.facts import gathered
from plugins.problems import Problem

from .site import CheckedSite


def problems(site: CheckedSite) -> Iterator[Problem]:
    """Every problem of the build; facts that nobody has given yet are counted rather than listed."""
    return gathered(site.found)
