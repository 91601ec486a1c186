"""One timeline of several services."""

from datetime import UTC, datetime, timedelta
from typing import Any

from console.views.beside_told import Evidence, Notice, Operation, Report
from console.views.case_told import Entry
from console.views.happened import Told, happened

NOON = datetime(2026, 1, 5, 4, tzinfo=UTC)


def at(minutes: int) -> datetime:
    return NOON + timedelta(minutes=minutes)


def entry(event: str, minutes: int, **facts: Any) -> Entry:
    label = {"zh": event, "en": event}
    said = {"event": event, "label": label, "at": at(minutes), "who": [], "why": []}
    return Entry.model_validate({**said, "facts": facts})


def notice(minutes: int, **change: str) -> Notice:
    said = {"kind": "closed", "channel": "inapp", "outcome": "sent", "at": at(minutes)}
    return Notice.model_validate({**said, **change})


def told() -> Told:
    unit = {"department": "works", "presence": "arrived", "arrived_at": at(40), "on_time": False,
            "reason": None}  # fmt: skip
    operation = {
        "operation": "operation:1", "status": "open", "lead": "works", "convened_at": at(30),
        "arrive_by": at(35), "concluded_at": None, "units": [unit],
    }  # fmt: skip
    photo = {
        "evidence": "evidence:1", "phase": "after", "kind": "photo", "format": "image/jpeg",
        "attached_at": at(50), "taken_at": None, "taskid": None, "same_as": [],
    }  # fmt: skip
    return Told(
        entries=[entry("case.received", 2), entry("clock.started", 0), entry("task.assigned", 2)],
        reports=[Report(report="report:1", channel="web", reported_at=at(0), withdrawn=False,
                        linked=False)],
        evidence=[Evidence.model_validate(photo)],
        operations=[Operation.model_validate(operation)],
        notices=[notice(60), notice(60), notice(61, outcome="failed", channel="email")],
    )  # fmt: skip


def test_the_order_is_that_of_time_and_dispatch_s_own() -> None:
    found = happened(told())
    said = [each.label.en if each.label else each.key for each in found]
    assert said == [
        "happened.reported", "case.received", "clock.started", "task.assigned",
        "happened.convened", "happened.arrived_late", "happened.evidence",
        "happened.told", "happened.not_told",
    ]  # fmt: skip


def test_several_reporters_who_are_told_the_same_are_one_line() -> None:
    assert [each.count for each in happened(told())[-2:]] == [2, 1]


def test_facts_are_shown_in_order_times_as_times_and_nothing_that_is_empty() -> None:
    due = "2026-01-05T05:00:00Z"
    facts = {"rework": False, "due_at": due, "colour": "red", "taskid": "task:1", "limit": None}
    [shown] = happened(Told(entries=[entry("slip.issued", 0, **facts)]))
    assert shown.facts == (("colour", "red"), ("due_at", at(60)))
