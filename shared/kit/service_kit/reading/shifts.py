"""Shifts as a cell of a table: ``1-5 08:00-12:00; 1-5 14:00-18:00``.

Each part is ISO weekdays (``1-5``, ``1,3,5``) and hours of the day; parts are divided by ``;``.
"""

import re
from typing import Any

_SHIFT = re.compile(r"^([1-7](?:[-,][1-7])*) (\d\d:\d\d)-(\d\d:\d\d)$")


def parse_shifts(text: str) -> list[dict[str, Any]]:
    """The shifts of a cell, with the fields of ``case_contracts.values.Shift``.

    Raises:
        ValueError: a part is not weekdays and hours.
    """
    return [_shift(part.strip()) for part in text.split(";")]


def _shift(part: str) -> dict[str, Any]:
    match = _SHIFT.match(part)
    if not match:
        raise ValueError(f"{part!r} is not a shift such as '1-5 08:00-18:00'")
    days, start, end = match.groups()
    return {"weekdays": _weekdays(days), "hours": {"start": start, "end": end}}


def _weekdays(text: str) -> list[int]:
    days: list[int] = []
    for part in text.split(","):
        first, _, last = part.partition("-")
        days.extend(range(int(first), int(last or first) + 1))
    return days


def write_shifts(shifts: list[dict[str, Any]]) -> str:
    """The cell that ``parse_shifts`` reads these shifts from."""
    return "; ".join(
        f"{_days(shift['weekdays'])} {shift['hours']['start']}-{shift['hours']['end']}"
        for shift in shifts
    )


def _days(days: list[int]) -> str:
    if len(days) > 2 and days == list(range(days[0], days[-1] + 1)):
        return f"{days[0]}-{days[-1]}"
    return ",".join(str(day) for day in days)
