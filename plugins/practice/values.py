"""Values as people write them, each brought into one form, or refused with what is wrong (ValueError)."""

from __future__ import annotations

import datetime
import re
from difflib import SequenceMatcher
from typing import Annotated, Any
from urllib.parse import urlsplit

from pydantic import AfterValidator, BeforeValidator

from ..frontmatter import not_another_century
from ..problems import say
from ..problems.unreadable import UNSHOWABLE
from ..typography import MONTHS

PLACEHOLDER = re.compile(
    r"\b(?:todo|tbd|fixme|xxx+|lorem|ipsum|foo|changeme)\b|example\.(?:com|org|net|fr)|"
    r"\b123[ .]?456[ .]?789|(?:\b00[ .]?){4}|"
    r"à compléter|to be completed|[\[\]]|\.{3}|…|\?{2,}",
    re.IGNORECASE,
)
# What mail providers are called; a name that is one letter off is a slip. Short names are left out: too many are close.
PROVIDERS = ("gmail", "hotmail", "outlook", "wanadoo", "laposte", "yahoo", "icloud", "protonmail")
ANSWERS = {
    **dict.fromkeys(("yes", "oui", "true", "vrai"), True),
    **dict.fromkeys(("no", "non", "false", "faux"), False),
}


def not_a_placeholder(value: Any) -> Any:
    """Refuse what looks typed to fill a gap, and signs that cannot be shown."""
    if isinstance(value, str) and (hidden := UNSHOWABLE.search(value)):
        raise ValueError(say("there is a sign in it that cannot be shown (U+{code})", code=f"{ord(hidden[0]):04X}"))
    if isinstance(value, str) and (found := PLACEHOLDER.search(value)):
        raise ValueError(say('"{words}" looks like a placeholder, not like a fact', words=found.group()))
    return value


def phone(value: str) -> str:
    """A telephone number, French unless it says otherwise, in the form of E.164 (ITU-T): `+33123456789`."""
    from .numbers import international

    number = international(value)
    if number is None:
        raise ValueError(say("this is not a telephone number: write it like 01 99 00 12 34 or +33 1 99 00 12 34"))
    return number


def email(value: str) -> str:
    """An address of letters, figures and the signs that RFC 5322 allows outside quotation marks."""
    value = value.strip()
    if not value.isascii():
        raise ValueError(say("an e-mail address has no accents: most programs refuse one that has"))
    if not re.fullmatch(r"[\w.!#$%&'*+/=?^`{|}~-]+@(?:[a-zA-Z0-9-]+\.)+[a-zA-Z]{2,}", value):
        raise ValueError(say("this is not an e-mail address"))
    name, _, ending = value.rpartition("@")[2].lower().rpartition(".")
    if meant := next((known for known in PROVIDERS if _is_slip(name, known)), None):
        raise ValueError(say("“{typed}” looks like a slip for {meant}", typed=f"{name}.{ending}", meant=meant))
    return value


def _is_slip(typed: str, known: str) -> bool:
    """Whether two neighbours changed places, or one letter is missing or typed twice; the first letter is right."""
    if typed == known or typed[:1] != known[:1] or abs(len(typed) - len(known)) > 1:
        return False
    if len(typed) == len(known):
        wrong = [place for place, letter in enumerate(typed) if letter != known[place]]
        first, last = wrong[0], wrong[-1]
        return len(wrong) == 2 and last == first + 1 and typed[first : last + 1] == known[first : last + 1][::-1]
    return SequenceMatcher(None, typed, known).ratio() > 1.9 * min(len(typed), len(known)) / (len(typed) + len(known))


def https(value: str) -> str:
    """A web address, without a slash at its end."""
    if not re.fullmatch(r"https://[^\s/]+\.[^\s/]+(/\S*)?", value):
        raise ValueError(say("a web address here starts with https://"))
    return value.rstrip("/")


def site_address(value: str) -> str:
    """The site's own address: its pages link to each other from the root of a host, so there is nothing after it."""
    value = https(value.strip())
    parts = urlsplit(value)
    if "@" in parts.netloc:
        raise ValueError(say("the site’s address holds no user name and no password"))
    if parts.path or parts.query or parts.fragment:
        host = f"https://{parts.netloc}"
        raise ValueError(say("the site needs an address of its own, like {host}, with nothing after it", host=host))
    try:
        return f"https://{parts.netloc.encode('idna').decode().lower()}"  # one with accents, as browsers send it
    except UnicodeError:
        raise ValueError(say("a web address here starts with https://")) from None


def siren(value: str) -> str:
    """Nine digits, however spaced (INSEE)."""
    from .numbers import siren

    if not siren.is_valid(value):
        raise ValueError(say("a SIREN has nine digits and this one does not match its check digit (Luhn)"))
    return str(siren.compact(value))


def siret(value: str) -> str:
    """Fourteen digits, however spaced (INSEE)."""
    from .numbers import siret

    if not siret.is_valid(value):
        raise ValueError(say("a SIRET has fourteen digits and this one does not match its check digit (Luhn)"))
    return str(siret.compact(value))


def vat(value: str) -> str:
    """A VAT number of the European Union."""
    from .numbers import vat

    if not vat.is_valid(value):
        raise ValueError(say("this VAT number does not match its key"))
    return value


def day(value: Any) -> Any:
    """A day as TOML has it, or as a text: 2026-11-24, 24/11/2026, 24 novembre 2026, 24 November 2026."""
    if not isinstance(value, str):
        return value
    if match := re.fullmatch(r"\s*(\d{1,2})[/.](\d{1,2})[/.](\d{4})\s*", value):
        numbers = [int(part) for part in match.groups()]
    elif match := re.fullmatch(r"\s*(\d{1,2})(?:er|st|nd|rd|th)?\s+(\w+)\s+(\d{4})\s*", value):
        names = [[name.lower() for name in names] for names in MONTHS.values()]
        month = next((months.index(match[2].lower()) + 1 for months in names if match[2].lower() in months), 0)
        numbers = [int(match[1]), month, int(match[3])]
    else:
        return value.strip()
    try:
        return datetime.date(numbers[2], numbers[1], numbers[0])
    except ValueError:
        raise ValueError(say("there is no such day")) from None


def year(value: int) -> int:
    """A year up to this one."""
    this = datetime.date.today().year  # noqa: DTZ011 - the owner's own year
    if not 1950 <= value <= this:
        raise ValueError(say("this is a year from 1950 to {this}", this=this))
    return value


def postcode(value: str) -> str:
    """Figures without spaces; another country's as it is."""
    return re.sub(r"\s", "", value) if re.fullmatch(r"[\d\s]+", value) else value


def yes_or_no(value: Any) -> Any:
    """`yes`, `oui`, `vrai` and the like, as a text, are answers too."""
    return ANSWERS.get(value.strip().lower(), value) if isinstance(value, str) else value


Text = Annotated[str, AfterValidator(not_a_placeholder)]
Phone = Annotated[Text, AfterValidator(phone)]
Email = Annotated[Text, AfterValidator(email)]
Https = Annotated[Text, AfterValidator(https)]
SiteAddress = Annotated[Text, AfterValidator(site_address)]
Postcode = Annotated[Text, AfterValidator(postcode)]
Siren = Annotated[Text, AfterValidator(siren)]
Siret = Annotated[Text, AfterValidator(siret)]
Vat = Annotated[Text, AfterValidator(vat)]
Day = Annotated[datetime.date, BeforeValidator(day), AfterValidator(not_another_century)]
Year = Annotated[int, AfterValidator(year)]
YesNo = Annotated[bool, BeforeValidator(yes_or_no)]
