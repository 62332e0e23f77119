"""`invoke check`: each check sees what it is for, on a copy of the site, and nothing on the site as it is."""

from __future__ import annotations

import errno
import io
import json
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from bs4 import BeautifulSoup

from plugins.problems import Problem
from tests.tools.copied_site import Project, errors, undrawn
from tests.tools.pictures import png
from tools.check import CHECKS, Finding, check, expiry, links, pairs, spelling, typography
from tools.check.prose import Passage, of_markdown
from tools.check.report import as_json, as_text, failed
from tools.scaffold import new

EN, FR = "content/en/pages/faq.md", "content/fr/pages/faq.md"
Look = Callable[..., list[Finding]]


@pytest.fixture
def look(project: Project) -> Iterator[Look]:
    """Check the copy: every check, or those named. No document is drawn."""

    def checked(*only: str, external: bool = False) -> list[Finding]:
        folders = {name: str(project.folder / place) for name, place in (("PATH", "content"), ("THEME", "theme"))}
        overrides = folders | {"cache": project.folder / "cache"}
        return check(external, project.facts, overrides, only)

    with undrawn():
        yield checked


def told(findings: list[Finding], file: str = "") -> list[tuple[int | None, str]]:
    """(line, message) of what was found, in one file or in all."""
    return [(f.problem.line, str(f.problem.message)) for f in findings if f.problem.file.endswith(file)]


def says(findings: list[Finding], file: str, line: int | None, words: str) -> bool:
    return any(at == line and words in message for at, message in told(findings, file))


def test_the_site_as_it_is_has_nothing_to_mend_and_little_to_look_at(look: Look) -> None:
    findings = [f for f in look() if "nobody has said" not in f.problem.message]
    assert [str(f.problem) for f in findings] == []


def test_it_takes_seconds_and_writes_nothing(look: Look, project: Project) -> None:
    def files() -> dict[Path, int]:
        return {file: file.stat().st_mtime_ns for file in project.folder.rglob("*") if "cache" not in file.parts}

    before = files()
    look()
    assert files() == before


def test_what_stops_a_build_is_told_with_everything_else(look: Look, project: Project) -> None:
    line = project.append(EN, "[Read]({filename}glosary.md) the coachee’s organizeur.")
    findings = look()
    assert says(findings, EN, line, "glosary.md, which does not exist")
    assert says(findings, EN, line, "“organizeur” is in no dictionary")
    assert failed(findings)


@pytest.mark.parametrize(
    ("broken", "line"),
    [
        ("Une séance.".encode("latin-1"), 1),
        (b'---\ntitle: One: two\n---\nMissspelt, and it\'s "straight".\n', 2),
    ],
)
def test_of_a_page_that_cannot_be_read_nothing_else_is_said(
    look: Look, project: Project, broken: bytes, line: int
) -> None:
    project.path(EN).write_bytes(broken)
    told_of_it = [(f.check, f.problem.line) for f in look() if "faq.md" in f.problem.file]
    assert told_of_it[0] == ("build", line)
    assert {check for check, _ in told_of_it} == {"build"}


