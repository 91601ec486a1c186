"""The sample's standard, admissions and work calendar."""

from datetime import date, timedelta
from importlib.resources import files
from typing import Any

import yaml

from civicgrid.sample.people import DEPUTIES

CALENDAR, STANDARD = "lanhe-work", "lanhe"
_HOURS = [{"start": "08:00", "end": "12:00"}, {"start": "14:00", "end": "18:00"}]

# The State Council's arrangement of holidays for 2026: (from, days, name); make-up days below.
_HOLIDAYS = (
    ("2026-01-01", 3, "元旦", "New Year"),
    ("2026-02-15", 9, "春节", "Spring Festival"),
    ("2026-04-04", 3, "清明节", "Tomb-sweeping Day"),
    ("2026-05-01", 5, "劳动节", "Labour Day"),
    ("2026-06-19", 3, "端午节", "Dragon Boat Festival"),
    ("2026-09-25", 3, "中秋节", "Mid-Autumn Festival"),
    ("2026-10-01", 7, "国庆节", "National Day"),
)
_MAKE_UP = (
    ("2026-01-04", "元旦", "New Year"),
    ("2026-02-14", "春节", "Spring Festival"),
    ("2026-02-28", "春节", "Spring Festival"),
    ("2026-05-09", "劳动节", "Labour Day"),
    ("2026-09-20", "国庆节", "National Day"),
    ("2026-10-10", "国庆节", "National Day"),
)


def matters() -> list[dict[str, Any]]:
    """The rows of ``matters.yaml``."""
    text = files(__package__).joinpath("matters.yaml").read_text(encoding="utf-8")
    rows: list[dict[str, Any]] = yaml.safe_load(text)
    return rows


def standard(rows: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "standard": STANDARD,
        "version": 1,
        "calendar": {"id": CALENDAR, "version": 1},
        "matters": [_matter(row) for row in rows],
    }


def _matter(row: dict[str, Any]) -> dict[str, Any]:
    return {
        "code": row["code"],
        "matter_class": row["code"].split("/")[0],
        "name": {"zh": row["zh"], "en": row["en"]},
        "default_condition": row.get("default"),
        "conditions": [_condition(row, *condition) for condition in row["conditions"]],
    }


def _condition(
    row: dict[str, Any], code: str, zh: str, en: str, limit: str, mark: str = ""
) -> dict[str, Any]:
    urgent = mark == "urgent"
    amount, unit = limit.split()
    verify = (
        {"amount": 4, "unit": "working_hours"} if urgent else {"amount": 1, "unit": "working_days"}
    )
    closing_zh, closing_en = row["closing"]
    return {
        "code": code,
        "name": {"zh": zh, "en": en},
        "handle": {"amount": float(amount), "unit": unit},
        "verify": verify,
        "closing": {"zh": closing_zh, "en": closing_en},
        "evidence": _evidence(row["code"]),
        "urgent": urgent,
    }


def _evidence(code: str) -> list[str]:
    if code.startswith(("part/", "event/", "hazard/")):
        return ["photo-after"]
    return ["signed-agreement"] if code.startswith("dispute/") else ["answer-record"]


def admissions(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Matters that grid workers may be sent, each proposed and reviewed."""
    return [
        {"matter": row["code"], "proposed_by": _proposer(row["code"]), "reviewed_by": DEPUTIES[0]}
        for row in rows
        if row.get("admitted")
    ]


def _proposer(code: str) -> str:
    return "market-regulation" if "/market/" in code else "urban-management"


def calendar() -> dict[str, Any]:
    return {
        "calendar": CALENDAR,
        "version": 1,
        "zone": "Asia/Shanghai",
        "weekdays": {str(day): _HOURS for day in range(1, 6)},
        "exceptions": sorted([*_holidays(), *_make_up()], key=lambda one: str(one["day"])),
    }


def _holidays() -> list[dict[str, Any]]:
    return [
        {"day": str(date.fromisoformat(first) + timedelta(days=n)), "name": {"zh": zh, "en": en}}
        for first, days, zh, en in _HOLIDAYS
        for n in range(days)
    ]


def _make_up() -> list[dict[str, Any]]:
    return [
        {"day": day, "hours": _HOURS, "name": {"zh": f"{zh}调休上班", "en": f"{en} make-up day"}}
        for day, zh, en in _MAKE_UP
    ]
