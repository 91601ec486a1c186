"""Periods, what a round asks for in them, and who is due next."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from case_contracts.events.intake import RoundKind, RoundPer, RoundPlanned, VisitKind
from intake.domain.round_due import Target, Visited, by_urgency, period_of, standing
from intake.domain.round_periods import expected, period_at, window_of
from intake.domain.round_targets import targets
from tests.support.small_district import EAST, FROM, ROOT, WEST
from tests.unit.intake.visits.people import EAST_GROUP, FIELD, GROUP, MONDAY, WORKER, WORLD

SHANGHAI = ZoneInfo("Asia/Shanghai")
ZONES = [ZoneInfo(name) for name in ("Asia/Shanghai", "Europe/Berlin", "America/New_York")]
TARGET = Target(GROUP, WEST, (WORKER,), FROM)
instants = st.timedeltas(timedelta(0), timedelta(days=36_000)).map(
    lambda since: datetime(2001, 1, 2, tzinfo=UTC) + since
)
since_then = st.timedeltas(timedelta(0), timedelta(days=20_000)).map(lambda since: FROM + since)


def plan(**more: object) -> RoundPlanned:
    given_ = {**RoundPlanned.EXAMPLE, "grids": [ROOT], "valid_from": FROM}
    return RoundPlanned.model_validate({**given_, **more})


def visit(at: datetime, kind: VisitKind = VisitKind.ROUTINE, target: str = GROUP) -> Visited:
    return Visited(target, kind, at)


@given(instants, st.sampled_from(RoundPer), st.sampled_from(ZONES))
def test_periods_tile_time(at: datetime, per: RoundPer, zone: ZoneInfo) -> None:
    period = period_at(at, per, zone)

    assert period.start <= at < period.end
    assert period_at(period.end, per, zone).start == period.end
    assert period_at(period.end - timedelta(microseconds=1), per, zone) == period
    local = period.start.astimezone(zone)
    assert (local.day, local.hour, local.minute) == (1, 0, 0)


def test_a_month_begins_at_midnight_of_the_district() -> None:
    last = datetime(2026, 1, 31, 15, 59, 59, tzinfo=UTC)
    first = datetime(2026, 1, 31, 16, 0, tzinfo=UTC)

    assert period_at(last, RoundPer.MONTH, SHANGHAI).end == first
    assert period_at(first, RoundPer.MONTH, SHANGHAI).start == first
    assert period_at(first, RoundPer.QUARTER, SHANGHAI).start.astimezone(SHANGHAI).month == 1


@given(instants, instants, st.sampled_from(RoundPer), st.integers(1, 100))
def test_never_more_is_asked_for_than_the_share_of_the_period(
    at: datetime, since: datetime, per: RoundPer, times: int
) -> None:
    planned = plan(times=times, per=per)
    period = period_at(at, per, SHANGHAI)
    window = window_of(planned, period, since)
    if window is None:
        assert period.end <= max(since, FROM)
        return
    asked = expected(planned, period, window)
    assert 1 <= asked <= times
    assert asked == 1 or asked <= times * (window.length / period.length)
    if window == period:
        assert asked == times


visits = st.lists(
    st.tuples(instants, st.sampled_from(VisitKind), st.sampled_from([GROUP, EAST_GROUP])),
    max_size=20,
).map(lambda rows: [Visited(target, kind, at) for at, kind, target in rows])


@given(visits, st.sampled_from(RoundKind), st.sampled_from(RoundPer), instants)
def test_each_visit_that_fits_counts_once(
    made: list[Visited], kind: RoundKind, per: RoundPer, at: datetime
) -> None:
    planned = plan(kind=kind, per=per)
    period = period_of(planned, at, SHANGHAI)
    found = standing(planned, TARGET, made, period)
    if found is None:
        assert period.end <= FROM
        return
    start = max(period.start, FROM)
    fitting = [
        each
        for each in made
        if each.target == GROUP
        and start <= each.at < period.end
        and (kind is RoundKind.ROUTINE or each.kind is VisitKind.CONCENTRATED)
    ]
    assert found.done == len(fitting)
    assert found.missing == max(0, found.expected - found.done)
    assert (found.due_at is None) == (found.missing == 0)
    if found.due_at is not None:
        assert start < found.due_at <= period.end


@given(visits, st.sampled_from(RoundPer), since_then)
def test_one_more_visit_never_makes_a_target_more_urgent(
    made: list[Visited], per: RoundPer, at: datetime
) -> None:
    planned = plan(per=per)
    period = period_of(planned, at, SHANGHAI)
    before = standing(planned, TARGET, made, period)
    after = standing(planned, TARGET, [*made, visit(at)], period)
    assert before is not None
    assert after is not None
    assert by_urgency([after, before])[0] is before or before.due_at is None


def test_the_most_overdue_comes_first_then_what_was_visited_longest_ago() -> None:
    planned = plan()
    period = period_of(planned, MONDAY, SHANGHAI)
    fresh = Target("contact_group:a", WEST, (WORKER,), FROM)
    old = Target("contact_group:b", WEST, (WORKER,), FROM)
    done = Target("contact_group:c", WEST, (WORKER,), FROM)
    made = [
        visit(period.start + timedelta(days=3), target=fresh.id),
        visit(period.start + timedelta(days=1), target=old.id),
        *(visit(period.start + timedelta(days=day), target=done.id) for day in (1, 2, 3)),
    ]
    found = [standing(planned, each, made, period) for each in (done, fresh, TARGET, old)]

    ordered = by_urgency(each for each in found if each is not None)
    assert [each.target.id for each in ordered] == [GROUP, old.id, fresh.id, done.id]


def test_three_a_month_are_due_on_thirds_of_the_month() -> None:
    planned = plan()
    period = period_of(planned, MONDAY, SHANGHAI)
    found = standing(planned, TARGET, [], period)
    assert found is not None
    assert found.due_at == period.start + period.length / 3
    assert not found.overdue(MONDAY)
    assert found.overdue(period.start + timedelta(days=11))


@pytest.mark.parametrize(
    ("change", "expected_ids"),
    [
        ({}, [GROUP, EAST_GROUP]),
        ({"grids": [WEST]}, [GROUP]),
        ({"grids": [], "groups": [EAST_GROUP]}, [EAST_GROUP]),
        ({"each": "grid"}, [WEST, EAST]),
        ({"each": "grid", "grids": [EAST]}, [EAST]),
    ],
)
def test_a_round_asks_for_the_groups_or_lowest_grids_of_its_ground(
    change: dict[str, object], expected_ids: list[str]
) -> None:
    found = targets(plan(**change), MONDAY, FIELD, WORLD.grids)
    assert [each.id for each in found] == expected_ids