@pytest.mark.parametrize(
    "place",
    [
        EN,
        "content/en/documents/guide-summary.md",
        "content/data/navigation.toml",
        "content/data/words.toml",
        "content/data/statements.toml",
        "theme/translations/fr/LC_MESSAGES/messages.po",
        "practice.toml",
    ],
)
def test_a_file_that_this_account_may_not_read_is_one_problem(
    look: Look, project: Project, place: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As one that somebody else has saved: nothing follows from it, and nobody is shown a traceback (#14)."""
    closed, opened = project.path(place), io.open

    def refuse(file: Any, *arguments: Any, **options: Any) -> Any:
        if file == closed or str(file) == str(closed):
            raise PermissionError(errno.EACCES, "Permission denied", str(file))
        return opened(file, *arguments, **options)

    monkeypatch.setattr(io, "open", refuse)
    found = [one.problem for one in look(*(set(CHECKS) - {"markdown", "spelling"}), *["spelling"] * ("words" in place))]
    (problem,) = [one for one in found if one.file.endswith(place)]
    assert problem.message == "this file cannot be read: this account may not read it"
    assert [one for one in found if one != problem and one.severity == "error"] == []


class TestPlaces:
    @pytest.mark.parametrize(
        ("place", "says", "remedy"),
        [
            ("content/en/pages/faq.md.txt", "does not end in .md", "name it faq.md"),
            ("content/en/articles/New Words.docx", "not in a folder", "Put it in content/downloads"),
            ("content/images/desk.tiff", "browsers do not show this kind of file", "JPEG"),
            ("content/fr/pages/photo.JPG", "does not end in .md", "content/images"),
            ("content/fr/pages/Une séance.md", "will not find this name", "the same in both languages"),
        ],
    )
    def test_a_file_that_is_no_page_here(
        self, look: Look, project: Project, place: str, says: str, remedy: str
    ) -> None:
        project.path(place).parent.mkdir(exist_ok=True)
        project.path(place).write_text("x", encoding="utf-8")
        found = [f.problem for f in look("build") if says in f.problem.message]
        assert [(remedy in problem.remedy, problem.severity) for problem in found] == [(True, "warning")]

    def test_it_is_an_error_when_the_site_is_published(self, project: Project) -> None:
        project.path("content/en/pages/new.md.txt").write_text("x", encoding="utf-8")
        (problem,) = errors(project.build(published=True))
        assert problem.file.endswith("new.md.txt")

    @pytest.mark.parametrize("name", [".DS_Store", "Thumbs.db", ".faq.md.swp", "faq.md~"])
    def test_what_machines_leave_behind_is_not_told(self, look: Look, project: Project, name: str) -> None:
        project.path(f"content/en/pages/{name}").write_bytes(b"x")
        assert look("build") == []


def test_unknown_facts_are_counted_in_one_line(look: Look, project: Project, incomplete: Path) -> None:
    project.facts.write_bytes(incomplete.read_bytes())
    (found,) = [f for f in look("build") if "facts are unknown" in f.problem.message]
    assert "siren" in found.problem.message
    assert found.problem.severity == "warning"


class TestPairs:
    def test_a_heading_whose_id_is_only_in_one_language(self, look: Look, project: Project) -> None:
        line = project.append(EN, "## Another question {: #another }")
        assert says(look("pairs"), EN, line, 'the French page has no heading with the id "another"')

    def test_headings_at_other_levels(self, look: Look, project: Project) -> None:
        line = project.append(FR, "### Une autre question")
        assert says(look("pairs"), FR, line, "the English page is divided otherwise")

    @pytest.mark.parametrize(
        ("english", "french"),
        [
            ("On 24 November 2026.", "Le 24 novembre 2026."),
            ("On 1 March.", "Le 1er mars."),
            ("It costs €1,200, or 12.5%.", "Cela coûte 1 200 €, soit 12,5 %."),
            ("At 2.30 pm, for 4 hours.", "À 14 h 30, pendant 4 h."),
            ("Write to a.b@c.example.", "Écrivez à a.b@c.example."),
            ("Article 6.1.f, pp. 35–36.", "Article 6.1.f, p. 35-36."),
        ],
    )
    def test_the_same_values_written_as_each_language_writes_them(self, english: str, french: str) -> None:
        assert values("en", english) == values("fr", french)
        assert values("en", english)

    @pytest.mark.parametrize(
        ("english", "french"),
        [
            ("On 24 November 2026.", "Le 25 novembre 2026."),
            ("It costs €1,200.", "Cela coûte 1 300 €."),
            ("At 2.30 pm.", "À 2 h 30."),
            ("Write to a@c.example.", "Écrivez à b@c.example."),
            ("In 8 sessions.", "En huit séances."),
        ],
    )
    def test_values_that_differ(self, english: str, french: str) -> None:
        assert values("en", english) != values("fr", french)

    def test_a_price_that_only_one_language_has_changed(self, look: Look, project: Project) -> None:
        first, second = project.append(EN, "It costs €1,200."), project.append(FR, "Cela coûte 1 300 €.")
        findings = look("pairs")
        assert says(findings, EN, first, '"1,200" is not in the French page')
        assert says(findings, FR, second, '"1 300" is not in the English page')
        assert all(f.problem.severity == "warning" for f in findings)


def values(lang: str, text: str) -> set[str]:
    return {value for value, _ in pairs.values_of(Passage("x", 1, lang, text, text))}


class TestStatements:
    def test_a_statement_a_page_has_lost(self, look: Look, project: Project) -> None:
        project.edit("content/en/pages/goal-setting.md", '{: data-s="S19" }', "")
        (found,) = look("statements")
        assert found.problem.file.endswith("content/en/pages/goal-setting.md")
        assert "no longer says statement S19" in found.problem.message

    def test_a_statement_that_does_not_exist(self, look: Look, project: Project) -> None:
        line = project.append(EN, 'A sentence.\n{: data-s="S91" }') + 1
        (found,) = look("statements")
        assert (found.problem.line, 'no statement "S91"' in found.problem.message) == (line, True)


class TestImages:
    @pytest.mark.parametrize(
        ("name", "content", "message"),
        [
            ("My Desk.png", b"", "some servers will not find this name"),
            ("desk.png", b"not an image", "damaged"),
            ("desk.png", b"wide", "3000 pixels wide"),
            ("desk.svg", b"heavy", "weighs 400 kB"),
            ("desk.png", b"small", "no page shows this file"),
        ],
    )
    def test_an_image(self, look: Look, project: Project, name: str, content: bytes, message: str) -> None:
        made = {b"wide": png(3000), b"heavy": png(100) + b"\0" * 400_000, b"small": png(100), b"": png(100)}
        place = project.path(f"content/images/{name}")
        place.parent.mkdir(exist_ok=True)
        place.write_bytes(made.get(content, content))
        assert says(look("images"), f"images/{name}", None, message)

    def test_an_image_in_order(self, look: Look, project: Project) -> None:
        project.path("content/images").mkdir(exist_ok=True)
        project.path("content/images/desk.png").write_bytes(png(100) + b"\0" * 400_000)  # the build makes smaller ones
        project.append(EN, "![A desk]({static}../../images/desk.png)")
        project.append(FR, "![Un bureau]({static}../../images/desk.png)")
        assert told(look("images", "build")) == []


def test_a_template_that_says_more_than_the_catalog(look: Look, project: Project) -> None:
    path = project.path("theme/translations/fr/LC_MESSAGES/messages.po")
    text = path.read_text(encoding="utf-8")
    entry = next(part for part in text.split("\n\n") if 'msgid "Skip to content"' in part)
    path.write_text(text.replace(entry + "\n\n", ""), encoding="utf-8")
    (found,) = look("catalogs")
    assert "1 sentence of" in found.problem.message
    assert "invoke messages" in found.problem.remedy


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("A sentence.\n- a list\n", "a list needs an empty line"),
        ("##No space\n", "no space after the # signs"),
        ("See (this)[https://a.example].\n", "the wrong way round"),
        ("See https://a.example/ for more.\n", "stands bare"),
        ("A * starred * word.\n", "asterisks"),
        ("[Nowhere]()\n", "leads nowhere"),
        ("A\ttab.\n", "a tab stands in this line"),
        ("Table: What\n\n| a | b |\n|---|---|\n| 1 | 2 | 3 |\n", "not as many cells"),
    ],
)
def test_markdown_that_does_not_mean_what_was_meant(look: Look, project: Project, text: str, message: str) -> None:
    project.append(EN, text)
    assert any(message in said for _, said in told(look("markdown"), EN)), told(look("markdown"))


