"""A reviewer's decisions, and the first receiver, purely."""

from datetime import timedelta
from typing import Any

import pytest

from case_contracts.events.intake import (
    CaseOpened,
    Filing,
    Recorded,
    Rejection,
    ReportReceived,
    ReportRejected,
    ReportTriaged,
    TriageRequested,
    Unclear,
)
from case_contracts.values import About, Point, Text
from intake.commands.open_case import OpenCase, open_case
from intake.commands.triage_report import RejectReport
from intake.domain.case import CaseAggregate
from service_kit.errors import Invalid, NotFound, Refused
from service_kit.store.model import Occurred
from tests.support.small_district import (
    EAST,
    FROM,
    IN_EAST,
    LITTER,
    MANHOLE,
    NOISE,
    OUTSIDE,
    WEST,
)
from tests.unit.intake.reviews import (
    COURT,
    HOTLINE,
    NOW,
    REPORTS,
    after,
    context,
    decided,
    judging,
    receive,
    waiting,
)


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        ({}, Unclear.MATTER_NOT_SAID),
        ({"matter": LITTER}, Unclear.CONDITION_NOT_SAID),
        ({"matter": MANHOLE, "review": True}, Unclear.ASKED_BY_RECEIVER),
    ],
)
def test_what_no_rule_can_say_waits_until_its_time(said: dict[str, Any], reason: Unclear) -> None:
    received, asked = decided(REPORTS.initial("report:1"), receive(**said))

    assert isinstance(received, ReportReceived)
    assert received.filing is None
    assert isinstance(asked, TriageRequested)
    assert (asked.reason, asked.receiver) == (reason, "p-operator")
    assert asked.due_at == NOW + timedelta(hours=2)
    assert waiting(**said).waiting is not None


def test_nobody_reviews_the_past() -> None:
    for said, reason in [
        ({}, Rejection.NOT_IN_STANDARD),
        ({"matter": LITTER}, Rejection.CONDITION_NEEDED),
    ]:
        state = waiting(**said, recorded=Recorded(), reported_at=FROM)
        assert (state.rejected, state.waiting) == (reason, None)
    assert waiting(matter=MANHOLE, review=True, recorded=Recorded(), reported_at=FROM).filing


def test_a_rule_s_rejection_says_where_to_turn() -> None:
    state = waiting(matter=MANHOLE, point=Point(**OUTSIDE))
    assert (state.rejected, state.turn_to) == (Rejection.OUTSIDE_DISTRICT, HOTLINE)


def test_the_case_of_a_reviewed_report_runs_from_the_report() -> None:
    later = NOW + timedelta(hours=1)
    [triaged] = decided(waiting(), judging(), later)

    assert isinstance(triaged, ReportTriaged)
    assert (triaged.matter, triaged.triaged_by, triaged.triaged_at) == (NOISE, "p-reviewer", later)
    assert isinstance(triaged.filing, Filing)
    assert (triaged.filing.grid, triaged.filing.condition) == (WEST, "loud")
    state = CaseAggregate({OpenCase: open_case}).initial("case:1")
    [opened] = open_case(state, OpenCase(triaged, triaged.filing), context(later))
    assert isinstance(opened, CaseOpened)
    assert (opened.reported_at, opened.receiver) == (NOW, "p-operator")
    assert after(waiting(), [triaged]).waiting is None


def test_a_reviewer_can_say_where_it_is() -> None:
    nowhere = waiting(point=None)
    [placed] = decided(nowhere, judging(point=None, grid=EAST))
    [pointed] = decided(nowhere, judging(point=Point(lon=113.60812345, lat=34.702)))
    [unplaced] = decided(nowhere, judging(point=None))

    assert isinstance(placed, ReportTriaged)
    assert isinstance(pointed, ReportTriaged)
    assert isinstance(unplaced, ReportTriaged)
    filings = [each.filing for each in (placed, pointed, unplaced)]
    assert [(f.grid, f.located) for f in filings if f] == [
        (EAST, True), (EAST, True), ("410199", False)
    ]  # fmt: skip
    assert pointed.point == Point(**IN_EAST)


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({"matter": "event/street/ufo"}, "not_in_standard"),
        ({"condition": "purple"}, "condition_not_in_standard"),
        ({"matter": LITTER}, "condition_not_said"),
        ({"point": None, "grid": "nowhere"}, "unknown_grid"),
    ],
)
def test_a_reviewer_s_slip_is_refused(said: dict[str, Any], code: str) -> None:
    with pytest.raises(Invalid) as refused:
        decided(waiting(), judging(**said))
    assert refused.value.code == code


@pytest.mark.parametrize(
    ("matter", "reason", "given", "turn_to"),
    [
        ("", Rejection.OUT_OF_SCOPE, None, HOTLINE),
        (LITTER, Rejection.OUT_OF_SCOPE, None, COURT),
        (LITTER, Rejection.NOT_UNDERSTANDABLE, None, HOTLINE),
        (LITTER, Rejection.CONDITION_NOT_MET, COURT, COURT),
    ],
)
def test_a_reviewer_rejects_with_where_to_turn(
    matter: str, reason: Rejection, given: Text | None, turn_to: Text
) -> None:
    [event] = decided(waiting(matter=matter), RejectReport("p-reviewer", reason, given))

    assert isinstance(event, ReportRejected)
    assert (event.reason, event.turn_to, event.by) == (reason, turn_to, "p-reviewer")


def test_a_place_outside_is_rejected_whoever_says_so() -> None:
    [event] = decided(waiting(point=None), judging(point=Point(**OUTSIDE)))
    assert isinstance(event, ReportRejected)
    assert (event.reason, event.by) == (Rejection.OUTSIDE_DISTRICT, "p-reviewer")


def test_what_is_decided_waits_no_longer() -> None:
    done = after(waiting(), decided(waiting(), judging()))
    with pytest.raises(Refused) as refused:
        decided(done, judging())
    assert refused.value.code == "not_waiting"
    with pytest.raises(NotFound):
        decided(REPORTS.initial("report:2"), judging())


@pytest.mark.parametrize(
    ("about", "reviewer", "may"),
    [
        (About(kind="person", id="p-reviewer"), "p-reviewer", False),
        (About(kind="person", id="desk"), "p-west", False),
        (About(kind="grid", id=WEST), "p-west", False),
        (About(kind="grid", id=WEST), "p-reviewer", True),
        (About(kind="department", id="um"), "p-west", True),
    ],
)
def test_nobody_reviews_what_complains_of_them(about: About, reviewer: str, may: bool) -> None:
    state = waiting(about=about)
    if may:
        assert decided(state, judging(by=reviewer))
        return
    for command in (judging(by=reviewer), RejectReport(reviewer, Rejection.OUT_OF_SCOPE, None)):
        with pytest.raises(NotFound):
            decided(state, command)


@pytest.mark.parametrize(
    ("said", "receiver"),
    [
        ({}, "p-operator"),
        ({"receiver": None}, "posting:desk"),
        ({"about": About(kind="person", id="p-operator")}, "posting:desk"),
        ({"receiver": None, "about": About(kind="person", id="desk")}, None),
        ({"receiver": "p-west", "about": About(kind="grid", id=WEST)}, "posting:desk"),
        ({"recorded": Recorded(), "reported_at": FROM}, None),
    ],
)
def test_the_first_receiver_is_never_whom_it_complains_of(
    said: dict[str, Any], receiver: str | None
) -> None:
    first = decided(REPORTS.initial("report:1"), receive(**said))[0]
    received = first.data if isinstance(first, Occurred) else first
    assert isinstance(received, ReportReceived)
    assert received.receiver == receiver
