"""The generators to compare, each with the same articles in its own form. All but ours are optional installs."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from bench.corpus import LANGUAGES, Article, articles, hugo_site, project, write


@dataclass(frozen=True)
class Generator:
    """How a tool makes a site of N articles in two languages."""

    name: str
    make: Callable[[Path, int], Path]  # (folder, N) -> the folder
    command: list[str]
    output: str
    kept: list[str]  # patterns of what earlier builds leave beside the output; a clean build has none of it
    source: str  # of an article, with {key} and {lang}
    page: str
    versions: list[str] = field(default_factory=list)  # a command that prints its version

    def version(self) -> str:
        """Its own word for its version, figures only."""
        said = subprocess.run(self.versions, capture_output=True, text=True, check=False)
        found = re.search(r"\d+\.\d+(\.\d+)?", said.stdout + said.stderr)
        return found[0] if found else "?"


def this_site() -> Generator:
    """This project as it is: full theme, every plugin, PDFs."""
    command = [sys.executable, "-m", "invoke", "build"]
    kept = [".cache/pages", ".cache/templates", ".cache/documents/*.json"]  # PDFs and pictures: see builds.py
    source, page = "content/{lang}/articles/{key}.md", "{lang}/articles/{key}/index.html"
    version = [sys.executable, "-c", "import pelican; print(pelican.__version__)"]
    return Generator("this site", project, command, "output/preview", kept, source, page, version)


def plain_pelican(python: str, subsites: bool = False) -> Generator:
    """Pelican with its own `simple` theme and nothing else, or with a nested build per language."""

    def make(folder: Path, count: int) -> Path:
        for article in articles(count):
            body = re.sub(r"\(@([\w-]+)\)", rf"({{filename}}\1.{article.lang}.md)", article.body)
            head = f"Title: {article.title}\nDate: {article.date}\nSlug: {article.key}\nLang: {article.lang}\n"
            write(
                folder / "content" / f"{article.key}.{article.lang}.md",
                f"{head}Summary: {article.description}\n\n{body}",
            )
        places = 'ARTICLE_URL = ARTICLE_LANG_URL = "{lang}/{slug}/"\n' if not subsites else 'ARTICLE_URL = "{slug}/"\n'
        places += places.replace("URL", "SAVE_AS").replace('/"', '/index.html"')
        plugins = 'PLUGINS = ["i18n_subsites"]\nI18N_SUBSITES = {"fr": {}}\n' if subsites else ""
        settings = 'PATH, DEFAULT_LANG, TIMEZONE, THEME = "content", "en", "Europe/Paris", "simple"\n'
        feeds = "FEED_ALL_ATOM = TRANSLATION_FEED_ATOM = CATEGORY_FEED_ATOM = AUTHOR_FEED_ATOM = None\n"
        write(
            folder / "pelicanconf.py", f"{settings}{feeds}{places}{plugins}CACHE_CONTENT = LOAD_CONTENT_CACHE = True\n"
        )
        return folder

    name, page = (
        ("Pelican + i18n-subsites", "{sub}{key}/index.html") if subsites else ("Pelican", "{lang}/{key}/index.html")
    )
    command = [python, "-m", "pelican", "-q"]
    version = [python, "-c", "import pelican; print(pelican.__version__)"]
    return Generator(name, make, command, "output", ["cache"], "content/{key}.{lang}.md", page, version)


def hugo(program: str) -> Generator:
    """Hugo, with a theme of the same parts as ours (bench/hugo)."""
    source, page = "content/{lang}/articles/{key}.md", "{lang}/articles/{key}/index.html"
    return Generator(
        "Hugo", hugo_site, [program, "--quiet"], "public", ["resources"], source, page, [program, "version"]
    )


def nikola(program: str) -> Generator:
    """Nikola with its default theme."""

    def make(folder: Path, count: int) -> Path:
        for article in articles(count):
            name = f"{article.key}.md" if article.lang == "en" else f"{article.key}.fr.md"
            matter = {"title": article.title, "slug": article.key, "date": f"{article.date} 08:00:00 UTC"}
            head = "".join(f".. {name}: {value}\n" for name, value in matter.items())
            write(folder / "posts" / name, f"<!--\n{head}-->\n\n{_linked(article, '/posts')}")
        write(
            folder / "conf.py",
            'BLOG_TITLE = BLOG_AUTHOR = BLOG_DESCRIPTION = "B"\nSITE_URL, BLOG_EMAIL = "http://127.0.0.1/", "a@b.c"\n'
            'DEFAULT_LANG, TRANSLATIONS = "en", {"en": "", "fr": "./fr"}\nNAVIGATION_LINKS = {"en": (), "fr": ()}\n'
            'POSTS, PAGES, TIMEZONE = (("posts/*.md", "posts", "post.tmpl"),), (), "Europe/Paris"\n'
            'COMPILERS = {"markdown": (".md",)}\nTHEME = "base"\n',
        )
        return folder

    name = ["cache", ".doit.db*", "__pycache__"]
    source, page = "posts/{key}{dot}.md", "{sub}posts/{key}/index.html"
    return Generator("Nikola", make, [program, "build", "-q"], "output", name, source, page, [program, "version"])


def eleventy(program: str) -> Generator:
    """Eleventy with one layout."""

    def make(folder: Path, count: int) -> Path:
        head = "<!doctype html><html lang='{{ lang }}'><title>{{ title }}</title>"
        write(folder / "_includes" / "page.njk", f"{head}<main>{{{{ content | safe }}}}</main></html>\n")
        write(folder / "package.json", json.dumps({"name": "bench", "private": True}))
        for article in articles(count):
            lines = f"title: {json.dumps(article.title)}\nlang: {article.lang}\nlayout: page.njk\n"
            text = f"---\n{lines}---\n\n{_linked(article, f'/{article.lang}')}"
            write(folder / article.lang / f"{article.key}.md", text)
        return folder

    source, page = "{lang}/{key}.md", "{lang}/{key}/index.html"
    return Generator("Eleventy", make, [program, "--quiet"], "_site", [], source, page, [program, "--version"])


def _linked(article: Article, folder: str) -> str:
    return re.sub(r"\(@([\w-]+)\)", rf"({folder}/\1/)", article.body)


def pages(generator: Generator, folder: Path, keys: list[str]) -> list[Path]:
    """The pages that a build must have made, in both languages."""
    return [
        folder / generator.output / generator.page.format(lang=lang, key=key, sub="fr/" if lang == "fr" else "")
        for lang in LANGUAGES
        for key in keys
    ]


def source(generator: Generator, folder: Path, key: str, lang: str) -> Path:
    """The file of one article."""
    return folder / generator.source.format(lang=lang, key=key, dot=".fr" if lang == "fr" else "")


def forget(generator: Generator, folder: Path) -> None:
    """Remove what earlier builds left."""
    for place in [found for name in [generator.output, *generator.kept] for found in list(folder.glob(name))]:
        if place.is_dir():
            shutil.rmtree(place)
        else:
            place.unlink()
