"""Every kind of bad input we could think of: each is told with its file, its line where it has one, and what to do.

In English and in French; none as a traceback; none touches the last good site. The list is CASES.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pytest

from plugins.problems import Problem, translated
from tests.tools.copied_site import Project
from tests.tools.pictures import png

EN, FR = "content/en/pages/faq.md", "content/fr/pages/faq.md"
METHOD, ARTICLE = "content/en/pages/method.md", "content/en/articles/three-chairs.md"
FACTS, MENUS = "practice.toml", "content/data/navigation.toml"
SHEET, GUIDE = "content/data/smart-worksheet.toml", "content/data/process-guide.toml"
CATALOG = "theme/translations/fr/LC_MESSAGES/messages.po"
DESCRIPTION = "A sentence that says what the reader finds on the page, long enough for a search engine."
Breakage = Callable[[Project], int | None]  # breaks something; the line to be told, or None where a whole file is meant


@dataclass(frozen=True)
class Case:
    """One kind of bad input: how it gets there, where it is told, some words of the message and of the remedy."""

    name: str
    file: str
    breakage: Breakage
    says: str
    remedy: str
    published: bool = False


# How things get broken


def key(name: str, value: str | None, file: str = EN) -> Breakage:
    """Give a key of the front matter this value, take the key out (None), or add it."""

    def breakage(project: Project) -> int | None:
        lines = project.path(file).read_text(encoding="utf-8").splitlines()
        close = lines.index("---", 1)
        place = next((n for n, line in enumerate(lines[:close]) if line.startswith(f"{name}:")), None)
        new = [] if value is None else [f"{name}: {value}"]
        if place is None:
            lines[close:close] = new
            place = close
        else:
            lines[place : place + 1] = new
        project.path(file).write_text("\n".join(lines) + "\n", encoding="utf-8")
        return 1 if value is None else place + 1

    return breakage


def text(words: str, file: str = EN, below: int = 0) -> Breakage:
    """Add a paragraph at the end of a page; told `below` lines under its first one."""
    return lambda project: project.append(file, words) + below


def whole(content: str | bytes, line: int | None, file: str = EN) -> Breakage:
    """Replace the whole file."""

    def breakage(project: Project) -> int | None:
        project.path(file).parent.mkdir(parents=True, exist_ok=True)
        project.path(file).write_bytes(content if isinstance(content, bytes) else content.encode())
        return line

    return breakage


def swap(file: str, old: str, new: str, at: str | None = None) -> Breakage:
    """Replace some text; told on the line where `at` (or the new text) stands."""

    def breakage(project: Project) -> int | None:
        project.edit(file, old, new)
        return project.line(file, at or new.splitlines()[0])

    return breakage


def bytes_of(file: str, old: bytes, new: bytes) -> Breakage:
    def breakage(project: Project) -> int | None:
        content = project.path(file).read_bytes()
        assert old in content
        project.path(file).write_bytes(content.replace(old, new, 1))
        return content.split(old)[0].count(b"\n") + 1

    return breakage


def gone(file: str) -> Breakage:
    def breakage(project: Project) -> int | None:
        project.path(file).unlink()
        return None

    return breakage


def all_of(*breakages: Breakage) -> Breakage:
    """Several; the last one says the line."""
    return lambda project: [breakage(project) for breakage in breakages][-1]


def nowhere(breakage: Breakage) -> Breakage:
    """The same, told without a line."""

    def whole_file(project: Project) -> int | None:
        breakage(project)
        return None

    return whole_file


def first_field(project: Project) -> int | None:
    """The line that opens the first field of the worksheet."""
    return project.line(SHEET, '  id = "title"') - 1


def link(project: Project) -> int | None:
    """A link of the file system to a file that is not there."""
    place = project.path("content/en/pages/dangling.md")
    place.symlink_to(project.path("content/en/pages/not-there.md"))
    return None


def stale(project: Project) -> int | None:
    """Both languages are recorded as agreeing, then one changes."""
    from tools.translations import chosen, stamp

    (pair,) = chosen("faq", project.folder / "content")
    stamp(pair)
    project.append(EN, "One sentence more, which French does not have.")
    return project.line(FR, "aligned:")


MATTER = f"title: A page\nslug: a-page\ndescription: {DESCRIPTION}\nmodified: 2026-11-24\n"

CASES = [
    # above the text
    Case("an empty file", EN, whole("", 1), "does not start with a line of three hyphens", "title: …"),
    Case("no line of hyphens", EN, whole("Just text.\n", 1), "does not start with a line of three hyphens", "title: …"),
    Case("front matter not closed", EN, whole("---\ntitle: x\nText.\n", 3), "is not closed", "---"),
    Case(
        "front matter that runs on to a line between paragraphs",
        EN,
        all_of(
            swap(EN, "\n---\n", "\n"), text("---\n\nMore."), lambda project: project.line(EN, "“You” is the person")
        ),
        "is not closed",
        "---",
    ),
    Case("front matter without keys", EN, whole("---\njust words\n---\nText.\n", 2), "key: value", "title:"),
    Case("a colon in a value", EN, key("title", "Questions: and answers"), "cannot be read", "double quotes"),
    Case("a tab before a key", EN, whole("---\ntitle: x\n\tslug: y\n---\nText.\n", 3), "a tab stands", "Take it out"),
    Case(
        "spaces before a key", EN, swap(EN, "\nslug: faq", "\n  slug: faq", at="  slug: faq"), "spaces stand", "margin"
    ),
    Case(
        "no space after a colon",
        EN,
        swap(EN, "\nslug: faq", "\nslug:faq", at="slug:faq"),
        "no ordinary space",
        "slug: …",
    ),
    Case("a quotation mark not closed", EN, key("aligned", '"1234'), "not closed", "Close it"),
    Case("a value that starts with @", EN, key("title", "@home"), "cannot be read", "double quotes"),
    Case(
        "a bracket not closed",
        EN,
        all_of(key("documents", "[process-guide")),
        "a bracket opens here",
        "Close it with ]",
    ),
    Case("a misspelt key", EN, key("descripton", DESCRIPTION), 'Did you mean "description"?', "Known keys: title"),
    Case(
        "a key given twice",
        EN,
        swap(EN, "\nslug: faq", "\nslug: faq\nslug: faq2", at="slug: faq2"),
        "twice",
        "Keep one",
    ),
    Case("a key left out", EN, key("slug", None), '"slug" is missing', "slug: …"),
    Case("an empty title", EN, key("title", ""), '"title" is empty', "after the colon"),
    Case("a list for a title", EN, key("title", "[a, b]"), "not a text", "double quotes"),
    Case("markup in a title", EN, key("title", "<em>Questions</em>"), "plain text", "Correct the value"),
    Case("accents in an address", EN, key("slug", "questions-fréquentes"), "without accents", "questions-fréquentes"),
    Case("a short description", EN, key("description", "Too short."), "at least 70", "one sentence"),
    Case("a long description", EN, key("description", "x" * 161), "at most 160", "one sentence"),
    Case("a French date", EN, key("modified", "24/11/2026"), "not a day of the calendar", "2026-11-24"),
    Case(
        "a day that does not exist",
        EN,
        key("modified", "2026-02-30"),
        "not a day of the calendar",
        "2026-11-24",
    ),
    Case("an article without a date", ARTICLE, key("date", None, ARTICLE), '"date" is missing', "date: …"),
    Case("a language in the front matter", EN, key("lang", "en"), "the folder says it", "Remove the line"),
    Case("neither true nor false", EN, key("toc", "perhaps"), "true or false", "perhaps"),
    Case("an unknown status", EN, key("status", "drfat"), "published, draft", "drfat"),
    Case(
        "a next step to nowhere",
        EN,
        key("action", "{page: glosary, text: Read}"),
        "glosary",
        'Did you mean "glossary"?',
    ),
    Case("a next step without words", EN, key("action", "{page: glossary}"), '"action.text" is missing', "text: …"),
    Case("a next step that is only a page", EN, key("action", "glossary"), "needs a page and the words", "text: …"),
    Case("an unknown template", EN, key("template", "pge"), 'no template "pge"', 'Did you mean "page"?'),
    Case(
        "a template for articles alone",
        EN,
        key("template", "article"),
        "not for a page like this",
        "Templates: articles, home, method, modality, page, worksheet.",
    ),
    Case("a frame as a template", EN, key("template", "base"), "not for a page like this", "home, method, modality"),
    Case("the template of the style page", EN, key("template", "style"), "not for a page like this", "modality, page"),
    Case(
        "the template of a page that is not found",
        ARTICLE,
        key("template", "404-language", ARTICLE),
        "not for a page like this",
        "Templates: article, articles, home, method, modality, page, worksheet.",
    ),
    Case(
        "a placeholder published",
        EN,
        key("title", '"To write: the English title"'),
        "still to be written",
        "status: draft",
    ),
    # the text
    Case(
        "another encoding",
        EN,
        all_of(text("Une séance."), bytes_of(EN, "é".encode(), b"\xe9")),
        "“séance.” cannot be read",
        "Save with encoding",
    ),
    Case(
        "Windows' own quotation marks",
        EN,
        all_of(text("It’s."), bytes_of(EN, "It’s.".encode(), b"It\x92s.")),
        "“It’s.” cannot be read",
        "Save with encoding",
    ),
    Case(
        "a picture whose name ends in capitals",
        EN,
        all_of(whole(png(3), None, "content/images/desk.JPG"), text("![A desk]({static}../../images/desk.jpg)")),
        "desk.jpg is not there",
        'Did you mean "{static}../../images/desk.JPG"?',
    ),
    Case("Windows' own encoding", EN, whole("---\ntitle: x\n".encode("utf-16"), 1), "UTF-16", "Save with encoding"),
    Case("an image named as a page", EN, whole(b"\x89PNG\r\n\x1a\n\x00\x00", 1), "not a text file", "content/images"),
    Case("a page without text", EN, whole(f"---\n{MATTER}---\n\n", 7), "no text", "second line of hyphens"),
    Case("code not closed", EN, text("```\nhello"), "is not closed", "same signs"),
    Case(
        "a mark without its note, in a section of a document",
        "content/en/documents/guide-summary.md",
        text("A word[^1].", "content/en/documents/guide-summary.md"),
        "[^1] has no note",
        "[^1]: …",
    ),
    Case(
        "a note that nothing refers to",
        EN,
        text("[^1]: A source."),
        "nothing in the text refers to the note [^1]",
        "Type [^1]",
    ),
    Case(
        "a note of several paragraphs, in a section of a document",
        "content/en/documents/guide-summary.md",
        text("A word[^1].\n\n[^1]: One.\n\n    Two.", "content/en/documents/guide-summary.md", below=2),
        "[^1] is more than a paragraph",
        "as one",
        published=True,
    ),
    Case(
        "an id given twice",
        EN,
        text("## One {: #one }\n\n## Two {: #one }", below=2),
        '"one" is given 2 times',
        "of its own",
    ),
    Case("bold not closed", EN, text("This is **bold and goes on."), "** opens bold words", "Type **"),
    Case("a mark not closed", EN, text("## A heading {: #heading"), "{: opens a mark", "Type }"),
    Case("a script in a page", EN, text("<script>alert(1)</script>"), "ignore <script>", "Take it out"),
    Case("a heading of level 1", EN, text("# Another title"), "one # in the text", "##"),
    Case("a level skipped", EN, text("##### Too deep"), "from level 3 to level 5", "# signs"),
    Case("a link to no page", EN, text("[Read]({filename}glosary.md)"), "glosary.md", "glossary.md"),
    Case(
        "a link with a space in its middle",
        EN,
        text("[Read] ({filename}glossary.md)"),
        "the link is not complete",
        "without a space",
    ),
    Case("a link without {filename}", EN, text("[Read](glossary.md)"), "leads nowhere", "{filename}glossary.md"),
    Case("a link without https", EN, text("[Read](www.example.com)"), "leads nowhere", "https://www.example.com"),
    Case("an e-mail address as a link", EN, text("[Write](a@b.example)"), "leads nowhere", "mailto:a@b.example"),
    Case(
        "an image without {static}", EN, text("![A desk](desk.jpg)"), "leads nowhere", "{static}../../images/desk.jpg"
    ),
    Case("a link to no heading", EN, text("[Read]({filename}method.md#rolls)"), '"rolls"', 'Did you mean "roles"?'),
    Case("a link to no heading here", EN, text("[Read](#before-staring)"), '"before-staring"', "before-starting"),
    Case("an address of the site", EN, text("[Read](/en/glossary/)"), "changes with its slug", "{filename}glossary.md"),
    Case("a link of another kind", EN, text("[Read]({attach}method.md)"), "{attach}method.md", "{filename}"),
    Case(
        "an image that is not there",
        EN,
        text("![A desk]({static}../../images/desk.jpg)"),
        "desk.jpg is not there",
        "content/images/desk.jpg",
    ),
    Case("an image without words", EN, text("![]({static}../../images/desk.jpg)"), "cannot see it", "![what it shows]"),
    Case(
        "a film from elsewhere",
        EN,
        text('<iframe src="https://www.youtube.com/embed/x1"></iframe>'),
        "ignore <iframe>",
        "[…](https://www.youtube.com/watch?v=x1)",
    ),
    Case(
        "an image from elsewhere",
        EN,
        text("![A desk](https://photos.example/desk.jpg)"),
        "from elsewhere",
        "content/images",
    ),
    Case("a fact that does not exist", EN, text("Write to {{ emial }}."), 'Did you mean "email"?', "practice.toml"),
    Case(
        "a filter that does not exist", EN, text("{{ phone | tel_lnik }}"), 'Did you mean "tel_link"?', "practice.toml"
    ),
    Case(
        "a condition not closed",
        EN,
        text("{% if email is known %}\nx"),
        "{% if … %} stands here without",
        "{% endif %}",
    ),
    Case(
        "a condition misspelt", EN, text("{% if email is konwn %}x{% endif %}"), 'Did you mean "known"?', "{% endif %}"
    ),
    Case("a brace left out", EN, text("Write to {{ email }."), "one brace is missing", "{{ email }}"),
    # pages together
    Case("no other language", EN, gone(FR), "no French version", "git restore"),
    Case("an address taken twice", METHOD, key("slug", "glossary", METHOD), "is taken already", "another slug"),
    Case(
        "a draft facing a published page", EN, nowhere(key("status", "draft", FR)), "is a draft", "translation: pending"
    ),
    Case(
        "a page in a folder of its own",
        "content/en/pages/more/x.md",
        whole(f"---\n{MATTER}---\nText.\n", None, "content/en/pages/more/x.md"),
        "not where pages live",
        "content/en/pages",
    ),
    Case("a link to a file that is gone", "content/en/pages/dangling.md", link, "leads nowhere", "the file"),
    Case("a stale translation", FR, stale, "has changed since", "invoke translated faq", published=True),
    Case(
        "a link to a draft",
        EN,
        all_of(
            key("status", "draft", ARTICLE),
            key("status", "draft", ARTICLE.replace("/en/", "/fr/")),
            text("[Read]({filename}../articles/three-chairs.md)"),
        ),
        "will not be published",
        "take the link out",
        published=True,
    ),
    # facts and data
    Case("facts that are not TOML", FACTS, swap(FACTS, 'email = "', "email = "), "cannot be read", 'name = "value"'),
    Case(
        "facts with curly quotation marks",
        FACTS,
        swap(FACTS, 'phone = "+33199001234"', "phone = “+33199001234”"),
        "straight",
        "Write it as",
    ),
    Case("a fact with a colon", FACTS, swap(FACTS, "phone = ", "phone: "), "no = after its name", "Write it as"),
    Case(
        "a fact given twice",
        FACTS,
        swap(FACTS, "siren = ", 'email = "a@b.example"\nsiren = ', at='email = "a@b.example"'),
        "given twice",
        "Keep one",
    ),
    Case("facts in another encoding", FACTS, bytes_of(FACTS, "é".encode(), b"\xe9"), "UTF-8", "Save with encoding"),
    Case("no file of facts", FACTS, gone(FACTS), "is missing", "git restore"),
    Case(
        "a misspelt fact",
        FACTS,
        swap(FACTS, "host_name", "hots_name"),
        'Did you mean "host_name"?',
        "Correct the name.",
        published=True,
    ),
    Case(
        "a wrong check digit",
        FACTS,
        swap(FACTS, 'siren = "000000000"', 'siren = "000000001"'),
        "check digit",
        "Correct",
        published=True,
    ),
    Case(
        "a phone number that is too short",
        FACTS,
        swap(FACTS, 'phone = "+33199001234"', 'phone = "01 99 00 12"'),
        "not a telephone number",
        "Correct",
        published=True,
    ),
    Case(
        "a filler for a fact",
        FACTS,
        swap(FACTS, 'host_name = "Hébergeur Imaginaire"', 'host_name = "TODO"'),
        "placeholder",
        "Correct",
        published=True,
    ),
    Case(
        "a booking service that nobody answers for",
        FACTS,
        nowhere(swap(FACTS, "booking_url = false", 'booking_url = "https://book.example"')),
        "no processor is named",
        '[[processors]] · name = "…" · country = { en = "…", fr = "…" }',
        published=True,
    ),
    Case(
        "a fact left out",
        FACTS,
        nowhere(swap(FACTS, "legal_form = ", "# legal_form = ")),
        "legal_form is missing",
        "Write legal_form",
        published=True,
    ),
    Case(
        "a menu with no such page",
        MENUS,
        swap(MENUS, '"faq"', '"fqa"', at="footer"),
        'names the page "fqa"',
        'Did you mean "faq"?',
    ),
    Case("a menu of another name", MENUS, swap(MENUS, "legal = ", "leagl = "), "leagl", "form"),
    Case("menus that are not TOML", MENUS, swap(MENUS, '"faq", ', '"faq, '), "cannot be read", "Compare"),
    Case("no file of menus", MENUS, gone(MENUS), "is missing", "git restore"),
    Case(
        "a field without a limit",
        SHEET,
        all_of(swap(SHEET, "  limit = ", "  # limit = "), first_field),
        "needs a limit",
        "Correct this entry",
    ),
    Case(
        "a kind of field unknown",
        SHEET,
        swap(SHEET, 'kind = "text"', 'kind = "txt"'),
        "one of these",
        "Correct this entry",
    ),
    Case(
        "a word in one language only",
        SHEET,
        swap(SHEET, 'title = { en = "SMART worksheet", fr = "', 'title = { en = "SMART worksheet", de = "'),
        "title.fr",
        "Correct this entry",
    ),
    Case(
        "a guide that asks for no heading",
        METHOD,
        nowhere(swap(METHOD, "#roles", "#rolls")),
        '"roles"',
        "process-guide.toml",
        published=True,
    ),
    Case(
        "a guide that is not TOML",
        GUIDE,
        swap(GUIDE, 'id = "imprint"', 'id = "imprint'),
        "cannot be read",
        "Close it",
        published=True,
    ),
    # the words of the templates, and the templates
    Case(
        "a sentence without its French",
        CATALOG,
        swap(CATALOG, 'msgstr "Aller au contenu"', 'msgstr ""', at='msgid "Skip to content"'),
        "no translation",
        "msgstr",
    ),
    Case(
        "a quotation mark lost in a catalog",
        CATALOG,
        swap(CATALOG, 'msgstr "Aller au contenu"', 'msgstr "Aller au contenu'),
        "quotation mark",
        "Close the text",
    ),
    Case("no catalog", CATALOG, gone(CATALOG), "is missing", "git restore"),
    Case(
        "a template that is not Jinja",
        "theme/templates/page.html",
        whole("{% extends base.html %\n", 1, "theme/templates/page.html"),
        "",
        "undo your last change",
    ),
    Case(
        "a template that asks for no page",
        "theme/templates/page.html",
        whole('{{ find("nowhere") }}\n', 1, "theme/templates/page.html"),
        'no page "nowhere"',
        "undo your last change",
    ),
]


@pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])
def test_bad_input_is_told_in_plain_words_and_the_last_good_site_stays(project: Project, case: Case) -> None:
    line = case.breakage(project)
    built = project.build(published=case.published)
    assert not built.ok
    problems = [problem for problem in built.problems if problem.severity == "error"]
    named = [problem for problem in problems if problem.file.endswith(case.file)]
    found = [
        problem
        for problem in named
        if case.says in problem.message and case.remedy in (problem.message + problem.remedy)
    ]
    assert found, (case.file, line, problems)
    assert found[0].line == line, found
    for problem in problems:
        assert problem.remedy
        assert "Traceback" not in str(problem)
        assert "object at 0x" not in str(problem)
        assert len(str(problem).splitlines()) <= 4
        assert in_french(problem), problem
    project.path(FACTS).touch()  # one case takes it away
    project.assert_untouched()


def in_french(problem: Problem) -> bool:
    """Whether both parts are said in French, however little of a library's own words they quote."""
    said = translated(problem, "fr")
    return said.message != str(problem.message) and said.remedy != str(problem.remedy)


def test_there_are_at_least_forty_kinds() -> None:
    assert len({case.name for case in CASES}) == len(CASES) >= 40
