"""Who may rule, what a ruling can say, and what it lies between (domain rules 2 and 12)."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from case_contracts.events import dispatch as events
from case_contracts.events.registry import GridPublished, PostingStarted
from case_contracts.values import About, Versioned
from dispatch.commands.department_command import DepartmentCommand
from dispatch.commands.open_case import OpenCase
from dispatch.commands.return_task import ReturnTask
from dispatch.commands.tick import Tick
from dispatch.domain.state import Status
from dispatch.domain.territory import build_territory
from dispatch.domain.timers import next_due
from service_kit.charters import build_charters
from service_kit.errors import Invalid, NotFound, NotYet, Refused
from tests.unit.dispatch.district import (
    CHARTERS,
    FROM,
    IDLE,
    LITTER,
    MANHOLE,
    PATHS,
    POSTINGS,
    QUARREL,
    Desk,
    charter,
    filed,
    world,
)
from tests.unit.dispatch.ruled import (
    JUDGE,
    LEADER,
    arbiter,
    handler,
    known,
    returned_twice,
    rule,
)
from tests.unit.dispatch.test_way_of_a_case import completed, opened, said


@pytest.mark.parametrize(
    "change",
    [
        {"person": "p-w2"},
        {"person": "p-judge", "standing_in": True},
        {"person": "p-boss", "acting_for": "um"},
        {"person": "p-reporter", "standing_in": True},
    ],
    ids=["another", "a stand-in where one is named", "for a department that had it", "a party"],
)
def test_nobody_but_the_arbiter_rules(change: dict[str, Any]) -> None:
    desk = returned_twice(by="p-reporter")
    with pytest.raises((NotFound, Refused)):
        desk.do(rule(desk, **change))
    assert desk.state.status == Status.RULING


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"lead": "nobody"}, "unknown_department"),
        ({"lead": "posting:nowhere", "post": True}, "no_such_post"),
        ({"lead": "posting:u2:p-w2", "post": True}, "matter_not_admitted"),
        ({"lead": "posting:c:p-lead", "post": True, "propose": True}, "nothing_to_propose"),
        ({"charters": (Versioned(id="charter:um", version=9),)}, "unknown_charter"),
    ],
)
def test_what_a_ruling_cannot_say(change: dict[str, Any], code: str) -> None:
    desk = returned_twice()
    with pytest.raises((Invalid, Refused)) as refused:
        desk.do(rule(desk, **change))
    assert refused.value.code == code


def test_power_follows_responsibility_also_in_a_ruling() -> None:
    """A department gets its right to see and act from a charter, never from a ruling alone."""
    desk = returned_twice()
    desk.do(rule(desk, lead="mr"))
    assigned = desk.last(events.TaskAssigned)
    assert assigned.charter == Versioned(id="charter:mr-parts", version=1)
    elsewhere = returned_twice()
    elsewhere.world = world()
    with pytest.raises(Refused) as refused:
        elsewhere.do(rule(elsewhere, lead="mr"))
    assert refused.value.code == "no_charter"


def test_a_post_can_be_named() -> None:
    desk = returned_twice()
    desk.do(rule(desk, lead="posting:c:p-lead", post=True))
    assert handler(desk) == "p-lead"
    with pytest.raises(Refused) as refused:
        desk.do(ReturnTask("p-lead", "not_ours"))
    assert refused.value.code == "ruled"


def test_the_charters_that_it_lies_between_are_named() -> None:
    desk = returned_twice()
    named = {c.id for c in desk.last(events.RulingRequested).charters}
    assert named == {"charter:um", "charter:wa", "charter:mr-parts"}


def test_charters_of_the_grid_beside_it_are_concerned() -> None:
    """u1 lies beside u2, u3 does not."""

    def square(code: str, left: float) -> GridPublished:
        ring = [[left, 0], [left + 1, 0], [left + 1, 1], [left, 1], [left, 0]]
        names = {"zh": code, "en": code}
        return GridPublished.model_validate(
            {"grid": code, "level": "x", "parent": "c", "path": ["d", "c"], "name": names,
             "geometry": {"type": "Polygon", "coordinates": [ring]}, "valid_from": FROM}
        )  # fmt: skip

    near, far = charter("near", "nb", "part/*", "u2"), charter("far", "fb", "part/*", "u3")
    desk = opened()
    desk.world = replace(
        known(),
        charters=build_charters([CHARTERS[0], near, far]),
        paths={**PATHS, "u3": ("d", "c")},
        territory=build_territory([square("u1", 0), square("u2", 1), square("u3", 3)]),
    )
    desk.do(said(desk, "return", "um", reason="not_ours"))
    desk.do(ReturnTask("p-lead", "not_ours"))
    named = {c.id for c in desk.last(events.RulingRequested).charters}
    assert named == {"charter:um", "charter:near"}


ABOUT = st.sampled_from(
    [
        None,
        *(About(kind="person", id=p.person) for p in (*POSTINGS, JUDGE)),
        *(About(kind="person", id="p-chief"),),
        *(About(kind="department", id=d) for d in ("um", "wa", "mr")),
        *(About(kind="grid", id=g) for g in PATHS),
    ]
)


@given(
    about=ABOUT, matter=st.sampled_from([MANHOLE, LITTER, QUARREL, IDLE]),
    by=st.sampled_from([None, *(p.person for p in POSTINGS)]), named=st.booleans(),
    leader=st.booleans(),
)  # fmt: skip
def test_neither_a_party_nor_whom_it_complains_of_ever_arbitrates(
    about: About | None, matter: str, by: str | None, named: bool, leader: bool
) -> None:
    desk = Desk()
    desk.world = known(
        named=JUDGE.posting if named else None, portfolios=(LEADER,) if leader else ()
    )
    try:
        desk.do(OpenCase(filed(matter=matter, grid="u2", by=by, about=about)))
    except NotYet:
        return  # nobody at all who is free: it waits, and there is nothing to return
    for _ in range(2):
        _give_back(desk)
        if desk.state.status == Status.RULING:
            break
    assert desk.state.status == Status.RULING
    for _ in range(6):
        _is_no_party(desk, about, by)
        due = next_due(desk.state)
        if due is None:
            break
        desk.now = due
        desk.do(Tick(due))


def _give_back(desk: Desk) -> None:
    assert desk.state.task is not None
    party = desk.state.task.handler
    if party.person:
        desk.do(ReturnTask(party.person, "not_ours"))
    else:
        desk.do(said(desk, "return", party.id, reason="not_ours"))


def _is_no_party(desk: Desk, about: About | None, by: str | None) -> None:
    person, conflict = arbiter(desk), desk.world.conflict(about, desk.now)
    assert person is None or conflict.person_is_free(person)
    assert person not in (*desk.state.handled_by, *([by] if by else []))
    subject = about.id if about is not None and about.kind != "grid" else None
    for each in {*desk.state.handled_by, subject, by} - {None}:
        with pytest.raises((NotFound, Refused)):
            desk.do(rule(desk, str(each), standing_in=True, acting_for=each))


def test_the_words_of_who_returns_are_only_referred_to() -> None:
    desk = opened(matter=LITTER)
    desk.do(ReturnTask("p-w1", "not_here", "um", "statement:1"))
    returned = desk.last(events.TaskReturned)
    assert (returned.statement, returned.proposed) == ("statement:1", "um")


def test_a_department_cannot_rule_through_its_command() -> None:
    desk = returned_twice()
    command = DepartmentCommand("f-1", "um", said(desk, "accept").command)
    assert desk.do(command) == ["command.refused"]


def test_a_case_that_was_closed_is_not_ruled_on() -> None:
    desk = completed(opened())
    with pytest.raises(Refused) as refused:
        desk.do(rule(desk))
    assert refused.value.code == "nothing_to_rule"
    assert isinstance(POSTINGS[0], PostingStarted)
