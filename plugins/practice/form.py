"""The facts as a form asks for them: groups in the order of what needs them, and for each fact its words and its kind.

What a fact may be is the model's (model.py); when it is needed, requirements.py's. A list of several-part facts and its
parts are written `processors`, `processors.name`.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal, NamedTuple, get_args, get_origin

from pydantic import BaseModel

from ..problems import Message, say
from .examples import is_model, known_as
from .model import Bilingual, Duration, Practice
from .requirements import REQUIREMENTS, Requirement

Kind = Literal["text", "day", "year", "yes_no", "choice", "pair", "duration", "address_or_none", "list", "row"]
OPTIONS = {  # the choices of the model, in words
    "EI": say("sole trader (entrepreneur individuel, EI)"),
    "micro": say("sole trader under the micro-enterprise scheme"),
    "EURL": say("company with one member (EURL)"),
    "SASU": say("simplified company with one shareholder (SASU)"),
    "SARL": say("limited company (SARL)"),
    "SAS": say("simplified company (SAS)"),
    "association": say("association"),
    "other": say("another form"),
    "rcs": say("trade and companies register (RCS)"),
    "rne": say("national business register (RNE)"),
    "none": say("no register"),
    "liable": say("I charge VAT"),
    "exempt": say("I am exempt from VAT"),
    "days": say("days"),
    "months": say("months"),
    "years": say("years"),
}
LONG = {"bio", "text", "purpose", "lifetime", "anonymous_reason", "note", "cancellation", "safeguard", "host_safeguard"}
NONE_TOO = {"features.booking_url"}  # an address, or that there is none
# Of those whose requirement does not hold, what a practice may still want to say.
ALWAYS_ASKED = {"coach.bio", "coach.credentials", "sessions.price_incl_tax"}


class Words(NamedTuple):
    """How one fact is asked for."""

    path: str
    label: Message
    hint: str = ""


@dataclass(frozen=True)
class Group:
    """Facts that are asked for together. `id` is its place on the page."""

    id: str
    title: Message
    words: list[Words]


GROUPS = [
    Group(
        "who",
        say("Who you are in law"),
        [
            Words("trade_name", say("Name of the practice"), say("The name that every page shows.")),
            Words("legal_form", say("Legal form")),
            Words("legal_name", say("Surname, or name of the company"), say("As the register has it.")),
            Words("first_names", say("First names")),
            Words("siren", say("SIREN"), say("Nine digits, with or without spaces.")),
            Words("siret", say("SIRET"), say("Fourteen digits: the SIREN and five more.")),
            Words("registration_kind", say("Where you are registered")),
            Words("rcs_city", say("City of the register"), say("The city of the court that keeps it.")),
            Words("share_capital", say("Share capital"), say("As your articles state it, with the currency.")),
            Words(
                "address.street",
                say("Street and number"),
                say("A sole trader’s domicile, a company’s registered office."),
            ),
            Words("address.postcode", say("Postcode")),
            Words("address.city", say("City")),
            Words("address.country", say("Country")),
        ],
    ),
    Group(
        "reach",
        say("How to reach you"),
        [
            Words("phone", say("Telephone"), say("As you dial it in France, or with the country code.")),
            Words("email", say("E-mail address")),
        ],
    ),
    Group(
        "tax",
        say("Tax"),
        [
            Words("vat_regime", say("Value added tax (VAT)"), say("Your accountant knows which holds for you.")),
            Words("vat_number", say("VAT number"), say("FR, two figures, then the SIREN.")),
            Words(
                "vat_exempt_mention",
                say("Wording of the exemption"),
                say("The sentence of your invoices that names the rule."),
            ),
        ],
    ),
    Group(
        "publisher",
        say("Who answers for the site"),
        [
            Words("publication_director", say("Publication director"), say("A person, not a company: usually you.")),
            Words("publication_director_role", say("What this person is in the practice")),
            Words("editor_in_chief", say("Editor in chief"), say("Only if it is another person.")),
        ],
    ),
    Group(
        "host",
        say("Who hosts the site"),
        [
            Words("host_name", say("Name of the host")),
            Words("host_address", say("Address of the host"), say("In one line, with its country.")),
            Words("host_phone", say("Telephone of the host")),
            Words("host_url", say("Web address of the host")),
            Words(
                "host_country",
                say("Country of the host"),
                say("Where its servers are, or its company if that is outside the European Economic Area."),
            ),
            Words(
                "host_safeguard",
                say("What protects the data there"),
                say("An adequacy decision, the EU–US Data Privacy Framework, or standard contractual clauses."),
            ),
            Words(
                "data_storage_third_parties",
                say("Other companies that store the site’s data"),
                say("One by one; none is an answer too."),
            ),
        ],
    ),
    Group(
        "clients",
        say("Whom you sell to"),
        [
            Words(
                "sells_to_consumers",
                say("Do you sell to individuals?"),
                say("To people who pay for themselves, not for a business."),
            ),
            Words(
                "micro_enterprise",
                say("Are you a micro-enterprise?"),
                say("Fewer than 10 people, and a turnover or a balance sheet of at most 2 million euros."),
            ),
            Words("mediator_name", say("Consumer mediator"), say("The one you have joined.")),
            Words("mediator_address", say("Address of the mediator")),
            Words("mediator_url", say("Web address of the mediator")),
            Words("terms_url", say("Web address of your terms of sale"), say("If they are online.")),
        ],
    ),
    Group(
        "data",
        say("Personal data"),
        [
            Words("privacy_contact_email", say("E-mail address for questions about data")),
            Words("dpo", say("Data protection officer"), say("Only if you have named one.")),
            Words("retention.prospects", say("How long you keep enquiries that lead to nothing")),
            Words("retention.contracts", say("How long you keep agreements")),
            Words("retention.invoices", say("How long you keep invoices")),
            Words("retention.host_log", say("How long the host keeps its log of visits")),
            Words("retention.notes", say("How long you keep your notes of sessions")),
            Words("policy_updated_on", say("Day of the last change to the policies")),
        ],
    ),
    Group(
        "processing",
        say("Who handles data for you"),
        [
            Words("features.booking_url", say("Booking service"), say("The address where people book with you.")),
            Words("features.contact_form", say("Is there a contact form?")),
            Words("features.analytics", say("Are visits measured?")),
            Words("features.newsletter", say("Is there a newsletter?")),
            Words(
                "processors",
                say("Services that handle data for you"),
                say("Beside the host, such as a booking service."),
            ),
            Words("processors.name", say("Name of the service")),
            Words("processors.country", say("Country of the service")),
            Words("processors.purpose", say("What it does with the data")),
            Words(
                "processors.safeguard", say("What protects the data there"), say("Or why nothing more is needed there.")
            ),
            Words(
                "storage_keys",
                say("What the site keeps on a reader’s device"),
                say("It follows from the site’s scripts: whoever changes those changes this."),
            ),
            Words("storage_keys.key", say("Its name in the browser")),
            Words("storage_keys.purpose", say("What it is for")),
            Words("storage_keys.lifetime", say("How long it stays")),
        ],
    ),
    Group(
        "insurance",
        say("Professional insurance"),
        [
            Words("professional_insurance.insurer", say("Insurer")),
            Words("professional_insurance.address", say("Address of the insurer")),
            Words("professional_insurance.territory", say("Where the insurance holds")),
        ],
    ),
    Group(
        "site",
        say("The site"),
        [
            Words("site_url", say("Web address of the site"), say("https:// and its name, with nothing after it.")),
            Words("copyright_since", say("Year from which you hold the rights")),
            Words("legal_reviewed_on", say("Day on which the legal pages were read by an adviser")),
            Words("legal_reviewed_by", say("Who read them")),
            Words("accessibility.status", say("How accessible the site is"), say("As the last check found it.")),
            Words("accessibility.checked_on", say("Day of the last accessibility check")),
            Words("accessibility.contact", say("E-mail address for questions about accessibility")),
            Words("ip.image_credits", say("Credits of pictures")),
            Words("ip.font_licences", say("Licences of fonts")),
            Words("ip.reuse_licence", say("Licence for whoever reuses the words")),
            Words("quote", say("Quotation on the home page")),
            Words("quote.text", say("Words of the quotation")),
            Words("quote.author", say("Who said it")),
            Words("quote.source", say("Where it was said")),
            Words("quote.note", say("Note on the quotation")),
            Words("credits.original_site", say("Who made the first version of the site")),
            Words(
                "fictitious",
                say("Are these facts invented?"),
                say("Yes, only to try the site out: every page then says so, and search engines stay away."),
            ),
        ],
    ),
    Group(
        "coach",
        say("The coach"),
        [
            Words("coach.anonymous", say("Should the site leave out the coach’s name?")),
            Words("coach.anonymous_reason", say("Why the site does not name the coach")),
            Words("coach.name", say("First name and surname of the coach")),
            Words("coach.bio", say("What the coach has done"), say("A few sentences; readers choose a coach by them.")),
            Words("coach.photo", say("Portrait"), say("One of your pictures, or a new one.")),
            Words("coach.photo_alt", say("What the portrait shows"), say("For those who cannot see it.")),
            Words("coach.training", say("Training")),
            Words(
                "coach.credentials",
                say("Qualifications"),
                say("Only those that anybody can check at a web address."),
            ),
            Words("coach.credentials.title", say("Title of the qualification")),
            Words("coach.credentials.body", say("Who awarded it")),
            Words("coach.credentials.id", say("Number of the certificate"), say("If it has one.")),
            Words("coach.credentials.evidence_url", say("Web address where it can be checked")),
            Words("coach.credentials.valid_until", say("Last day on which it is valid"), say("If it expires.")),
            Words("coach.memberships", say("Memberships"), say("Professional bodies that the coach belongs to.")),
            Words("coach.ethics_code", say("Code of ethics that the coach has signed")),
            Words("coach.supervision", say("Supervision"), say("With whom, and how often.")),
            Words("coach.languages", say("Languages of the sessions")),
            Words("coach.places", say("Where you meet people")),
            Words("coach.remote", say("Do you also work by video or telephone?")),
        ],
    ),
    Group(
        "sessions",
        say("In practice: the sessions"),
        [
            Words("sessions.price_incl_tax", say("Price, tax included"), say("Such as: €120 a session.")),
            Words("sessions.price_excl_tax", say("Price before tax"), say("Such as: €100 a session.")),
            Words("sessions.price", say("Price in other words"), say("If a sum alone does not say it.")),
            Words("sessions.number", say("Number of sessions")),
            Words("sessions.length", say("Length of a session")),
            Words("sessions.rhythm", say("Rhythm of the sessions")),
            Words("sessions.reply_time", say("Time until you answer a message")),
            Words("sessions.earliest_start", say("Earliest start")),
            Words("sessions.cancellation", say("What happens when a session is cancelled")),
        ],
    ),
    Group(
        "voices",
        say("Testimonials"),
        [
            Words("testimonials", say("What people say of you"), say("Only with their consent.")),
            Words("testimonials.text", say("Their words")),
            Words("testimonials.display_name", say("Name that is shown")),
            Words("testimonials.role", say("What they do"), say("If they agreed that it is shown.")),
            Words("testimonials.date", say("Day on which they said it")),
            Words("testimonials.consent_on", say("Day on which they agreed")),
            Words("testimonials.consent_scope", say("Where they agreed that it may stand")),
            Words("testimonials.on_home", say("Does that include the home page?")),
        ],
    ),
]
WORDS = {words.path: words for group in GROUPS for words in group.words}


@dataclass(frozen=True)
class Field:
    """One fact to ask for. `parts` are those of a row; of a list, its one part is what each of its items is."""

    path: str
    kind: Kind
    options: tuple[str, ...] = ()
    parts: tuple[Field, ...] = ()

    @property
    def label(self) -> Message:
        return WORDS[self.path].label

    @property
    def hint(self) -> str:
        return WORDS[self.path].hint

    @property
    def name(self) -> str:
        """Its own name, without its tables."""
        return self.path.rpartition(".")[2]

    @property
    def is_long(self) -> bool:
        """Whether it takes more than a line to write."""
        return self.name in LONG


def fields_of(model: type[BaseModel], table: str = "") -> Iterator[Field]:
    """What a form asks for in a model, and in the tables inside it."""
    for name, info in model.model_fields.items():
        kind, path = known_as(info.annotation), f"{table}{name}"
        optional = info.default_factory is not None or isinstance(info.default, BaseModel)
        if is_model(kind) and optional:
            yield from fields_of(kind, f"{path}.")
        else:
            yield Field(path, "address_or_none") if path in NONE_TOO else _field(kind, path)


SIMPLE: dict[Any, Kind] = {
    str: "text",
    int: "year",
    bool: "yes_no",
    datetime.date: "day",
    Bilingual: "pair",
    Duration: "duration",
}


def _field(kind: Any, path: str) -> Field:
    if get_origin(kind) is list:
        return Field(path, "list", parts=(_field(known_as(get_args(kind)[0]), path),))
    if get_origin(kind) is Literal:
        return Field(path, "choice", options=get_args(kind))
    if is_model(kind) and kind not in SIMPLE:
        return Field(path, "row", parts=tuple(fields_of(kind, f"{path}.")))
    return Field(path, SIMPLE[kind])


@cache
def fields() -> dict[str, Field]:
    """Every fact that is asked for by itself, in the order of the groups."""
    found = {field.path: field for field in fields_of(Practice)}
    return {path: found[path] for path in WORDS if path in found}


def group_of(path: str) -> Group:
    """The group in which a fact is asked for."""
    return next(group for group in GROUPS if any(words.path == path for words in group.words))


def label_of(field: str) -> Message:
    """How people call a fact such as `host_phone` or `coach.bio.en`; of a table, its group; else its name as it is."""
    names = [step for step in field.split(".") if not step.isdigit()]
    for end in range(len(names), 0, -1):
        path = ".".join(names[:end])
        if path in WORDS:
            return WORDS[path].label
        if path in {words.path.partition(".")[0] for words in WORDS.values()}:
            return next(group.title for group in GROUPS for words in group.words if words.path.startswith(f"{path}."))
    return say("{name}", name=field)


def asked_as(field: str) -> str:
    """The fact under which a form asks for `field`, which is the id of its place there; "" where nothing does.

    `coach.credentials.title` is asked for with its list; what is said of a whole table, with the first of its facts.
    """
    within = (path for path in fields() if f"{field}.".startswith(f"{path}."))
    return next(within, "") or next((path for path in fields() if path.startswith(f"{field}.")), "")


def needs_of(path: str, practice: Practice) -> list[Requirement]:
    """What asks for a fact of this practice."""
    return [need for need in REQUIREMENTS if need.field == path and need.applies(practice)]


def is_asked(path: str, practice: Practice) -> bool:
    """Whether a form shows a fact: what the law asks of others only is left out."""
    others = any(need.field == path for need in REQUIREMENTS) and path not in ALWAYS_ASKED
    return not others or bool(needs_of(path, practice))
