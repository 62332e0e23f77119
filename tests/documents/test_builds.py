"""What a build does with documents: renders what changed, tells what is wrong, keeps the last good one."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from PIL import Image

from plugins.documents import build as documents_build
from tests.documents.built_documents import FACTS, Site
from tests.documents.tagged import elements, kids, root, squeeze, texts_of
from tests.surroundings import need
from tests.tools.copied_site import remove, restore, undrawn
from tools.build import Built, build

Edit = Callable[[Path], None]


@pytest.fixture(scope="session")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the copy lies: always in one place, so that pages which stay as they are need not be read again."""
    return tmp_path_factory.mktemp("spoilt")


@pytest.fixture
def project(root: Path, site: Site, copy: Path) -> Path:
    """A copy of the content and the theme to spoil, with the PDFs of the whole site: only other ones are drawn."""
    for place in copy.iterdir():
        if place.name not in ("content", "theme", "cache"):
            remove(place)
    for folder in ("content", "theme"):
        restore(root / folder, copy / folder)
    documents = copy / "cache" / "documents"
    if documents.exists():
        remove(documents)
    shutil.copytree(site.cache, documents)
    return copy


def told_of(project: Path) -> dict[str, Any]:
    """What a build of the copy is told."""
    folders = {"PATH": str(project / "content"), "THEME": str(project / "theme")}
    return folders | {"cache": project / "cache", "trust_cache": True}


def build_in(project: Path, published: bool = True) -> Built:
    return build(
        project / "site",
        published,
        FACTS,
        told_of(project),
    )


def told(built: Built) -> str:
    return "\n".join(str(problem) for problem in built.problems)


