"""By what words a case is found, and what waits for whom in it."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from case_contracts.values import Party, PartyKind
from dispatch.commands.give_answer import GiveAnswer
from dispatch.commands.open_case import OpenCase
from dispatch.commands.tick import Tick
from dispatch.commands.verify import Verify
from dispatch.domain import looked_up
from dispatch.domain.looked_up import Share
from dispatch.domain.waits import waits
from tests.unit.dispatch.district import LITTER, MANHOLE, START, Desk, filed
from tests.unit.dispatch.test_way_of_a_case import completed

SINCE = datetime(1990, 1, 1, tzinfo=UTC)
TIMES = st.integers(0, 2_200_000_000).map(lambda seconds: SINCE + timedelta(seconds=seconds))


def opened(matter: str = MANHOLE) -> Desk:
    desk = Desk()
    desk.do(OpenCase(filed(matter=matter)))
    return desk


def test_a_case_is_found_in_its_grid_and_in_all_above_it() -> None:
    words = looked_up.words(opened().state)
    day = looked_up.day_of(START)

    for grid in ("u1", "c", "d"):
        assert looked_up.on_day(looked_up.in_grid(grid), Share.OPEN, day) in words
    assert looked_up.on_day(looked_up.in_grid("u2"), Share.OPEN, day) not in words
    assert looked_up.on_day(looked_up.of_department("um"), Share.OPEN, day) in words
    assert looked_up.at_desk("department:um") in set(looked_up.attention(opened().state))


def test_it_is_late_in_every_grid_above_once_its_handler_is() -> None:
    desk = opened()
    assert not any(word.startswith("late:") for word in looked_up.attention(desk.state))
    desk.later(days=3)
    desk.do(Tick(desk.now))
    late = {word for word in looked_up.attention(desk.state) if word.startswith("late:")}
    assert late == {"late:u1", "late:c", "late:d"}


def test_of_a_post_the_person_is_the_word() -> None:
    desk = opened(LITTER)
    assert desk.state.task is not None
    handler = desk.state.task.handler
    assert handler == Party(kind=PartyKind.POST, id="posting:u1:p-w1", person="p-w1", grid="u1")
    day = looked_up.day_of(START)
    words = looked_up.words(desk.state)
    assert looked_up.on_day(looked_up.of_person("p-w1"), Share.OPEN, day) in words
    [wait] = waits(desk.state)
    assert (wait.desk, wait.what) == ("person:p-w1", "handle")


def test_nothing_is_said_of_a_case_that_has_not_arrived() -> None:
    assert looked_up.words(Desk().state) == []


@given(TIMES, st.integers(0, 3000))
def test_going_back_every_day_comes_once_the_newest_first(last: datetime, days: int) -> None:
    first = last - timedelta(days=days)
    found = [day for page in looked_up.days_back(first, last) for day in page]
    wanted = range(looked_up.day_of(last), looked_up.day_of(first) - 1, -1)
    assert found == list(wanted)


def test_an_open_case_stands_and_a_closed_one_is_found_by_the_day_of_its_end() -> None:
    desk = completed(opened())
    assert looked_up.STANDING in looked_up.words(desk.state)
    desk.later(days=1)
    desk.do(Verify("p-w1", passed=True, confirms=True))
    assert not desk.state.is_open
    words = looked_up.words(desk.state)
    assert looked_up.closed_on(looked_up.day_of(START) + 1) in words
    assert looked_up.STANDING in words, "its reporters wait for an answer"
    desk.do(GiveAnswer("p-lead", "statement:1", supervising=True))
    assert looked_up.STANDING not in looked_up.words(desk.state)
