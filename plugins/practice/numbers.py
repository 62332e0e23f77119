"""Numbers with rules of their own: telephone (E.164), SIREN, SIRET, VAT; how they are checked and written.

What knows the rules takes 40 ms to load, so this module is imported where such a number is given.
"""

from __future__ import annotations

import re

import phonenumbers
from stdnum.eu import vat
from stdnum.fr import siren, siret

from ..typography import NBSP, NNBSP

__all__ = ["international", "siren", "siret", "vat", "written"]


def international(number: str) -> str | None:
    """A number as people write it, French unless it says otherwise, in the form of E.164; None where it is none."""
    try:
        parsed = phonenumbers.parse(number, "FR")
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_possible_number(parsed) or re.search(r"[^\d\s().+/-]", number):
        return None
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)


def written(kind: str, value: str, lang: str) -> str:
    """A `phone`, `siren` or `siret` as it is read out in `lang`."""
    if kind == "phone":
        return _phone(value)
    rule = siren if kind == "siren" else siret
    if not rule.is_valid(value):
        raise ValueError(value)
    space = NNBSP if lang == "fr" else NBSP
    return str(rule.format(value, space))


def _phone(number: str) -> str:
    """A French one as `01 23 45 67 89`; any other in international form."""
    parsed = phonenumbers.parse(number)
    forms = phonenumbers.PhoneNumberFormat
    form = forms.NATIONAL if parsed.country_code == 33 else forms.INTERNATIONAL
    return phonenumbers.format_number(parsed, form).replace(" ", NBSP)
