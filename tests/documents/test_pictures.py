"""Every page names a picture that is there."""

from __future__ import annotations

import re
from typing import Any


def test_each_page_has_its_picture(site: Any) -> None:
    named = {}
    for page in [*site.output.glob("en/**/index.html"), *site.output.glob("fr/**/index.html")]:
        found = re.search(r'property="og:image" content="[^"]*?/(social/[^"]+)"', page.read_text(encoding="utf-8"))
        assert found, page
        assert (site.output / found[1]).stat().st_size <= 80_000
        named[page] = found[1]
    assert len(set(named.values())) > len(named) * 0.8
    assert {f"social/{file.name}" for file in (site.output / "social").iterdir()} >= set(named.values())
