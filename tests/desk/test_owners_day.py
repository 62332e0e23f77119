"""An owner's day, by clicks alone: a double click on a fresh clone, then texts, facts and addresses are changed."""

from __future__ import annotations

import datetime
import re
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, expect

from plugins.problems import ROOT
from tests.desk.owner import Owner, fresh_clone, git, opened, started
from tests.surroundings import need
from tests.tools.preview_session import PATIENCE

# The most that each task may take, from the home page: controls activated, keys that are no words, different screens.
MOST = {
    "sentence": (4, 0, 2),
    "paragraph": (10, 1, 2),
    "cell": (5, 1, 2),
    "undo at once": (1, 0, 1),
    "facts": (53, 0, 2),
    "move": (6, 0, 4),
    "undo later": (3, 0, 4),
}
# What the file says once they are filled in.
FACTS = {
    "legal_name": "Imaginaire",
    "first_names": "Dominique",
    "legal_form": "EI",
    "phone": "+33199001234",
    "email": "bonjour@trajectoires.example",
    "siren": "000000000",
    "siret": "00000000000000",
    "registration_kind": "rne",
    "vat_regime": "exempt",
    "vat_exempt_mention.en": "VAT not applicable, article 293 B of the French tax code (CGI)",
    "vat_exempt_mention.fr": "TVA non applicable, article 293 B du CGI",
    "publication_director": "Dominique Imaginaire",
    "publication_director_role.en": "coach",
    "publication_director_role.fr": "coach",
    "host_name": "OVH SAS",
    "host_address": "2 rue Kellermann, 59100 Roubaix, France",
    "host_phone": "+33972101007",
    "host_url": "https://www.ovhcloud.com/fr",
    "host_country.en": "France",
    "host_country.fr": "France",
    "sells_to_consumers": False,
    "privacy_contact_email": "donnees@trajectoires.example",
    "policy_updated_on": datetime.date(2026, 11, 24),
    "site_url": "https://trajectoires.example",
    "address.street": "1 rue de la Fiction",
    "address.postcode": "75000",
    "address.city": "Ville-Imaginaire",
    "address.country.en": "France",
    "address.country.fr": "France",
    **{f"retention.{name}.value": years for name, years in (("prospects", 3), ("contracts", 5), ("invoices", 10))},
    "retention.host_log.value": 12,
    "retention.notes.value": 1,
    **{f"retention.{name}.unit": "years" for name in ("prospects", "contracts", "invoices", "notes")},
    "retention.host_log.unit": "months",
    "coach.name": "Dominique Imaginaire",
    "coach.bio.en": "Fifteen imaginary years in a workshop, then coaching since 2019.",
    "coach.bio.fr": "Quinze années imaginaires en atelier, puis le coaching depuis 2019.",
    "coach.credentials": [
        {
            "title": {"en": "Certificate in imaginary coaching", "fr": "Certificat de coaching imaginaire"},
            "body": "Imaginaria",
            "evidence_url": "https://registre.example/dominique-imaginaire",
        }
    ],
}
FONTS = "dejavu"  # the set that has a sans-serif to draw the desk in, for the pictures
HOME = 4  # slashes in the address of the home page
WORDS = {
    "en": {
        "faq": "Frequently asked questions",
        "paragraph": "A consultant tells you",
        "before": "helps you through a difficulty",
        "more": " at work",
        "right": "helps you through a difficulty at work",
        "added": "More about this stands on the page about the method, and in a study of 2016",
        "linked": "page about the method",
        "method": "The method",
        "menu": "Method",
        "source": "Jones, Woods and Guillaume, 2016.",
        "aside": " (first of all)",
        "glossary": "Glossary",
        "title": "Glossary of coaching",
        "slug": "words",
        "old": "/en/glossary/",
        "new": "/en/words/",
    },
    "fr": {
        "faq": "Questions fréquentes",
        "paragraph": "Un consultant vous dit",
        "before": "vous soutient dans une difficulté",
        "more": " passagère",
        "right": "vous soutient dans une difficulté passagère",
        "added": "La page sur la méthode en dit plus, et une étude de 2016 aussi",
        "linked": "page sur la méthode",
        "method": "La méthode",
        "menu": "Méthode",
        "source": "Jones, Woods et Guillaume, 2016.",
        "aside": " (avant tout)",
        "glossary": "Glossaire",
        "title": "Glossaire du coaching",
        "slug": "mots",
        "old": "/fr/glossaire/",
        "new": "/fr/mots/",
    },
}


