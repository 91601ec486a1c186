"""The aggregate of dispatch: a case, with its task, clocks and verification inside."""

from collections.abc import Callable, Mapping
from typing import Any

from case_contracts.events.base import EventData
from dispatch.commands import (
    complete_task,
    conclude_operation,
    decide_reopening,
    department_command,
    hand_on,
    hear_rating,
    hear_withdrawal,
    open_case,
    place_case,
    reassign,
    reopen,
    tick,
    verify,
    void_case,
)
from dispatch.domain import timers
from dispatch.domain.evolve import evolve
from dispatch.domain.state import CaseState
from service_kit.store import Context, Decision

DECIDE: dict[type, Callable[[CaseState, Any, Context], Decision]] = {
    open_case.OpenCase: open_case.decide,
    department_command.DepartmentCommand: department_command.decide,
    complete_task.CompleteTask: complete_task.decide,
    verify.Verify: verify.decide,
    reassign.Reassign: reassign.decide,
    reassign.ReexamineCharter: reassign.reexamine,
    hand_on.HandOn: hand_on.decide,
    place_case.PlaceCase: place_case.decide,
    tick.Tick: tick.decide,
    conclude_operation.ConcludeOperation: conclude_operation.decide,
    hear_rating.HearRating: hear_rating.decide,
    reopen.Reopen: reopen.decide,
    decide_reopening.DecideReopening: decide_reopening.decide,
    hear_withdrawal.HearWithdrawal: hear_withdrawal.decide,
    void_case.VoidCase: void_case.decide,
}
"""What can be asked of a case, at a glance."""


class CaseAggregate:
    kind = "case"
    schema = 3
    state = CaseState

    def initial(self, aggregate: str) -> CaseState:
        return CaseState(case=aggregate)

    def evolve(self, state: CaseState, event: EventData) -> CaseState:
        return evolve(state, event)

    def decide(self, state: CaseState, command: Any, context: Context) -> Decision:
        return DECIDE[type(command)](state, command, context)

    def fields(self, state: CaseState) -> Mapping[str, Any]:
        """``next_due`` for the timers, ``desk`` for whose turn it is; absent when closed,
        unless a higher level is to say whether it stays so."""
        found = {"next_due": timers.next_due(state), "desk": timers.desk(state)}
        return {key: value for key, value in found.items() if value is not None}
