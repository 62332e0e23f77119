"""An owner's day, by clicks alone: from a double click on a fresh clone to texts, facts and addresses that are changed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, expect

from plugins.problems import ROOT
from tests.desk.owner import Owner, fresh_clone, git, opened, started
from tests.surroundings import need
from tests.tools.preview_session import PATIENCE

HOME = 4  # slashes in the address of the home page
WORDS = {
    "en": {
        "faq": "Frequently asked questions",
        "paragraph": "A consultant tells you",
        "wrong": "difficulty",
        "right": "difficult time",
        "added": "More about this stands on the page about the method, and in a study of 2016",
        "linked": "page about the method",
        "method": "The method",
        "menu": "Method",
        "source": "Jones, Woods and Guillaume, 2016.",
        "cell": "A coach",
        "glossary": "Glossary",
        "title": "Glossary of coaching",
        "slug": "words",
        "old": "/en/glossary/",
        "new": "/en/words/",
    },
    "fr": {
        "faq": "Questions fréquentes",
        "paragraph": "Un consultant vous dit",
        "wrong": "difficulté",
        "right": "période difficile",
        "added": "La page sur la méthode en dit plus, et une étude de 2016 aussi",
        "linked": "page sur la méthode",
        "method": "La méthode",
        "menu": "Méthode",
        "source": "Jones, Woods et Guillaume, 2016.",
        "cell": "Un ou une coach",
        "glossary": "Glossaire",
        "title": "Glossaire du coaching",
        "slug": "mots",
        "old": "/fr/glossaire/",
        "new": "/fr/mots/",
    },
}


@pytest.fixture(scope="module", params=["en", "fr"])
def owner(request: pytest.FixtureRequest, browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Owner]:
    """In front of the desk of a fresh clone, which a double click has opened."""
    need("git")
    folder = tmp_path_factory.mktemp("day") / "site"
    fresh_clone(ROOT, folder)
    with started(folder, request.param) as link:
        page = opened(browser, link, request.param)
        expect.set_options(timeout=PATIENCE * 1000)
        yield Owner(page, request.param, folder)
        expect.set_options(timeout=5000)
        page.context.close()


def test_the_owners_day(owner: Owner) -> None:
    words, page = WORDS[owner.lang], owner.page
    before = checkout(owner.folder)
    expect(page.locator("#desk-edit")).to_be_visible()  # the first build is done
    with owner.task("sentence"):
        correct(owner, words)
    with owner.task("paragraph with a link and a note"):
        add_paragraph(owner, words)
    with owner.task("cell of a table"):
        change_cell(owner, words)
    with owner.task("undo at once"):
        change_cell(owner, words, " (ICF)")
        owner.now = owner.counts["undo at once"] = Count()
        undo_here(owner)
    with owner.task("all facts"):
        fill_in(owner)
    with owner.task("title and address"):
        move(owner, words)
    page.goto(words["old"])
    page.wait_for_url(f"**{words['new']}")
    expect(page.locator("h1")).to_have_text(words["title"])
    with owner.task("undo from the history"):
        undo_from_history(owner, words)

    assert {name: worse(owner.counts[name], most) for name, most in MOST.items()} == dict.fromkeys(MOST, [])
    assert checkout(owner.folder) == before  # its branch and its index
    assert files_changed(owner.folder) == {
        f"content/{owner.lang}/pages/faq.md": added_to_the_faq(words),
        f"content/{owner.lang}/pages/glossary.md": settings_of_the_glossary(words),
        f"content/{owner.lang}/pages/method.md": [],
        "content/data/practice.toml": None,
    } | {}
    assert_facts(owner.folder)


def part(owner: Owner, kind: str, start: str) -> Locator:
    """The part of the page's text that begins so, to be chosen."""
    name = owner.says("Edit: {kind}, {start}", kind=owner.says(kind), start=start)
    return owner.page.get_by_role("button", name=re.compile(re.escape(name)))


def to_page(owner: Owner, link: str) -> None:
    """From the home page, by the site's own menus."""
    owner.click(owner.page.get_by_role("navigation").get_by_role("link", name=link, exact=True))
    owner.page.wait_for_url(lambda url: url.count("/") > HOME)


