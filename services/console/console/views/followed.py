"""From what intake says of a report to what its track page shows."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from console.domain.moments import Span, span
from console.views.told import Evidence, May, Step, Tracked

Mood = Literal["calm", "late", "done", "ended"]
_MOODS: dict[str, Mood] = {
    "closed": "done", "rejected": "ended", "voided": "ended", "withdrawn": "ended",
}  # fmt: skip


@dataclass(frozen=True)
class StepShown:
    """``state``: done with, under way, or still to come."""

    step: Step
    number: int
    state: Literal["done", "now", "later"]


@dataclass(frozen=True)
class Due:
    """Until when it is to be done. ``left`` is the time until then, or by how much it is late."""

    at: datetime
    late: bool
    left: Span


@dataclass(frozen=True)
class Followed:
    """``due`` is None where there is no limit, or it has ended; ``before`` are the reporter's own
    photos and ``after`` public ones of the finished work."""

    told: Tracked
    steps: list[StepShown]
    due: Due | None
    mood: Mood
    before: list[Evidence]
    after: list[Evidence]

    def may(self, right: str) -> May | None:
        return next((each for each in self.told.may if each.right == right), None)


def followed(told: Tracked, evidence: Sequence[Evidence], now: datetime) -> Followed:
    photos = [each for each in evidence if each.kind == "photo" and each.public]
    due = _due(told, now)
    late = due is not None and due.late
    return Followed(
        told=told,
        steps=[_step(told, each, n) for n, each in enumerate(told.steps, start=1)],
        due=due,
        mood=_MOODS.get(told.status, "late" if late else "calm"),
        before=[each for each in photos if each.phase == "report"],
        after=[each for each in photos if each.phase == "after"],
    )


def _step(told: Tracked, step: Step, number: int) -> StepShown:
    if step.at is not None:
        return StepShown(step, number, "done")
    under_way = step.step == told.step and told.status not in _ENDED
    return StepShown(step, number, "now" if under_way else "later")


_ENDED = {"rejected", "voided", "withdrawn"}


def _due(told: Tracked, now: datetime) -> Due | None:
    """Late is what dispatch has said: only its clock knows pauses. A limit that has passed by our
    clock and is not said to be late has not been counted against anybody."""
    if told.due_at is None or told.status not in ("received", "in_progress"):
        return None
    if not told.overdue and told.due_at <= now:
        return None
    return Due(told.due_at, told.overdue, span(told.due_at - now))