class TestSpelling:
    def test_a_draft_that_is_still_to_be_written_is_left_in_peace(self, look: Look, project: Project) -> None:
        new("page", "Écouter à deux", "fr", project.folder / "content")
        assert look("spelling", "typography") == []

    def test_each_language_has_its_own_dictionary(self, look: Look, project: Project) -> None:
        project.append(EN, "Une seence, organized.")
        project.append(FR, "Une seance, organisée. Evaluer. Zorglub.")
        findings = look("spelling")
        english, french = ({message for _, message in told(findings, file)} for file in (EN, FR))
        assert english == {f"“{word}” is in no dictionary" for word in ("Une", "seence", "organized")}
        assert french == {
            "“seance” has lost an accent",
            "“Evaluer” has lost an accent",
            "“Zorglub” is in no dictionary",
        }
        assert all(f.problem.severity == "warning" for f in findings)

    def test_a_foreign_phrase_is_read_in_its_own_language(self, look: Look, project: Project) -> None:
        project.append(FR, '<span lang="en">The weather is fine.</span>')
        line = project.append(FR, '<span lang="en">The wether is fien.</span>')
        assert {message for at, message in told(look("spelling"), FR)} == {
            "“wether” is in no dictionary",
            "“fien” is in no dictionary",
        }
        assert told(look("spelling"), FR)[0][0] == line

    def test_code_addresses_and_facts_are_not_read(self, look: Look, project: Project) -> None:
        project.append(EN, "`xyzzy` {{ email | mail_link }} [here](https://xyzzy.example/plugh) xyzzy@plugh.example")
        assert told(look("spelling"), EN) == []

    def test_the_practice_has_words_of_its_own(self, look: Look, project: Project) -> None:
        project.append(EN, "A coachee’s zorglub.")
        assert told(look("spelling"), EN)[0][1] == "“zorglub” is in no dictionary"
        project.edit("content/data/words.toml", "en = [", 'en = ["zorglub", ')
        assert told(look("spelling"), EN) == []

    def test_a_word_on_many_pages_is_looked_up_once(
        self, look: Look, project: Project, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """A tenth of a second each made a publish of 250 articles wait for a minute and a half (#14)."""
        asked: list[str] = []
        english = spelling.hunspell("en")

        class Dictionary:
            spell = staticmethod(english.spell)  # type: ignore[union-attr]

            @staticmethod
            def suggest(word: str) -> list[str]:
                asked.append(word)
                return ["one"]

        spelling.suggested.cache_clear()
        monkeypatch.setattr(spelling, "hunspell", lambda lang: Dictionary if lang == "en" else None)
        monkeypatch.setattr(spelling, "accepts", lambda lang, own: Dictionary.spell if lang == "en" else lambda _: True)
        for page in ("faq", "method", "glossary"):
            project.append(f"content/en/pages/{page}.md", "A zorglubb.")
        assert sum("“zorglubb”" in message for _, message in told(look("spelling"))) == 3
        assert asked.count("zorglubb") == 1
        spelling.suggested.cache_clear()

    def test_a_list_of_words_that_cannot_be_read(self, look: Look, project: Project) -> None:
        project.edit("content/data/words.toml", "en = [", "en = ")
        line = project.line("content/data/words.toml", "en = ")
        assert says(look("spelling"), "words.toml", line, "cannot be read")

    def test_without_hunspell_the_check_says_so(self, look: Look, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("tools.check.spelling.hunspell", lambda lang: None)
        (found,) = look("spelling")
        assert "not installed" in found.problem.message


@pytest.mark.parametrize(
    ("lang", "text", "words"),
    [
        ("fr", "A vérifier avant de partir.", "accent: A"),
        ("fr", "Ca ne va pas.", "cedilla: Ca"),
        ("fr", "Etape suivante", "accent: Etape"),
        ("fr", "Il a dit “bonjour”.", "English quotation marks"),
        ("fr", 'Il a dit "bonjour.', "no partner"),
        ("fr", 'Il a dit "bonjour" et "bonsoir.', "no partner"),
        ("fr", "Il a dit 'bonjour'.", "straight apostrophe"),
        ("fr", "Une hausse de 1.5 %.", "comma: 1.5"),
        ("fr", "La 1ère fois", "1ère"),
        ("fr", "Mr Martin", "Mr"),
        ("fr", "Le N° 5", "N°"),
        ("fr", "Le 24 Novembre", "small letter: Novembre"),
        ("fr", "Une oeuvre", "oeuvre"),
        ("fr", "Les coaché·es", "read aloud"),
        ("fr", "un(e) client(e)", "read aloud"),
        ("fr", "Le 24/11/2026", "24/11/2026"),
        ("fr", "Et ainsi de suite, etc…", "says twice"),
        ("fr", "Vous êtes invitée à répondre.", "“Vous êtes invitée” says whether a man or a woman is reading"),
        ("fr", "Si vous n’êtes pas encore prêt.", "man or a woman"),
        ("fr", "Vous n’en serez informés qu’à la fin.", "man or a woman"),
        ("fr", "Vous vous sentez seule ?", "man or a woman"),
        ("fr", "Êtes-vous sûr de vous ?", "man or a woman"),
        ("fr", "Ce qui vous a surpris, ce qui vous a aidée.", "“vous a surpris”"),
        ("fr", "Ce qui m’a surpris", "“m’a surpris”"),
        ("en", 'They said "hello".', "straight quotation mark"),
        ("en", "It isn't so.", "straight apostrophe: isn't"),
        ("en", "They said « hello ».", "French quotation marks"),
        ("en", "Really ?", "as French has it"),
        ("en", "Wait...", "three dots"),
        ("en", "By 50 %.", "as French has it"),
        ("en", "On 24/11/2026.", "24/11/2026"),
        ("en", "This -- that.", "not a dash"),
    ],
)
def test_typography_that_the_build_cannot_mend(lang: str, text: str, words: str) -> None:
    found = list(typography.broken([Passage("x.md", 3, lang, text, text)]))
    assert any(words in problem.message for problem in found), found
    assert {(problem.file, problem.line, problem.severity) for problem in found} == {("x.md", 3, "warning")}


@pytest.mark.parametrize(
    ("lang", "text"),
    [
        ("fr", "« Il a dit “bonjour”, puis rien. »"),
        ("fr", "Il a noté 7/10. Le 1er mars, la 2e fois : À vérifier… C’est l’œuvre."),
        ("fr", 'Il a dit "bonjour", puis "bonsoir" ; et "rien" du tout.'),
        ("fr", "« A ou B », « B et A » ; 1,5 % ; n° 5 ; M. Martin"),
        ("fr", "Une étude[^1], des livres, etc.[^2]"),
        ("fr", "Vous êtes libre. Vous êtes à l’aise, où en êtes-vous ? Vous serez d’accord. Vous êtes en congé."),
        ("fr", "Les RH vous ont proposé des noms ; on vous a donné une date. Vous vous êtes demandé pourquoi."),
        ("en", "A study.[^1]"),
        ("en", "They said “hello” – and it isn’t so: 50%, 3/10, 24 November 2026…"),
    ],
)
def test_typography_that_is_right(lang: str, text: str) -> None:
    assert list(typography.broken([Passage("x.md", 3, lang, text, text)])) == []


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ('Il a dit "bonjour,\nmonsieur", puis "bonsoir".', []),
        ('Il a dit "bonjour,\nmonsieur, puis bonsoir.', [0]),
        ('* Il a dit "bonjour.\n* Elle a dit bonsoir".', [0, 1]),
        ('Il a dit "bonjour.\n\nElle a dit bonsoir".', [0, 2]),
    ],
    ids=["a pair over two lines", "no pair", "two items", "two paragraphs"],
)
def test_straight_marks_that_the_build_makes_french_are_left_alone(
    look: Look, project: Project, text: str, lines: list[int]
) -> None:
    """What the check says is what the page shows (#14)."""
    first = project.append(FR, text)
    told_of = [line for line, message in told(look("typography"), FR) if "no partner" in message]
    assert told_of == [first + line for line in lines]
    assert project.build().ok
    page = project.output.joinpath("fr/faq/index.html").read_text(encoding="utf-8")
    said = BeautifulSoup(page, "html.parser").select_one(".prose").get_text()  # type: ignore[union-attr]
    assert ('"' in said) == bool(lines)


