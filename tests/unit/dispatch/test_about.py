"""A complaint about a unit or a person: nobody it is about, nor under them, gets it."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from case_contracts import commands as said
from case_contracts.events import dispatch as events
from case_contracts.events.registry import PortfolioAssigned, PostingEnded
from case_contracts.values import About, Party
from dispatch.commands.complete_task import CompleteTask
from dispatch.commands.department_command import DepartmentCommand
from dispatch.commands.hand_on import HandOn
from dispatch.commands.open_case import OpenCase
from dispatch.commands.place_case import PlaceCase
from dispatch.commands.reassign import Reassign
from dispatch.commands.verify import Verify
from dispatch.domain.timers import desk as desk_of
from service_kit.errors import CivicError, NotYet
from service_kit.postings import build_postings
from service_kit.ties import build_portfolios
from tests.unit.dispatch.district import FROM, POSTINGS, START, Desk, filed

LEADER = PortfolioAssigned(
    portfolio="portfolio:p-vice", person="p-vice", departments=("mr",), grid="d", valid_from=FROM
)
UNDER = {
    ("department", "um"): {"um"},
    ("department", "wa"): {"wa"},
    ("person", "p-w1"): {"p-w1"},
    ("person", "p-w2"): {"p-w2"},
    ("person", "p-lead"): {"p-lead", "p-w1", "p-w2"},
    ("person", "p-boss"): {"p-boss", "p-lead", "p-w1", "p-w2"},
    ("person", "p-vice"): {"p-vice", "mr"},
    ("grid", "u1"): {"p-w1"},
    ("grid", "u2"): {"p-w2"},
    ("grid", "c"): {"p-lead", "p-w1", "p-w2"},
    ("grid", "d"): {"p-boss", "p-lead", "p-w1", "p-w2"},
}
"""Written out by hand: who may not have it, by what it is about."""


def at_the_district() -> Desk:
    desk = Desk()
    desk.world = replace(desk.world, portfolios=build_portfolios([LEADER]))
    return desk


def who(party: Party | None) -> str | None:
    return None if party is None else party.person or party.id


def asked(desk: Desk) -> set[str]:
    """Everybody to whom the case was ever given, by any event."""
    parties = [who(e.handler) for e in desk.happened if isinstance(e, events.TaskAssigned)]
    parties += [
        who(e.verifier) for e in desk.happened if isinstance(e, events.VerificationRequested)
    ]
    parties += [
        who(e.placer)
        for e in desk.happened
        if isinstance(e, events.CaseReceived | events.PlacingRequested)
    ]
    return {party for party in parties if party}


MATTERS = st.sampled_from(
    ["part/utilities/manhole-cover", "event/appearance/litter", "dispute/neighbours/noise"]
)
STEPS = st.lists(st.sampled_from(["complete", "fail", "return", "reassign", "leave", "place"]))


@given(
    subject=st.sampled_from(sorted(UNDER)), matter=MATTERS, grid=st.sampled_from(["u1", "u2", "d"]),
    located=st.booleans(), steps=STEPS,
)  # fmt: skip
def test_whatever_happens_they_never_get_it(
    subject: tuple[str, str], matter: str, grid: str, located: bool, steps: list[str]
) -> None:
    desk, path = at_the_district(), {"u1": ["d", "c"], "u2": ["d", "c"], "d": []}[grid]
    about = About(kind=subject[0], id=subject[1])
    if not located:
        grid, path = "d", []
    content = filed(matter=matter, grid=grid, grid_path=path, located=located, about=about)
    desk.do(OpenCase(content))
    for step in steps:
        _try(desk, step)
    assert not asked(desk) & UNDER[subject]
    assert asked(desk)


def _try(desk: Desk, step: str) -> None:
    """One step by whoever could take it; what the rules refuse changes nothing."""
    desk.later(minutes=1)
    try:
        {"complete": _complete, "fail": _fail, "return": _return, "reassign": _reassign,
         "leave": _leave, "place": _place}[step](desk)  # fmt: skip
    except CivicError:
        return


def _command(desk: Desk, command: type, **more: object) -> None:
    task = desk.state.task
    assert task is not None
    said_ = command(
        id=f"c{desk.steps}", case=desk.state.case, taskid=task.id, assignment=task.assignment,
        **more,
    )  # fmt: skip
    desk.do(DepartmentCommand(f"f{desk.steps}", task.handler.id, said_))


def _complete(desk: Desk) -> None:
    task = desk.state.task
    if task is None:
        return
    if task.handler.person:
        desk.do(CompleteTask(task.handler.person, task.id, ("evidence:1",)))
    else:
        _command(desk, said.Complete, evidence=("evidence:1",))


def _return(desk: Desk) -> None:
    if desk.state.task is not None and not desk.state.task.handler.person:
        _command(desk, said.Return, reason="not_ours")


def _fail(desk: Desk) -> None:
    asked_ = desk.state.verification
    if asked_ is not None:
        desk.do(Verify(who(asked_.verifier) or "p-stand-in", False, supervising=True))


def _reassign(desk: Desk) -> None:
    desk.do(Reassign("p-supervisor"))


def _place(desk: Desk) -> None:
    desk.do(PlaceCase(who(desk.state.placer) or "", "u1"))


def _leave(desk: Desk) -> None:
    """Whoever has it leaves all their posts; a sweep finds the case."""
    holder = (desk_of(desk.state) or "").removeprefix("person:")
    ends = [PostingEnded(posting=p.posting, valid_to=desk.now) for p in POSTINGS
            if p.person == holder]  # fmt: skip
    desk.world = replace(desk.world, postings=build_postings([*POSTINGS, *ends]))
    desk.do(HandOn())


def handled(about: About, **change: Any) -> events.TaskAssigned:
    desk = at_the_district()
    desk.do(OpenCase(filed(about=about, **change)))
    found: events.TaskAssigned = desk.last(events.TaskAssigned)
    return found


@pytest.mark.parametrize(
    ("about", "matter", "expected"),
    [
        (("department", "um"), "part/utilities/manhole-cover", "p-lead"),
        (("grid", "u1"), "event/appearance/litter", "p-lead"),
        (("grid", "c"), "event/appearance/litter", "p-boss"),
        (("person", "p-lead"), "event/appearance/litter", "p-boss"),
        (("grid", "d"), "event/appearance/litter", "p-vice"),
        (("person", "p-boss"), "event/appearance/litter", "p-vice"),
    ],
)
def test_it_goes_up_to_the_first_who_is_free(
    about: tuple[str, str], matter: str, expected: str
) -> None:
    found = handled(About(kind=about[0], id=about[1]), matter=matter)
    assert who(found.handler) == expected
    assert any(r.code == "conflict_of_interest" for r in found.reasons)


def test_where_nobody_is_free_at_all_it_waits_in_sight_of_operators() -> None:
    """NotYet is tried again, then held: counted, listed, and taken up when somebody is there."""
    with pytest.raises(NotYet):
        Desk().do(
            OpenCase(filed(matter="event/appearance/litter", about=About(kind="grid", id="d")))
        )


def test_who_is_complained_of_is_not_called_for_help() -> None:
    desk = at_the_district()
    desk.do(OpenCase(filed(about=About(kind="department", id="wa"))))
    assert desk.state.task is not None
    assert desk.state.task.handler.id == "um"
    _command(desk, said.AskHelp, units=("mr", "wa"), reason="help")
    assert desk.last(events.CommandRefused).code == "conflict_of_interest"
    _command(desk, said.AskHelp, units=("mr",), reason="help")
    assert desk.last(events.WhistleBlown).units == ("mr",)
    assert desk.now - START < timedelta(hours=1)
