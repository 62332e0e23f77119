"""An owner's first year, by clicks alone: pictures, articles in two languages, menus, and publishing to a real host.

What is served is what `invoke serve` serves in a fresh clone; the host is an account with SFTP, and nginx shows it.
"""

from __future__ import annotations

import base64
import contextlib
import datetime
import io
import re
import shutil
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pillow_heif
import pytest
from bs4 import BeautifulSoup
from PIL import Image
from playwright.sync_api import Browser, Locator, Page, expect

from plugins.problems import ROOT
from tests.desk.hosting import Hosting, serve
from tests.desk.owner import Owner, fresh_clone, opened, started
from tests.desk.test_owners_day import FONTS, Group, part
from tests.publish.conftest import account, ground  # noqa: F401 - fixtures
from tests.publish.practice import claimed
from tests.publish.servers import NGINX, Account, Nginx
from tests.publish.sites import asked
from tests.surroundings import need
from tests.tools.preview_session import PATIENCE

# The most that each task may take, as in test_owners_day.py.
MOST = {
    "portrait": (7, 0, 2),
    "article": (13, 2, 6),
    "translation": (11, 1, 6),
    "date": (11, 1, 7),
    "menu": (11, 0, 4),
    "rename": (6, 0, 4),
    "delete": (3, 0, 4),
    "host": (19, 0, 7),
    "publish": (2, 0, 2),
    "change": (4, 1, 2),
    "full": (2, 0, 2),
    "again": (2, 0, 2),
    "undo": (2, 0, 2),
}
PASTED = ROOT / "tests" / "fixtures" / "pasted" / "libreoffice-7.4.html"
PHOTOGRAPHS = {
    "en": ("A desk by a window", "Two chairs at a table"),
    "fr": ("Un bureau près d’une fenêtre", "Deux chaises à une table"),
}
TRANSLATION = "Une année, quatre choses.\n\n## Dire moins\n\nEt décider mieux."
ROOM = "60m"  # of the host's disk
WORDS: dict[str, dict[str, Any]] = {
    "en": {
        "article": "What a first year changes",
        "other": "Ce que change une première année",
        "described": "Four things that people say of their first year of coaching, and what they did to get there.",
        "described-other": "Quatre choses que l’on dit après une première année de coaching, et comment y arriver.",
        "later": "A second article, for another day",
        "put in": ("Glossary", "Articles"),
        "glossary": "Glossary",
        "title": "Words of coaching",
        "slug": "words",
        "old": "/en/glossary/",
        "new": "/en/words/",
        "faq": "Frequently asked questions",
        "gone": "/en/faq/",
        "menu": "Method",
        "method": "/en/method/",
        "more": " (a first year)",
    },
    "fr": {
        "article": "Ce que change une première année",
        "other": "What a first year changes",
        "described": "Quatre choses que l’on dit après une première année de coaching, et le chemin pour y arriver.",
        "described-other": "Four things that people say of their first year of coaching, and how they got there.",
        "later": "Un deuxième article, pour un autre jour",
        "put in": ("Glossaire", "Articles"),
        "glossary": "Glossaire",
        "title": "Les mots du coaching",
        "slug": "mots",
        "old": "/fr/glossaire/",
        "new": "/fr/mots/",
        "faq": "Questions fréquentes",
        "gone": "/fr/questions-frequentes/",
        "menu": "Méthode",
        "method": "/fr/methode/",
        "more": " (une première année)",
    },
}


@dataclass
class Year:
    """The owner before the desk, and the host on which the site will be."""

    owner: Owner
    host: Hosting
    nginx: Nginx
    disk: Path

    def shows(self, address: str) -> tuple[int, str]:
        """What a reader gets at an address of the live site."""
        answer = asked(f"{self.nginx.url}{address}", {})
        return answer.status, answer.body.decode(errors="replace")


