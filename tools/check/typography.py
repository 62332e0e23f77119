"""Typography that the build cannot mend, because it would have to guess: what each language writes, line by line.

The build does the French spaces, apostrophes, « » for "…", and the dots of an ellipsis (plugins/typography.py).
English is printed as it is typed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from babel.dates import get_day_names

from plugins.problems import Problem, say
from plugins.typography import MONTHS, french

from .prose import Passage
from .site import CheckedSite

MONTHS_FR = "|".join(MONTHS["fr"])
DAYS_FR = "|".join(get_day_names("wide", locale="fr").values())


@dataclass(frozen=True)
class Rule:
    """What is wrong where `pattern` matches, and what to write. The first group, or the whole match, is quoted."""

    pattern: re.Pattern[str]
    message: str
    remedy: str
    raw: bool = False  # looked for in the line as it is in the file, not as it is read


def rule(pattern: str, message: str, remedy: str, raw: bool = False) -> Rule:
    return Rule(re.compile(pattern), message, remedy, raw)


# Words that begin with É when they begin a sentence, and are often typed without it. (Others: the spelling check.)
ACCENTED = (
    "Etat|Etre|Ecole|Etape|Ecoute|Ecouter|Ecrire|Ecrivez|Editeur|Edition|Egalement|Equipe|Ethique|Etude|Evaluation"
)
ACCENTED += "|Evaluer|Eviter|Evitez|Echange|Elargir"
# What agrees with « vous » says whether a man or a woman is reading: after « être » (not in « vous vous êtes demandé »,
# which agrees with nothing), and after « avoir » where it is the object (not in « vous a donné »), as « me » in a form.
BE = r"(?:(?:n’|en |y |n’en |n’y )?(?:êtes|étiez|serez|seriez)|restez|semblez|vous sentez|vous sentirez)"
BETWEEN = r"(?: (?:pas|plus|jamais|déjà|encore|bien|très|trop|aussi|peut-être|toujours|vraiment|alors|enfin))*"
STATES = r"(?:\w+é|prêt|sûr|certain|seul|content|satisfait|inquiet|surpris|déçu|prévenu|tenu|contraint|soumis|exclu)"
MOVED = r"(?:surpris|prévenu|déçu|contraint|étonné|touché|gêné|frappé|marqué|inquiété|bloqué|informé|invité|aidé)"
AGREES = (
    rf"(?<![Vv]ous )\b[Vv]ous {BE}{BETWEEN} {STATES}e?s?\b|\b[ÊEê]tes-vous{BETWEEN} {STATES}e?s?\b"
    rf"|\b(?:[Vv]ous |m’)(?:a|ont|avait|aura|aurait){BETWEEN} {MOVED}e?s?\b"
)
BOTH = [
    rule(
        r"(?<![\d/])\d{1,2}/\d{1,2}/\d{2,4}(?![\d/])|(?<![\d/])\d{1,2}/(?!5\b|10\b)(?:0?[1-9]|1[0-2])(?![\d/])",
        say("“{words}” is read as two different days in two countries"),
        say("Write the month as a word."),
    ),
    rule(r"<<|>>", say("“{words}” is not a quotation mark"), say("Type « and ».")),
    rule(r"(?<=\w )--?(?= \w)", say("“{words}” is not a dash"), say("Type – (an en dash).")),
    rule(
        r"\w+(?:·\w+|\((?:e|ne|rice|trice)\)s?)",
        say("“{words}” cannot be read aloud"),
        say("Write both forms, or turn the sentence round."),
    ),
    rule(
        r"\b[Ee]tc\.?\s?(?:…|\.\.\.)",
        say("“{words}” says twice that the list goes on"),
        say("Write “etc.” or “…”, not both."),
    ),
]
FRENCH = [
    rule(
        r"(?:^|[.!?…]\s|[:«]\s)(A)(?=\s(?!ou |et )[a-zà-ÿ])",
        say("a capital letter has lost its accent: {words}"),
        say("Write À."),
    ),
    rule(r"\bCa\b(?!\.)", say("a capital letter has lost its cedilla: {words}"), say("Write Ça.")),
    rule(rf"\b(?:{ACCENTED})s?\b", say("a capital letter has lost its accent: {words}"), say("Write É.")),
    rule(
        r"“[^”]*”?",
        say("English quotation marks in French: {words}"),
        say("Write « … »; “ … ” only inside another quotation."),
    ),
    rule(r"(?<![\w’])'[^']*'?", say("a straight apostrophe used as a quotation mark: {words}"), say("Write « … ».")),
    rule(
        r"\b\d+\.\d+(?=\s?(?:%|€|h|km|kg|Mo|ko)\b|\s?[%€])",
        say("French writes decimals with a comma: {words}"),
        say("Write 1,5 rather than 1.5."),
    ),
    rule(
        r"\b1ères?\b|\b\d+(?:ième|nd|nde)s?\b",
        say("“{words}” is not how French shortens it"),
        say("Write 1er, 1re, 2e."),
    ),
    rule(r"\bMr\.?(?=\s[A-Z])", say("“{words}” is English"), say("Write M. before a name.")),
    rule(
        AGREES,
        say("“{words}” says whether a man or a woman is reading"),
        say("Turn the sentence round, so that nothing agrees with « vous »."),
    ),
    rule(
        r"\b(?:N°|No\.?|no)\s(?=\d)", say("“{words}” is not how French shortens “numéro”"), say("Write n° and a space.")
    ),
    rule(
        rf"(?<=\d )(?:{MONTHS_FR.title()})\b|(?<=\ble )(?:{DAYS_FR.title()})\b",
        say("days and months take a small letter: {words}"),
        say("Write it with a small letter."),
    ),
    rule(
        r"\b(?:[Cc]oeur|[Oo]euvre|[Ss]oeur|[Vv]oeu|[Nn]oeud|[Oo]eil|[Mm]oeurs)s?\b",
        say("“{words}” is written with œ"),
        say("Type œ."),
    ),
    rule(
        r"(?<!etc)([.,;:!?…])\s?(?=\[\^[^\]]+\](?!:))",
        say("the mark of a note stands after “{words}”; French has it before"),
        say("Write le mot[^1]."),
        raw=True,
    ),
]
UNPAIRED = rule(
    r'"',
    say("a straight quotation mark has no partner in its paragraph"),
    say("Write « before the words and » after them."),
)
ENGLISH = [
    rule(
        r'"',
        say("a straight quotation mark: English is printed as it is typed"),
        say("Type “ before the words and ” after them."),
    ),
    rule(r"\w*'\w*", say("a straight apostrophe: {words}"), say("Type ’.")),
    rule(r"«|»", say("French quotation marks in English: {words}"), say("Type “ and ”.")),
    rule(
        r"(?<=\w)[ \u00a0\u202f][;:!?](?=\s|$)",
        say("a space before “{words}”, as French has it"),
        say("Take the space out."),
    ),
    rule(r"\.\.\.", say("three dots: {words}"), say("Type … (one sign).")),
    rule(r"\d[ \u00a0\u202f]%", say("a space before “%”, as French has it: {words}"), say("Write 50%.")),
]
RULES = {"fr": [*BOTH, *FRENCH], "en": [*BOTH, *ENGLISH]}


def problems(site: CheckedSite) -> Iterator[Problem]:
    """Each rule that a passage breaks, once a line."""
    for paragraph in paragraphs(site.passages):
        yield from broken(paragraph)


BEGINS = re.compile(r"\s*(?:[-*+#>|:]|\d+[.)]|!!!)")  # a line that is no part of the paragraph above it


def paragraphs(passages: Iterable[Passage]) -> Iterator[list[Passage]]:
    """The lines of each paragraph: a quotation may go on from one to the next."""
    group: list[Passage] = []
    for passage in passages:
        last = group[-1] if group else passage
        follows = (passage.file, passage.lang, passage.place, passage.line) == (
            last.file,
            last.lang,
            "body",
            last.line + 1,
        )
        if not follows or last.place != "body" or BEGINS.match(passage.raw):
            if group:
                yield group
            group = []
        group.append(passage)
    if group:
        yield group


def broken(paragraph: list[Passage]) -> Iterator[Problem]:
    """What is wrong in each line of a paragraph, or in words that stand alone."""
    text = "\n".join(passage.text for passage in paragraph)
    left_straight = '"' in text and '"' in french(text)
    for passage in paragraph:
        rules = RULES.get(passage.lang, [])
        yield from _broken(passage, [*rules, UNPAIRED] if passage.lang == "fr" and left_straight else rules)


def _broken(passage: Passage, rules: list[Rule]) -> Iterator[Problem]:
    text = passage.text
    if passage.lang == "fr" and "“" in text:  # “ … ” is right inside « … »
        text = re.sub(r"«[^»]*»", "« »", text)
    for item in rules:
        looked_at = passage.raw if item.raw else french(text) if item is UNPAIRED else text
        if match := item.pattern.search(looked_at):
            words = (match[1] if match.re.groups and match[1] else match[0]).strip() or match[0]
            message = (
                say(getattr(item.message, "template", item.message), words=words)
                if "{words}" in item.message
                else item.message
            )
            yield Problem(passage.file, passage.line, message, item.remedy, "warning")
