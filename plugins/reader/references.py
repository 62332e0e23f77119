"""What a page refers to: pages, fragments, images, next steps, its template; what is not there is told by line."""

from __future__ import annotations

import difflib
import posixpath
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from pelican.contents import Content

from plugins.build import Build, build_of

from ..i18n.drafts import drafts_of, unlink
from ..i18n.languages import contents_of, is_article
from ..problems import Problem, nearest, say, shown_path
from ..problems.lines import line_with
from ..public_files import listed, why_not
from .page_links import Link
from .page_templates import page_templates


def hint(path: str, known: Iterable[str], here: str, what: str) -> str:
    """` Did you mean "{filename}glossary.md"?`, as it would be typed in the page `here`; or an empty string."""
    names = {posixpath.basename(name): name for name in known}
    match = difflib.get_close_matches(posixpath.basename(path), names, n=1, cutoff=0.6)
    typed = what + posixpath.relpath(names[match[0]], posixpath.dirname(here)) if match else ""
    return say(' Did you mean "{word}"?', word=typed) if match else ""


@dataclass(frozen=True)
class Targets:
    """What the pages of one build can refer to."""

    build: Build
    pages: Mapping[str, Content | None]  # by their path in the content folder; None where one could not be read
    addresses: Mapping[str, str]  # the path of each published page, by its address
    keys: frozenset[tuple[str, str]]  # language and translation key of each published page
    files: Collection[str]  # the pictures and downloads that are ready to be published
    public: Collection[str]  # and all that may be
    templates: Mapping[str, Collection[str]]  # by the kind of what may name them: page_templates


def check_references(generators: list[Any]) -> None:
    """On `all_generators_finalized`: report each reference to something that is not there."""
    build = build_of(generators[0].settings)
    contents = list(contents_of(generators))
    targets = _targets_of(build, generators[0].context, contents)
    for page in [*contents, *drafts_of(generators)]:
        for rule in RULES:
            for problem in rule(page, targets):
                build.report(problem)


def _targets_of(build: Build, context: Mapping[str, Any], contents: list[Content]) -> Targets:
    return Targets(
        build,
        pages=context["generated_content"],
        addresses={content.url.strip("/"): content.relative_source_path for content in contents},
        keys=frozenset((content.lang, content.key) for content in contents),
        files=context["static_content"],
        public=listed(build),
        templates=page_templates(build.theme / "templates"),
    )


def _is_draft(page: Content) -> bool:
    return bool(page.status == "draft")


def _severity(page: Content) -> str:
    """A draft never stops a build."""
    return "warning" if _is_draft(page) else "error"


def _wrong(page: Content, near: str | tuple[str, ...], message: str, remedy: str) -> Problem:
    """A problem at the line of `page` that holds `near`, or the first of several texts that is there."""
    source = page.source_path
    line = line_with(source, *([near] if isinstance(near, str) else near))
    return Problem(shown_path(source), line, message, remedy, _severity(page))


def next_steps(page: Content, targets: Targets) -> Iterator[Problem]:
    """A next step leads to a page that is there, in the same language."""
    for name in ("action", "second_action"):
        action = getattr(page, name, None)
        if (
            action
            and (page.lang, action["page"]) not in targets.keys
            and not _is_unread(page.lang, action["page"], targets)
        ):
            pages = [key for lang, key in targets.keys if lang == page.lang]
            message = say('"{name}" leads to the page "{page}", which does not exist', name=name, page=action["page"])
            remedy = say("Correct the name.{nearest}", nearest=nearest(action["page"], pages))
            yield _wrong(page, f"{name}:", message, remedy)


def _is_unread(lang: str, key: str, targets: Targets) -> bool:
    """Whether there is a page of this name, and it was refused: that has been told, and is the one thing to mend."""
    return any(targets.build.is_unread(f"{lang}/{kind}/{key}.md") for kind in ("pages", "articles"))


LONGEST_TITLE = 70  # of what search engines and tabs show, with the name of the practice; they cut the rest


def title(page: Content, targets: Targets) -> Iterator[Problem]:
    """The title of a page, with the name that the template puts beside it, is shown whole."""
    name = targets.build.facts.trade_name
    count = len(f"{page.title} – {name}") if name else 0
    if count > LONGEST_TITLE:
        message = say(
            "the title, with “{name}” beside it, has {count} characters; search engines cut it after {limit}",
            name=name,
            count=count,
            limit=LONGEST_TITLE,
        )
        remedy = say("Shorten it by {count}; its address stays as it is.", count=count - LONGEST_TITLE)
        line = page.lines.get("title")
        yield Problem(shown_path(page.source_path), line, message, remedy, _severity(page))


def template(page: Content, targets: Targets) -> Iterator[Problem]:
    """The theme has the template of a page, and it is one for pages. A draft with another is shown as others are."""
    known, menu = targets.templates["articles" if is_article(page) else "pages"], targets.build.menus["modalities"]
    if page.template == "modality" and menu and page.key not in menu:
        message = say('the template "{template}" is for the pages of the menu "modalities"', template=page.template)
        remedy = say(
            "Take the line out, or write “{name}” into that menu, in content/data/navigation.toml.", name=page.key
        )
        yield replace(_wrong(page, "template:", message, remedy), severity="warning")  # it is whole without its number
    elif page.template not in known and page.template != page.default_template:  # nobody named that one
        there = (targets.build.theme / "templates" / f"{page.template}.html").is_file()
        message = say('the template "{template}" is not for a page like this', template=page.template)
        if not there:
            message = say('there is no template "{template}"', template=page.template)
        close = "" if there else nearest(page.template, known)
        remedy = say("Templates: {choices}.{nearest}", choices=", ".join(sorted(known)), nearest=close)
        yield _wrong(page, "template:", message, remedy)
    else:
        return
    page.template = page.default_template


