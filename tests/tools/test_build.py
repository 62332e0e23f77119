"""What can go wrong in a site's sources: it is told in plain words and leaves the last good output alone."""

from __future__ import annotations

import datetime
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from html import unescape
from pathlib import Path
from xml.etree import ElementTree

import feedparser
import pytest
from bs4 import BeautifulSoup

from plugins.build import LANGUAGES, Language
from plugins.folders import MARK, finish, own
from plugins.practice.requirements import REQUIREMENTS
from plugins.problems import Problem
from plugins.social_pictures import words_of
from tests.tools.copied_site import Project, errors, files_in, told, undrawn
from tests.tools.pictures import png
from tools.build import Built
from tools.check import check

FAQ, FAQ_FR, METHOD = "content/en/pages/faq.md", "content/fr/pages/faq.md", "content/en/pages/method.md"
CATALOG = "theme/translations/fr/LC_MESSAGES/messages.po"
DISK_FULL = (
    "the build: the disk of this machine is full\n"
    "    What to do: Look at the disk: is there room left, and may this folder be written to?"
)
Breakage = Callable[[Project], tuple[str, int | None]]  # breaks something; returns the file and the line to be told


def is_told(problems: list[Problem], file: str, line: int | None, says: str, remedy: str) -> bool:
    return any(
        problem.file.endswith(file) and problem.line == line and says in problem.message and remedy in problem.remedy
        for problem in problems
    )


def remove_page(project: Project) -> tuple[str, int | None]:
    project.path(FAQ_FR).unlink()
    return FAQ, None


def blank_translation(project: Project) -> tuple[str, int | None]:
    line = project.line(CATALOG, 'msgid "Skip to content"')
    project.edit(CATALOG, 'msgstr "Aller au contenu"', 'msgstr ""')
    return CATALOG, line


def break_link(project: Project) -> tuple[str, int | None]:
    return FAQ_FR, project.append(FAQ_FR, "Voir [la méthode]({filename}metod.md).")


def break_fragment(project: Project) -> tuple[str, int | None]:
    return FAQ_FR, project.append(FAQ_FR, "Voir [les rôles]({filename}method.md#rolse).")


def break_own_fragment(project: Project) -> tuple[str, int | None]:
    return FAQ, project.append(FAQ, "See [above](#nowhere-at-all).")


def break_yaml(project: Project) -> tuple[str, int | None]:
    project.edit(FAQ, "title: ", "title: Questions: ")
    return FAQ, 2


def save_as_latin_1(project: Project) -> tuple[str, int | None]:
    path = project.path(FAQ_FR)
    text = path.read_text(encoding="utf-8")
    line = next(number for number, row in enumerate(text.splitlines(), start=1) if not row.isascii())
    path.write_bytes(text.encode("latin-1", errors="replace"))
    return FAQ_FR, line


def reuse_slug(project: Project) -> tuple[str, int | None]:
    project.edit("content/en/pages/glossary.md", "slug: glossary", "slug: faq")
    return "content/en/pages/glossary.md", project.line("content/en/pages/glossary.md", "slug: faq")


def reuse_slug_of_an_article(project: Project) -> tuple[str, int | None]:
    article = "content/en/articles/ending-well.md"
    slug = project.path("content/en/articles/three-chairs.md").read_text(encoding="utf-8").split("slug: ")[1].split()[0]
    text = project.path(article).read_text(encoding="utf-8")
    project.path(article).write_text(re.sub(r"slug: .*", f"slug: {slug}", text), encoding="utf-8")
    return "content/en/articles/three-chairs.md", project.line("content/en/articles/three-chairs.md", "slug: ")


def unknown_key(project: Project) -> tuple[str, int | None]:
    project.edit("content/en/pages/about.md", "modified:", "modifed: 2026-01-01\nmodified:")
    return "content/en/pages/about.md", project.line("content/en/pages/about.md", "modifed:")


def set_language(project: Project) -> tuple[str, int | None]:
    project.edit("content/fr/pages/about.md", "modified:", "lang: en\nmodified:")
    return "content/fr/pages/about.md", project.line("content/fr/pages/about.md", "lang: en")


def no_slug(project: Project) -> tuple[str, int | None]:
    project.edit("content/en/pages/contact.md", "slug: contact\n", "")
    return "content/en/pages/contact.md", 1


def unknown_fact(project: Project) -> tuple[str, int | None]:
    return "content/fr/pages/contact.md", project.append("content/fr/pages/contact.md", "Appelez le {{ fone }}.")


def unknown_template(project: Project) -> tuple[str, int | None]:
    page = "content/en/pages/accessibility.md"
    project.edit(page, "modified:", "template: archives\nmodified:")  # Pelican's `simple` theme has one
    return page, project.line(page, "template:")


def menu_without_page(project: Project) -> tuple[str, int | None]:
    project.edit("content/data/navigation.toml", '"method"', '"metod"')
    return "content/data/navigation.toml", project.line("content/data/navigation.toml", '"metod"')


def next_step_to_nowhere(project: Project) -> tuple[str, int | None]:
    project.edit("content/fr/pages/goal-setting.md", "action: {page: smart-worksheet", "action: {page: smart-workshet")
    return "content/fr/pages/goal-setting.md", project.line("content/fr/pages/goal-setting.md", "action:")


def image_without_text(project: Project) -> tuple[str, int | None]:
    images = project.path("content/images")
    images.mkdir(exist_ok=True)
    (images / "line.svg").write_text("<svg xmlns='http://www.w3.org/2000/svg'/>", encoding="utf-8")
    return FAQ, project.append(FAQ, "![]({static}/images/line.svg)")


def absent_image(project: Project) -> tuple[str, int | None]:
    return FAQ, project.append(FAQ, "![The line]({static}../../images/no-such-line.png)")


def absent_attachment(project: Project) -> tuple[str, int | None]:
    return FAQ, project.append(FAQ, "[A file]({attach}no-such-file.pdf)")


