"""French typography: the spaces, quotation marks and signs of the house rule, put in where authors typed plain ones.

The rule (after Lacroux, *Orthotypographie*, and the usage of the Imprimerie nationale):
U+202F before ; ! ? and between thousands; U+00A0 before : and inside « », before units, % and €, inside
"14 h 30", "n° 5", "24 novembre" and a pair of dashes; U+2019 for apostrophes; U+2026 for three dots.
Applying it twice changes nothing. English text, code and addresses are never touched.
"""

from __future__ import annotations

import re
from functools import lru_cache
from html import unescape

from babel.dates import get_month_names

NBSP, NNBSP = "\u00a0", "\u202f"
INLINE, BLOCK = "\ue000", "\ue001"  # stand for a tag or a protected run while the text around it is mended
S = f"[ \n{NBSP}{NNBSP}]"
MONTHS = {lang: list(get_month_names("wide", locale=lang).values()) for lang in ("en", "fr")}
MONTH = f"(?:{'|'.join(MONTHS['fr'])})"
UNITS = "%|€|°C|km|cm|mm|kg|h|min|ko|Mo|Go|px|pt"

# Each with signs of which the text must hold one for the rule to find anything: looking for a sign takes no time.
_RULES: list[tuple[list[str], re.Pattern[str], str]] = [
    (needs.split(), re.compile(pattern), replacement)
    for needs, pattern, replacement in [
        ("'", rf"(?<=[^\W\d_])({INLINE}*)'", r"\1’"),
        ("... …", r"[.…]*(?:\.{3}|…)[.…]*", "…"),
        ("etc", rf"\betc\.?(?:{S}*…)+", "etc."),
        ("…", rf"(?<=[\w’,;]){S}+…", "…"),
        (
            '"',
            rf"(?<![\w\"])(?<![\w\"]{INLINE})\"{S}*([^\"«»\s{BLOCK}][^\"«»{BLOCK}]*?){S}*\"(?!\")",
            f"«{NBSP}\\1{NBSP}»",
        ),
        ("«", rf"«{S}*", f"«{NBSP}"),
        ("»", rf"{S}*»", f"{NBSP}»"),
        ("“", rf"“{S}+", "“"),
        ("”", rf"{S}+”", "”"),
        ("; ! ?", rf"(?<=[^\s{BLOCK}]){S}+(?={INLINE}*[;!?])", NNBSP),
        (":", rf"(?<=[^\s{BLOCK}]){S}+(?={INLINE}*:)", NBSP),
        ("ème eme", r"(\d)(?:ème|eme)\b", r"\1e"),
        ("0", rf"\b(0\d){S}(\d\d){S}(\d\d){S}(\d\d){S}(\d\d)(?!\d)", NBSP.join(rf"\{n}" for n in range(1, 6))),
        ("", rf"(?<![\d,.])(\d{{1,3}}){S}(?=\d{{3}}(?!\d)|\d{{3}}{S}\d{{3}}(?!\d))", rf"\1{NNBSP}"),
        ("%", rf"(\d{INLINE}*){S}*%", rf"\1{NBSP}%"),
        ("", rf"(\d{INLINE}*){S}+(?={INLINE}*(?:{UNITS})(?![\w’]))", rf"\1{NBSP}"),
        ("h", rf"(?<=\dh|{NBSP}h){S}+(?=\d\d(?!\d))", NBSP),
        ("n° art. p.", rf"\b(n°|art\.|p\.){S}+(?=\d|[LRD]\.?{S}?\d)", rf"\1{NBSP}"),
        ("§", rf"§{S}+(?=\d)", f"§{NBSP}"),
        ("M. MM. Mme Dr", rf"\b(M\.|MM\.|Mme|Mmes|Dr){S}+(?=[A-ZÀ-Ý])", rf"\1{NBSP}"),
        (
            "",
            rf"\b(\d{{1,2}}{INLINE}*|1{INLINE}?er{INLINE}*){S}+(?={INLINE}*{MONTH}\b)",
            rf"\1{NBSP}",
        ),
        ("–", rf"(?<=\S){S}–{S}([^–.!?{BLOCK}]*?){S}–(?=[ \n,.;:!?)])", f" –{NBSP}\\1{NBSP}–"),
        ("–", r"(?<=\S)[ \n]–[ \n]", f" –{NBSP}"),
    ]
]
_ORDINAL = re.compile(r"\b(1)(er|re)\b|\b(\d+|[XVI]+)(e|es)\b")


