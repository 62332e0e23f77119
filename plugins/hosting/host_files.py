"""Gives templates the policy of their page, and writes what leads on from old addresses and the hosts' files."""

from __future__ import annotations

from typing import Any

from pelican.generators import Generator

from plugins.build import Build, build_of

from ..output_gate import put
from . import aliases, hosts
from .headers import page_policy


def install_policy(generator: Any) -> None:
    """On `generator_init`: `page_policy(styles("home"), scripts=False)` in templates."""
    generator.env.globals["page_policy"] = lambda styles, scripts: page_policy(styles.encode(), scripts)


class HostingGenerator(Generator):
    """Writes pages at old addresses; published, the rules too, each where its host looks for it."""

    def generate_output(self, writer: Any) -> None:
        build = build_of(self.settings)
        languages = list(build.languages)
        old = aliases.redirects(self.context)
        files = aliases.pages(old)
        if build.published:
            files |= self.rules(build, languages, old)
        for name, text in files.items():
            put(build, name, text.encode())

    @staticmethod
    def rules(build: Build, languages: list[str], old: dict[str, str]) -> dict[str, str]:
        """What hosts read, by its place in the output."""
        return {
            "_headers": hosts.headers_file(),
            "_redirects": hosts.redirects_file(languages, old),
            ".htaccess": hosts.apache_root(languages, old),
            f"{build.settings['THEME_STATIC_DIR']}/.htaccess": hosts.apache_assets(),
            ".hosting/nginx.conf": hosts.nginx(languages, old),
        } | {f"{lang}/.htaccess": hosts.apache_language(lang) for lang in languages}


def hosting_generator(pelican: Any) -> type[Generator]:
    """On `get_generators`."""
    return HostingGenerator
