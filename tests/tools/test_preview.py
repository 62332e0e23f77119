"""`invoke serve`: what its owner and her browser see, from a real process, while files are being edited."""

from __future__ import annotations

import os
import random
import re
import shutil
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from plugins.hosting.headers import headers_for
from plugins.problems import ROOT
from tests.tools.preview_session import PATIENCE, Answer, Session, copy_of

PAGE = "content/en/pages/faq.md"


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Session]:
    """One preview for this module, where nothing is as usual: no home, no git, accents, spaces, a folder “output”."""
    folder = tmp_path_factory.mktemp("preview") / "output" / "Élan d’été & co" / "site"
    surroundings = {name: value for name, value in os.environ.items() if name != "HOME"}
    session = Session(copy_of(ROOT, folder), environment=surroundings)
    try:
        yield session.start().ready()
    finally:
        session.kill()


@pytest.fixture
def preview(running: Session) -> Iterator[Session]:
    """The preview, its sources whole at the start and put back at the end."""
    assert running.process.poll() is None, running.log
    yield running
    if sum(put_back(ROOT / name, running.folder / name) for name in ("content", "theme")):
        running.append(PAGE, "All is as it was.")  # the last edit: when it is on show, so is everything before
        running.shows("/en/faq/", "All is as it was.")
        running.mend(PAGE)
        running.hides("/en/faq/", "All is as it was.")
        running.hides("/en/", "preview-errors")


def put_back(original: Path, copy: Path) -> int:
    """Make `copy` the same again, touching only what differs. How many files did."""
    strange = [file for file in copy.rglob("*") if file.is_file() and not (original / file.relative_to(copy)).exists()]
    for file in strange:
        file.unlink()
    other = [file.relative_to(original) for file in original.rglob("*") if file.is_file()]
    other = [name for name in other if not (copy / name).exists() or not same(original / name, copy / name)]
    for name in other:
        shutil.copyfile(original / name, copy / name)
    return len(strange) + len(other)


def same(one: Path, other: Path) -> bool:
    return one.read_bytes() == other.read_bytes()


def test_a_save_is_announced_and_then_served(preview: Session) -> None:
    with preview.listening("/en/faq/") as events:
        assert events.next() == "the same"
        preview.append(PAGE, "A new answer.")
        assert events.next() == "reload"
        assert "A new answer." in preview.get("/en/faq/").text


def test_a_page_that_did_not_change_is_left_alone(preview: Session) -> None:
    with preview.listening("/fr/contact/") as events, preview.built_again():
        preview.append(PAGE, "A new answer.")
        preview.shows("/en/faq/", "A new answer.")
    with preview.listening("/fr/contact/") as again:
        assert again.next() == "the same"
    assert events.next() == "the same"


def test_a_page_older_than_the_one_on_show_is_told_at_once(preview: Session) -> None:
    """As after a restart, or when a tab is seen again."""
    with preview.listening("/en/faq/", tag="0123456789abcdef") as events:
        assert events.next() == "reload"


@pytest.mark.parametrize(
    ("place", "old", "new", "page", "seen"),
    [
        ("content/data/navigation.toml", '"faq"', '"glossary"', "/fr/contact/", "/fr/glossaire/"),
        (
            "content/data/practice.toml",
            'trade_name = "Human Trajectory Makers"',
            'trade_name = "Tra"',
            "/en/faq/",
            "– Tra<",
        ),
        ("theme/static/css/base.css", "\n", "\n/* */ .new-rule { color: red }\n", "/en/", ".new-rule"),
        ("theme/templates/page.html", "{% extends", "{# new #}{% extends", "/en/faq/", "</html>"),
        ("theme/translations/fr/LC_MESSAGES/messages.po", "Aller au contenu", "Au texte", "/fr/contact/", "Au texte"),
    ],
    ids=["menu", "facts", "style", "template", "words"],
)
def test_whatever_a_page_is_made_of_is_watched(
    preview: Session, place: str, old: str, new: str, page: str, seen: str
) -> None:
    with preview.built_again():
        preview.edit(place, old, new)
    assert seen in preview.get(page).text


