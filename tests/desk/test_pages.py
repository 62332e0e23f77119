"""The list of pages, and new pages: how each stands, and what the files say then."""

from __future__ import annotations

import datetime
import shutil
from pathlib import Path
from typing import Any

import pytest
from bs4 import Tag

from plugins.problems import Problem
from tests.desk.site_copy import Site, site_in
from tools.desk.pages import pages
from tools.publish.record import Published, remember, sources_now

LATER = datetime.date.today() + datetime.timedelta(days=40)  # noqa: DTZ011
LANGS = ("en", "fr")


@pytest.fixture
def site(tmp_path: Path) -> Site:
    return site_in(tmp_path / "site")


def row(site: Site, title: str, lang: str = "en") -> Tag:
    """The row of the list that has this title."""
    found = site.get("pages", lang).page.find("a", string=title)
    assert isinstance(found, Tag), title
    item = found.find_parent("li")
    assert isinstance(item, Tag)
    return item


def published(site: Site, when: datetime.datetime | None = None) -> None:
    """The site is published as it is."""
    now = when or datetime.datetime.now(datetime.UTC)
    remember(Published("host", "r1", "https://practice.test", now, sources_now(site.desk.content)), site.desk.root)


# --- the list ---------------------------------------------------------------------------------------------------------


def test_a_page_stands_in_one_row_with_both_titles(site: Site) -> None:
    item = row(site, "Frequently asked questions")
    assert [(link["href"], link.get("lang")) for link in item.select("div p:first-child a")] == [
        ("/en/faq/", "en"),
        ("/fr/faq/", "fr"),
    ]
    assert "has not published the site yet" in site.get("pages").text
    assert "Cet ordinateur n’a pas encore publié" in site.get("pages", "fr").text
    assert [link["lang"] for link in row(site, "Questions fréquentes", "fr").select("div p:first-child a")] == [
        "fr",
        "en",
    ]


def test_what_was_published_is_live_until_it_is_changed(site: Site) -> None:
    published(site)
    assert row(site, "Glossary").text.count("live") == 2
    site.replace("fr/pages/glossary", "title: Glossaire", "title: Lexique")
    text = row(site, "Glossary").text
    assert ("live" in text, "changed since the site was published" in text) == (True, True)
    assert "the version in English is behind" in text
    link = row(site, "Glossary").find("a", href="/.preview/languages?page=pages/glossary")
    assert isinstance(link, Tag)


def test_a_page_that_was_not_there_then_is_not_published_yet(site: Site) -> None:
    published(site)
    for lang in LANGS:
        shutil.copyfile(site.file(f"{lang}/pages/glossary"), site.file(f"{lang}/pages/words"))
        site.change(f"{lang}/pages/words", title=f"Words {lang}", slug="words")
    assert row(site, "Words en").text.count("not published yet") == 2


def test_a_draft_and_one_that_waits_are_told(site: Site) -> None:
    published(site)
    for lang in LANGS:
        site.change(f"{lang}/articles/ending-well", date=LATER)
        site.change(f"{lang}/pages/glossary", status="draft")
    assert row(site, "Glossary").text.count("draft") == 2
    day = f"{LATER.day} {LATER:%B %Y}"
    assert f"appears on {day}: publish the site on that day or later" in row(site, "How to end coaching well").text
    assert [(page.name, page.waits) for page in pages.waiting(site.desk)] == [
        ("en/articles/ending-well", LATER),
        ("fr/articles/ending-well", LATER),
    ]


def test_an_article_whose_day_came_after_the_publication_is_not_live(site: Site) -> None:
    published(site, datetime.datetime(2026, 1, 5, tzinfo=datetime.UTC))
    for lang in LANGS:
        site.change(f"{lang}/articles/ending-well", date=datetime.date(2026, 1, 6))
    published(site, datetime.datetime(2026, 1, 5, tzinfo=datetime.UTC))
    assert "has come: publish the site, and it appears" in row(site, "How to end coaching well").text


@pytest.mark.parametrize(
    ("values", "says"),
    [
        ({"translation": "pending"}, "only in English, for now"),
        ({"unpaired": "It is about London."}, "only in English, for good"),
        ({}, "not written in French"),
    ],
)
def test_a_page_in_one_language_says_for_how_long(site: Site, values: dict[str, Any], says: str) -> None:
    site.file("fr/articles/ending-well").unlink()
    site.change("en/articles/ending-well", **values)
    item = row(site, "How to end coaching well")
    assert says in item.text
    assert "Write it in French" in item.text


def test_the_problems_of_a_page_are_counted_and_led_to(site: Site) -> None:
    state = site.desk.preview.state
    told = [Problem(f"content/{lang}/pages/glossary.md", 9, "x", "y", "warning") for lang in LANGS]
    site.desk.preview.show(type(state)(warnings=tuple(told)))
    link = row(site, "Glossary").select_one("a.error")
    assert link is not None
    assert (link["href"], link.text) == ("/.preview/problems?page=pages/glossary", "Problems (2): Glossary")
    assert len(site.get("problems?page=pages/glossary").page.select(".rows > li")) == 2
    assert not site.get("problems?page=pages/faq").page.select(".rows > li")


