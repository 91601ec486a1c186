"""Closed means verified, by somebody other than the handler, with evidence; a check that is late
goes up the tree and never closes the case by itself (domain rule 4)."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from case_contracts.events import dispatch as events
from case_contracts.events.dispatch import ClockKind
from dispatch.commands.complete_task import CompleteTask
from dispatch.commands.name_verifier import NameVerifier
from dispatch.commands.open_case import OpenCase
from dispatch.commands.tick import Tick
from dispatch.commands.verify import Verify
from dispatch.domain.state import Status
from dispatch.domain.supervision import DEFAULT, Supervision
from dispatch.domain.timers import desk as desk_of
from dispatch.domain.timers import next_due
from dispatch.domain.verifying import drawn
from dispatch.domain.world import Policy
from service_kit.errors import NotFound, Refused
from tests.unit.dispatch.district import LITTER, Desk, filed
from tests.unit.dispatch.test_way_of_a_case import said


def opened(**change: Any) -> Desk:
    desk = Desk()
    desk.do(OpenCase(filed(**change)))
    return desk


def by_department() -> Desk:
    """A department has done it, and shows ``evidence:1``."""
    desk = opened()
    desk.do(said(desk, "accept"))
    desk.do(said(desk, "complete", evidence=["evidence:1"]))
    return desk


def by_worker() -> Desk:
    """The grid's worker has done it; the community's leader is to check it."""
    desk = opened(matter=LITTER)
    desk.do(CompleteTask("p-w1", _task(desk)))
    return desk


def _task(desk: Desk) -> str:
    assert desk.state.task is not None
    return desk.state.task.id


def asked(desk: Desk) -> str | None:
    assert desk.state.verification is not None
    verifier = desk.state.verification.verifier
    return verifier.person if verifier else None


def late(desk: Desk) -> list[str]:
    due = desk.state.verification.due_at if desk.state.verification else None
    assert due is not None
    desk.now = due + timedelta(seconds=7)
    return desk.do(Tick(due))


def test_rule_4_closed_means_verified_by_somebody_else_with_evidence_after_the_work() -> None:
    desk = by_department()
    with pytest.raises(Refused) as refusal:
        desk.do(Verify("p-w1", passed=True))
    assert refusal.value.code == "evidence_missing"
    with pytest.raises(NotFound):
        desk.do(Verify("um", passed=True, evidence=("evidence:2",)))
    names = desk.do(Verify("p-w1", passed=True, evidence=("evidence:2",)))
    assert names[0] == "verification.passed"
    assert "case.closed" in names
    assert desk.last(events.VerificationPassed).evidence == ("evidence:2",)


def test_rule_4_the_verifier_may_confirm_what_the_handler_shows() -> None:
    desk = by_department()
    desk.do(Verify("p-w1", passed=True, confirms=True))
    assert desk.last(events.VerificationPassed).evidence == ("evidence:1",)


def test_rule_4_whoever_did_the_work_is_never_asked_to_check_it() -> None:
    desk = by_worker()
    assert asked(desk) == "p-lead"
    with pytest.raises(NotFound):
        desk.do(Verify("p-w1", passed=True, supervising=True))


def test_what_fails_needs_no_evidence_and_goes_back_with_the_reason() -> None:
    desk = by_department()
    names = desk.do(Verify("p-w1", passed=False, reason="cover_loose"))
    assert "task.assigned" in names
    assert desk.last(events.VerificationFailed).reason == "cover_loose"
    assert desk.last(events.TaskAssigned).rework


def test_a_late_check_goes_up_the_tree_at_its_exact_time_and_closes_nothing() -> None:
    desk = by_department()
    due = desk.state.verification.due_at if desk.state.verification else None
    assert late(desk)[0] == "verification.overdue"
    assert desk.last(events.VerificationOverdue).due_at == due
    assert asked(desk) == "p-lead"
    up = desk.last(events.CaseEscalated)
    assert (up.to_grid, up.reason, up.escalated_at) == ("c", "verification_overdue", due)
    assert desk.last(events.VerificationRequested).requested_at == desk.now
    assert late(desk)[0] == "verification.overdue"
    assert asked(desk) == "p-boss"
    late(desk)
    assert asked(desk) is None
    assert desk_of(desk.state) == "supervisor:d"
    assert late(desk) == ["verification.overdue"], "it waits there, and is told once"
    assert desk.state.status == Status.VERIFYING
    verify_clocks = [c for c in desk.state.clocks if c.kind == ClockKind.VERIFY]
    assert [c.stopped_at is None for c in verify_clocks] == [False, False, False, True]


def test_nobody_who_let_it_pass_is_asked_again_and_whoever_worked_on_it_never() -> None:
    desk = by_worker()
    people = [asked(desk)]
    while people[-1] is not None:
        late(desk)
        people.append(asked(desk))
    assert people == ["p-lead", "p-boss", None]


def test_the_handlers_time_is_not_touched_by_a_slow_verifier() -> None:
    desk = by_department()
    assert desk.state.task is not None
    before = desk.state.task.completed_at, desk.state.task.on_time
    late(desk)
    desk.do(Verify("p-lead", passed=True, confirms=True))
    assert (desk.state.task.completed_at, desk.state.task.on_time) == before
    assert desk.last(events.CaseClosed).on_time is True


def test_a_supervisor_names_another_verifier_but_nobody_who_had_to_do_with_it() -> None:
    desk = by_worker()
    for post, code in (("posting:u1:p-w1", "own_work"), ("posting:nowhere", "no_such_post")):
        with pytest.raises(Refused) as refusal:
            desk.do(NameVerifier("p-boss", post))
        assert refusal.value.code == code
    names = desk.do(NameVerifier("p-boss", "posting:u2:p-w2"))
    assert names == ["clock.stopped", "verification.requested", "clock.started"]
    assert asked(desk) == "p-w2"
    with pytest.raises(NotFound):
        desk.do(Verify("p-lead", passed=True))
    desk.do(Verify("p-w2", passed=True))
    assert desk.state.status == Status.CLOSED


def checked(desk: Desk, *checkers: str, share: float = 1) -> None:
    rules = DEFAULT.model_copy(update={"spot_checkers": checkers})
    desk.world = replace(
        desk.world, supervision=Supervision(rules), policy=Policy(spot_share=share)
    )


def test_a_spot_checker_replaces_the_ordinary_verifier() -> None:
    for named in ("p-w2", "posting:u2:p-w2"):
        desk = opened(matter=LITTER)
        checked(desk, named)
        desk.do(CompleteTask("p-w1", _task(desk)))
        assert asked(desk) == "p-w2"


def test_no_spot_checker_checks_own_work_nor_without_a_share() -> None:
    own = opened(matter=LITTER)
    checked(own, "p-w1", "p-unknown")
    own.do(CompleteTask("p-w1", _task(own)))
    assert asked(own) == "p-lead"
    none = opened(matter=LITTER)
    checked(none, "p-w2", share=0)
    none.do(CompleteTask("p-w1", _task(none)))
    assert asked(none) == "p-lead"


@given(st.uuids(), st.floats(0, 1), st.floats(0, 1))
def test_a_draw_follows_from_the_case_alone_and_grows_with_the_share(
    case: object, share: float, more: float
) -> None:
    small, large = sorted((share, more))
    assert drawn(f"case:{case}", share) == drawn(f"case:{case}", share)
    assert not drawn(f"case:{case}", small) or drawn(f"case:{case}", large)
    assert not drawn(f"case:{case}", 0)
    assert drawn(f"case:{case}", 1)


def test_about_as_many_are_drawn_as_the_share_says() -> None:
    found = sum(drawn(f"case:{n}", 0.1) for n in range(10_000))
    assert 900 < found < 1_100


def test_a_check_in_time_is_never_called_late() -> None:
    desk = by_department()
    assert desk.state.verification is not None
    assert next_due(desk.state) == desk.state.verification.due_at
    desk.do(Verify("p-w1", passed=True, confirms=True))
    assert not any(isinstance(e, events.VerificationOverdue) for e in desk.happened)


def test_a_supervisor_stands_in_where_nobody_is_left() -> None:
    desk = by_worker()
    while asked(desk) is not None:
        late(desk)
    with pytest.raises(NotFound):
        desk.do(Verify("p-stand-in", passed=True))
    desk.do(Verify("p-stand-in", passed=True, supervising=True))
    assert desk.state.status == Status.CLOSED
