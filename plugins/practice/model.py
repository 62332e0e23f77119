"""What content/data/practice.toml may say, and what makes a value wrong.

Every field is optional here: whether it must be known before publishing is for `requirements.py`.
Sources of the rules: LCEN (loi 2004-575) art. 1-1 and 19; Code de commerce R123-237 and R526-27; the check digit of
SIREN and SIRET (Luhn, INSEE); the French VAT key (CGI art. 286 ter: (12 + 3 × (SIREN mod 97)) mod 97); E.164 (ITU-T).
How a value may be typed, and the one form it is kept in: values.py.
"""

from __future__ import annotations

import re
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from ..problems import say
from .values import Day, Email, Https, Phone, Postcode, Siren, Siret, SiteAddress, Text, Vat, Year, YesNo, yes_or_no


class Part(BaseModel):
    """A table of the file. Unknown names are refused, and empty strings count as unknown facts."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    @model_validator(mode="before")
    @classmethod
    def _empty_is_unknown(cls, values: Any) -> Any:
        return {name: value for name, value in values.items() if value != ""} if isinstance(values, dict) else values


class Bilingual(Part):
    """A text in both languages; both or none."""

    en: Text
    fr: Text


class Address(Part):
    street: Text | None = None
    postcode: Postcode | None = None
    city: Text | None = None
    country: Bilingual | Text | None = None

    @model_validator(mode="after")
    def _is_a_place(self) -> Address:
        if self.street and re.fullmatch(r"(?:BP|CS|TSA|PO box)\s*\d+", self.street, re.IGNORECASE):
            raise ValueError(say("a post-office box alone is not an address: give the street"))
        return self


class Duration(Part):
    """How long something is kept: `{ value = 3, unit = "years" }`."""

    value: Annotated[int, Field(gt=0)]
    unit: Literal["days", "months", "years"]


class Retention(Part):
    prospects: Duration | None = None
    contracts: Duration | None = None
    invoices: Duration | None = None
    host_log: Duration | None = None
    notes: Duration | None = None


class Insurance(Part):
    insurer: Text | None = None
    address: Text | None = None
    territory: Bilingual | None = None


class Features(Part):
    """What the site does with data. Each one that is on gives the policies a row."""

    contact_form: YesNo | None = None
    booking_url: Annotated[Https | Literal[False], BeforeValidator(yes_or_no)] | None = None
    analytics: YesNo | None = None
    newsletter: YesNo | None = None


class Processor(Part):
    name: Text
    country: Bilingual
    purpose: Bilingual
    safeguard: Bilingual  # or why none is needed, such as a country of the European Economic Area


class StorageKey(Part):
    """Something the site keeps in the browser: a cookie or a Web Storage key."""

    key: Text
    purpose: Bilingual
    lifetime: Bilingual


class Accessibility(Part):
    status: Bilingual | None = None
    checked_on: Day | None = None
    contact: Email | None = None


class IntellectualProperty(Part):
    image_credits: list[Bilingual] | None = None
    font_licences: list[Bilingual] | None = None
    reuse_licence: Bilingual | None = None


class Credential(Part):
    """A qualification that can be verified: no evidence, no credential."""

    title: Bilingual
    body: Text
    id: Text | None = None
    evidence_url: Https
    valid_until: Day | None = None


class Coach(Part):
    """Who the coach is; or `anonymous`, with the reason that pages then give."""

    name: Text | None = None
    bio: Bilingual | None = None
    photo: Text | None = None  # the name of a file in content/images
    photo_alt: Bilingual | None = None
    training: Bilingual | None = None
    credentials: list[Credential] | None = None
    memberships: list[Bilingual] | None = None
    ethics_code: Bilingual | None = None
    supervision: Bilingual | None = None
    languages: Bilingual | None = None
    places: Bilingual | None = None
    remote: YesNo | None = None
    anonymous: YesNo | None = None
    anonymous_reason: Bilingual | None = None


class Sessions(Part):
    """What a reader can count on; pages show what is known of it: in_practice.py."""

    number: Bilingual | None = None
    length: Bilingual | None = None
    rhythm: Bilingual | None = None
    price: Bilingual | None = None
    price_excl_tax: Bilingual | None = None
    price_incl_tax: Bilingual | None = None
    reply_time: Bilingual | None = None
    earliest_start: Bilingual | None = None
    cancellation: Bilingual | None = None


class Quote(Part):
    text: Bilingual
    author: Bilingual
    source: Bilingual
    note: Bilingual | None = None


class Testimonial(Part):
    text: Bilingual
    display_name: Text
    role: Bilingual | None = None
    date: Day
    consent_on: Day
    consent_scope: Bilingual
    on_home: YesNo | None = None  # whether the consent covers the home page


class Credits(Part):
    original_site: Text | None = None


class Practice(Part):
    """The whole file."""

    fictitious: YesNo = False
    trade_name: Text | None = None
    legal_name: Text | None = None
    legal_form: Literal["EI", "micro", "EURL", "SASU", "SARL", "SAS", "association", "other"] | None = None
    first_names: Text | None = None
    phone: Phone | None = None
    email: Email | None = None
    siren: Siren | None = None
    siret: Siret | None = None
    registration_kind: Literal["rcs", "rne", "none"] | None = None
    rcs_city: Text | None = None
    share_capital: Text | None = None
    vat_regime: Literal["liable", "exempt"] | None = None
    vat_number: Vat | None = None
    vat_exempt_mention: Bilingual | None = None
    publication_director: Text | None = None
    publication_director_role: Bilingual | None = None
    editor_in_chief: Text | None = None
    host_name: Text | None = None
    host_address: Text | None = None
    host_phone: Phone | None = None
    host_url: Https | None = None
    host_country: Bilingual | None = None
    host_safeguard: Bilingual | None = None  # where that country is outside the European Economic Area
    data_storage_third_parties: list[Text] | None = None
    sells_to_consumers: YesNo | None = None
    micro_enterprise: YesNo | None = None  # fewer than 10 people, and a turnover or a balance sheet of 2 M€ at most
    mediator_name: Text | None = None
    mediator_address: Text | None = None
    mediator_url: Https | None = None
    terms_url: Https | None = None
    privacy_contact_email: Email | None = None
    dpo: Text | None = None
    site_url: SiteAddress | None = None
    policy_updated_on: Day | None = None
    legal_reviewed_on: Day | None = None
    legal_reviewed_by: Text | None = None
    copyright_since: Year | None = None
    address: Address = Address()
    professional_insurance: Insurance = Insurance()
    retention: Retention = Retention()
    features: Features = Features()
    processors: list[Processor] = []
    storage_keys: list[StorageKey] = []
    accessibility: Accessibility = Accessibility()
    ip: IntellectualProperty = IntellectualProperty()
    coach: Coach = Coach()
    sessions: Sessions = Sessions()
    testimonials: list[Testimonial] = []
    quote: Quote | None = None
    credits: Credits = Credits()
