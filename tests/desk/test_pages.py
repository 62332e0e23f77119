"""The list of pages, new pages, and one taken off the site: what the files say then, and that the site still builds."""

from __future__ import annotations

import datetime
import shutil
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from bs4 import Tag

from plugins.i18n.alignment import pairs
from plugins.problems import Problem
from tests.desk.site_copy import Site, site_in
from tools.desk import pages
from tools.desk.site_pages import listed, page_of
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
    assert answer.headers["location"] == "/en/answers/"
    assert site.values("en/pages/faq")["aliases"] == ["/en/faq/"]
    assert "({filename}faq.md)" in site.text("en/pages/first-session")
    site.change("fr/pages/faq", translation="pending")  # its title may follow
    assert site.errors(fictitious) == []


# --- taking off the site ----------------------------------------------------------------------------------------------


def take_off(site: Site, name: str, **fields: str) -> str:
    """Send the page that asks. Returns the entry of the history."""
    answer = site.post(f"delete?page={name}", **fields)
    assert answer.status == 303, answer.page.get_text(" ", strip=True)
    return parse_qs(urlsplit(answer.headers["location"]).query)["deleted"][0]


def test_what_leads_to_a_page_is_named_before_it_goes(site: Site) -> None:
    site.change("en/pages/about", second_action={"page": "faq", "text": "Ask"})
    page = site.get("delete?page=pages/faq").page
    links = {str(link["href"]) for link in page.select("main .rows a")}
    assert links >= {"/en/first-session/#desk:71", "/.preview/settings?page=en/pages/about#second_action"}
    assert "foot of every page" in page.text
    assert "What stands at its address" in page.text


@pytest.mark.parametrize("name", ["pages/faq", "pages/process-guide"])
def test_the_site_builds_and_checks_as_before_when_a_page_is_gone(site: Site, name: str, fictitious: Path) -> None:
    site.change("en/pages/about", second_action={"page": "faq", "text": "Ask"})
    site.change("fr/pages/about", second_action={"page": "faq", "text": "Demander"})
    for lang in LANGS:  # they agree
        other = next(pair for pair in pairs(site.desk.content, LANGS) if pair.key == "about")
        site.change(f"{lang}/pages/about", aligned=other.versions["fr" if lang == "en" else "en"].version)
    agreed = {pair.key for pair in pairs(site.desk.content, LANGS) if pair.state == "paired"}
    addresses = {page_of(site.file(f"{lang}/{name}")).public for lang in LANGS}
    take_off(site, name, to="pages/home")
    assert not any(site.file(f"{lang}/{name}").exists() for lang in LANGS)
    assert {pair.key for pair in pairs(site.desk.content, LANGS) if pair.state == "paired"} == agreed - {
        name.split("/")[1]
    }
    assert {alias for lang in LANGS for alias in site.values(f"{lang}/pages/home")["aliases"]} == addresses
    assert site.errors(fictitious) == []


def test_links_become_words_and_a_next_step_goes_up(site: Site) -> None:
    site.change(
        "en/pages/about", action={"page": "faq", "text": "Ask"}, second_action={"page": "method", "text": "How"}
    )
    text = site.text("en/pages/first-session")
    assert "[frequent questions]({filename}faq.md)" in text
    take_off(site, "pages/faq")
    assert "The frequent questions take these one by one." in site.text("en/pages/first-session")
    about = site.values("en/pages/about")
    assert about["action"] == {"page": "method", "text": "How"}
    assert "second_action" not in about
    assert "faq" not in site.menus["footer"]


def test_one_click_brings_everything_back(site: Site) -> None:
    before = site.all()
    entry = take_off(site, "pages/faq", to="pages/contact")
    page = site.get(f"pages?deleted={entry}").page
    field = page.select_one("form.note input[name=entry]")
    assert field is not None
    assert field["value"] == entry
    assert site.post("history/put-back", entry=entry).status == 303
    assert site.all() == before


def test_one_language_can_go_and_the_other_says_that_it_is_alone(site: Site, fictitious: Path) -> None:
    take_off(site, "articles/three-chairs", langs="fr", to="pages/articles")
    assert not site.file("fr/articles/three-chairs").exists()
    assert site.values("en/articles/three-chairs")["unpaired"] == "This page is in English only."
    assert "{filename}three-chairs.md" in site.text("en/articles/what-your-employer-hears")
    assert "{filename}three-chairs.md" not in site.text("fr/articles/what-your-employer-hears")
    assert "aliases" not in site.values("en/pages/articles")
    assert site.errors(fictitious) == []