def test_a_picture_that_changes_under_its_name_reloads_pages(preview: Session) -> None:
    picture = preview.folder / "content" / "images" / "line.svg"
    picture.parent.mkdir(exist_ok=True)
    picture.write_text('<svg xmlns="http://www.w3.org/2000/svg" fill="blue"/>', encoding="utf-8")
    preview.append(PAGE, "![A line]({static}../../images/line.svg)")
    preview.shows("/images/line.svg", "blue")
    with preview.listening("/en/faq/") as events:
        assert events.next() == "the same"
        for colour in ("red", "green"):
            picture.write_text(f'<svg xmlns="http://www.w3.org/2000/svg" fill="{colour}"/>', encoding="utf-8")
            while events.next() != "reload":
                pass
            preview.shows("/images/line.svg", colour)


def test_an_open_page_is_shown_before_the_rest_when_the_theme_changes(preview: Session) -> None:
    with preview.listening("/fr/contact/") as events:
        assert events.next() == "the same"
        preview.edit("theme/templates/base.html", '<main id="main"', '<main data-new id="main"')
        assert events.next() == "reload"
        assert "<main data-new" in preview.get("/fr/contact/").text
        assert "<style>" in preview.get("/fr/contact/").text
    preview.shows("/en/faq/", "<main data-new")


@pytest.mark.parametrize(
    ("page", "words"),
    [
        (
            "/en/faq/",
            ("To mend: 1. Until then", "What to do:", "the front matter cannot be read", "double quotes"),
        ),
        ("/fr/faq/", ("À corriger\u00a0: 1. En attendant", "À faire\u00a0:", "l’en-tête est illisible")),
    ],
)
def test_a_broken_save_is_told_on_the_last_good_page(preview: Session, page: str, words: tuple[str, ...]) -> None:
    with preview.listening(page) as events:
        assert events.next() == "the same"
        preview.edit("content/fr/articles/ending-well.md", "title: ", "title: Bien : finir: ")
        assert events.next() == "reload"  # perhaps of what was mended before: its last pages come a moment later
    preview.shows(page, '<details class="preview-errors" open>')
    broken = preview.get(page)
    assert broken.status == 200
    assert "<code>content/fr/articles/ending-well.md:2</code>" in broken.text
    assert 'id="main"' in broken.text
    for said in words:
        assert said in broken.text
    assert re.search(r"<title>(To mend|À corriger) – ", broken.text)
    with preview.listening(page) as events:
        assert events.next() == "the same"
        preview.mend("content/fr/articles/ending-well.md")
        assert events.next() == "reload"
    preview.hides(page, "preview-errors")


def test_the_file_just_saved_is_told_first(preview: Session) -> None:
    preview.edit(PAGE, "title: ", "titel: ")
    preview.shows("/en/", "preview-errors")
    places = re.findall(r"<code>([^<]+)</code>", preview.get("/en/").text.split("</aside>")[0])
    assert len(places) > 1
    assert places[0].startswith(f"{PAGE}:")


def test_a_broken_template_is_told_too(preview: Session) -> None:
    preview.edit("theme/templates/page.html", "{% extends", "{% extend")
    preview.shows("/en/", "preview-errors")
    panel = preview.get("/en/").text.split("</aside>")[0]
    assert re.search(r"<code>[^<]*page\.html:\d+</code>", panel)
    assert "What to do:" in panel


@pytest.mark.parametrize("name", ["content", "theme", "content/en/pages"])
def test_a_folder_that_is_moved_away_is_told_and_followed_when_it_is_back(preview: Session, name: str) -> None:
    folder, elsewhere = preview.folder / name, preview.folder / "elsewhere"
    folder.rename(elsewhere)
    preview.shows("/en/faq/", "preview-errors")
    if "/" not in name:
        preview.shows("/en/faq/", f"<code>{name}</code></p><p>this folder is missing</p>")
        assert f"{name}: this folder is missing\n" in preview.log
        assert "The last good pages stay on show until this is mended." in preview.log
    shutil.copytree(elsewhere, folder)  # another folder in the same place
    shutil.rmtree(elsewhere)
    preview.hides("/en/faq/", "preview-errors")
    for number in range(2):
        preview.append(PAGE, f"Back again, {number}.")
        preview.shows("/en/faq/", f"Back again, {number}.")


def ring(place: Path) -> None:
    """A link to the folder above."""
    place.symlink_to("..", target_is_directory=True)


def itself(place: Path) -> None:
    """A link to itself."""
    place.symlink_to(place.name)


def nowhere(place: Path) -> None:
    """A link to nothing."""
    place.symlink_to("gone")


def device(place: Path) -> None:
    """A link to a device."""
    place.symlink_to(os.devnull)


