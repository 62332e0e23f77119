"""Pages in pairs: which page is which in the other language, addresses, menus, breadcrumbs."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import partial
from typing import Any

from jinja2 import pass_context
from jinja2.runtime import Context
from pelican.contents import Content
from pelican.generators import ArticlesGenerator, PagesGenerator

from plugins.build import LANGUAGES, Build, build_of
from plugins.trajectory import stations

from ..problems import ROOT, Problem, nearest, say, shown_path
from ..problems.lines import line_matching
from .catalogs import language_of

# HTML typed by hand may have single quotation marks, capitals, and spaces around the sign of equality.
TAG = re.compile(r"""<[a-z](?:[^<>"']|"[^"]*"|'[^']*')*>""", re.IGNORECASE)
ADDRESS = re.compile(r"""(\b(?:href|src)\s*=\s*["'])([/#])(?!/)""", re.IGNORECASE)
SETTINGS = ROOT / "pelicanconf.py"


def contents_of(generators: list[Any]) -> Iterator[Content]:
    """Every published page and article of this build, in both languages."""
    for generator in generators:
        if isinstance(generator, PagesGenerator):
            yield from generator.pages
        elif isinstance(generator, ArticlesGenerator):
            yield from generator.articles


def is_article(content: Content) -> bool:
    return type(content).__name__ in ("Article", "Draft")


class Site:
    """Every page by language and translation key; the questions templates ask about them."""

    def __init__(self, build: Build) -> None:
        self.build = build
        self.pages: dict[str, dict[str, Content]] = {lang: {} for lang in build.languages}
        self.articles: dict[str, list[Content]] = {lang: [] for lang in build.languages}
        self._by_key: dict[tuple[str, str], Content] = {}
        self._by_slug: dict[tuple[str, str], Content] = {}
        self.drafts: dict[tuple[str, str], Content] = {}
        self.contents: list[Content] = []

    def fill(self, contents: list[Content], drafts: Iterable[Content] = ()) -> None:
        """Take in the contents of one build, newest articles first."""
        self.contents = contents
        self.drafts = {(draft.lang, draft.key): draft for draft in drafts}
        for content in contents:
            self._by_key[content.lang, content.key] = content
            if is_article(content):
                self.articles[content.lang].append(content)
            else:
                self.pages[content.lang][content.key] = content
                self._by_slug[content.lang, content.slug] = content
        for articles in self.articles.values():
            articles.sort(key=lambda article: (article.date, article.key), reverse=True)

    def keys(self, lang: str) -> list[str]:
        """The translation key of every published page and article in `lang`."""
        return [key for language, key in self._by_key if language == lang]

    def find(self, key: str, lang: str) -> Content:
        """The page or article with this translation key. Raises LookupError, naming the nearest key there is."""
        found = self._by_key.get((lang, key))
        if found is None:
            raise LookupError(f'there is no page "{key}" in content/{lang}.{nearest(key, self.keys(lang))}')
        return found

    def of_source(self, lang: str, key: str) -> Content | None:
        """The page, article or draft of content/<lang>/…/<key>.md; None for a section of a document."""
        return self._by_key.get((lang, key)) or self.drafts.get((lang, key))

    def other(self, content: Content) -> Content | None:
        """The same page in the other language, or None where the front matter says why there is none."""
        drafts = self.drafts if getattr(content, "status", None) == "draft" else {}
        for lang in self.build.languages:
            if lang != content.lang and (
                found := self._by_key.get((lang, content.key)) or drafts.get((lang, content.key))
            ):
                return found
        return None

    def link(self, content: Content) -> str:
        """The root-relative address of a page, `/en/faq/`."""
        return f"{self.build.settings['SITEURL']}/{content.url}"

    def absolute(self, target: Content | str) -> str:
        """The full address of a page or of a path under the root, `https://…/en/faq/`."""
        path = target if isinstance(target, str) else target.url
        return f"{self.build.address}/{path.lstrip('/')}"

    def absolute_links(self, markup: str, content: Content) -> str:
        """`markup` of the page `content` with full addresses, for readers that show it elsewhere (feeds)."""
        places = {"/": self.absolute("/"), "#": f"{self.absolute(content)}#"}

        def whole(tag: re.Match[str]) -> str:
            return ADDRESS.sub(lambda match: f"{match[1]}{places[match[2]]}", tag[0])

        return TAG.sub(whole, markup)

    def alternates(self, content: Content) -> list[dict[str, Any]]:
        """The page in each language it exists in, itself first (what `hreflang` wants: reciprocal and with self)."""
        pair = [content] + ([other] if (other := self.other(content)) else [])
        names = self.build.languages
        return [
            {"lang": page.lang, "name": names[page.lang].name, "url": self.absolute(page), "page": page}
            for page in pair
        ]

    def menu(self, name: str, lang: str) -> list[Content]:
        """The pages of one menu of content/data/navigation.toml, in its order."""
        return [self.find(key, lang) for key in self.build.menus[name]]

    def breadcrumbs(self, content: Content) -> list[Content]:
        """From the home page down to `content`, by the parts of its slug; articles hang under their index."""
        trail = [self.find("home", content.lang)]
        if is_article(content):
            trail.append(self.find("articles", content.lang))
        parts = content.slug.split("/")[:-1]
        above = ("/".join(parts[: n + 1]) for n in range(len(parts)))
        trail += [self._by_slug[content.lang, slug] for slug in above if (content.lang, slug) in self._by_slug]
        return trail + ([content] if content.key != "home" else [])

    def modality_number(self, content: Content) -> int | None:
        """From 1 on the pages of the modalities, None elsewhere."""
        keys = self.build.menus["modalities"]
        return keys.index(content.key) + 1 if content.key in keys else None

    def modality(self, content: Content, step: int) -> Content | None:
        """The modality `step` places after this one (-1: before), or None past either end."""
        keys, number = self.build.menus["modalities"], self.modality_number(content)
        place = (number or 0) - 1 + step
        return self.find(keys[place], content.lang) if number and 0 <= place < len(keys) else None


def refuse_others(build: Build) -> None:
    """Report languages that are not the two this site is written in, and go on with these."""
    if set(build.languages) == set(LANGUAGES):
        return
    message = say(
        "this site is in English and French (en, fr), and the languages set here are: {languages}",
        languages=", ".join(build.languages),
    )
    remedy = say(
        "Set these two: every text, document and legal page exists in both. Another language is work on the code; "
        "ask whoever looks after it."
    )
    lines = SETTINGS.read_text(encoding="utf-8").split("\n")
    build.report(Problem(shown_path(SETTINGS), line_matching(r"^\s*languages=", lines), message, remedy))
    build.languages = LANGUAGES


def install_functions(generator: Any) -> None:
    """On `generator_init`: let templates ask the site. It is filled once every generator has read its files."""
    build, env = build_of(generator.settings), generator.env
    if not hasattr(build, "site"):  # one for all generators
        build.site = Site(build)
    site = build.site

    @pass_context
    def find(context: Context, key: str, lang: str | None = None) -> Content:
        return site.find(key, lang or language_of(context))

    @pass_context
    def menu(context: Context, name: str) -> list[Content]:
        return site.menu(name, language_of(context))

    env.globals.update(
        languages=build.languages,
        find=find,
        menu=menu,
        other=site.other,
        link=site.link,
        absolute=site.absolute,
        alternates=site.alternates,
        breadcrumbs=site.breadcrumbs,
        modality_number=site.modality_number,
        stations_of_line=partial(stations, build),
        previous_modality=lambda content: site.modality(content, -1),
        next_modality=lambda content: site.modality(content, 1),
        x_default=f"{build.address}/",
        pages_in=site.pages,
        articles_in=site.articles,
    )
    env.filters["absolute_links"] = site.absolute_links
