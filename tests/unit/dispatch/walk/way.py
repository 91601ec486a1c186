"""The usual way of a case: what whoever's turn it is would do next, so that walks get far."""

from typing import Any

from case_contracts.values import PartyKind
from dispatch.commands.complete_task import CompleteTask
from dispatch.commands.decide_reopening import DecideReopening
from dispatch.commands.hear_rating import HearRating
from dispatch.commands.place_case import PlaceCase
from dispatch.commands.rule import Rule
from dispatch.commands.verify import Verify
from dispatch.domain.state import Status
from dispatch.domain.step import WORK
from tests.unit.dispatch.district import Desk
from tests.unit.dispatch.test_way_of_a_case import said
from tests.unit.dispatch.walk.moves import CHIEF


def next_on_its_way(desk: Desk, *, well: bool) -> Any:
    """``well``: the check passes, and the higher level opens it again; None where it is over."""
    state = desk.state
    if state.status in WORK and state.task is not None:
        handler = state.task.handler
        if handler.kind == PartyKind.DEPARTMENT:
            return said(desk, "complete", handler.id, evidence=["evidence:1"])
        return CompleteTask(handler.person or "", state.task.id, ("evidence:1",))
    if state.status == Status.VERIFYING and state.verification is not None:
        verifier = state.verification.verifier
        person = verifier.person or "" if verifier else CHIEF
        return Verify(person, well, supervising=verifier is None, confirms=True)
    if state.status == Status.UNPLACED and state.placer is not None:
        return PlaceCase(state.placer.person or "", "u1")
    if state.status == Status.RULING and state.ruling is not None:
        arbiter = state.ruling.arbiter
        return Rule(arbiter.person or "" if arbiter else CHIEF, "um", False, "boundary",
                    standing_in=arbiter is None)  # fmt: skip
    if state.referred:
        return DecideReopening(CHIEF, well, "not_done")
    return HearRating("report:1", False, desk.now) if state.status == Status.CLOSED else None
