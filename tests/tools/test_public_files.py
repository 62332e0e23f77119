"""The gate for files: whatever the way a page names a file, only a listed one is published, and nothing lands outside.

Each case is a build of a copy of the site, which lies in a folder with neighbours that no build may touch (#12).
"""

from __future__ import annotations

import re
import shutil
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any, Literal

import pytest
from pelican import signals

from plugins import output_gate
from plugins.build import build_of
from plugins.problems import BuildStopped
from plugins.reader.stray_files import check_stray_files
from tests.tools.copied_site import Project, errors, files_in, told
from tests.tools.pictures import png
from tools import update_catalogs
from tools.build import settings_for
from tools.check import check

PAGE = "content/en/pages/faq.md"
Form = Literal["NFC", "NFD"]
SECRET = "planted-secret-7f3a"

# How an author can write an address; {0} is the address.
WAYS = {
    "a link": "[x]({{static}}{0})",
    "a link in pointed brackets": "[x](<{{static}}{0}>)",
    "a link with a title": '[x]({{static}}{0} "y")',
    "a link with a fragment": "[x]({{static}}{0}#y)",
    "a link with a query": "[x]({{static}}{0}?y=1)",
    "a picture": "![x]({{static}}{0})",
    "a reference": "[x][y{1}]\n\n[y{1}]: {{static}}{0}",
    "a reference of a picture": "![x][y{1}]\n\n[y{1}]: {{static}}{0}",
    "attach": "[x]({{attach}}{0})",
    "filename": "[x]({{filename}}{0})",
    "bars": "[x](|static|{0})",
    "bars of attach": "[x](|attach|{0})",
    "capitals": "[x]({{STATIC}}{0})",
    "a raw link": '<a href="{{static}}{0}">x</a>',
    "a raw link in single quotes": "<a href='{{static}}{0}'>x</a>",
    "a raw link without quotes": "<a href={{static}}{0}>x</a>",
    "a raw link in capitals": '<A HREF="{{static}}{0}">x</A>',
    "a raw link over two lines": '<a\n  href = "{{static}}{0}">x</a>',
    "a raw picture": '<img alt="x" src="{{static}}{0}">',
    "a raw picture in capitals": '<IMG ALT="x" SRC="{{static}}{0}">',
    "srcset": '<img alt="x" srcset="{{static}}{0} 2x" src="{{static}}../../images/good.png">',
    "poster": '<video poster="{{static}}{0}"></video>',
    "data": '<object data="{{static}}{0}"></object>',
    "a source": '<picture><source srcset="{{static}}{0}"><img alt="x" src="{{static}}../../images/good.png"></picture>',
    "cite": '<blockquote cite="{{static}}{0}">x</blockquote>',
    "an action": '<form action="{{static}}{0}"></form>',
    "formaction": '<button formaction="{{static}}{0}">x</button>',
    "content": '<meta content="{{attach}}{0}">',
    "after a script": '<script></script><a href="{{static}}{0}">x</a>',
    "as a plain address": "[x]({0})",
    "as a plain picture": "![x]({0})",
}

# A page may be linked to; and of a plain address no line is known whose signs are written as entities.
LED_ON = {("filename", "a page"), ("as a plain address", "an entity"), ("as a plain picture", "an entity")}

# Markup that may stand in no page at all (plugins/reader/allowed.py): told where it stands first, and taken out.
NO_MARKUP = {"srcset", "poster", "data", "a source", "cite", "an action", "formaction", "content", "after a script"}

# Of these Pelican, or a slip, says nothing more in a draft.
HARMLESS_IN_A_DRAFT = (
    "a link",
    "a picture",
    "attach",
    "filename",
    "a reference",
    "a raw link in single quotes",
    "bars",
)

