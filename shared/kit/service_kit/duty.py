"""Who is on duty: shifts are wall-clock times of the calendar's zone (值守)."""

from datetime import datetime, time
from zoneinfo import ZoneInfo

from case_contracts.events.registry import PostingStarted
from case_contracts.values import Shift

MIDNIGHT = time(0)


def on_duty(posting: PostingStarted, local: datetime) -> bool:
    """Whether one of its shifts is running. Without shifts nobody knows when, so it is not."""
    return any(_running(shift, local) for shift in posting.shifts)


def local_time(at: datetime, zone: str) -> datetime:
    return at.astimezone(ZoneInfo(zone))


def _running(shift: Shift, local: datetime) -> bool:
    """An end of 00:00 is the end of the day."""
    now, hours = local.time(), shift.hours
    within = hours.start <= now and (now < hours.end or hours.end == MIDNIGHT)
    return local.isoweekday() in shift.weekdays and within
