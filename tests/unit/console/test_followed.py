"""What a track page shows of what intake says."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from console.views.followed import followed
from console.views.told import Evidence, Tracked

NOW = datetime(2026, 1, 5, 4, tzinfo=UTC)
NAMES = ("collection", "filing", "dispatch", "handling", "feedback", "verification", "assessment")
NAME = {"zh": "名", "en": "name"}


def told(done: int = 3, **change: Any) -> Tracked:
    steps = [
        {"step": name, "name": NAME, "at": NOW if n < done else None}
        for n, name in enumerate(NAMES)
    ]
    nothing = dict.fromkeys(Tracked.model_fields)
    known = {
        "status": "in_progress", "step": NAMES[done], "steps": steps, "reported_at": NOW,
        "overdue": False, "reopened": 0, "additions": 0, "rated": False, "may": [],
    }  # fmt: skip
    return Tracked.model_validate({**nothing, **known, **change})


def evidence(phase: str, **change: Any) -> Evidence:
    known = {"evidence": "evidence:1", "phase": phase, "kind": "photo", "public": True}
    return Evidence.model_validate({**known, "attached_at": NOW, **change})


def test_steps_are_done_under_way_or_to_come() -> None:
    states = [each.state for each in followed(told(), [], NOW).steps]
    assert states == ["done"] * 3 + ["now"] + ["later"] * 3


@pytest.mark.parametrize("status", ["rejected", "voided", "withdrawn"])
def test_nothing_is_under_way_where_it_has_ended(status: str) -> None:
    shown = followed(told(status=status, due_at=NOW + timedelta(hours=3)), [], NOW)
    assert "now" not in {each.state for each in shown.steps}
    assert shown.due is None
    assert shown.mood == "ended"


def test_time_left_and_lateness_are_what_dispatch_has_said() -> None:
    left = followed(told(due_at=NOW + timedelta(hours=3)), [], NOW)
    assert left.due is not None
    assert (left.due.late, left.due.left.amount, left.mood) == (False, 3, "calm")
    late = followed(told(due_at=NOW - timedelta(hours=3), overdue=True), [], NOW)
    assert late.due is not None
    assert (late.due.late, late.due.left.amount, late.mood) == (True, 3, "late")


def test_a_limit_that_has_passed_and_is_not_said_to_be_late_promises_nothing() -> None:
    assert followed(told(due_at=NOW - timedelta(hours=3)), [], NOW).due is None


def test_photos_are_public_ones_of_the_report_and_of_the_finished_work() -> None:
    found = [
        evidence("report"), evidence("after"), evidence("after", public=False),
        evidence("before"), evidence("report", kind="sound"),
    ]  # fmt: skip
    shown = followed(told(), found, NOW)
    assert [len(shown.before), len(shown.after)] == [1, 1]
