"""Whatever changed, and in whatever order: a build that remembers makes the very bytes of one that knows nothing."""

from __future__ import annotations

import datetime
import importlib.metadata
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pelican import signals
from pelican.writers import Writer

from plugins.documents import build as documents
from plugins.problems import Problem
from plugins.reader import cache
from plugins.reader.cache import Parsed
from plugins.writing.writer import PageWriter
from tests.tools.copied_site import Project, files_in, stand_in, told
from tools.build import Built, build
from tools.preview.content_cache import ContentCache
from tools.preview.viewer import Browsers

DAY = datetime.datetime(2026, 11, 24, tzinfo=datetime.UTC)
CATALOG = "theme/translations/fr/LC_MESSAGES/messages.po"
ARTICLES = ["ending-well", "three-chairs", "between-two-sessions"]
PAGES = ["faq", "for-hr", "method"]


@dataclass
class Bench:
    """The project, built three ways: from the caches, as the preview does, and cold."""

    project: Project
    cache: ContentCache = field(default_factory=ContentCache)
    documents: dict[Any, Any] = field(default_factory=dict)

    def settings(self, folder: str, **overrides: Any) -> dict[str, Any]:
        cache = self.project.folder / "cache" / folder
        sources = {"PATH": str(self.project.path("content")), "THEME": str(self.project.path("theme"))}
        return sources | {"cache": cache, "date": DAY} | overrides

    def warm(self, **overrides: Any) -> Built:
        return build(self.output("warm"), False, self.project.facts, self.settings("warm", **overrides))

    def preview(self) -> Built:
        """A build of the preview, which keeps its pages in memory."""
        viewer = Browsers(frozenset(), set, None, lambda: False, self.documents)
        given = self.settings("preview", parsed=self.cache.parsed, viewer=viewer)
        with signals.generator_init.connected_to(self.cache.attach):
            built = build(self.output("preview"), False, self.project.facts, given)
        if built.build:
            self.documents = built.build.documents
        return built

    def cold(self, **overrides: Any) -> Built:
        """One that finds nothing."""
        folder = self.project.folder / "cache"
        shutil.rmtree(folder / "cold", ignore_errors=True)
        shutil.rmtree(self.output("cold"), ignore_errors=True)
        return build(self.output("cold"), False, self.project.facts, self.settings("cold", **overrides))

    def output(self, name: str) -> Path:
        return self.project.folder / "cache" / "output" / name

    def assert_the_same(self, *builds: Built) -> None:
        """The output of each is that of a cold build, byte for byte, and all say the same."""
        cold = self.cold()
        theirs = files_in(self.output("cold"))
        for built in builds:
            assert told(built) == told(cold)
            assert built.output, told(built)
            ours = files_in(built.output)
            assert sorted(ours) == sorted(theirs)
            assert [place for place in ours if ours[place] != theirs[place]] == []


@pytest.fixture(scope="module")
def bench(built_project: Project) -> Iterator[Bench]:
    """PDFs are stand-ins, kept and found as others are: that they are drawn the same is shown elsewhere."""
    built_project.reset()
    made = Bench(built_project)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(documents, "render", stand_in)
        assert made.warm().ok
        assert made.preview().ok
        yield made
    shutil.rmtree(built_project.folder / "cache" / "output", ignore_errors=True)
    built_project.reset()


# What may happen to a site: each leaves it in order, and does nothing where it does not apply (any more).


def write_on(project: Project, lang: str, number: int) -> None:
    kind, keys = ("articles", ARTICLES) if number % 2 else ("pages", PAGES)
    project.append(f"content/{lang}/{kind}/{keys[number % 3]}.md", f"Sentence {number}, with *signs*: 50 % & “words”.")


def retitle(project: Project, lang: str, number: int) -> None:
    replace(project, f"content/{lang}/articles/{ARTICLES[number % 3]}.md", "title: ", f"title: Nr {number} ")


def redate(project: Project, lang: str, number: int) -> None:
    for each in ("en", "fr"):
        place = f"content/{each}/articles/{ARTICLES[number % 3]}.md"
        replace(project, place, "\ndate: 2026-11-24", f"\ndate: 2026-11-{1 + number % 20:02}")


def move(project: Project, lang: str, number: int) -> None:
    replace(project, f"content/{lang}/pages/{PAGES[number % 3]}.md", "\nslug: ", f"\nslug: n{number}-")