def test_a_page_that_cannot_be_read_is_in_the_list(site: Site) -> None:
    site.file("en/pages/glossary").write_text("no front matter", encoding="utf-8")
    item = row(site, "glossary")
    assert item.select_one("a[href='/.preview/text?page=en/pages/glossary']")
    assert item.select_one("a[href='/.preview/delete?page=pages/glossary']")


# --- new pages --------------------------------------------------------------------------------------------------------


def test_a_new_article_is_two_drafts_in_one_change_and_then_edited(site: Site) -> None:
    before = site.all()
    fields = {"kind": "article", "lang": "fr", "title-fr": " Tenir  parole ", "day": LATER.isoformat()}
    answer = site.post("new", **fields)
    assert (answer.status, answer.headers["location"]) == (303, "/fr/drafts/tenir-parole/#desk:11")
    made = sorted(site.all().keys() - before.keys())
    assert made == ["en/articles/tenir-parole.md", "fr/articles/tenir-parole.md"]
    french, english = site.values("fr/articles/tenir-parole"), site.values("en/articles/tenir-parole")
    assert (french["title"], french["slug"], french["date"]) == ("Tenir parole", "tenir-parole", LATER.isoformat())
    assert (english["title"], english["date"]) == (
        "To write: the English title of “Tenir parole”",
        LATER.isoformat(),
    )
    assert {values["status"] for values in (french, english)} == {"draft"}
    assert site.text("fr/articles/tenir-parole").splitlines()[10].startswith("À écrire")
    history = site.get("history").page.select(".rows > li")
    assert "New: “Tenir parole”" in history[0].text
    assert len(history[0].select("li")) == 2


def test_both_titles_give_both_addresses(site: Site) -> None:
    site.post("new", kind="page", lang="fr", **{"title-fr": "Mon cabinet", "title-en": "My practice"})
    assert site.values("fr/pages/my-practice")["slug"] == "mon-cabinet"
    assert site.values("en/pages/my-practice")["title"] == "My practice"
    assert "date" not in site.values("en/pages/my-practice")


@pytest.mark.parametrize(
    ("fields", "field", "says"),
    [
        ({"title-en": " "}, "title-en", "This is needed."),
        ({"title-en": "<b>x</b>"}, "title-en", "would be printed"),
        ({"title-en": "…"}, "title-en", "no letter"),
        ({"title-en": "Contact"}, "title-en", "This is the address of “Contact” already."),
        ({"title-en": "New", "title-fr": "Contact"}, "title-fr", "This is the address of “Contact” already."),
        ({"title-en": "a\ue000b"}, "title-en", "cannot be shown"),
        ({"title-en": "New", "day": "2026-02-30", "kind": "article"}, "day", "This is no day of the calendar."),
        ({"title-en": "New", "day": "1066-10-14", "kind": "article"}, "day", "This is no day of the calendar."),
    ],
    ids=str,
)
def test_a_title_that_cannot_be_is_told_and_kept(site: Site, fields: dict[str, str], field: str, says: str) -> None:
    before = site.all()
    answer = site.post("new", **({"kind": "page", "lang": "en"} | fields))
    told = answer.page.find(id=f"{field}-error")
    assert answer.status == 400
    assert isinstance(told, Tag)
    assert says in told.text
    kept = answer.page.find("input", {"name": field})
    assert isinstance(kept, Tag)
    assert kept["value"] == fields[field].strip()
    assert site.all() == before


def test_a_name_that_is_taken_gets_a_number(site: Site) -> None:
    site.post("new", kind="page", lang="fr", **{"title-fr": "Sessions"})
    assert site.values("fr/pages/sessions-2")["slug"] == "sessions"


def test_the_missing_language_is_begun_from_the_list(site: Site) -> None:
    site.file("fr/articles/ending-well").unlink()
    site.change("en/articles/ending-well", unpaired="London only")
    answer = site.post("new/other", page="en/articles/ending-well")
    assert answer.headers["location"].startswith("/fr/drafts/a-ecrire-ending-well/#desk:")
    assert site.values("en/articles/ending-well")["translation"] == "pending"
    assert "unpaired" not in site.values("en/articles/ending-well")
    written = site.values("fr/articles/ending-well")
    assert (written["status"], written["date"]) == ("draft", site.values("en/articles/ending-well")["date"])
    site.change("fr/articles/ending-well", title="Finir")  # meanwhile somebody wrote it
    assert site.post("new/other", page="en/articles/ending-well").status == 409
    assert site.post("new/other", page="en/pages/nothing").status == 404


def test_a_new_address_breaks_no_link(site: Site, fictitious: Path) -> None:
    link = row(site, "Frequently asked questions").select_one("a[href='/.preview/settings?page=en/pages/faq#title']")
    assert link is not None
    answer = site.post("settings?page=en/pages/faq", was="{}", slug="answers", title="Answers", redirect="1")
    assert answer.headers["location"].partition("#")[0] == "/en/answers/"  # and what can be undone
    assert site.values("en/pages/faq")["aliases"] == ["/en/faq/"]
    assert "({filename}faq.md)" in site.text("en/pages/first-session")
    site.change("fr/pages/faq", translation="pending")  # its title may follow
    assert site.errors(fictitious) == []