def image_from_elsewhere(project: Project) -> tuple[str, int | None]:
    return FAQ, project.append(FAQ, "![A line](https://images.test/line.png)")


def script_from_elsewhere(project: Project) -> tuple[str, int | None]:
    return FAQ, project.append(FAQ, "<script src='//cdn.test/x.js'></script>")


def frame_from_elsewhere(project: Project) -> tuple[str, int | None]:
    return FAQ, project.append(FAQ, '<IFRAME title="Video"\nsrc="https://video.test/1"></IFRAME>') + 1


def site_address(project: Project) -> tuple[str, int | None]:
    return FAQ, project.append(FAQ, "See [the method](/en/method/).")


def long_title(project: Project) -> tuple[str, int | None]:
    place = "content/fr/articles/ending-well.md"
    project.edit(place, "title: ", f"title: {'Bien ' * 8}")
    return place, 2


def first_level_heading(project: Project) -> tuple[str, int | None]:
    return "content/en/pages/glossary.md", project.append("content/en/pages/glossary.md", "# A second title")


# What the practice is promised, and fragments: each in a build of its own
PROMISED: dict[str, tuple[Breakage, str, str]] = {
    "a French page is removed": (remove_page, "no French version: ", "git restore"),
    "a translation is blanked": (
        blank_translation,
        'the message "Skip to content" has no translation in French',
        "msgstr",
    ),
    "a link is broken": (
        break_link,
        "the link leads to metod.md, which does not exist",
        'Did you mean "{filename}method.md"?',
    ),
    "a fragment is broken": (
        break_fragment,
        'no heading or element "rolse" in content/fr/pages/method.md',
        'Did you mean "roles"?',
    ),
    "the front matter is not YAML": (break_yaml, "the front matter cannot be read", "double quotes"),
    "a page is saved in Latin-1": (save_as_latin_1, "not saved as UTF-8", "as UTF-8"),
    "two pages have one slug": (reuse_slug, "the address /en/faq/ is taken already by", "another slug"),
}

# Others, all in one build, each on a line or a page that no other touches
OTHERS: dict[str, tuple[Breakage, str, str]] = {
    "two articles have one slug": (reuse_slug_of_an_article, "is taken already by", "another slug"),
    "a fragment of the page itself is broken": (break_own_fragment, '"nowhere-at-all"', "after #"),
    "front matter has an unknown key": (
        unknown_key,
        '"modifed" is not a known key. Did you mean "modified"?',
        "Known keys",
    ),
    "front matter sets the language": (set_language, "the folder says it", "Remove the line."),
    "a slug is missing": (no_slug, '"slug" is missing', "slug: …"),
    "a title is longer than search engines show": (
        long_title,
        "with “Human Trajectory Makers” beside it, has 91 characters; search engines cut it after 70",
        "Shorten it by 21",
    ),
    "a text names an unknown fact": (unknown_fact, "fone", "practice.toml"),
    "a text has a heading of the first level": (first_level_heading, "a heading with one #", "##"),
    "a page names a template the theme lacks": (unknown_template, 'there is no template "archives"', "Templates: "),
    "a menu names a page that is not there": (menu_without_page, 'names the page "metod"', 'Did you mean "method"?'),
    "a next step leads nowhere": (
        next_step_to_nowhere,
        '"smart-workshet", which does not exist',
        'Did you mean "smart-worksheet"?',
    ),
    "an image has no text": (image_without_text, "no text for those who cannot see it", "![what it shows]"),
    "an image is not there": (absent_image, "no-such-line.png is not there", "content/images/no-such-line.png"),
    "a link is of a kind this site does not use": (
        absent_attachment,
        "{attach}no-such-file.pdf is of a kind",
        "{static}",
    ),
    "an image would be loaded from elsewhere": (
        image_from_elsewhere,
        "https://images.test/line.png from elsewhere",
        "content/images",
    ),
    "a script would be loaded from elsewhere": (
        script_from_elsewhere,
        "browsers are told to ignore <script>",
        "Put a link in its place",
    ),
    "a frame would be loaded from elsewhere": (
        frame_from_elsewhere,
        "browsers are told to ignore <iframe>",
        "Put a link in its place, by words or by a picture of your own: […](https://",
    ),
    "a link gives an address of the site": (site_address, "changes with its slug", "{filename}"),
}


@pytest.mark.parametrize("name", PROMISED)
def test_a_broken_source_is_told_with_file_and_line_and_leaves_the_last_output_alone(
    project: Project, name: str
) -> None:
    breaks, says, remedy = PROMISED[name]
    file, line = breaks(project)
    built = project.build()
    assert built.output is None
    found = errors(built)
    assert is_told(found, file, line, says, remedy), "\n".join(map(str, found))
    assert not any("Traceback" in str(problem) or "Error:" in str(problem) for problem in found)
    project.assert_untouched()


@pytest.fixture(scope="module")
def all_broken(built_project: Project) -> tuple[dict[str, tuple[str, int | None]], list[Problem]]:
    """One build of a site with all of OTHERS: the file and line of each, and what the build says."""
    places = {name: breaks(built_project) for name, (breaks, _, _) in OTHERS.items()}
    built = built_project.build()
    assert built.output is None
    built_project.assert_untouched()
    built_project.reset()
    return places, errors(built)


@pytest.mark.parametrize("name", OTHERS)
def test_one_build_tells_every_problem_at_once(
    all_broken: tuple[dict[str, tuple[str, int | None]], list[Problem]], name: str
) -> None:
    places, found = all_broken
    _, says, remedy = OTHERS[name]
    file, line = places[name]
    assert is_told(found, file, line, says, remedy), "\n".join(map(str, found))


def test_a_page_without_a_pair_is_accepted_when_it_says_why(project: Project) -> None:
    project.path("content/en/pages/only.md").write_text(
        "---\ntitle: Only in English\nslug: only\nmodified: 2026-11-24\nunpaired: it is about the English version\n"
        "description: A page that exists in English only, and whose front matter says why there is no French one.\n"
        "---\n\nText.\n",
        encoding="utf-8",
    )
    built = project.build()
    assert built.ok, built.problems
    page = (project.output / "en" / "only" / "index.html").read_text(encoding="utf-8")
    assert 'hreflang="en"' in page
    assert 'hreflang="x-default"' in page
    assert 'rel="alternate" hreflang="fr"' not in page


