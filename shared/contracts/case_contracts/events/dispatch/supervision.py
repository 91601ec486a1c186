"""Supervision: near-due, pressed, slips (督办单), cases taken up a level, and the rules for it."""

from enum import StrEnum
from typing import Annotated, Any, ClassVar

from pydantic import Field

from case_contracts.events.base import EventData, event
from case_contracts.events.dispatch.examples import AT, CASE, DEPARTMENT, DUE, POST, TASK
from case_contracts.events.intake.rules import MatterPattern
from case_contracts.values import Code, Instant, Limit, MatterCode, Party, Ref, Versioned

Level = Annotated[str, Field(pattern=r"^[a-z0-9_-]{1,40}$")]
"""A level of the grid tree as the district names it: ``unit``, ``community``, ``street``..."""


class Colour(StrEnum):
    """四色督办单: blue, yellow, orange, red."""

    BLUE = "blue"
    YELLOW = "yellow"
    ORANGE = "orange"
    RED = "red"


class Trigger(StrEnum):
    """What a slip is issued for: near the limit with nothing done, past it, at twice the limit,
    the third breach in one case, public safety, another slip without an answer, and by hand."""

    NEAR_DUE = "near_due"
    OVERDUE = "overdue"
    TWICE_OVERDUE = "twice_overdue"
    THIRD_BREACH = "third_breach"
    PUBLIC_SAFETY = "public_safety"
    SLIP_OVERDUE = "slip_overdue"
    BY_HAND = "by_hand"


@event("task.near_due", owner="dispatch", aggregate="case")
class TaskNearDue(EventData):
    """The handler's limit comes near and the work is not done. ``near_at`` is exact."""

    case: Ref
    taskid: Ref
    assignment: Annotated[int, Field(ge=1)]
    handler: Party
    near_at: Instant
    due_at: Instant

    EXAMPLE: ClassVar[dict[str, Any]] = {
        "case": CASE,
        "taskid": TASK,
        "assignment": 1,
        "handler": DEPARTMENT,
        "near_at": AT,
        "due_at": DUE,
    }


@event("task.pressed", owner="dispatch", aggregate="case")
class TaskPressed(EventData):
    """A supervisor presses the handler to get on with it (督办)."""

    case: Ref
    taskid: Ref
    assignment: Annotated[int, Field(ge=1)]
    handler: Party
    by: Ref
    reason: Code
    statement: Ref | None = None
    pressed_at: Instant

    EXAMPLE: ClassVar[dict[str, Any]] = {
        "case": CASE,
        "taskid": TASK,
        "assignment": 1,
        "handler": DEPARTMENT,
        "by": "p-000077",
        "reason": "reporter_waits",
        "statement": None,
        "pressed_at": AT,
    }


@event("slip.issued", owner="dispatch", aggregate="case")
class SlipIssued(EventData):
    """A supervision slip (督办单) on a breach: ``to`` must answer it by ``answer_by``, and
    ``leader`` in charge has it in view. ``rules`` is the version whose rule issued it; null with
    ``by``, who issued it by hand. ``issued_at`` is exact."""

    case: Ref
    slip: Ref
    colour: Colour
    trigger: Trigger
    to: Party
    leader: Party | None = None
    rules: Versioned | None = None
    by: Ref | None = None
    statement: Ref | None = None
    issued_at: Instant
    answer_by: Instant | None = None

    EXAMPLE: ClassVar[dict[str, Any]] = {
        "case": CASE,
        "slip": "slip:1",
        "colour": "yellow",
        "trigger": "overdue",
        "to": DEPARTMENT,
        "leader": POST,
        "rules": {"id": "supervision:lanhe", "version": 1},
        "by": None,
        "statement": None,
        "issued_at": DUE,
        "answer_by": "2026-01-06T11:12:30+08:00",
    }


@event("slip.answered", owner="dispatch", aggregate="case")
class SlipAnswered(EventData):
    """A slip has its answer: what was done and will be, in ``statement``."""

    case: Ref
    slip: Ref
    by: Ref
    statement: Ref | None = None
    answered_at: Instant
    on_time: bool

    EXAMPLE: ClassVar[dict[str, Any]] = {
        "case": CASE,
        "slip": "slip:1",
        "by": "p-000123",
        "statement": "statement:1a2b",
        "answered_at": "2026-01-06T09:00:00+08:00",
        "on_time": True,
    }