# What may not be published: the address from content/en/pages, and what makes it.
TARGETS = {
    "a folder": "../../images",
    "the facts": "../../data/practice.toml",
    "a page": "method.md",
    "a file of the project": "../../../publish.toml",
    "a hidden file of the project": "../../../.git/config",
    "a file of the theme": "../../../theme/templates/base.html",
    "a file beside the project, from the content folder": "/../../neighbour.toml",
    "a file beside the project": "../../../../neighbour.toml",
    "the same through the pictures": "../../images/../../../neighbour.toml",
    "the same with escaped dots": "%2e%2e/../../../neighbour.toml",
    "an escaped slash": "..%2f..%2fdata%2fpractice.toml",
    "an entity": "../../data&#47;words.toml",
    "an absolute path": "//etc/hostname",
    "a key among the pictures": "../../images/id_rsa",
    "an office file among the pictures": "../../images/notes.docx",
    "a hidden file among the pictures": "../../images/.DS_Store",
    "a link to a file": "../../images/linked.png",
    "a link to a folder": "../../images/p/practice.toml",
    "a picture in a linked folder": "../../images/p/inside.png",
    "a loop": "../../images/loop/good.png",
    "a picture beside the pages": "beside.png",
    "a name that is a folder": "../../images/folder.png",
}


MATTER = """\
---
title: Way {0}
slug: way-{0}
description: A sentence that says what the reader finds on the page, long enough for a search engine.
modified: 2026-11-24
unpaired: only a test
{1}---
Some words.

"""


@pytest.fixture(scope="module")
def place(root: Path, fictitious: Path, tmp_path_factory: pytest.TempPathFactory) -> Project:
    """A copy of the site in a folder of its own, with neighbours."""
    project = Project(root, tmp_path_factory.mktemp("around") / "site", fictitious)
    project.folder.mkdir()
    return project


@pytest.fixture
def site(place: Project) -> Iterator[Project]:
    """The copy with all that TARGETS names, which may not be published, and one picture that may."""
    place.reset()
    shutil.rmtree(place.output, ignore_errors=True)
    images, elsewhere = place.path("content/images"), place.path("../elsewhere")
    for folder in (images, elsewhere, images / "folder.png", place.path(".git")):
        folder.mkdir(exist_ok=True)
    (images / "good.png").write_bytes(png(3))
    for name in ("content/images/id_rsa", "content/images/.DS_Store", "content/images/notes.docx"):
        place.path(name).write_text(SECRET, encoding="utf-8")
    for name in ("../neighbour.toml", "publish.toml", ".git/config", "../elsewhere/practice.toml"):
        place.path(name).write_text(SECRET, encoding="utf-8")
    place.append("content/data/words.toml", f"# {SECRET}")
    for name in ("content/en/pages/beside.png", "../elsewhere/inside.png"):
        place.path(name).write_bytes(png(5) + SECRET.encode())
    for name, target in (("p", elsewhere), ("linked.png", elsewhere / "inside.png"), ("loop", images)):
        (images / name).symlink_to(target)
    before = surroundings(place)
    yield place
    assert surroundings(place) == before, "a build wrote beside the site"


def surroundings(project: Project) -> dict[str, bytes]:
    """All that lies around the site and in its project, by name."""
    ours = ("site/output/", "site/cache/", "site/content/", "site/theme/")  # tests edit the last two
    return {name: data for name, data in files_in(project.folder.parent).items() if not name.startswith(ours)}


def page(project: Project, number: int, matter: str = "") -> str:
    """A new page; its place."""
    name = f"content/en/pages/way-{number}.md"
    project.path(name).write_text(MATTER.format(number, matter), encoding="utf-8")
    return name


def test_no_way_of_writing_leads_to_a_file_that_is_not_public(site: Project) -> None:
    """A page for each way, with each target on a line of its own: each is refused on that line, and nothing written."""
    asked = {}
    for number, (way, form) in enumerate(WAYS.items()):
        place = page(site, number)
        for at, (target, address) in enumerate(TARGETS.items()):
            first = site.append(place, form.format(address, at))
            asked[way, target] = place, range(first, first + form.count("\n") + 1)
    built = site.build()
    assert built.output is None, told(built)
    found = {(problem.file.rpartition("/")[2], problem.line) for problem in errors(built)}
    let_through = [
        case
        for case, (place, lines) in asked.items()
        if case not in LED_ON
        and case[0] not in NO_MARKUP
        and not {(place.rpartition("/")[2], line) for line in lines} & found
    ]
    assert let_through == []
    assert {place.rpartition("/")[2] for place, _ in asked.values()} == {file for file, line in found if line}
    assert not site.output.exists()


