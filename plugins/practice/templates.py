"""Gives the theme's templates the facts, the site's data and JSON-LD."""

from __future__ import annotations

import datetime
from typing import Any

from plugins.build import build_of

from .formats import install_formats, is_known
from .schema_org import json_ld


def install_facts(generator: Any) -> None:
    """On `generator_init`: filters and the names documented here.

    `practice` (facts), `facts` (derived names such as practice_name), `practice_problems` (what is missing or wrong),
    `published`, `fictitious`, `worksheet`, `build_date`, `build_year`, `json_ld(content)`.
    """
    build, env = build_of(generator.settings), generator.env
    if is_known(build.facts.email) and "security" not in build.settings["DIRECT_TEMPLATES"]:
        build.settings["DIRECT_TEMPLATES"] = [*build.settings["DIRECT_TEMPLATES"], "security"]
    install_formats(env, {lang: names.locale for lang, names in build.languages.items()})
    env.globals.update(
        practice=build.facts,
        facts=build.facts.derived(),
        practice_problems=build.gaps,
        published=build.published,
        fictitious=build.reading.practice.fictitious,
        worksheet=build.worksheet,
        build_date=build.date,
        build_year=build.date.year,
        security_expires=build.date + datetime.timedelta(days=360),  # RFC 9116 wants less than a year
        json_ld=lambda content: json_ld(content, build.site, build),
    )
