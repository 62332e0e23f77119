"""`social_image(page)` for templates: the address of a page's picture, made when asked for, written with the site."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from .compiler import CACHE
from .social import social_image
from .store import write

FOLDER = "social"


def install_pictures(generator: Any) -> None:
    """On `generator_init`: let templates ask for a page's picture (1200 × 630 PNG), as a full address."""
    settings = generator.settings
    wanted: dict[str, Path] = settings.setdefault("SOCIAL_PICTURES", {})
    cache = CACHE / FOLDER

    def of(content: Any) -> str:
        made = social_image(
            content.title, str(settings["PRACTICE"].trade_name or settings["SITENAME"]), content.lang, cache
        )
        wanted[f"{FOLDER}/{made.name}"] = made
        return f"{settings['CANONICAL_URL']}/{FOLDER}/{made.name}"

    generator.env.globals["social_image"] = of


def write_pictures(pelican: Any) -> None:
    """On `finalized`: put the pictures that pages named into the site. Their names change with what they show."""
    for target, source in pelican.settings.get("SOCIAL_PICTURES", {}).items():
        write(Path(pelican.settings["OUTPUT_PATH"]) / target, source.read_bytes())
