"""What may be asked of grid workers at a time, for everybody to read."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from case_contracts.events.base import EventData
from case_contracts.events.registry import (
    DepartmentRegistered,
    MatterAdmitted,
    StandardMatter,
    StandardPublished,
)
from case_contracts.values import Text
from registry.domain.kinds import KINDS, starts, version
from registry.domain.plan import Published
from registry.domain.record import standing
from service_kit.validity import END, Span


@dataclass(frozen=True)
class Admitted:
    """A matter that is admitted; ``until`` None: for good."""

    matter: str
    name: Text
    department: str
    department_name: Text
    urgent: bool
    since: datetime
    until: datetime | None


def admitted(published: Published, when: datetime) -> Iterator[Admitted]:
    """By the matter's code. Admissions that follow on each other count as one time."""
    matters, departments = names_of_matters(published, when), names_of_departments(published)
    for aggregate, said in sorted(published.items()):
        spans = standing(KINDS["matter"], said) if aggregate.startswith("matter:") else []
        span = next((span for span in spans if span.valid(when)), None)
        if span is None or not isinstance(span.data, MatterAdmitted):
            continue
        data = span.data
        since, until = _run(spans, span)
        yield Admitted(
            matter=data.matter,
            name=matters.get(data.matter, _as_code(data.matter)),
            department=data.proposed_by,
            department_name=departments.get(data.proposed_by, _as_code(data.proposed_by)),
            urgent=data.urgent,
            since=since,
            until=None if until == END else until,
        )


def names_of_matters(published: Published, when: datetime) -> dict[str, Text]:
    """By the newest version in force at the time; of matters that it lacks by any other."""
    standards = sorted(
        (e for said in published.values() for e in said if isinstance(e, StandardPublished)),
        key=lambda standard: (starts(standard) <= when, version(standard)),
    )
    return {matter.code: matter.name for matter in _matters(standards)}


def names_of_departments(published: Published) -> dict[str, Text]:
    every = (event for said in published.values() for event in said)
    return {e.department: e.name for e in every if isinstance(e, DepartmentRegistered)}


def _matters(standards: Iterable[StandardPublished]) -> Iterator[StandardMatter]:
    for standard in standards:
        yield from standard.matters


def _run(spans: Sequence[Span[EventData]], span: Span[EventData]) -> tuple[datetime, datetime]:
    """The whole time without a gap in which ``span`` lies; spans are in order of time."""
    start, end = span.start, span.end
    for other in reversed(spans):
        if other.end == start:
            start = other.start
    for other in spans:
        if other.start == end:
            end = other.end
    return start, end


def _as_code(code: str) -> Text:
    return Text(zh=code, en=code)
