"""What a reader can count on, row by row: price, number, length, place, reply; only what is known."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

Row = dict[str, Any]  # name, label and value; the last two in both languages

LABELS = {
    "sessions.price_incl_tax": {"en": "Price, tax included", "fr": "Prix TTC"},
    "sessions.price_excl_tax": {"en": "Price before tax", "fr": "Prix HT"},
    "sessions.price": {"en": "Price", "fr": "Prix"},
    "sessions.number": {"en": "Number of sessions", "fr": "Nombre de séances"},
    "sessions.length": {"en": "Length of a session", "fr": "Durée d’une séance"},
    "sessions.rhythm": {"en": "Rhythm", "fr": "Rythme"},
    "coach.places": {"en": "In person", "fr": "Sur place"},
    "coach.remote": {"en": "At a distance", "fr": "À distance"},
    "coach.languages": {"en": "Languages", "fr": "Langues"},
    "sessions.reply_time": {"en": "Answer to a message", "fr": "Réponse à un message"},
    "sessions.earliest_start": {"en": "Earliest start", "fr": "Premier rendez-vous possible"},
    "sessions.cancellation": {"en": "If you cancel a session", "fr": "Si vous annulez une séance"},
}
ANSWERS = {True: {"en": "yes", "fr": "oui"}, False: {"en": "no", "fr": "non"}}


def in_practice(facts: Any) -> list[Row]:
    """The rows of the block “In practice”, for templates and for Markdown: `{% for row in in_practice %}`."""
    return list(_rows(facts))


def _rows(facts: Any) -> Iterator[Row]:
    for name, label in LABELS.items():
        table, _, key = name.partition(".")
        value = getattr(getattr(facts, table), key)
        if isinstance(value, bool):
            value = ANSWERS[value]
        if value:
            yield {"name": name, "label": label, "value": value}
