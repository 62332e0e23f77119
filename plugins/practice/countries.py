"""Which countries are in the European Economic Area, by their names in both languages (CLDR, through Babel).

What knows them takes a moment to load, so this module is imported where a country is asked about.
"""

from __future__ import annotations

import re
from functools import cache

from babel import Locale
from stdnum.eu.vat import MEMBER_STATES

# Of the VAT numbers' states, XI is Northern Ireland. The three others have joined the area, not the Union.
CODES = {code.upper() for code in MEMBER_STATES if code != "xi"} | {"IS", "LI", "NO"}
ARTICLE = re.compile(r"^(?:the |le |la |les |l['’])")


@cache
def _area() -> set[tuple[str, str]]:
    """The English and the French name of each country of the area."""
    english, french = Locale("en").territories, Locale("fr").territories
    return {(_plain(english[code]), _plain(french[code])) for code in CODES}


def _plain(name: str) -> str:
    return ARTICLE.sub("", " ".join(name.split()).casefold())


def in_area(en: str, fr: str) -> bool:
    """Whether both names are those of one country of the European Economic Area."""
    return (_plain(en), _plain(fr)) in _area()