# Facts


def test_publishing_refuses_a_dropped_fact_and_says_who_needs_it(project: Project) -> None:
    project.edit("practice.toml", 'host_phone = "+33199005678"\n', "")
    built = project.build(published=True)
    assert built.output is None
    (problem,) = errors(built)
    assert problem.file.endswith("practice.toml")
    said = "host_phone is missing (the legal notice must state it (LCEN art. 1-1)); needed by legal-notice"
    assert problem.message == said  # and no page twice for its two languages
    assert problem.remedy.startswith("Write host_phone = … in ")
    project.assert_untouched()


def test_publishing_lists_missing_and_wrong_facts_together(project: Project) -> None:
    project.edit("practice.toml", 'host_phone = "+33199005678"\n', "")
    project.edit("practice.toml", 'phone = "+33199001234"', 'phone = "01 99 00 12"')
    project.edit("practice.toml", 'city = "Ville-Imaginaire"', 'city = ""')
    project.edit("practice.toml", "notes = { value = 1", "nots = { value = 1")
    found = project.build(published=True).problems
    problems = {problem.message.split()[0]: problem for problem in found if problem.file.endswith("practice.toml")}
    problems = {name: problem for name, problem in problems.items() if problem.severity == "error"}
    assert set(problems) == {"host_phone", "phone", "address.city", "retention.nots"}  # and so no “notes”
    assert problems["phone"].message.startswith("phone is wrong (this is not a telephone number")
    assert problems["phone"].line == project.line("practice.toml", 'phone = "01')
    assert problems["address.city"].line == project.line("practice.toml", 'city = ""')
    assert 'Did you mean "notes"?' in problems["retention.nots"].message
    project.assert_untouched()


def test_publishing_asks_who_the_coach_is_or_why_not(project: Project) -> None:
    text = project.facts.read_text(encoding="utf-8")
    facts = f"{text[: text.index('[coach]')]}[coach]\n\n{text[text.index('[sessions]') :]}"
    project.facts.write_text(facts.replace("price_incl_tax =", "price ="), encoding="utf-8")
    found = {problem.message.split()[0]: problem for problem in errors(project.build(published=True))}
    assert set(found) == {"coach.name", "coach.bio", "coach.credentials", "sessions.price_incl_tax"}
    assert found["coach.name"].line == project.line("practice.toml", "[coach]")
    for form in ('name = "…"', "anonymous = true", 'anonymous_reason = { en = "…", fr = "…" }'):
        assert form in found["coach.name"].remedy
    assert "evidence_url" in found["coach.credentials"].remedy
    assert "L112-1" in found["sessions.price_incl_tax"].message
    project.edit("practice.toml", "[coach]", "[coach]\nanonymous = true")
    found = {problem.message.split()[0]: problem for problem in errors(project.build(published=True))}
    assert set(found) == {"coach.anonymous_reason", "sessions.price_incl_tax"}
    project.assert_untouched()


def test_a_coach_who_stays_anonymous_is_not_named_and_the_pages_say_why(project: Project) -> None:
    text = project.facts.read_text(encoding="utf-8")
    why = 'anonymous_reason = { en = "Handing over (invented).", fr = "Cession en cours (inventé)." }'
    project.facts.write_text(
        f"{text[: text.index('[coach]')]}[coach]\nanonymous = true\n{why}\n\n{text[text.index('[sessions]') :]}",
        encoding="utf-8",
    )
    built = project.build(published=True)
    assert built.ok, told(built)
    for place, reason in (
        ("en", "Handing over"),
        ("fr", "Cession"),
        ("en/about", "Handing"),
        ("fr/a-propos", "Cession"),
    ):
        page = (project.output / place / "index.html").read_text(encoding="utf-8")
        assert reason in page, place
        main = page[page.index("<main") : page.index("</main")]  # a sole trader's own name is in the legal facts
        assert "Dominique" not in main, place
        assert "coach.name" not in main, place


TESTIMONIAL = """
[[testimonials]]
text = { en = "It helped me say no (invented).", fr = "J’ai su dire non (inventé)." }
display_name = "C. I."
role = { en = "head of an imaginary workshop", fr = "responsable d’un atelier imaginaire" }
date = 2026-05-04
consent_on = 2026-05-04
consent_scope = { en = "this page, for two years", fr = "cette page, pendant deux ans" }
"""


def test_a_portrait_and_testimonials_are_shown_where_they_may_be(project: Project) -> None:
    portrait = 'photo = "portrait.png"\nphoto_alt = { en = "At a window", fr = "À une fenêtre" }\n'
    project.edit("practice.toml", "[coach]\n", f"[coach]\n{portrait}")
    project.append("practice.toml", TESTIMONIAL)
    (problem,) = errors(project.build(published=True))
    assert "there is no picture portrait.png in content/images" in problem.message
    assert problem.line == project.line("practice.toml", "photo =")
    project.path("content/images").mkdir()
    project.path("content/images/portrait.png").write_bytes(png(8, 8))
    built = project.build(published=True)
    assert built.ok, told(built)
    about = (project.output / "en" / "about" / "index.html").read_text(encoding="utf-8")
    assert re.search(r'<img[^>]* alt="At a window"[^>]*>', about)
    assert (project.output / "images" / "portrait.png").is_file()
    for words in (
        "It helped me say no",
        "C. I., head of an imaginary workshop",
        "4 May 2026",
        "this page, for two years",
    ):
        assert words in about
    home = project.output / "en" / "index.html"
    assert "It helped me say no" not in home.read_text(encoding="utf-8")
    project.append("practice.toml", "on_home = true")
    assert project.build(published=True).ok
    assert "It helped me say no" in home.read_text(encoding="utf-8")


