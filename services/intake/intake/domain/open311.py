"""What Open311 (GeoReport v2) makes of the district's standard and of its reports.

A service is a matter, under a code that can stand in a URL and in a list with commas: ``_`` for
the matter's ``/``, which no part of a matter's code contains.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from case_contracts.events.registry import StandardMatter
from intake.domain.listed import is_listed
from intake.domain.report import ReportState
from service_kit.errors import Invalid

OTHER = "other"
"""The service for whoever cannot say which: a reviewer then does."""
UNSURE = "_unsure"
"""The value of the condition for whoever cannot say it; no condition's code can be this."""
MOST_DAYS = timedelta(days=90)
_BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)


class Status(StrEnum):
    OPEN = "open"
    CLOSED = "closed"


def service_code(matter: str) -> str:
    """The service that a matter is offered as; ``other`` where no matter was said."""
    return matter.replace("/", "_") if matter else OTHER


def matter_of(code: str) -> str:
    """The matter behind a service's code, if there is one; empty for ``other``."""
    return "" if code == OTHER else code.replace("_", "/")


def must_say_condition(matter: StandardMatter) -> bool:
    """The standard's rules cannot choose the condition by themselves."""
    return matter.default_condition is None and len(matter.conditions) > 1


@dataclass(frozen=True)
class Span:
    """Requests from ``start`` to ``end``, both included."""

    start: datetime
    end: datetime

    def __contains__(self, when: datetime) -> bool:
        return self.start <= when <= self.end


def span_of(start: datetime | None, end: datetime | None, now: datetime) -> Span:
    """At most 90 days: the last ones where nothing is said, those from ``start`` on or up to
    ``end`` where one of them is. Raises Invalid where both are said and lie further apart."""
    if start is not None and end is not None:
        if end - start > MOST_DAYS:
            raise Invalid("start_date and end_date may not be more than 90 days apart")
        return Span(start, end)
    if start is not None:
        return Span(start, now if now - start <= MOST_DAYS else start + MOST_DAYS)
    end = max(end or now, _BEGINNING + MOST_DAYS)
    return Span(end - MOST_DAYS, end)


@dataclass(frozen=True)
class Wanted:
    """Which requests a list is to show; None: whatever they are."""

    span: Span
    matters: Collection[str] | None = None
    status: Status | None = None


def may_be_seen(report: ReportState) -> bool:
    """Something has been decided about it, and it complains of nobody."""
    said = report.said
    decided = report.in_case is not None or report.rejected is not None
    withdrawn = report.withdrawn_at is not None
    return said is not None and said.about is None and (decided or withdrawn)


def may_be_listed(report: ReportState) -> bool:
    """It stands behind a case whose matter is about a place."""
    return may_be_seen(report) and report.in_case is not None and is_listed(report.matter)
