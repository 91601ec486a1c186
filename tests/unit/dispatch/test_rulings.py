"""Who is responsible where handlers differ: one return, then an arbiter (domain rule 2)."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from case_contracts.events import dispatch as events
from case_contracts.events.base import EventData
from case_contracts.events.dispatch import ClockKind
from case_contracts.events.registry import GridPublished, PortfolioAssigned, PostingStarted
from case_contracts.values import About, Versioned
from dispatch.commands.complete_task import CompleteTask
from dispatch.commands.department_command import DepartmentCommand
from dispatch.commands.hand_on import HandOn
from dispatch.commands.open_case import OpenCase
from dispatch.commands.return_task import ReturnTask
from dispatch.commands.rule import Rule
from dispatch.commands.tick import Tick
from dispatch.commands.verify import Verify
from dispatch.domain.arbiters import levels
from dispatch.domain.state import Status
from dispatch.domain.supervision import DEFAULT, Supervision
from dispatch.domain.territory import build_territory
from dispatch.domain.timers import desk as desk_of
from dispatch.domain.timers import next_due
from service_kit.charters import build_charters
from service_kit.errors import Invalid, NotFound, NotYet, Refused
from service_kit.postings import build_postings
from service_kit.ties import build_portfolios
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
    post,
    world,
)
from tests.unit.dispatch.test_left_posts import ended
from tests.unit.dispatch.test_way_of_a_case import completed, opened, refusal, said

SUPPORT = charter("mr-parts", "mr", "part/*", "u2").model_copy(update={"role": "support"})
JUDGE = post("p-judge", "arbiter", "d").model_copy(update={"accountable": False})
LEADER = PortfolioAssigned(
    portfolio="portfolio:1", person="p-chief", departments=("um",), matters=("part/*",), grid="d",
    valid_from=FROM,
)  # fmt: skip


def known(
    *, named: str | None = None, posts: tuple[EventData, ...] = (JUDGE,),
    portfolios: tuple[PortfolioAssigned, ...] = (), limit: bool = True,
) -> Any:  # fmt: skip
    """The district with a support charter, an arbiter and perhaps a leader in charge."""
    rules = DEFAULT.model_copy(update={"arbiter": named})
    if not limit:
        rules = rules.model_copy(update={"ruling_limit": None})
    return replace(
        world(),
        charters=build_charters([*CHARTERS, SUPPORT]),
        postings=build_postings([*POSTINGS, *posts]),
        portfolios=build_portfolios(portfolios),
        supervision=Supervision(rules),
    )


def returned_twice(around: Any = None, **change: Any) -> Desk:
    """wa returns to um, um returns as well."""
    desk = opened(grid="u2", **change)
    desk.world = around if around is not None else known()
    desk.do(said(desk, "return", "wa", reason="not_ours", proposed="um"))
    desk.do(said(desk, "return", "um", reason="not_ours_either", proposed="mr"))
    return desk


def rule(desk: Desk, person: str = "p-boss", lead: str = "wa", **more: Any) -> Rule:
    return Rule(person, lead, **{"post": False, "reason": "ground_of_its_charter", **more})


def arbiter(desk: Desk) -> str | None:
    asked = desk.state.ruling
    assert asked is not None
    return asked.arbiter.person if asked.arbiter else None


def handler(desk: Desk) -> str | None:
    assert desk.state.task is not None
    return desk.state.task.handler.person or desk.state.task.handler.id


def test_rule_2_a_handler_returns_once_and_the_second_return_goes_to_an_arbiter() -> None:
    desk = opened(grid="u2")
    desk.world = known()
    first = desk.do(said(desk, "return", "wa", reason="not_ours", proposed="um"))
    assert first[0] == "task.returned"
    assert (handler(desk), desk.state.status) == ("um", Status.ASSIGNED)
    second = desk.do(said(desk, "return", "um", reason="not_ours_either", proposed="mr"))
    assert [n for n in second if not n.startswith("clock.")] == [
        "task.returned",
        "ruling.requested",
    ]
    asked = desk.last(events.RulingRequested)
    assert (asked.reason, asked.proposed, asked.asked_by.id) == ("returned_twice", "mr", "um")
    assert desk.state.status == Status.RULING
    assert desk_of(desk.state) == "person:p-boss", "the case is in the arbiter's hands"
    running = {c.kind: c for c in desk.state.clocks if c.stopped_at is None}
    assert set(running) == {ClockKind.CASE, ClockKind.DISPATCH}, "no handler's time runs"
    assert running[ClockKind.DISPATCH].due_at == asked.due_at == next_due(desk.state)
    assert asked.due_at == desk.now + timedelta(days=2), "two working days"


def test_rule_2_a_ruling_is_binding_and_its_task_is_not_returned() -> None:
    desk = returned_twice()
    ruling = desk.last(events.RulingRequested).ruling
    names = desk.do(rule(desk))
    assert [n for n in names if not n.startswith("clock.")] == ["ruling.made", "task.assigned"]
    assigned = desk.last(events.TaskAssigned)
    assert (assigned.handler.id, assigned.ruling) == ("wa", ruling)
    assert assigned.charter == Versioned(id="charter:wa", version=1)
    assert [r.code for r in assigned.reasons] == ["ground_of_its_charter", "charter_lead"]
    assert desk.state.running(ClockKind.DISPATCH) is None
    assert desk.do(said(desk, "return", "wa", reason="not_ours")) == ["command.refused"]
    assert refusal(desk) == "ruled"


def test_what_was_ruled_stays_ruled_in_rework() -> None:
    desk = returned_twice()
    desk.do(rule(desk))
    desk.do(said(desk, "accept", "wa"))
    desk.do(said(desk, "complete", "wa", evidence=["evidence:1"]))
    desk.do(Verify("p-w2", passed=False))
    desk.do(said(desk, "return", "wa", reason="not_ours"))
    assert refusal(desk) == "ruled"


def test_who_returned_it_can_do_nothing_while_it_is_ruled_on() -> None:
    desk = returned_twice()
    for name in ("accept", "complete", "return"):
        extra = {"return": {"reason": "not_ours"}}.get(name, {})
        desk.do(said(desk, name, "um", **extra))
        assert refusal(desk) == "assignment_is_over"


def test_a_post_holder_returns_over_the_counter_once() -> None:
    desk = opened(matter=LITTER)
    assert handler(desk) == "p-w1"
    names = desk.do(ReturnTask("p-w1", "not_here", statement="statement:1"))
    assert names[0] == "task.returned"
    assert desk.last(events.TaskReturned).statement == "statement:1"
    assert handler(desk) == "p-lead"
    with pytest.raises(NotFound):
        desk.do(ReturnTask("p-w1", "not_here"))
    desk.do(ReturnTask("p-lead", "not_here"))
    assert desk.last(events.RulingRequested).reason == "returned_twice"


def test_where_nobody_else_could_have_it_the_first_return_is_ruled_on() -> None:
    desk = opened(matter=QUARREL)
    desk.world = known(posts=tuple(ended(f"posting:{p.grid}:{p.person}", desk.now) for p in (
        POSTINGS[0], POSTINGS[1], POSTINGS[3])))  # fmt: skip
    assert handler(desk) == "p-lead"
    desk.do(ReturnTask("p-lead", "not_ours"))
    asked = desk.last(events.RulingRequested)
    assert (asked.reason, asked.arbiter) == ("nobody_else", None)
    assert desk_of(desk.state) == "arbiter:d"


def test_only_the_own_task_is_returned_and_only_while_it_is_open() -> None:
    desk = opened(matter=LITTER)
    with pytest.raises(NotFound):
        desk.do(ReturnTask("p-w2", "not_here"))
    assert desk.state.task is not None
    desk.do(CompleteTask("p-w1", desk.state.task.id))
    with pytest.raises(Refused) as refused:
        desk.do(ReturnTask("p-w1", "not_here"))
    assert refused.value.code == "already_done"


def test_the_post_that_the_rules_name_rules_before_the_districts_own() -> None:
    desk = returned_twice(known(named=JUDGE.posting, portfolios=(LEADER,)))
    found = levels(desk.state, desk.world, desk.now)
    assert [p.person for p in found] == ["p-judge", "p-boss", "p-chief"]
    assert arbiter(desk) == "p-judge"


def test_a_limit_that_runs_out_takes_it_a_level_up_and_never_further_than_there_are() -> None:
    desk = returned_twice(known(named=JUDGE.posting, portfolios=(LEADER,)))
    asked: list[str | None] = []
    while (due := next_due(desk.state)) is not None and len(asked) < 9:
        desk.now = due
        names = desk.do(Tick(due))
        assert names[0] in ("ruling.overdue", "task.overdue")
        if names[0] == "ruling.overdue":
            assert desk.last(events.RulingOverdue).due_at == due, "exact"
            asked.append(arbiter(desk))
    assert asked == ["p-boss", "p-chief", None, None]
    assert desk_of(desk.state) == "arbiter:d"
    assert len({e.ruling for e in desk.happened if isinstance(e, events.RulingRequested)}) == 1
    with pytest.raises(NotFound):
        desk.do(rule(desk, "p-judge"))
    assert "ruling.made" in desk.do(rule(desk, "p-else", standing_in=True))


def test_without_a_limit_it_waits_for_ever() -> None:
    desk = returned_twice(known(limit=False))
    assert next_due(desk.state) is None


def test_the_next_level_has_its_whole_limit_from_when_it_is_asked() -> None:
    desk = returned_twice(known(portfolios=(LEADER,)))
    desk.later(days=30)
    names = desk.do(Tick(desk.now))
    assert names.count("ruling.requested") == 1
    assert desk.last(events.RulingRequested).requested_at == desk.now
    due = next_due(desk.state)
    assert due is not None
    assert due > desk.now


def test_an_arbiter_who_left_hands_it_to_the_successor() -> None:
    desk = returned_twice()
    new = post("p-new", "leader", "d").model_copy(update={"valid_from": desk.now})
    desk.world = known(posts=(ended("posting:d:p-boss", desk.now), new))
    with pytest.raises(Refused) as refused:
        desk.do(rule(desk))
    assert refused.value.code == "posting_ended"
    names = desk.do(HandOn())
    assert names == ["clock.stopped", "ruling.requested", "clock.started"]
    assert arbiter(desk) == "p-new"
    assert desk.do(HandOn()) == []
    assert "task.assigned" in desk.do(rule(desk, "p-new"))


def test_where_nobody_follows_the_next_level_or_anybody_entitled_is_asked() -> None:
    desk = returned_twice()
    desk.world = known(posts=(ended("posting:d:p-boss", desk.now),))
    desk.do(HandOn())
    assert desk_of(desk.state) == "arbiter:d"
    with pytest.raises(NotFound):
        desk.do(rule(desk, "p-any"))
    assert "task.assigned" in desk.do(rule(desk, "p-any", standing_in=True))


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
