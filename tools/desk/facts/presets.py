"""Public facts that the form offers to take over: hosts, the wording of an exemption, booking services."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from plugins.practice import form
from plugins.practice.form import Group, fields

from .fact_fields import Raw, shown, value_at

PRESETS = Path(form.__file__).with_name("presets.toml")
OFFERED = {"host": "hosts", "tax": "vat_exempt", "processing": "booking"}  # which kind a group offers


@cache
def presets() -> dict[str, list[dict[str, Any]]]:
    """Public facts that are offered, by kind, as presets.toml has them."""
    return tomllib.loads(PRESETS.read_text(encoding="utf-8"))


def offered(group: Group, lang: str) -> list[dict[str, Any]]:
    """What a group offers to take over: its id, name, details; its source, and whether that is the company's own."""
    kind = OFFERED.get(group.id, "")
    return [
        {
            "id": f"{kind}.{place}",
            "name": preset.get("name") or preset[lang],
            "details": [
                text
                for text in (preset.get("address") or preset.get("country", {}).get(lang), _phone(preset, lang))
                if text
            ],
            "source": preset["source"],
            "site": re.sub(r"^https?://(www\.)?|/.*$", "", preset["source"]),
            "seen": shown(fields()["policy_updated_on"], preset["seen"], lang),
            "own": preset.get("own", False),
        }
        for place, preset in enumerate(presets().get(kind, []))
    ]


def _phone(preset: Mapping[str, Any], lang: str) -> Raw:
    return shown(fields()["host_phone"], preset.get("phone"), lang)


def chosen(preset_id: str, values: Mapping[str, Any], lang: str) -> dict[str, Raw]:
    """What a chosen preset puts into the form."""
    kind, _, place = preset_id.partition(".")
    known = presets().get(kind, [])
    if not place.isdigit() or int(place) >= len(known):
        return {}
    given: dict[str, Any] = {}
    preset = known[int(place)]
    match kind:
        case "hosts":
            given = {
                f"host_{name}": preset.get(name) for name in ("name", "address", "phone", "url", "country", "safeguard")
            }
        case "vat_exempt":
            given = {"vat_regime": "exempt", "vat_exempt_mention": {"en": preset["en"], "fr": preset["fr"]}}
        case "booking":
            row = {name: preset[name] for name in ("name", "country", "purpose", "safeguard")}
            rows = value_at(values, "processors") or []
            given = {"processors": rows if any(other.get("name") == row["name"] for other in rows) else [*rows, row]}
    return {path: shown(fields()[path], value, lang) for path, value in given.items()}
