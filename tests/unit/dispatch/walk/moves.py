"""How each command is made up for a case as it stands: mostly by whoever may, sometimes by anybody
at all. A command that has no move here fails the test."""

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any, TypeVar

from hypothesis import strategies as st

from case_contracts.commands import TASK_COMMANDS
from case_contracts.events.dispatch import Colour, MediationOutcome
from case_contracts.values import Limit, LimitUnit, PartyKind
from dispatch.commands.answer_inquiry import AnswerInquiry
from dispatch.commands.answer_slip import AnswerSlip
from dispatch.commands.ask_relief import AskExtension, AskPause
from dispatch.commands.complete_task import CompleteTask
from dispatch.commands.conclude_operation import ConcludeOperation
from dispatch.commands.decide_relief import DecideRelief, ResumeClock
from dispatch.commands.decide_reopening import DecideReopening
from dispatch.commands.department_command import DepartmentCommand
from dispatch.commands.extend import Extend
from dispatch.commands.give_answer import GiveAnswer
from dispatch.commands.hand_on import HandOn
from dispatch.commands.hear_rating import HearRating
from dispatch.commands.hear_withdrawal import HearWithdrawal
from dispatch.commands.mediate import EndMediation, HoldMediation
from dispatch.commands.merge import Merge
from dispatch.commands.name_verifier import NameVerifier
from dispatch.commands.on_behalf import HandOnDocuments, ReturnResult
from dispatch.commands.open_case import OpenCase
from dispatch.commands.place_case import PlaceCase
from dispatch.commands.reassign import Reassign, ReexamineCharter
from dispatch.commands.reopen import Reopen
from dispatch.commands.return_task import ReturnTask
from dispatch.commands.rule import Rule
from dispatch.commands.supervise import Escalate, IssueSlip, Press, TakeOver
from dispatch.commands.take import Take
from dispatch.commands.tick import Tick
from dispatch.commands.verify import Verify
from dispatch.commands.void_case import VoidCase
from dispatch.commands.voiding import DecideVoiding, RequestVoiding
from dispatch.domain.case_parts import Task
from dispatch.domain.state import CaseState
from tests.unit.dispatch.district import CHARTERS, Desk, filed
from tests.unit.dispatch.test_way_of_a_case import said
from tests.unit.dispatch.walk.town import DEPARTMENTS, GROUND, PEOPLE, STAFF

T = TypeVar("T")
NOTE = "statement:1"
CHIEF = "p-chief"
"""A supervisor who never has anything to do with the case otherwise."""


class Pick:
    """Draws what a move leaves open."""

    def __init__(self, data: st.DataObject) -> None:
        self._data = data

    def one(self, options: Sequence[T]) -> T:
        return self._data.draw(st.sampled_from(options))

    def yes(self) -> bool:
        return self._data.draw(st.booleans())

    def number(self, least: int, most: int) -> int:
        return self._data.draw(st.integers(least, most))

    def rare(self, those: frozenset[T]) -> frozenset[T]:
        """``those``, which are left out nine times in ten; else none."""
        return frozenset() if self.number(0, 9) == 9 else those

    def who(self, right: str | None) -> str:
        """Three times out of four the right one, if there is one."""
        return self.one((*(right,) * 24, *PEOPLE)) if right else self.one(PEOPLE)


Move = Callable[[Desk, Pick], Any]


def _task(state: CaseState) -> Task:
    assert state.task is not None
    return state.task


def _handler(state: CaseState) -> str | None:
    return state.task.handler.person if state.task else None


def _verifier(state: CaseState) -> str | None:
    asked = state.verification
    return asked.verifier.person if asked and asked.verifier else None


def _limit(pick: Pick) -> Limit:
    return Limit(amount=pick.number(1, 10), unit=LimitUnit.WORKING_HOURS)


def _department(desk: Desk, pick: Pick) -> DepartmentCommand | None:
    name = pick.one(TASK_COMMANDS)
    return department(desk, pick, name)


def department(desk: Desk, pick: Pick, name: str) -> DepartmentCommand | None:
    """What a department says under this name; None before there is a task."""
    if desk.state.task is None:
        return None
    extra: dict[str, Callable[[], dict[str, Any]]] = {
        "progress": lambda: {"step": "on-site"},
        "return": lambda: {"reason": "not_ours", "proposed": pick.one((*DEPARTMENTS, None))},
        "complete": lambda: {"evidence": pick.one((["evidence:1"], []))},
        "ask_help": lambda: {"units": [pick.one(DEPARTMENTS)], "reason": "needs_other_powers"},
        "ask_pause": lambda: {
            "reason": "needs_approval",
            "until": desk.now + timedelta(hours=pick.number(1, 200)),
        },
        "ask_extension": lambda: {"reason": "parts_ordered", "limit": _limit(pick).model_dump()},
    }
    handler = desk.state.task.handler
    own = (handler.id,) * 9 if handler.kind == PartyKind.DEPARTMENT else ()
    more = extra[name]() if name in extra else {}
    return said(desk, name, pick.one((*own, *DEPARTMENTS)), **more)


def _completes(desk: Desk, pick: Pick) -> CompleteTask | None:
    task = desk.state.task
    if task is None:
        return None
    answer = pick.one((None, NOTE))
    return CompleteTask(pick.who(task.handler.person), task.id, ("evidence:1",), answer)


def _verifies(desk: Desk, pick: Pick) -> Verify:
    person = pick.who(_verifier(desk.state))
    return Verify(person, pick.yes(), supervising=pick.yes(), confirms=True)


