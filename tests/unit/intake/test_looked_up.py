"""What a report is looked up by, as it is received, waits, is judged and is linked."""

from typing import Any

import pytest

from case_contracts.events.base import EventData
from case_contracts.events.intake import (
    LinkProposed,
    ReportLinked,
    ReportReceived,
    ReportRejected,
    ReportTriaged,
    TriageRequested,
)
from intake.domain.listed import day_of
from intake.domain.looked_up import at_desk, linked_to, made_on, of_staff
from intake.domain.report import ReportAggregate
from intake.views.reports import made
from tests.support.small_district import NOISE

MADE = ReportReceived.model_validate(ReportReceived.EXAMPLE).reported_at
LISTED = made_on(day_of(MADE))
NOBODY = {"by": None, "receiver": None}


def example(model: type[EventData], **change: Any) -> EventData:
    return model.model_validate({**model.EXAMPLE, **change})


def fields(*events: EventData) -> dict[str, Any]:
    """What its view is looked up by after these."""
    reports = ReportAggregate({})
    state = reports.initial("report:1")
    for event in events:
        state = reports.evolve(state, event)
    return dict(reports.fields(state))


def received(**change: Any) -> EventData:
    return example(ReportReceived, **{**NOBODY, **change})


@pytest.mark.parametrize(
    ("said", "keys"),
    [
        ({}, [LISTED]),
        ({"matter": ""}, []),
        ({"matter": "dispute/neighbours/noise"}, []),
        ({"about": {"kind": "person", "id": "p-1"}}, []),
        ({"channel": "web", "receiver": "intake-desk"}, [LISTED]),
        ({"channel": "patrol", "by": "p-2", "receiver": "p-2"}, [of_staff("p-2"), LISTED]),
        (
            {"channel": "hotline", "by": "p-2", "receiver": "p-1", "matter": ""},
            [of_staff("p-1"), of_staff("p-2")],
        ),
    ],
)
def test_by_who_saw_or_took_it_and_by_its_day_where_it_may_be_listed(
    said: dict[str, Any], keys: list[str]
) -> None:
    assert fields(received(**said)) == ({"by": keys} if keys else {})


def test_at_one_desk_at_a_time_while_somebody_has_to_decide() -> None:
    unclear, asked = received(matter=""), example(TriageRequested)
    assert isinstance(asked, TriageRequested)

    waiting = {"by": [at_desk("triage")], "since": asked.requested_at}
    assert fields(unclear, asked) == waiting
    assert fields(unclear, asked, example(ReportRejected)) == {}
    triaged = example(ReportTriaged, matter=NOISE, **NOBODY)
    assert fields(unclear, asked, triaged) == {"by": [LISTED]}
    proposed = example(LinkProposed)
    assert isinstance(proposed, LinkProposed)
    asked_so = fields(unclear, asked, triaged, proposed)
    assert asked_so == {"by": [at_desk("links"), LISTED], "since": proposed.proposed_at}


def test_by_the_case_that_it_was_linked_to() -> None:
    linked = example(ReportLinked, case="case:other")

    found = fields(received(), example(LinkProposed), linked)
    assert found == {"by": [linked_to("case:other"), LISTED]}


def test_before_it_was_received_by_nothing() -> None:
    assert fields() == {}


@pytest.mark.parametrize(
    ("events", "spared"),
    [
        ([received()], True),
        ([received(matter="dispute/neighbours/noise")], True),
        ([received(about={"kind": "person", "id": "p-1"})], True),
        ([example(ReportRejected)], True),
        ([received(channel="patrol", by="p-2", receiver="p-2")], False),
        ([received(matter=""), example(TriageRequested)], False),
        ([received(), example(LinkProposed)], False),
        ([received(), example(ReportLinked, case="case:other")], False),
        ([received(recorded={})], False),
        ([received(recorded={}, matter="dispute/neighbours/noise")], True),
    ],
)
def test_a_first_view_is_spared_where_its_day_finds_it_at_most(
    events: list[EventData], spared: bool
) -> None:
    reports = ReportAggregate({})
    state = reports.initial("report:1")
    for event in events:
        state = reports.evolve(state, event)

    assert reports.spares(state) is spared
    if spared:
        rows = [made(each) for each in events if isinstance(each, ReportReceived)]
        days = [made_on(row["day"]) for row in rows if row is not None]
        assert reports.fields(state).get("by", []) == days
