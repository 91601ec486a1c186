"""A clock's picture: everything in its box, in order, and as long as what was counted."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from console.domain.clock_picture import (
    LEFT,
    MOST_ROWS,
    RIGHT,
    WIDTH,
    Band,
    Mark,
    Picture,
    picture,
)
from console.views.clock_shown import bands, clocks_shown, marks
from console.views.clock_told import Clock, Segment

ZONES = st.sampled_from(["Asia/Shanghai", "Europe/Berlin", "America/New_York", "UTC"])
START = st.integers(0, 365 * 24 * 60).map(
    lambda minutes: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
)
LENGTHS = st.lists(st.tuples(st.integers(1, 4000), st.integers(0, 4000)), min_size=1, max_size=30)
MONDAY = datetime(2026, 1, 5, 1, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


def laid(start: datetime, lengths: list[tuple[int, int]]) -> list[Band]:
    """One behind the other, with gaps between them."""
    found, at = [], start
    for minutes, gap in lengths:
        end = at + timedelta(minutes=minutes)
        found.append(Band("counted", at, end))
        at = end + timedelta(minutes=gap)
    return found


@given(START, LENGTHS, ZONES)
def test_bars_lie_in_the_box_in_order_and_add_up(
    start: datetime, lengths: list[tuple[int, int]], zone: str
) -> None:
    given_bands = laid(start, lengths)
    shown = picture(given_bands, [Mark("start", start)], ZoneInfo(zone))
    assert shown is not None
    for row in shown.rows:
        ends = [LEFT - 0.02]
        for bar in row.bars:
            assert ends[-1] <= bar.x + 0.03
            assert bar.width >= 0
            ends.append(bar.x + bar.width)
            assert bar.band.start.astimezone(ZoneInfo(zone)).date() == row.day
        assert ends[-1] <= WIDTH - RIGHT + 0.03
        assert 0 < row.y < shown.height
    assert [row.day for row in shown.rows] == sorted({row.day for row in shown.rows})
    if not any(gap.left_out for gap in shown.gaps):
        drawn = [bar.band.end - bar.band.start for row in shown.rows for bar in row.bars]
        assert sum(drawn, timedelta()) == sum((b.end - b.start for b in given_bands), timedelta())


@given(START, LENGTHS, ZONES, st.lists(st.integers(0, 90_000), max_size=4))
def test_marks_are_always_there_however_long_it_is(
    start: datetime, lengths: list[tuple[int, int]], zone: str, minutes: list[int]
) -> None:
    given_marks = [Mark("due", start + timedelta(minutes=each)) for each in minutes]
    shown = picture(laid(start, lengths), given_marks, ZoneInfo(zone))
    assert shown is not None
    assert sorted(pin.mark.at for row in shown.rows for pin in row.pins) == sorted(
        mark.at for mark in given_marks
    )
    assert all(LEFT <= pin.x <= WIDTH - RIGHT for row in shown.rows for pin in row.pins)
    assert len(shown.rows) <= MOST_ROWS + len(given_marks)
    days = len(shown.rows) + sum(gap.days for gap in shown.gaps)
    assert days == (shown.rows[-1].day - shown.rows[0].day).days + 1


def test_a_bar_is_as_long_as_its_time_and_a_weekend_is_one_line() -> None:
    shanghai = ZoneInfo("Asia/Shanghai")
    friday = MONDAY + timedelta(days=4)
    shown = picture(
        [
            Band("counted", MONDAY, MONDAY + 2 * HOUR),
            Band("counted", friday, friday + 4 * HOUR),
        ],
        [],
        shanghai,
    )
    assert shown is not None
    first, last = (row.bars[0] for row in shown.rows)
    assert abs(last.width - 2 * first.width) < 0.05
    assert [(gap.days, gap.left_out) for gap in shown.gaps] == [(3, False)]
    assert [hour.hour for hour in shown.hours] == list(range(8, 16))


def test_nothing_to_draw_is_no_picture() -> None:
    assert picture([], [], ZoneInfo("UTC")) is None


def segment(**change: object) -> Segment:
    """Eight working hours from Monday 09:12, of which two hours and 48 minutes are of the
    morning."""
    noon = MONDAY + timedelta(hours=2, minutes=48)
    spans = [
        {"start": MONDAY, "end": noon, "name": None},
        {"start": noon + 2 * HOUR, "end": noon + 6 * HOUR, "name": None},
        {"start": MONDAY + timedelta(hours=22, minutes=48),
         "end": MONDAY + 24 * HOUR, "name": None},
    ]  # fmt: skip
    due = MONDAY + 24 * HOUR
    limit = {"amount": 8, "unit": "working_hours"}
    part = {
        "limit": limit, "granted_by": None, "reason": None, "granted_at": None, "ends_at": due,
        "counts": "working", "seconds": 8 * 3600, "spans": spans, "spans_not_shown": 0,
        "left_seconds": None,
    }  # fmt: skip
    return Segment.model_validate({
        "id": "handle:1", "kind": "handle", "party": None, "started_at": MONDAY,
        "stopped_at": None, "reason": None, "limit": limit, "due_at": due, "near_at": None,
        "twice_at": None, "standard": {"id": "s", "version": 3},
        "calendar": {"id": "c", "version": 2}, "pauses": [], "parts": [part], **change,
    })  # fmt: skip


def lengths_of(found: Segment, now: datetime) -> dict[str, timedelta]:
    sums: dict[str, timedelta] = {}
    for band in bands(found, now):
        sums[band.kind] = sums.get(band.kind, timedelta()) + (band.end - band.start)
    return sums


@given(st.integers(0, 3000))
def test_what_was_counted_and_what_is_left_are_the_limit(minutes: int) -> None:
    now = MONDAY + timedelta(minutes=minutes)
    sums = lengths_of(segment(), now)
    counted, left = sums.get("counted", timedelta()), sums.get("left", timedelta())
    assert counted + left == 8 * HOUR
    assert sums.get("late", timedelta()) == max(timedelta(), now - (MONDAY + 24 * HOUR))


def test_an_ended_clock_has_no_now_and_is_late_until_it_ended() -> None:
    due = MONDAY + 24 * HOUR
    found = segment(stopped_at=due + 3 * HOUR)
    assert lengths_of(found, due + 90 * HOUR)["late"] == 3 * HOUR
    assert [mark.kind for mark in marks(found, due + 90 * HOUR)] == ["start", "due", "stopped"]


def test_the_same_in_words_by_day() -> None:
    told = Clock(zone="Asia/Shanghai", segments=[segment(), segment(kind="case", id="case:1")])
    first, second = clocks_shown(told, MONDAY + HOUR)
    [part] = first.parts
    days = [(day.day.isoformat(), day.sum.hours, day.sum.minutes) for day in part.days]
    assert days == [("2026-01-05", 6, 48), ("2026-01-06", 1, 12)]
    assert (part.sum.hours, part.sum.minutes) == (8, 0)
    assert first.left is not None
    assert (first.left.amount, first.left.unit) == (23, "hours")
    assert (first.open, second.open) == (True, False)  # it tells the same deadline again


def test_many_days_are_told_in_three_lines_that_add_up() -> None:
    spans = [
        {"start": MONDAY + timedelta(days=n), "end": MONDAY + timedelta(days=n, hours=8),
         "name": None} for n in range(40)
    ]  # fmt: skip
    [part] = segment().model_dump()["parts"]
    found = segment(parts=[{**part, "spans": spans, "seconds": 40 * 8 * 3600}])
    [shown] = clocks_shown(Clock(zone="UTC", segments=[found]), MONDAY)
    days = shown.parts[0].days
    assert sum(day.days for day in days) == 40
    assert sum(day.sum.hours for day in days) == 320
    assert isinstance(shown.picture, Picture)
    assert len(shown.picture.rows) <= MOST_ROWS
