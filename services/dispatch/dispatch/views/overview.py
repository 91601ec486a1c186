"""Many cases at once: where each stands, and figures over all."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime

from pydantic import BaseModel

from case_contracts.values import Instant
from dispatch.domain.state import CaseState, Status
from dispatch.domain.waits import waits
from dispatch.views.sight import Sees
from service_kit import clock
from service_kit.mongo import Database, Document

_SHOWN = (
    "status", "matter", "grid", "reported_at", "due_at", "closed_at", "on_time", "reopened",
    "decided", "recorded",
)  # fmt: skip
_FIELDS = {f"state.{name}": 1 for name in (*_SHOWN, "about")} | {"desk": 1, "next_due": 1}
_COUNTED = {
    f"state.{name}": 1 for name in ("status", "due_at", "on_time", "recorded", "reopened", "task")
}
LAST = "\uffff"
AT_ONCE = 100
"""Ids per query: the embedded store answers 100 in 60 ms, but scans everything for 500."""


class Standing(BaseModel):
    """Where one case stands. ``desk`` is whose turn it is, ``next_due`` when something happens
    though nobody does anything; both are null where nothing waits. ``decided``: a higher level
    has said whether it is opened once more."""

    case: str
    status: Status
    matter: str
    grid: str
    desk: str | None
    next_due: Instant | None
    reported_at: Instant | None
    due_at: Instant | None
    closed_at: Instant | None
    on_time: bool | None
    reopened: int
    decided: bool
    recorded: bool


class Figures(BaseModel):
    """Cases by what has become of them. ``assigned`` counts cases by who has, or last had, the
    task: a department's id, or ``post``. ``overdue``: not completed within the limit, open or
    not. ``without_limit`` are outside both ``on_time`` and ``overdue``."""

    opened: int = 0
    status: dict[str, int] = {}
    assigned: dict[str, int] = {}
    completed: int = 0
    closed: int = 0
    verified: int = 0
    recorded: int = 0
    reopened: int = 0
    overdue: int = 0
    on_time: int = 0
    without_limit: int = 0


class Turn(BaseModel):
    """Something in a case that waits at a desk. ``what`` it is about, until ``due_at``; ``ref`` is
    the slip or the request that waits. ``turn`` counts up whenever something new is asked of
    somebody; the rest is what one needs to do it."""

    desk: str
    what: str
    ref: str | None
    due_at: Instant | None
    case: str
    matter: str
    status: Status
    turn: int
    taskid: str | None
    round: int | None


async def turns(database: Database, prefix: str, limit: int, sees: Sees) -> list[Turn]:
    """All that waits in cases whose turn it is at the desks that begin with ``prefix``
    (``person:``; any, where it is empty) and that one ``sees``, by that desk."""
    desks = {"$gte": prefix, "$lt": prefix + LAST}
    rows = database["view_case"].find({"desk": desks}, {"state": 1}).limit(limit)
    return [turn async for row in rows if sees(row) for turn in _turns(row)]


def _turns(row: Document) -> list[Turn]:
    state = CaseState.model_validate(row["state"])
    task, check = state.task, state.verification
    return [
        Turn(
            desk=wait.desk,
            what=wait.what,
            ref=wait.ref,
            due_at=wait.due_at,
            case=state.case,
            matter=state.matter,
            status=state.status,
            turn=len(state.clocks),
            taskid=task.id if task else None,
            round=check.round if check else None,
        )
        for wait in waits(state)
    ]


async def standings(database: Database, cases: Sequence[str], sees: Sees) -> list[Standing]:
    """Those of the cases that dispatch has taken up and that one ``sees``, in no order."""
    found: list[Standing] = []
    for first in range(0, len(cases), AT_ONCE):
        wanted = {"_id": {"$in": list(cases[first : first + AT_ONCE])}}
        rows = await database["view_case"].find(wanted, _FIELDS).to_list(AT_ONCE)
        known = [row for row in rows if row["state"]["status"] != Status.UNKNOWN]
        found += [_standing(row) for row in known if sees(row)]
    return found


def _standing(row: Document) -> Standing:
    due = row.get("next_due")
    return Standing(case=row["_id"], desk=row.get("desk"), next_due=due, **row["state"])


async def figures(database: Database) -> Figures:
    """Counted over every case: the embedded store takes some 0.2 s per 1,000, so ask seldom.

    Read in pages, not aggregated: one answer over many cases would outlast the store's time-out.
    """
    now, sums = clock.now(), Counter[str]()
    status, assigned = Counter[str](), Counter[str]()
    async for row in database["view_case"].find({}, _COUNTED):
        state = row["state"]
        if state["status"] == Status.UNKNOWN:
            continue
        task = state.get("task") or {}
        status[state["status"]] += 1
        sums.update(_traits(state, task, now))
        if task:
            assigned[_holder(task["handler"])] += 1
    return Figures(status=dict(status), assigned=dict(assigned), **sums)


def _holder(handler: Document) -> str:
    return str(handler["id"] if handler["kind"] == "department" else handler["kind"])


def _traits(state: Document, task: Document, now: datetime) -> list[str]:
    """The figures that a case counts in; one that was voided counts as opened alone."""
    if state["status"] == Status.VOIDED:
        return ["opened"]
    closed, due = state["status"] == Status.CLOSED, state.get("due_at")
    completed = task.get("completed_at") is not None
    on_time = task.get("on_time") if state.get("on_time") is None else state["on_time"]
    past = due is not None and not completed and datetime.fromisoformat(due) < now
    late = task.get("overdue") or on_time is False or past
    found = {
        "opened": True,
        "completed": completed,
        "closed": closed,
        "verified": closed and not state["recorded"],
        "recorded": state["recorded"],
        "reopened": state["reopened"] > 0,
        "without_limit": due is None,
        "overdue": due is not None and late,
        "on_time": due is not None and not late and on_time is True,
    }
    return [name for name, applies in found.items() if applies]
