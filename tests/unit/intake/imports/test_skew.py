"""A device's clock is taken off what it noted."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake.domain.skew import AHEAD, Skew, TooLate, TooSoon

NOW = datetime(2026, 1, 5, 10, tzinfo=UTC)
WEEK = timedelta(days=7)


@given(
    st.timedeltas(timedelta(0), WEEK - timedelta(minutes=1)),
    st.timedeltas(timedelta(days=-400), timedelta(days=400)),
)
def test_whatever_the_device_thinks_the_time_is(ago: timedelta, off: timedelta) -> None:
    device_now = NOW - off
    skew = Skew.between(device_now, NOW, WEEK)

    at = skew.corrected(device_now - ago)

    assert abs(at - (NOW - ago)) <= timedelta(seconds=30)
    assert at <= NOW


def test_the_time_that_sending_takes_is_no_skew() -> None:
    skew = Skew.between(NOW - timedelta(seconds=8), NOW, WEEK)

    assert skew.seconds == 0
    assert skew.corrected(NOW - timedelta(hours=1)) == NOW - timedelta(hours=1)


def test_bounds() -> None:
    skew = Skew.between(NOW, NOW, WEEK)

    assert skew.corrected(NOW + AHEAD) == NOW
    assert skew.corrected(NOW - WEEK) == NOW - WEEK
    with pytest.raises(TooSoon):
        skew.corrected(NOW + AHEAD + timedelta(seconds=1))
    with pytest.raises(TooLate):
        skew.corrected(NOW - WEEK - timedelta(seconds=1))
