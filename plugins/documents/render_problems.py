"""Turns the error of a failed rendering into a problem: which file and line, what is wrong there, what to do."""

from __future__ import annotations

from pathlib import Path

from plugins.pdf.form_fields import FormError
from plugins.pdf.render import PreparedDocument
from plugins.pdf.typst_compiler import RenderError
from plugins.problems import Problem, say, shown_path
from plugins.problems.lines import line_with

from .data_file import data_path
from .library import Library


def problem_of(error: Exception, prepared: PreparedDocument, library: Library) -> Problem:
    """The problem that `error` means for the author of `prepared`."""
    data = shown_path(data_path(prepared.name, library.build))
    template = shown_path(prepared.template)
    if isinstance(error, FormError):
        return Problem(
            data,
            None,
            say("the form of this document cannot be made: {reason}", reason=str(error)),
            say("Make the fields of {data} and those of {template} the same.", data=data, template=template),
        )
    if not isinstance(error, RenderError):
        return Problem(
            template,
            None,
            say("this document could not be made: {kind}: {reason}", kind=type(error).__name__, reason=str(error)),
            say("This is a fault of plugins/pdf: keep the file as it is and report it."),
        )
    for char in error.missing:
        for source, line in _places(char, library, data):
            code = f"U+{ord(char):04X}"
            return Problem(
                source,
                line,
                say("the PDF’s fonts have no sign for “{char}” ({code})", char=char, code=code),
                say("Write it another way; Source Sans Pro and Libertinus Serif cover Latin, punctuation and arrows."),
            )
    return Problem(
        template,
        None,
        say("Typst refuses this document: {reason}", reason=error.text),
        " ".join(error.hints) or say("Look at what changed last in {data} or in the pages it takes.", data=data),
    )


def _places(char: str, library: Library, data: str) -> list[tuple[str, int | None]]:
    """(file, line) of the sources that contain `char`, the data file last."""
    root = library.build.content
    found: list[tuple[str, int | None]] = []
    for source in [*library.sections.values(), *library.pages.values()]:
        if char in source.html or char in source.title:
            found.append((source.file, line_with(root / source.path, char)))
    found.append((data, line_with(root / "data" / Path(data).name, char)))
    return found
