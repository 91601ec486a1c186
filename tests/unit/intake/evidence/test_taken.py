"""What a file says of its time is believed only where it can be."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake.domain.evidence.taken import AHEAD, OLDEST, taken_at

NOW = datetime(2026, 1, 5, 2, 0, tzinfo=UTC)
ZONE = "Asia/Shanghai"


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("2026-01-05T09:05:00", datetime(2026, 1, 5, 1, 5, tzinfo=UTC)),  # the district's zone
        ("2026-01-05T09:05:00+09:00", datetime(2026, 1, 5, 0, 5, tzinfo=UTC)),
        ("2026-01-05T01:05:00.000000Z", datetime(2026, 1, 5, 1, 5, tzinfo=UTC)),
        ("2026-01-05T10:04:00", datetime(2026, 1, 5, 2, 4, tzinfo=UTC)),  # clocks differ
        ("2026-01-05T10:06:00", None),
        ("1980-01-01T00:00:00", None),
        ("0000-00-00T00:00:00", None),
        ("9999-12-31T23:59:59-12:00", None),
        ("yesterday", None),
        (None, None),
    ],
)
def test_the_files_time(said: str | None, expected: datetime | None) -> None:
    assert taken_at(said, ZONE, NOW) == expected


@given(st.text(max_size=30) | st.datetimes().map(datetime.isoformat))
def test_whatever_it_says_the_answer_is_plausible_or_none(said: str) -> None:
    found = taken_at(said, ZONE, NOW)

    assert found is None or NOW - OLDEST < found <= NOW + AHEAD
    assert found is None or found.utcoffset() == timedelta(0)
