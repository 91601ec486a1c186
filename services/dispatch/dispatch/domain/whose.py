"""Whose step it is: what each ``Who`` asks of the person who wants to take it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from case_contracts.values import Party, PartyKind, Text
from dispatch.domain.state import CaseState
from dispatch.domain.step import Who, text
from dispatch.domain.world import World

LABELS: Mapping[Who, Text] = {
    Who.DEPARTMENT: text("责任部门", "the department that handles it"),
    Who.HANDLER: text("处理人", "the post-holder who handles it"),
    Who.VERIFIER: text("核实人", "the verifier"),
    Who.PLACER: text("定位人", "whoever is asked where it lies"),
    Who.ARBITER: text("裁定人", "the arbiter"),
    Who.SUPERVISOR: text("督办人员", "a supervisor"),
    Who.APPROVER: text("审批人", "an approver"),
    Who.SLIP_ANSWERER: text("督办单答复人", "whoever must answer the slip"),
    Who.ALERTED: text("值守岗位", "an alerted post on duty"),
    Who.REPORTER: text("上报人", "a reporter"),
    Who.OPERATION: text("联合行动", "the joint operation"),
    Who.INTAKE: text("受理", "intake"),
    Who.TIMER: text("系统", "the system"),
}


@dataclass(frozen=True)
class Caller:
    """Somebody who asks what they may do; ``department`` is whom they act for."""

    id: str
    department: str | None = None
    scopes: frozenset[str] = field(default_factory=frozenset)

    def is_party(self, party: Party) -> bool:
        if party.kind == PartyKind.DEPARTMENT:
            return party.id == self.department
        return party.person == self.id


def parties(who: Who, state: CaseState) -> tuple[Party, ...]:
    """Whom it is named after in this case; nobody where anybody with the right may."""
    return tuple(p for p in _PARTIES[who](state) if p is not None) if who in _PARTIES else ()


def may(who: Who, state: CaseState, world: World, now: datetime, caller: Caller) -> bool:
    """Whether the caller is such a one now; whoever left a post is not."""
    named = parties(who, state)
    if any(caller.is_party(p) and world.postings.holds(p, now) for p in named):
        return who != Who.VERIFIER or not _own_work(state, caller)
    return who in _BY_RIGHT and _BY_RIGHT[who](state, caller)


def _own_work(state: CaseState, caller: Caller) -> bool:
    return caller.id in state.handled_by or caller.id == state.by


def _handler(state: CaseState, kind: PartyKind) -> tuple[Party | None, ...]:
    return (state.task.handler,) if state.task and state.task.handler.kind == kind else ()


_PARTIES: Mapping[Who, Callable[[CaseState], tuple[Party | None, ...]]] = {
    Who.DEPARTMENT: lambda s: _handler(s, PartyKind.DEPARTMENT),
    Who.HANDLER: lambda s: _handler(s, PartyKind.POST),
    Who.VERIFIER: lambda s: (s.verification.verifier,) if s.verification else (),
    Who.PLACER: lambda s: (s.placer,),
    Who.ARBITER: lambda s: (s.ruling.arbiter,) if s.ruling else (),
    Who.SLIP_ANSWERER: lambda s: tuple(
        party for slip in s.slips if slip.answered_at is None for party in (slip.to, slip.leader)
    ),
    Who.ALERTED: lambda s: s.alerted,
}


def _stands_in(state: CaseState, caller: Caller) -> bool:
    """Where no verifier could be named, a supervisor who has not worked on it."""
    nobody = state.verification is not None and state.verification.verifier is None
    return nobody and "cases.supervise" in caller.scopes and not _own_work(state, caller)


def _arbitrates(state: CaseState, caller: Caller) -> bool:
    """Where no arbiter could be named, somebody entitled who has not worked on it."""
    nobody = state.ruling is not None and state.ruling.arbiter is None
    return nobody and "cases.arbitrate" in caller.scopes and not _own_work(state, caller)


def _approves(state: CaseState, caller: Caller) -> bool:
    asked_by = state.voiding.by if state.voiding else None
    mine = caller.id == asked_by or _own_work(state, caller)
    return "cases.approve" in caller.scopes and not mine


_BY_RIGHT: Mapping[Who, Callable[[CaseState, Caller], bool]] = {
    Who.VERIFIER: _stands_in,
    Who.SUPERVISOR: lambda _, caller: "cases.supervise" in caller.scopes,
    Who.ARBITER: _arbitrates,
    Who.APPROVER: _approves,
}
