"""Buckets, addresses and the settings that they come from."""

import time
from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service_kit.http.rates import (
    Addresses,
    Buckets,
    Rate,
    Rates,
    parse_networks,
    parse_rates,
    whole,
)


@dataclass
class Hands:
    """A monotonic clock moved by hand."""

    now: float = 1000.0

    def __call__(self) -> float:
        return self.now


def test_so_many_at_once_then_one_at_a_time() -> None:
    hands = Hands()
    buckets = Buckets(Rate(3, 60.0), hands)

    assert [buckets.take("a") for _ in range(4)] == [0.0, 0.0, 0.0, 20.0]
    assert buckets.take("b") == 0.0
    hands.now += 20.0
    assert [buckets.take("a") for _ in range(2)] == [0.0, 20.0]


@given(
    st.integers(1, 50),
    st.sampled_from([1.0, 60.0, 3600.0]),
    st.lists(st.floats(0, 30), min_size=1, max_size=80),
)
def test_after_the_seconds_that_are_said_it_is_taken(
    amount: int, seconds: float, pauses: list[float]
) -> None:
    hands = Hands()
    buckets = Buckets(Rate(amount, seconds), hands)
    taken: list[float] = []
    for pause in pauses:
        hands.now += pause
        wait = buckets.take("a")
        if wait:
            hands.now += whole(wait)
            assert buckets.take("a") == 0.0
        taken.append(hands.now)
    for number, at in enumerate(taken):
        within = [other for other in taken[number:] if other < at + seconds]
        assert len(within) <= 2 * amount  # a full bucket, and what flows in meanwhile


def test_waiting_takes_nothing_and_spending_stops_at_empty() -> None:
    hands = Hands()
    buckets = Buckets(Rate(2, 60.0), hands)

    assert buckets.wait("a") == 0.0
    for _ in range(10):
        buckets.spend("a")
    assert buckets.wait("a") == 30.0
    hands.now += 30.0
    assert buckets.wait("a") == 0.0


def test_no_more_keys_are_kept_than_fit_and_the_busiest_stay() -> None:
    hands = Hands()
    buckets = Buckets(Rate(10, 60.0), hands, most=100)
    for _ in range(10):
        buckets.take("busy")
    for number in range(1000):
        buckets.take(str(number))
        assert len(buckets) <= 100
    assert buckets.take("busy") > 0


@pytest.mark.parametrize("text", ["60", "0/minute", "60/week", "", "-1/second", "60/minute "])
def test_what_is_no_rate_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is no rate"):
        Rate.parse(text)


def test_rates_by_name() -> None:
    found = parse_rates("web=3000/minute, hotline=5/second,sensor=off")

    assert found == {"web": Rate(3000, 60.0), "hotline": Rate(5, 1.0)}
    with pytest.raises(ValueError, match="no named rate"):
        parse_rates("3000/minute")


@pytest.mark.parametrize(
    ("peer", "forwarded", "other", "same"),
    [
        ("203.0.113.1", None, "203.0.113.2", False),
        ("203.0.113.1", "198.51.100.1", "203.0.113.1", True),  # no proxy of ours: not believed
        ("2001:db8:1:2::1", None, "2001:db8:1:2:ffff::9", True),
        ("2001:db8:1:2::1", None, "2001:db8:1:3::1", False),
        ("10.0.0.9", "198.51.100.1", "198.51.100.1", True),
        ("10.0.0.9", "6.6.6.6, 198.51.100.1", "198.51.100.1", True),  # what it claimed itself
        ("10.0.0.9", "198.51.100.1, 10.0.0.7", "198.51.100.1", True),
        ("10.0.0.9", "198.51.100.1:4711", "198.51.100.1", True),
        ("10.0.0.9", "[2001:db8:1:2::5]:80", "2001:db8:1:2::1", True),
        ("10.0.0.9", "nonsense", "10.0.0.9", True),
        ("::ffff:10.0.0.9", "198.51.100.1", "198.51.100.1", True),
    ],
)
def test_whose_bucket(peer: str, forwarded: str | None, other: str, same: bool) -> None:
    addresses = Addresses(parse_networks("10.0.0.0/8"))

    assert (addresses.key(peer, forwarded) == addresses.key(other, None)) is same


def test_a_key_says_nothing_of_the_address() -> None:
    one, another = Addresses(), Addresses()

    assert one.key("203.0.113.1", None) != another.key("203.0.113.1", None)
    assert b"203.0.113.1" not in one.key("203.0.113.1", None)


def test_counting_a_request_costs_less_than_30_microseconds() -> None:
    rates = Rates(address=Rate(10**6, 1.0), failures=Rate(10**6, 1.0))
    addresses = Addresses(parse_networks("10.0.0.0/8"))
    assert rates.by_address is not None
    best = min(_seconds_each(rates.by_address, addresses) for _ in range(5))
    assert best < 30e-6


def _seconds_each(buckets: Buckets, addresses: Addresses) -> float:
    begun = time.process_time()
    for number in range(2000):
        buckets.take(addresses.key("10.0.0.9", f"203.0.113.{number % 250}"))
    return (time.process_time() - begun) / 2000
