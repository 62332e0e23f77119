"""Two builds that all tests here read: published with complete fictitious facts, and a preview with hardly any."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.site.built_site import LANGUAGES, Site, address_of, build_site, front_matter


@pytest.fixture(scope="session")
def published(tmp_path_factory: pytest.TempPathFactory, fictitious: Path) -> Site:
    """The site as it would be published, were its facts real."""
    return build_site(tmp_path_factory.mktemp("published"), True, fictitious)


@pytest.fixture(scope="session")
def preview(tmp_path_factory: pytest.TempPathFactory, incomplete: Path) -> Site:
    """The site as the practice sees it while most facts are missing."""
    return build_site(tmp_path_factory.mktemp("preview"), False, incomplete)


@pytest.fixture(scope="session")
def sources(root: Path) -> dict[str, dict[str, dict[str, Any]]]:
    """language → key → front matter, with `body`, `kind` and `address`."""
    return {
        lang: {key: matter | {"address": address_of(lang, matter)} for key, matter in front_matter(root, lang).items()}
        for lang in LANGUAGES
    }