def test_a_page_can_be_kept_as_a_draft(site: Site, fictitious: Path) -> None:
    take_off(site, "pages/faq", what="draft", to="pages/contact")
    assert site.values("fr/pages/faq")["status"] == "draft"
    assert "aliases" not in site.values("en/pages/contact")
    assert "faq" not in site.menus["footer"]
    assert site.errors(fictitious) == []


def test_old_addresses_of_a_page_that_goes_lead_on(site: Site) -> None:
    site.change("en/pages/faq", aliases=["/en/questions"])
    take_off(site, "pages/faq", to="pages/contact")
    assert site.values("en/pages/contact")["aliases"] == ["/en/faq/", "/en/questions/"]


@pytest.mark.parametrize(
    ("name", "says"),
    [
        *(
            (f"pages/{key}", "legal page")
            for key in ("legal-notice", "privacy-policy", "cookie-policy", "accessibility")
        ),
        *((f"pages/{key}", "built around this page") for key in ("home", "about", "contact", "articles")),
        ("pages/glossary", "process guide for HR and managers” is made of it"),
    ],
)
def test_what_the_site_needs_stays(site: Site, name: str, says: str) -> None:
    before = site.all()
    assert says in site.get(f"delete?page={name}").text
    assert site.post(f"delete?page={name}").status == 200
    assert site.all() == before
    if "made of it" not in says:
        assert f"delete?page={name}" not in site.get("pages").text


def test_the_method_keeps_two_steps(site: Site) -> None:
    file = site.desk.content / "data" / "navigation.toml"
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace(', "sessions", "actions", "monitoring"]', "]"), encoding="utf-8")
    assert "at least two steps" in site.get("delete?page=pages/implementation").text


def test_a_link_that_cannot_be_taken_out_is_shown_and_nothing_is_done(site: Site) -> None:
    site.replace("en/articles/ending-well", "\n\n", "\n\nSee [this][faq].\n\n[faq]: {filename}../pages/faq.md\n\n")
    answer = site.get("delete?page=pages/faq")
    assert "only you can change" in answer.text
    assert answer.page.select_one("main form.going") is None
    before = site.all()
    assert site.post("delete?page=pages/faq").status == 200
    assert site.all() == before


@pytest.mark.parametrize(
    ("written", "left"),
    [
        ("[*the* list]({filename}../pages/faq.md#costs)", "*the* list"),
        ('[a [b] c]({filename}../pages/faq.md "Title"){: .button }', "a [b] c"),
        ("[<b>x</b>](<{filename}../pages/faq.md>)", "<b>x</b>"),
        ('<a class="x" href="{filename}../pages/faq.md">y *z*</a>', "y *z*"),
        (
            "[one]({filename}../pages/contact.md) [two]({filename}../pages/faq.md)",
            "[one]({filename}../pages/contact.md) two",
        ),
        ("[far]({filename}/en/pages/faq.md)", "far"),
    ],
)
def test_every_way_to_write_a_link_leaves_its_words(site: Site, written: str, left: str) -> None:
    site.replace("en/articles/ending-well", "\n\n", f"\n\nSee {written} here.\n\n")
    take_off(site, "pages/faq")
    assert f"See {left} here." in site.text("en/articles/ending-well")


def test_what_the_site_says_and_offers_there_alone_is_told_before_it_goes(site: Site) -> None:
    guide = site.desk.content / "data" / "process-guide.toml"
    guide.write_text(guide.read_text(encoding="utf-8").replace('"actions"', '"monitoring"'), encoding="utf-8")
    said = "The coachee is in charge of the actions."
    assert said in site.get("delete?page=pages/actions").page.text
    statements = site.desk.content / "data" / "statements.toml"
    assert 'pages = ["actions"]' in statements.read_text(encoding="utf-8")
    take_off(site, "pages/actions")
    assert '"actions"' not in statements.read_text(encoding="utf-8")
    assert said in statements.read_text(encoding="utf-8")  # it stays the practice's, in whatever document says it
    assert "actions" not in site.menus["modalities"]
    offering = [page for page in listed(site.desk)["en"] if "process-guide" in site.text(page.name)]
    for page in offering:
        if page.key != "process-guide":
            site.change(page.name, documents=None)
    assert "process guide for HR and managers” can then be downloaded nowhere." in (
        site.get("delete?page=pages/process-guide").page.text
    )


def test_nothing_of_that_name(site: Site) -> None:
    for name in ("", "pages/nothing", "documents/guide-faq-hr", "../etc", "pages/faq/x"):
        assert site.get(f"delete?page={name}").status == 404
