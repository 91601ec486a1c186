"""When a scaled run begins: the first working instant of the district's own calendar."""

from collections.abc import Iterable
from datetime import datetime
from zoneinfo import ZoneInfo

from case_contracts.district import DistrictBundle
from case_contracts.events.registry import CalendarPublished
from civicgrid.reports_file import ReportLine
from service_kit.worktime import WorkCalendar


def opening(bundle: DistrictBundle, lines: Iterable[ReportLine]) -> datetime:
    """The first working instant at or after the first report, in the district's zone.

    Raises pydantic's ValidationError for a calendar that is none, and StopIteration for no
    reports.
    """
    event = CalendarPublished.model_validate(bundle.calendar.value)
    first = next(iter(lines)).reported_at
    at = WorkCalendar.from_event(event).first_working(first)
    return at.astimezone(ZoneInfo(event.zone))


def clock_text(start: datetime, speed: float) -> str:
    """The form of CIVICGRID_CLOCK, not yet anchored."""
    return f"{start.isoformat()}x{speed:g}"
