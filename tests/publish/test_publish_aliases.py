"""Old addresses lead to the page as it is called now, by the host's rules and by a page where a host has none."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.publish.conftest import need
from tests.publish.servers import NGINX, Account, Nginx
from tools.build import Built, build
from tools.publish.http import get


def build_with(root: Path, folder: Path, facts: Path, aliases: dict[str, str]) -> Built:
    """The real site with `aliases:` lines in some of its pages."""
    content = folder / "content"
    shutil.rmtree(content, ignore_errors=True)
    shutil.copytree(root / "content", content)
    for page, line in aliases.items():
        file = content / page
        file.write_text(
            file.read_text(encoding="utf-8").replace("---\n", f"---\naliases: {line}\n", 1), encoding="utf-8"
        )
    return build(folder / "site", True, facts, {"PATH": str(content)})


@pytest.fixture(scope="module")
def place(ground: Path) -> Path:
    folder = ground / "aliases"
    folder.mkdir()
    return folder


@pytest.fixture(scope="module")
def site(place: Path, account: Account) -> Iterator[tuple[Path, str]]:
    need(NGINX)
    root = Path(__file__).resolve().parents[2]
    lines = {"en/pages/faq.md": "[/en/old-faq/, /questions/old.html]", "fr/pages/faq.md": "[/fr/questions/]"}
    built = build_with(root, place, root / "tests" / "fixtures" / "practice.toml", lines)
    assert built.output, built.problems
    server = Nginx.start(place / "nginx", account, f"root {built.output};\ninclude {built.output}/.hosting/nginx.conf;")
    yield built.output, server.url
    server.stop()


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("/en/old-faq/", "/en/faq/"),
        ("/en/old-faq", "/en/faq/"),
        ("/questions/old.html", "/en/faq/"),
        ("/fr/questions/", "/fr/faq/"),
    ],
)
def test_nginx_redirects(site: tuple[Path, str], old: str, new: str) -> None:
    answer = get(site[1] + old)
    assert (answer.status, answer.headers["location"]) == (301, new)
    assert answer.headers["x-content-type-options"] == "nosniff"


def test_other_hosts_have_their_rules(site: tuple[Path, str]) -> None:
    folder = site[0]
    assert "/en/old-faq/ /en/faq/ 301" in (folder / "_redirects").read_text().splitlines()
    assert 'RedirectMatch 301 "^/questions/old[.]html/?$" "/en/faq/"' in (folder / ".htaccess").read_text()


def test_a_page_leads_on_where_there_are_no_rules(site: tuple[Path, str]) -> None:
    page = (site[0] / "fr/questions/index.html").read_text(encoding="utf-8")
    assert '<html lang="fr">' in page
    assert 'content="0; url=/fr/faq/"' in page
    assert '<link rel="canonical" href="/fr/faq/">' in page


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        ({"en/pages/faq.md": "[/en/about/]"}, "is a page of the site now"),
        ({"en/pages/faq.md": "[/en/old/]", "fr/pages/faq.md": "[/en/old/]"}, "belongs to"),
        ({"en/pages/faq.md": "[old-faq]"}, "from the first slash on"),
        ({"en/pages/faq.md": '["/a/../b"]'}, "from the first slash on"),
        ({"en/pages/faq.md": '["/a/b; return 200"]'}, "from the first slash on"),
    ],
)
def test_wrong_ones_stop_the_build(
    root: Path, place: Path, fictitious: Path, lines: dict[str, str], expected: str
) -> None:
    (place / "wrong").mkdir(exist_ok=True)
    built = build_with(root, place / "wrong", fictitious, lines)
    assert not built.ok
    assert any(expected in problem.message for problem in built.problems), built.problems