def test_publishing_with_almost_no_fact_lists_every_one_the_law_asks_for(project: Project, incomplete: Path) -> None:
    built = project.build(published=True, facts=incomplete)
    listed = {problem.message.split()[0] for problem in built.problems if problem.severity == "error"}
    always = {need.field for need in REQUIREMENTS if need.applies.__name__ == "always"}
    given = {"trade_name", "copyright_since", "quote"} | {field for field in always if field.startswith("features.")}
    assert always - given <= listed
    project.assert_untouched()


def test_the_practice_s_own_facts_publish_or_are_told_one_by_one(project: Project, root: Path) -> None:
    """True on the first day, when nearly all is empty, and on the day of publication."""
    built = project.build(published=True, facts=root / "content" / "data" / "practice.toml")
    problems = errors(built)
    assert built.ok != bool(problems)
    assert all("practice.toml" in f"{problem.file} {problem.remedy}" for problem in problems), problems
    if problems:
        project.assert_untouched()


def test_a_broken_facts_file_is_told_with_its_line(project: Project) -> None:
    project.edit("practice.toml", 'trade_name = "Human', "trade_name = Human")
    (problem,) = errors(project.build())
    assert (problem.line, "cannot be read" in problem.message) == (project.line("practice.toml", "trade_name ="), True)
    project.assert_untouched()


def test_a_preview_shows_what_is_missing_instead(project: Project, incomplete: Path) -> None:
    built = project.build(facts=incomplete)
    assert built.ok, built.problems
    assert {problem.severity for problem in built.problems} == {"warning"}
    for lang, place, mark in (
        ("en", "legal-notice", "[to be completed: host_phone]"),
        ("fr", "mentions-legales", "[à compléter\u00a0: host_phone]"),
    ):
        page = (project.output / lang / place / "index.html").read_text(encoding="utf-8")
        assert mark in page
        assert '<meta name="robots" content="noindex">' in page
        banner = BeautifulSoup(page, "html.parser").select_one(".banner")
        assert banner
        assert "host_phone" in banner.get_text()
    assert "Disallow: /\n" in (project.output / "robots.txt").read_text(encoding="utf-8")


def test_fictitious_facts_can_never_pass_for_a_real_site(project: Project) -> None:
    built = project.build(published=True, trust_cache=False)
    assert built.ok, built.problems
    pages = [file for file in project.output.rglob("*.html") if file.name != "404.html"]
    for page in pages:
        assert '<meta name="robots" content="noindex">' in page.read_text(encoding="utf-8"), page
    for lang, words in (
        ("en", "Fictitious facts, for tests only"),
        ("fr", "Informations fictives, pour les essais seulement"),
    ):
        for page in (project.output / lang).rglob("index.html"):
            assert words in page.read_text(encoding="utf-8"), page
    robots = (project.output / "robots.txt").read_text(encoding="utf-8")
    assert re.search(r"^Disallow: /$", robots, re.MULTILINE)
    assert "Sitemap" not in robots


def test_the_same_facts_without_the_label_make_a_site_for_everyone(project: Project) -> None:
    """The other side of the test above: what keeps search engines away is the label."""
    project.edit("practice.toml", "fictitious = true", "fictitious = false")
    built = project.build(published=True)
    assert built.ok, built.problems
    home = (project.output / "en" / "index.html").read_text(encoding="utf-8")
    assert "noindex" not in home
    assert not BeautifulSoup(home, "html.parser").select_one(".banner")
    robots = (project.output / "robots.txt").read_text(encoding="utf-8")
    assert "Sitemap: https://trajectoires.example/sitemap.xml" in robots
    assert not re.search(r"^Disallow: /", robots, re.MULTILINE)


def test_a_mark_of_windows_at_the_beginning_of_a_file_changes_nothing(project: Project) -> None:
    """Notepad writes U+FEFF first, and ends lines with a carriage return too (#14)."""
    files = [project.facts, *project.path("content").rglob("*.toml"), *project.path("content").rglob("*.md")]
    files += project.path("theme/translations").rglob("*.po")
    for file in files:
        text = file.read_text(encoding="utf-8")
        file.write_bytes(text.replace("\n", "\r\n").encode("utf-8-sig"))
    built = project.build()
    assert built.ok, told(built)
    assert files_in(project.output) == project.good


DATA = ["navigation", "smart-worksheet", "process-guide", "statements", "words"]


@pytest.mark.parametrize("name", ["practice.toml", *(f"content/data/{name}.toml" for name in DATA), CATALOG])
@pytest.mark.parametrize("encoding", ["utf-16", "cp1252"])
def test_a_data_file_in_another_encoding_is_told(project: Project, name: str, encoding: str) -> None:
    """By the build that reads it, or by the check that does; with documents of a published site (#14)."""
    file = project.path(name)
    lines = file.read_text(encoding="utf-8").split("\n")
    file.write_bytes("\n".join([*lines, "# é"]).encode(encoding, errors="replace"))
    if name.endswith(("statements.toml", "words.toml")):
        overrides = {"PATH": str(project.path("content")), "cache": project.path("cache")}
        found = [finding.problem for finding in check(practice=project.facts, overrides=overrides)]
    else:
        found = project.build(published=True).problems
    (problem,) = [one for one in found if one.file.endswith(name) and "UTF-8" in one.message]
    first = next(n for n, line in enumerate([*lines, "# é"], start=1) if not line.isascii())
    assert problem.line == (1 if encoding == "utf-16" else first)
    assert "Save it again as UTF-8" in problem.remedy


def test_a_changed_fact_reaches_pages_that_were_cached(project: Project) -> None:
    assert project.build().ok
    project.edit("practice.toml", "Hébergeur Imaginaire", "Autre Hébergeur")
    assert project.build().ok
    page = (project.output / "fr" / "mentions-legales" / "index.html").read_text(encoding="utf-8")
    assert "Autre Hébergeur" in page
    assert "Hébergeur Imaginaire" not in page


