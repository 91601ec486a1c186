"""What the rules for supervision say, read off the events of a case alone."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from dataclasses import replace as changed
from datetime import datetime

from case_contracts.events import dispatch as events
from case_contracts.events.base import EventData
from case_contracts.events.dispatch import SlipRule, Trigger
from case_contracts.events.registry import PortfolioAssigned, StandardPublished
from dispatch.domain import world as w
from dispatch.domain.supervision import DEFAULT, Supervision
from service_kit.ties import build_portfolios
from tests.unit.dispatch.district import FROM, standard, world

URGENT = frozenset({"part/utilities/manhole-cover"})
BREACH = (
    events.TaskLapsed, events.TaskOverdue, events.TaskTwiceOverdue, events.VerificationFailed,
    events.SlipOverdue,
)  # fmt: skip
CHIEF = PortfolioAssigned(
    portfolio="portfolio:chief",
    person="p-chief",
    departments=("um", "wa"),
    matters=("part/*",),
    grid="d",
    valid_from=FROM,
)
OTHER_CHIEF = CHIEF.model_copy(update={"portfolio": "portfolio:other", "person": "p-other"})


def supervised(
    urgent: bool = False, leaders: tuple[PortfolioAssigned, ...] = (CHIEF,), **rules: object
) -> w.World:
    """The small district with leaders in charge, and rules that differ from the defaults."""
    published = DEFAULT.model_copy(update={"supervision": "supervision:d", "version": 3, **rules})
    found = changed(
        world(), supervision=Supervision(published), portfolios=build_portfolios(leaders)
    )
    return changed(found, standards=w.build_standards([_urgent()])) if urgent else found


def _urgent() -> StandardPublished:
    known = standard()
    matters = tuple(
        m.model_copy(
            update={
                "conditions": tuple(c.model_copy(update={"urgent": True}) for c in m.conditions)
            }
        )
        if m.code in URGENT
        else m
        for m in known.matters
    )
    return known.model_copy(update={"matters": matters})


@dataclass(frozen=True)
class Expected:
    """A slip that the rules say must come right after an event."""

    trigger: Trigger
    colour: str
    to: str
    at: datetime


Told = tuple[EventData, list[Expected]]


@dataclass
class _Seen:
    """What has happened so far, as far as rules ask for it."""

    assignment: int = 0
    handler: str = ""
    at_work: bool = False
    breaches: int = 0
    issued: set[tuple[Trigger, int]] = field(default_factory=set)
    open: bool = True


def expected(
    happened: Sequence[EventData], rules: Sequence[SlipRule], urgent: bool
) -> Iterator[Told]:
    """Each event that is no slip, with the slips that must follow it."""
    seen = _Seen()
    for event in happened:
        if isinstance(event, events.SlipIssued):
            continue
        _see(seen, event)
        due: list[Expected] = []
        for trigger in _met(seen, event, urgent):
            rule = next((r for r in rules if r.trigger == trigger), None)
            if rule is None or (trigger, seen.assignment) in seen.issued or not seen.open:
                continue
            seen.issued.add((trigger, seen.assignment))
            to = event.to.id if isinstance(event, events.SlipOverdue) else seen.handler
            due.append(Expected(trigger, rule.colour, to, _when(event)))
        yield event, due


def _see(seen: _Seen, event: EventData) -> None:
    match event:
        case events.TaskAssigned():
            seen.assignment, seen.handler, seen.at_work = event.assignment, event.handler.id, False
        case events.TaskProgressed() if event.step != "heartbeat":
            seen.at_work = True
        case events.TaskLapsed():
            seen.at_work = False
        case events.CaseClosed() | events.CaseVoided():
            seen.open = False
    if isinstance(event, BREACH):
        seen.breaches += 1


def _met(seen: _Seen, event: EventData, urgent: bool) -> Iterator[Trigger]:
    match event:
        case events.TaskNearDue() if not seen.at_work:
            yield Trigger.NEAR_DUE
        case events.TaskOverdue():
            yield Trigger.OVERDUE
            if urgent:
                yield Trigger.PUBLIC_SAFETY
        case events.TaskTwiceOverdue():
            yield Trigger.TWICE_OVERDUE
        case events.SlipOverdue():
            yield Trigger.SLIP_OVERDUE
    if isinstance(event, BREACH) and seen.breaches == 3:
        yield Trigger.THIRD_BREACH


def _when(event: EventData) -> datetime:
    for name in ("near_at", "twice_at", "lapsed_at", "verified_at", "answer_by", "due_at"):
        at = getattr(event, name, None)
        if isinstance(at, datetime):
            return at
    raise AssertionError(event)