PIPE = ("this is no file, but a pipe or a device", "ce n’est pas un fichier, mais un tube")
BACK = ("this link leads back to a folder that it is in", "ce lien ramène à un dossier")
NOWHERE = ("this link leads nowhere", "ce lien ne mène nulle part")
STRANGE = [
    ("content/en/pages/x.md", os.mkfifo, PIPE),
    ("content/data/words.toml", os.mkfifo, PIPE),
    ("theme/static/x.js", os.mkfifo, PIPE),
    ("content/en/pages/x.md", device, PIPE),
    ("content/fr/pages", ring, BACK),
    ("theme/static/x", ring, BACK),
    ("content", ring, BACK),
    ("content", itself, ("this folder cannot be read", "ce dossier est illisible")),
    ("content/en/pages/x.md", itself, NOWHERE),
    ("content/data/practice.toml", nowhere, NOWHERE),
    ("theme/static/css/base.css", nowhere, NOWHERE),
]


@pytest.mark.parametrize(("name", "make", "told"), STRANGE)
def test_what_is_no_file_is_told_and_the_next_good_save_is_shown(
    preview: Session, name: str, make: Callable[[Path], None], told: tuple[str, str]
) -> None:
    place, aside = preview.folder / name, preview.folder / "aside"
    if place.exists():
        place.rename(aside)
    make(place)
    try:
        preview.shows("/en/faq/", f"<code>{name}</code></p><p>{told[0]}")
        assert told[1] in preview.get("/fr/faq/").text
        preview.until(lambda: f"{name}: {told[0]}" in preview.log, "it is told in the terminal too")
    finally:
        place.unlink()
        if aside.exists():
            aside.rename(place)
    preview.hides("/en/faq/", "preview-errors")
    preview.append(PAGE, "After that.")
    preview.shows("/en/faq/", "After that.")


def test_edits_saved_during_builds_are_never_lost(preview: Session) -> None:
    """Fifty saves in bursts, a moment apart or in the middle of a build: the last of each file is shown."""
    chance, pages = (
        random.Random(50),
        [
            ("content/en/pages/faq.md", "/en/faq/"),
            ("content/fr/pages/faq.md", "/fr/faq/"),
            ("content/en/pages/about.md", "/en/about/"),
            ("content/fr/pages/contact.md", "/fr/contact/"),
            ("content/en/articles/ending-well.md", "/en/articles/ending-well/"),
        ],
    )
    originals = {place: (preview.folder / place).read_text(encoding="utf-8") for place, _ in pages}
    last: dict[str, str] = {}
    pause = threading.Event()
    for number in range(50):
        place, address = chance.choice(pages)
        mark = f"Edit {number:02} of fifty."  # all of one length: size and time alone would not tell them apart
        (preview.folder / place).write_text(f"{originals[place]}\n\n{mark}\n", encoding="utf-8")
        last[address] = mark
        if chance.random() < 0.4:
            pause.wait(chance.choice([0.0, 0.005, 0.03, 0.1, 0.2, 0.4]))
    for address, mark in last.items():
        preview.shows(address, mark)
    with preview.built_again():
        preview.append("content/en/pages/glossary.md", "The last one.")
    for address, mark in last.items():
        assert re.findall(r"Edit \d\d of fifty\.", preview.get(address).text) == [mark]


def test_a_page_never_goes_back_while_another_is_saved(preview: Session) -> None:
    """The second save comes while the rest of the first is still being written."""
    preview.append(PAGE, "The first of two.")
    preview.shows("/en/faq/", "The first of two.")
    preview.append("content/fr/pages/faq.md", "La seconde.")
    preview.shows("/fr/faq/", "La seconde.")
    assert "The first of two." in preview.get("/en/faq/").text


def test_no_request_fails_while_pages_are_edited(preview: Session) -> None:
    """A thousand requests through fifty edits: every answer is a whole page."""
    paths = ["/en/faq/", "/fr/", "/en/articles/", "/fr/methode/", "/"]
    answers: list[tuple[str, Answer]] = []
    failures: list[Exception] = []
    finished = threading.Event()

    def ask(path: str) -> None:
        while not finished.is_set():
            try:
                answers.append((path, preview.get(path)))
            except OSError as error:
                failures.append(error)

    askers = [threading.Thread(target=ask, args=(path,)) for path in paths]
    for asker in askers:
        asker.start()
    try:
        for number in range(50):
            place = PAGE if number % 3 else "theme/templates/base.html"
            preview.edit(place, "\n<", f"\n<!-- {number} --><") if number % 3 == 0 else preview.append(
                place, f"{number}"
            )
            enough = len(answers) + 20
            preview.until(lambda enough=enough: len(answers) >= enough, "answers go on")  # type: ignore[misc]
    finally:
        finished.set()
        for asker in askers:
            asker.join(PATIENCE)
    assert len(answers) >= 1000
    assert failures == []
    assert [(path, answer.status) for path, answer in answers if answer.status != 200] == []
    assert [path for path, answer in answers if not answer.text.rstrip().endswith("</html>")] == []
    assert [path for path, answer in answers if int(answer.headers["Content-Length"]) != len(answer.body)] == []