def test_pages_are_read_whatever_git_ignores_around_the_project(look: Look, project: Project) -> None:
    """A home that is kept with git may ignore all that it does not name (#14)."""
    line = project.append(EN, "##No space")
    subprocess.run(["git", "init", "--quiet", project.folder], check=True)
    try:
        (project.folder / ".gitignore").write_text("*\n", encoding="utf-8")
        assert says(look("markdown"), EN, line, "no space after the # signs")
    finally:
        (project.folder / ".gitignore").unlink()
        shutil.rmtree(project.folder / ".git")


def test_a_mark_after_the_full_stop_is_told_on_its_line(look: Look, project: Project) -> None:
    line = project.append(FR, "Une étude.[^1]\n\n[^1]: Une source.")
    assert says(look("typography"), FR, line, "French has it before")


class TestTypedFacts:
    def test_the_old_name_is_found_wherever_it_is_typed(self, look: Look, project: Project) -> None:
        """In a title, which holds no facts, and in a text; not where it is a part of the new name (#14)."""
        project.edit("practice.toml", 'trade_name = "Human Trajectory Makers"', 'trade_name = "L’Atelier Human"')
        description = (
            "A sentence by Human Trajectory Makers that says what the reader finds on the page, and at length."
        )
        old = project.path(EN).read_text(encoding="utf-8").split("description: ")[1].split("\n")[0]
        project.edit(EN, old, description)
        line = project.append(EN, "Ask L'Atelier Human.")
        found = told(look("facts"), EN)
        said = "“Human Trajectory Makers” stands here, and trade_name is now “L’Atelier Human”"
        assert (project.line(EN, "description: "), said) in found
        assert line not in [number for number, _ in found]
        assert {finding.problem.severity for finding in look("facts")} == {"warning"}
        assert "content/fr/pages/about.md" in {f.problem.file.split("project0/")[-1] for f in look("facts")}

    def test_a_longer_name_holds_no_old_one(self, look: Look, project: Project) -> None:
        for file in [
            *project.path("content").rglob("*.md"),
            *project.path("content/data").glob("*.toml"),
            project.facts,
        ]:
            text = file.read_text(encoding="utf-8")
            file.write_text(text.replace("Trajectory Makers", "Trajectory Makers Lyon"), encoding="utf-8")
        assert look("facts") == []

    def test_git_remembers_what_a_fact_was(self, look: Look, project: Project) -> None:
        def git(*arguments: str) -> None:
            command = ["git", "-c", "user.name=Test", "-c", "user.email=test@example.org", *arguments]
            subprocess.run(command, cwd=project.folder, check=True, capture_output=True)

        try:
            git("init")
            git("add", "practice.toml")
            git("commit", "-m", "one")
            project.edit("practice.toml", "bonjour@trajectoires.example", "salut@trajectoires.example")
            line = project.append(EN, "Write to bonjour@trajectoires.example.")
            said = "“bonjour@trajectoires.example” stands here, and email is now “salut@trajectoires.example”"
            assert told(look("facts")) == [(line, said)]
        finally:
            shutil.rmtree(project.folder / ".git")

    @pytest.mark.parametrize(
        ("text", "form"),
        [
            ("Write to bonjour@trajectoires.example.", "{{ email | mail_link }}"),
            ("[Write](mailto:bonjour@trajectoires.example).", "{{ email | mail_link }}"),
            ("[Read](https://trajectoires.example/en/faq/).", "by its file"),
        ],
    )
    def test_an_address_in_the_place_of_its_fact(self, look: Look, project: Project, text: str, form: str) -> None:
        line = project.append(EN, text)
        (found,) = look("facts")
        assert (found.problem.line, form in found.problem.remedy) == (line, True)

    def test_what_is_no_fact_is_left_alone(self, look: Look, project: Project) -> None:
        project.append(
            EN, "{{ email | mail_link }} pas-bonjour@trajectoires.example.org https://trajectoires.example.org"
        )
        project.edit("practice.toml", 'trade_name = "Human Trajectory Makers"', 'trade_name = ""')
        assert look("facts") == []


