"""A case behind which no report stands any longer ends without being closed."""

from datetime import UTC, datetime
from typing import Any

import pytest

from case_contracts.events import dispatch as events
from case_contracts.events.intake import ReportLinked
from dispatch.commands.complete_task import CompleteTask
from dispatch.commands.hear_rating import HearRating
from dispatch.commands.open_case import OpenCase
from dispatch.commands.void_case import VoidCase
from dispatch.domain.state import Status
from dispatch.domain.timers import desk as desk_of
from dispatch.domain.timers import next_due
from dispatch.handlers.on_case import on_report_linked
from dispatch.views.overview import _traits
from service_kit.errors import NotYet
from tests.unit.dispatch.district import LITTER, START, Desk, filed

VOID = VoidCase("linked", "case:other", "p-000077")


def opened(**change: Any) -> Desk:
    desk = Desk()
    desk.do(OpenCase(filed(**change)))
    return desk


def test_the_task_is_taken_back_and_every_clock_stops() -> None:
    desk = opened()
    desk.do(VOID)
    revoked, voided = desk.last(events.TaskRevoked), desk.last(events.CaseVoided)
    assert revoked.reason == "linked"
    assert (voided.into, voided.by, voided.reason) == ("case:other", "p-000077", "linked")
    assert desk.state.status == Status.VOIDED
    assert all(clock.stopped_at is not None for clock in desk.state.clocks)
    assert len(desk.state.clocks) == 3
    assert (desk_of(desk.state), next_due(desk.state)) == (None, None)


def test_nobody_closed_it() -> None:
    desk = opened()
    desk.do(VOID)
    assert not any(isinstance(event, events.CaseClosed) for event in desk.happened)
    assert desk.state.closed_at is None
    assert _traits(desk.state.model_dump(mode="json"), {}, datetime.now(UTC)) == ["opened"]


def test_while_it_is_verified_nothing_is_taken_back_but_the_verifiers_clock_stops() -> None:
    desk = opened(matter=LITTER)
    assert desk.state.task is not None
    assert desk.state.task.handler.person is not None
    desk.do(CompleteTask(desk.state.task.handler.person, desk.state.task.id))
    assert "verification.requested" in [event.SPEC.name for event in desk.happened]
    desk.do(VOID)
    assert not any(isinstance(event, events.TaskRevoked) for event in desk.happened)
    assert all(clock.stopped_at is not None for clock in desk.state.clocks)
    assert desk.state.status == Status.VOIDED


def test_voided_twice_is_voided_once() -> None:
    desk = opened()
    desk.do(VOID)
    assert desk.do(VOID) == []


def test_a_dissent_does_not_bring_a_voided_case_back() -> None:
    desk = opened()
    desk.do(VOID)
    assert desk.do(HearRating("report:1", False, START)) == ["reopening.refused"]
    assert desk.state.status == Status.VOIDED


def test_before_the_case_has_come_it_waits() -> None:
    with pytest.raises(NotYet):
        Desk().do(VOID)


@pytest.mark.parametrize(
    ("from_case", "emptied", "ends"),
    [("case:1", True, True), ("case:1", False, False), (None, False, False)],
)
def test_only_an_emptied_case_ends(from_case: str | None, emptied: bool, ends: bool) -> None:
    linked = ReportLinked.model_validate(
        {**ReportLinked.EXAMPLE, "from_case": from_case, "emptied": emptied}
    )
    found = on_report_linked(linked, None)  # type: ignore[arg-type]  # the envelope is not read
    assert (found is not None) == ends
    if found is not None:
        assert (found.aggregate, found.command.into) == ("case:1", linked.case)
