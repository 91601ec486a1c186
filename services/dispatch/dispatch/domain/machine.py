"""The state machine of a case: what is possible now, and why the rest is not. The rows stand with
their commands; ``dispatch.commands.aggregate.STEPS`` has them all."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from case_contracts.values import Text
from dispatch.domain.state import CaseState, Status
from dispatch.domain.step import Step, Who, text
from dispatch.domain.world import World
from service_kit.errors import NotFound, NotYet, Refused

STATUSES: Mapping[Status, Text] = {
    Status.UNKNOWN: text("未到", "not arrived"),
    Status.UNPLACED: text("待定位", "waiting to be placed"),
    Status.ASSIGNED: text("已派遣", "assigned"),
    Status.ACCEPTED: text("处理中", "accepted"),
    Status.LAPSED: text("租约失效", "lapsed"),
    Status.RULING: text("待裁定", "waiting for a ruling"),
    Status.VERIFYING: text("核实中", "being verified"),
    Status.CLOSED: text("已结案", "closed"),
    Status.VOIDED: text("已作废", "void"),
}


@dataclass(frozen=True)
class Why:
    """Why a step is not possible."""

    code: str
    label: Text


def hindrances(step: Step, state: CaseState, world: World, now: datetime) -> list[Why]:
    """All that stands against it in the present state, whoever asks; nothing: it is possible."""
    if state.status not in step.sources:
        return [Why(step.code, _not_from(state.status))]
    return [Why(n.code, n.label) for n in step.needs if not n.holds(state, world, now)]


def possible(
    steps: Iterable[Step], state: CaseState, world: World, now: datetime
) -> tuple[str, ...]:
    """The names of the steps that somebody can take now; not what happens by itself."""
    asked = (step for step in steps if not step.quiet)
    return tuple(s.name for s in asked if not hindrances(s, state, world, now))


def check(step: Step, state: CaseState, world: World, now: datetime) -> None:
    """Raises Refused with what stands against it first."""
    for why in hindrances(step, state, world, now):
        raise Refused(why.label.en, code=why.code)


def goes(
    rows: Sequence[Step], every: Iterable[Step], state: CaseState, world: World, now: datetime
) -> bool:
    """Whether a command with these rows is to be decided; False: it changes nothing here.

    Raises Refused with the first hindrance and the names of what is ``possible``; NotYet and
    NotFound for a case that has not arrived.
    """
    found = [hindrances(step, state, world, now) for step in rows]
    if not all(found):
        return True
    if state.status == Status.UNKNOWN:
        return _not_arrived(rows, state)
    if all(step.quiet for step in rows):
        return False
    why = found[0][0]
    raise Refused(why.label.en, code=why.code, possible=list(possible(every, state, world, now)))


def _not_arrived(rows: Sequence[Step], state: CaseState) -> bool:
    """A timer's word means nothing then; another event's is to wait for the case."""
    if all(step.who == {Who.TIMER} for step in rows):
        return False
    if all(step.quiet for step in rows):
        raise NotYet(f"case {state.case} has not arrived")
    raise NotFound(f"there is no case {state.case}")


def _not_from(status: Status) -> Text:
    now = STATUSES[status]
    return text(f"案件{now.zh}，不能这样做", f"not possible while the case is {now.en}")