def test_no_draft_shows_a_file_that_is_not_public(site: Project) -> None:
    """A draft stops no build: what it may not show is told, and does not come out."""
    for number, form in enumerate(form for way, form in WAYS.items() if way in HARMLESS_IN_A_DRAFT):
        place = page(site, number, "status: draft\n")
        for at, address in enumerate(TARGETS.values()):
            site.append(place, form.format(address, at))
    built = site.build()
    assert built.ok, told(built)
    out = files_in(site.output)
    assert [name for name, data in out.items() if SECRET.encode() in data or name.startswith(("images", "data"))] == []
    assert not any("{static}" in data.decode() for name, data in out.items() if "drafts/way-" in name)


def test_a_picture_that_a_page_shows_is_published_and_no_other_file_is(site: Project) -> None:
    (site.path("content/images") / "unused.png").write_bytes(png(4))
    site.append(page(site, 0), "![x]({static}../../images/good.png) [y]({static}/images/good.png)")
    site.path("content/en/pages/beside.png").unlink()  # among the pages it would stop what is published
    built = site.build(published=True)
    assert built.ok, told(built)
    out = files_in(site.output)
    assert [name for name in out if name.startswith("images/")] == ["images/good.png"]
    assert out["en/way-0/index.html"].count(b"/images/good.png") == 2
    assert not any(SECRET.encode() in data for data in out.values())
    told_of = {problem.file.rpartition("content/images/")[2] for problem in built.problems}
    assert {"id_rsa", "notes.docx", "p", "loop", "linked.png"} <= told_of
    assert ".DS_Store" not in told_of


def test_a_published_site_has_no_picture_that_only_a_draft_shows(site: Project) -> None:
    site.append(page(site, 0, "status: draft\n"), "![x]({static}../../images/good.png)")
    assert site.build().ok
    assert "images/good.png" in files_in(site.output)
    site.path("content/en/pages/beside.png").unlink()
    assert site.build(published=True).ok
    assert "images/good.png" not in files_in(site.output)


def test_a_decoration_needs_no_text_and_says_so(site: Project) -> None:
    site.append(PAGE, "![]({static}../../images/good.png){: .decoration }\n\n![]({static}../../images/good.png)")
    (problem,) = errors(site.build())
    assert "no text for those who cannot see it" in problem.message
    site.path(PAGE).write_text(site.path(PAGE).read_text(encoding="utf-8").rpartition("![]")[0], encoding="utf-8")
    assert site.build().ok


def test_a_pdf_of_the_owner_is_published_from_the_downloads(site: Project) -> None:
    site.path("content/downloads").mkdir()
    site.path("content/downloads/leaflet.pdf").write_bytes(b"%PDF-1.7\n%%EOF\n")
    site.append(PAGE, "[The leaflet]({static}../../downloads/leaflet.pdf)")
    assert site.build().ok
    assert files_in(site.output)["downloads/leaflet.pdf"] == b"%PDF-1.7\n%%EOF\n"


def test_a_file_to_download_that_is_not_what_its_name_says_is_refused(site: Project) -> None:
    site.path("content/downloads").mkdir()
    site.path("content/downloads/leaflet.docx").write_bytes(b"MZ")
    site.append(PAGE, "[The leaflet]({static}../../downloads/leaflet.docx)")
    (problem,) = errors(site.build())
    assert problem.file.endswith("content/downloads/leaflet.docx")
    assert "not what its name says" in problem.message
    assert not site.output.exists()


