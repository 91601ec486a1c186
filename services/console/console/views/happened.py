"""Everything that happened to a case, by whichever service, in one list."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import accumulate
from typing import Any, Literal

from console.views.beside_told import Evidence, Notice, Operation, Report
from console.views.case_told import Cause, Entry, Involved
from console.views.told import Text

Source = Literal["dispatch", "intake", "joint", "notification"]
SHOWN_FACTS = (
    "kind", "colour", "limit", "until", "due_at", "accept_by", "answer_by", "outcome", "result",
    "round", "on_time", "to_grid", "takes_over", "rework", "into",
)  # fmt: skip
"""What of an event's facts is shown, in this order; the rest is for programs."""
QUIET = frozenset({"clock.started", "clock.stopped", "task.progressed"})
"""Steps that say little beside the others."""


@dataclass(frozen=True)
class Happened:
    """``label`` are dispatch's own words; without them ``key`` is that of a label of the pages,
    with ``given`` in it. ``department`` and ``detail`` are codes to be named. ``linked`` is a
    report that was linked to the case."""

    source: Source
    at: datetime
    label: Text | None = None
    key: str = ""
    who: tuple[Involved, ...] = ()
    why: tuple[Cause, ...] = ()
    facts: tuple[tuple[str, Any], ...] = ()
    department: str | None = None
    detail: str | None = None
    linked: str | None = None
    count: int = 1
    quiet: bool = False


@dataclass(frozen=True)
class Told:
    """What the services said; a service that said nothing is an empty list."""

    entries: Sequence[Entry] = ()
    reports: Sequence[Report] = ()
    evidence: Sequence[Evidence] = ()
    operations: Sequence[Operation] = ()
    notices: Sequence[Notice] = field(default_factory=tuple)


def happened(told: Told) -> list[Happened]:
    """The newest last: dispatch's in the order in which it decided them, the others between."""
    beside = [
        *map(_report, told.reports),
        *map(_evidence, told.evidence),
        *(each for operation in told.operations for each in _operation(operation)),
        *_notices(told.notices),
    ]
    decided = list(map(_entry, told.entries))
    times = accumulate((each.at for each in decided), max)
    found = [*((each.at, each) for each in beside), *zip(times, decided, strict=True)]
    return [each for _, each in sorted(found, key=lambda pair: pair[0])]


def _entry(entry: Entry) -> Happened:
    return Happened(
        "dispatch",
        entry.at,
        label=entry.label,
        who=tuple(entry.who),
        why=tuple(entry.why),
        facts=tuple(_facts(entry)),
        quiet=entry.event in QUIET,
    )


def _facts(entry: Entry) -> Iterator[tuple[str, Any]]:
    for name in SHOWN_FACTS:
        value = entry.facts.get(name)
        if name == "kind" and not entry.event.startswith("clock."):
            continue
        if name.endswith(("_at", "_by")) or name == "until":
            value = datetime.fromisoformat(value) if isinstance(value, str) else None
        if value is not None and value is not False:
            yield name, value


def _report(report: Report) -> Happened:
    key = "happened.linked" if report.linked else "happened.reported"
    linked = report.report if report.linked else None
    return Happened("intake", report.reported_at, key=key, detail=report.channel, linked=linked)


def _evidence(evidence: Evidence) -> Happened:
    return Happened("intake", evidence.attached_at, key="happened.evidence", detail=evidence.phase)


def _operation(operation: Operation) -> Iterator[Happened]:
    yield Happened("joint", operation.convened_at, key="happened.convened")
    for unit in operation.units:
        if unit.arrived_at is not None:
            late = "happened.arrived_late" if unit.on_time is False else "happened.arrived"
            yield Happened("joint", unit.arrived_at, key=late, department=unit.department)
    if operation.concluded_at is not None:
        yield Happened("joint", operation.concluded_at, key="happened.concluded")


def _notices(notices: Iterable[Notice]) -> Iterator[Happened]:
    """Several reporters told the same by the same way within a minute are one line."""
    together: dict[tuple[str, str, str, datetime], list[Notice]] = {}
    for notice in notices:
        minute = notice.at.replace(second=0, microsecond=0)
        same = (notice.kind, notice.channel, notice.outcome, minute)
        together.setdefault(same, []).append(notice)
    for each in together.values():
        key = "happened.told" if each[-1].outcome == "sent" else "happened.not_told"
        yield Happened("notification", each[-1].at, key=key, detail=each[-1].kind, count=len(each))