def test_drafts_are_served_and_listed(preview: Session) -> None:
    text = (preview.folder / "content/en/articles/ending-well.md").read_text(encoding="utf-8")
    draft = text.replace("slug: ending-well", "slug: not-yet\nstatus: draft\nunpaired: a draft")
    draft = re.sub("^title: .*$", "title: A thought & more", draft, flags=re.M).replace("{: #", "{: #not-yet-")
    (preview.folder / "content/en/articles/not-yet.md").write_text(draft, encoding="utf-8")
    preview.shows("/fr/contact/", "Brouillons, qui ne sont pas publiés\u00a0: 1")
    link = '<a href="/en/drafts/not-yet/" lang="en" hreflang="en">A thought &amp; more</a>'
    assert link in preview.get("/fr/contact/").text
    assert preview.get("/en/drafts/not-yet/").status == 200
    assert "/en/drafts/not-yet/" not in preview.get("/en/articles/").text.split("</aside>", 1)[1].split("</aside>")[-1]


def test_missing_facts_are_on_the_page(preview: Session) -> None:
    assert re.search(r"Preview: \d+ facts? to complete", preview.get("/en/").text)
    assert "the legal notice must state it" in preview.get("/en/").text
    assert "les mentions légales doivent l’indiquer" in preview.get("/fr/").text


@pytest.mark.parametrize(
    ("address", "lang", "words"),
    [
        ("/en/nowhere/", "en", "Page not found"),
        ("/fr/nulle-part", "fr", "Page introuvable"),
        ("/x", "fr", "Page not found"),
    ],
)
def test_the_not_found_page_of_each_language(preview: Session, address: str, lang: str, words: str) -> None:
    answer = preview.get(address)
    assert answer.status == 404
    assert f'<html lang="{lang}"' in answer.text
    assert words in answer.text


@pytest.mark.parametrize("address", ["/en/faq/", "/theme/x.css", "/nowhere", "/.preview/live.js", "/.preview/events"])
def test_the_published_headers_are_sent(preview: Session, address: str) -> None:
    answer = preview.get(address, method="HEAD")
    assert answer.body == b""
    assert {name: answer.headers.get(name) for name in headers_for(address)} == headers_for(address)


def test_the_policy_lets_the_reloading_script_run_and_nothing_else(preview: Session) -> None:
    text = preview.get("/en/faq/").text
    policies = [*re.findall(r'"Content-Security-Policy" content="([^"]*)"', text)]
    policies.append(preview.get("/en/faq/").headers["Content-Security-Policy"])
    assert len(policies) == 2
    for policy in policies:
        directives = dict(part.split(" ", 1) for part in policy.split("; "))
        assert directives["script-src"] == directives["connect-src"] == "'self'"
        assert directives.get("style-src", "'self'").startswith("'self'")
        assert "unsafe" not in policy
    assert not re.search(r"<script(?![^>]*(src=|ld\+json))|\sstyle=|\son\w+=", text)
    assert preview.get("/.preview/live.js").headers["Content-Type"] == "text/javascript; charset=utf-8"
    assert preview.get("/.preview/panel.css").headers["Content-Type"] == "text/css; charset=utf-8"


def test_a_page_that_is_known_already_is_not_sent_again(preview: Session) -> None:
    first = preview.get("/en/faq/")
    again = preview.get("/en/faq/", If_None_Match=first.headers["ETag"])
    assert (again.status, again.body) == (304, b"")
    head = preview.get("/en/faq/", method="HEAD")
    assert (head.status, head.body, head.headers["Content-Length"]) == (200, b"", str(len(first.body)))


def test_a_folder_without_its_slash_leads_to_its_page(preview: Session) -> None:
    answer = preview.get("/en/faq")
    assert (answer.status, answer.headers["Location"]) == (302, "/en/faq/")