@pytest.fixture(params=["en", "fr"])
def year(
    request: pytest.FixtureRequest,
    launch: Callable[[str], Browser],
    tmp_path: Path,
    ground: Path,  # noqa: F811
    account: Account,  # noqa: F811
) -> Iterator[Year]:
    """A fresh clone that a double click has opened; a host with a small disk, where there is nothing yet."""
    need("git", NGINX, "ssh-keyscan")
    lang, folder, place = request.param, tmp_path / "site", ground / f"year-{request.param}"
    fresh_clone(ROOT, folder)
    disk = place / "host" / "served"
    disk.mkdir(parents=True)
    with small_disk(disk, account):
        host = serve("sftp", place / "host", account)
        nginx = Nginx.start(place / "nginx", account, f"root {host.served}/www;\nerror_page 404 /404.html;")
        try:
            with started(folder, lang, home=tmp_path / "home") as link:
                page = opened(launch(FONTS), link, lang)
                expect.set_options(timeout=3 * PATIENCE * 1000)
                yield Year(Owner(page, lang, folder), host, nginx, disk)
                expect.set_options(timeout=5000)
                page.context.close()
        finally:
            nginx.stop()
            host.stop()


@contextlib.contextmanager
def small_disk(folder: Path, account: Account) -> Iterator[None]:  # noqa: F811
    """A disk of its own at `folder`, where this machine lets us; else the one that is there, which is never full."""
    command = ["mount", "-t", "tmpfs", "-o", f"size={ROOM},mode=755,uid={account.uid}", "tmpfs", str(folder)]
    mounted = subprocess.run(command, capture_output=True, check=False).returncode == 0
    try:
        yield
    finally:
        if mounted:
            subprocess.run(["umount", "--lazy", str(folder)], check=False)


@pytest.mark.long
def test_the_owners_first_year(year: Year, fictitious: Path) -> None:
    owner, words = year.owner, WORDS[year.owner.lang]
    expect(owner.page.locator("#desk-edit")).to_be_visible()
    know_facts(owner, fictitious)
    with owner.task("portrait"):
        add_portrait(owner)
    with owner.task("article"):
        write_article(owner, words)
    with owner.task("translation"):
        translate(owner, words)
    with owner.task("date"):
        write_for_later(owner, words)
    with owner.task("menu"):
        fill_menu(owner, words)
    with owner.task("rename"):
        rename(owner, words)
    with owner.task("delete"):
        delete(owner, words)
    with owner.task("host"):
        say_where(year)
    with owner.task("publish"):
        publish(year)
    assert_live(year, words)
    with owner.task("change"):
        change(owner, words)
    with full(year.disk), owner.task("full"):
        publish_in_vain(year)
    assert_live(year, words)
    with owner.task("again"):
        publish(year)
    assert words["more"] in year.shows(words["method"])[1]
    with owner.task("undo"):
        undo(year)
    assert words["more"] not in year.shows(words["method"])[1]

    took = {name: count.figures for name, count in owner.counts.items()}
    print(took)
    assert [
        name for name, most in MOST.items() if any(now > then for now, then in zip(took[name], most, strict=True))
    ] == []


def know_facts(owner: Owner, fictitious: Path) -> None:
    """What test_owners_day.py fills in by clicks, in both languages."""
    file = claimed(fictitious, owner.folder.parent / "facts")
    owner.page.goto("/.preview/facts")
    shutil.copy(file, owner.folder / "content" / "data" / "practice.toml")
    owner.page.reload()
    done = "Nothing is missing any more: every fact that publishing needs is known."
    expect(owner.page.locator("#progress")).to_contain_text(owner.says(done))


def photograph() -> bytes:
    """What a telephone makes: 12 megapixels on their side, with where and when."""
    image = Image.linear_gradient("L").resize((4032, 3024)).convert("RGB")
    exif = Image.Exif()
    exif[0x0112] = 6
    exif.get_ifd(0x8825).update({1: "N", 2: (45.0, 45.0, 0.0), 3: "E", 4: (4.0, 50.0, 0.0)})
    out = io.BytesIO()
    pillow_heif.from_pillow(image).save(out, quality=60, exif=exif.tobytes())
    return out.getvalue()


