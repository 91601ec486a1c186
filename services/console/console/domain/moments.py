"""Times as people say them."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from service_kit.language import Language

Unit = Literal["days", "hours", "minutes"]
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def said(when: datetime, zone: ZoneInfo, language: Language) -> str:
    """A moment in that zone: ``2026年1月5日 09:12``, ``5 Jan 2026, 09:12``."""
    there = when.astimezone(zone)
    clock = f"{there:%H:%M}"
    if language == "zh":
        return f"{there.year}年{there.month}月{there.day}日 {clock}"
    return f"{there.day} {_MONTHS[there.month - 1]} {there.year}, {clock}"


@dataclass(frozen=True)
class Span:
    """A length of time in its largest whole unit. At least one minute."""

    amount: int
    unit: Unit


def span(length: timedelta) -> Span:
    """Rounded down, so that nobody is promised more time than there is."""
    minutes = max(1, int(abs(length).total_seconds() // 60))
    if minutes >= 2 * 24 * 60:
        return Span(minutes // (24 * 60), "days")
    if minutes >= 2 * 60:
        return Span(minutes // 60, "hours")
    return Span(minutes, "minutes")
