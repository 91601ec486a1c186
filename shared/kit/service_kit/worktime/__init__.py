"""Arithmetic in working time: deadlines, pauses, and what was counted. Pure: no input, no output.

Every time that goes in has a zone; every time that comes out is in UTC.
"""

from service_kit.worktime.calendar import Span, WorkCalendar, WorktimeError
from service_kit.worktime.course import Leg, Still, course, left_before
from service_kit.worktime.deadline import deadline
from service_kit.worktime.explain import Segment, counted, explain
from service_kit.worktime.measure import elapsed, working_between

__all__ = [
    "Leg",
    "Segment",
    "Span",
    "Still",
    "WorkCalendar",
    "WorktimeError",
    "counted",
    "course",
    "deadline",
    "elapsed",
    "explain",
    "left_before",
    "working_between",
]
