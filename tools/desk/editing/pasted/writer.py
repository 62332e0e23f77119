"""A tree of the site's kinds as Markdown, its words never taken for signs."""

from __future__ import annotations

import re

from bs4 import Tag
from markdownify import MarkdownConverter

# What Markdown, its additions here or Jinja would take for signs, and what keeps them words (plugins/reader).
SIGNS: list[tuple[re.Pattern[str], str]] = [
    (re.compile(pattern, re.MULTILINE), escaped)
    for pattern, escaped in [
        (r"\\(?=[\\`*_{}\[\]()>#+\-.!|]|$)", r"\\\\"),
        (r"&(?=#?\w+;)", "&amp;"),
        (r"<(?=[\w/!?])", "&lt;"),
        (r"\{(?=[{#])", r"{\\"),
        (r"\{(?=%)", "&#123;"),
        (r"\{(?=:|filename|static|attach)", r"\\{"),
        (r"`", r"\\`"),
        (r"(?<!\s)\*|\*(?!\s|$)", r"\\*"),
        (r"(?<![^\W_])_|_(?![^\W_])", r"\\_"),
        (r"\](?=[(\[:])", "&#93;"),
        (r"\[(?=\^|[^\]]*&#93;|[ xX]?\])", r"\\["),
        (r"~(?=~)", "&#126;"),
        (r"=(?==\w)", "&#61;"),
    ]
]
STARTS: list[tuple[re.Pattern[str], str]] = [  # the same, at the beginning of a line only
    (re.compile(pattern, re.MULTILINE), escaped)
    for pattern, escaped in [
        (r"^([-+#>|]|\*(?=\s)|!(?=!!))", r"\\\1"),
        (r"^(\d{1,3})([.)])(?=\s|$)", r"\1\\\2"),
        (r"^:(?=\s)", "&#58;"),
        (r"^=(?=[=\s]*$)", "&#61;"),
        (r"^~(?=~~)", "&#126;"),
    ]
]


class Writer(MarkdownConverter):
    """markdownify, with this site's signs: lists nested by four spaces, tables, notes by their `names`."""

    def __init__(self, names: list[str]) -> None:
        super().__init__(heading_style="atx", bullets="-", sub_symbol="<sub>", keep_inline_images_in=["td", "th"])
        self.names = names

    def written(self, tree: Tag) -> str:
        """A tree of `Plain` as Markdown."""
        return re.sub(r"\n{3,}", "\n\n", str(self.convert_soup(tree))).strip()

    def escape(self, text: str, parent_tags: set[str]) -> str:
        for pattern, escaped in SIGNS:
            text = pattern.sub(escaped, text)
        if "a" in parent_tags:
            text = re.sub(r"(?<!\\)[\[\]]", r"\\\g<0>", text)
        return text.replace("|", r"\|") if "table" in parent_tags else text

    def convert_p(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        lines = re.split(r" *\n", re.sub(r" {2,}(?!\n)", " ", text).strip())
        text = "\n".join(line.strip() for line in lines)
        for pattern, escaped in STARTS:
            text = pattern.sub(escaped, text)
        paragraphs = re.split(r"\n{2,}", text.strip())
        return "\n\n" + "\n\n".join(part.replace("\n", "  \n") for part in paragraphs) + "\n\n"

    def convert_br(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        return " " if "_inline" in parent_tags else "\n"

    def convert_li(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        sign = "-"
        if el.parent and el.parent.name == "ol":
            start = str(el.parent.get("start", ""))
            sign = f"{(int(start) if start.isdecimal() else 1) + len(el.find_previous_siblings('li'))}."
        text = re.sub(r"\n{3,}", "\n\n", text.strip())
        if len(el.find_all(["p", "blockquote", "table"], recursive=False)) < 2:
            text = re.sub(r"\n\n(?= *(?:-|\d+\.) )", "\n", text)
        return f"{sign} " + re.sub(r"\n(?!\n)", "\n    ", text) + "\n" if text else ""

    def convert_a(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        address = re.sub(r"[\s()<>|`\\]", lambda sign: f"%{ord(sign[0]):02X}", str(el["href"]))
        inner = text.strip()
        before, after = text[: len(text) - len(text.lstrip())], text[len(text.rstrip()) :]
        return f"{before}[{inner}]({address}){after}" if inner else text

    def convert_sup(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        if number := el.get("data-note"):
            return f"[^{self.names[int(str(number)) - 1]}]"
        return f"<sup>{text}</sup>"

    def convert_td(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        return f" {' '.join(text.split())} |"

    convert_th = convert_td

    def convert_tr(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        return f"|{text}\n" + ("" if el.find_previous_sibling() else f"|{'---|' * len(el.find_all('th'))}\n")
