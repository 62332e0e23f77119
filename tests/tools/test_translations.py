"""`invoke translations` and `invoke translated`: what is behind, what changed, and the stamp that says it is not."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from plugins.i18n.alignment import Pair, pairs, version_of
from plugins.problems import ContentError
from tests.tools.copied_site import undrawn
from tools import translations
from tools.build import build
from tools.translations import before, chosen, overview, record, stamp, stamped, state_of, table, what_changed

EN = "---\ntitle: Questions\nslug: faq\nmodified: 2026-11-20\n---\nThe first answer.\n\nThe second answer.\n"
FR = "---\ntitle: Questions\nslug: faq\nmodified: 2026-11-21\n---\nLa première réponse.\n\nLa seconde réponse.\n"


@pytest.fixture
def content(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A content folder with one page in both languages, which the commands take for the site's."""
    folder = tmp_path / "content"
    for lang, text in (("en", EN), ("fr", FR)):
        place = folder / lang / "pages" / "faq.md"
        place.parent.mkdir(parents=True)
        place.write_bytes(text.encode())
    for function in (table, chosen):
        monkeypatch.setattr(function, "__defaults__", tuple(folder for _ in function.__defaults__ or ()))
    return folder


def page(content: Path, lang: str) -> Path:
    return content / lang / "pages" / "faq.md"


def pair(content: Path) -> Pair:
    (found,) = pairs(content, ("en", "fr"))
    return found


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_bytes().decode()
    assert old in text
    path.write_bytes(text.replace(old, new).encode())


def test_a_version_is_what_a_page_says_and_nothing_else() -> None:
    same = [
        EN.replace("\n", "\r\n"),
        "\ufeff" + EN,
        EN.replace("slug: faq", "slug: questions"),
        EN.replace("modified: 2026-11-20", "modified: 2026-12-01"),
        EN.replace("slug: faq\n", "slug: faq\nstatus: draft\naligned: 1a2b3c4d\ntranslation: pending\n"),
        EN.replace("slug: faq\n", "slug: faq\naliases:\n  - /en/old/\n- /en/older/\n"),
        EN.replace("first answer.", "first answer.  ") + "\n\n",
    ]
    assert {version_of(text) for text in same} == {version_of(EN)}
    assert version_of(EN.replace("first", "best")) != version_of(EN)
    assert version_of(EN.replace("title: Questions", "title: Answers")) != version_of(EN)
    assert version_of(EN.replace("title: Questions", "title: Questions\n  and answers")) != version_of(EN)
    assert len(version_of(EN)) == 8


def test_the_states_of_a_pair(content: Path) -> None:
    assert (pair(content).state, state_of(pair(content))) == ("stale", "stale")
    assert stamp(pair(content))
    assert pair(content).state == "paired"
    assert not stamp(pair(content))  # a second time changes nothing
    edit(page(content, "en"), "first answer", "best answer")
    assert (pair(content).state, pair(content).behind(), state_of(pair(content))) == ("stale", ["fr"], "stale: French")
    edit(page(content, "fr"), "slug: faq", "slug: faq\ntranslation: pending")
    assert pair(content).state == "pending"
    page(content, "fr").unlink()
    assert pair(content).state == "missing"
    edit(page(content, "en"), "slug: faq", "slug: faq\nunpaired: only for English readers")
    assert pair(content).state == "unpaired"


def test_a_date_or_an_address_makes_nothing_stale(content: Path) -> None:
    stamp(pair(content))
    edit(page(content, "en"), "modified: 2026-11-20", "modified: 2026-12-24")
    edit(page(content, "fr"), "slug: faq", "slug: questions")
    assert pair(content).state == "paired"


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_a_stamp_is_one_line_and_leaves_the_rest_alone(end: str) -> None:
    text = EN.replace("\n", end)
    once = stamped(text, "1a2b3c4d")
    assert once == text.replace(f"2026-11-20{end}---", f"2026-11-20{end}aligned: 1a2b3c4d{end}---")
    assert stamped(once, "0f0f0f0f") == once.replace("1a2b3c4d", "0f0f0f0f")
    pending = text.replace(f"slug: faq{end}", f"slug: faq{end}translation: pending{end}")
    assert stamped(pending, "1a2b3c4d") == once