def test_a_pdf_with_spaces_in_its_name_is_published_as_the_remedy_says(site: Project) -> None:
    """From a link as people type it, by what each message says, to a file that a reader gets (#14)."""
    line = site.append(PAGE, "[The leaflet](Plaquette Coaching 2026.pdf)")
    (problem,) = errors(site.build())
    assert (problem.line, "leads nowhere" in problem.message) == (line, True)
    (meant,) = re.findall(r"\{static\}[^?]*", problem.remedy)
    site.edit(PAGE, "(Plaquette Coaching 2026.pdf)", f"({meant})")
    (problem,) = errors(site.build())
    (place,) = re.findall(r"content/downloads/.*?\.pdf", problem.remedy)
    site.path(place).parent.mkdir()
    site.path(place).write_bytes(b"%PDF-1.7\n%%EOF\n")
    assert site.build().ok
    assert files_in(site.output)["downloads/Plaquette Coaching 2026.pdf"] == b"%PDF-1.7\n%%EOF\n"


@pytest.mark.parametrize(
    ("name", "says", "remedy"),
    [
        ("content/images/leaflet.pdf", "not in a folder", "content/downloads"),
        ("content/en/articles/leaflet.pdf", "not published", "files to download in content/downloads"),
        ("content/downloads/leaflet.png", "no kind that is published", "elsewhere"),
        ("content/downloads/prices.xlsm", "office program", "save it as PDF"),
        ("content/images/photo.HEIC", "browsers do not show", "JPEG"),
        ("content/en/articles/Notes.odt", "not in a folder", "content/downloads"),
        ("content/data/prices.xls", "office program", "save it as PDF"),
        ("content/en/pages/faq (conflicted copy 2026-11-28).md", "synchronises folders", "delete it"),
        ("content/fr/pages/faq.sync-conflict-20261128-101112-ABCDEFG.md", "synchronises folders", "delete it"),
        ("theme/static/favicon (Copie en conflit de Marie 2026-11-28).svg", "synchronises folders", "delete it"),
    ],
)
def test_a_stray_file_is_told_by_its_name(site: Project, name: str, says: str, remedy: str) -> None:
    site.path(name).parent.mkdir(exist_ok=True)
    site.path(name).write_bytes(b"x")
    folders = {"PATH": str(site.path("content")), "THEME": str(site.path("theme"))}
    settings = settings_for(site.output, False, None, folders)
    check_stray_files([SimpleNamespace(settings=settings)])
    (problem,) = [problem for problem in settings["BUILD"].problems if problem.file.endswith(name)]
    assert says in problem.message
    assert remedy in problem.remedy
    assert problem.severity == "warning"


LEFT = [
    ".DS_Store",
    "._faq.md",
    "._base.html",
    "._x.css",
    "._x.js",
    "Thumbs.db",
    "desktop.ini",
    "faq.md~",
    ".faq.md.swp",
]
LEFT += [
    "#faq.md#",
    ".~lock.faq.md#",
    "~$faq.md",
    "base.html~",
    "._messages.po",
    ".goutputstream-X1",
    "x.css.crdownload",
]
FOLDERS = ["content", "content/en", "content/en/pages", "content/fr/articles", "content/en/documents", "content/data"]
FOLDERS += ["content/images", "theme", "theme/static", "theme/static/css", "theme/static/css/kinds", "theme/static/js"]
FOLDERS += ["theme/templates", "theme/templates/partials", "theme/documents", "theme/translations/fr/LC_MESSAGES"]


def test_what_machines_leave_behind_changes_nothing_and_is_not_told(place: Project, monkeypatch: Any) -> None:
    """In every folder of the sources: each such file, with bytes that no reader takes, and links that lead nowhere."""
    place.reset()
    clean = place.build()
    assert clean.ok, told(clean)
    before = files_in(place.output)
    for folder in FOLDERS:
        place.path(folder).mkdir(exist_ok=True)
        for name in LEFT:
            (place.path(folder) / name).write_bytes(b"\xff\xfe\x00" + SECRET.encode())
        for name in (".#base.html", ".#faq.md", ".#x.css", ".#x.js", ".#x.typ", ".#words.toml", ".#messages.po"):
            (place.path(folder) / name).symlink_to("marie@laptop.4711:1764324")
    built = place.build()
    assert (built.ok, told(built)) == (True, told(clean))
    assert files_in(place.output) == before
    overrides = {name: str(place.path(folder)) for name, folder in (("PATH", "content"), ("THEME", "theme"))}
    assert {finding.problem.severity for finding in check(practice=place.facts, overrides=overrides)} <= {"warning"}
    monkeypatch.setattr(update_catalogs, "ROOT", place.folder)
    assert len(update_catalogs.extract()) > 50


