"""A page taken off the site: what leads to it is told before, the site still builds, and one click brings it back."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from plugins.i18n.alignment import pairs
from tests.desk.site_copy import Site, site_in
from tools.desk.site_pages import listed, page_of

LANGS = ("en", "fr")


@pytest.fixture
def site(tmp_path: Path) -> Site:
    return site_in(tmp_path / "site")


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
