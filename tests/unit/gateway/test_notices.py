"""What a department is told of slips, of being pressed, and of more time: codes and times only."""

from datetime import UTC, datetime
from typing import Any

import pytest

from case_contracts.envelope import SEQUENCE_DIGITS, Envelope
from case_contracts.events import dispatch
from case_contracts.events.base import EventData
from case_contracts.inbox import NoticeItem
from gateway.domain.items import item
from gateway.handlers import answers, notices

AT = datetime(2026, 1, 5, tzinfo=UTC)
CASE = dispatch.SlipIssued.EXAMPLE["case"]
HANDLERS: dict[type[EventData], Any] = {
    dispatch.SlipIssued: notices.on_slip_issued,
    dispatch.TaskPressed: notices.on_task_pressed,
    dispatch.ClockPaused: notices.on_clock_paused,
    dispatch.ClockResumed: notices.on_clock_resumed,
    dispatch.ClockExtended: notices.on_clock_extended,
    dispatch.ReliefRefused: notices.on_relief_refused,
}
SNAPSHOTS: dict[type[EventData], dict[str, Any]] = {
    dispatch.SlipIssued: {
        "what": "slip", "at": "2026-01-05T03:12:30Z", "reason": "overdue", "slip": "slip:1",
        "colour": "yellow", "answer_by": "2026-01-06T03:12:30Z",
    },
    dispatch.TaskPressed: {
        "what": "pressed", "at": "2026-01-05T01:12:30Z", "reason": "reporter_waits",
    },
    dispatch.ClockPaused: {
        "what": "paused", "at": "2026-01-05T01:12:30Z", "reason": "needs_approval",
        "request": "request:1", "until": "2026-01-07T03:12:30Z",
    },
    dispatch.ClockResumed: {
        "what": "resumed", "at": "2026-01-07T03:12:30Z", "due_at": "2026-01-07T05:12:30Z",
    },
    dispatch.ClockExtended: {
        "what": "extended", "at": "2026-01-05T01:12:30Z", "reason": "parts_ordered",
        "request": "request:1", "due_at": "2026-01-05T03:12:30Z",
    },
    dispatch.ReliefRefused: {
        "what": "relief_refused", "at": "2026-01-05T01:12:30Z", "reason": "no_need_seen",
        "request": "request:1",
    },
}  # fmt: skip
every_event = pytest.mark.parametrize("model", list(HANDLERS), ids=lambda m: m.SPEC.name)


def drafted(model: type[EventData], **change: Any) -> Any:
    event = model.model_validate({**model.EXAMPLE, **change})
    envelope = Envelope(
        id="e-1", source="/civicgrid/lanhe/dispatch", type=event.SPEC.type, subject=CASE, time=AT,
        dataschema="x", sequence=f"{1:0{SEQUENCE_DIGITS}}", causationid="f-1", correlationid="c",
        districtid="lanhe", occurredat=AT, recordedat=AT, writer="w", batch=1,
        data=event.model_dump(mode="json"),
    )  # fmt: skip
    return HANDLERS.get(model, answers.on_pause_requested)(event, envelope)


@every_event
def test_a_notice_has_exactly_these_fields(model: type[EventData]) -> None:
    draft = drafted(model)
    row = {**draft, "_id": "e-1", "number": 4, "log": draft["department"]}
    shown = item(row)
    assert isinstance(shown, NoticeItem)
    assert shown.model_dump(mode="json", exclude_none=True) == {
        "id": "e-1",
        "kind": "notice",
        "cursor": 4,
        "department": "urban-management",
        "case": CASE,
        **SNAPSHOTS[model],
    }


@every_event
def test_neither_words_nor_people_are_in_the_row(model: type[EventData]) -> None:
    said: dict[str, Any] = {
        field: "p-secret" for field in ("by", "statement") if field in model.model_fields
    }
    if "leader" in model.model_fields:
        said["leader"] = {"kind": "post", "id": "x", "person": "p-secret"}
    assert "secret" not in str(drafted(model, **said))


@every_event
def test_what_concerns_a_post_is_in_no_inbox(model: type[EventData]) -> None:
    field = next(f for f in ("to", "handler", "party") if f in model.model_fields)
    post = {"kind": "post", "id": "posting:1", "person": "p-1", "grid": "g"}
    assert drafted(model, **{field: post}) is None


@pytest.mark.parametrize(
    "model", [dispatch.ClockPaused, dispatch.ClockResumed, dispatch.ClockExtended]
)
def test_the_cases_own_clock_is_not_told_twice(model: type[EventData]) -> None:
    assert drafted(model, clock="case:1") is None


def test_a_wish_for_more_time_is_answered_with_its_request() -> None:
    draft = drafted(dispatch.PauseRequested)
    assert (draft["names"], draft["data"]) == (
        ["ask_pause"], {"accepted": True, "request": "request:1"},
    )  # fmt: skip
