"""Call-backs (回访): who can be told by telephone alone is called when it is settled.

All of a case are one aggregate, so that who is to be called and what they are called about change
together. The number is nowhere here: it is read from the vault by whoever has claimed the call.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict

from case_contracts.events.base import EventData
from case_contracts.events.intake import (
    CallbackClaimed,
    CallbackDropped,
    CallbackMade,
    CallbackPromised,
    CallbackRequested,
    CallbackWhy,
    CallOutcome,
)
from intake.domain.deciding import Deciding

PREFIX = "callback:"
MOST_ATTEMPTS = 3


def id_of(case: str) -> str:
    """The aggregate of a case's call-backs."""
    return PREFIX + case


def aggregate_of(callback: str) -> str:
    """The aggregate that a call-back is in."""
    return callback.rsplit(":", 1)[0]


def by_phone_alone(reachable: Sequence[str]) -> bool:
    """Whether a reporter can be told by no other way than by calling them."""
    return "phone" in reachable and "email" not in reachable


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True)


class Claim(_Part):
    """Who has the call in hand, and until when."""

    by: str
    until: datetime


class Made(_Part):
    """The newest try."""

    by: str
    outcome: CallOutcome
    at: datetime


class Call(_Part):
    """One person to be called about one thing. It has ended when somebody was reached or there is
    no use in trying again."""

    callback: str
    report: str
    why: CallbackWhy
    happened_at: datetime
    asked_at: datetime
    due_at: datetime
    attempts: int = 0
    again_at: datetime | None = None
    claim: Claim | None = None
    last: Made | None = None
    ended: bool = False

    def claimed(self, now: datetime) -> bool:
        """Whether somebody has it; a claim that has run out counts for nothing."""
        return self.claim is not None and self.claim.until > now

    def status(self, now: datetime) -> Literal["open", "claimed", "later"]:
        """How it stands while it is open: ``later`` where nobody answered."""
        if self.claimed(now):
            return "claimed"
        return "later" if self.again_at is not None and self.again_at > now else "open"


class CaseCalls(_Part):
    """Which reporters of the case are called back, and the calls."""

    case: str
    people: tuple[str, ...] = ()
    calls: tuple[Call, ...] = ()

    @property
    def open(self) -> list[Call]:
        return [call for call in self.calls if not call.ended]

    def call(self, callback: str) -> Call | None:
        return next((call for call in self.calls if call.callback == callback), None)


def _promised(state: CaseCalls, event: CallbackPromised) -> CaseCalls:
    return state.model_copy(update={"people": (*state.people, event.report)})


def _requested(state: CaseCalls, event: CallbackRequested) -> CaseCalls:
    call = Call(
        callback=event.callback,
        report=event.report,
        why=event.why,
        happened_at=event.happened_at,
        asked_at=event.asked_at,
        due_at=event.due_at,
    )
    return state.model_copy(update={"calls": (*state.calls, call)})


def _changed(state: CaseCalls, callback: str, **change: Any) -> CaseCalls:
    calls = tuple(
        call.model_copy(update=change) if call.callback == callback else call
        for call in state.calls
    )
    return state.model_copy(update={"calls": calls})


def _claimed(state: CaseCalls, event: CallbackClaimed) -> CaseCalls:
    return _changed(state, event.callback, claim=Claim(by=event.by, until=event.until))


def _made(state: CaseCalls, event: CallbackMade) -> CaseCalls:
    return _changed(
        state,
        event.callback,
        claim=None,
        attempts=event.attempt,
        again_at=event.again_at,
        last=Made(by=event.by, outcome=event.outcome, at=event.made_at),
        ended=event.again_at is None,
    )


def _dropped(state: CaseCalls, event: CallbackDropped) -> CaseCalls:
    return _changed(state, event.callback, claim=None, ended=True)


_EVOLVE: dict[type[EventData], Callable[[CaseCalls, Any], CaseCalls]] = {
    CallbackPromised: _promised,
    CallbackRequested: _requested,
    CallbackClaimed: _claimed,
    CallbackMade: _made,
    CallbackDropped: _dropped,
}


class CallbackAggregate(Deciding[CaseCalls]):
    """The call-backs of one case."""

    kind, schema, state = "callback", 1, CaseCalls

    def initial(self, aggregate: str) -> CaseCalls:
        return CaseCalls(case=aggregate.removeprefix(PREFIX))

    def evolve(self, state: CaseCalls, event: EventData) -> CaseCalls:
        return _EVOLVE[type(event)](state, event)

    def fields(self, state: CaseCalls) -> Mapping[str, Any]:
        """``since``: when the oldest open call was asked for; the queue reads by it."""
        asked = [call.asked_at for call in state.open]
        return {"since": min(asked)} if asked else {}