@pytest.fixture(scope="module", params=["en", pytest.param("fr", marks=pytest.mark.long)])
def owner(
    request: pytest.FixtureRequest, launch: Callable[[str], Browser], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Owner]:
    """In front of the desk of a fresh clone, which a double click has opened."""
    need("git")
    folder = tmp_path_factory.mktemp("day") / "site"
    fresh_clone(ROOT, folder)
    with started(folder, request.param) as link:
        page = opened(launch(FONTS), link, request.param)
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
    with owner.task("cell"):
        change_cell(owner, words)
    with owner.task("undo at once", home=False):
        undo_here(owner, words)
    with owner.task("paragraph"):
        add_paragraph(owner, words)
    with owner.task("facts"):
        fill_in(owner)
    with owner.task("move"):
        move(owner, words)
    page.goto(words["old"])
    page.wait_for_url(f"**{words['new']}")
    expect(page.locator("h1")).to_have_text(words["title"])
    with owner.task("undo later"):
        undo_from_history(owner, words)

    took = {name: count.figures for name, count in owner.counts.items()}
    print(took)
    assert [
        name for name, most in MOST.items() if any(now > then for now, then in zip(took[name], most, strict=True))
    ] == []
    assert owner.pictures.old() == [], "the desk is another than in the guides' pictures: invoke pictures"
    assert checkout(owner.folder) == before
    assert_changed(owner.folder, owner.lang, words)


def checkout(folder: Path) -> list[str]:
    """The commit and the branch that are checked out, what waits to be committed, and files that git does not know."""
    asked = ("rev-parse HEAD", "symbolic-ref HEAD", "diff --cached --name-only", "ls-files --others --exclude-standard")
    return [git(folder, *one.split()) for one in asked]


def assert_changed(folder: Path, lang: str, words: dict[str, str]) -> None:
    """The files say what was done and not undone, and nothing else."""
    today = datetime.date.today().isoformat()  # noqa: DTZ011 - the owner's own day
    faq, glossary, facts = (
        f"content/{lang}/pages/faq.md",
        f"content/{lang}/pages/glossary.md",
        "content/data/practice.toml",
    )
    assert git(folder, "diff", "--name-only").splitlines() == [facts, faq, glossary]
    linked = words["added"].replace(words["linked"], f"[{words['linked']}]({{filename}}method.md)")
    assert lines(folder, faq) == ([], [f"{linked}[^1]", "", f"[^1]: {words['source']}", ""])
    taken_out, put_in = lines(folder, glossary)
    assert [line.partition(":")[0] for line in taken_out] == ["title", "slug", "modified"]
    assert put_in == [
        f"title: {words['title']}",
        f"slug: {words['slug']}",
        f"modified: {today}",
        f"aliases: [{words['old']}]",
    ]
    assert [line for line in lines(folder, facts)[0] if line.startswith(("#", "["))] == []
    before = leaves(tomllib.loads(git(folder, "show", f"HEAD:{facts}")))
    now = leaves(tomllib.loads((folder / facts).read_text(encoding="utf-8")))
    assert {name: value for name, value in now.items() if value != before.get(name)} == FACTS
    assert before.keys() <= now.keys()


def lines(folder: Path, file: str) -> tuple[list[str], list[str]]:
    """What is no longer in a file, and what is new in it."""
    changed = git(folder, "diff", "--unified=0", "--", file).partition("\n@@")[2].splitlines()
    return [line[1:] for line in changed if line[0] == "-"], [line[1:] for line in changed if line[0] == "+"]


def leaves(values: Any, name: str = "") -> dict[str, Any]:
    """Each value under its dotted name."""
    if not isinstance(values, dict):
        return {name: values}
    return {
        path: leaf for key, value in values.items() for path, leaf in leaves(value, f"{name}.{key}".lstrip(".")).items()
    }


