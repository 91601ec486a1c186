"""The Report: what somebody said, what became of it, and how satisfied they are."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from pydantic import BaseModel, ConfigDict

from case_contracts.events.base import EventData
from case_contracts.events.intake import (
    Filing,
    Rejection,
    ReportReceived,
    ReportRejected,
    SatisfactionRated,
)
from intake.domain.deciding import Deciding


class Rating(BaseModel):
    """The newest vote: it is for the last closing before it."""

    model_config = ConfigDict(frozen=True)

    solved: bool
    score: int
    at: datetime


class ReportState(BaseModel):
    """A report as it stands; empty until it was received. Nothing personal is in it."""

    model_config = ConfigDict(frozen=True)

    report: str
    case: str = ""
    matter: str = ""
    filing: Filing | None = None
    rejected: Rejection | None = None
    reported_at: datetime | None = None
    language: str = "zh"
    recorded: bool = False
    rating: Rating | None = None


def _received(state: ReportState, event: ReportReceived) -> ReportState:
    return state.model_copy(
        update={
            "case": event.case,
            "matter": event.matter,
            "filing": event.filing,
            "reported_at": event.reported_at,
            "language": event.language,
            "recorded": event.recorded is not None,
        }
    )


def _rejected(state: ReportState, event: ReportRejected) -> ReportState:
    return state.model_copy(update={"rejected": event.reason})


def _rated(state: ReportState, event: SatisfactionRated) -> ReportState:
    rating = Rating(solved=event.solved, score=event.score, at=event.rated_at)
    return state.model_copy(update={"rating": rating})


_EVOLVE: dict[type[EventData], Callable[[ReportState, Any], ReportState]] = {
    ReportReceived: _received,
    ReportRejected: _rejected,
    SatisfactionRated: _rated,
}


class ReportAggregate(Deciding[ReportState]):
    """Changes as a whole: received once, rejected or filed in the same breath, rated later."""

    kind, schema, state = "report", 1, ReportState

    def initial(self, aggregate: str) -> ReportState:
        return ReportState(report=aggregate)

    def evolve(self, state: ReportState, event: EventData) -> ReportState:
        return _EVOLVE[type(event)](state, event)

    def fields(self, state: ReportState) -> Mapping[str, Any]:
        return {}