@pytest.mark.parametrize(
    "target",
    [
        "/../../pelicanconf.py",
        "/%2e%2e/%2e%2e/pelicanconf.py",
        "/en/..%2f..%2f..%2f..%2fpelicanconf.py",
        "/..%5c..%5cpelicanconf.py",
        "/en/%00/../faq/",
        "//127.0.0.1/en",
        "/.preview/../../pelicanconf.py",
        "/.preview/..%2f__init__.py",
        "/%ff%fe",
        "/C:/Windows/win.ini",
        "pelicanconf.py",
    ],
)
def test_nothing_outside_the_site_is_served(preview: Session, target: str) -> None:
    answer = preview.raw(
        f"GET {target} HTTP/1.1\r\nHost: 127.0.0.1:{preview.port}\r\nConnection: close\r\n\r\n".encode()
    )
    assert answer.split(b" ")[1] in (b"404", b"403")  # the desk tells a stranger of none of its addresses whether it is
    assert b"SITENAME" not in answer
    assert b"\r\nLocation:" not in answer


@pytest.mark.parametrize(
    "path", ["/", "/en/faq/", "/nowhere", "/.preview/live.js", "/.preview/events?page=/en/faq/&tag=x", "/images/a.png"]
)
def test_another_name_that_leads_here_gets_nothing(preview: Session, path: str) -> None:
    """DNS rebinding: a page elsewhere whose name was pointed at this machine must not read drafts."""
    for host in ("attacker.example", f"attacker.example:{preview.port}", f"localhost.attacker.example:{preview.port}"):
        answer = preview.get(path, Host=host)
        assert (answer.status, answer.text) == (421, "This preview is for the machine it runs on.\n")
    assert preview.get("/en/faq/", Host=f"localhost:{preview.port}").status == 200


@pytest.mark.parametrize(
    ("request_", "status"),
    [
        ("GET http://[evil]/ HTTP/1.1\r\nHost: {us}", 404),
        ("GET /en/faq/ HTTP/1.1\r\nHost: [evil]", 421),
        ("GET /en/faq/ HTTP/1.1\r\nHost: [evil", 421),
        ("GET /en/faq/ HTTP/1.1\r\nHost: localhost:x", 421),
        ("GET /en/faq/ HTTP/1.0", 421),
        ("GET /en/faq/ HTTP/1.1", 400),
        ("GET /en/faq/ HTTP/1.1\r\nHost: {us}\r\nHost: attacker.example", 400),
        ("GET /en/faq/ HTTPS/1.1\r\nHost: {us}", 400),
        ("NONSENSE", 400),
        ("POST /en/faq/ HTTP/1.1\r\nHost: {us}\r\nContent-Length: 0", 405),
        ("GET /en/faq/ HTTP/1.1\r\nHost: {us}\r\nContent-Length: -1", 400),
    ],
)
def test_a_request_that_makes_no_sense_is_refused(preview: Session, request_: str, status: int) -> None:
    line = request_.format(us=f"localhost:{preview.port}")
    answer = preview.raw(f"{line}\r\nConnection: close\r\n\r\n".encode())
    assert int(answer.split(b" ")[1]) == status
    assert "Traceback" not in preview.log


def test_requests_on_one_connection_are_answered_in_turn_and_a_body_is_none(preview: Session) -> None:
    us = f"HTTP/1.1\r\nHost: localhost:{preview.port}\r\n"
    hidden = f"GET /en/about/ {us}\r\n"
    sent = [
        f"GET /en/faq/ {us}Content-Length: {len(hidden)}\r\n\r\n{hidden}",
        f"GET /en/glossary/ {us}\r\n",
        f"GET /fr/contact/ {us}Connection: close\r\n\r\n",
    ]
    answers = preview.raw("".join(sent).encode()).split(b"HTTP/1.1 200 OK\r\n")[1:]
    assert len(answers) == 3, answers
    titles = [re.findall(r"<title>([^<]+)", answer.decode())[:1] for answer in answers]
    pages = [preview.get(path).text for path in ("/en/faq/", "/en/glossary/", "/fr/contact/")]
    assert titles == [re.findall("<title>([^<]+)", page)[:1] for page in pages]
    assert len(set(map(tuple, titles))) == 3


