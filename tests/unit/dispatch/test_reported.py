"""Who may read what was reported: whoever has to act on the case now, and nobody else."""

from dataclasses import replace
from typing import Any

import pytest

from case_contracts.events.registry import PostingEnded
from dispatch.commands.complete_task import CompleteTask
from dispatch.commands.open_case import OpenCase
from dispatch.commands.tick import Tick
from dispatch.commands.verify import Verify
from dispatch.domain.reported import purpose_of
from dispatch.domain.state import CaseState, Status
from dispatch.domain.whose import Caller
from service_kit.postings import build_postings
from tests.unit.dispatch.district import LITTER, POSTINGS, Desk, filed
from tests.unit.dispatch.test_leases import lapsed

SCOPES = frozenset({"cases.verify", "cases.supervise"})
PEOPLE = {"p-w1": ["u1"], "p-w2": ["u2"], "p-lead": ["c"], "p-boss": ["d"], "p-other": []}


def told(desk: Desk, **without: bool) -> dict[str, str]:
    """Who gets the words, and what for."""
    scopes = frozenset({"cases.verify"}) if without else SCOPES
    found = {
        who: purpose_of(desk.state, desk.world, desk.now, Caller(who, scopes=scopes), grids)
        for who, grids in PEOPLE.items()
    }
    return {who: purpose for who, purpose in found.items() if purpose}


def opened(**change: Any) -> Desk:
    desk = Desk()
    desk.do(OpenCase(filed(**{"matter": LITTER, **change})))
    return desk


def completed() -> Desk:
    desk = opened()
    assert desk.state.task
    desk.do(CompleteTask("p-w1", desk.state.task.id))
    return desk


def test_the_worker_has_them_while_they_have_the_task_then_the_verifier_then_nobody() -> None:
    assert told(opened()) == {"p-w1": "handle-task"}
    desk = completed()
    assert told(desk) == {"p-lead": "verify"}
    desk.do(Verify("p-lead", passed=True))
    assert not desk.state.is_open
    assert told(desk) == {}


def test_who_is_to_place_it_has_them() -> None:
    desk = opened(grid="d", grid_path=[], located=False)
    assert desk.state.placer
    assert told(desk) == {desk.state.placer.person: "place"}


def test_at_a_supervisors_desk_the_one_of_that_grid_has_them_and_only_with_the_right() -> None:
    desk = lapsed()
    [who] = told(desk)
    assert told(desk) == {who: "supervise"}
    assert told(desk, supervise=False) == {}


def test_whoever_left_the_post_has_them_no_more() -> None:
    desk = opened()
    left = [PostingEnded(posting=p.posting, valid_to=desk.now) for p in POSTINGS if p.grid == "u1"]
    desk.world = replace(desk.world, postings=build_postings([*POSTINGS, *left]))
    assert told(desk) == {}


@pytest.mark.parametrize("status", Status)
def test_a_stranger_never_has_them(status: Status) -> None:
    state = CaseState(case="case:1", status=status, grid="u1", grid_path=("d", "c"))
    desk = Desk()
    desk.state = state
    assert "p-other" not in told(desk)


def test_when_nothing_happens_until_the_lease_ends_they_stay_with_the_worker() -> None:
    desk = opened()
    desk.later(minutes=1)
    desk.do(Tick(desk.now))
    assert told(desk) == {"p-w1": "handle-task"}
