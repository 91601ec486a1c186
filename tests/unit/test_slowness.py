"""Limits in seconds on a machine of which neighbours take a part."""

from tests.flow.rights.judge import too_slow
from tests.support.slowness import REFERENCE_SECONDS, slowness_of


def test_a_faster_machine_counts_as_the_reference_and_one_slow_moment_for_nothing() -> None:
    fast = REFERENCE_SECONDS / 2
    assert slowness_of([fast, fast, fast, fast, 40 * fast]) == 1


def test_a_machine_that_takes_twice_as_long_is_twice_as_slow() -> None:
    assert slowness_of([2 * REFERENCE_SECONDS] * 3) == 2


def test_limits_are_longer_by_as_much_and_no_more() -> None:
    delays = {"cut: inbox": [0.1, 1.9], "granted": [0.1, 5.9], "cut: link": [], "moved": [2.9]}
    assert too_slow(delays, 2) == {}
    assert too_slow(delays, 1.5) == {"cut: inbox": 1.9, "granted": 5.9}
    assert too_slow(delays | {"cut: inbox": [2.1]}, 2) == {"cut: inbox": 2.1}
