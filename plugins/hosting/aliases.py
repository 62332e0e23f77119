"""Old addresses: `aliases: [/en/old-name/]` in a page's front matter leads there to the page as it is called now.

Each becomes a rule for the host, and a small page at the old place for hosts that have no rules.
"""

from __future__ import annotations

from collections.abc import Iterable
from html import escape
from typing import Any

from plugins.build import Build, build_of
from plugins.social_pictures import FOLDER as PICTURES

from ..problems import Problem, say, shown_path


def published(context: dict[str, Any]) -> list[Any]:
    """Every page and article, in every language."""
    contents = [*context.get("pages", []), *context.get("articles", [])]
    everything = [*contents, *(translation for content in contents for translation in content.translations)]
    return list({content.source_path: content for content in everything}.values())


def redirects(context: dict[str, Any]) -> dict[str, str]:
    """Old address, without its last slash -> new one."""
    return {
        alias.rstrip("/"): f"/{content.url}"
        for content in published(context)
        for alias in getattr(content, "aliases", None) or []
    }


def check_aliases(generators: list[Any]) -> None:
    """On `all_generators_finalized`: report an old address that is a page's own, or claimed twice."""
    context, build = generators[0].context, build_of(generators[0].settings)
    addresses = {f"/{content.url}".rstrip("/").lower() for content in published(context)}  # alike for some computers
    made = {f"/{place}".lower() for place in files_made(build)}
    seen: dict[str, str] = {}
    for content in published(context):
        for alias in getattr(content, "aliases", None) or []:
            file, line, key = shown_path(content.source_path), content.lines.get("aliases"), alias.rstrip("/").lower()
            if key in made or key.split("/")[1] in (build.settings["THEME_STATIC_DIR"], PICTURES):
                message = say("the old address {alias} is a file that the site makes", alias=alias)
                build.report(Problem(file, line, message, say("Remove it from aliases.")))
            elif key in addresses:
                message = say("the old address {alias} is a page of the site now", alias=alias)
                build.report(Problem(file, line, message, say("Remove it from aliases.")))
            elif seen.setdefault(key, file) != file:
                message = say("the old address {alias} belongs to {other} too", alias=alias, other=seen[key])
                build.report(Problem(file, line, message, say("Keep it in one of them.")))


def files_made(build: Build) -> set[str]:
    """The files that are no page: `robots.txt`, `en/feed.xml`."""
    settings = build.settings
    once = {settings.get(f"{name.upper()}_SAVE_AS") or f"{name}.html" for name in settings["DIRECT_TEMPLATES"]}
    return once | {place.format(lang=lang) for place in build.files.values() for lang in build.languages}


def pages(redirects: dict[str, str]) -> dict[str, str]:
    """A page at each old place that leads on, without a script."""
    return {f"{old.lstrip('/')}/index.html": page(old, new) for old, new in redirects.items()}


def page(old: str, new: str) -> str:
    """In the language of the old address, if it begins with one."""
    lang = "fr" if old.startswith("/fr/") else "en"
    title = {"en": "This page has moved", "fr": "Cette page a été déplacée"}[lang]
    return (
        f'<!doctype html><html lang="{lang}"><meta charset="utf-8"><title>{title}</title>'
        f'<meta name="robots" content="noindex"><meta name="viewport" content="width=device-width">'
        f'<meta http-equiv="refresh" content="0; url={escape(new)}"><link rel="canonical" href="{escape(new)}">'
        f'<h1>{title}</h1><p><a href="{escape(new)}">{escape(new)}</a></p></html>\n'
    )


def netlify(redirects: dict[str, str]) -> Iterable[str]:
    """Lines of `_redirects`; the same on Cloudflare."""
    return [f"{address} {new} 301" for old, new in redirects.items() for address in (old, f"{old}/")]


def apache(redirects: dict[str, str]) -> str:
    """Lines of `.htaccess`."""
    return "".join(f'RedirectMatch 301 "^{pattern(old)}/?$" "{new}"\n' for old, new in redirects.items())


def nginx(redirects: dict[str, str]) -> str:
    """Locations of a server block."""
    return "".join(
        f"location = {address} {{ return 301 {new}; }}\n"
        for old, new in redirects.items()
        for address in (old, f"{old}/")
    )


def pattern(old: str) -> str:
    return old.replace(".", "[.]")