def add_portrait(owner: Owner) -> None:
    page = owner.page
    owner.click(page.locator('.desk-bar a[href="/.preview/facts"]'))
    group = Group(owner, "coach")
    owner.now.clicks += 2  # the button of the field, and the photograph in the window that opens
    with page.expect_response(lambda answer: answer.request.method == "POST" and "pictures" in answer.url) as sent:
        group.form.locator('[id="new:coach.photo"]').set_input_files(
            {"name": "IMG_0042.HEIC", "mimeType": "image/heic", "buffer": photograph()}
        )
    assert sent.value.ok
    expect(group.control("coach.photo")).not_to_have_value("")
    (kept,) = (owner.folder / "content" / "images").iterdir()
    with Image.open(kept) as picture:
        assert picture.height > picture.width, "upright"
        assert not picture.getexif()
    group.type("coach.photo_alt.en", "The coach, smiling, before a shelf of books")
    group.type("coach.photo_alt.fr", "La coach, souriante, devant une étagère de livres")
    group.leave("coach.photo_alt")


def write_article(owner: Owner, words: dict[str, Any]) -> None:
    """Pasted from a word processor, with a table and two photographs; then its description, and it is no draft."""
    begin(owner, words["article"], words["other"])
    owner.click(owner.button("The whole page"))
    owner.press("Control+A")
    copy(owner.page, from_a_word_processor())
    owner.press("Control+V")
    field = owner.page.locator("#desk-text")
    expect(field).to_have_value(re.compile(r"!\[\].*!\[\]", re.S))
    for words_of_one in PHOTOGRAPHS[owner.lang]:  # what each shows, typed between its brackets
        owner.choose("![](")
        owner.type(f"![{words_of_one}](")
    expect(owner.page.locator(".desk-shown table")).to_be_visible()
    expect(owner.page.locator(".desk-shown img")).to_have_count(2)
    owner.click(owner.button("Save"))
    owner.hears("Saved.")
    finish(owner, words["described"])


def begin(owner: Owner, title: str, other: str = "", day: str = "") -> None:
    """A new article, with the editor open on its first part."""
    to_pages(owner)
    owner.click(owner.link("New article"))
    second = next(lang for lang in WORDS if lang != owner.lang)
    owner.fill(owner.page.locator(f"#title-{owner.lang}"), title)
    if other:
        owner.fill(owner.page.locator(f"#title-{second}"), other)
    if day:
        owner.fill(owner.page.locator("#day"), day)
    owner.click(owner.button("Begin to write"))
    expect(owner.page.locator("#desk-text")).to_be_visible()


def finish(owner: Owner, description: str) -> None:
    """Its description; it is no draft any more."""
    owner.click(owner.link("Title, description, address"))
    owner.fill(owner.page.locator("#description"), description)
    owner.click(owner.page.locator("#status"))
    owner.click(owner.button("Save"))
    owner.page.wait_for_url(lambda url: "/.preview/" not in url and "/drafts/" not in url)


def copy(page: Page, html: str) -> None:
    """HTML on the clipboard, as another program puts it there."""
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.evaluate(
        """async html => navigator.clipboard.write([new ClipboardItem({
               "text/html": new Blob([html], { type: "text/html" }),
               "text/plain": new Blob(["plain"], { type: "text/plain" }) })])""",
        html,
    )


def from_a_word_processor() -> str:
    """What LibreOffice put on the clipboard, with two photographs as it writes them."""
    pictures = ""
    for shade in (90, 160):
        out = io.BytesIO()
        Image.linear_gradient("L").point(lambda value, shade=shade: (value + shade) // 2).resize((1600, 1000)).convert(
            "RGB"
        ).save(out, "JPEG")
        data = base64.b64encode(out.getvalue()).decode()
        pictures += f'<p><img src="data:image/jpeg;base64,{data}" width="500" height="312"></p>'
    return PASTED.read_text(encoding="utf-8").replace("</body>", f"{pictures}</body>")