class TestExpiry:
    def test_credentials_that_run_out(self, look: Look, project: Project) -> None:
        text = project.facts.read_text(encoding="utf-8")
        evidence = 'evidence_url = "https://registre.example/dominique-imaginaire"'
        assert evidence in text
        for day, words in (("2020-01-01", "ran out on 2020-01-01"), ("2126-01-01", "")):
            given = text.replace(evidence, f"{evidence}\nvalid_until = {day}")
            project.facts.write_text(given, encoding="utf-8")
            found = told(look("expiry"), "practice.toml")
            assert (words in found[0][1]) if words else found == []

    @pytest.mark.parametrize(
        ("expires", "severity"), [("2020-01-01", "error"), ("2026-12-01", "warning"), ("2027-11-01", None)]
    )
    def test_security_txt(self, tmp_path: Path, expires: str, severity: str | None) -> None:
        import datetime

        (tmp_path / ".well-known").mkdir()
        (tmp_path / ".well-known" / "security.txt").write_text(f"Expires: {expires}T00:00:00Z\n", encoding="utf-8")
        found = list(expiry.security_txt(tmp_path, datetime.date(2026, 11, 24)))
        assert [problem.severity for problem in found] == ([severity] if severity else [])

    def test_nothing_published_yet(self, tmp_path: Path) -> None:
        import datetime

        assert list(expiry.security_txt(tmp_path, datetime.date(2026, 11, 24))) == []


