"""Old addresses in front matter: rules for every host, a page where a host has none, and what is refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.publish.practice import Practice, with_aliases
from tools.build import build


def test_other_hosts_have_their_rules(practice: Practice) -> None:
    assert "/en/old-faq/ /en/faq/ 301" in (practice.site / "_redirects").read_text().splitlines()
    assert 'RedirectMatch 301 "^/questions/old[.]html/?$" "/en/faq/"' in (practice.site / ".htaccess").read_text()


def test_a_page_leads_on_where_there_are_no_rules(practice: Practice) -> None:
    page = (practice.site / "fr/questions/index.html").read_text(encoding="utf-8")
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
        ({"en/pages/faq.md": "[/fr/séance/]"}, "accents or %"),
        ({"en/pages/faq.md": "[/fr/s%C3%A9ance/]"}, "accents or %"),
        ({"en/pages/faq.md": '["/?p=12"]'}, "after “?”"),
        ({"en/pages/faq.md": f"[/{'a' * 300}/]"}, "more than 200 letters"),
        ({"en/pages/faq.md": "[/robots.txt]"}, "a file that the site makes"),
        ({"en/pages/faq.md": "[/EN/Feed.xml]"}, "a file that the site makes"),
        ({"en/pages/faq.md": "[/theme/old/]"}, "a file that the site makes"),
        ({"en/pages/faq.md": "[/404.html]"}, "a file that the site makes"),
        ({"en/pages/faq.md": "[/EN/About/]"}, "is a page of the site now"),
        ({"en/pages/faq.md": '["/a/b; return 200"]'}, "from the first slash on"),
    ],
)
def test_wrong_ones_stop_the_build(ground: Path, fictitious: Path, lines: dict[str, str], expected: str) -> None:
    settings = with_aliases(ground / "wrong", lines)
    built = build(ground / "wrong" / "site", True, fictitious, settings)
    assert not built.ok
    assert any(expected in problem.message for problem in built.problems), built.problems
