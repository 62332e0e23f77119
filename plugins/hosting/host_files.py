"""Gives templates the policy of their page, and writes the hosts' files into a published build."""

from __future__ import annotations

from typing import Any

from pelican.generators import Generator

from plugins.build import build_of

from ..output_gate import put
from . import aliases, hosts
from .headers import page_policy


def install_policy(generator: Any) -> None:
    """On `generator_init`: `page_policy(styles("home"), scripts=False)` in templates."""
    generator.env.globals["page_policy"] = lambda styles, scripts: page_policy(styles.encode(), scripts)


class HostingGenerator(Generator):
    """Writes the rules beside the pages, each where its host looks for it; a preview has none."""

    def generate_output(self, writer: Any) -> None:
        build = build_of(self.settings)
        if not build.published:
            return
        languages = list(build.languages)
        old = aliases.redirects(self.context)
        files = {
            "_headers": hosts.headers_file(),
            "_redirects": hosts.redirects_file(languages, old),
            ".htaccess": hosts.apache_root(languages, old),
            f"{build.settings['THEME_STATIC_DIR']}/.htaccess": hosts.apache_assets(),
            ".hosting/nginx.conf": hosts.nginx(languages, old),
        } | {f"{lang}/.htaccess": hosts.apache_language(lang) for lang in languages}
        for name, text in (aliases.pages(old) | files).items():
            put(build, name, text.encode())


def hosting_generator(pelican: Any) -> type[Generator]:
    """On `get_generators`."""
    return HostingGenerator
