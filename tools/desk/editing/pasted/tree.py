"""HTML from a clipboard as a tree of the kinds that the site has: of all that programs write, what a page can say."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable

from bs4 import Tag

from .clean import (
    BLOCKS,
    CONTAINERS,
    EMPHASIS,
    HEADINGS,
    HOLDERS,
    LOST,
    STRONG,
    STRUCK,
    classes,
    has_blocks,
    new,
    plain,
    style_of,
    tree_of,
)
from .lists import make_lists
from .notes import take_notes
from .tables import make_tables

# Only Word itself reads what it writes in comments: boxes with words in them, and formulas.
IN_COMMENTS = {"drawing": re.compile(r"<(?:v:textbox|w:txbxContent)\b"), "formula": re.compile(r"<m:oMath\b")}
COMMENTED = {"MsoCommentReference", "msocomanchor"}  # signs of Word that lead to a comment
HIDDEN = re.compile("display:none|mso-hide:all|mso-comment-reference")
WEIGHT, SLANT = (re.compile(rf"(?:^|;)font-{name}:(\w+)") for name in ("weight", "style"))
BOLD = ("bold", "bolder", "600", "700", "800", "900")
ORDINAL = re.compile(r"(?:er|re|e|es|ers|res|o|os|me|st|nd|rd|th)", re.IGNORECASE)
RAISED, LOWERED = (str.maketrans("0123456789", signs) for signs in ("⁰¹²³⁴⁵⁶⁷⁸⁹", "₀₁₂₃₄₅₆₇₈₉"))


class Plain:
    """A text as a tree, `root`; its `notes` in order (notes.py has the marks); what was lost, `counts`, by its name.

    `link` gives the address of a link, "" for words without one; `picture` that of a picture, "" for one that is lost.
    """

    def __init__(self, html: str, link: Callable[[str], str], picture: Callable[[Tag], str]) -> None:
        self.counts = Counter({name: len(pattern.findall(html)) for name, pattern in IN_COMMENTS.items()})
        self.root = tree_of(html)
        self._take_out()
        self._rename()
        self.notes, self.counts["mark"] = take_notes(self.root)
        for tree in (self.root, *self.notes):
            make_lists(tree)
            self._pictures(tree, picture)
            _signs(tree, link)
            make_tables(tree, self.counts)
            _flat(tree)
            tree.smooth()  # words that stood in several tags are one text, in which signs are looked for
            for text in tree.find_all(string=True):
                text.replace_with(plain(text))

    def _take_out(self) -> None:
        """What is not shown, and what the site has no kind for."""
        for tag in self.root.find_all(True):
            if [*tag.parents][-1:] != [self.root]:  # it went with what it was in
                continue
            style, name = style_of(tag), "tracked" if tag.name == "del" else LOST.get(tag.name, "")
            name = "comment" if "mso-element:comment-list" in style else name
            if name or HIDDEN.search(style) or classes(tag) & COMMENTED:
                self.counts[name] += 1
                tag.extract()
            elif tag.name in STRUCK or "line-through" in style:
                self.counts["struck"] += 1

    def _rename(self) -> None:
        """What is called otherwise elsewhere."""
        for tag in self.root.find_all(["p", "div"]):
            if tag.get("role") == "heading":  # Word for the web
                level = str(tag.get("aria-level"))
                tag.name = f"h{level}" if f"h{level}" in HEADINGS else "h6"
            elif "MsoTitle" in classes(tag):
                tag.name = "h1"
            elif classes(tag) & {"MsoQuote", "MsoIntenseQuote"}:
                tag.wrap(new("blockquote"))

    def _pictures(self, tree: Tag, picture: Callable[[Tag], str]) -> None:
        for image in tree.find_all("img"):
            if address := picture(image):
                image.attrs = {"src": address, "alt": plain(str(image.get("alt", "")))}
                self.counts["named"] += not image["alt"]
            else:
                self.counts["picture"] += image.get("width") not in ("0", "1")  # such a one only counts readers
                image.extract()


def _signs(tree: Tag, link: Callable[[str], str]) -> None:
    """Strong words, emphasis and links; all else of how words look goes."""
    for tag in tree.find_all([*STRONG, *EMPHASIS, *STRUCK, "a", "span", "font"]):
        style, address = style_of(tag), link(str(tag.get("href", ""))) if tag.name == "a" else ""
        weight, slant = WEIGHT.search(style), SLANT.search(style)
        signs = {
            "a": bool(address),
            "strong": (weight[1] in BOLD if weight else tag.name in STRONG) and not tag.find_parent(["th", *HEADINGS]),
            "em": slant[1] in ("italic", "oblique") if slant else tag.name in EMPHASIS,
        }
        for name in signs:
            if signs[name] and not tag.find_parent(name):
                tag.wrap(new(name, **({"href": address} if name == "a" else {})))
        tag.unwrap()
    for tag in tree.find_all(["sup", "sub"]):
        if not tag.get("data-note"):
            _raised(tag)
    for name in ("strong", "em", "a"):
        for tag in tree.find_all(name):
            if has_blocks(tag):
                _into_blocks(tag)
        for tag in tree.find_all(name):
            if tag.parent:
                _joined(tag)


def _raised(tag: Tag) -> None:
    """Numbers have signs of their own; French typography raises the end of « 1er » itself."""
    words, before = plain(tag.get_text()).strip(), tag.previous_sibling
    if words.isdecimal():
        tag.replace_with(words.translate(RAISED if tag.name == "sup" else LOWERED))
    elif tag.find(True) or not words or (ORDINAL.fullmatch(words) and str(before or "")[-1:].isalnum()):
        tag.unwrap()


def _into_blocks(outer: Tag) -> None:
    """Have a sign around the words of each block, and not around blocks."""
    for block in outer.find_all(BLOCKS):
        if not has_blocks(block) and block.get_text(strip=True):
            inner = new(outer.name, **{key: str(value) for key, value in outer.attrs.items()})
            inner.extend(list(block.contents))
            block.append(inner)
    outer.unwrap()


def _joined(tag: Tag) -> None:
    """One sign around words that several stood around; none around signs alone."""
    if not re.search(r"[^\W_]", tag.get_text()) and not tag.find("img"):
        tag.unwrap()
        return
    while True:
        between = tag.next_sibling
        spaces = [between] if between and isinstance(between, str) and not between.strip() else []
        after = spaces[0].next_sibling if spaces else between
        if not isinstance(after, Tag) or (after.name, after.get("href")) != (tag.name, tag.get("href")):
            return
        tag.extend([*spaces, *after.contents])
        after.extract()


def _flat(tree: Tag) -> None:
    """Blocks side by side: nothing around them but lists and quotations, no words without one, none empty."""
    for pre in tree.find_all("pre"):
        _lines(pre)
    for one in tree.find_all(["p", *HEADINGS]):
        if has_blocks(one):
            one.name = "div"
    for holder in [tree, *tree.find_all([*CONTAINERS, *HOLDERS])]:
        _in_paragraphs(holder)
    for heading in tree.find_all(HEADINGS):
        if heading.find_parent(HOLDERS):
            heading.wrap(new("p"))
            heading.name = "strong"
    for one in tree.find_all(CONTAINERS):
        one.unwrap()
    for one in reversed(tree.find_all(BLOCKS)):
        is_empty = not one.get_text(strip=True) and not one.find(["img", "sup"])
        if is_empty and one.name not in ("hr", "tr", "td", "th"):
            one.extract()
    for end in (-1, 0):
        if tree.contents and isinstance(rule := tree.contents[end], Tag) and rule.name == "hr":
            rule.extract()


def _lines(pre: Tag) -> None:
    """Lines as a mail without markup has them: paragraphs between empty ones."""
    for part in re.split(r"\n\s*\n", pre.get_text().strip()):
        pre.insert_before(paragraph := new("p"))
        for line in part.split("\n"):
            paragraph.extend([new("br"), line] if paragraph.contents else [line])
    pre.extract()


def _in_paragraphs(holder: Tag) -> None:
    """Put the words that stand beside blocks into paragraphs."""
    run: Tag | None = None
    for child in list(holder.contents):
        if isinstance(child, Tag) and child.name in BLOCKS:
            run = None
        elif run:
            run.append(child)
        elif isinstance(child, Tag) or str(child).strip():
            run = new("p")
            child.wrap(run)
        else:
            child.extract()
