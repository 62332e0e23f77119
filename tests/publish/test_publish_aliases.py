"""Old addresses in front matter: rules for every host, a page where a host has none, and what is refused."""

from __future__ import annotations

import json
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


WRITTEN = {
    "old-faq": "from the first slash on",
    "/a/../b": "from the first slash on",
    "/a/b; return 200": "from the first slash on",
    "/fr/séance/": "accents or %",
    "/fr/s%C3%A9ance/": "accents or %",
    "/?p=12": "after “?”",
    f"/{'a' * 300}/": "more than 200 letters",
}
TAKEN = {
    "/en/about/": "is a page of the site now",
    "/EN/About/": "is a page of the site now",
    "/en/old/": "belongs to",  # in both languages
    "/robots.txt": "a file that the site makes",
    "/EN/Feed.xml": "a file that the site makes",
    "/theme/old/": "a file that the site makes",
    "/404.html": "a file that the site makes",
}


@pytest.mark.parametrize("wrong", [WRITTEN, TAKEN], ids=["miswritten", "taken"])
def test_wrong_ones_stop_the_build_and_each_is_told(ground: Path, fictitious: Path, wrong: dict[str, str]) -> None:
    lines = {"en/pages/faq.md": json.dumps(list(wrong), ensure_ascii=False), "fr/pages/faq.md": "[/en/old/]"}
    built = build(ground / "wrong" / "site", True, fictitious, with_aliases(ground / "wrong", lines))
    assert not built.ok
    told = [str(problem.message) for problem in built.problems]
    for number, (address, why) in enumerate(wrong.items()):
        assert any((address in one or f"aliases.{number}" in one) and why in one for one in told), (address, told)
