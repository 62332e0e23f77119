"""Drawings (SVG) made of nothing but what draws: a list of elements and attributes, and addresses within the file.

What editors add for themselves (their own namespaces, metadata, comments, instructions) is left out. What could run,
load something or lead elsewhere is told with its line, and so is every other thing that the lists do not know.
"""

from __future__ import annotations

import re
from typing import NoReturn
from xml.parsers import expat
from xml.sax.saxutils import escape, quoteattr

from .problems import say

SVG, XLINK, XML = "http://www.w3.org/2000/svg", "http://www.w3.org/1999/xlink", "http://www.w3.org/XML/1998/namespace"
SHAPES = "circle ellipse line path polygon polyline rect text tspan textPath"
GROUPS = "svg g defs symbol use switch marker mask pattern clipPath linearGradient radialGradient stop title desc style"
FILTERS = (
    "filter feBlend feColorMatrix feComponentTransfer feComposite feConvolveMatrix feDiffuseLighting feDisplacementMap "
    "feDistantLight feDropShadow feFlood feFuncA feFuncB feFuncG feFuncR feGaussianBlur feMerge feMergeNode "
    "feMorphology feOffset fePointLight feSpecularLighting feSpotLight feTile feTurbulence"
)
ELEMENTS = frozenset(f"{SHAPES} {GROUPS} {FILTERS}".split())
WORDS = frozenset(["text", "tspan", "textPath", "title", "desc", "style"])  # elements whose text is kept
GEOMETRY = (
    "width height viewBox preserveAspectRatio x y x1 y1 x2 y2 cx cy r rx ry fx fy fr d points pathLength transform "
    "dx dy rotate textLength lengthAdjust startOffset method spacing side refX refY orient markerWidth markerHeight "
    "markerUnits offset gradientUnits gradientTransform spreadMethod patternUnits patternContentUnits "
    "patternTransform maskUnits maskContentUnits clipPathUnits"
)
EFFECTS = (
    "filterUnits primitiveUnits in in2 result mode type values tableValues slope intercept amplitude exponent "
    "operator k1 k2 k3 k4 order kernelMatrix divisor bias targetX targetY edgeMode kernelUnitLength preserveAlpha "
    "surfaceScale diffuseConstant specularConstant specularExponent scale xChannelSelector yChannelSelector azimuth "
    "elevation stdDeviation radius baseFrequency numOctaves seed stitchTiles pointsAtX pointsAtY pointsAtZ "
    "limitingConeAngle z"
)
LOOKS = (
    "id class style lang role aria-hidden aria-label aria-labelledby aria-describedby focusable version baseProfile "
    "color color-interpolation color-interpolation-filters clip-path clip-rule mask filter fill fill-opacity fill-rule "
    "stroke stroke-dasharray stroke-dashoffset stroke-linecap stroke-linejoin stroke-miterlimit stroke-opacity "
    "stroke-width opacity stop-color stop-opacity flood-color flood-opacity lighting-color display visibility overflow "
    "marker marker-start marker-mid marker-end paint-order vector-effect shape-rendering text-rendering "
    "image-rendering mix-blend-mode isolation font-family font-size font-size-adjust font-stretch font-style "
    "font-variant font-weight letter-spacing word-spacing text-anchor text-decoration dominant-baseline "
    "alignment-baseline baseline-shift direction writing-mode unicode-bidi enable-background media"
)
ATTRIBUTES = frozenset(f"{GEOMETRY} {EFFECTS} {LOOKS}".split())
REMARKS = re.compile(r"/\*.*?(?:\*/|\Z)", re.DOTALL)  # in a style sheet
# In a style: a sign that hides others, a rule that loads, an address that is not of the file itself.
LOADS = re.compile(r"\\|@(?!media\b)|\b(?:url|src)\(\s*[\"']?(?!\s*#)|\b(?:image|image-set|expression)\(|//", re.I)


class DrawingError(Exception):
    """What is wrong with a drawing: `line` from 1, `message`, `remedy`."""

    def __init__(self, line: int, message: str, remedy: str) -> None:
        self.line, self.message, self.remedy = line, message, remedy
        super().__init__(message)


def cleaned_drawing(data: bytes) -> bytes:
    """The drawing again, of nothing but what the lists have. Raises DrawingError; loads nothing, expands nothing."""
    return _Copy().of(data)


class _Copy:
    def __init__(self) -> None:
        self._parser = parser = expat.ParserCreate(namespace_separator=" ")
        parser.buffer_text = True  # the whole of a style sheet at once
        parser.SetParamEntityParsing(expat.XML_PARAM_ENTITY_PARSING_NEVER)
        parser.StartElementHandler, parser.EndElementHandler = self._start, self._end
        parser.CharacterDataHandler = self._text
        parser.StartDoctypeDeclHandler, parser.EntityDeclHandler = self._doctype, self._entity
        self._open: list[str] = []
        self._skipped = 0  # how deep within something that is left out
        self._written: list[str] = []

    def of(self, data: bytes) -> bytes:
        try:
            self._parser.Parse(data, True)
        except expat.ExpatError as error:
            message = say("this drawing cannot be read as SVG from here on")
            raise DrawingError(error.lineno, message, say("Export it again from where it comes.")) from None
        return "".join(self._written).encode()

    def _refuse(self, what: str) -> NoReturn:
        message = say("{what} may not stand in a drawing of this site", what=what)
        remedy = say("Take it out, or export the drawing again as plain SVG.")
        raise DrawingError(self._parser.CurrentLineNumber, message, remedy)

    def _doctype(self, name: str, system: str | None, public: str | None, has_internal_subset: int) -> None:
        if has_internal_subset:
            self._refuse("<!DOCTYPE … [ ]>")

    def _entity(self, name: str, *_: object) -> None:
        self._refuse(f"<!ENTITY {name}>")

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        space, _, element = name.rpartition(" ")
        if not self._open and not self._skipped and (space, element) != (SVG, "svg"):
            self._refuse(f"<{element}>")
        if self._skipped or space != SVG or element == "metadata":
            self._skipped += 1
            return
        if element not in ELEMENTS:
            self._refuse(f"<{element}>")
        self._open.append(element)
        named = {"xmlns": SVG} if len(self._open) == 1 else {}
        for key, value in attributes.items():
            named |= self._kept(key, value)
        self._written.append(f"<{element}{''.join(f' {key}={quoteattr(value)}' for key, value in named.items())}>")

    def _kept(self, key: str, value: str) -> dict[str, str]:
        """The attribute as it is written, or nothing for one of an editor."""
        space, _, name = key.rpartition(" ")
        if (space, name) in (("", "href"), (XLINK, "href")):
            if not value.strip().startswith("#"):
                self._refuse(f"{name}={quoteattr(value[:60])}")
            return {"href": value}
        if space == XML and name in ("space", "lang"):
            return {f"xml:{name}": value}
        if space or name.startswith("data-"):
            return {}
        if name not in ATTRIBUTES:
            self._refuse(f"{name}=")
        value = REMARKS.sub("", value) if name == "style" else value
        if LOADS.search(value):
            self._refuse(f"{name}={quoteattr(value[:60])}")
        return {name: value}

    def _end(self, name: str) -> None:
        if self._skipped:
            self._skipped -= 1
            return
        self._written.append(f"</{self._open.pop()}>")

    def _text(self, text: str) -> None:
        if self._skipped or not self._open or self._open[-1] not in WORDS:
            return
        if self._open[-1] == "style":
            text = REMARKS.sub("", text)
            if LOADS.search(text):
                self._refuse("<style>")
        self._written.append(escape(text))
