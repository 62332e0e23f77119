"""Gives the theme's templates the facts, the site's data and JSON-LD."""

from __future__ import annotations

import datetime
from typing import Any

from .formats import install_formats, is_known
from .schema_org import json_ld


def install_facts(generator: Any) -> None:
    """On `generator_init`: filters and the names documented here.

    `practice` (facts), `facts` (derived names such as practice_name), `practice_problems` (what is missing or wrong),
    `published`, `fictitious`, `worksheet`, `build_date`, `build_year`, `json_ld(content)`.
    """
    settings, env = generator.settings, generator.env
    if is_known(settings["PRACTICE"].email) and "security" not in settings["DIRECT_TEMPLATES"]:
        settings["DIRECT_TEMPLATES"] = [*settings["DIRECT_TEMPLATES"], "security"]
    install_formats(env, {lang: names["locale"] for lang, names in settings["LANGUAGES"].items()}, markup=True)
    env.globals.update(
        practice=settings["PRACTICE"],
        facts=settings["PRACTICE"].derived(),
        practice_problems=settings["FACT_GAPS"],
        published=settings["PUBLISHED"],
        fictitious=settings["FICTITIOUS"],
        worksheet=settings["WORKSHEET"],
        build_date=settings["BUILD_DATE"],
        build_year=settings["BUILD_DATE"].year,
        security_expires=settings["BUILD_DATE"] + datetime.timedelta(days=360),  # RFC 9116 wants less than a year
        json_ld=lambda content: json_ld(content, generator.context["site"], settings),
    )