def add(project: Project, lang: str, number: int) -> None:
    """An article in both languages, in any case after this."""
    for each in ("en", "fr"):
        text = project.path(f"content/{each}/articles/ending-well.md").read_text(encoding="utf-8")
        place = project.path(f"content/{each}/articles/new-{number % 3}.md")
        place.write_text(text.replace("\nslug: ", f"\nslug: new-{number % 3}-", 1), encoding="utf-8")


def remove(project: Project, lang: str, number: int) -> None:
    for each in ("en", "fr"):
        project.path(f"content/{each}/articles/new-{number % 3}.md").unlink(missing_ok=True)


def withdraw(project: Project, lang: str, number: int) -> None:
    """A translation that is still to come."""
    if (place := project.path(f"content/{lang}/articles/new-{number % 3}.md")).exists():
        other = place.parents[2] / ("fr" if lang == "en" else "en") / "articles" / place.name
        place.unlink()
        if other.exists():
            replace(project, str(other.relative_to(project.folder)), "\nslug: ", "\ntranslation: pending\nslug: ")


def draft(project: Project, lang: str, number: int) -> None:
    for each in ("en", "fr"):
        replace(project, f"content/{each}/articles/new-{number % 3}.md", "\nslug: ", "\nstatus: draft\nslug: ")


def template(project: Project, lang: str, number: int) -> None:
    replace(project, "theme/templates/partials/breadcrumbs.html", "<ol>", f'<ol data-n="{number}">')


def style(project: Project, lang: str, number: int) -> None:
    project.append("theme/static/css/base.css", f"p {{ orphans: {number + 2}; }}")


def word(project: Project, lang: str, number: int) -> None:
    replace(project, CATALOG, 'msgstr "Menu"', f'msgstr "Menu {number}"')


def fact(project: Project, lang: str, number: int) -> None:
    replace(project, "practice.toml", "Hébergeur Imaginaire", f"Hébergeur {number}")


def menu(project: Project, lang: str, number: int) -> None:
    place = project.path("content/data/navigation.toml")
    place.write_text(place.read_text(encoding="utf-8").replace('"faq"', '"glossary"', 1), encoding="utf-8")


def replace(project: Project, place: str, old: str, new: str) -> None:
    """Once, where it applies."""
    path = project.path(place)
    if path.exists() and old in (text := path.read_text(encoding="utf-8")) and "\ntranslation:" not in text + new:
        path.write_text(text.replace(old, new, 1), encoding="utf-8")
    elif path.exists() and "pending" in new:
        path.unlink()


CHANGES = [write_on, retitle, redate, move, add, remove, withdraw, draft, template, style, word, fact, menu]
steps = st.lists(
    st.tuples(st.sampled_from(CHANGES), st.sampled_from(["en", "fr"]), st.integers(0, 9)), min_size=1, max_size=5
)


@pytest.mark.long
@given(rounds=st.lists(steps, min_size=1, max_size=2))
@settings(max_examples=4, deadline=None, suppress_health_check=list(HealthCheck), database=None)
def test_any_changes_in_any_order_make_the_site_of_a_cold_build(bench: Bench, rounds: list[Any]) -> None:
    bench.project.reset()
    for changes in rounds:
        for change, lang, number in changes:
            change(bench.project, lang, number)
        bench.assert_the_same(bench.warm(), bench.preview())


def edits(place: str, old: str, new: str) -> Callable[[Project], None]:
    return lambda project: project.edit(place, old, new)


INPUTS: dict[str, Callable[[Project], Any]] = {
    "a page": edits("content/en/pages/faq.md", "title: ", "title: Other "),
    "a section of a document": edits("content/en/documents/guide-contact.md", "title: ", "title: Other "),
    "a fact": edits("practice.toml", "Hébergeur Imaginaire", "Autre Hébergeur"),
    "a menu": edits("content/data/navigation.toml", '"faq"', '"glossary"'),
    "a template": edits("theme/templates/partials/site-footer.html", "<ul>", '<ul data-new="">'),
    "a style sheet": edits("theme/static/css/base.css", "}", "}\np { orphans: 3; }"),
    "a script": lambda project: project.append("theme/static/js/worksheet.js", "void 1;"),
    "a word": edits(CATALOG, 'msgstr "Menu"', 'msgstr "Sommaire"'),
    "a word of documents": edits("theme/documents/words.toml", "Version", "Edition"),
}


@pytest.mark.long
def test_a_change_of_any_input_reaches_the_output(bench: Bench) -> None:
    """One after the other, each in a site that has the changes before."""
    bench.project.reset()
    assert bench.warm().ok
    assert bench.preview().ok
    for name, change in INPUTS.items():
        before = files_in(bench.output("warm"))
        change(bench.project)
        built = bench.warm()
        assert files_in(bench.output("warm")) != before, name
        bench.assert_the_same(built, bench.preview())


