"""What waits for whom in a case: the desk whose turn it is, and everything that waits beside it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from case_contracts.events.dispatch import ClockKind
from case_contracts.values import Party, PartyKind
from dispatch.domain.escalation import supervising_grid
from dispatch.domain.state import CaseState, Status
from dispatch.domain.timers import desk

TAKEABLE = (Status.ASSIGNED, Status.LAPSED)
"""Nobody has accepted the task: whoever was alerted can still take it."""


@dataclass(frozen=True)
class Wait:
    """At ``desk`` a word is awaited: ``what`` it is about, until when, and where it is not the
    turn, which request or slip it is."""

    desk: str
    what: str
    due_at: datetime | None = None
    ref: str | None = None


def waits(state: CaseState) -> tuple[Wait, ...]:
    """The turn first, then a request for more time, a voiding to approve, an emergency to take,
    slips to answer."""
    return (*_turn(state), *_beside(state))


def _turn(state: CaseState) -> Iterator[Wait]:
    found = desk(state)
    if found is None:
        return
    task, check, ruling = state.task, state.verification, state.ruling
    if not state.is_open and state.referred:
        yield Wait(found, "reopening")
    elif not state.is_open:
        owed = state.running(ClockKind.ANSWER)
        yield Wait(found, "answer", owed.due_at if owed else None)
    elif state.status == Status.UNPLACED:
        yield Wait(found, "place")
    elif state.status == Status.RULING:
        yield Wait(found, "ruling", ruling.due_at if ruling else None)
    elif state.status == Status.VERIFYING:
        yield Wait(found, "verify", check.due_at if check else None)
    elif state.status == Status.LAPSED:
        yield Wait(found, "lapsed", task.due_at if task else None)
    else:
        yield Wait(found, "handle", task.due_at if task else None)


def _beside(state: CaseState) -> Iterator[Wait]:
    if state.is_open and state.request is not None:
        yield Wait(f"supervisor:{supervising_grid(state)}", "relief", ref=state.request.id)
    if state.is_open and state.voiding is not None:
        asked = state.voiding.requested_at.isoformat()
        yield Wait(f"approver:{state.grids[-1]}", "voiding", ref=asked)
    if state.status in TAKEABLE and state.task and not state.task.taken:
        yield from (Wait(_of(post), "emergency") for post in state.alerted)
    if state.status == Status.VOIDED:
        return
    for slip in state.slips:
        if slip.answered_at is None:
            yield Wait(_of(slip.to), "slip", slip.answer_by, slip.id)


def _of(party: Party) -> str:
    if party.kind == PartyKind.POST and party.person:
        return f"person:{party.person}"
    return f"{party.kind}:{party.id}"
