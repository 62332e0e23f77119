"""Faults of Pelican 4.12 and its plugins that this site knows of: each has a test, or a note why it cannot occur.

Notes, for what no test can show here:

- *pelican-sitemap writes `ref=` for `href=`, pelican-seo puts `en_US` on French pages*: neither is installed; the site
  map and the rest are templates of the theme, and tests/site reads what they write.
- *`pelican -r` loses edits that are saved during a build*: tools/preview.py keeps its watcher open while it builds.
- *Front matter beats PATH_METADATA*: it may not set `lang`, nor leave the slug to follow the title (test_build.py).
- *A local plugin loses to a namespace package of the same name*: plugins are modules, which Python imports (see below).
- *i18n-subsites writes links such as `/fr/../about/`*: both languages are built in one run; tests/site follows all
  links.
"""

from __future__ import annotations

import logging
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from pelican import signals

from tests.tools.copied_site import Project, give_pictures, told
from tools.build import settings_for

FAQ, FAQ_FR = "content/en/pages/faq.md", "content/fr/pages/faq.md"
DRAFT = """---
title: {title}
slug: {slug}
date: 2026-11-24
modified: 2026-11-24
status: draft
description: A draft that is being written and that nobody should find before its author says that it is ready.
---

See [the questions]({{filename}}../pages/faq.md).
"""


def write_drafts(project: Project) -> None:
    for lang in ("en", "fr"):
        text = DRAFT.format(title=f"Draft {lang}", slug=f"draft-{lang}")
        project.path(f"content/{lang}/articles/draft.md").write_text(text, encoding="utf-8")


def test_a_draft_article_without_a_category_stops_nothing(project: Project) -> None:
    """With CATEGORY_SAVE_AS empty, Pelican needs DEFAULT_METADATA to give a category."""
    write_drafts(project)
    built = project.build()
    assert built.ok, built.problems


def test_a_draft_is_readable_by_its_address_and_listed_nowhere(project: Project) -> None:
    write_drafts(project)
    assert project.build().ok
    for lang in ("en", "fr"):
        page = (project.output / lang / "drafts" / f"draft-{lang}" / "index.html").read_text(encoding="utf-8")
        assert "{filename}" not in page
        assert '<meta name="robots" content="noindex">' in page
    drafts = project.output.rglob("drafts/*/index.html")
    others = set(project.output.rglob("*.html")) | set(project.output.rglob("*.xml")) - set(drafts)
    mentions = [file for file in others if "/drafts" not in file.as_posix() and "drafts/" in file.read_text("utf-8")]
    assert mentions == []


def test_a_draft_is_not_published(project: Project) -> None:
    write_drafts(project)
    built = project.build(published=True)
    assert built.ok, built.problems
    assert not [
        file for file in project.output.rglob("*") if "draft" in file.as_posix().removeprefix(str(project.output))
    ]


def test_a_published_page_cannot_lead_to_a_draft(project: Project) -> None:
    write_drafts(project)
    line = project.append(FAQ, "See [what is to come]({filename}../articles/draft.md).")
    problems = [problem for problem in project.build(published=True).problems if problem.severity == "error"]
    assert any(problem.line == line and "which is a draft" in problem.message for problem in problems), problems


def test_a_draft_needs_no_pair(project: Project) -> None:
    text = DRAFT.format(title="Draft", slug="draft")
    project.path("content/en/articles/draft.md").write_text(text, encoding="utf-8")
    built = project.build()
    assert built.ok, built.problems


def test_a_page_that_cannot_be_read_fails_the_build(project: Project) -> None:
    """Pelican leaves it out and exits with 0, with `--fatal errors` too."""
    project.path(FAQ).write_text("no front matter", encoding="utf-8")
    assert project.build().output is None
    project.assert_untouched()


