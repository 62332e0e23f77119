"""Numbers with rules of their own: telephone (E.164), SIREN, SIRET, VAT; how they are checked and written.

What knows the rules takes 40 ms to load, so this module is imported where such a number is given.
"""

from __future__ import annotations

import phonenumbers
from stdnum.eu import vat
from stdnum.fr import siren, siret

from ..typography import NBSP, NNBSP

__all__ = ["is_phone", "siren", "siret", "vat", "written"]


def is_phone(number: str) -> bool:
    """Whether `number` is one in the form of E.164, `+33123456789`."""
    try:
        parsed = phonenumbers.parse(number)
    except phonenumbers.NumberParseException:
        return False
    written = phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)
    return phonenumbers.is_possible_number(parsed) and written == number


def written(kind: str, value: str, lang: str) -> str:
    """A `phone`, `siren` or `siret` as it is read out in `lang`."""
    if kind == "phone":
        return _phone(value)
    space = NNBSP if lang == "fr" else NBSP
    return str((siren if kind == "siren" else siret).format(value, space))


def _phone(number: str) -> str:
    """A French one as `01 23 45 67 89`; any other in international form."""
    parsed = phonenumbers.parse(number)
    forms = phonenumbers.PhoneNumberFormat
    form = forms.NATIONAL if parsed.country_code == 33 else forms.INTERNATIONAL
    return phonenumbers.format_number(parsed, form).replace(" ", NBSP)
