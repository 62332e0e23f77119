"""The four documents against every check of `checks.py`."""

from __future__ import annotations

from pathlib import Path

import pikepdf
import pytest

from tests.documents.checks import CHECKS, Check, Spec


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
def test_check(check: Check, document: tuple[Path, Spec]) -> None:
    path, spec = document
    with pikepdf.open(path) as pdf:
        check(pdf, spec)


def test_sizes_and_pages(document: tuple[Path, Spec]) -> None:
    path, spec = document
    guide = len(spec.headings) > 30
    with pikepdf.open(path) as pdf:
        pages = len(pdf.pages)
    assert pages in range(16, 21) if guide else pages == 2
    assert path.stat().st_size <= (310_000 if guide else 110_000)