def test_pelican_s_own_command_fails_too(root: Path, project: Project) -> None:
    project.path(FAQ).write_text("no front matter", encoding="utf-8")
    conf = project.folder / "cache" / "conf.py"
    conf.parent.mkdir(exist_ok=True)
    conf.write_text(
        "from dataclasses import replace\nfrom pathlib import Path\nfrom pelicanconf import *\n"
        "HERE = Path(__file__).parent\n"
        "BUILD = replace(BUILD, cache=HERE, practice_file=HERE.parent / 'practice.toml')\n",
        encoding="utf-8",
    )
    command = [
        *(sys.executable, "-m", "pelican", str(project.path("content")), "-s", str(conf)),
        *("-o", str(project.folder / "elsewhere"), "-t", str(project.path("theme"))),
    ]
    done = subprocess.run(
        command,
        cwd=root,
        env=os.environ | {"PYTHONPATH": str(root)},
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode != 0
    assert "hyphens" in done.stdout + done.stderr
    assert not (project.folder / "elsewhere").exists()


def test_pelican_s_own_command_builds_the_site_without_the_tools(root: Path, tmp_path: Path) -> None:
    for name in ("content", "theme", "plugins"):
        shutil.copytree(root / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copyfile(root / "pelicanconf.py", tmp_path / "pelicanconf.py")
    give_pictures(root, tmp_path)
    command = [sys.executable, "-m", "pelican", "-s", "pelicanconf.py", "-o", "site"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, encoding="utf-8", check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert (tmp_path / "site" / "fr" / "faq" / "index.html").is_file()


def test_the_plugins_use_nothing_of_the_tools(root: Path) -> None:
    """Nor do the settings, wherever in a file they would import it."""
    files = [root / "pelicanconf.py", root / "publishconf.py", *root.glob("plugins/**/*.py")]
    pattern = re.compile(r"^\s*(?:from|import)\s+tools\b", re.M)
    assert [file.name for file in files if pattern.search(file.read_text(encoding="utf-8"))] == []


def test_the_same_warning_stops_the_second_build_as_it_did_the_first(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Pelican says a warning once per process, and the preview builds many times in one."""

    def warn(generators: list[Any]) -> None:
        logging.getLogger("pelican.contents").warning("Unable to find something")

    signals.all_generators_finalized.connect(warn)
    try:
        for _ in range(2):
            assert [problem.message for problem in project.build().problems] == ["Unable to find something"]
    finally:
        signals.all_generators_finalized.disconnect(warn)
    project.assert_untouched()


@pytest.mark.parametrize("name", ["page", "index", "404-language"])
def test_a_template_the_theme_lacks_is_not_taken_from_another_theme(project: Project, name: str) -> None:
    """Pelican falls back to its `simple` theme, whose pages have no language."""
    (template,) = project.path("theme/templates").glob(f"{name}.*")
    template.unlink()
    built = project.build()
    assert built.output is None
    said = (f"unable to load {name}[", f'there is no template "{name}"')
    assert any(words in problem.message for problem in built.problems for words in said), built.problems
    project.assert_untouched()


@pytest.mark.parametrize("template", ["article", "modality", "nowhere", "bilingual"])
def test_a_draft_with_a_template_that_is_not_for_it_stops_nothing(project: Project, template: str) -> None:
    project.edit("content/en/pages/faq.md", "---\n", f"---\nstatus: draft\ntemplate: {template}\n")
    project.edit("content/fr/pages/faq.md", "---\n", "---\ntranslation: pending\n")
    project.edit("content/data/navigation.toml", '"faq", ', "")
    for file in project.path("content").rglob("*.md"):
        file.write_text(
            file.read_text(encoding="utf-8").replace("]({filename}faq.md)", "](https://e.example)"), encoding="utf-8"
        )
    built = project.build()
    assert built.ok, told(built)
    assert f'"{template}"' in told(built)
    assert (project.output / "en/drafts/faq/index.html").is_file()


def test_no_internal_address_is_ever_printed_raw(project: Project) -> None:
    """Pelican's refresh_metadata_intersite_links skips `translations`, so a French summary keeps its {filename}.

    Front matter may not hold one (tests/plugins/test_front_matter.py); texts may, in both languages and in articles.
    """
    for lang in ("en", "fr"):
        for kind, target in (("pages", "glossary.md"), ("articles", "../pages/glossary.md")):
            name = "faq" if kind == "pages" else "three-chairs"
            project.append(
                f"content/{lang}/{kind}/{name}.md", f"[a]({{filename}}{target}) <a href='{{filename}}{target}'>b</a>"
            )
    built = project.build()
    assert built.ok, built.problems
    for file in project.output.rglob("*"):
        if file.suffix in (".html", ".xml", ".txt", ".webmanifest"):
            text = file.read_text(encoding="utf-8")
            assert "{filename}" not in text, file
            assert "{static}" not in text, file


def test_an_internal_address_in_a_french_summary_is_refused(project: Project) -> None:
    text = project.path(FAQ_FR).read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if not line.startswith("description:")]
    lines.insert(1, 'description: "Voir {filename}glossary.md pour les mots de la méthode, en français et en anglais."')
    project.path(FAQ_FR).write_text("\n".join(lines) + "\n", encoding="utf-8")
    built = project.build()
    assert built.output is None
    assert any("plain text" in problem.message and problem.line == 2 for problem in built.problems), built.problems


def test_a_percent_sign_reaches_the_page_as_one(project: Project) -> None:
    """Newstyle gettext always formats with %: a doubled sign is printed once (a single one: test_catalogs.py)."""
    for lang, words in (("en", "All 100%% of rights."), ("fr", "Tous les droits, à 100 %%.")):
        path = f"theme/translations/{lang}/LC_MESSAGES/messages.po"
        text = project.path(path).read_text(encoding="utf-8")
        entry = f'\nmsgid "All 100%% of rights."\nmsgstr "{words}"\n'
        project.path(path).write_text(text + entry, encoding="utf-8")
    project.edit("theme/templates/partials/site-footer.html", '_("All rights reserved.")', '_("All 100%% of rights.")')
    built = project.build()
    assert built.ok, built.problems
    assert "All 100% of rights." in (project.output / "en" / "index.html").read_text(encoding="utf-8")
    assert "Tous les droits, à 100\u00a0%." in (project.output / "fr" / "index.html").read_text(encoding="utf-8")


def test_a_word_that_no_catalog_has_stops_the_build(project: Project) -> None:
    project.edit("theme/templates/page.html", "{% extends", '{% set word = _("Never translated") %}\n{% extends')
    built = project.build()
    assert built.output is None
    assert any("Never translated" in problem.message for problem in built.problems), built.problems


def test_a_word_in_a_template_without_a_language_stops_the_build(project: Project) -> None:
    project.append("theme/templates/sitemap.xml", '<!-- {{ _("Menu") }} -->')
    built = project.build()
    assert built.output is None
    assert any("no page, article or lang" in problem.message for problem in built.problems), built.problems


def test_plugins_are_modules_and_cannot_be_shadowed(root: Path, tmp_path: Path) -> None:
    plugins = settings_for(tmp_path, False, None)["PLUGINS"]
    assert all(isinstance(plugin, ModuleType) for plugin in plugins)
    assert all(Path(plugin.__file__ or "").is_relative_to(root / "plugins") for plugin in plugins)


def test_the_operating_system_needs_no_locale(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    """Dates come from Babel: a server without French locales writes French dates."""
    for name in ("LANG", "LC_ALL", "LC_TIME"):
        monkeypatch.setenv(name, "C")
    assert project.build().ok
    page = (project.output / "fr" / "faq" / "index.html").read_text(encoding="utf-8")
    assert "24\u00a0novembre 2026" in page