def test_three_hundred_who_say_nothing_or_half_keep_nobody_waiting(preview: Session) -> None:
    with ExitStack() as opened:
        for number in range(300):
            silent = opened.enter_context(socket.create_connection(("127.0.0.1", preview.port), timeout=PATIENCE))
            silent.sendall(b"GET /en/faq/ HTTP/1.1\r\nHo" if number % 2 else b"")
        preview.append(PAGE, "For those who ask.")
        preview.shows("/en/faq/", "For those who ask.")


def test_clients_that_leave_in_the_middle_do_no_harm(preview: Session) -> None:
    for request in (b"", b"GET", b"GET /en/faq/ HTTP/1.1\r\nHost: localhost\r\n\r\n", b"\x16\x03\x01\x02\r\n\r\n"):
        for _ in range(5):
            with socket.create_connection(("127.0.0.1", preview.port)) as connection:
                connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")  # leave with a reset
                connection.sendall(request)
    for _ in range(5):
        with preview.listening("/en/faq/"):
            pass
    preview.append(PAGE, "Still here.")
    preview.shows("/en/faq/", "Still here.")
    assert "Traceback" not in preview.log


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere 127.0.0.2 is no address of this machine")
def test_only_this_machine_is_served(preview: Session) -> None:
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.2", preview.port), timeout=PATIENCE)


def test_what_is_added_is_never_in_the_output(preview: Session) -> None:
    preview.edit(PAGE, "title: ", "titel: ")
    preview.shows("/en/faq/", "preview-errors")
    assert "/.preview/" in preview.get("/en/faq/").text
    pages = list(preview.output.rglob("*.html"))
    assert len(pages) > 50
    for page in pages:
        text = page.read_text(encoding="utf-8")
        assert ".preview" not in text
        assert "preview-" not in text


def test_the_preview_writes_what_a_build_writes(preview: Session, tmp_path: Path) -> None:
    """After edits, a rename, removals, changes of theme and words: every file, byte for byte, as in a clean build."""
    articles = {lang: preview.folder / "content" / lang / "articles" for lang in ("en", "fr")}
    for lang, folder in articles.items():
        text = (folder / "ending-well.md").read_text(encoding="utf-8")
        (folder / "another.md").write_text(re.sub("^slug: .*$", f"slug: another-{lang}", text, flags=re.M), "utf-8")
    preview.shows("/fr/articles/", "/fr/articles/another-fr/")
    for folder in articles.values():
        (folder / "another.md").rename(folder / "one-more.md")
    preview.edit("content/fr/articles/one-more.md", "slug: another-fr", "slug: encore-un")
    preview.shows("/fr/articles/", "/fr/articles/encore-un/")
    preview.append(PAGE, "One more.")
    for folder in articles.values():
        (folder / "one-more.md").unlink()
    preview.edit("theme/templates/base.html", '<main id="main"', '<main data-new id="main"')
    preview.edit("theme/static/css/base.css", "\n", "\n/* */ .new-rule { color: red }\n")
    preview.edit("theme/translations/fr/LC_MESSAGES/messages.po", "Aller au contenu", "Au texte")
    preview.append("content/fr/pages/process-guide.md", "Une fin.")  # which offers a document, of many pages
    preview.append("content/fr/pages/faq.md", "Une réponse.")
    preview.shows("/fr/faq/", "Une réponse.")
    with preview.built_again():  # a page that offers a document, and one that the document is made of
        preview.append("content/en/pages/sessions.md", "\n\n".join(f"Paragraph {number}." for number in range(500)))
        preview.append("content/en/pages/process-guide.md", "An end.")
    assert preview.get("/fr/articles/encore-un/").status == 404
    command = [sys.executable, "-m", "invoke", "build", "--output", str(tmp_path / "clean")]
    subprocess.run(command, cwd=preview.folder, check=True, capture_output=True)
    folders = sorted(preview.output.iterdir(), key=lambda folder: int(folder.name))
    assert len(folders) <= 2
    shown, clean = files_in(folders[-1]), files_in(tmp_path / "clean")
    assert shown.keys() == clean.keys()
    assert [name for name in clean if shown[name] != clean[name]] == []


def files_in(folder: Path) -> dict[str, bytes]:
    return {file.relative_to(folder).as_posix(): file.read_bytes() for file in folder.rglob("*") if file.is_file()}


def test_every_page_ends_where_it_should(preview: Session) -> None:
    page: Answer = preview.get("/fr/")
    assert page.text.rstrip().endswith("</html>")
    assert page.text.count("/.preview/live.js") == 1