def correct(owner: Owner, words: dict[str, str]) -> None:
    to_page(owner, "Questions")
    owner.click(owner.button("Edit"))
    owner.click(part(owner, "Paragraph", words["paragraph"]))
    owner.choose(words["wrong"])
    owner.type(words["right"])
    owner.click(owner.button("Save"))
    owner.hears("Saved.")
    expect(owner.page.locator(".prose")).to_contain_text(words["right"])


def add_paragraph(owner: Owner, words: dict[str, str]) -> None:
    to_page(owner, "Questions")
    owner.click(owner.button("Edit"))
    owner.click(part(owner, "Paragraph", words["paragraph"]))
    owner.click(owner.button("Add below"))
    owner.type(words["added"])
    owner.choose(words["linked"])
    owner.click(owner.button("Link"))
    owner.pick(owner.page.get_by_label(owner.says("A page")), words["method"])
    owner.click(owner.button("Put the link in"))
    owner.press("Control+End")
    owner.click(owner.button("Note"))
    owner.type(words["source"])
    expect(owner.page.locator(".desk-shown sup")).to_be_visible()
    owner.click(owner.button("Save"))
    owner.hears("Saved.")
    expect(owner.page.locator(".prose > .notes")).to_contain_text(words["source"])
    expect(owner.page.locator(".prose").get_by_role("link", name=words["linked"])).to_be_visible()


def change_cell(owner: Owner, words: dict[str, str]) -> None:
    to_page(owner, words["menu"])
    owner.click(owner.button("Edit"))
    owner.click(part(owner, "Table", "").first)
    owner.click(owner.page.get_by_label(owner.says("Row {row}, column {column}", row=2, column=5)))
    owner.press("Control+End")
    owner.type(" (ICF)")
    owner.click(owner.button("Save"))
    owner.hears("Saved.")
    expect(owner.page.locator(".prose table").first).to_contain_text(f"{words['cell']} (ICF)")


def undo_here(owner: Owner) -> None:
    """By the Undo beside Saved."""
    owner.click(owner.button("Undo"))
    owner.hears("It is as it was before.")
    expect(owner.page.locator(".prose table").first).not_to_contain_text("(ICF)")


def move(owner: Owner, words: dict[str, str]) -> None:
    to_page(owner, words["glossary"])
    owner.click(owner.button("Edit"))
    owner.click(owner.link("Title, description, address"))
    owner.fill(owner.page.locator("#title"), words["title"])
    owner.fill(owner.page.locator("#slug"), words["slug"])
    expect(owner.page.locator("[name=redirect]")).to_be_checked()
    owner.click(owner.button("Save"))
    owner.page.wait_for_url(f"**{words['new']}")
    expect(owner.page.locator("h1")).to_have_text(words["title"])
    owner.page.goto(words["old"])
    owner.page.wait_for_url(f"**{words['new']}")
    expect(owner.page.locator("h1")).to_have_text(words["title"])


def undo_from_history(owner: Owner, words: dict[str, str]) -> None:
    owner.click(owner.link("History"))
    said = owner.says("Text changed: “{page}”", page=words["faq"])
    owner.click(owner.page.get_by_role("link", name=said))
    owner.click(owner.button("Put this change back"))
    expect(owner.page.locator("del")).to_contain_text(words["right"])


# --- the facts ---------------------------------------------------------------------------------------------------------