@pytest.mark.parametrize("version", ["12345678", "01234567", "0b101010", "1e123456", "00000000"])
def test_a_stamp_is_read_as_the_text_it_is(version: str) -> None:
    import yaml

    assert yaml.safe_load(stamped(EN, version).split("---")[1])["aligned"] == version


def test_the_table_and_what_to_do_next(content: Path) -> None:
    assert overview("", "en").splitlines() == [
        "page       in English  in French   state",
        "pages/faq  2026-11-20  2026-11-21  stale",
        "",
        "“invoke translations --page faq” shows what has changed since.",
    ]
    assert record("faq", "en") == "faq: both languages are recorded as saying the same."
    assert overview("", "fr").splitlines()[1].endswith("à jour")
    assert record("all", "fr") == "faq\u00a0: rien n’avait changé."


@pytest.mark.parametrize("name", ["faq", "pages/faq", "content/fr/pages/faq.md", "content\\fr\\pages\\faq.md"])
def test_a_page_is_named_in_any_of_these_ways(content: Path, name: str) -> None:
    assert [found.key for found in chosen(name)] == ["faq"]


@pytest.mark.parametrize(
    ("name", "says"), [("fqa", 'Did you mean "faq"?'), ("articles/faq", "no page"), ("", "no page")]
)
def test_a_page_that_does_not_exist(content: Path, name: str, says: str) -> None:
    with pytest.raises(ContentError) as error:
        chosen(name)
    (problem,) = error.value.args[0]
    assert says in problem.message
    assert "invoke translations" in problem.remedy


def test_a_page_without_its_pair_cannot_be_stamped(content: Path) -> None:
    page(content, "fr").unlink()
    with pytest.raises(ContentError) as error:
        stamp(pair(content))
    (problem,) = error.value.args[0]
    assert "no French version" in problem.message
    assert "content/fr/pages/faq.md" in problem.remedy


def test_a_page_without_front_matter_cannot_be_stamped(content: Path) -> None:
    page(content, "fr").write_text("---\nJust text.\n", encoding="utf-8")
    with pytest.raises(ContentError) as error:
        stamp(pair(content))
    assert error.value.args[0][0].file.endswith("content/fr/pages/faq.md")


