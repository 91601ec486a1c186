"""A field worker's day: what waits for them, in which order, and what of it they can do."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from console.domain.moments import span
from console.views.case_told import Action
from console.views.field_told import Case, Round
from console.views.followed import Due

What = Literal["emergency", "handle", "verify", "place", "look"]
DOES = {
    "take": "take",
    "complete_task": "complete",
    "return_task": "return",
    "ask_task_extension": "extension",
    "verify": "verify",
    "place_case": "place",
}
"""Steps of the state machine that the pages have a form for."""


@dataclass(frozen=True)
class Work:
    """A case that waits for this person, and for what."""

    case: Case
    what: What
    due: Due | None
    rework: bool


def work_of(case: Case, person: str, now: datetime) -> Work:
    """What a case waits for, as far as this person is concerned."""
    what = _what(case, person)
    task, check = case.task, case.verification
    rework = bool(task and task.rework)
    if what == "verify" and check is not None:
        return Work(case, what, due(check.due_at, now, late=check.overdue), rework)
    if task is not None:
        return Work(case, what, due(task.due_at, now, late=task.overdue), rework)
    return Work(case, what, due(case.due_at, now, late=False), rework)


def in_order(work: Iterable[Work]) -> list[Work]:
    """Emergencies, then what is late, then what is due first; what has no limit last."""

    def place(each: Work) -> tuple[bool, bool, str, str]:
        late = each.due is not None and each.due.late
        at = each.due.at.isoformat() if each.due else "~"
        return each.what != "emergency", not late, at, each.case.case

    return sorted(work, key=place)


def due(at: datetime | None, now: datetime, *, late: bool) -> Due | None:
    return None if at is None else Due(at, late, span(at - now))


def missing(rounds: Iterable[Round]) -> list[Round]:
    """Whom to visit, in the order that intake gives; who has had all visits is left out."""
    return [each for each in rounds if each.missing > 0]


def forms(actions: Iterable[Action]) -> list[str]:
    """The forms that the case's page shows: of steps that this person can take now."""
    return [DOES[each.step] for each in actions if each.possible and each.step in DOES]


def _what(case: Case, person: str) -> What:
    task = case.task
    if case.status == "unplaced":
        return "place"
    if case.status == "verifying":
        return "verify"
    if task is not None and task.handler.person == person:
        return "handle"
    if task is not None and not task.taken and any(p.person == person for p in case.alerted):
        return "emergency"
    return "look"
