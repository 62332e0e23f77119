"""One published build with fictitious facts serves all tests of the documents."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.documents.built_documents import NAMES, Site, build_site
from tests.documents.checks import Spec


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Site:
    return build_site(tmp_path_factory.mktemp("documents"))


@pytest.fixture(params=NAMES, ids=lambda value: "-".join(value))
def document(request: pytest.FixtureRequest, site: Site) -> tuple[Path, Spec]:
    """Each of the four documents: (file, what it should be)."""
    name, lang = request.param
    return site.pdf(name, lang), site.spec(name, lang)
