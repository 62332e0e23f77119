"""Which file of a photograph each engine takes: AVIF, as wide as the column that it stands in."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.browser.served_site import Site
from tests.browser.test_photographs import with_photographs
from tests.engines.conftest import Engine

pytestmark = pytest.mark.long


@pytest.fixture(scope="module")
def photographs(root: Path, fictitious: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with with_photographs(root, fictitious, tmp_path_factory.mktemp("photographs")) as site:
        yield site


@pytest.mark.parametrize("width", [360, 1280])
def test_each_engine_takes_the_avif_that_is_wide_enough(engine: Engine, photographs: Site, width: int) -> None:
    """WebKit understands less of `sizes` than the others, and what it does not understand is as wide as the window."""
    engine.resize(width)
    engine.open(f"{photographs.url}/en/faq/")
    picture = "document.querySelector('.prose img')"
    assert engine.evaluate(f"{picture}.currentSrc").partition("/pictures/")[2].startswith("first-660.")
    assert engine.evaluate(f"{picture}.currentSrc").endswith(".avif")
    across = engine.evaluate(f"{picture}.clientWidth")
    assert across == engine.evaluate(f"{picture}.closest('p').clientWidth")
    assert engine.evaluate(f"{picture}.clientHeight") == pytest.approx(across * 860 / 1300, abs=1)