def part(owner: Owner, kind: str, start: str) -> Locator:
    """The part of the page's text that begins so, to be chosen."""
    name = owner.says("Edit: {kind}, {start}", kind=owner.says(kind), start=start)
    return owner.page.get_by_role("button", name=re.compile(r"\s+".join(map(re.escape, name.split()))))


def to_page(owner: Owner, link: str) -> None:
    """From the home page, by the site's own menus."""
    owner.click(owner.page.get_by_role("navigation").get_by_role("link", name=link, exact=True))
    owner.page.wait_for_url(lambda url: url.count("/") > HOME)


def correct(owner: Owner, words: dict[str, str]) -> None:
    to_page(owner, "Questions")
    owner.click(owner.button("Edit"))
    expect(part(owner, "Paragraph", words["paragraph"])).to_be_visible()
    owner.pictures.take("bar", owner.page.locator(".desk-bar"))
    owner.point(words["before"])
    owner.type(words["more"])
    expect(owner.page.locator(".desk-shown")).to_contain_text(words["right"])
    owner.pictures.take("text", owner.page.locator(".desk-editor"))
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
    owner.pictures.take("link", owner.page.locator(".desk-link"))
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
    owner.click(owner.page.get_by_label(owner.says("Row {row}, column {column}", row=2, column=2)))
    owner.press("Control+End")
    owner.type(words["aside"])
    owner.pictures.take("table", owner.page.locator(".desk-editor"), 640)
    owner.click(owner.button("Save"))
    owner.hears("Saved.")
    expect(owner.page.locator(".prose table").first).to_contain_text(words["aside"].strip())


def undo_here(owner: Owner, words: dict[str, str]) -> None:
    """By the Undo beside Saved."""
    owner.click(owner.button("Undo"))
    owner.hears("It is as it was before.")
    expect(owner.page.locator(".prose table").first).not_to_contain_text(words["aside"].strip())


def move(owner: Owner, words: dict[str, str]) -> None:
    to_page(owner, words["glossary"])
    owner.click(owner.button("Edit"))
    owner.click(owner.link("Title, description, address"))
    owner.fill(owner.page.locator("#title"), words["title"])
    owner.fill(owner.page.locator("#slug"), words["slug"])
    expect(owner.page.locator("[name=redirect]")).to_be_checked()
    owner.pictures.take("settings", owner.page.locator("form.settings section").nth(1))
    with owner.page.expect_response(lambda answer: answer.url.endswith(words["new"])) as moved:
        owner.click(owner.button("Save"))
    assert moved.value.status == 200
    owner.page.wait_for_url(f"**{words['new']}")
    expect(owner.page.locator("h1")).to_have_text(words["title"])


def undo_from_history(owner: Owner, words: dict[str, str]) -> None:
    owner.click(owner.link("History"))
    said = owner.says("Text changed: “{page}”", page=words["faq"])
    owner.click(owner.page.get_by_role("link", name=said))
    owner.click(owner.button("Undo this change"))
    expect(owner.page.locator("del")).to_have_text(re.compile(re.escape(words["more"].strip())))
    owner.pictures.take("change", owner.page.locator("main"))


# --- the facts -------------------------------------------------------------------------------------------------------


def fill_in(owner: Owner) -> None:
    """Those of a sole trader who sells to businesses alone, with the slips that everybody makes."""
    page = owner.page
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
    owner.pictures.take("facts", owner.page.locator('details.group:has(> [id="reach"])'))
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
    for name, value, unit in (
        ("contracts", "5", "years"),
        ("invoices", "10", "years"),
        ("host_log", "12", "months"),
        ("notes", "1", "years"),
    ):
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
    owner.click(page.locator("#progress a"))
    group = Group(owner, "data")
    group.says_wrong("retention.prospects", "a while")
    group.type("retention.prospects.value", "3")
    group.leave("retention.prospects")
    done = "Nothing is missing any more: every fact that publishing needs is known."
    expect(page.locator("#progress")).to_contain_text(owner.says(done))


class Group:
    """A group of the facts' page, opened where it is not."""

    def __init__(self, owner: Owner, name: str) -> None:
        self.owner, self.form = owner, owner.page.locator(f'details.group > [id="{name}"]')
        if not self.form.is_visible():
            owner.click(owner.page.locator(f'details.group:has(> [id="{name}"]) > summary'))

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
