"""Files that exist once per language without being a page: the Atom feed, the web manifest, the not-found page."""

from __future__ import annotations

from typing import Any

from pelican.generators import Generator

from plugins.build import build_of


class LanguageTemplatesGenerator(Generator):
    """Renders each template of the setting LANGUAGE_TEMPLATES once per language, with `lang` in its context.

    LANGUAGE_TEMPLATES maps a template's name without extension to its place, such as `{"feed": "{lang}/feed.xml"}`.
    """

    def generate_output(self, writer: Any) -> None:
        build = build_of(self.settings)
        for name, place in build.files.items():
            for lang in build.languages:
                save_as = place.format(lang=lang)
                writer.write_file(save_as, self.get_template(name), self.context, url=save_as, lang=lang)


def language_templates(pelican: Any) -> type[Generator]:
    """On `get_generators`."""
    return LanguageTemplatesGenerator
