"""A household on the register: consent first, an end always, and after erasing nothing more."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from registry.domain.households import (
    Command,
    ConsentNeed,
    EndNeed,
    Erase,
    Household,
    Households,
    Register,
    check_end,
    decide,
)
from service_kit.errors import CivicError, Invalid, NotFound

NOW = datetime(2026, 1, 5, tzinfo=UTC)
ENTRY, GRID = "household:1", "410101"
days = st.integers(-3, 30)


def at(day: float) -> datetime:
    return NOW + timedelta(days=day)


class Life(RuleBasedStateMachine):
    """Whatever is asked, in any order and at any time."""

    def __init__(self) -> None:
        super().__init__()
        self.state, self.now, self.events = Household(), NOW, list[Any]()

    def ask(self, command: Command) -> bool:
        try:
            found = decide(self.state, command, self.now)
        except CivicError:
            return False
        for event in found:
            self.state = Households().evolve(self.state, event)
        self.events += found
        return True

    @rule(day=days, agreed=days)
    def register(self, day: int, agreed: int) -> None:
        ends, since = self.now + timedelta(days=day), self.now + timedelta(days=agreed)
        done = self.ask(Register(ENTRY, GRID, since, ends))
        assert done == (day > 0 and agreed <= 0)

    @rule(day=days, need=st.sampled_from("abc"))
    def consent(self, day: int, need: str) -> None:
        ends = self.now + timedelta(days=day)
        may = self.state.open(self.now) and day > 0
        end = self.state.valid_to
        assert self.ask(ConsentNeed(ENTRY, need, "0" * 64, ends)) == bool(
            may and end is not None and ends <= end
        )

    @rule(need=st.sampled_from("abc"), reason=st.sampled_from(["withdrawn", "expired"]))
    def end(self, need: str, reason: Any) -> None:
        assert self.ask(EndNeed(ENTRY, need, reason))
        assert need not in self.state.needs

    @rule(hours=st.integers(1, 200))
    def wait(self, hours: int) -> None:
        self.now += timedelta(hours=hours)

    @rule()
    @precondition(lambda self: self.state.grid is not None)
    def erase(self) -> None:
        assert self.ask(Erase(ENTRY, "withdrawn"))
        assert self.state.erased

    @invariant()
    def after_erasing_nothing_is_kept(self) -> None:
        if self.state.erased:
            assert (self.state.needs, self.state.open(self.now)) == ({}, False)
            assert Households().fields(self.state) == {"grid": None}

    @invariant()
    def no_need_outlives_its_household(self) -> None:
        for end in self.state.needs.values():
            assert self.state.valid_to is not None
            assert end <= self.state.valid_to

    @invariant()
    def nothing_ends_twice(self) -> None:
        assert sum(type(e).__name__ == "HouseholdErased" for e in self.events) <= 1


TestLife = Life.TestCase


@given(st.integers(1, 400))
def test_a_consent_cannot_be_overlooked_for_ever(day: int) -> None:
    if day < 100:
        check_end(NOW, at(day), 100)
    else:
        with pytest.raises(Invalid) as refused:
            check_end(NOW, at(day), 100)
        assert refused.value.code == "end_too_late"


def test_a_need_of_nobody_is_not_found() -> None:
    with pytest.raises(NotFound):
        decide(Household(), ConsentNeed(ENTRY, "a", "0" * 64, at(1)), NOW)
    assert decide(Household(), Erase(ENTRY, "withdrawn"), NOW) == []
