"""`social_image(page)` for templates: the address of a page's picture. It is drawn when all pages are written."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

from plugins.outputs import put
from plugins.pdf.typst_compiler import CACHE

from .social import picture_key, shelf_of, social_image

FOLDER = "social"


def install_pictures(generator: Any) -> None:
    """On `generator_init`: let templates name a page's picture (1200 × 630 PNG), by its full address."""
    settings = generator.settings
    kicker = str(settings["PRACTICE"].trade_name or settings["SITENAME"])

    def of(content: Any) -> str:
        name = f"{picture_key(content.title, kicker, content.lang)}.png"
        settings.setdefault("SOCIAL_PICTURES", {})[name] = (content.title, kicker, content.lang)
        return f"{settings['CANONICAL_URL']}/{FOLDER}/{name}"

    generator.env.globals["social_image"] = of


def write_pictures(pelican: Any) -> None:
    """On `finalized`: draw the pictures that pages named, two at a time, and put them into the site.

    Their names change with what they show. Raises RenderError when the design fails or has no sign for a letter.
    """
    wanted: dict[str, tuple[str, str, str]] = pelican.settings.get("SOCIAL_PICTURES", {})
    shelf = shelf_of(CACHE / FOLDER)
    with ThreadPoolExecutor(2) as pool:  # Typst lets go of the interpreter meanwhile
        made = pool.map(lambda words: social_image(words[0], words[1], words[2], shelf), wanted.values())
        for name, picture in zip(wanted, made, strict=True):  # an error is raised here
            put(pelican.settings, f"{FOLDER}/{name}", picture)
