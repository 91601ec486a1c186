"""Arithmetic in working time: deadlines, pauses, and what was counted. Pure: no input, no output.

Every time that goes in has a zone; every time that comes out is in UTC.
"""

from service_kit.worktime.calendar import Span, WorkCalendar, WorktimeError
from service_kit.worktime.deadline import deadline, extend
from service_kit.worktime.explain import Segment, counted, explain
from service_kit.worktime.measure import elapsed, working_between

__all__ = [
    "Segment",
    "Span",
    "WorkCalendar",
    "WorktimeError",
    "counted",
    "deadline",
    "elapsed",
    "explain",
    "extend",
    "working_between",
]