def _rules(desk: Desk, pick: Pick) -> Rule:
    asked = desk.state.ruling
    person = pick.who(asked.arbiter.person if asked and asked.arbiter else None)
    post = pick.yes()
    lead = pick.one([p.posting for p in STAFF]) if post else pick.one(DEPARTMENTS)
    return Rule(person, lead, post, "boundary", standing_in=pick.yes())


def _decides_relief(desk: Desk, pick: Pick) -> DecideRelief:
    asked = desk.state.request.id if desk.state.request else "request:none"
    return DecideRelief(pick.who(CHIEF), None, asked, pick.one((True, True, False)), "no_reason")


def _reexamines(desk: Desk, pick: Pick) -> ReexamineCharter:
    return ReexamineCharter(pick.one(CHARTERS).charter, 1)


def _answers_slip(desk: Desk, pick: Pick) -> AnswerSlip | None:
    if not desk.state.slips:
        return None
    slip = pick.one(desk.state.slips)
    own = slip.to.id if slip.to.kind == PartyKind.DEPARTMENT else None
    return AnswerSlip(slip.id, pick.who(slip.to.person), NOTE, own)


def _places(desk: Desk, pick: Pick) -> PlaceCase:
    placer = desk.state.placer.person if desk.state.placer else None
    return PlaceCase(pick.who(placer), pick.one(sorted(GROUND)))


def _takes(desk: Desk, pick: Pick) -> Take:
    alerted = [party.person or "" for party in desk.state.alerted]
    return Take(pick.one(alerted or PEOPLE))


def _ends_mediation(desk: Desk, pick: Pick) -> EndMediation:
    outcome = pick.one(list(MediationOutcome))
    to = "court" if outcome == MediationOutcome.PASSED_ON else None
    return EndMediation(pick.who(_handler(desk.state)), outcome, NOTE, to)


def _hands_papers(desk: Desk, pick: Pick) -> HandOnDocuments:
    to = pick.one([post.posting for post in STAFF])
    return HandOnDocuments(pick.who(_handler(desk.state)), to, ("id-copy",))


def _asks_pause(desk: Desk, pick: Pick) -> AskPause:
    until = desk.now + timedelta(hours=pick.number(1, 200))
    return AskPause(pick.who(_handler(desk.state)), "needs_approval", until)


def _report(pick: Pick) -> str:
    return pick.one(("report:1", "report:2", "report:3"))


MOVES: dict[type, Move] = {
    OpenCase: lambda d, p: OpenCase(filed()),
    DepartmentCommand: _department,
    CompleteTask: _completes,
    Verify: _verifies,
    NameVerifier: lambda d, p: NameVerifier("p-boss", p.one([post.posting for post in STAFF])),
    ReturnTask: lambda d, p: ReturnTask(
        p.who(_handler(d.state)), "not_ours", p.one((*DEPARTMENTS, None))
    ),
    Rule: _rules,
    AskPause: _asks_pause,
    AskExtension: lambda d, p: AskExtension(p.who(_handler(d.state)), "parts_ordered", _limit(p)),
    DecideRelief: _decides_relief,
    ResumeClock: lambda d, p: ResumeClock(p.who(_handler(d.state)), p.yes()),
    Reassign: lambda d, p: Reassign("p-boss"),
    ReexamineCharter: _reexamines,
    Press: lambda d, p: Press(p.who(CHIEF), "reporter_waits"),
    IssueSlip: lambda d, p: IssueSlip(p.who(CHIEF), p.one(list(Colour))),
    Escalate: lambda d, p: Escalate("p-boss", "needs_attention"),
    TakeOver: lambda d, p: TakeOver("p-boss", "needs_attention"),
    AnswerSlip: _answers_slip,
    HandOn: lambda d, p: HandOn(),
    PlaceCase: _places,
    Tick: lambda d, p: Tick(d.now),
    ConcludeOperation: lambda d, p: ConcludeOperation(d.state.operation or "operation:none"),
    HearRating: lambda d, p: HearRating(_report(p), p.yes(), d.now),
    Reopen: lambda d, p: Reopen(_report(p), d.now, "not_done"),
    DecideReopening: lambda d, p: DecideReopening(p.who(CHIEF), p.yes(), "not_done"),
    HearWithdrawal: lambda d, p: HearWithdrawal("report:1"),
    VoidCase: lambda d, p: VoidCase("linked", "case:2"),
    RequestVoiding: lambda d, p: RequestVoiding(
        p.who(_handler(d.state)), "no_such_problem", supervising=p.yes()
    ),
    DecideVoiding: lambda d, p: DecideVoiding(p.who(CHIEF), p.yes()),
    GiveAnswer: lambda d, p: GiveAnswer(p.who(_handler(d.state)), NOTE, p.yes()),
    Take: _takes,
    HoldMediation: lambda d, p: HoldMediation(p.who(_handler(d.state)), NOTE),
    EndMediation: _ends_mediation,
    HandOnDocuments: _hands_papers,
    ReturnResult: lambda d, p: ReturnResult(
        p.who(_handler(d.state)), p.one(("granted", "refused", "more_needed")), NOTE
    ),
    AnswerInquiry: lambda d, p: AnswerInquiry(p.who(_handler(d.state)), NOTE),
    Extend: lambda d, p: Extend(p.who(CHIEF), "storm", _limit(p)),
    Merge: lambda d, p: Merge("p-boss", "case:2", p.yes()),
}
