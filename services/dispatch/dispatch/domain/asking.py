"""Asking for more time, and answering it: what is allowed under the district's rules."""

from dataclasses import dataclass
from datetime import datetime
from typing import TypedDict

from case_contracts.events import dispatch as events
from case_contracts.events.base import EventData
from case_contracts.events.dispatch import ClockKind
from case_contracts.values import Limit, Party, PartyKind
from dispatch.domain import relief
from dispatch.domain.case_parts import Request, Task
from dispatch.domain.state import CaseState, Status
from dispatch.domain.step import Does, Need, effects, text
from dispatch.domain.world import World
from service_kit.errors import Refused
from service_kit.store.model import Context
from service_kit.worktime import WorkCalendar, deadline


@dataclass(frozen=True)
class Wanted:
    """A pause (``until``) or an extension (``limit``), a reason code, a reference to words."""

    reason: str
    statement: str | None = None
    until: datetime | None = None
    limit: Limit | None = None


class _Asked(TypedDict):
    """What both requests say."""

    case: str
    request: str
    by: Party
    reason: str
    statement: str | None
    requested_at: datetime


def _department_has_accepted(state: CaseState, _: World, __: datetime) -> bool:
    task = state.task
    return (
        task is None or task.handler.kind != PartyKind.DEPARTMENT or state.status == Status.ACCEPTED
    )


def _has_limit(state: CaseState, _: World, __: datetime) -> bool:
    clock = state.running(ClockKind.HANDLE)
    return clock is not None and clock.limit is not None


def _in_time(state: CaseState, _: World, now: datetime) -> bool:
    return state.task is None or state.task.due_at is None or now < state.task.due_at


def _pauses_left(state: CaseState, world: World, _: datetime) -> bool:
    return relief.times_given(state)[0] < world.supervision.rules.pauses.times


def _extensions_left(state: CaseState, world: World, _: datetime) -> bool:
    return relief.times_given(state)[1] < world.supervision.rules.extensions.times


ACCEPTED = Need(
    "not_accepted",
    text("部门须先接收任务", "the department has not accepted the task"),
    _department_has_accepted,
)
HAS_LIMIT = Need("no_limit", text("本事项没有时限", "the task has no limit"), _has_limit)
IN_TIME = Need("limit_ended", text("时限已到", "the limit has ended"), _in_time)
ONE_REQUEST = Need(
    "request_pending",
    text("已有申请待批", "another request waits for an answer"),
    lambda state, _, __: state.request is None,
)
RUNNING = Need(
    "paused_already",
    text("已挂账", "time stands still already"),
    lambda state, _, __: relief.standing(state) is None,
)
PAUSES_LEFT = Need(
    "no_pauses_left", text("挂账次数已用完", "no more pauses in this case"), _pauses_left
)
EXTENSIONS_LEFT = Need(
    "no_extensions_left",
    text("延期次数已用完", "no more extensions in this case"),
    _extensions_left,
)
REQUESTED = Need(
    "nothing_asked",
    text("没有待批的申请", "no request for more time waits"),
    lambda state, _, __: state.request is not None,
)
STANDING = Need(
    "not_paused",
    text("没有挂账", "time does not stand still"),
    lambda state, _, __: relief.standing(state) is not None,
)
FOR_PAUSE = (ACCEPTED, HAS_LIMIT, IN_TIME, ONE_REQUEST, RUNNING, PAUSES_LEFT)
FOR_EXTENSION = (ACCEPTED, HAS_LIMIT, IN_TIME, ONE_REQUEST, EXTENSIONS_LEFT)
MOVES = (
    *effects(Does.PAUSES, *relief.MOVED),
    *effects(Does.EXTENDS, *relief.MOVED),
)


def ask(state: CaseState, task: Task, wanted: Wanted, context: Context) -> list[EventData]:
    """The request, if the rules allow so much; otherwise Refused (``too_long``,
    ``until_is_past``)."""
    now = context.now
    about = _Asked(
        case=state.case,
        request=context.new_id("request"),
        by=task.handler,
        reason=wanted.reason,
        statement=wanted.statement,
        requested_at=now,
    )
    if wanted.until is not None:
        check_pause(state, context.world, wanted.until, now)
        return [events.PauseRequested(**about, until=wanted.until)]
    assert wanted.limit is not None
    check_extension(state, context.world, wanted.limit, now)
    return [events.ExtensionRequested(**about, limit=wanted.limit)]


def check_pause(state: CaseState, world: World, until: datetime, now: datetime) -> None:
    """A pause ends after now, and within the longest that the rules allow from now."""
    if until <= now:
        raise Refused("a pause ends in the future", code="until_is_past")
    longest = world.supervision.rules.pauses.longest
    if until > deadline(now, longest, _calendar(state, world)):
        raise Refused(f"a pause lasts {_said(longest)} at the most", code="too_long")


def check_extension(state: CaseState, world: World, limit: Limit, now: datetime) -> None:
    """In the unit of the rules by the amount; in another one by where it would end from now."""
    longest = world.supervision.rules.extensions.longest
    calendar = _calendar(state, world)
    if limit.unit == longest.unit:
        fits = limit.amount <= longest.amount
    else:
        fits = deadline(now, limit, calendar) <= deadline(now, longest, calendar)
    if not fits:
        raise Refused(f"an extension is {_said(longest)} at the most", code="too_long")


def grant(state: CaseState, asked: Request, by: str, context: Context) -> list[EventData]:
    """What was asked for, from now on; the conditions are looked at anew."""
    now, world = context.now, context.world
    if asked.until is None:
        return relief.extend(state, world, asked, by, now)
    for need in (IN_TIME, RUNNING):
        if not need.holds(state, world, now):
            raise Refused(need.label.en, code=need.code)
    check_pause(state, world, asked.until, now)
    return relief.pause(state, asked, by, now)


def _calendar(state: CaseState, world: World) -> WorkCalendar:
    assert state.calendar is not None
    return world.calendar(state.calendar)


def _said(limit: Limit) -> str:
    return f"{limit.amount:g} {limit.unit.value.replace('_', ' ')}"
