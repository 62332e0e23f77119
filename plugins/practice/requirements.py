"""Which facts must be known before the site may be published, under which condition, and why.

Each rule names the page that needs the fact and the source of the duty, so that the owner is told what and why.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from ..problems import say
from .model import Bilingual, Practice

COMPANIES = {"EURL", "SASU", "SARL", "SAS"}
SOLE_TRADERS = {"EI", "micro"}
LEGAL, PRIVACY, COOKIES = "legal-notice", "privacy-policy", "cookie-policy"
ACCESSIBILITY = "accessibility"
ART_1_1 = say("the legal notice must state it (LCEN art. 1-1)")
ART_19 = say("commercial information online must state it (LCEN art. 19)")
ART_13 = say("the privacy policy must state it (GDPR art. 13)")


def always(practice: Practice) -> bool:
    return True


def host_is_outside_area(practice: Practice) -> bool:
    """Whether the host is in a country outside the European Economic Area; false while it is unknown."""
    from .countries import in_area

    country = practice.host_country
    return country is not None and not in_area(country.en, country.fr)


def is_named(practice: Practice) -> bool:
    """Whether the site introduces the coach; the owner may decide that it does not, and give the reason."""
    return practice.coach.anonymous is not True


@dataclass(frozen=True)
class Requirement:
    """`field` (dotted) must be known when `applies`; `page` is the translation key of the page that needs it."""

    field: str
    page: str
    why: str
    applies: Callable[[Practice], bool] = always


REQUIREMENTS = [
    Requirement("trade_name", "home", say("every page shows it")),
    Requirement("legal_name", LEGAL, ART_1_1),
    Requirement("legal_form", LEGAL, ART_1_1),
    Requirement("first_names", LEGAL, ART_1_1, lambda p: p.legal_form in SOLE_TRADERS),
    Requirement("address.street", LEGAL, ART_1_1),
    Requirement("address.postcode", LEGAL, ART_1_1),
    Requirement("address.city", LEGAL, ART_1_1),
    Requirement("address.country", LEGAL, ART_1_1),
    Requirement("phone", LEGAL, ART_1_1),
    Requirement("email", "contact", ART_19),
    Requirement("siren", LEGAL, ART_1_1),
    Requirement("siret", LEGAL, say("it identifies the establishment (Code de commerce R123-220)")),
    Requirement("registration_kind", LEGAL, ART_1_1),
    Requirement(
        "rcs_city",
        LEGAL,
        say("the RCS city must be stated (Code de commerce R123-237)"),
        lambda p: p.registration_kind == "rcs",
    ),
    Requirement("share_capital", LEGAL, ART_1_1, lambda p: p.legal_form in COMPANIES),
    Requirement("vat_regime", LEGAL, ART_19),
    Requirement("vat_number", LEGAL, ART_19, lambda p: p.vat_regime == "liable"),
    Requirement(
        "vat_exempt_mention",
        LEGAL,
        say("an exempt practice states the rule that exempts it; ask your accountant for its wording"),
        lambda p: p.vat_regime == "exempt",
    ),
    Requirement("publication_director", LEGAL, ART_1_1),
    Requirement("publication_director_role", LEGAL, ART_1_1),
    Requirement("host_name", LEGAL, ART_1_1),
    Requirement("host_address", LEGAL, ART_1_1),
    Requirement("host_phone", LEGAL, ART_1_1),
    Requirement("host_url", LEGAL, say("visitors can reach the host")),
    Requirement(
        "host_country", PRIVACY, say("it decides whether data leave the European Economic Area (GDPR art. 13)")
    ),
    Requirement(
        "host_safeguard",
        PRIVACY,
        say("the host is outside the European Economic Area: the policy says what protects data there"),
        host_is_outside_area,
    ),
    Requirement(
        "sells_to_consumers",
        LEGAL,
        say("it decides whether a consumer mediator must be named (Code de la consommation L616-1)"),
    ),
    Requirement(
        "micro_enterprise",
        ACCESSIBILITY,
        say("it decides whether accessibility is a duty for this practice (Code de la consommation L412-13)"),
        lambda p: p.sells_to_consumers is True,
    ),
    Requirement(
        "mediator_name", LEGAL, say("Code de la consommation L616-1 and R616-1"), lambda p: p.sells_to_consumers is True
    ),
    Requirement(
        "mediator_address",
        LEGAL,
        say("Code de la consommation L616-1 and R616-1"),
        lambda p: p.sells_to_consumers is True,
    ),
    Requirement(
        "mediator_url", LEGAL, say("Code de la consommation L616-1 and R616-1"), lambda p: p.sells_to_consumers is True
    ),
    Requirement("privacy_contact_email", PRIVACY, ART_13),
    Requirement("retention.prospects", PRIVACY, ART_13),
    Requirement("retention.contracts", PRIVACY, ART_13),
    Requirement("retention.invoices", PRIVACY, ART_13),
    Requirement("retention.host_log", PRIVACY, ART_13),
    Requirement("retention.notes", PRIVACY, ART_13),
    Requirement("features.contact_form", COOKIES, say("the policies follow from it")),
    Requirement("features.booking_url", COOKIES, say("the policies follow from it")),
    Requirement("features.analytics", COOKIES, say("the policies follow from it")),
    Requirement("features.newsletter", COOKIES, say("the policies follow from it")),
    Requirement("site_url", "home", say("canonical addresses, feeds and the site map need it")),
    Requirement("policy_updated_on", PRIVACY, say("a policy shows its date")),
    Requirement("copyright_since", "home", say("the footer of every page shows it")),
    Requirement("quote", "home", say("the home page shows it")),
    Requirement("coach.name", "about", say("readers choose a coach, so the site says who it is"), is_named),
    Requirement("coach.bio", "about", say("readers choose a coach, so the site says what they have done"), is_named),
    Requirement(
        "coach.credentials",
        "about",
        say("readers choose a coach, so one qualification, still valid, can be checked at the address you give"),
        is_named,
    ),
    Requirement(
        "coach.anonymous_reason",
        "about",
        say("a site that does not name its coach says why"),
        lambda p: p.coach.anonymous is True,
    ),
    Requirement(
        "sessions.price_incl_tax",
        "contact",
        say("individuals are told the price with tax before they commit (Code de la consommation L112-1)"),
        lambda p: p.sells_to_consumers is True,
    ),
]

# What may be written in the place of a fact.
INSTEAD = {"coach.name": ("coach.anonymous", "coach.anonymous_reason")}

SUGGESTED = [
    "professional_insurance.insurer",
    "coach.training",
    "coach.supervision",
    "sessions.reply_time",
    "legal_reviewed_on",
    "accessibility.checked_on",
]


def _ends_with_siren(vat_number: str, siren: str) -> bool:
    from .numbers import vat

    return bool(vat.compact(vat_number)[4:] == siren)


def _figures(text: str) -> list[str]:
    return sorted(re.findall(r"\d", text))


def _about_the_coach(practice: Practice) -> Iterator[tuple[str, str]]:
    coach = practice.coach
    if coach.anonymous and coach.name:
        yield "coach.name", say("it is given, and you also say that the site leaves it out: keep one of them")
    if coach.photo and not coach.photo_alt:
        yield "coach.photo_alt", say("a portrait needs a text for those who cannot see it")
    for name in ("price_excl_tax", "price_incl_tax"):
        price = getattr(practice.sessions, name)
        if price and (not _figures(price.en) or _figures(price.en) != _figures(price.fr)):
            yield f"sessions.{name}", say("a price is written in figures, and they are the same in both languages")


def contradictions(practice: Practice) -> Iterator[tuple[str, str]]:
    """(field, reason) for facts that are well formed but cannot be true together."""
    if practice.siren and practice.siret and not practice.siret.startswith(practice.siren):
        yield "siret", say("a SIRET starts with the SIREN of the same practice")
    if practice.siren and practice.vat_number and not _ends_with_siren(practice.vat_number, practice.siren):
        yield "vat_number", say("a French VAT number ends with the SIREN of the same practice")
    if practice.legal_form in COMPANIES and practice.registration_kind not in (None, "rcs"):
        yield (
            "registration_kind",
            say("a company is entered in the trade and companies register (RCS; Code de commerce L123-1)"),
        )
    country, postcode = practice.address.country or "France", practice.address.postcode
    is_french = (country.fr if isinstance(country, Bilingual) else country).strip().lower() == "france"
    if is_french and postcode and not re.fullmatch(r"\d{5}", postcode):
        yield "address.postcode", say("a French postcode has five figures")
    not_people = {practice.trade_name} | (set() if practice.legal_form in SOLE_TRADERS else {practice.legal_name})
    if practice.publication_director and practice.publication_director in not_people:
        yield "publication_director", say("the publication director is a natural person, not a company (LCEN art. 1-1)")
    yield from _about_the_coach(practice)
    for name in ("contact_form", "analytics", "newsletter"):
        if getattr(practice.features, name):
            yield (
                f"features.{name}",
                say("this site has none, so the policies would describe something that is not there"),
            )
    if practice.features.booking_url and not practice.processors:
        yield "processors", say("a booking service receives data, but no processor is named (GDPR art. 13)")
