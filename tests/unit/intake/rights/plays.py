"""Plays one aggregate of intake: each ``do`` is one commit. Time stands still unless moved."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from case_contracts.events.base import EventData
from case_contracts.events.intake import ReportReceived, Said
from intake.commands.reporters import CALLBACKS, RIGHTS
from intake.domain.callback import CallbackAggregate, CaseCalls
from intake.domain.report import ReportAggregate, ReportState
from intake.domain.world import World
from service_kit.store import Actor, Context, Occurred

START = datetime(2026, 1, 5, 1, 0, tzinfo=UTC)
CASE, REPORT = "case:5b0a4d0e-4c1c-5b1e-9a51-0f5f6a7a7b11", "report:1"


def said(**change: Any) -> Said:
    content = {**ReportReceived.EXAMPLE, "report": REPORT, "case": CASE, "reported_at": START}
    return Said.model_validate({**content, **change})


def report(**change: Any) -> ReportState:
    """A report that was filed."""
    return ReportState(report=REPORT, said=said()).model_copy(update=change)


class Play:
    """``state`` as it is, and every event that ``happened``."""

    def __init__(self, aggregate: Any, state: Any) -> None:
        self.aggregate, self.state, self.now = aggregate, state, START
        self.happened: list[Any] = []

    def later(self, **span: float) -> "Play":
        self.now += timedelta(**span)
        return self

    def do(self, command: Any) -> list[str]:
        """The names of the events that the command causes."""
        context = Context(self.now, lambda noun: noun, World(), "c", "c", Actor("test"))
        decision = self.aggregate.decide(self.state, command, context)
        events: list[EventData] = [d.data if isinstance(d, Occurred) else d for d in decision]
        for event in events:
            self.state = self.aggregate.evolve(self.state, event)
        self.happened += events
        return [event.SPEC.name for event in events]

    @property
    def last(self) -> Any:
        return self.happened[-1]

    @property
    def fields(self) -> Mapping[str, Any]:
        found: Mapping[str, Any] = self.aggregate.fields(self.state)
        return found


def a_report(**change: Any) -> Play:
    return Play(ReportAggregate(RIGHTS), report(**change))


def calls() -> Play:
    return Play(CallbackAggregate(CALLBACKS), CaseCalls(case=CASE))
