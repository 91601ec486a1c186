"""Figures that others than dispatch have: notices, and when tasks came to departments."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from case_contracts.clock import Clock
from civicgrid.client import Api, As
from civicgrid.replay.follow import Standing

NOTICES = As("replay", "notices.read", "operator")


async def notice_counts(api: Api) -> dict[str, int]:
    """All notices by channel and outcome, as notification says."""
    found: dict[str, int] = await api.get("notification", "/figures", NOTICES)
    return found


async def inbox_seconds(
    api: Api, rows: Sequence[Standing], departments: Sequence[str], clock: Clock
) -> list[float]:
    """Real seconds from report to the first reading of the task from a department's inbox.

    Only departments that run here say when that was; a task given anew is left out.
    """
    reported = {row["case"]: datetime.fromisoformat(row["reported_at"]) for row in rows}
    taken = [row for name in departments for row in await _taken(api, name)]
    return [
        clock.real_seconds(datetime.fromisoformat(row["since"]) - reported[row["case"]])
        for row in taken
        if row["assignment"] == 1 and row["case"] in reported
    ]


async def _taken(api: Api, department: str) -> list[dict[str, Any]]:
    if not api.replicas("department"):
        return []
    found: list[dict[str, Any]] = await api.get("department", f"/departments/{department}/tasks")
    return found