def fill_in(owner: Owner) -> None:
    """Those of a sole trader who sells to businesses alone, with the slips that everybody makes."""
    page, here = owner.page, owner.lang
    owner.click(owner.page.locator('.desk-bar a[href="/.preview/facts"]'))
    group = Group(owner, "who")
    group.choose("legal_form", "EI")
    group.type("legal_name", "Imaginaire")
    group.type("first_names", "Dominique")
    group.type("siren", "000 000 000")
    group.type("siret", "000 000 000 00000")
    group.choose("registration_kind", "rne")
    group.type("address.street", "1 rue de la Fiction")
    group.type("address.postcode", "75 000")
    group.type("address.city", "Ville-Imaginaire")
    group.type("address.country.en", "France")
    group.type("address.country.fr", "France")
    group = Group(owner, "reach")
    group.type("phone", "01.99.00.12.34")
    group.type("email", "bonjour@gmial.com")
    group.leave("email")
    group.says_wrong("email", "bonjour@gmial.com")
    group.type("email", "bonjour@trajectoires.example")
    group = Group(owner, "tax")
    group.preset(0)
    group = Group(owner, "publisher")
    group.type("publication_director", "Dominique Imaginaire")
    group.type("publication_director_role.en", "coach")
    group.type("publication_director_role.fr", "coach")
    group = Group(owner, "host")
    group.preset(0)
    group = Group(owner, "clients")
    group.answer("sells_to_consumers", "no")
    group = Group(owner, "data")
    group.type("privacy_contact_email", "donnees@trajectoires.example")
    group.type("retention.prospects.value", "a while")
    for name, value, unit in (("contracts", "5", "years"), ("invoices", "10", "years"), ("host_log", "12", "months"), ("notes", "1", "years")):
        group.type(f"retention.{name}.value", value)
        if unit != "years":
            group.choose(f"retention.{name}.unit", unit)
    group.type("policy_updated_on", "24/11/2026")
    group = Group(owner, "site")
    group.type("site_url", "https://trajectoires.example")
    group = Group(owner, "coach")
    group.type("coach.name", "Dominique Imaginaire")
    group.type("coach.bio.en", "Fifteen imaginary years in a workshop, then coaching since 2019.")
    group.type("coach.bio.fr", "Quinze années imaginaires en atelier, puis le coaching depuis 2019.")
    owner.click(group.form.get_by_text(owner.says("Add the first one")).first)
    group.type("coach.credentials.0.title.en", "Certificate in imaginary coaching")
    group.type("coach.credentials.0.title.fr", "Certificat de coaching imaginaire")
    group.type("coach.credentials.0.body", "Imaginaria")
    group.type("coach.credentials.0.evidence_url", "https://registre.example/dominique-imaginaire")
    owner.click(group.form.locator('[id="coach.credentials"]').get_by_role("button", name=owner.says("Save")).last)
    print(page.locator("#progress").inner_text(), page.locator(".count").all_inner_texts(), here)
    owner.page.screenshot(path=f"/tmp/h10/facts-{here}.png", full_page=True)
    owner.click(page.locator("#progress a"))
    group = Group(owner, "data")
    group.says_wrong("retention.prospects", "a while")
    group.type("retention.prospects.value", "3")
    group.leave("retention.prospects")
    expect(page.locator("#progress a")).to_have_count(0)
    print(page.locator("#progress").inner_text())


class Group:
    """A group of the facts' page, opened where it is not."""

    def __init__(self, owner: Owner, name: str) -> None:
        self.owner, self.form = owner, owner.page.locator(f'form[id="{name}"]')
        heading = owner.page.locator(f'details.group:has(form[id="{name}"]) > summary')
        if not self.form.is_visible():
            owner.click(heading)

    def control(self, name: str) -> Locator:
        return self.form.locator(f'[name="{name}"]')

    def type(self, name: str, words: str) -> None:
        self.owner.fill(self.control(name), words)

    def choose(self, name: str, value: str) -> None:
        self.owner.now.clicks += 1
        self.control(name).select_option(value)

    def answer(self, name: str, value: str) -> None:
        self.owner.click(self.form.locator(f'[name="{name}"][value="{value}"]'))

    def tick(self, name: str) -> None:
        self.owner.click(self.control(name))

    def preset(self, place: int) -> None:
        self.owner.click(self.form.locator("details.presets > summary"))
        self.owner.click(self.form.locator("details.presets button").nth(place))

    def leave(self, name: str) -> None:
        """A click beside what is typed, on the words of its field."""
        self.owner.click(self.form.locator(f'[id="{name}"]').locator("legend, label").first)

    def says_wrong(self, name: str, value: str) -> None:
        """It says what is to mend, and what was typed is still there."""
        field = self.form.locator(f'[id="{name}"]')
        expect(field.locator(".error")).to_be_visible()
        expect(field.locator("input").first).to_have_value(value)
