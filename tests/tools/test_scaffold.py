"""`invoke new`: two drafts that a preview shows, a published build leaves out, and nobody publishes half-written."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from plugins.files import write
from plugins.problems import ContentError
from tests.tools.copied_site import Project
from tools.scaffold import new, next_steps, quoted, slug_of


@pytest.mark.parametrize(
    ("title", "slug"),
    [
        ("Goal setting", "goal-setting"),
        ("Définir l’objectif : d’abord", "definir-l-objectif-d-abord"),
        ("L’œuvre", "l-oeuvre"),
        ("  What? 2 things!  ", "what-2-things"),
        ("« ∴ »", ""),
        ("Großer Plan", "grosser-plan"),
        ("Søren à Łódź", "soren-a-lodz"),
        ("Ægide", "aegide"),
        ("Đông", "dong"),
        ("½ journée", "1-2-journee"),
        ("word " * 60, "-".join(["word"] * 16)),
        ("w" * 300, "w" * 80),
    ],
)
def test_an_address_is_made_of_the_title(title: str, slug: str) -> None:
    assert slug_of(title) == slug


@pytest.mark.parametrize(
    "title", ["Plain", "A: colon", "“Quoted”", '"Straight"', "@home", "Yes", "2026", "it’s #1", "- dash", "null"]
)
def test_any_title_is_valid_front_matter(title: str) -> None:
    assert yaml.safe_load(f"title: {quoted(title)}") == {"title": title}
    assert "\n" not in quoted(title)


@pytest.mark.parametrize("title", ["<b>x</b>", "[a](b)", "{{ email }}"])
def test_a_title_that_no_page_may_have_is_refused(tmp_path: Path, title: str) -> None:
    with pytest.raises(ContentError, match="plain text"):
        new("page", title, "en", tmp_path)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("lang", ["en", "fr"])
@pytest.mark.parametrize("kind", ["page", "article"])
def test_both_files_are_drafts_that_build_and_are_not_published(project: Project, kind: str, lang: str) -> None:
    title = "Supervision: what it is" if lang == "en" else "Qu’est-ce que la supervision ?"
    files = new(kind, title, lang, project.folder / "content")
    key = slug_of(title)
    assert [file.parent.parent.name for file in files] == [lang, "fr" if lang == "en" else "en"]

    built = project.build()
    assert built.ok, built.problems
    pages = sorted(path.relative_to(project.output).as_posix() for path in project.output.rglob("drafts/*/index.html"))
    other = f"fr/drafts/a-ecrire-{key}/index.html" if lang == "en" else f"en/drafts/to-write-{key}/index.html"
    assert pages == sorted([f"{lang}/drafts/{key}/index.html", other])
    assert f'href="/{other.removesuffix("index.html")}"' in (
        project.output / pages[pages.index(f"{lang}/drafts/{key}/index.html")]
    ).read_text(encoding="utf-8")  # the language switch leads from draft to draft
    assert ("To write" if lang == "fr" else "À écrire") in (project.output / other).read_text(encoding="utf-8")
    for place in ("sitemap.xml", "en/feed.xml", "fr/feed.xml", "en/articles/index.html", "fr/articles/index.html"):
        assert key not in (project.output / place).read_text(encoding="utf-8")

    assert project.build(published=True).ok
    assert not any(key in path.as_posix() for path in project.output.rglob("*"))


def test_a_draft_may_link_to_what_is_not_there_yet(project: Project) -> None:
    files = new("page", "Notes", "en", project.folder / "content")
    with files[0].open("a", encoding="utf-8") as file:
        file.write("\n[Soon]({filename}soon.md) ![Soon]({static}../../images/soon.png) [Below](#below)\n")
    built = project.build()
    assert built.ok, built.problems
    assert {problem.severity for problem in built.problems} == {"warning"}
    assert len(built.problems) == 3


def test_a_half_written_page_cannot_be_published(project: Project) -> None:
    for file in new("page", "Notes", "en", project.folder / "content"):
        file.write_text(file.read_text(encoding="utf-8").replace("status: draft\n", ""), encoding="utf-8")
    built = project.build(published=True)
    assert not built.ok
    found = {
        (problem.file.rsplit("content/")[-1], problem.line) for problem in built.problems if problem.severity == "error"
    }
    assert found == {
        ("en/pages/notes.md", 4),
        ("fr/pages/notes.md", 2),
        ("fr/pages/notes.md", 3),
        ("fr/pages/notes.md", 4),
    }


def test_one_language_may_be_published_before_the_other(project: Project) -> None:
    english, _ = new("page", "Notes", "en", project.folder / "content")
    text = english.read_text(encoding="utf-8").replace("status: draft\n", "")
    description = "A sentence that says what the reader finds on the page, long enough for a search engine."
    lines = [f"description: {description}" if line.startswith("description") else line for line in text.splitlines()]
    english.write_text("\n".join(lines) + "\n", encoding="utf-8")
    built = project.build(published=True)
    assert built.ok, built.problems
    assert (project.output / "en/notes/index.html").is_file()
    assert not list(project.output.rglob("fr/**/*notes*"))


@pytest.mark.parametrize(
    ("kind", "title", "lang", "says"),
    [
        ("pge", "Notes", "en", 'no kind "pge"'),
        ("page", "…", "en", "no letter"),
        ("page", "FAQ", "en", "exists already"),
        ("article", "FAQ", "fr", "exists already"),
    ],
)
def test_what_cannot_be_begun(project: Project, kind: str, title: str, lang: str, says: str) -> None:
    before = sorted(project.folder.rglob("content/**/*.md"))
    with pytest.raises(ContentError) as error:
        new(kind, title, lang, project.folder / "content")
    (problem,) = error.value.args[0]
    assert says in problem.message
    assert problem.remedy
    assert sorted(project.folder.rglob("content/**/*.md")) == before


def test_what_to_do_next_is_said(project: Project) -> None:
    lines = next_steps(new("page", "Notes", "en", project.folder / "content"))
    assert lines[0] == "Two drafts are written:"
    assert [
        line.endswith(f"content/{lang}/pages/notes.md") for line, lang in zip(lines[1:3], ("en", "fr"), strict=True)
    ] == [True, True]
    assert "/en/drafts/notes/" in lines[3]


def test_the_command_refuses_in_plain_words(root: Path) -> None:
    command = [sys.executable, "-m", "invoke", "new", "page", "FAQ", "--lang", "fr"]
    done = subprocess.run(command, cwd=root, capture_output=True, text=True, encoding="utf-8", check=False)
    assert done.returncode == 1
    assert "cette page existe déjà" in done.stderr
    assert "Traceback" not in done.stderr


def test_both_drafts_are_written_or_none(tmp_path: Path) -> None:
    (tmp_path / "fr").write_text("a file where a folder should be", encoding="utf-8")
    with pytest.raises(ContentError, match="this page cannot be written"):
        new("page", "Goal setting", "en", tmp_path)
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == [tmp_path / "fr"]


def test_a_file_that_came_meanwhile_is_not_replaced(tmp_path: Path) -> None:
    place = tmp_path / "faq.md"
    place.write_text("mine", encoding="utf-8")
    with pytest.raises(FileExistsError):
        write(place, b"a draft", new=True)
    assert [(path.name, path.read_text(encoding="utf-8")) for path in tmp_path.iterdir()] == [("faq.md", "mine")]
