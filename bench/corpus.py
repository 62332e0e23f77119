"""A seeded corpus: N articles in two languages of about 600 words each, written for this project or for Hugo.

The same seed gives the same words. All tools get the same bodies: headings, lists, a table, links to other articles,
two footnotes. (Eleventy's Markdown has no footnotes without an addition: it prints their signs.)
"""

from __future__ import annotations

import datetime
import random
import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SOURCES = ["content", "theme", "plugins", "tools", "pelicanconf.py", "publishconf.py", "tasks.py", "pyproject.toml"]
LANGUAGES = ("en", "fr")
WORDS = {
    "en": "you your coach session goal action review agreement manager week meeting step clear small written question "
    "answer time support result change practise listen decide notice prepare discuss together again useful",
    "fr": "vous votre coach séance objectif action bilan accord manager semaine rendez-vous étape clair petit écrit "
    "question réponse temps soutien résultat changement pratiquer écouter décider remarquer préparer ensemble encore",
}


@dataclass(frozen=True)
class Article:
    """One article. In `body`, `(@KEY)` stands for the address of another one."""

    key: str
    lang: str
    title: str
    date: datetime.date
    description: str
    body: str


def articles(count: int, seed: int = 412) -> Iterator[Article]:
    """`count` articles in each language, the two of a pair one after the other."""
    rng = random.Random(seed)
    for number in range(count):
        for lang in LANGUAGES:
            title = f"{_sentence(rng, lang, 4, 7)[:-1]} {number}"
            description = f"{_sentence(rng, lang, 14, 18)[:150]} {number}"
            day = datetime.date(2020, 1, 1) + datetime.timedelta(days=number % 2000)
            yield Article(f"corpus-{number:05}", lang, title, day, description, _body(rng, lang, count))


def _sentence(rng: random.Random, lang: str, least: int, most: int) -> str:
    words = rng.choices(WORDS[lang].split(), k=rng.randint(least, most))
    return " ".join(words).capitalize() + "."


def _paragraph(rng: random.Random, lang: str, count: int) -> str:
    link = f" [{_sentence(rng, lang, 2, 3)[:-1]}](@corpus-{rng.randrange(count):05})."
    return " ".join(_sentence(rng, lang, 8, 14) for _ in range(4)) + link


def _body(rng: random.Random, lang: str, count: int) -> str:
    parts = [_paragraph(rng, lang, count) + "[^1]"]
    for _ in range(5):
        items = "\n".join(f"- **{_sentence(rng, lang, 1, 2)}** {_sentence(rng, lang, 6, 10)}" for _ in range(4))
        parts += [f"## {_sentence(rng, lang, 3, 5)[:-1]}", _paragraph(rng, lang, count), items]
    rows = "\n".join(" | ".join(_sentence(rng, lang, 1, 3)[:-1] for _ in range(3)) for _ in range(4))
    parts += [f"Who | What | When\n--- | --- | ---\n{rows}", _paragraph(rng, lang, count) + "[^2]"]
    parts += [f"[^{number}]: {_sentence(rng, lang, 6, 10)}" for number in (1, 2)]
    return "\n\n".join(parts) + "\n"


def write(path: Path, text: str) -> None:
    """`text` at `path`, with the folders that it needs."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def project(folder: Path, count: int) -> Path:
    """A copy of this project in `folder`, with `count` more articles in each language."""
    for name in SOURCES:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            folder.mkdir(parents=True, exist_ok=True)
            shutil.copy2(source, folder)
    for article in articles(count):
        body = re.sub(r"\(@([\w-]+)\)", r"({filename}\1.md)", article.body)
        matter = f"title: {article.title}\nslug: {article.key}\ndescription: {article.description}\n"
        days = f"date: {article.date}\nmodified: {article.date}\n"
        write(folder / "content" / article.lang / "articles" / f"{article.key}.md", f"---\n{matter}{days}---\n\n{body}")
    return folder


def hugo_site(folder: Path, count: int) -> Path:
    """The same pages and articles as a Hugo site, with a theme of the same parts (see bench/hugo)."""
    shutil.copytree(ROOT / "bench" / "hugo", folder)
    shutil.copytree(ROOT / "theme" / "static", folder / "static" / "theme")
    for source in sorted((ROOT / "content").glob("*/[pa]*/*.md")):
        lang, kind = source.relative_to(ROOT / "content").parts[:2]
        write(folder / "content" / lang / kind / source.name, _for_hugo(source.read_text(encoding="utf-8"), lang, kind))
    for article in articles(count):
        body = re.sub(r"\(@([\w-]+)\)", rf"(/{article.lang}/articles/\1/)", article.body)
        matter = f"title: {article.title}\nslug: {article.key}\ndescription: {article.description}\n"
        dates = f"date: {article.date}\nlastmod: {article.date}\nurl: /{article.lang}/articles/{article.key}/\n"
        write(
            folder / "content" / article.lang / "articles" / f"{article.key}.md", f"---\n{matter}{dates}---\n\n{body}"
        )
    return folder


def _for_hugo(text: str, lang: str, kind: str) -> str:
    """A page of this site with what Hugo's Markdown has no word for taken out."""
    _, matter, body = text.split("---\n", 2)
    kept = dict(re.findall(r"^(title|slug|description|date|modified): (.*)$", matter, re.M))
    slug = kept.pop("slug").strip('"')
    kept["url"] = re.sub("/+", "/", f"/{lang}/{'articles/' if kind == 'articles' else ''}{slug}/")
    body = re.sub(r"\{%.*?%\}|\{\{.*?\}\}", "", body)
    body = re.sub(r"\s*\{:.*?\}", "", body)
    body = re.sub(r"\{filename\}([^)#]+)\.md", r"#\1", body)
    body = re.sub(r'^!!! \w+ "(.*)"$', r"> **\1**", body, flags=re.M)
    kept["lastmod"] = kept.pop("modified")
    return "---\n" + "\n".join(f"{name}: {value}" for name, value in kept.items()) + f"\n---\n\n{body}"
