"""From a form as it was sent to what dispatch takes. Pure."""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from console.domain.case_acts import Act, Field

MOST_WORDS = 4000
REFERENCE = re.compile(r"^[A-Za-z0-9._:@/-]{1,160}$")
IN_PATH = re.compile(r"^[A-Za-z0-9_:-][A-Za-z0-9._:@-]{0,159}$")
CODE = re.compile(r"^[a-z0-9_-]{1,60}$")
UNITS = ("hours", "working_hours", "days", "working_days")
Fields = Mapping[str, Sequence[str]]
"""What a form said: each field's values, in their order."""


class Unsaid(Exception):
    """A field that is needed was left empty, or what it says is no such thing."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name


def body_of(act: Act, sent: Fields, zone: ZoneInfo, known: Mapping[str, str]) -> dict[str, Any]:
    """The body; ``known`` are the case and what is written into the path and the body of itself
    (``taskid``, ``asked``). Raises Unsaid."""
    found: dict[str, Any] = {
        name: value.format_map(known) if isinstance(value, str) else value
        for name, value in act.fixed.items()
    }
    if act.bulk:
        found["cases"] = [known["case"]]
    for field in act.fields:
        value = _value(field, sent, zone)
        if value is None and field.needed:
            raise Unsaid(field.name)
        if value is not None and field.kind != "slip":
            found[field.name] = value
    return found


def path_of(act: Act, sent: Fields, known: Mapping[str, str]) -> str:
    """Raises Unsaid."""
    slip = _one(sent, "slip")
    if "{slip}" in act.path and not IN_PATH.match(slip):
        raise Unsaid("slip")
    return act.path.format_map({"slip": slip, **known})


def _one(sent: Fields, name: str) -> str:
    values = sent.get(name) or [""]
    return values[0].strip()


def _value(field: Field, sent: Fields, zone: ZoneInfo) -> Any:
    """None where nothing was said."""
    said = _one(sent, field.name)
    if field.kind in ("evidence", "papers"):
        return _several(field, sent)
    if field.kind == "limit":
        return _limit(field, sent)
    if field.kind == "tick":
        return said == "yes"
    return _said(field, said, zone) if said else None


def _said(field: Field, said: str, zone: ZoneInfo) -> Any:
    match field.kind:
        case "yes":
            return _yes(field, said)
        case "until":
            return _time(field, said, zone)
        case "words":
            return said[:MOST_WORDS]
        case "code" | "pick":
            return _fits(field, said, CODE)
        case _:
            return _fits(field, said, REFERENCE)


def _yes(field: Field, said: str) -> bool:
    if said not in ("yes", "no"):
        raise Unsaid(field.name)
    return said == "yes"


def _fits(field: Field, said: str, pattern: re.Pattern[str]) -> str:
    if not pattern.match(said) or (field.options and said not in field.options):
        raise Unsaid(field.name)
    return said


def _several(field: Field, sent: Fields) -> list[str] | None:
    """Ticked ones, or one on each line."""
    found = [part for value in sent.get(field.name, ()) for part in value.split()]
    return [_fits(field, each, REFERENCE) for each in found] or None


def _limit(field: Field, sent: Fields) -> dict[str, Any] | None:
    amount, unit = _one(sent, f"{field.name}_amount"), _one(sent, f"{field.name}_unit")
    if not amount:
        return None
    try:
        number = float(amount)
    except ValueError:
        raise Unsaid(field.name) from None
    if not 0 < number <= 3660 or unit not in UNITS:
        raise Unsaid(field.name)
    return {"amount": number, "unit": unit}


def _time(field: Field, said: str, zone: ZoneInfo) -> str:
    try:
        return datetime.fromisoformat(said).replace(tzinfo=zone).isoformat()
    except ValueError:
        raise Unsaid(field.name) from None
