# ruff: noqa: PT018 - two halves of one requirement share one message
"""What must hold of every PDF of this site, told as assertions; pikepdf reads, so that no writer checks itself.

Sources: ISO 14289-1 (PDF/UA-1), ISO 19005-2 (PDF/A-2), PDF 32000-1. Each check takes an open document and its `Spec`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pikepdf
from pikepdf import Name, Object, Pdf

from tests.documents.tagged import (
    attributes,
    elements,
    kids,
    kind,
    marked,
    marked_texts,
    page_annotations,
    parent_tree,
    root,
    squeeze,
    texts_of,
    widget_name,
)

A4 = (595.28, 841.89)  # pt
STANDARD = {
    "Document", "Part", "Art", "Sect", "Div", "BlockQuote", "Caption", "TOC", "TOCI", "Index", "NonStruct", "P", "H",
    "H1", "H2", "H3", "H4", "H5", "H6", "L", "LI", "Lbl", "LBody", "Table", "TR", "TH", "TD", "THead", "TBody", "TFoot",
    "Span", "Quote", "Note", "Reference", "BibEntry", "Code", "Link", "Annot", "Ruby", "Warichu", "Figure", "Formula",
    "Form",
}  # fmt: skip
PAINTING = {"Tj", "TJ", "'", '"', "S", "s", "f", "F", "f*", "B", "B*", "b", "b*", "sh", "Do", "EI", "INLINE IMAGE"}
FONTS = re.compile(r"/[A-Z]{6}\+(SourceSansPro|LibertinusSerif)-\w+(-Identity-H)?$")


@dataclass
class Spec:
    """What a document should be. `fields`: (name, kind, label, limit, [(value, label)]) in reading order."""

    lang: str
    title: str
    headings: list[tuple[int, str]] = field(default_factory=list)
    fields: list[Any] = field(default_factory=list)


Check = Callable[[Pdf, Spec], None]


# ---- 1: the document as a whole ----
def check_metadata(pdf: Pdf, spec: Spec) -> None:
    """Language, title and standards, in the catalog, in Info and in XMP alike; nothing that runs."""
    catalog = pdf.Root
    assert str(catalog.Lang).split("-")[0] == spec.lang, f"language {catalog.Lang}"
    assert catalog.MarkInfo.Marked, "not marked as tagged"
    assert catalog.ViewerPreferences.DisplayDocTitle, "the title bar would show the file name"
    xmp = bytes(catalog.Metadata.read_bytes()).decode("utf-8")
    for name, value in (("pdfuaid:part", "1"), ("pdfaid:part", "2"), ("pdfaid:conformance", "A")):
        assert re.search(rf"<{name}>{value}</{name}>|{name}=\"{value}\"", xmp), f"XMP does not say {name} {value}"
    titles = pdf.open_metadata().get("dc:title")  # not as a context, which would write it back
    assert titles == spec.title == str(pdf.docinfo["/Title"]), (
        f"titles differ: {titles!r}, {pdf.docinfo['/Title']!r}, {spec.title!r}"
    )
    assert not pdf.is_encrypted
    for name in ("/OpenAction", "/AA"):
        assert name not in catalog, f"{name} in the catalog"
    assert "/XFA" not in catalog.get("/AcroForm", {}), "XFA form"
    for thing in pdf.objects:
        if isinstance(thing, pikepdf.Dictionary):
            assert thing.get("/S") != Name.JavaScript and "/JS" not in thing, "a script"
            assert "/AA" not in thing, "additional actions"


# ---- 2: pages and their marked content ----
def check_pages(pdf: Pdf, spec: Spec) -> None:
    """A4, tab order by structure, everything painted either tagged or an artifact, MCIDs as in tree and ParentTree."""
    tree, parents = marked(pdf), parent_tree(pdf)
    seen: set[tuple[int, int]] = set()
    for number, page in enumerate(pdf.pages):
        width, height = (float(page.mediabox[2] - page.mediabox[0]), float(page.mediabox[3] - page.mediabox[1]))
        assert abs(width - A4[0]) < 0.5 and abs(height - A4[1]) < 0.5, f"page {number + 1} is {width} × {height} pt"
        assert page.obj.get("/Tabs") == Name.S or not page.obj.get("/Annots"), (
            f"page {number + 1}: tab order not by structure"
        )
        mcids = content_ids(page, number)
        seen |= {(number, mcid) for mcid in mcids}
        if mcids:
            owners = parents[int(page.obj.StructParents)]
            for mcid in mcids:
                assert (number, mcid) in tree, f"page {number + 1}: marked content {mcid} is not in the tag tree"
                assert owners[mcid].objgen == tree[number, mcid].objgen, (
                    f"page {number + 1}: the ParentTree gives {mcid} to another element"
                )
    assert seen == set(tree), f"the tag tree names content that no page has: {sorted(set(tree) - seen)[:5]}"


def content_ids(page: Any, number: int) -> set[int]:
    """The MCIDs of a page; every painting operator must stand in one of them or in an artifact."""
    stack: list[int | str] = []
    found: set[int] = set()
    stream: Any = pikepdf.parse_content_stream(page)
    for operands, operator in stream:
        name = str(operator)
        if name in ("BDC", "BMC"):
            properties = operands[1] if len(operands) > 1 else {}
            if operands[0] == Name.Artifact:
                stack.append("artifact")
            elif isinstance(properties, pikepdf.Dictionary) and "/MCID" in properties:
                mcid = int(properties.MCID)
                assert mcid not in found, f"page {number + 1}: MCID {mcid} twice"
                found.add(mcid)
                stack.append(mcid)
            else:
                stack.append("other")
        elif name == "EMC":
            stack.pop()
        elif name in PAINTING:
            assert any(entry != "other" for entry in stack), (
                f"page {number + 1}: {name} paints outside tags and artifacts"
            )
    return found


# ---- 3: the tag tree ----
def check_structure(pdf: Pdf, spec: Spec) -> None:
    """One Document; standard types; headings in order; alternative texts; regular tables; proper lists and contents."""
    tops = kids(root(pdf))
    assert len(tops) == 1 and kind(pdf, tops[0]) == "Document", "more than one top element, or not a Document"
    level = 0
    parents: dict[Any, str] = {}
    for element in elements(root(pdf)):
        name = kind(pdf, element)
        assert name in STANDARD, f"{element.S} is not a standard type"
        for kid in kids(element):
            if isinstance(kid, pikepdf.Dictionary) and "/S" in kid:
                parents[kid.objgen] = name
        if match := re.fullmatch(r"H([1-6])", name):
            depth = int(match[1])
            assert depth <= level + 1, f"a heading jumps from level {level} to {depth}"
            level = depth
        if name in ("Figure", "Formula"):
            assert str(element.get("/Alt", "")).strip(), "a figure without alternative text"
            assert not str(element.Alt).startswith("field:"), "a field that was not made"
        if name == "Table":
            check_table(pdf, element)
        parent = parents.get(element.objgen)
        for child, holders in {
            "LI": {"L"},
            "LBody": {"LI"},
            "TOCI": {"TOC"},
            "TR": {"THead", "TBody", "TFoot", "Table"},
            "TH": {"TR"},
            "TD": {"TR"},
        }.items():
            assert name != child or parent in holders, f"{name} inside {parent}"
    if spec.headings:
        texts = texts_of(pdf)
        found = [
            (int(kind(pdf, element)[1]), squeeze(texts[element.objgen]))
            for element in elements(root(pdf))
            if re.fullmatch(r"H[1-6]", kind(pdf, element))
        ]
        said = [(depth, squeeze(text)) for depth, text in spec.headings]
        assert [depth for depth, _ in found] == [depth for depth, _ in said], (
            f"levels of headings differ: {found} / {said}"
        )
        for (_, there), (_, wanted) in zip(found, said, strict=True):
            assert there.endswith(wanted), f"heading {there!r} should be {wanted!r}"


def check_table(pdf: Pdf, table: Object) -> None:
    rows = [element for element in elements(table) if kind(pdf, element) == "TR"]
    widths = {len(kids(row)) for row in rows}
    assert len(widths) == 1, f"a table with rows of {sorted(widths)} cells"
    for row in rows:
        for number, cell in enumerate(kids(row)):
            scopes = [str(attribute.get("/Scope", "")) for attribute in attributes(cell)]
            name = kind(pdf, cell)
            if name == "TH":
                assert any(scope in ("/Row", "/Column", "/Both") for scope in scopes), "a header cell without a scope"
            assert number > 0 or name == "TH", "the first cell of a row is not a header"


# ---- 4: annotations ----
def check_annotations(pdf: Pdf, spec: Spec) -> None:
    """Every annotation is in the tree, both ways; every link says where it leads."""
    parents = parent_tree(pdf)
    held = {
        kid.Obj.objgen: element
        for element in elements(root(pdf))
        for kid in kids(element)
        if isinstance(kid, pikepdf.Dictionary) and kid.get("/Type") == "/OBJR"
    }
    for _, annotation in page_annotations(pdf):
        assert annotation.objgen in held, (
            f"an annotation outside the tag tree: {annotation.get('/Contents', annotation.get('/TU'))}"
        )
        assert parents[int(annotation.StructParent)].objgen == held[annotation.objgen].objgen, (
            "a StructParent leads to another element"
        )
        if annotation.Subtype == Name.Link:
            said = str(annotation.get("/Contents", ""))
            assert said.strip(), "a link that says nothing"
            assert not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)+", said), f"a link that says {said!r}"
            assert kind(pdf, held[annotation.objgen]) == "Link", "a link outside a Link element"


# ---- 5: form fields ----
def check_fields(pdf: Pdf, spec: Spec) -> None:
    """The fields are those specified, in that order, with labels, limits, appearances, an embedded font, no overlap."""
    form = pdf.Root.get("/AcroForm")
    if not spec.fields:
        assert form is None or not form.Fields, "fields where none are specified"
        return
    assert form is not None, "no form"
    assert "/NeedAppearances" not in form, "NeedAppearances"
    names = [str(entry.T) for entry in form.Fields]
    assert len(set(names)) == len(names), "a field name twice"
    assert names == [entry.name for entry in spec.fields], (
        "fields differ from the specification, or are in another order"
    )
    fonts = form.DR.Font
    for entry, wanted in zip(form.Fields, spec.fields, strict=True):
        assert str(entry.TU) == wanted.label, f"{wanted.name}: tooltip {entry.TU}, label {wanted.label}"
        if wanted.options:
            assert [state(kid) for kid in entry.Kids] == [value for value, _ in wanted.options], (
                f"{wanted.name}: options differ"
            )
            continue
        assert Name.Tx == entry.FT and int(entry.MaxLen) == wanted.limit, (
            f"{wanted.name}: limit {entry.get('/MaxLen')}, specified {wanted.limit}"
        )
        check_typing(wanted.name, str(entry.DA), fonts)
    order = [
        widget_name(kid.Obj) for element in elements(root(pdf)) if kind(pdf, element) == "Form" for kid in kids(element)
    ]
    assert list(dict.fromkeys(order)) == names, "the reading order of the fields differs from their order"
    for element in elements(root(pdf)):
        if kind(pdf, element) == "Form":
            assert [kid.get("/Type") for kid in kids(element)] == ["/OBJR"], "a Form without exactly one widget"
    check_widgets(pdf)


def check_typing(name: str, appearance: str, fonts: Any) -> None:
    """What a person types is set in an embedded font with letters beyond a code page, and as small as it has to be."""
    used = re.findall(r"/(\w+) ([\d.]+) Tf", appearance)
    assert used, f"{name}: no font to type with"
    for resource, size in used:
        assert float(size) == 0, f"{name}: text beyond the box would be hidden, not set smaller"
        assert f"/{resource}" in fonts, f"{name}: its font is not in the form's resources"
        font = fonts[f"/{resource}"]
        assert font.Subtype == Name.Type0 and font.Encoding == Name("/Identity-H"), f"{name}: a font of one code page"
        assert "/ToUnicode" in font, f"{name}: no way from what is typed to its font"
        descendant = font.DescendantFonts[0]
        assert "/FontFile2" in descendant.FontDescriptor, f"{name}: its font is not embedded"
        glyphs = descendant.CIDToGIDMap.read_bytes()
        numbers = [int.from_bytes(glyphs[place : place + 2], "big") for place in range(0, len(glyphs), 2)]
        assert len(numbers) == 1 << 16, f"{name}: PDFium would draw nothing for a letter that the font lacks"
        assert all(glyph in (0, code) for code, glyph in enumerate(numbers)), (
            f"{name}: PDFium would draw another letter for one that the font lacks"
        )
        assert int(descendant.get("/DW", 1000)) >= 1000, f"{name}: pdf.js would not see that a line is too long"


def check_widgets(pdf: Pdf) -> None:
    boxes: dict[Any, list[tuple[float, ...]]] = {}
    for page, widget in page_annotations(pdf):
        if widget.Subtype != Name.Widget:
            continue
        assert int(widget.F) == 4, f"{widget_name(widget)}: flags {widget.F}"
        assert "/TU" in widget, f"{widget_name(widget)}: a widget without a tooltip"
        appearances: Any = widget.get("/AP", {})
        normal = appearances.get("/N")
        assert normal is not None, f"{widget_name(widget)}: no appearance"
        if "/Parent" in widget:
            assert "/Off" in normal and len(normal.keys()) == 2, f"{widget_name(widget)}: an option needs On and Off"
        left, bottom, right, top = (float(edge) for edge in widget.Rect)
        assert 0 < left < right < A4[0] and 0 < bottom < top < A4[1], f"{widget_name(widget)}: outside the page"
        for other in boxes.get(page.obj.objgen, []):
            apart = right <= other[0] or left >= other[2] or top <= other[1] or bottom >= other[3]
            assert apart, f"{widget_name(widget)}: overlaps another field"
        boxes.setdefault(page.obj.objgen, []).append((left, bottom, right, top))


def state(widget: Object) -> str:
    return next(str(name)[1:] for name in widget.AP.N if name != "/Off")


# ---- 7: fonts and text ----
def check_fonts(pdf: Pdf, spec: Spec) -> None:
    """Only our faces, embedded, with a way back to Unicode; no character is lost."""
    for thing in pdf.objects:
        if (
            isinstance(thing, pikepdf.Dictionary)
            and thing.get("/Type") == Name.Font
            and "/DescendantFonts" not in thing
        ):
            assert FONTS.match(str(thing.BaseFont)), f"a font that is not ours: {thing.BaseFont}"
            assert any(name in thing.FontDescriptor for name in ("/FontFile2", "/FontFile3")), (
                f"{thing.BaseFont} is not embedded"
            )
        if isinstance(thing, pikepdf.Dictionary) and thing.get("/Subtype") == Name.Type0:
            assert "/ToUnicode" in thing, f"{thing.BaseFont} has no ToUnicode"
    lost = [place for place, text in marked_texts(pdf).items() if "\ufffd" in text]
    assert not lost, f"text without Unicode on pages {sorted({page + 1 for page, _ in lost})}"


# ---- 8: bookmarks, contents, destinations ----
def check_navigation(pdf: Pdf, spec: Spec) -> None:
    """Bookmarks are the headings; a number in the contents is the page where its heading is; internal links resolve."""
    texts = texts_of(pdf)
    pages = {page.obj.objgen: number for number, page in enumerate(pdf.pages)}
    names = destinations(pdf)
    headings = [element for element in elements(root(pdf)) if re.fullmatch(r"H[1-6]", kind(pdf, element))]
    titles = [squeeze(texts[element.objgen]) for element in headings]
    with pdf.open_outline() as outline:

        def flat(items: Any) -> Iterator[Any]:
            for item in items:
                yield item
                yield from flat(item.children)

        for item in flat(outline.root):
            assert any(
                title.endswith(squeeze(item.title)) or squeeze(item.title).endswith(title) for title in titles
            ), f"a bookmark that is no heading: {item.title}"
        assert len(list(flat(outline.root))) >= len(titles) - 1, "a heading without a bookmark"
    for _, annotation in page_annotations(pdf):
        if annotation.get("/Subtype") == Name.Link and "/A" not in annotation:
            target: Any = annotation.Dest
            target = names.get(str(target)) if isinstance(target, (pikepdf.String, pikepdf.Name)) else target
            assert target is not None and target[0].objgen in pages, (
                f"a link into nothing: {annotation.get('/Contents')}"
            )
    for entry in (element for element in elements(root(pdf)) if kind(pdf, element) == "TOCI"):
        link = next(
            kid.Obj
            for element in [entry, *elements(entry)]
            for kid in kids(element)
            if isinstance(kid, pikepdf.Dictionary) and kid.get("/Type") == "/OBJR"
        )
        printed = re.search(r"(\d+)$", texts[entry.objgen].strip())
        target = link.Dest if isinstance(link.Dest, pikepdf.Array) else names[str(link.Dest)]
        assert printed and int(printed[1]) == pages[target[0].objgen] + 1, (
            f"the contents send to page {printed and printed[1]}, the chapter is on {pages[target[0].objgen] + 1}"
        )


def destinations(pdf: Pdf) -> dict[str, Any]:
    """Named destinations, as arrays."""

    def leaves(node: Object) -> Iterator[tuple[str, Any]]:
        pairs: Any = node.get("/Names", [])
        for index in range(0, len(pairs), 2):
            value = pairs[index + 1]
            yield str(pairs[index]), value.D if isinstance(value, pikepdf.Dictionary) else value
        for kid in node.get("/Kids", []):
            yield from leaves(kid)

    names: Any = pdf.Root.get("/Names", {})
    tree = names.get("/Dests")
    found = dict(leaves(tree)) if tree is not None else {}
    return found | {str(key): value for key, value in pdf.Root.get("/Dests", {}).items()}


CHECKS: list[Check] = [
    check_metadata,
    check_pages,
    check_structure,
    check_annotations,
    check_fields,
    check_fonts,
    check_navigation,
]
