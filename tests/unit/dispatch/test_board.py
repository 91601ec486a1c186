"""What stands on the board, and which lists a case is in."""

from datetime import timedelta

import pytest
from structlog.testing import CapturingLogger

from dispatch.commands.give_answer import GiveAnswer
from dispatch.commands.tick import Tick
from dispatch.commands.verify import Verify
from dispatch.domain import looked_up
from dispatch.views import board
from dispatch.views.board import Entry
from dispatch.views.lists import needing
from service_kit import clock
from service_kit.mongo import Document
from tests.unit.dispatch.district import LITTER, START, Desk
from tests.unit.dispatch.test_looked_up import opened
from tests.unit.dispatch.test_way_of_a_case import completed

HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def _then(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: START + 20 * HOUR)


def everything(_: Document) -> bool:
    return True


def late() -> Desk:
    desk = opened(LITTER)
    desk.later(days=3)
    desk.do(Tick(desk.now))
    return desk


def entry(desk: Desk) -> Entry:
    found = board.entry(desk.state)
    assert found is not None
    return found


def ended() -> Desk:
    desk = completed(opened())
    desk.later(hours=2)
    desk.do(Verify("p-w1", passed=True, confirms=True))
    desk.do(GiveAnswer("p-lead", "statement:1", supervising=True))
    assert not desk.state.is_open
    return desk


def test_what_is_over_stands_for_a_day(monkeypatch: pytest.MonkeyPatch) -> None:
    desk = ended()
    assert desk.state.closed_at is not None
    monkeypatch.setattr(clock, "now", lambda: desk.state.closed_at + 23 * HOUR)
    assert not entry(desk).is_open
    monkeypatch.setattr(clock, "now", lambda: desk.state.closed_at + 25 * HOUR)
    assert board.entry(desk.state) is None


def test_whatever_stands_is_found_in_the_store_by_one_of_its_words() -> None:
    for desk in (opened(), late(), completed(opened()), ended()):
        entry(desk)
        wanted = board.found_by(clock.now())["by"]["$in"]
        assert set(looked_up.words(desk.state)) & set(wanted)


def test_a_desk_has_what_is_due_first_and_says_how_many_there_are() -> None:
    urgent, other = entry(late()), entry(opened())
    words = [*looked_up.attention(late().state), *looked_up.attention(opened().state)]
    found, count = needing([other, urgent], words, everything, 1)
    assert ([case.matter for case in found], count) == ([LITTER], 2)
    assert needing([other, urgent], [looked_up.late_in("c")], everything, 9) == ([urgent.listed], 1)
    assert needing([other, urgent], words, lambda _: False, 9) == ([], 0)


def test_a_view_that_cannot_be_read_is_left_out_and_said(monkeypatch: pytest.MonkeyPatch) -> None:
    said = CapturingLogger()
    monkeypatch.setattr(board, "log", said)
    assert board.read({"_id": "case:1", "state": {"status": "no such"}}) is None
    [call] = said.calls
    assert (call.method_name, call.args, call.kwargs["case"]) == (
        "error", ("view_unreadable",), "case:1",
    )  # fmt: skip
