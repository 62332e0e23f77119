"""What a page refers to: pages, fragments, images, next steps, its template; what is not there is told by line."""

from __future__ import annotations

import posixpath
import re
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from ..i18n.languages import contents_of
from ..problems import Problem, nearest, report, shown_path

LINK = re.compile(r'\b(?:href|src)="(?:(\{(?:filename|static)\})([^"#]*))?(?:#([^"]*))?"')
SITE_PATH = re.compile(r'\bhref="(/[^"]*)"')
IMAGE = re.compile(r"<img\b[^>]*>")
ELSEWHERE = re.compile(
    r'<(?:img|script|iframe|video|audio|source|embed|object|link)\b[^>]*\b(?:src|href|data|srcset)="((?:https?:)?//[^"]*)"'
)
ANCHOR = re.compile(r'\bid="([^"]+)"')


def line_with(path: str | Path, text: str) -> int | None:
    """The first line of the file that contains `text`, from 1; None where no line does."""
    lines = Path(path).read_text(encoding="utf-8-sig").splitlines()
    return next((number for number, line in enumerate(lines, start=1) if text in line), None)


def check_references(generators: list[Any]) -> None:
    """On `all_generators_finalized`: report each reference to something that is not there."""
    settings, context = generators[0].settings, generators[0].context
    known, static = context["generated_content"], context["static_content"]
    anchors = {path: set(ANCHOR.findall(content._content)) for path, content in known.items() if content}
    contents = list(contents_of(generators))
    keys = {(content.lang, content.key) for content in contents}
    templates = {file.stem for file in (Path(settings["THEME"]) / "templates").glob("*.html")}
    for content in contents:
        source, here = content.source_path, content.get_relative_source_path()

        def tell(text: str, message: str, remedy: str, source: str = source) -> None:
            report(settings, Problem(shown_path(source), line_with(source, text), message, remedy))

        for name in ("action", "second_action"):
            action = getattr(content, name, None)
            if action and (content.lang, action["page"]) not in keys:
                pages = [key for lang, key in keys if lang == content.lang]
                tell(
                    f"{name}:",
                    f'"{name}" leads to the page "{action["page"]}", which does not exist',
                    f"Correct the name.{nearest(action['page'], pages)}",
                )
        if content.template not in templates:
            choices = ", ".join(sorted(templates))
            tell(
                "template:",
                f'there is no template "{content.template}"',
                f"Templates: {choices}.{nearest(content.template, templates)}",
            )
        for what, target, fragment in LINK.findall(content._content):
            path = posixpath.normpath(posixpath.join(posixpath.dirname(here), unquote(target))) if target else here
            if what == "{static}" and path not in static and not (Path(settings["PATH"]) / path).is_file():
                tell(target, f"the file {target} is not there", f"Put it at content/{path}, or correct the address.")
            elif what == "{filename}" and path not in known:
                tell(
                    target,
                    f"the link leads to {target}, which does not exist",
                    f"Correct the name.{nearest(path, known)}",
                )
            elif fragment and what != "{static}" and known.get(path) and fragment not in anchors[path]:
                remedy = f"Correct the part after #.{nearest(fragment, anchors[path])}"
                tell(f"#{fragment}", f'there is no heading or element "{fragment}" in content/{path}', remedy)
        for address in SITE_PATH.findall(content._content):
            tell(
                address,
                f"the link {address} names an address of the site, which changes with its slug",
                "Link to the file instead: {filename}goal-setting.md.",
            )
        for address in ELSEWHERE.findall(content._content):
            tell(
                address,
                f"the page would load {address} from elsewhere, which tells that site who is reading",
                "Put the file in content/images and show it with {static}.",
            )
        for image in IMAGE.findall(content._content):
            if not re.search(r'\balt="[^"]', image):
                file = re.search(r'src="[^"]*?([^/"]+)"', image)
                tell(
                    file.group(1) if file else "<img",
                    "an image has no text for those who cannot see it",
                    "Write it between the brackets: ![what it shows](…).",
                )
