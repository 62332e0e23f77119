"""What a page refers to: pages, fragments, images, next steps, its template; what is not there is told by line."""

from __future__ import annotations

import difflib
import posixpath
import re
from collections.abc import Iterable
from dataclasses import replace
from html import unescape
from pathlib import Path
from typing import Any

from ..i18n.drafts import drafts_of, unlink
from ..i18n.languages import contents_of
from ..problems import Problem, nearest, report, say, shown_path
from ..public_files import listed, sources, why_not


def line_with(path: str | Path, *texts: str) -> int | None:
    """The first line of the file that contains the first of `texts` that is in it, from 1; None where none is."""
    lines = Path(path).read_text(encoding="utf-8-sig").splitlines()
    found = (
        number for text in texts for number, line in enumerate(lines, start=1) if text in line or text in unescape(line)
    )
    return next(found, None)


def hint(path: str, known: Iterable[str], here: str, what: str) -> str:
    """` Did you mean "{filename}glossary.md"?`, as it would be typed in the page `here`; or an empty string."""
    names = {posixpath.basename(name): name for name in known}
    match = difflib.get_close_matches(posixpath.basename(path), names, n=1, cutoff=0.6)
    typed = what + posixpath.relpath(names[match[0]], posixpath.dirname(here)) if match else ""
    return say(' Did you mean "{word}"?', word=typed) if match else ""


def check_references(generators: list[Any]) -> None:
    """On `all_generators_finalized`: report each reference to something that is not there."""
    settings, context = generators[0].settings, generators[0].context
    known = context["generated_content"]
    contents = list(contents_of(generators))
    places = {content.url.strip("/"): content.relative_source_path for content in contents}
    public = listed(settings)
    keys = {(content.lang, content.key) for content in contents}
    templates = {file.stem for file in sources(Path(settings["THEME"]) / "templates", "*.html")}
    for content in [*contents, *drafts_of(generators)]:
        source, here, draft = content.source_path, content.relative_source_path, content.status == "draft"

        severity = "warning" if draft else "error"

        def tell(
            near: str | tuple[str, ...],
            message: str,
            remedy: str,
            source: str = source,
            severity: str = severity,
        ) -> None:
            line = line_with(source, *([near] if isinstance(near, str) else near))
            report(settings, Problem(shown_path(source), line, message, remedy, severity))

        for name in ("action", "second_action"):
            action = getattr(content, name, None)
            if action and (content.lang, action["page"]) not in keys:
                pages = [key for lang, key in keys if lang == content.lang]
                tell(
                    f"{name}:",
                    say('"{name}" leads to the page "{page}", which does not exist', name=name, page=action["page"]),
                    say("Correct the name.{nearest}", nearest=nearest(action["page"], pages)),
                )
        if content.template not in templates:
            choices = ", ".join(sorted(templates))
            tell(
                "template:",
                say('there is no template "{template}"', template=content.template),
                say(
                    "Templates: {choices}.{nearest}",
                    choices=choices,
                    nearest=nearest(content.template, templates),
                ),
            )
        for what, target, fragment, path in content.refers.links:
            if what == "{static}" and path not in context["static_content"]:
                if path not in public:
                    message, remedy = why_not(Path(settings["PATH"]), path, target)
                    near = hint(path, public, here, what)
                    tell((f"{what}{target}", target), message, say("{remedy}{nearest}", remedy=remedy, nearest=near))
                for problem in settings["DAMAGED"].get(path, ()):
                    report(settings, replace(problem, severity=severity))
                unlink(content, what, target)
            elif what not in ("", "{static}", "{filename}"):
                tell(
                    (f"{what}{target}", what),
                    say("the link {link} is of a kind this site does not use", link=f"{what}{target}"),
                    say("Write {filename} before the name of a page, {static} before that of any other file."),
                )
                unlink(content, what, target)
            elif what == "{filename}" and path not in known:
                pages = [name for name in known if name.split("/")[0] == content.lang]
                tell(
                    (f"{what}{target}", target),
                    say("the link leads to {target}, which does not exist", target=target),
                    say("Correct the name.{nearest}", nearest=hint(path, pages, here, what)),
                )
                unlink(content, what, target)
            elif (
                what == "{filename}"
                and not draft
                and settings["PUBLISHED"]
                and known[path]
                and known[path].status == "draft"
            ):
                tell(
                    (f"{what}{target}", target),
                    say("the link leads to {target}, which is a draft and will not be published", target=target),
                    say("Publish that page too, or take the link out until you do."),
                )
            elif fragment and what != "{static}" and known.get(path) and fragment not in known[path].refers.anchors:
                anchors = known[path].refers.anchors
                message = say('there is no heading or element "{id}" in content/{path}', id=fragment, path=path)
                remedy = say("Correct the part after #.{nearest}", nearest=nearest(fragment, anchors))
                tell((f"{what}{target}#{fragment}", f"#{fragment}"), message, remedy)
        for name, address in content.refers.unread:
            message = say("nothing reads the address {address} in {place}", address=address, place=f"{name}=")
            remedy = say("Write it as {form}, or in a link or a picture of Markdown.", form='href="…", src="…"')
            tell(address, message, remedy)
        for address in content.refers.site_paths:
            path = places.get(address.partition("#")[0].strip("/"))
            file = posixpath.relpath(path, posixpath.dirname(here)) if path else "goal-setting.md"
            tell(
                address,
                say("the link {address} names an address of the site, which changes with its slug", address=address),
                say("Link to the file instead: {link}.", link=f"{{filename}}{file}"),
            )
        for address in content.refers.elsewhere:
            tell(
                address,
                say(
                    "the page would load {address} from elsewhere, which tells that site who is reading",
                    address=address,
                ),
                say("Put the file in content/images and show it with {static}."),
            )
        for image in content.refers.silent_images:
            file = re.search(r"""src=["']([^"']*?([^/"']+))["']""", image, re.IGNORECASE)
            tell(
                (f"![]({file[1]}", file[2]) if file else "<img",
                say("an image has no text for those who cannot see it"),
                say("Write it between the brackets: ![what it shows](…)."),
            )
        for slip in content.refers.slips:
            report(settings, Problem(shown_path(source), slip.line, slip.message, slip.remedy, severity))