# An address as people write one into a text; what ends a sentence does not belong to it.
_ADDRESS = (
    r"""(?<![\w.+/-])(?:(?:https?://|www\.|[\w-]{1,63}(?:\.[\w-]{1,63}){0,9}\.[a-z]{2,9}/)"""
    r"""[^\s<>«»]*(?<![.,;:!?)…'"\]])|[\w.+'’-]{1,64}+@[\w-]{1,63}+(?:\.[\w-]{1,63}){1,9})"""
)


@lru_cache(2048)
def french(text: str) -> str:
    """`text` (plain, no markup, short: a title, a word of the interface) with French typography."""
    kept: list[str] = []

    def keep(address: re.Match[str]) -> str:
        kept.append(address[0])
        return INLINE

    mended = _mended(re.sub(_ADDRESS, keep, text) if "/" in text or "@" in text else text)
    return re.sub(INLINE, lambda _: kept.pop(0), mended) if kept else mended


def _mended(text: str) -> str:
    for needs, pattern, replacement in _RULES:
        if not needs or any(sign in text for sign in needs):
            text = pattern.sub(replacement, text)
    return text


_TAG = re.compile(rf"<!--.*?-->|</?([a-zA-Z][a-zA-Z0-9-]*)[^>]*>|{_ADDRESS}|&(?:#\d+|#x[0-9a-fA-F]+|\w+);", re.DOTALL)
_VERBATIM = {"code", "pre", "kbd", "samp", "script", "style", "svg", "math", "var"}
_VOID = {"br", "hr", "img", "input", "wbr", "source", "link", "meta", "col"}
_FLOW = re.compile(
    r"</?(?:p|div|ul|ol|li|dl|dt|dd|h[1-6]|table|thead|tbody|tr|t[hd]|caption|section|article|figure|figcaption"
    r"|blockquote|fieldset|legend|label|details|summary|br|hr|nav|main|header|footer|aside|form)\b"
)
_LANG = re.compile(r"""\blang=["']?([\w-]+)""")
_ATTRIBUTE = re.compile(r"""(\s(?:title|alt|aria-label|data-label|placeholder)=")([^"]*)(")""")
_SPACES = {"&nbsp;": NBSP, "&#160;": NBSP, "&#8239;": NNBSP, "&#x202f;": NNBSP, "&#x202F;": NNBSP}


def french_html(markup: str) -> str:
    """`markup` (an HTML fragment) with French typography in its text and in title, alt, aria-label and data-label.

    Left alone: code and the like, and every element whose `lang` is not French.
    """
    kept: list[str] = []
    text: list[str] = []
    protected: list[str] = []  # the open elements of a protected run, outermost first
    position = 0

    def keep(piece: str, stand_in: str) -> None:
        kept.append(piece)
        text.append(stand_in)

    for match in _TAG.finditer(markup):
        before, tag, name = markup[position : match.start()], match.group(), (match.group(1) or "").lower()
        position = match.end()
        if protected:
            kept[-1] += before + tag
            if name and tag.startswith("</") and name == protected[-1]:
                protected.pop()
            elif name and name not in _VOID and not tag.endswith("/>") and name == protected[0]:
                protected.append(name)
            continue
        text.append(before)
        if tag in _SPACES:
            text.append(_SPACES[tag])
        elif not name:
            keep(tag, INLINE)
        else:
            language = _LANG.search(tag)
            foreign = language is not None and not language.group(1).lower().startswith("fr")
            keep(tag if foreign else _mend_attributes(tag), BLOCK if _FLOW.match(tag) else INLINE)
            if (foreign or name in _VERBATIM) and not tag.startswith("</") and name not in _VOID:
                protected.append(name)
    if protected:  # an element that is never closed runs to the end
        kept[-1] += markup[position:]
    else:
        text.append(markup[position:])
    pieces = iter(kept)
    mended = _ORDINAL.sub(_superscript, _mended("".join(text)))
    return re.sub(f"[{INLINE}{BLOCK}]", lambda _: next(pieces), mended)


def _superscript(match: re.Match[str]) -> str:
    number, ending = match.group(1) or match.group(3), match.group(2) or match.group(4)
    return f"{number}<sup>{ending}</sup>"


def _mend_attributes(tag: str) -> str:
    return _ATTRIBUTE.sub(
        lambda m: m[1] + french(unescape(m[2])).replace("&", "&amp;").replace('"', "&quot;") + m[3], tag
    )