class TestWhatChanged:
    def test_without_a_stamp(self, content: Path) -> None:
        assert all("nobody has recorded" in line for line in what_changed(pair(content), before))

    def test_without_git(self, content: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        stamp(pair(content))
        edit(page(content, "en"), "first answer", "best answer")
        monkeypatch.setattr(translations, "_git", lambda folder, *arguments: None)
        (line,) = what_changed(pair(content), before)
        assert "is not in the history of the site" in line

    def test_from_the_history(self, content: Path) -> None:
        stamp(pair(content))
        for command in (["init", "-q"], ["add", "."], ["commit", "-qm", "Both agree"]):
            git(content, *command)
        edit(page(content, "en"), "first answer", "best answer")
        git(content, "commit", "-qam", "A better answer")
        edit(page(content, "en"), "The second answer.", "The second answer.\n\nA third one.")
        lines = list(what_changed(pair(content), before))
        assert lines[0].endswith("content/en/pages/faq.md: changed since the French version was read against it:")
        assert lines[1:] == [
            "    line 7 - The first answer.",
            "    line 7 + The best answer.",
            "    line 11 + A third one.",
        ]
        assert "ligne 7 - The first answer." in overview("faq", "fr")
        assert overview("faq", "fr").splitlines()[1].endswith("à revoir\u00a0: version française")


def git(folder: Path, *arguments: str) -> None:
    identity = ["-c", "user.name=Test", "-c", "user.email=test@test.example", "-c", "commit.gpgsign=false"]
    subprocess.run(["git", *identity, *arguments], cwd=folder, check=True, capture_output=True)


class TestPublishing:
    """On the real site: a published build refuses what is behind, unless somebody has said that it may wait."""

    @pytest.fixture
    def site(self, root: Path, tmp_path: Path) -> Path:
        shutil.copytree(root / "content", tmp_path / "content")
        for found in chosen("all", tmp_path / "content"):
            stamp(found)
        return tmp_path

    def published(self, site: Path, fictitious: Path) -> list[str]:
        with undrawn():
            built = build(site / "output", True, fictitious, {"PATH": str(site / "content")})
        return [str(problem) for problem in built.problems if problem.severity == "error"]

    def test_a_stale_page(self, site: Path, fictitious: Path) -> None:
        assert self.published(site, fictitious) == []
        section = site / "content/fr/documents/guide-summary.md"
        for path in (site / "content/en/pages/faq.md", section):
            path.write_text(path.read_text(encoding="utf-8") + "\n2026.\n", encoding="utf-8")
        problems = self.published(site, fictitious)
        assert len(problems) == 2
        assert "content/en/documents/guide-summary.md:" in problems[0]
        assert "content/fr/pages/faq.md:" in problems[1]
        for path in (site / "content/fr/pages/faq.md", section):
            edit(path, "\naligned:", "\ntranslation: pending\naligned:")
        assert self.published(site, fictitious) == []

    def test_a_page_nobody_has_aligned(self, site: Path, fictitious: Path) -> None:
        path = site / "content/en/pages/faq.md"
        lines = [line for line in path.read_text(encoding="utf-8").splitlines() if not line.startswith("aligned:")]
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
        (problem,) = self.published(site, fictitious)
        assert "nobody has said that this English version and the French one agree" in problem

    def test_a_page_that_waits_for_its_translation(self, site: Path, fictitious: Path) -> None:
        twin = site / "content/fr/articles/three-chairs.md"
        twin.unlink()
        assert any("no French version" in problem for problem in self.published(site, fictitious))
        for path in site.rglob("content/fr/**/*.md"):
            path.write_text(
                path.read_text(encoding="utf-8").replace("three-chairs.md", "ending-well.md"), encoding="utf-8"
            )
        edit(site / "content/en/articles/three-chairs.md", "\naligned:", "\ntranslation: pending\naligned:")
        assert not any(
            "three-chairs" in problem and "version" in problem for problem in self.published(site, fictitious)
        )


def test_a_page_in_another_encoding_is_not_written(content: Path) -> None:
    """Read as it can be read, and written, it would have lost its accents."""
    other = page(content, "fr")
    other.write_bytes(other.read_bytes() + "Élan\n".encode("latin-1"))
    before = {path: path.read_bytes() for path in content.rglob("*.md")}
    with pytest.raises(ContentError, match="not saved as UTF-8"):
        stamp(pair(content))
    assert {path: path.read_bytes() for path in content.rglob("*.md")} == before


def test_what_was_saved_meanwhile_is_not_replaced(content: Path) -> None:
    read = pair(content)
    page(content, "fr").write_text("saved by an editor", encoding="utf-8")
    with pytest.raises(ContentError, match="saved just now"):
        stamp(read)
    assert page(content, "fr").read_text(encoding="utf-8") == "saved by an editor"


def test_both_versions_are_stamped_or_none(content: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = {path: path.read_bytes() for path in content.rglob("*") if path.is_file()}
    replace = Path.replace

    def full(self: Path, target: Path) -> Path:
        if Path(target).parent.parent.name == "fr":
            raise OSError(28, "No space left on device")
        return replace(self, target)

    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(ContentError, match="the disk of this machine is full"):
        stamp(pair(content))
    assert {path: path.read_bytes() for path in content.rglob("*") if path.is_file()} == before
