"""The aggregate of dispatch: a case, with its task, clocks and verification inside."""

from collections.abc import Callable, Mapping
from typing import Any

from case_contracts.events.base import EventData
from dispatch.commands import (
    answer_inquiry,
    answer_slip,
    ask_relief,
    complete_task,
    conclude_operation,
    decide_relief,
    decide_reopening,
    department_command,
    department_rows,
    extend,
    give_answer,
    hand_on,
    hear_rating,
    hear_withdrawal,
    mediate,
    merge,
    name_verifier,
    on_behalf,
    open_case,
    place_case,
    reassign,
    reopen,
    return_task,
    rule,
    supervise,
    take,
    tick,
    verify,
    void_case,
    voiding,
)
from dispatch.domain import looked_up, machine, timers
from dispatch.domain.evolve import evolve
from dispatch.domain.state import CaseState
from dispatch.domain.step import Step
from dispatch.domain.supervising import followed
from service_kit.store import Context, Decision

DECIDE: dict[type, Callable[[CaseState, Any, Context], Decision]] = {
    open_case.OpenCase: open_case.decide,
    department_command.DepartmentCommand: department_command.decide,
    complete_task.CompleteTask: complete_task.decide,
    verify.Verify: verify.decide,
    name_verifier.NameVerifier: name_verifier.decide,
    return_task.ReturnTask: return_task.decide,
    rule.Rule: rule.decide,
    ask_relief.AskPause: ask_relief.pause,
    ask_relief.AskExtension: ask_relief.extension,
    decide_relief.DecideRelief: decide_relief.decide,
    decide_relief.ResumeClock: decide_relief.resume,
    reassign.Reassign: reassign.decide,
    reassign.ReexamineCharter: reassign.reexamine,
    supervise.Press: supervise.press,
    supervise.IssueSlip: supervise.issue_slip,
    supervise.Escalate: supervise.escalate,
    supervise.TakeOver: supervise.escalate,
    answer_slip.AnswerSlip: answer_slip.decide,
    hand_on.HandOn: hand_on.decide,
    place_case.PlaceCase: place_case.decide,
    tick.Tick: tick.decide,
    conclude_operation.ConcludeOperation: conclude_operation.decide,
    hear_rating.HearRating: hear_rating.decide,
    reopen.Reopen: reopen.decide,
    decide_reopening.DecideReopening: decide_reopening.decide,
    hear_withdrawal.HearWithdrawal: hear_withdrawal.decide,
    void_case.VoidCase: void_case.decide,
    voiding.RequestVoiding: voiding.request,
    voiding.DecideVoiding: voiding.decide,
    give_answer.GiveAnswer: give_answer.decide,
    take.Take: take.decide,
    mediate.HoldMediation: mediate.hold,
    mediate.EndMediation: mediate.end,
    on_behalf.HandOnDocuments: on_behalf.hand_on,
    on_behalf.ReturnResult: on_behalf.return_result,
    answer_inquiry.AnswerInquiry: answer_inquiry.decide,
    extend.Extend: extend.decide,
    merge.Merge: merge.decide,
}
"""What can be asked of a case, at a glance."""

STEPS: dict[type, tuple[Step, ...]] = {
    open_case.OpenCase: (open_case.STEP,),
    department_command.DepartmentCommand: tuple(department_rows.STEPS.values()),
    complete_task.CompleteTask: (complete_task.STEP,),
    verify.Verify: (verify.STEP,),
    name_verifier.NameVerifier: (name_verifier.STEP,),
    return_task.ReturnTask: (return_task.STEP,),
    rule.Rule: (rule.STEP,),
    ask_relief.AskPause: (ask_relief.PAUSE,),
    ask_relief.AskExtension: (ask_relief.EXTENSION,),
    decide_relief.DecideRelief: (decide_relief.DECIDE,),
    decide_relief.ResumeClock: (decide_relief.RESUME,),
    reassign.Reassign: (reassign.STEP,),
    reassign.ReexamineCharter: (reassign.REEXAMINE,),
    supervise.Press: (supervise.PRESS,),
    supervise.IssueSlip: (supervise.ISSUE_SLIP,),
    supervise.Escalate: (supervise.ESCALATE,),
    supervise.TakeOver: (supervise.TAKE_OVER,),
    answer_slip.AnswerSlip: (answer_slip.STEP,),
    hand_on.HandOn: hand_on.STEPS,
    place_case.PlaceCase: (place_case.STEP,),
    tick.Tick: tick.STEPS,
    conclude_operation.ConcludeOperation: (conclude_operation.STEP,),
    hear_rating.HearRating: hear_rating.STEPS,
    reopen.Reopen: reopen.STEPS,
    decide_reopening.DecideReopening: (decide_reopening.STEP,),
    hear_withdrawal.HearWithdrawal: hear_withdrawal.STEPS,
    void_case.VoidCase: (void_case.STEP,),
    voiding.RequestVoiding: (voiding.REQUEST,),
    voiding.DecideVoiding: (voiding.DECIDE,),
    give_answer.GiveAnswer: (give_answer.STEP,),
    take.Take: (take.STEP,),
    mediate.HoldMediation: (mediate.HOLD,),
    mediate.EndMediation: (mediate.END,),
    on_behalf.HandOnDocuments: (on_behalf.HAND_ON,),
    on_behalf.ReturnResult: (on_behalf.RETURN_RESULT,),
    answer_inquiry.AnswerInquiry: (answer_inquiry.STEP,),
    extend.Extend: (extend.STEP,),
    merge.Merge: (merge.STEP,),
}
"""The rows of each command in the state machine; ``EVERY`` are all of them."""

EVERY = tuple(step for rows in STEPS.values() for step in rows)
ANSWERS_ITSELF = frozenset({department_command.DepartmentCommand})
"""To a department the answer is an event, and a stranger learns nothing of the case."""

FOLLOWED = frozenset({tick.Tick, open_case.OpenCase})
"""What the rules for supervision say to it is in the decision already, timer by timer; nobody
supervises history that is imported."""


class CaseAggregate:
    kind = "case"
    schema = 6
    state = CaseState

    def initial(self, aggregate: str) -> CaseState:
        return CaseState(case=aggregate)

    def evolve(self, state: CaseState, event: EventData) -> CaseState:
        return evolve(state, event)

    def decide(self, state: CaseState, command: Any, context: Context) -> Decision:
        """The row first: Refused, or nothing, where it does not allow the command now."""
        kind, world, now = type(command), context.world, context.now
        if kind not in ANSWERS_ITSELF and not machine.goes(STEPS[kind], EVERY, state, world, now):
            return []
        decided = DECIDE[kind](state, command, context)
        return decided if kind in FOLLOWED else followed(state, decided, world)

    def fields(self, state: CaseState) -> Mapping[str, Any]:
        """``next_due`` for the timers, ``desk`` for whose turn it is; absent when closed,
        unless a higher level is to say whether it stays so. ``by`` is what lists are read by."""
        found = {
            "next_due": timers.next_due(state),
            "desk": timers.desk(state),
            "by": looked_up.words(state) or None,
        }
        return {key: value for key, value in found.items() if value is not None}