def replace_in(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_only_what_changed_is_rendered_again(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rendered: list[tuple[str, str]] = []
    remove(project / "cache" / "documents")

    def counting(prepared: Any) -> bytes:
        rendered.append((prepared.name, prepared.lang))
        return b"%PDF-1.7"

    monkeypatch.setattr(documents_build, "render", counting)
    assert build_in(project, published=False).ok
    assert len(rendered) == 4
    rendered.clear()
    assert build_in(project, published=False).ok
    assert rendered == []
    replace_in(project / "content/en/pages/method.md", "Nothing arrives ready-made.", "Nothing is ready-made.")
    assert build_in(project, published=False).ok
    assert rendered == [("process-guide", "en")]
    rendered.clear()
    other = project / "content/en/pages/accessibility.md"
    other.write_text(other.read_text(encoding="utf-8") + "\nOne more sentence.\n", encoding="utf-8")
    assert build_in(project, published=False).ok
    assert rendered == [], "a page that no document takes rendered one again"


SPOILT: dict[str, tuple[Edit, str, str]] = {
    "a chapter that is not there": (
        lambda project: replace_in(
            project / "content/data/process-guide.toml", 'section = "guide-summary"', 'section = "guide-sumary"'
        ),
        "content/data/process-guide.toml",
        'Did you mean "guide-summary"?',
    ),
    "a reader that nothing says": (
        lambda project: replace_in(project / "content/data/process-guide.toml", "\ncoachee = {", "\ncoache = {"),
        "content/data/process-guide.toml",
        "the table [readers] has no coachee",
    ),
    "a heading that is not there": (
        lambda project: replace_in(project / "content/en/pages/method.md", "{: #roles }", "{: #who }"),
        "content/en/pages/method.md",
        '"roles"',
    ),
    "an unknown tag": (
        lambda project: replace_in(
            project / "content/en/documents/guide-summary.md", "## How to use", "<video>x</video>\n\n## How to use"
        ),
        "content/en/documents/guide-summary.md",
        "browsers are told to ignore <video>",
    ),
    "an image without a text": (
        lambda project: replace_in(
            project / "content/en/documents/guide-summary.md", "## How to use", "![](images/x.png)\n\n## How to use"
        ),
        "content/en/documents/guide-summary.md",
        "no text for those who cannot see it",
    ),
    "a sign that the fonts lack": (
        lambda project: replace_in(
            project / "content/en/documents/guide-summary.md", "Read this page", "Read 漢 this page"
        ),
        "content/en/documents/guide-summary.md",
        "U+6F22",
    ),
    "a warning of Typst": (
        lambda project: replace_in(project / "theme/documents/tokens.typ", '"Libertinus Serif"', '"Nowhere Serif"'),
        "theme/documents/process-guide.typ",
        "unknown font family",
    ),
    "a broken data file": (
        lambda project: replace_in(project / "content/data/process-guide.toml", "title = {", "title = "),
        "content/data/process-guide.toml",
        "cannot be read",
    ),
    "a document that is not there": (
        lambda project: replace_in(
            project / "content/en/pages/process-guide.md", "documents: [process-guide]", "documents: [process-gide]"
        ),
        "content/data/process-gide.toml",
        "this file is missing",
    ),
    "a link to nothing": (
        lambda project: replace_in(
            project / "content/en/documents/guide-summary.md",
            "Read this page",
            "Read [this]({filename}../pages/nowhere.md) page",
        ),
        "content/en/documents/guide-summary.md",
        "does not exist",
    ),
}


@pytest.mark.parametrize("case", SPOILT)
def test_published_build_stops_and_says_why(case: str, project: Path) -> None:
    edit, file, words = SPOILT[case]
    edit(project)
    built = build_in(project)
    assert not built.ok
    assert not (project / "site").exists()
    assert any(
        problem.file.endswith(file) and words in str(problem) and problem.remedy for problem in built.problems
    ), told(built)


@pytest.mark.parametrize(
    "case",
    [
        "a chapter that is not there",
        *(pytest.param(one, marks=pytest.mark.long) for one in ("a sign that the fonts lack", "a warning of Typst")),
    ],
)
def test_preview_keeps_the_last_good_document_and_shows_the_error(case: str, project: Path) -> None:
    assert build_in(project, published=False).ok
    good = (project / "site/en/coaching-process-guide.pdf").read_bytes()
    edit, file, words = SPOILT[case]
    edit(project)
    built = build_in(project, published=False)
    assert built.ok, told(built)
    assert (project / "site/en/coaching-process-guide.pdf").read_bytes() == good
    assert any(problem.file.endswith(file) and words in str(problem) for problem in built.problems), told(built)


def test_missing_fact_stops_a_published_build(project: Path) -> None:
    facts = project / "practice.toml"
    facts.write_text(
        FACTS.read_text(encoding="utf-8").replace('phone = "+33199001234"', 'phone = ""'), encoding="utf-8"
    )
    with undrawn():
        built = build(project / "site", True, facts, told_of(project))
    assert not built.ok
    found = [problem for problem in built.problems if problem.severity == "error" and "phone" in problem.message]
    assert [Path(problem.file).name for problem in found] == ["practice.toml"], told(built)  # told once


def test_no_half_written_file_stays(site: Any) -> None:
    assert not list(site.output.rglob("*.part"))
    assert not list(site.cache.rglob("*.part"))


THIRD_DATA = """
title = { en = "Reading list", fr = "Lectures" }
[[chapters]]
id = "faq"
parts = [{ page = "faq", only = ["choosing"] }]
"""
THIRD_TEMPLATE = """#import "content.typ": *
#show: setup
#for chapter in doc.chapters { heading(level: 1, chapter.title); chapter.c.map(block-of).join() }
"""


def test_a_third_document_needs_a_data_file_and_a_template_only(project: Path) -> None:
    (project / "content/data/reading-list.toml").write_text(THIRD_DATA, encoding="utf-8")
    (project / "theme/documents/reading-list.typ").write_text(THIRD_TEMPLATE, encoding="utf-8")
    for lang in ("en", "fr"):
        replace_in(project / f"content/{lang}/pages/faq.md", "modified:", "documents: [reading-list]\nmodified:")
    built = build_in(project)
    assert built.ok, told(built)
    for lang in ("en", "fr"):
        made = project / "site" / lang / "reading-list.pdf"
        assert made.read_bytes().startswith(b"%PDF-1.7")
        page = (project / "site" / lang / "faq" / "index.html").read_text(encoding="utf-8")
        assert f"/{lang}/reading-list.pdf" in page


def test_notes_of_a_section_stand_at_the_foot_of_the_page(project: Path) -> None:
    section = project / "content/en/documents/guide-choosing.md"
    replace_in(section, "on three answers", "on three answers[^who]")
    replace_in(section, "Facts, not traits", "Facts[^what], not traits[^who]")
    with section.open("a", encoding="utf-8") as file:
        file.write(
            "\n[^what]: See [the rules]({filename}../pages/confidentiality.md).\n[^who]: *A source*, {{ email }}.\n"
        )
    assert build_in(project, published=False).ok
    with pikepdf.open(project / "site/en/coaching-process-guide.pdf") as pdf:
        texts = texts_of(pdf)

        def of_kind(element: Any, name: str) -> list[Any]:
            return [kid for kid in kids(element) if isinstance(kid, pikepdf.Dictionary) and kid.get("/S") == name]

        holders = [element for element in elements(root(pdf)) if of_kind(element, "/Note")]
        notes = [note for holder in holders for note in of_kind(holder, "/Note")]
        said = [squeeze(texts[note.objgen]) for note in notes]
        assert len(said) == 2, said
        assert "Asource" in said[0], said
        assert "therules" in said[1], said
        assert len({str(note.ID) for note in notes}) == 2
        marks = [[texts[mark.objgen] for mark in of_kind(holder, "/Lbl")] for holder in holders]
        assert marks == [["1"], ["2", "1"]]


def test_a_picture_in_a_document_is_without_its_metadata_and_from_the_public_folder(project: Path) -> None:
    """Typst takes a photograph into the PDF as it is, remarks and all."""
    remarks = Image.Exif()
    remarks[0x010F] = "PLANTED-phone"
    (project / "content/images").mkdir()
    place = project / "content/images/desk.jpg"
    section = project / "content/en/documents/guide-summary.md"
    Image.new("RGB", (40, 30), "red").save(place, exif=remarks, comment=b"PLANTED")
    replace_in(section, "## How to use", "![A desk]({static}../../images/desk.jpg)\n\n## How to use")
    assert build_in(project, published=False).ok
    pdf = project / "site/en/coaching-process-guide.pdf"
    assert b"PLANTED" not in pdf.read_bytes()
    with pikepdf.open(pdf) as opened:
        kinds = [image.get("/Filter") for page in opened.pages for image in page.get_images().values()]
    assert pikepdf.Name.DCTDecode in kinds, "the photograph is not in the document"
    replace_in(section, "images/desk.jpg", "data/desk.jpg")
    place.rename(project / "content/data/desk.jpg")
    built = build_in(project)
    assert any("not in a folder that is published" in problem.message for problem in built.problems), built.problems


def test_a_long_line_of_code_stays_on_the_paper(project: Path) -> None:
    """With spaces and without: all of it is there, within the margins, and copied as it was typed."""
    need("pdftotext")
    spaced, unbroken = "one two three four five " * 5, "x1y2z3" * 20
    section = project / "content" / "en" / "documents" / "guide-summary.md"
    section.write_text(f"{section.read_text('utf-8')}\n```\n{spaced}\n{unbroken}\n```\n", encoding="utf-8")
    built = build_in(project, published=False)
    assert built.output, told(built)
    command: list[str | Path] = ["pdftotext", "-bbox", built.output / "en/coaching-process-guide.pdf", "-"]
    words = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    boxes = re.findall(r'xMin="([\d.]+)" yMin="[\d.]+" xMax="([\d.]+)" yMax="[\d.]+">([^<]*)<', words)
    assert max(float(right) for _, right, _ in boxes) <= 595.3 - 50
    text = "".join(word for _, _, word in boxes)
    assert unbroken in text
    assert spaced.replace(" ", "") in text
