"""What figures by grid count, case by case."""

from datetime import datetime, timedelta

from dispatch.commands.tick import Tick
from dispatch.domain.world import World
from dispatch.views.board import Entry, entry
from dispatch.views.ground import GridFigures, ground
from service_kit.mongo import Document
from tests.unit.dispatch.district import LITTER, START, Desk, world
from tests.unit.dispatch.test_looked_up import opened
from tests.unit.dispatch.timed import paused

HOUR = timedelta(hours=1)


def on_board(desk: Desk) -> Entry:
    found = entry(desk.state)
    assert found is not None
    return found


def everything(_: Document) -> bool:
    return True


def whole(desk: Desk, now: datetime, known: World | None = None) -> GridFigures:
    return ground([on_board(desk)], known or world(), "d", everything, now).whole


def test_a_case_is_open_and_of_the_last_day_until_a_day_is_over() -> None:
    desk = opened()
    first, next_day = whole(desk, START + HOUR), whole(desk, START + 25 * HOUR)
    assert (first.open, first.opened, first.late) == (1, 1, 0)
    assert (next_day.open, next_day.opened) == (1, 0)


def test_it_is_late_once_its_handler_is() -> None:
    desk = opened()
    desk.later(days=3)
    desk.do(Tick(desk.now))
    found = whole(desk, desk.now)
    assert (found.open, found.late) == (1, 1)


def test_it_is_paused_while_a_clock_stands_still() -> None:
    assert whole(paused(), START).paused == 1


def test_a_case_in_no_grid_below_is_in_the_grid_itself_alone() -> None:
    desk = Desk()
    desk.state = opened().state.model_copy(update={"grid": "d", "grid_path": ()})
    found = ground([on_board(desk)], world(), "d", everything, START)
    assert (found.whole.open, [each.open for each in found.grids]) == (1, [])


def test_departments_are_counted_by_what_they_have() -> None:
    known = ground([on_board(opened()), on_board(opened(LITTER))], world(), "d", everything, START)
    assert [(d.department, d.open, d.late) for d in known.departments] == [("um", 1, 0)]