@event("slip.overdue", owner="dispatch", aggregate="case")
class SlipOverdue(EventData):
    """A slip has not been answered in time. ``answer_by`` is exact."""

    case: Ref
    slip: Ref
    to: Party
    leader: Party | None = None
    answer_by: Instant

    EXAMPLE: ClassVar[dict[str, Any]] = {
        "case": CASE,
        "slip": "slip:1",
        "to": DEPARTMENT,
        "leader": POST,
        "answer_by": "2026-01-06T11:12:30+08:00",
    }


@event("case.escalated", owner="dispatch", aggregate="case")
class CaseEscalated(EventData):
    """The case has gone up a level (提级): ``to`` watches over it from now on. By rule ``by`` is
    null. With ``takes_over`` that level handles it itself: a ``task.assigned`` follows."""

    case: Ref
    from_grid: Ref
    to_grid: Ref
    to: Party | None
    reason: Code
    by: Ref | None = None
    statement: Ref | None = None
    takes_over: bool = False
    escalated_at: Instant

    EXAMPLE: ClassVar[dict[str, Any]] = {
        "case": CASE,
        "from_grid": "410199001001",
        "to_grid": "410199001",
        "to": POST,
        "reason": "twice_overdue",
        "by": None,
        "statement": None,
        "takes_over": False,
        "escalated_at": AT,
    }


@event("emergency.alerted", owner="dispatch", aggregate="case")
class EmergencyAlerted(EventData):
    """An urgent matter went to every post on duty in its grid and the one above at once."""

    case: Ref
    matter: MatterCode
    grid: Ref
    posts: tuple[Party, ...]
    alerted_at: Instant

    EXAMPLE: ClassVar[dict[str, Any]] = {
        "case": CASE,
        "matter": "hazard/fire/smoke",
        "grid": "410199001001001",
        "posts": [POST],
        "alerted_at": AT,
    }


class SlipRule(EventData):
    """When a slip is issued by itself, for which matters, and how long its answer may take."""

    trigger: Trigger
    colour: Colour
    matters: tuple[MatterPattern, ...] = ("*",)
    answer: Limit | None = None


class LevelRule(EventData):
    """The lowest level of the grid tree that handles these matters where no department leads."""

    matters: tuple[MatterPattern, ...]
    level: Level


class Allowance(EventData):
    """How often a handler may be given more time, and how long each time at the most."""

    times: Annotated[int, Field(ge=0, le=20)]
    longest: Limit


@event("supervision.published", owner="dispatch", aggregate="supervision")
class SupervisionPublished(EventData):
    """The district's rules for supervision from now on, whole. ``near_share``: a task is near due
    when less than this share of its limit is left. ``escalate``: these triggers take the case up
    a level. ``arbiter`` is the post that rules; null: the accountable post of the district."""

    supervision: Ref
    version: Annotated[int, Field(ge=1)]
    slips: tuple[SlipRule, ...] = ()
    escalate: tuple[Trigger, ...] = ()
    levels: tuple[LevelRule, ...] = ()
    near_share: Annotated[float, Field(gt=0, lt=1)] = 0.25
    pauses: Allowance
    extensions: Allowance
    dispatch_limit: Limit | None = None
    answer_limit: Limit | None = None
    ruling_limit: Limit | None = None
    arbiter: Ref | None = None
    spot_checkers: tuple[Ref, ...] = ()
    by: Ref
    published_at: Instant

    EXAMPLE: ClassVar[dict[str, Any]] = {
        "supervision": "supervision:lanhe",
        "version": 1,
        "slips": [
            {
                "trigger": "overdue",
                "colour": "yellow",
                "matters": ["*"],
                "answer": {"amount": 8, "unit": "working_hours"},
            }
        ],
        "escalate": ["twice_overdue"],
        "levels": [{"matters": ["dispute/*"], "level": "community"}],
        "near_share": 0.25,
        "pauses": {"times": 2, "longest": {"amount": 10, "unit": "working_days"}},
        "extensions": {"times": 1, "longest": {"amount": 5, "unit": "working_days"}},
        "dispatch_limit": {"amount": 2, "unit": "working_hours"},
        "answer_limit": {"amount": 1, "unit": "working_days"},
        "ruling_limit": {"amount": 2, "unit": "working_days"},
        "arbiter": "post-410199-arbiter",
        "spot_checkers": ["p-000321"],
        "by": "p-000009",
        "published_at": "2026-01-04T09:00:00+08:00",
    }
