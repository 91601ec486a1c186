"""The sample's departments and charters.

Nobody leads disputes, services, most inquiries and some hazards: there the grid is the owner.
Water affairs lead on rivers only in the streets that lie on one.
"""

from typing import Any

from civicgrid.sample.layout import ROOT
from civicgrid.sample.people import DEPUTIES, LEADER

DEPARTMENTS = (
    ("urban-management", "城市管理局", "Urban Management Bureau"),
    ("market-regulation", "市场监督管理局", "Market Regulation Bureau"),
    ("water-affairs", "水务局", "Water Affairs Bureau"),
)
_WORK = ("inspect", "order-rectification", "repair")
_PENALTY = ("inspect", "order-rectification", "penalise")
_RIVER_STREETS = ("001", "002", "004", "010")
_URBAN_PARTS = ("part/utilities/*", "part/roads/*", "part/green/*", "part/appearance/*")
_URBAN_EVENTS = ("event/appearance/*", "event/order/*", "event/construction/*")
_MARKET = ("event/market/*", "hazard/food/*", "hazard/building/lift", "inquiry/market/*")
_WATER = (
    "part/drainage/*",
    "event/water/standing-water",
    "event/water/outage",
    "event/water/illegal-discharge",
    "hazard/flood/*",
    "inquiry/water/*",
)
_ENTRIES: tuple[tuple[str, str, tuple[str, ...], str, str, tuple[str, ...], float | None], ...] = (
    ("urban-management", "parts", _URBAN_PARTS, ROOT, "lead", _WORK, 120.0),
    ("urban-management", "events", _URBAN_EVENTS, ROOT, "lead", _PENALTY, 60.0),
    ("market-regulation", "market", _MARKET, ROOT, "lead", _PENALTY, None),
    ("market-regulation", "stalls", ("event/order/street-stall",), ROOT, "support", _PENALTY, None),
    ("water-affairs", "water", _WATER, ROOT, "lead", _WORK, 150.0),
    ("urban-management", "flood", ("event/water/*",), ROOT, "support", ("inspect",), None),
)


def departments() -> list[dict[str, Any]]:
    return [{"department": code, "name": {"zh": zh, "en": en}} for code, zh, en in DEPARTMENTS]


def charters() -> list[dict[str, Any]]:
    rivers = [
        _charter(
            "water-affairs", f"river-{street}", ("event/water/river-litter",), ROOT + street,
            "lead", _WORK, 80.0,
        )
        for street in _RIVER_STREETS
    ]  # fmt: skip
    listed = [_charter(*entry) for entry in _ENTRIES] + rivers
    for number, charter in enumerate(listed, start=1):
        charter["legal_basis"] = (
            f"兰河区权责清单（2026年版）第{number}项 / Lanhe list 2026, no. {number}"
        )
    return listed


def _charter(
    department: str,
    name: str,
    matters: tuple[str, ...],
    grid: str,
    role: str,
    powers: tuple[str, ...],
    rate: float | None,
) -> dict[str, Any]:
    charter: dict[str, Any] = {
        "charter": f"charter:{department}:{name}",
        "version": 1,
        "department": department,
        "matters": list(matters),
        "grid": grid,
        "role": role,
        "powers": list(powers),
        "legal_basis": "",
        "approved_by": [LEADER, DEPUTIES[0]],
    }
    return charter if rate is None else charter | {"rate": rate}
