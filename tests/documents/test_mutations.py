"""The checks can fail: a good PDF is spoiled in one way after another, and the check meant for it must notice."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from pikepdf import Name, Pdf

from tests.documents import checks
from tests.documents.checks import Check, Spec
from tests.documents.tagged import elements, kids, kind, page_annotations, parent_tree, root

pytestmark = pytest.mark.long

Mutation = Callable[[Pdf], None]
MUTATIONS: list[tuple[Check, str, Mutation]] = []


def spoils(check: Check, name: str = "process-guide") -> Callable[[Mutation], Mutation]:
    """Register a mutation of the document `name` that `check` must catch."""

    def register(mutation: Mutation) -> Mutation:
        MUTATIONS.append((check, name, mutation))
        return mutation

    return register


def first(pdf: Pdf, name: str, found: Callable[[Any], bool] = lambda element: True) -> Any:
    return next(element for element in elements(root(pdf)) if kind(pdf, element) == name and found(element))


def widgets(pdf: Pdf) -> list[Any]:
    return [annotation for _, annotation in page_annotations(pdf) if annotation.Subtype == Name.Widget]


def links(pdf: Pdf) -> list[Any]:
    return [annotation for _, annotation in page_annotations(pdf) if annotation.Subtype == Name.Link]


@spoils(checks.check_metadata)
def another_language(pdf: Pdf) -> None:
    pdf.Root.Lang = "de-DE"


@spoils(checks.check_metadata)
def not_marked(pdf: Pdf) -> None:
    pdf.Root.MarkInfo.Marked = False


@spoils(checks.check_metadata)
def another_title(pdf: Pdf) -> None:
    pdf.docinfo["/Title"] = "Untitled"


@spoils(checks.check_metadata)
def not_declared_accessible(pdf: Pdf) -> None:
    data = pdf.Root.Metadata.read_bytes().replace(b"pdfuaid:part", b"pdfuaid:mark")
    pdf.Root.Metadata.write(data)


@spoils(checks.check_metadata)
def a_script(pdf: Pdf) -> None:
    pdf.Root.OpenAction = pikepdf.Dictionary(S=Name.JavaScript, JS="app.alert('x')")


@spoils(checks.check_metadata, "smart-worksheet")
def an_action_of_a_field(pdf: Pdf) -> None:
    widgets(pdf)[0].AA = pikepdf.Dictionary()


@spoils(checks.check_pages)
def letter_paper(pdf: Pdf) -> None:
    pdf.pages[0].mediabox = pikepdf.Array([0, 0, 612, 792])


@spoils(checks.check_pages)
def no_tab_order(pdf: Pdf) -> None:
    del pdf.pages[1].obj["/Tabs"]


@spoils(checks.check_pages)
def untagged_content(pdf: Pdf) -> None:
    pdf.pages[2].contents_add(b"0 0 10 10 re f")


@spoils(checks.check_pages)
def content_out_of_the_tree(pdf: Pdf) -> None:
    first(pdf, "P").K = pikepdf.Array()


@spoils(checks.check_pages)
def parent_tree_astray(pdf: Pdf) -> None:
    parents = parent_tree(pdf)
    owners = parents[int(pdf.pages[2].obj.StructParents)]
    owners[0], owners[1] = owners[1], owners[0]
    owners[0] = owners[2]


@spoils(checks.check_structure)
def two_documents(pdf: Pdf) -> None:
    root(pdf).K = pikepdf.Array([*kids(root(pdf)), pdf.make_indirect(pikepdf.Dictionary(S=Name.Document))])


@spoils(checks.check_structure)
def an_unknown_type(pdf: Pdf) -> None:
    first(pdf, "P").S = Name.Fancy


@spoils(checks.check_structure)
def a_skipped_level(pdf: Pdf) -> None:
    first(pdf, "H2").S = Name.H4


@spoils(checks.check_structure)
def another_heading(pdf: Pdf) -> None:
    first(pdf, "H3").S = Name.P


@spoils(checks.check_structure)
def a_figure_without_text(pdf: Pdf) -> None:
    del first(pdf, "Figure")["/Alt"]


@spoils(checks.check_structure)
def a_header_cell_without_scope(pdf: Pdf) -> None:
    del first(pdf, "TH")["/A"]


@spoils(checks.check_structure)
def a_row_header_as_a_cell(pdf: Pdf) -> None:
    rows = [element for element in elements(root(pdf)) if kind(pdf, element) == "TR"]
    kids(rows[1])[0].S = Name.TD


@spoils(checks.check_structure)
def a_short_row(pdf: Pdf) -> None:
    row = first(pdf, "TR")
    row.K = pikepdf.Array(kids(row)[:-1])


@spoils(checks.check_structure)
def a_list_body_astray(pdf: Pdf) -> None:
    first(pdf, "LI").S = Name.Div


@spoils(checks.check_structure)
def an_entry_out_of_the_contents(pdf: Pdf) -> None:
    first(pdf, "TOC").S = Name.Div


@spoils(checks.check_annotations)
def a_link_out_of_the_tree(pdf: Pdf) -> None:
    holder = first(pdf, "Link")
    holder.K = pikepdf.Array([kid for kid in kids(holder) if isinstance(kid, int) or "/Obj" not in kid])


@spoils(checks.check_annotations)
def a_wrong_struct_parent(pdf: Pdf) -> None:
    links(pdf)[0].StructParent = int(links(pdf)[1].StructParent)


@spoils(checks.check_annotations)
def a_silent_link(pdf: Pdf) -> None:
    links(pdf)[0].Contents = ""


@spoils(checks.check_annotations)
def a_link_that_says_an_id(pdf: Pdf) -> None:
    links(pdf)[0].Contents = "what-coaching-is"


@spoils(checks.check_fields, "smart-worksheet")
def need_appearances(pdf: Pdf) -> None:
    pdf.Root.AcroForm.NeedAppearances = True


@spoils(checks.check_fields, "smart-worksheet")
def a_name_twice(pdf: Pdf) -> None:
    fields = pdf.Root.AcroForm.Fields
    fields[1].T = fields[0].T


@spoils(checks.check_fields, "smart-worksheet")
def a_field_less(pdf: Pdf) -> None:
    pdf.Root.AcroForm.Fields = pikepdf.Array(list(pdf.Root.AcroForm.Fields)[:-1])


@spoils(checks.check_fields, "smart-worksheet")
def another_tooltip(pdf: Pdf) -> None:
    pdf.Root.AcroForm.Fields[3].TU = "Text"


@spoils(checks.check_fields, "smart-worksheet")
def another_limit(pdf: Pdf) -> None:
    pdf.Root.AcroForm.Fields[3].MaxLen = 10


@spoils(checks.check_fields, "smart-worksheet")
def no_appearance(pdf: Pdf) -> None:
    del widgets(pdf)[0]["/AP"]


@spoils(checks.check_fields, "smart-worksheet")
def an_option_without_off(pdf: Pdf) -> None:
    option = next(widget for widget in widgets(pdf) if "/Parent" in widget)
    del option.AP.N["/Off"]


@spoils(checks.check_fields, "smart-worksheet")
def another_font(pdf: Pdf) -> None:
    pdf.Root.AcroForm.Fields[0].DA = "/Helv 0 Tf 0 g"


@spoils(checks.check_fields, "smart-worksheet")
def a_fixed_size(pdf: Pdf) -> None:
    pdf.Root.AcroForm.Fields[0].DA = "/Form 9 Tf 0 g"


@spoils(checks.check_fields, "smart-worksheet")
def a_font_of_one_code_page(pdf: Pdf) -> None:
    pdf.Root.AcroForm.DR.Font.Wingdings = pdf.make_indirect(
        pikepdf.Dictionary(Type=Name.Font, Subtype=Name.TrueType, Encoding=Name.WinAnsiEncoding)
    )


@spoils(checks.check_fields, "smart-worksheet")
def another_letter_for_one_that_is_missing(pdf: Pdf) -> None:
    glyphs = pdf.Root.AcroForm.DR.Font.Form.DescendantFonts[0].CIDToGIDMap
    data = bytearray(glyphs.read_bytes())
    data[2 * ord("王") + 1] = ord("A")
    glyphs.write(bytes(data))


@spoils(checks.check_fields, "smart-worksheet")
def no_way_from_letters_to_the_font(pdf: Pdf) -> None:
    del pdf.Root.AcroForm.DR.Font.Form["/ToUnicode"]


@spoils(checks.check_fields, "smart-worksheet")
def a_hidden_field(pdf: Pdf) -> None:
    widgets(pdf)[0].F = 2


@spoils(checks.check_fields, "smart-worksheet")
def overlapping_fields(pdf: Pdf) -> None:
    widgets(pdf)[1].Rect = widgets(pdf)[0].Rect


@spoils(checks.check_fields, "smart-worksheet")
def a_field_off_the_page(pdf: Pdf) -> None:
    widgets(pdf)[0].Rect = pikepdf.Array([580, 100, 700, 120])


@spoils(checks.check_fields, "smart-worksheet")
def another_reading_order(pdf: Pdf) -> None:
    fields = list(pdf.Root.AcroForm.Fields)
    pdf.Root.AcroForm.Fields = pikepdf.Array([fields[1], fields[0], *fields[2:]])


@spoils(checks.check_fonts)
def a_foreign_font(pdf: Pdf) -> None:
    font = next(thing for thing in pdf.objects if isinstance(thing, pikepdf.Dictionary) and "/FontDescriptor" in thing)
    font.BaseFont = Name("/ABCDEF+Arial")


@spoils(checks.check_fonts)
def a_font_not_embedded(pdf: Pdf) -> None:
    font = next(thing for thing in pdf.objects if isinstance(thing, pikepdf.Dictionary) and "/FontDescriptor" in thing)
    for name in ("/FontFile2", "/FontFile3"):
        if name in font.FontDescriptor:
            del font.FontDescriptor[name]


@spoils(checks.check_fonts)
def no_way_back_to_unicode(pdf: Pdf) -> None:
    font = next(thing for thing in pdf.objects if isinstance(thing, pikepdf.Dictionary) and "/ToUnicode" in thing)
    del font["/ToUnicode"]


@spoils(checks.check_navigation)
def another_bookmark(pdf: Pdf) -> None:
    pdf.Root.Outlines.First.Title = "Chapter"


@spoils(checks.check_navigation)
def a_chapter_moved(pdf: Pdf) -> None:
    pages = pdf.pages
    pages.insert(4, pages[0])


@spoils(checks.check_navigation)
def a_link_into_nothing(pdf: Pdf) -> None:
    next(link for link in links(pdf) if "/A" not in link).Dest = pikepdf.String("nowhere")


@pytest.mark.filterwarnings("ignore::pikepdf.exceptions.PageCopyWarning")  # one mutation takes a field out of the form
@pytest.mark.parametrize(("check", "name", "mutation"), MUTATIONS, ids=lambda value: getattr(value, "__name__", value))
def test_mutation_is_caught(check: Check, name: str, mutation: Mutation, site: Any) -> None:
    path: Path = site.pdf(name, "en")
    spec: Spec = site.spec(name, "en")
    with pikepdf.open(path) as pdf:
        check(pdf, spec)  # good before
        mutation(pdf)
        spoiled = io.BytesIO()
        pdf.save(spoiled)
    with pikepdf.open(spoiled) as pdf, pytest.raises((AssertionError, KeyError, AttributeError)):
        check(pdf, spec)
