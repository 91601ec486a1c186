"""Who is on shift, in whose zone, and inside which grid."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from case_contracts.events.intake import CheckinRecorded
from case_contracts.events.registry import PostingEnded
from case_contracts.values import Point
from intake.commands.record_checkin import RecordCheckin, post_on_shift, record_checkin
from intake.domain.checkin import CheckinAggregate, CheckinState
from intake.domain.visit_errors import NotYourGrid, OffShift
from intake.domain.visit_field import Calendars
from intake.domain.visit_place import is_inside
from service_kit.duty import on_duty
from service_kit.postings import build_postings
from service_kit.store.model import Actor, Context
from tests.support.small_district import DISTRICT, EAST, IN_EAST, IN_WEST, ON_BORDER, ROOT, WEST
from tests.unit.intake.visits.people import (
    CALENDAR,
    IDLE,
    LEADER,
    MONDAY,
    OTHER,
    POSTINGS,
    WORKER,
    WORLD,
    posting,
)

ZONE = ZoneInfo("Asia/Shanghai")
CONTEXT = Context(MONDAY, str, WORLD, "cause", "cause", Actor(WORKER, "staff"))


def command(
    person: str, at: datetime = MONDAY, post: str | None = None, **point: float
) -> RecordCheckin:
    held = build_postings(POSTINGS).of(person, at)
    return RecordCheckin(person, held, post, ZONE, Point(**(point or IN_WEST)), at)


@pytest.mark.parametrize(
    ("local", "expected"),
    [
        ("2026-01-05T08:00", True),
        ("2026-01-05T07:59", False),
        ("2026-01-05T17:59", True),
        ("2026-01-05T18:00", False),
        ("2026-01-04T10:00", False),  # a Sunday
    ],
)
def test_a_shift_is_half_open_on_its_weekdays(local: str, expected: bool) -> None:
    assert on_duty(POSTINGS[0], datetime.fromisoformat(local).replace(tzinfo=ZONE)) is expected


def test_without_shifts_nobody_is_on_shift() -> None:
    with pytest.raises(OffShift):
        post_on_shift(command(IDLE), WORLD)


def test_an_end_of_midnight_is_the_end_of_the_day() -> None:
    late = posting(WORKER, WEST, shifts=[{"weekdays": [1], "hours": {"start": "20:00",
                                                                     "end": "00:00"}}])  # fmt: skip
    assert on_duty(late, datetime(2026, 1, 5, 23, 59, tzinfo=ZONE))
    assert not on_duty(late, datetime(2026, 1, 6, 0, 0, tzinfo=ZONE))


@given(st.timedeltas(timedelta(0), timedelta(days=365)))
def test_a_shift_is_read_in_the_calendars_zone(since: timedelta) -> None:
    at = datetime(2026, 1, 1, tzinfo=UTC) + since
    local = at + timedelta(hours=8)
    expected = local.isoweekday() <= 5 and 8 <= local.hour < 18
    assert on_duty(POSTINGS[0], at.astimezone(ZONE)) is expected


def test_the_zone_is_the_newest_calendars_in_force_else_the_districts() -> None:
    newer = CALENDAR.model_copy(update={"version": CALENDAR.version + 1, "zone": "Asia/Urumqi"})
    later = newer.model_copy(update={"version": 99, "valid_from": MONDAY + timedelta(days=9)})
    other = newer.model_copy(update={"version": 100, "calendar": "another"})

    found = Calendars([CALENDAR, newer, later, other]).zone(DISTRICT, MONDAY)
    assert found.key == "Asia/Urumqi"
    assert Calendars().zone(DISTRICT, MONDAY).key == DISTRICT.zone


@pytest.mark.parametrize(
    ("point", "grid", "inside"),
    [
        (IN_WEST, WEST, True),
        (IN_EAST, WEST, False),
        (IN_EAST, ROOT, True),
        (ON_BORDER, WEST, True),
        (ON_BORDER, EAST, True),
    ],
)
def test_inside_a_grid_or_one_below_it_border_included(
    point: dict[str, float], grid: str, inside: bool
) -> None:
    assert is_inside(Point(**point), grid, MONDAY, WORLD.grids) is inside


def test_a_checkin_says_inside_or_outside_and_nothing_more() -> None:
    [event] = record_checkin(CheckinState(checkin="checkin:1"), command(OTHER), CONTEXT)

    assert isinstance(event, CheckinRecorded)
    said = event.model_dump(mode="json")
    assert (said["grid"], said["inside"], said["grid_path"]) == (EAST, False, [ROOT])
    assert not {"point", "lon", "lat"} & set(said)


def test_the_same_checkin_again_changes_nothing() -> None:
    [event] = record_checkin(CheckinState(checkin="checkin:1"), command(WORKER), CONTEXT)
    assert isinstance(event, CheckinRecorded)
    aggregate = CheckinAggregate({RecordCheckin: record_checkin})
    after = aggregate.evolve(aggregate.initial("checkin:1"), event)
    assert record_checkin(after, command(WORKER), CONTEXT) == []


def test_of_several_posts_the_one_whose_grid_one_is_in_then_the_lowest() -> None:
    both = [posting(LEADER, ROOT, "leader"), posting(LEADER, EAST), posting(LEADER, WEST)]
    asked = RecordCheckin(LEADER, both, None, ZONE, Point(**IN_WEST), MONDAY)

    assert post_on_shift(asked, WORLD).grid == WEST


def test_a_named_post_must_be_ones_own() -> None:
    with pytest.raises(NotYourGrid):
        post_on_shift(command(WORKER, post=POSTINGS[1].posting), WORLD)


def test_a_post_that_has_ended_is_none() -> None:
    ended = PostingEnded(posting=POSTINGS[0].posting, valid_to=MONDAY)
    held = build_postings([*POSTINGS, ended]).of(WORKER, MONDAY)
    with pytest.raises(NotYourGrid):
        post_on_shift(RecordCheckin(WORKER, held, None, ZONE, Point(**IN_WEST), MONDAY), WORLD)
