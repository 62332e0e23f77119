"""A tagged PDF read back: its tag tree, the ParentTree, and the text of each element by the fonts' Unicode maps."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pikepdf
from pikepdf import Object, Pdf


def kids(element: Object) -> list[Any]:
    value = element.get("/K")
    if value is None:
        return []
    return list(value) if isinstance(value, pikepdf.Array) else [value]


def elements(element: Object) -> Iterator[Object]:
    """Structure elements under `element`, itself left out, in reading order."""
    for kid in kids(element):
        if isinstance(kid, pikepdf.Dictionary) and "/S" in kid:
            yield kid
            yield from elements(kid)


def root(pdf: Pdf) -> Object:
    return pdf.Root.StructTreeRoot


def kind(pdf: Pdf, element: Object) -> str:
    """The standard type of an element, through the role map."""
    name = str(element.S)
    roles: Any = root(pdf).get("/RoleMap", {})
    return str(roles.get(name, name)).lstrip("/")


def marked(pdf: Pdf) -> dict[tuple[int, int], Object]:
    """(page number, MCID) -> element, as the tree has it."""
    pages = {page.obj.objgen: number for number, page in enumerate(pdf.pages)}
    found: dict[tuple[int, int], Object] = {}
    for element in elements(root(pdf)):
        for kid in kids(element):
            if isinstance(kid, int):
                found[pages[element.Pg.objgen], kid] = element
            elif kid.get("/Type") == "/MCR":
                page = kid.get("/Pg", element.get("/Pg"))
                found[pages[page.objgen], int(kid.MCID)] = element
    return found


def parent_tree(pdf: Pdf) -> dict[int, Object]:
    def leaves(node: Object) -> Iterator[tuple[int, Object]]:
        numbers: Any = node.get("/Nums", [])
        for index in range(0, len(numbers), 2):
            yield int(numbers[index]), numbers[index + 1]
        for kid in node.get("/Kids", []):
            yield from leaves(kid)

    pairs = list(leaves(root(pdf).ParentTree))
    assert len({key for key, _ in pairs}) == len(pairs), "a key stands twice in the ParentTree"
    return dict(pairs)


def page_annotations(pdf: Pdf) -> Iterator[tuple[Any, Object]]:
    for page in pdf.pages:
        for annotation in page.obj.get("/Annots", []):
            yield page, annotation


def widget_name(widget: Object) -> str:
    return str(widget.T if "/T" in widget else widget.Parent.T)


def texts_of(pdf: Pdf) -> dict[Any, str]:
    """Object number of each element -> its text, by its marked content."""
    texts = marked_texts(pdf)
    own: dict[Any, list[str]] = {}
    for place, owner in marked(pdf).items():
        own.setdefault(owner.objgen, []).append(texts.get(place, ""))

    def gather(element: Object) -> str:
        text = "".join(own.get(element.objgen, [])) + "".join(
            gather(kid) for kid in kids(element) if isinstance(kid, pikepdf.Dictionary) and "/S" in kid
        )
        found[element.objgen] = text
        return text

    found: dict[Any, str] = {}
    for top in kids(root(pdf)):
        gather(top)
    return found


def squeeze(text: str) -> str:
    """Text without the differences that setting it makes: spaces, soft hyphens, ligatures."""
    return re.sub(r"[\s\u00ad\u200b\u2060]+", "", text.replace("\u2011", "-").replace("ﬁ", "fi").replace("ﬂ", "fl"))


def marked_texts(pdf: Pdf) -> dict[tuple[int, int], str]:
    """(page, MCID) -> the text in it, through the fonts' ToUnicode maps."""
    found: dict[tuple[int, int], str] = {}
    for number, page in enumerate(pdf.pages):
        fonts = {name: to_unicode(font) for name, font in page.obj.Resources.get("/Font", {}).items()}
        stack: list[int | None] = []
        font: dict[bytes, str] = {}
        stream: Any = pikepdf.parse_content_stream(page)
        for operands, operator in stream:
            name = str(operator)
            if name in ("BDC", "BMC"):
                properties = operands[1] if len(operands) > 1 else {}
                mcid = (
                    int(properties.MCID)
                    if isinstance(properties, pikepdf.Dictionary) and "/MCID" in properties
                    else None
                )
                stack.append(mcid)
                actual = properties.get("/ActualText") if isinstance(properties, pikepdf.Dictionary) else None
                if actual is not None and (inside := current(stack)) is not None:
                    found[number, inside] = found.get((number, inside), "") + str(actual)
            elif name == "EMC":
                stack.pop()
            elif name == "Tf":
                font = fonts[str(operands[0])]
            elif name in ("Tj", "TJ") and (inside := current(stack)) is not None:
                pieces = operands[0] if name == "TJ" else [operands[0]]
                codes = b"".join(bytes(piece) for piece in pieces if isinstance(piece, pikepdf.String))
                text = "".join(font.get(codes[place : place + 2], "\ufffd") for place in range(0, len(codes), 2))
                found[number, inside] = found.get((number, inside), "") + text
    return found


def current(stack: list[int | None]) -> int | None:
    return next((entry for entry in reversed(stack) if entry is not None), None)


def to_unicode(font: Object) -> dict[bytes, str]:
    """A two-byte font's ToUnicode map."""
    if "/ToUnicode" not in font:
        return {}
    text = bytes(font.ToUnicode.read_bytes()).decode("latin-1")
    found: dict[bytes, str] = {}
    for block in re.findall(r"beginbfchar(.*?)endbfchar", text, re.S):
        for code, target in re.findall(r"<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>", block):
            found[bytes.fromhex(code)] = bytes.fromhex(target).decode("utf-16-be")
    for block in re.findall(r"beginbfrange(.*?)endbfrange", text, re.S):
        for first, last, target in re.findall(r"<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>", block):
            start = int(target, 16)
            for offset in range(int(last, 16) - int(first, 16) + 1):
                found[(int(first, 16) + offset).to_bytes(len(first) // 2, "big")] = chr(start + offset)
    return found


def attributes(element: Object) -> list[Object]:
    value: Any = element.get("/A", [])
    return list(value) if isinstance(value, pikepdf.Array) else [value]
