"""Decisions on reports and cases, purely."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from case_contracts.events.intake import (
    CaseOpened,
    Channel,
    Filing,
    Recorded,
    Rejection,
    ReportReceived,
    ReportRejected,
    SatisfactionRated,
)
from case_contracts.values import Point
from intake.commands.open_case import OpenCase, open_case
from intake.commands.rate_satisfaction import RateSatisfaction, rate_satisfaction
from intake.commands.receive_report import ReceiveReport, foresee, receive_report
from intake.domain.case import CaseAggregate
from intake.domain.report import ReportAggregate, ReportState
from intake.domain.world import Standards, World
from service_kit.errors import Refused
from service_kit.grids import GridIndex
from service_kit.store.model import Actor, Context, Decision, Occurred
from tests.support.small_district import DISTRICT, GRIDS, IN_WEST, MANHOLE, OUTSIDE, standard

NOW = datetime(2026, 1, 5, 1, 12, tzinfo=UTC)
PAST = datetime(2021, 4, 1, tzinfo=UTC)
WORLD = World(DISTRICT, GridIndex.build(GRIDS), Standards([standard()]))
REPORTS = ReportAggregate(
    {ReceiveReport: receive_report, RateSatisfaction: rate_satisfaction}
)  # fmt: skip
CASES = CaseAggregate({OpenCase: open_case})


def context(now: datetime = NOW) -> Context:
    return Context(now, str, WORLD, "cause", "cause", Actor("anonymous", "resident"))


def receive(
    point: dict[str, float] = IN_WEST,
    reported_at: datetime | None = None,
    recorded: Recorded | None = None,
) -> ReceiveReport:
    return ReceiveReport(
        case="case:1",
        channel=Channel.WEB,
        matter=MANHOLE,
        condition=None,
        point=Point(**point),
        reported_at=reported_at,
        about=None,
        reporter="r-1",
        by=None,
        reachable=("inapp",),
        language="en",
        recorded=recorded,
    )


def after(state: ReportState, decision: Decision) -> ReportState:
    for each in decision:
        state = REPORTS.evolve(state, each.data if isinstance(each, Occurred) else each)
    return state


def received() -> ReportState:
    state = REPORTS.initial("report:1")
    return after(state, REPORTS.decide(state, receive(), context()))


def test_a_report_is_received_now_and_filed() -> None:
    [event] = REPORTS.decide(REPORTS.initial("report:1"), receive(), context())

    assert isinstance(event, ReportReceived)
    assert event.reported_at == NOW
    assert event.filing is not None


def test_a_rejected_report_is_kept() -> None:
    state = REPORTS.initial("report:1")
    events = REPORTS.decide(state, receive(OUTSIDE), context())

    assert [type(e) for e in events] == [ReportReceived, ReportRejected]
    kept = after(state, events)
    assert (kept.case, kept.filing, kept.rejected) == ("case:1", None, Rejection.OUTSIDE_DISTRICT)


def test_what_a_batch_asks_of_the_world_changes_no_decision() -> None:
    commands = [receive(), receive(OUTSIDE), receive(OUTSIDE, PAST, Recorded())]
    ahead = foresee([*commands, object()], WORLD)
    state = REPORTS.initial("report:1")

    for command in commands:
        there = replace(context(), world=ahead)
        assert REPORTS.decide(state, command, there) == REPORTS.decide(state, command, context())


def test_a_batch_looks_its_places_up_together(monkeypatch: pytest.MonkeyPatch) -> None:
    ahead = foresee([receive(), receive(OUTSIDE)], WORLD)
    monkeypatch.setattr(GridIndex, "_touching", None)

    for place in (IN_WEST, OUTSIDE):
        REPORTS.decide(REPORTS.initial("report:1"), receive(place), replace(context(), world=ahead))


def test_a_report_is_received_once() -> None:
    assert REPORTS.decide(received(), receive(), context()) == []


def test_history_occurred_when_it_was_reported() -> None:
    command = receive(OUTSIDE, PAST, Recorded())
    events = REPORTS.decide(REPORTS.initial("report:1"), command, context())

    assert [e.at for e in events if isinstance(e, Occurred)] == [PAST, PAST]


def opening(recorded: Recorded | None = None) -> OpenCase:
    state = REPORTS.initial("report:1")
    [event] = REPORTS.decide(state, receive(reported_at=PAST, recorded=recorded), context())
    data = event.data if isinstance(event, Occurred) else event
    assert isinstance(data, ReportReceived)
    assert isinstance(data.filing, Filing)
    return OpenCase(data, data.filing)


def test_a_case_is_opened_once_with_the_filing() -> None:
    command, state = opening(), CASES.initial("case:1")
    [event] = CASES.decide(state, command, context())

    assert isinstance(event, CaseOpened)
    assert (event.opened_at, event.reported_at) == (NOW, PAST)
    assert event.standard == command.filing.standard
    assert CASES.decide(CASES.evolve(state, event), command, context()) == []


def test_a_case_of_the_past_is_opened_in_the_past() -> None:
    [event] = CASES.decide(CASES.initial("case:1"), opening(Recorded()), context())

    assert isinstance(event, Occurred)
    assert isinstance(event.data, CaseOpened)
    assert event.at == event.data.opened_at == PAST


def vote(closed_at: datetime | None, score: int = 5) -> RateSatisfaction:
    return RateSatisfaction(True, score, closed_at)


def test_a_vote_needs_a_closing() -> None:
    with pytest.raises(Refused) as refused:
        REPORTS.decide(received(), vote(None), context())
    assert refused.value.code == "not_closed"


def test_the_vote_stands_for_its_closing() -> None:
    rated = after(received(), REPORTS.decide(received(), vote(NOW), context(NOW)))

    assert REPORTS.decide(rated, vote(NOW), context()) == []
    with pytest.raises(Refused) as refused:
        REPORTS.decide(rated, vote(NOW, score=1), context())
    assert refused.value.code == "already_rated"


def test_each_closing_has_its_vote() -> None:
    rated = after(received(), REPORTS.decide(received(), vote(NOW), context(NOW)))
    later = NOW + timedelta(days=1)
    [event] = REPORTS.decide(rated, vote(later, score=1), context(later))

    assert isinstance(event, SatisfactionRated)
    assert (event.score, event.rated_at) == (1, later)
