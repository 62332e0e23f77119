"""Words that nobody should read, planted in every place where an author may leave some: no output holds one."""

from __future__ import annotations

from pypdf import PdfReader

from tests.tools.copied_site import Project, files_in, told

SECRET = "planted-words"
PAGE = f"""

<!-- {SECRET} -->

One <!-- {SECRET} --> two.

<!-- {SECRET}

## {SECRET} {{{{ no_such_fact }}}}

-->

| A | B |
|---|---|
| a <!-- {SECRET} --> | b |
<!-- {SECRET} -->
| c | d | <!-- {SECRET} -->

- one
    <!-- {SECRET}
    {SECRET} -->
- two

{{## {SECRET} ##}}
"""
PLACES = [
    "content/en/pages/goal-setting.md",
    "content/fr/pages/goal-setting.md",
    "content/en/articles/three-chairs.md",
    "content/fr/articles/three-chairs.md",
]


def test_no_comment_reaches_a_page_a_feed_or_a_pdf(project: Project) -> None:
    """In texts, front matter, data and templates."""
    sections = sorted(project.path("content").glob("*/documents/*.md"))
    for place in [*PLACES, *(file.relative_to(project.folder).as_posix() for file in sections)]:
        project.append(place, PAGE)
        project.edit(place, "---\n", f"---\n# {SECRET}\n")
    for file in sorted(project.path("content/data").glob("*.toml")):
        file.write_text(f"# {SECRET}\n{file.read_text(encoding='utf-8')}", encoding="utf-8")
    for file in sorted(project.path("theme/templates").glob("*.*ml")):
        file.write_text(file.read_text(encoding="utf-8") + f"{{# {SECRET} #}}", encoding="utf-8")
    built = project.build(draws=True)
    assert built.ok, told(built)
    found = files_in(project.output)
    assert b'<td data-label="B">d</td>' in found["en/articles/three-chairs/index.html"]
    assert not [place for place, content in found.items() if SECRET.encode() in content]
    pdfs = [project.output / place for place in found if place.endswith(".pdf")]
    assert pdfs
    for pdf in pdfs:
        reader = PdfReader(pdf)
        text = "".join(page.extract_text() for page in reader.pages) + str(reader.metadata)
        assert SECRET not in text, pdf