def links(page: Content, targets: Targets) -> Iterator[Problem]:
    """A link leads to what is there: a rule for each of its kinds. One that leads nowhere is taken out of the page."""
    for link in page.page_links.links:
        match link.what:
            case "{static}":
                yield from _link_to_file(page, link, targets)
            case "{filename}":
                yield from _link_to_page(page, link, targets)
            case "":
                yield from _link_to_heading(page, link, targets)
            case _:
                yield from _link_of_no_kind(page, link)


def _link_to_file(page: Content, link: Link, targets: Targets) -> Iterator[Problem]:
    """A picture or a PDF is one that may be published, and is whole."""
    if link.path in targets.files:
        return
    if link.path not in targets.public:
        message, remedy = why_not(targets.build.content, link.path, link.target)
        near = hint(link.path, targets.public, page.relative_source_path, link.what)
        told = say("{remedy}{nearest}", remedy=remedy, nearest=near)
        yield _wrong(page, (f"{link.what}{link.target}", link.target), message, told)
    for problem in targets.build.damaged_files.get(link.path, ()):
        yield replace(problem, severity=_severity(page))
    unlink(page, link.what, link.target)


def _link_to_page(page: Content, link: Link, targets: Targets) -> Iterator[Problem]:
    """A page is there, is published where this one is, and has the heading that the link names."""
    near = (f"{link.what}{link.target}", link.target)
    if link.path not in targets.pages:
        pages = [name for name in targets.pages if name.split("/")[0] == page.lang]
        message = say("the link leads to {target}, which does not exist", target=link.target)
        close = hint(link.path, pages, page.relative_source_path, link.what)
        yield _wrong(page, near, message, say("Correct the name.{nearest}", nearest=close))
        unlink(page, link.what, link.target)
    elif _is_left_out(targets.pages[link.path], targets) and not _is_draft(page):
        message = say("the link leads to {target}, which is a draft and will not be published", target=link.target)
        yield _wrong(page, near, message, say("Publish that page too, or take the link out until you do."))
    else:
        yield from _link_to_heading(page, link, targets)


def _is_left_out(target: Content | None, targets: Targets) -> bool:
    """Whether this build will not publish the page."""
    return targets.build.published and target is not None and _is_draft(target)


def _link_to_heading(page: Content, link: Link, targets: Targets) -> Iterator[Problem]:
    """What stands after # is in the page. Of one that could not be read nobody knows."""
    target = targets.pages.get(link.path)
    if link.fragment and target and link.fragment not in target.page_links.anchors:
        message = say('there is no heading or element "{id}" in content/{path}', id=link.fragment, path=link.path)
        close = nearest(link.fragment, target.page_links.anchors)
        remedy = say("Correct the part after #.{nearest}", nearest=close)
        yield _wrong(page, (f"{link.what}{link.target}#{link.fragment}", f"#{link.fragment}"), message, remedy)


def _link_of_no_kind(page: Content, link: Link) -> Iterator[Problem]:
    """The word in braces is one that this site uses."""
    message = say("the link {link} is of a kind this site does not use", link=f"{link.what}{link.target}")
    remedy = say("Write {filename} before the name of a page, {static} before that of any other file.")
    yield _wrong(page, (f"{link.what}{link.target}", link.what), message, remedy)
    unlink(page, link.what, link.target)


def unread_addresses(page: Content, targets: Targets) -> Iterator[Problem]:
    """An address to be put in stands where it is read."""
    for name, address in page.page_links.unread:
        message = say("nothing reads the address {address} in {place}", address=address, place=f"{name}=")
        remedy = say("Write it as {form}, or in a link or a picture of Markdown.", form='href="…", src="…"')
        yield _wrong(page, address, message, remedy)


def site_addresses(page: Content, targets: Targets) -> Iterator[Problem]:
    """A page is linked to by its file, not by its address."""
    for address in page.page_links.site_paths:
        path = targets.addresses.get(address.partition("#")[0].strip("/"))
        file = posixpath.relpath(path, posixpath.dirname(page.relative_source_path)) if path else "goal-setting.md"
        message = say("the link {address} names an address of the site, which changes with its slug", address=address)
        yield _wrong(page, address, message, say("Link to the file instead: {link}.", link=f"{{filename}}{file}"))


def other_sites(page: Content, targets: Targets) -> Iterator[Problem]:
    """A page loads nothing from other sites."""
    for address in page.page_links.elsewhere:
        message = say(
            "the page would load {address} from elsewhere, which tells that site who is reading", address=address
        )
        yield _wrong(page, address, message, say("Put the file in content/images and show it with {static}."))


def silent_images(page: Content, targets: Targets) -> Iterator[Problem]:
    """An image has a text for those who cannot see it, or is marked as decoration."""
    for image in page.page_links.silent_images:
        file = re.search(r'src="([^"]*?([^/"]+))"', image)
        near = (f"![]({file[1]}", file[2]) if file else "<img"
        message = say("an image has no text for those who cannot see it")
        remedy = say(
            "Write it between the brackets: ![what it shows](…). One that only decorates: {form}",
            form="![](…){: .decoration }",
        )
        yield _wrong(page, near, message, remedy)


def mistakes(page: Content, targets: Targets) -> Iterator[Problem]:
    """Markdown was understood as it was meant."""
    for mistake in page.page_links.mistakes:
        yield Problem(shown_path(page.source_path), mistake.line, mistake.message, mistake.remedy, _severity(page))


RULES: tuple[Callable[[Content, Targets], Iterator[Problem]], ...] = (
    next_steps,
    title,
    template,
    links,
    unread_addresses,
    site_addresses,
    other_sites,
    silent_images,
    mistakes,
)
