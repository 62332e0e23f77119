"""The guide says what is assigned to it; the web page and the PDF have the same fields."""

from __future__ import annotations

import re
import subprocess
import tomllib
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pikepdf
import pytest

from plugins.documents.tree import plain
from tests.documents import tagged
from tests.documents.tree_queries import statements

YOU = {"en": re.compile(r"\byou(rs?|rself)?\b", re.I), "fr": re.compile(r"\b(vous|votre|vos|vôtres?)\b", re.I)}
QUOTED = re.compile(
    r"“[^”]*”|«[^»]*»|How did you do it\?|Comment avez-vous fait\s?\?"
)  # the last two: asked of a mentor
QUOTATION = "S02"  # not in a chapter: it stands below the contents


@pytest.mark.parametrize("lang", ["en", "fr"])
def test_every_statement_assigned_to_the_guide(lang: str, site: Any, root: Path) -> None:
    wanted = {
        number
        for number, entry in tomllib.loads((root / "content/data/statements.toml").read_text(encoding="utf-8")).items()
        if entry.get("guide")
    }
    value = site.documents["process-guide", lang].prepared.value
    assert wanted - {QUOTATION} <= statements(value["chapters"])
    assert value["facts"]["quote"]["text"]


@pytest.mark.parametrize("lang", ["en", "fr"])
def test_tables_and_boxes_are_all_there(lang: str, site: Any) -> None:
    value = site.documents["process-guide", lang].prepared.value
    blocks = [block for chapter in value["chapters"] for block in chapter["c"]]
    with pikepdf.open(site.pdf("process-guide", lang)) as pdf:
        texts = tagged.texts_of(pdf)
        tables = [
            tagged.squeeze(texts[element.objgen])
            for element in tagged.elements(tagged.root(pdf))
            if tagged.kind(pdf, element) == "Table"
        ]
        whole = tagged.squeeze("".join(tagged.marked_texts(pdf).values()))
    said = [block for block in blocks if block["t"] == "table"]
    assert len(tables) == len(said) >= 12
    for table, block in zip(tables, said, strict=True):
        cells = [*block["head"], *[cell for row in block["rows"] for cell in row]]
        wanted = plain(block["caption"]) + "".join(plain(cell) for cell in cells)
        assert table.replace("-", "") == tagged.squeeze(wanted).replace("-", "")  # lines end with hyphens
    kinds = {block["kind"] for block in blocks if block["t"] == "box"}
    assert {"rule", "proposal"} <= kinds
    for kind in ("rule", "proposal"):
        assert tagged.squeeze(value["words"][kind]) in whole


def words_of(value: Any) -> str:
    """All that a block says."""
    if isinstance(value, dict):
        return " ".join(words_of(item) for item in value.values() if isinstance(item, list))
    return value if isinstance(value, str) else " ".join(words_of(item) for item in value)


@pytest.mark.parametrize("lang", ["en", "fr"])
def test_wherever_the_guide_says_you_it_has_said_who_that_is(lang: str, site: Any) -> None:
    """The coachee in one part, HR in the next: a reader who opens the guide there finds it beside the heading."""
    value = site.documents["process-guide", lang].prepared.value
    told = []
    for chapter in value["chapters"]:
        reader = None
        for block in chapter["c"]:
            reader = block["name"] if block["t"] == "reader" else reader
            if not reader and YOU[lang].search(QUOTED.sub(" ", words_of(block))):
                told.append((chapter["id"], words_of(block)))
    assert not told
    named = {block["name"] for chapter in value["chapters"] for block in chapter["c"] if block["t"] == "reader"}
    assert {"coachee", "company", "hr", "manager"} <= named
    with pikepdf.open(site.pdf("process-guide", lang)) as pdf:
        whole = tagged.squeeze("".join(tagged.marked_texts(pdf).values()))
    for name in named:
        assert tagged.squeeze(value["data"]["readers"][name]) in whole


@pytest.mark.parametrize(("lang", "milestone"), [("en", "Milestone"), ("fr", "Point d’étape")])
def test_the_timeline_shows_that_milestones_come_back(lang: str, milestone: str, site: Any) -> None:
    """S38: they are regular, so more than one stands in the timeline, its figure, the checklist and the agreement."""
    value = site.documents["process-guide", lang].prepared.value
    chapters = {chapter["id"]: chapter["c"] for chapter in value["chapters"]}
    (table,) = [block for block in chapters["timeline"] if block["t"] == "table"]
    steps = [plain(row[0]) for row in table["rows"]]
    assert [step for step in steps if step.startswith(milestone)] == [f"{milestone} {number}" for number in "12n"]
    assert "S38" in statements(chapters["timeline"])
    for chapter in ("checklists", "agreement"):
        assert re.search(r"1, 2\s?… n", " ".join(words_of(block) for block in chapters[chapter])), chapter


def test_both_languages_have_the_same_fields_and_chapters(site: Any) -> None:
    for name in ("process-guide", "smart-worksheet"):
        english, french = (site.documents[name, lang].prepared for lang in ("en", "fr"))
        assert [
            (field.name, field.kind, field.limit, [value for value, _ in field.options]) for field in english.fields
        ] == [(field.name, field.kind, field.limit, [value for value, _ in field.options]) for field in french.fields]
        assert [chapter["id"] for chapter in english.value["chapters"]] == [
            chapter["id"] for chapter in french.value["chapters"]
        ]


@pytest.mark.parametrize("lang", ["en", "fr"])
def test_no_mark_of_a_missing_fact_is_printed(lang: str, site: Any) -> None:
    for name in ("process-guide", "smart-worksheet"):
        text = subprocess.run(
            ["pdftotext", str(site.pdf(name, lang)), "-"], capture_output=True, text=True, check=True
        ).stdout
        assert not re.search(r"to be completed|à compléter|\ufffd|\{\{|\{%", text)


class Fields(HTMLParser):
    """The controls of a page by name: their limits, values and the words of their labels."""

    def __init__(self) -> None:
        super().__init__()
        self.limits: dict[str, int | None] = {}
        self.values: dict[str, list[str]] = {}
        self.labels: dict[str, str] = {}
        self._label: str | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        name = str(given.get("name") or given.get("id"))  # a choice has a name; what stands alone has its id
        if tag in ("input", "textarea", "select") and given.get("type") not in ("hidden", "button", "file"):
            self.limits[name] = int(str(given["data-limit"])) if given.get("data-limit") else None
            if given.get("type") == "radio":
                self.values.setdefault(name, []).append(str(given["value"]))
        if tag == "label" and given.get("for"):
            self._label = str(given["for"])
            self.labels[self._label] = ""

    def handle_endtag(self, tag: str) -> None:
        if tag == "label":
            self._label = None

    def handle_data(self, data: str) -> None:
        if self._label:
            self.labels[self._label] += data


@pytest.mark.parametrize(("lang", "slug"), [("en", "smart-worksheet"), ("fr", "feuille-de-travail-smart")])
def test_web_page_and_pdf_have_the_same_fields(lang: str, slug: str, site: Any) -> None:
    page = Fields()
    page.feed((site.output / lang / slug / "index.html").read_text(encoding="utf-8"))
    fields = {field.name: field for field in site.spec("smart-worksheet", lang).fields}
    assert set(fields) <= set(page.limits), f"not on the page: {set(fields) - set(page.limits)}"
    for name, field in fields.items():
        if field.kind in ("line", "text"):
            assert page.limits[name] == field.limit, name
            assert tagged.squeeze(field.label) in tagged.squeeze(page.labels[name]), name
        if name in page.values:
            assert [value for value in page.values[name] if value] == [value for value, _ in field.options], name