def translate(owner: Owner, words: dict[str, Any]) -> None:
    """The other version is written, and both say the same."""
    to_pages(owner)
    owner.click(owner.page.get_by_role("link", name=words["other"], exact=True))
    owner.click(owner.button("Edit"))
    owner.click(owner.button("The whole page"))
    owner.press("Control+A")
    owner.type(TRANSLATION)
    owner.click(owner.button("Save"))
    owner.hears("Saved.")
    finish(owner, words["described-other"])
    owner.page.goto("/.preview/languages")
    owner.click(owner.page.get_by_role("link", name=re.compile(re.escape(words["article"]))))
    owner.click(owner.button("Both say the same"))
    expect(owner.page.locator("main [role=status]").first).to_contain_text(
        owner.says("It is recorded: both say the same.")
    )


def write_for_later(owner: Owner, words: dict[str, Any]) -> None:
    """An article that appears in a month, in one language for now."""
    day = datetime.date.today() + datetime.timedelta(days=30)  # noqa: DTZ011 - the owner's own day
    begin(owner, words["later"], day=day.isoformat())
    owner.press("Control+A")
    owner.type(words["described"])
    owner.click(owner.button("Save"))
    owner.hears("Saved.")
    owner.click(owner.link("Title, description, address"))
    owner.fill(owner.page.locator("#description"), words["described"])
    owner.click(owner.page.locator("#status"))
    owner.click(owner.button("Save"))
    owner.page.wait_for_url("**/drafts/**")  # until its day
    to_pages(owner)
    expect(owner.page.locator("li.pair").filter(has_text=words["later"])).to_contain_text(str(day.year))


def still_agree(owner: Owner) -> None:
    """One click says that the other language need not follow."""
    owner.click(owner.button("Small correction: both still say the same"))
    owner.hears("It is recorded: both say the same.")


def to_pages(owner: Owner) -> None:
    owner.click(owner.page.locator('.desk-bar a[href="/.preview/pages"]'))


def of_page(owner: Owner, act: str, title: str) -> Locator:
    """The link of the list that does this to the page of this title."""
    name = rf"{re.escape(owner.says(act))}\s*: {re.escape(title)}"
    return owner.page.get_by_role("link", name=re.compile(name))


def fill_menu(owner: Owner, words: dict[str, Any]) -> None:
    """Eight entries in the header, the last but one moved up by the keyboard."""
    to_pages(owner)
    owner.click(owner.link("Menus"))
    for key, title in zip(("glossary", "articles"), words["put in"], strict=True):
        owner.click(owner.page.locator(f"#out-footer-{key}"))
        owner.pick(owner.page.locator("#add-primary"), title)
        owner.click(owner.page.locator("#in-primary"))
    expect(owner.page.locator('[name="primary"]')).to_have_count(8)
    for _ in range(2):
        owner.click(owner.page.locator("#up-primary-glossary"))
    owner.click(owner.button("Save the menus"))
    expect(owner.page.locator(".note")).to_contain_text(owner.says("Saved."))
    owner.page.goto(f"/{owner.lang}/")
    expect(owner.page.locator("header nav li")).to_have_count(8)


def rename(owner: Owner, words: dict[str, Any]) -> None:
    to_pages(owner)
    owner.click(of_page(owner, "Title and address", words["glossary"]))
    owner.fill(owner.page.locator("#title"), words["title"])
    owner.fill(owner.page.locator("#slug"), words["slug"])
    expect(owner.page.locator("[name=redirect]")).to_be_checked()
    owner.click(owner.button("Save"))
    owner.page.wait_for_url(f"**{words['new']}")
    expect(owner.page.locator("h1")).to_have_text(words["title"])
    still_agree(owner)


def delete(owner: Owner, words: dict[str, Any]) -> None:
    to_pages(owner)
    owner.click(of_page(owner, "Delete", words["faq"]))
    expect(owner.page.locator(".going")).to_contain_text(owner.says("What leads to it"))
    owner.click(owner.button("Take it off the site"))
    expect(owner.page.locator("main [role=status]").first).to_contain_text(owner.says("It is taken away."))


