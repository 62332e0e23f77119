"""What the preview adds to a page when it is served: what is wrong, drafts, and the reloading script.

None of it is ever in the output. The words are in the page's language.
"""

from __future__ import annotations

import re
from html import escape

from plugins.problems import LANGUAGES, Problem, in_language, place_of, say, translated

from .state import State

RESERVED = "/.preview/"  # no page can have this address: slugs are made of letters, figures and hyphens
LANG = re.compile(rb'<html\b[^>]*\blang="([a-z]+)"')
POLICY = re.compile(rb'(<meta http-equiv="Content-Security-Policy" content="(?:(?!script-src)[^"])*)"')
BODY = re.compile(rb"<body\b[^>]*>")


def panel(state: State, lang: str) -> str:
    """The panel's HTML in `lang`; empty when there is nothing to say."""
    parts = []
    if count := len(state.errors):
        if state.site is None:
            title = say("To mend before there is a page to show: {count}", count=count)
        else:
            title = say("To mend: {count}. Until then you see the last good page.", count=count)
        parts.append(_details("preview-errors", title, lang, [_problem(problem, lang) for problem in state.errors]))
    if state.remarks:
        title = say("Remarks: {count}", count=len(state.remarks))
        parts.append(_details("preview-warnings", title, lang, [_problem(problem, lang) for problem in state.remarks]))
    if state.drafts:
        title = say("Drafts, which are not published: {count}", count=len(state.drafts))
        links = [
            f'<a href="{escape(draft.url)}" lang="{draft.lang}" hreflang="{draft.lang}">{escape(draft.title)}</a>'
            for draft in state.drafts
        ]
        parts.append(_details("preview-drafts", title, lang, links))
    label = in_language(say("Preview"), lang)
    return f'<aside class="preview-panel" lang="{lang}" aria-label="{label}">{"".join(parts)}</aside>' if parts else ""


def _details(name: str, title: str, lang: str, items: list[str]) -> str:
    opened = " open" if name == "preview-errors" else ""
    listed = "".join(f"<li>{item}</li>" for item in items)
    summary = escape(in_language(title, lang))
    return f'<details class="{name}"{opened}><summary>{summary}</summary><ul>{listed}</ul></details>'


def _problem(problem: Problem, lang: str) -> str:
    words = translated(problem, lang)
    english = ' lang="en"' if lang != "en" and words.message == str(problem.message) else ""  # Pelican's own words
    label = in_language(say("What to do:"), lang)
    return (
        f"<p><code>{escape(place_of(problem.file, problem.line))}</code></p><p{english}>{escape(words.message)}</p>"
        f"<p><strong>{label}</strong> {escape(words.remedy)}</p>"
    )


def language_of(page: bytes, address: str) -> str:
    """The language of a page, or else of its address."""
    found = LANG.search(page[:1000])
    lang = found.group(1).decode() if found else address.strip("/").split("/")[0]
    return lang if lang in LANGUAGES else "en"


def added(page: bytes, address: str, state: State, tag: str) -> bytes:
    """`page` as it is served: with the panel, and a script that reloads it once it is no longer what `tag` names."""
    lang = language_of(page, address)
    head = (
        f'<link rel="stylesheet" href="{RESERVED}panel.css">'
        f'<script type="module" src="{RESERVED}live.js?tag={tag}"></script></head>'
    )
    # The published headers allow the site's own scripts; a page's own policy forbids even those where it has none.
    page = POLICY.sub(lambda match: match[1] + b"; script-src 'self'\"", page, count=1)
    page = page.replace(b"</head>", head.encode(), 1)
    if state.errors:
        page = page.replace(b"<title>", f"<title>{in_language(say('To mend'), lang)} – ".encode(), 1)
    return BODY.sub(lambda match: match.group() + panel(state, lang).encode(), page, count=1)


def nothing_yet(state: State, address: str) -> bytes:
    """The page shown before there is any."""
    lang = language_of(b"", address)
    title = in_language(say("Preview"), lang)
    words = say("No page could be built yet.") if state.errors else say("The first build is under way.")
    return (
        f'<!doctype html><html lang="{lang}"><head><meta charset="utf-8"><title>{title}</title></head>'
        f"<body><main><h1>{title}</h1><p>{escape(in_language(words, lang))}</p></main></body></html>"
    ).encode()