def test_pages_in_a_folder_that_is_synchronised_are_read_cold_and_warm(place: Project) -> None:
    place.reset()
    assert place.build().ok
    before, synced = files_in(place.output), place.path("../synced")
    shutil.rmtree(synced, ignore_errors=True)
    shutil.move(place.path("content/en/pages"), synced)
    place.path("content/en/pages").symlink_to(synced)
    shutil.move(place.path("content/fr/pages/faq.md"), synced.parent / "une-page.md")
    place.path("content/fr/pages/faq.md").symlink_to(synced.parent / "une-page.md")
    shutil.rmtree(place.folder / "cache" / "pages")
    for _ in ("cold", "warm"):
        built = place.build()
        assert built.ok, told(built)
        assert files_in(place.output) == before


def test_nothing_is_written_outside_the_output(tmp_path: Path) -> None:
    build = build_of(settings_for(tmp_path / "out", False, None))
    for name in ("../x", "a/../../x", "/etc/x", "..", "a\\..\\..\\x"):
        with pytest.raises(BuildStopped):
            output_gate.put(build, name, b"x")
    output_gate.put(build, "a/b.txt", b"x")
    assert files_in(tmp_path) == {"out/a/b.txt": b"x"}


def test_a_file_that_nothing_of_ours_wrote_stops_a_build(place: Project) -> None:
    """As Pelican, or a plugin of tomorrow, could copy one."""
    place.reset()
    shutil.rmtree(place.output, ignore_errors=True)

    def copy(pelican: Any) -> None:
        shutil.copy(place.facts, Path(pelican.settings["OUTPUT_PATH"]) / "practice.toml")

    with signals.finalized.connected_to(copy):
        built = place.build()
    assert [problem.file for problem in errors(built)] == ["practice.toml"]
    assert not place.output.exists()


FORMS: tuple[Form, ...] = ("NFC", "NFD")


@pytest.mark.parametrize("on_disk", FORMS)
def test_an_accent_may_be_written_as_one_letter_or_as_two(site: Project, on_disk: Form) -> None:
    """A disk may write it one way, a keyboard the other: pictures, PDFs and pages are found all the same."""
    for name, data in (("images/été.png", png(7)), ("downloads/tarifs-été.pdf", b"%PDF-1.7\n%%EOF\n")):
        file = site.path("content") / unicodedata.normalize(on_disk, name)
        file.parent.mkdir(exist_ok=True)
        file.write_bytes(data)
    other = site.path("content/en/pages") / unicodedata.normalize(on_disk, "été.md")
    other.write_text(MATTER.format("été", "").replace("way-été", "summer"), encoding="utf-8")
    place = page(site, 0)
    for form in FORMS:
        link = "![x]({static}../../images/été.png) [y]({static}/downloads/tarifs-été.pdf) [z]({filename}été.md)"
        site.append(place, unicodedata.normalize(form, link))
    site.path("content/en/pages/beside.png").unlink()
    built = site.build(published=True)
    assert built.ok, told(built)
    out = files_in(site.output)
    assert {name for name in out if name.startswith(("images", "downloads"))} == {
        "images/été.png",
        "downloads/tarifs-été.pdf",
    }
    html = out["en/way-0/index.html"].decode()
    assert html.count('src="/images/%C3%A9t%C3%A9.png"') == html.count('href="/en/summer/"') == 2
    assert html.count('href="/downloads/tarifs-%C3%A9t%C3%A9.pdf"') == 2