class Elsewhere(BaseHTTPRequestHandler):
    """Another site: /good answers, /shy does not like HEAD, /gone is gone."""

    def do_HEAD(self) -> None:
        self.send_response({"/good": 200, "/shy": 405, "/private": 403}.get(self.path, 404))
        self.end_headers()

    def do_GET(self) -> None:
        self.send_response({"/shy": 200}.get(self.path, 404))
        self.end_headers()

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
        pass


@pytest.fixture
def elsewhere() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Elsewhere)
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def test_links_to_other_sites(elsewhere: str) -> None:
    assert [links.wrong_with(f"{elsewhere}/{page}") for page in ("good", "shy", "private", "gone")] == [
        "",
        "",
        "",
        "HTTP 404",
    ]
    assert links.wrong_with("http://127.0.0.1:9/") != ""


def test_other_sites_are_asked_only_on_request(look: Look, project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    monkeypatch.setattr(links, "wrong_with", lambda address: asked.append(address) or "gone")
    line = project.append(EN, "[There](https://there.example/page).")
    look()
    assert asked == []
    findings = look("links", external=True)
    assert says(findings, EN, line, "https://there.example/page does not answer: gone")


def test_a_page_is_read_without_its_markup(tmp_path: Path) -> None:
    page = tmp_path / "x.md"
    page.write_text(
        "---\ntitle: A title\nslug: a-slug\naction: {page: faq, text: Read on}\n---\n"
        'See **[the words]({filename}faq.md)**.\n{: data-s="S10" }\n\n```\ncode\n```\n'
        '!!! rule "A title"\n\n    Text with `code`, <span lang="fr">des mots</span>.\n\n'
        "A word[^12].\n\n[^12]: A source.\n",
        encoding="utf-8",
    )
    read = [(p.line, p.lang, p.text.replace("\u2063", "").strip(), p.place) for p in of_markdown(page, "en")]
    assert read == [
        (2, "en", "A title", "title"),
        (4, "en", "Read on", "action"),
        (6, "en", "See the words.", "body"),
        (7, "en", "", "body"),
        (12, "en", "A title", "body"),
        (14, "en", "Text with , .", "body"),
        (14, "fr", "des mots", "foreign"),
        (16, "en", "A word.", "body"),
        (18, "en", "A source.", "body"),
    ]


FOUND = [
    Finding("build", Problem("a.md", 3, "wrong", "Mend it.")),
    Finding("spelling", Problem("b.md", None, "odd", "Look.", "warning")),
]


def test_findings_for_a_person() -> None:
    assert as_text(FOUND, "en").splitlines() == [
        "To mend:",
        "a.md:3: wrong",
        "    What to do: Mend it.",
        "To look at:",
        "b.md: odd",
        "    What to do: Look.",
        "1 to mend, 1 to look at.",
    ]
    assert as_text([], "fr") == "À corriger\u00a0: 0\u202f; à regarder\u00a0: 0."
    assert [failed(FOUND), failed(FOUND[1:])] == [True, False]


def test_findings_for_a_program() -> None:
    first, second = json.loads(as_json(FOUND, "en"))
    assert first == {
        "check": "build", "severity": "error", "file": "a.md", "line": 3, "message": "wrong", "remedy": "Mend it.",
    }  # fmt: skip
    assert second["line"] is None


@pytest.mark.parametrize("lang", ["en", "fr"])
def test_the_command(root: Path, lang: str) -> None:
    command = [sys.executable, "-m", "invoke", "check", "--json", "--lang", lang]
    done = subprocess.run(command, cwd=root, capture_output=True, text=True, encoding="utf-8", check=False)
    findings = json.loads(done.stdout)
    assert done.returncode == (1 if any(item["severity"] == "error" for item in findings) else 0), done.stderr
    assert {item["check"] for item in findings} <= CHECKS.keys()
    facts = next(item for item in findings if item["check"] == "build")
    assert ("informations manquent" if lang == "fr" else "facts are unknown") in facts["message"]
