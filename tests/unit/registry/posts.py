"""A small district with people in posts, for the rules about them."""

from datetime import UTC, datetime, timedelta
from typing import Any

from case_contracts.district import DistrictError, DistrictPart, Item, Origin
from case_contracts.events.base import EventData
from registry.domain.plan import Plan, plan, plan_part
from tests.unit.registry.small import DISTRICT, bundle, edited

T0 = datetime(2026, 1, 1, tzinfo=UTC)
HERE = Origin(file="request")
ROLES = """\
roles:
- {role: worker, name: {zh: 网格员, en: Worker}, exclusive: true}
- {role: leader, name: {zh: 网格长, en: Leader}, exclusive: true}
- {role: contact, name: {zh: 联系员, en: Contact}}
team:
  unit: {least: 1, most: 2}
departments:
"""
FILES = edited("district.yaml", "departments:\n", ROLES)
FILES = edited("district.yaml", "2026-01-01T00:00:00+08:00", "2026-01-01T00:00:00Z", FILES)
HOUSEHOLDS = edited("grids/unit.geojson", '"name_zh":"410101"',
                    '"households":100,"name_zh":"410101"', FILES)  # fmt: skip


def day(number: float) -> datetime:
    return T0 + timedelta(days=number)


def published(files: dict[str, str] | None = None) -> dict[str, list[EventData]]:
    """What a load of the district says."""
    found = plan(bundle(files or HOUSEHOLDS), {}, DISTRICT)
    assert not found.errors
    return {step.aggregate: list(step.events) for step in found.steps}


def changed(
    known: dict[str, list[EventData]] | None = None, **things: list[dict[str, Any]]
) -> Plan:
    """A part of the district is to be as said."""
    items: dict[str, Any] = {
        name: [Item(origin=Origin(file=name, line=n), value=each) for n, each in enumerate(several)]
        for name, several in things.items()
    }
    return plan_part(DistrictPart(**items), known or published(), DISTRICT)


def posting(person: str, role: str, grid: str, since: float = 0, until: float | None = None,
            name: str | None = None) -> dict[str, Any]:  # fmt: skip
    return {
        "posting": name or f"posting:{grid}:{person}", "person": person, "role": role,
        "grid": grid, "valid_from": day(since).isoformat(),
        "valid_to": None if until is None else day(until).isoformat(),
    }  # fmt: skip


def codes(found: list[DistrictError]) -> list[str]:
    return [each.code for each in found]