def say_where(year: Year) -> None:
    """Hosting with SFTP: the password is wrong at first, and nobody knows the server's key yet."""
    owner, page, host = year.owner, year.owner.page, year.host
    owner.click(page.locator('.desk-bar a[href="/.preview/publish"]'))
    owner.click(owner.link("Where it goes"))
    owner.click(owner.link("Hosting with SFTP"))
    fields = host.fields(password="no-password", url=year.nginx.url, address="127.0.0.1")
    for name in ("address", "port", "user", "password", "folder", "url"):
        owner.fill(page.locator(f'input[name="{name}"]'), fields[name])
    for name in ("headers", "missing"):
        owner.click(page.locator(f'input[name="{name}"]'))
    owner.click(owner.button("Save"))
    expect(page.locator("main [role=status]").first).to_contain_text(owner.says("Saved."))
    owner.click(owner.button("Try the connection"))
    known = fingerprints(host)
    shown = page.locator("li:has(code)").filter(has_text=re.compile("|".join(map(re.escape, known))))
    owner.click(shown.first.get_by_role("button"))
    expect(page.get_by_role("alert")).to_contain_text(re.compile("password|mot de passe"))
    owner.click(owner.link("Where it goes"))
    owner.fill(page.locator('input[name="password"]'), host.secret)
    owner.click(owner.button("Save"))
    owner.click(owner.button("Try the connection"))
    expect(page.get_by_role("alert")).to_have_count(0)
    owner.click(owner.link("Publish").last)


def fingerprints(host: Hosting) -> list[str]:
    """What the host says on its help pages: the fingerprints of its keys."""
    asked = ["ssh-keyscan", "-p", str(host.port), "127.0.0.1"]
    keys = subprocess.run(asked, capture_output=True, check=True).stdout
    made = subprocess.run(["ssh-keygen", "-lf", "-"], input=keys, capture_output=True, check=True).stdout.decode()
    return [line.split()[1] for line in made.splitlines()]


def change(owner: Owner, words: dict[str, Any]) -> None:
    """A few words more in one language, which change nothing in the other."""
    owner.page.goto(words["method"])
    owner.click(owner.button("Edit"))
    owner.click(part(owner, "Paragraph", "").first)
    owner.press("Control+End")
    owner.type(words["more"])
    owner.click(owner.button("Save"))
    owner.hears("Saved.")
    still_agree(owner)


def publish(year: Year) -> None:
    owner = year.owner
    if not owner.page.url.endswith("/publish"):
        owner.click(owner.page.locator('.desk-bar a[href="/.preview/publish"]'))
    owner.click(owner.button("Publish now"))
    expect(owner.page.locator("#ended")).to_have_text(owner.says("Your site is live"))


def publish_in_vain(year: Year) -> None:
    owner = year.owner
    owner.click(owner.page.locator('.desk-bar a[href="/.preview/publish"]'))
    owner.click(owner.button("Publish now"))
    expect(owner.page.locator("#ended")).to_have_text(owner.says("It was not published"))


@contextlib.contextmanager
def full(disk: Path) -> Iterator[None]:
    """No room left on the host's disk, where it is a small one."""
    if not disk.is_mount():
        pytest.skip("only root can make a small disk")
    filler = disk / "filler"
    with contextlib.suppress(OSError), filler.open("wb", buffering=0) as stream:
        while True:
            stream.write(b"0" * 4096)
    yield
    filler.unlink()


def undo(year: Year) -> None:
    owner = year.owner
    owner.click(owner.page.locator('.desk-bar a[href="/.preview/publish"]'))
    owner.click(owner.button("Undo this publication"))
    expect(owner.page.locator("#ended")).to_have_text(owner.says("The earlier site is live again"))


def assert_live(year: Year, words: dict[str, Any]) -> None:
    """What readers get is what the owner made, and nothing of what is still to come."""
    lang = year.owner.lang
    status, home = year.shows(f"/{lang}/")
    assert status == 200
    header = BeautifulSoup(home, "html.parser").select("header nav li")
    assert len(header) == 8
    assert words["title"] in year.shows(words["new"])[1]
    assert words["new"] in year.shows(words["old"])[1], "the old address leads on"
    assert year.shows(words["gone"])[1].count("http-equiv") or year.shows(words["gone"])[0] == 404
    assert words["later"] not in year.shows("/sitemap.xml")[1]