@pytest.mark.parametrize("left", [b"", b"half", bytes(4096)], ids=["nothing", "a part", "zeros"])
def test_a_cache_cut_short_is_no_reason_to_stop(project: Project, left: bytes) -> None:
    """As a power failure leaves it. The build after it reads the files, and the next has a cache again."""
    assert project.build().ok
    files = [file for file in (project.folder / "cache" / "pages").rglob("*") if file.is_file()]
    for file in files:
        file.write_bytes(left)
    built = project.build()
    assert built.ok, built.problems
    whole = [file for file in (project.folder / "cache" / "pages").iterdir() if file.read_bytes() != left]
    assert sorted(file.name.split(".")[0] for file in whole) == ["pages", "rendered"]


def test_a_build_killed_while_it_saves_its_cache_leaves_the_one_before(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert project.build().ok
    folder = project.folder / "cache" / "pages"
    before = files_in(folder)

    def killed(place: Path, data: bytes) -> int:
        with place.open("wb") as file:
            file.write(data[: len(data) // 2])
        raise KeyboardInterrupt

    monkeypatch.setattr(Path, "write_bytes", killed)
    with pytest.raises(KeyboardInterrupt):
        project.build()
    assert {place: data for place, data in files_in(folder).items() if place in before} == before


def test_a_changed_page_reaches_the_output(project: Project) -> None:
    project.append(FAQ, "A sentence added just now.")
    assert project.build().ok
    assert "A sentence added just now." in (project.output / "en" / "faq" / "index.html").read_text(encoding="utf-8")


def test_a_page_that_is_gone_leaves_the_output_with_the_next_build(project: Project) -> None:
    for lang in ("en", "fr"):
        page = project.path(f"content/{lang}/pages/old.md")
        text = project.path(f"content/{lang}/pages/accessibility.md").read_text(encoding="utf-8")
        page.write_text(re.sub("slug: .*", "slug: old", text), encoding="utf-8")
    assert project.build().ok
    assert (project.output / "en" / "old").exists()
    for lang in ("en", "fr"):
        project.path(f"content/{lang}/pages/old.md").unlink()
    assert project.build().ok
    assert not (project.output / "en" / "old").exists()


def test_a_feed_holds_the_newest_articles_only(project: Project) -> None:
    project.edit("content/fr/articles/ending-well.md", "\ndate: 2026-11-24", "\ndate: 2026-11-25")
    assert project.build(FEED_MAX_ITEMS=1).ok
    feed = ElementTree.parse(project.output / "fr/feed.xml")
    (entry,) = feed.iterfind("{*}entry")
    assert entry.findtext("{*}published", "").startswith("2026-11-25")


def without_articles(project: Project, lang: str) -> None:
    """No article is published, and no page links to one; the other language says that it has no pair."""
    other = {"en": "fr", "fr": "en"}[lang]
    shutil.rmtree(project.path(f"content/{lang}/articles"))
    for file in project.path("content").glob("*/pages/*.md"):
        text = file.read_text(encoding="utf-8")
        text = re.sub(r"\[([^\]]*)\]\(\{filename\}\.\./articles/[^)]*\)", r"\1", text)
        file.write_text(re.sub("^aligned: .*$", "translation: pending", text, flags=re.M), encoding="utf-8")
    for file in project.path(f"content/{other}").glob("articles/*.md"):
        text = file.read_text(encoding="utf-8")
        file.write_text(text.replace("---\n", "---\nunpaired: It concerns one country.\n", 1), encoding="utf-8")


@pytest.mark.parametrize(("languages", "published"), [("en", False), ("fr", True), ("en fr", True)])
def test_a_language_without_an_article_has_an_empty_feed(project: Project, languages: str, published: bool) -> None:
    """A reader who has subscribed already is told no error, and gets the first article (#14)."""
    for lang in languages.split():
        without_articles(project, lang)
    built = project.build(published=published)
    assert built.ok, told(built)
    for lang in ("en", "fr"):
        feed = feedparser.parse((project.output / lang / "feed.xml").read_bytes())
        assert not feed.bozo
        assert feed.feed.id
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT\S+", feed.feed.updated)
        assert bool(feed.entries) == (lang not in languages)
        assert f'href="/{lang}/feed.xml"' in (project.output / lang / "index.html").read_text(encoding="utf-8")
        page = (project.output / lang / "articles" / "index.html").read_text(encoding="utf-8")
        assert ('class="entries"' in page) == (lang not in languages)


def test_articles_that_are_all_drafts_make_an_empty_feed(project: Project) -> None:
    for file in project.path("content").glob("*/articles/*.md"):
        text = file.read_text(encoding="utf-8")
        file.write_text(text.replace("---\n", "---\nstatus: draft\n", 1), encoding="utf-8")
    built = project.build()
    assert built.ok, told(built)
    assert not feedparser.parse((project.output / "en/feed.xml").read_bytes()).entries


def test_a_link_of_typed_html_is_full_in_the_feed(project: Project) -> None:
    """In single quotation marks; and capitals, as far as the gate for markup lets them through."""
    article = "content/en/articles/ending-well.md"
    project.append(article, "A <a href='{filename}between-two-sessions.md'>x</a>, <A HREF='#top' ID='top'>y</A>.")
    built = project.build()
    assert built.ok, told(built)
    feed = unescape((project.output / "en/feed.xml").read_text(encoding="utf-8"))
    assert re.search(r"""href=["']https?://[^"'>]*/between-two-sessions/["']>x<""", feed)
    assert re.findall(r"""href\s*=\s*["']?[/#]""", feed, re.IGNORECASE) == []


def test_the_same_sources_make_the_same_site(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1795521600")
    outputs = []
    for _ in range(2):
        assert project.build().ok
        outputs.append({file: file.read_bytes() for file in project.output.rglob("*") if file.is_file()})
    assert outputs[0] == outputs[1]


# The machine


@pytest.mark.parametrize("refused", ["the first move", "the second move"])
def test_a_disk_that_refuses_keeps_the_last_output(
    project: Project, monkeypatch: pytest.MonkeyPatch, refused: str
) -> None:
    rename = Path.rename

    def refuse(self: Path, target: Path) -> Path:
        if self.name == {"the first move": "output", "the second move": ".output.new"}[refused]:
            raise OSError(28, "No space left on device")
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", refuse)
    built = project.build()
    assert built.output is None
    assert [str(problem) for problem in errors(built)] == [DISK_FULL]
    project.assert_untouched()


def test_a_disk_that_fills_up_while_pages_are_written_keeps_the_last_output(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    from pelican.writers import Writer

    def refuse(*args: object, **kwargs: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Writer, "write_file", refuse)
    project.append(FAQ, "A sentence more.")  # so that there is something to write
    built = project.build()
    assert built.output is None
    assert [str(problem) for problem in errors(built)] == [DISK_FULL]
    project.assert_untouched()


def test_what_an_interrupted_build_left_behind_does_not_disturb_the_next(project: Project) -> None:
    for name in (".output.new", ".output.old"):
        own(project.folder / name)
        (project.folder / name / "half.html").write_text("half", encoding="utf-8")
    assert project.build().ok
    assert not list(project.output.rglob("half.html"))
    assert not [path for path in project.folder.iterdir() if path.name.startswith(".output")]


def test_a_fault_in_a_template_is_told_with_its_file_and_line(project: Project) -> None:
    project.append("theme/templates/page.html", "{% block body %}{{ current.nothing_of_the_kind }}{% endblock %}")
    line = project.line("theme/templates/page.html", "nothing_of_the_kind")
    built = project.build()
    assert built.output is None
    problems = errors(built)
    assert is_told(problems, "theme/templates/page.html", line, "nothing_of_the_kind", ""), problems
    project.assert_untouched()


def test_the_command_says_what_is_wrong_and_fails(root: Path, fictitious: Path, tmp_path: Path) -> None:
    facts = tmp_path / "practice.toml"
    text = fictitious.read_text(encoding="utf-8")  # of a fact that no document prints, so that none is drawn again
    facts.write_text(text.replace('host_phone = "+33199005678"', 'host_phone = ""'), encoding="utf-8")
    output = tmp_path / "site"
    output.mkdir()
    (output / "index.html").write_text("the last good page", encoding="utf-8")
    finish(output)
    command = [
        sys.executable,
        "-m",
        "invoke",
        "build",
        "--published",
        "--practice",
        str(facts),
        "--output",
        str(output),
    ]
    done = subprocess.run(command, cwd=root, capture_output=True, text=True, encoding="utf-8", check=False)
    assert done.returncode == 1, done.stderr
    line = facts.read_text(encoding="utf-8").splitlines().index('host_phone = ""') + 1
    assert (
        f"error: {facts}:{line}: host_phone is missing (the legal notice must state it (LCEN art. 1-1))" in done.stderr
    )
    assert "What to do: Write host_phone = … in" in done.stderr
    assert re.search(
        r"Nothing was written: \d+ to mend, listed above\. The last good output is still there\.", done.stderr
    )
    assert "Traceback" not in done.stderr
    assert sorted(file.name for file in output.iterdir()) == [MARK, "index.html"]
    assert (output / "index.html").read_text(encoding="utf-8") == "the last good page"


SECTION, HOME, FACTS = "content/en/documents/guide-summary.md", "content/en/pages/home.md", "practice.toml"
GLOSSARY, MENUS = "content/en/pages/glossary.md", "content/data/navigation.toml"
ONE_MISTAKE = {
    "a title": (FAQ, "title: ", "title: Questions: "),
    "an old address": (METHOD, "\nslug: method", "\nslug: method\naliases: [/fr/séance/]"),
    "a key of the home page": (HOME, "\nslug:", "\nzork: 1\nslug:"),
    "a key of a section": (SECTION, "---\n", "---\nzork: 1\n"),
    "no front matter of a section": (SECTION, "---\n", ""),
    "a comment not closed": (GLOSSARY, "\n\n## ", "\n\n<!-- \n\n## "),
    "a fact misspelt in a page": (GLOSSARY, "\n\n## ", "\n\n{{ emial }}\n\n## "),
    "a quotation mark of the facts": (FACTS, 'trade_name = "', 'trade_name = "One\nTwo'),
    "a name of a fact": (FACTS, "host_name = ", "hots_name = "),
    "a table of facts": (FACTS, "\n[address]\n", "\n[[address]]\n"),
    "a part of a fact": (FACTS, 'prospects = { value = 3, unit = "years" }', 'prospects = { value = 3, unit = "ans" }'),
    "a menu": (MENUS, '"faq", ', '"faq, '),
    "a name in a menu": (MENUS, '"method"', '"mehtod"'),
}


def with_mistake(project: Project, mistake: str) -> str:
    """The site with one of the mistakes; the file that it is in."""
    file, old, new = ONE_MISTAKE[mistake]
    project.edit(file, old, new)
    return file


def assert_alone(found: Built, file: str, number: int = 1) -> None:
    """Nothing but so many problems in `file` is told."""
    told_of = {problem for problem in found.problems if "is unknown, so" not in problem.message}
    assert {problem.file.split("project0/")[-1] for problem in told_of} == {file}, told(found)
    assert len(told_of) == number, told(found)


@pytest.mark.parametrize("mistake", ONE_MISTAKE)
def test_what_follows_from_one_mistake_is_not_told_as_others(project: Project, mistake: str) -> None:
    """A page that was refused is missing for nobody: no pair, menu, link or document; nor are facts unknown (#14)."""
    file = with_mistake(project, mistake)
    assert_alone(project.build(), file, 2 if mistake == "a name in a menu" else 1)  # one for each language


@pytest.mark.parametrize("mistake", ["a title", "a comment not closed", "a table of facts", "a menu"])
def test_nor_does_a_check_tell_what_follows(project: Project, mistake: str) -> None:
    file = with_mistake(project, mistake)
    overrides = {"PATH": str(project.path("content")), "cache": project.path("cache")}
    with undrawn():
        checked = [one.problem for one in check(practice=project.facts, overrides=overrides)]
    assert {problem.file.split("project0/")[-1] for problem in checked} == {file}, checked


@pytest.mark.parametrize("mistake", ["a name of a fact", "a table of facts"])
def test_nor_are_facts_missing_for_a_publication_that_cannot_be_read(project: Project, mistake: str) -> None:
    file = with_mistake(project, mistake)
    assert_alone(project.build(published=True), file)


def test_a_page_that_is_gone_is_told_by_its_pair_and_not_by_its_menu(project: Project) -> None:
    project.path(FAQ_FR).unlink()
    assert "navigation.toml" not in {Path(problem.file).name for problem in errors(project.build())}


# An article that is dated in the future


def scheduled(project: Project, date: str, more: str = "") -> list[str]:
    """Write an article of that day in both languages; their files."""
    places = []
    for lang in ("en", "fr"):
        text = project.path(f"content/{lang}/articles/ending-well.md").read_text(encoding="utf-8")
        text = re.sub(r"^slug: .*$", f"slug: later-{lang}\ntranslation: pending{more}", text, flags=re.M)
        text = re.sub(r"^date: .*$", f"date: {date}", re.sub(r"^aligned: .*\n", "", text, flags=re.M), flags=re.M)
        places.append(f"content/{lang}/articles/later.md")
        project.path(places[-1]).write_text(text, encoding="utf-8")
    return places


def days_on(count: int) -> datetime.datetime:
    return datetime.datetime(2026, 12, count, tzinfo=datetime.UTC)


def test_an_article_waits_for_its_day(project: Project) -> None:
    places = scheduled(project, "2026-12-05")
    built = project.build(published=True, date=days_on(4))
    assert built.output, told(built)
    waiting = [problem for problem in built.problems if "waits for its day, 2026-12-05" in problem.message]
    assert sorted((problem.file.split("/content/")[-1], problem.line) for problem in waiting) == [
        (place.removeprefix("content/"), project.line(place, "date: ")) for place in places
    ]
    assert not [file for file in project.output.rglob("*") if "later-" in file.as_posix()]
    assert not [file for file in files_in(project.output).values() if b"later-en" in file or b"later-fr" in file]
    preview = project.build(date=days_on(4))
    assert preview.output, told(preview)
    assert (project.output / "en/drafts/later-en/index.html").is_file()
    built = project.build(published=True, date=days_on(5))
    assert built.output, told(built)
    assert (project.output / "en/articles/later-en/index.html").is_file()
    assert "later-fr" in (project.output / "fr/feed.xml").read_text(encoding="utf-8")
    page = (project.output / "en/articles/later-en/index.html").read_text(encoding="utf-8")
    assert '"dateModified":"2026-12-05' in page  # it was written before, and is new on its day


def test_a_page_waits_for_its_day_too(project: Project) -> None:
    for lang in ("en", "fr"):
        text = project.path(f"content/{lang}/pages/glossary.md").read_text(encoding="utf-8")
        text = re.sub(r"^slug: .*$", f"slug: later-{lang}\ndate: 2026-12-05", text, flags=re.M)
        project.path(f"content/{lang}/pages/later.md").write_text(text, encoding="utf-8")
    built = project.build(date=days_on(4))
    assert built.output, told(built)
    assert len([problem for problem in built.problems if "waits for its day, 2026-12-05" in problem.message]) == 2
    assert (project.output / "en/drafts/later-en/index.html").is_file()
    assert not (project.output / "en/later-en/index.html").is_file()
    built = project.build(date=days_on(5))
    assert built.output, told(built)
    assert (project.output / "en/later-en/index.html").is_file()


def test_an_article_that_says_it_is_published_does_not_wait(project: Project) -> None:
    place, _ = scheduled(project, "2026-12-05", "\nstatus: published")
    found = errors(project.build(date=days_on(4)))
    assert [problem.line for problem in found] == [project.line(place, "date: ")] * 2
    assert all("says that it is published" in problem.message for problem in found)


@pytest.mark.parametrize(
    ("date", "says"),
    [("0026-11-24", "the year 26 must be a slip"), ("2201-01-01", "2201")],
)
def test_a_day_that_cannot_be_is_told_with_its_line(project: Project, date: str, says: str) -> None:
    place, _ = scheduled(project, date)
    found = errors(project.build(date=days_on(4)))
    assert [problem.line for problem in found] == [project.line(place, "date: ")] * 2
    assert all(says in problem.message for problem in found)


STAGES = ["implementation", "goal-setting", "sessions", "actions", "monitoring"]
MODALITIES = "content/data/navigation.toml"


def stages(project: Project, number: int) -> list[str]:
    """The site with so many modalities: the first of those there are, or new ones after the last."""
    keys = STAGES[:number] + [f"stage-{place}" for place in range(6, number + 1)]
    for key in keys[5:]:
        for lang, above in (("en", "method"), ("fr", "methode")):
            matter = f"title: A stage\nslug: {above}/{key}\ndescription: {'x' * 90}\nmodified: 2026-11-24\n"
            text = f"---\n{matter}template: modality\n---\nSome words.\n"
            project.path(f"content/{lang}/pages/{key}.md").write_text(text, encoding="utf-8")
    written = ", ".join(f'"{key}"' for key in STAGES)
    project.edit(MODALITIES, f"modalities = [{written}]", f"modalities = {keys}".replace("'", '"'))
    return keys


@pytest.mark.parametrize(
    ("number", "name"), [(4, "Les quatre modalités"), (6, "Les six modalités"), (7, "Les modalités")]
)
def test_the_method_has_as_many_stages_as_the_menu_names(project: Project, number: int, name: str) -> None:
    """Their number is said, and the line has a station for each: on pages, in PDFs, in pictures for shared links."""
    keys = stages(project, number)
    built = project.build()
    assert built.output, told(built)
    assert built.build
    pages = {place: BeautifulSoup((built.output / place).read_text("utf-8"), "html.parser") for place in HTML}
    for place in HTML[:4]:
        whole = pages[place].select_one("svg.whole")
        assert whole
        assert len(whole.select("circle")) == number, place
    method = pages["fr/methode/index.html"].select_one("nav.stepper")
    assert method
    assert method["aria-label"] == name
    assert len(method.select("li")) == len(method.select("li svg.fall")) == number
    stage = BeautifulSoup((built.output / "fr/methode/actions/index.html").read_text("utf-8"), "html.parser")
    assert " ".join(stage.select_one(".station-number").get_text().split()) == f"Modalité 4 sur {number}"  # type: ignore[union-attr]
    for document in built.build.documents.values():
        assert len(document.prepared.value["stations"]) == number
    assert {len(words_of(built.build, content)["stations"]) for content in built.build.site.contents} == {number}
    told_of = {
        (problem.file.rpartition("/")[2], problem.line) for problem in built.problems if "modality" in problem.message
    }
    assert told_of == {
        (f"{key}.md", project.line(f"content/en/pages/{key}.md", "template:")) for key in STAGES if key not in keys
    }


HTML = ["index.html", "en/index.html", "fr/methode/index.html", "en/style.html"]


@pytest.mark.parametrize("published", [False, True])
@pytest.mark.parametrize(
    ("third", "codes"), [({"de": Language("Deutsch", "German", "de_DE")}, "en, fr, de"), ({}, "en")]
)
def test_other_languages_than_the_two_are_refused_in_one_sentence(
    project: Project, root: Path, published: bool, third: dict[str, Language], codes: str
) -> None:
    """Whether a folder is there for the third or not; and every check goes on with the two."""
    languages = (LANGUAGES | third) if third else {"en": LANGUAGES["en"]}
    settings = (root / "pelicanconf.py").read_text(encoding="utf-8").splitlines()
    line = next(number for number, text in enumerate(settings, 1) if text.strip().startswith("languages="))
    for _ in range(2):
        built = project.build(published, languages=languages)
        assert [(problem.file, problem.line) for problem in errors(built)] == [("pelicanconf.py", line)], told(built)
        assert codes in errors(built)[0].message
        overrides = {name: str(project.path(place)) for name, place in (("PATH", "content"), ("THEME", "theme"))}
        with undrawn():
            findings = check(practice=project.facts, overrides=overrides | {"languages": languages})
        assert [f.problem.file for f in findings if f.problem.severity == "error"] == ["pelicanconf.py"]
        shutil.copytree(project.path("content/en"), project.path("content/de"), dirs_exist_ok=True)


@pytest.mark.parametrize("place", ["content/de/pages", "content/en/page", "content/fr", "content/drafts"])
def test_a_folder_of_pages_that_no_build_reads_is_told(project: Project, place: str) -> None:
    project.path(place).mkdir(parents=True, exist_ok=True)
    shutil.copy(project.path(FAQ), project.path(place) / "faq.md")
    built = project.build()
    assert built.ok, told(built)
    assert is_told(built.problems, place, None, "nothing in this folder becomes a page", "content/en and content/fr")


SIGNS = ["\x0b", "\0", "\ufffe", "\ue000", "\ue001"]
SIGNED = {
    "a title": (FAQ, "title: ", "title: "),
    "a text": (FAQ, "\n---\n", "\n---\nWords "),
    "a fact": ("practice.toml", 'trade_name = "', 'trade_name = "'),
    "a catalog": (CATALOG, 'msgstr "Aller', 'msgstr "Aller'),
    "the worksheet": ("content/data/smart-worksheet.toml", 'fr = "', 'fr = "'),
    "a document": ("content/data/process-guide.toml", 'fr = "', 'fr = "'),
    "the words of documents": ("theme/documents/words.toml", 'fr = "', 'fr = "'),
    "a list of words": ("content/data/words.toml", 'en = ["', 'en = ["'),
}


@pytest.mark.parametrize("place", SIGNED)
def test_a_sign_that_cannot_be_shown_is_told_wherever_it_stands(project: Project, place: str) -> None:
    """Once, with its line: what XML forbids, and the signs that this program uses itself."""
    file, old, new = SIGNED[place]
    for sign in SIGNS if place == "a catalog" else SIGNS[::3]:
        project.reset()
        project.edit(file, old, new + sign)
        line = project.path(file).read_text(encoding="utf-8").split(sign)[0].count("\n") + 1
        built = project.build()
        found = [problem for problem in errors(built) if f"(U+{ord(sign):04X})" in problem.message]
        assert [(problem.file.endswith(file), problem.line) for problem in found] == [(True, line)], told(built)
        assert [problem for problem in errors(built) if problem.file.endswith(file)] == found, told(built)


def test_an_escaped_sign_is_told_too(project: Project) -> None:
    project.edit("practice.toml", 'trade_name = "', 'trade_name = "\\u000B')
    line = project.line("practice.toml", "trade_name")
    assert is_told(errors(project.build()), "practice.toml", line, "cannot be shown (U+000B)", "It cannot be seen")


def test_a_page_that_awaits_its_translation_names_no_other_until_it_is_there(project: Project) -> None:
    """One alone has no hreflang of another language; once the other is there, still pending or not, each names both."""
    matter = f"title: A new page\nslug: new-page\ndescription: {'x' * 90}\nmodified: 2026-11-24\ntranslation: pending\n"
    ends = []
    for lang in ("en", "fr"):
        project.path(f"content/{lang}/pages/new-page.md").write_text(f"---\n{matter}---\nWords.\n", encoding="utf-8")
        built = project.build()
        assert built.output, told(built)
        soup = BeautifulSoup((built.output / "en/new-page/index.html").read_text("utf-8"), "html.parser")
        ends.append(sorted(str(link["hreflang"]) for link in soup.select("link[hreflang]")))
    assert ends == [["en", "x-default"], ["en", "fr", "x-default"]]