def test_a_changed_setting_reaches_what_is_cached(bench: Bench) -> None:
    bench.project.reset()
    assert bench.warm().ok
    later = DAY.replace(year=2031)
    assert bench.warm(date=later).ok
    warm = files_in(bench.output("warm"))
    assert bench.cold(date=later).ok
    assert warm == files_in(bench.output("cold"))
    assert "–2031 " in warm["en/index.html"].decode()


def test_another_version_of_a_library_reads_every_source_again(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    bench.project.reset()
    assert bench.warm().ok
    read: list[str] = []
    put = Parsed.put
    monkeypatch.setattr(Parsed, "put", lambda self, path, *rest: (read.append(path), put(self, path, *rest)))
    assert bench.warm().ok
    assert read == []
    version = importlib.metadata.version
    monkeypatch.setattr(cache, "version", lambda name: version(name) + (".1" if name == "markdown" else ""))
    cache.versions.cache_clear()  # as in another process
    assert bench.warm().ok
    cache.versions.cache_clear()
    assert len(read) > len(list(bench.project.path("content").glob("*/pages/*.md")))


@pytest.fixture
def rendered(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of what is rendered meanwhile."""
    names: list[str] = []
    write_file = Writer.write_file

    def noting(self: PageWriter, name: str, *args: Any, **kwargs: Any) -> None:
        names.append(name)
        write_file(self, name, *args, **kwargs)

    monkeypatch.setattr(Writer, "write_file", noting)
    return names


def test_only_the_edited_page_is_rendered_again(bench: Bench, rendered: list[str]) -> None:
    bench.project.reset()
    assert bench.warm().ok
    rendered.clear()
    assert bench.warm().ok
    assert rendered == []
    write_on(bench.project, "en", 0)
    built = bench.warm()
    assert [name for name in rendered if name.endswith("/index.html")] == ["en/faq/index.html"]
    bench.assert_the_same(built)


def test_a_new_title_is_rendered_wherever_it_shows(bench: Bench, rendered: list[str]) -> None:
    bench.project.reset()
    assert bench.warm().ok
    rendered.clear()
    bench.project.edit("content/en/pages/faq.md", "title: ", "title: Other ")
    built = bench.warm()
    assert len(rendered) > 50  # any may show it
    bench.assert_the_same(built)


def test_an_output_that_was_tampered_with_is_set_right(bench: Bench) -> None:
    bench.project.reset()
    assert bench.warm().ok
    page, other = bench.output("warm") / "en/faq/index.html", bench.output("warm") / "fr/contact/index.html"
    page.write_text("<p>typed over</p>", encoding="utf-8")
    other.unlink()
    bench.assert_the_same(bench.warm())


def test_what_is_wrong_with_a_page_is_told_by_each_build(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    bench.project.reset()
    write_file = Writer.write_file

    def warning(self: PageWriter, name: str, *args: Any, **kwargs: Any) -> None:
        if name == "en/faq/index.html":
            self.build.report(Problem("content/en/pages/faq.md", None, "odd", "look", "warning"))
        write_file(self, name, *args, **kwargs)

    monkeypatch.setattr(Writer, "write_file", warning)
    write_on(bench.project, "en", 0)  # so that it is rendered
    assert [problem.message for problem in bench.warm().problems].count("odd") == 1
    assert [problem.message for problem in bench.warm().problems].count("odd") == 1


def test_a_record_of_rendered_pages_that_was_cut_short_is_none(bench: Bench, rendered: list[str]) -> None:
    bench.project.reset()
    assert bench.warm().ok
    for record in bench.project.folder.glob("cache/warm/pages/rendered.*"):
        record.write_bytes(record.read_bytes()[:1000])
    rendered.clear()
    bench.assert_the_same(bench.warm())
    assert len(rendered) > 50


def test_what_did_not_change_keeps_its_time_of_change(bench: Bench) -> None:
    bench.project.reset()
    assert bench.warm().ok
    faq, other = bench.output("warm") / "en/faq/index.html", bench.output("warm") / "fr/contact/index.html"
    before = faq.stat().st_mtime_ns, other.stat().st_mtime_ns
    write_on(bench.project, "en", 0)
    assert bench.warm().ok
    assert other.stat().st_mtime_ns == before[1]
    assert faq.stat().st_mtime_ns > before[0]
