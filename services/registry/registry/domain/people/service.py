"""A person's service over all grids, as one file (履职档案)."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from case_contracts.events.base import EventData
from case_contracts.events.registry import (
    ContactGroupFormed,
    HandoverRecorded,
    PortfolioAssigned,
    PostingStarted,
    SecondmentStarted,
)
from service_kit.validity import END, Span


@dataclass(frozen=True)
class Service:
    """One line: what the person did where in ``[since, until)``; ``until`` None: still does.

    ``kind`` is ``posting``, ``secondment``, ``portfolio``, ``contact_group``, ``handed_over`` or
    ``took_over``; ``role``, ``department`` and ``other`` (the other side of a hand-over) where
    there is one.
    """

    kind: str
    id: str
    grid: str
    since: datetime
    until: datetime | None
    role: str | None = None
    department: str | None = None
    other: str | None = None


def service(person: str, spans: Iterable[Span[EventData]]) -> list[Service]:
    """The lines about the person, in order of time."""
    lines = [line for span in spans for line in _lines(person, span)]
    return sorted(lines, key=lambda line: (line.since, line.kind, line.id))


def _lines(person: str, span: Span[EventData]) -> Iterator[Service]:
    data, since = span.data, span.start
    until = None if span.end == END else span.end
    match data:
        case HandoverRecorded(from_person=one, to_person=other) if person in (one, other):
            gives = person == one
            yield Service(
                "handed_over" if gives else "took_over", data.handover, data.grid,
                data.valid_from, data.valid_from, role=data.role, other=other if gives else one,
            )  # fmt: skip
        case PostingStarted(person=who) if who == person:
            yield Service("posting", data.posting, data.grid, since, until, role=data.role)
        case SecondmentStarted(person=who) if who == person:
            yield Service("secondment", data.secondment, data.grid, since, until,
                          department=data.department)  # fmt: skip
        case PortfolioAssigned(person=who) if who == person:
            yield Service("portfolio", data.portfolio, data.grid, since, until)
        case ContactGroupFormed(person=who) if who == person:
            yield Service("contact_group", data.group, data.grid, since, until)
