"""When people leave their posts: what was in their hands goes on, and never to the wrong ones."""

from dataclasses import replace
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from case_contracts.events import dispatch as events
from case_contracts.events.base import EventData
from case_contracts.events.registry import PostingEnded, PostingStarted
from case_contracts.values import Party, PartyKind
from dispatch.commands.complete_task import CompleteTask
from dispatch.commands.hand_on import HandOn
from dispatch.commands.open_case import OpenCase
from dispatch.commands.place_case import PlaceCase
from dispatch.commands.verify import Verify
from dispatch.domain.state import Status
from dispatch.domain.timers import desk as desk_of
from dispatch.left_posts import Watch
from dispatch.subscriptions import SUBSCRIPTIONS
from service_kit.errors import NotFound, NotYet, Refused
from service_kit.events.subscriptions import Mirror
from service_kit.postings import build_postings
from tests.unit.dispatch.district import FROM, LITTER, POSTINGS, START, Desk, filed, post, world
from tests.unit.dispatch.test_way_of_a_case import completed, opened

LATER = START + timedelta(hours=1)
W1 = "posting:u1:p-w1"


def ended(posting: str, at: datetime = LATER) -> PostingEnded:
    return PostingEnded(posting=posting, valid_to=at)


def after(desk: Desk, *more: EventData) -> Desk:
    """An hour later the district's postings are these as well."""
    desk.now = LATER
    desk.world = replace(world(), postings=build_postings([*POSTINGS, *more]))
    return desk


def successor(person: str, role: str = "worker", grid: str = "u1") -> PostingStarted:
    return post(person, role, grid).model_copy(update={"valid_from": LATER})


def handler(desk: Desk) -> str | None:
    assert desk.state.task is not None
    return desk.state.task.handler.person


def verifier(desk: Desk) -> str | None:
    asked = desk.state.verification
    assert asked is not None
    return asked.verifier.person if asked.verifier else None


def test_a_task_goes_to_the_successor_and_says_why() -> None:
    desk = after(opened(matter=LITTER), ended(W1), successor("p-new"))
    names = desk.do(HandOn())
    assert names == ["task.revoked", "clock.stopped", "task.assigned", "clock.started"]
    assert desk.last(events.TaskRevoked).reason == "posting_ended"
    assigned = desk.last(events.TaskAssigned)
    assert (assigned.handler.person, assigned.assignment) == ("p-new", 2)
    assert [(r.code, r.refers_to) for r in assigned.reasons] == [
        ("posting_ended", W1), ("successor", "posting:u1:p-new"),
    ]  # fmt: skip
    assert desk.do(HandOn()) == []


def test_without_a_successor_the_rules_give_it_to_the_grid_above() -> None:
    desk = after(opened(matter=LITTER), ended(W1))
    desk.do(HandOn())
    assert handler(desk) == "p-lead"
    assert desk.last(events.TaskAssigned).reasons[0].code == "posting_ended"


@pytest.mark.parametrize(
    "other",
    [
        successor("p-other", "coordinator"),
        successor("p-other", grid="u2"),
        successor("p-other").model_copy(update={"accountable": False}),
        successor("p-other").model_copy(update={"valid_from": LATER + timedelta(days=1)}),
    ],
    ids=["another role", "another grid", "not accountable", "not yet"],
)
def test_only_who_answers_for_the_same_post_succeeds(other: PostingStarted) -> None:
    role = other.role
    desk = after(opened(matter=LITTER), ended(W1), other)
    desk.do(HandOn())
    codes = [reason.code for reason in desk.last(events.TaskAssigned).reasons]
    assert "successor" not in codes
    assert handler(desk) == ("p-other" if role == "coordinator" else "p-lead")


def test_who_reported_it_does_not_get_it_while_there_is_somebody_else() -> None:
    desk = after(opened(matter=LITTER, by="p-new"), ended(W1), successor("p-new"))
    desk.do(HandOn())
    assert handler(desk) == "p-lead"


def test_a_case_is_rather_the_reporters_than_nobodys() -> None:
    everybody = [ended(f"posting:{p.grid}:{p.person}") for p in POSTINGS]
    desk = after(opened(matter=LITTER, by="p-new"), *everybody, successor("p-new"))
    desk.do(HandOn())
    assert handler(desk) == "p-new"


def test_while_nobody_is_there_it_is_tried_again() -> None:
    everybody = [ended(f"posting:{p.grid}:{p.person}") for p in POSTINGS]
    desk = after(opened(matter=LITTER), *everybody)
    with pytest.raises(NotYet):
        desk.do(HandOn())


def test_a_verification_is_asked_of_the_successor_with_a_limit_of_its_own() -> None:
    desk = after(completed(opened()), ended(W1), successor("p-new"))
    names = desk.do(HandOn())
    assert names == ["clock.stopped", "verification.requested", "clock.started"]
    asked = desk.last(events.VerificationRequested)
    assert (asked.verifier.person, asked.round) == ("p-new", 2)
    assert asked.due_at > LATER
    with pytest.raises(NotFound):
        desk.do(Verify("p-w1", passed=True, confirms=True))
    assert desk.do(Verify("p-new", passed=True, confirms=True))[0] == "verification.passed"


@pytest.mark.parametrize("involved", ["handler", "reporter"])
def test_who_handled_or_reported_it_is_never_asked_to_verify(involved: str) -> None:
    by = "p-new" if involved == "reporter" else None
    desk = opened(matter=LITTER, by=by)
    assert desk.state.task is not None
    desk.do(CompleteTask("p-w1", desk.state.task.id))
    assert verifier(desk) == "p-lead"
    person = "p-new" if by else "p-w1"
    after(desk, ended("posting:c:p-lead"), successor(person, "leader", "c"))
    desk.do(HandOn())
    assert verifier(desk) == "p-boss"


def test_placing_is_asked_of_the_successor() -> None:
    desk = opened(grid="d", grid_path=[], located=False)
    after(desk, ended("posting:d:p-boss"), successor("p-new", "leader", "d"))
    with pytest.raises(Refused, match="ended"):
        desk.do(PlaceCase("p-boss", "u1"))
    assert desk.do(HandOn()) == ["placing.requested", "clock.stopped", "clock.started"]
    assert desk_of(desk.state) == "person:p-new"
    assert desk.do(PlaceCase("p-new", "u1"))[0] == "case.placed"


def test_rights_end_with_the_post_and_not_with_the_sweep() -> None:
    desk = after(opened(matter=LITTER), ended(W1), successor("p-new"))
    assert desk.state.task is not None
    with pytest.raises(Refused) as refused:
        desk.do(CompleteTask("p-w1", desk.state.task.id))
    assert refused.value.code == "posting_ended"
    desk = after(completed(opened()), ended(W1))
    with pytest.raises(Refused) as refused:
        desk.do(Verify("p-w1", passed=True, confirms=True))
    assert refused.value.code == "posting_ended"


def test_rework_goes_to_the_successor_when_the_handler_has_left() -> None:
    desk = opened(matter=LITTER)
    assert desk.state.task is not None
    desk.do(CompleteTask("p-w1", desk.state.task.id))
    after(desk, ended(W1), successor("p-new"))
    desk.do(Verify("p-lead", passed=False))
    assert handler(desk) == "p-new"
    assert desk.last(events.TaskAssigned).rework is True


def test_nothing_changes_while_the_post_holder_is_in_office_or_for_a_department() -> None:
    assert after(opened(matter=LITTER)).do(HandOn()) == []
    assert after(opened(), ended(W1)).do(HandOn()) == []
    closed = completed(opened())
    closed.do(Verify("p-w1", passed=True, confirms=True))
    assert after(closed, ended(W1)).do(HandOn()) == []


def party(person: str) -> Party:
    return Party(kind=PartyKind.POST, id=W1, person=person, grid="u1")


def test_a_posting_that_is_used_again_is_held_again() -> None:
    first, again = post("p-w1", "worker", "u1"), successor("p-new")
    again = again.model_copy(update={"posting": W1, "valid_from": LATER + timedelta(hours=1)})
    found = build_postings([first, ended(W1), again])
    gap, then = LATER + timedelta(minutes=30), LATER + timedelta(hours=2)
    assert [p.person for p in found.in_grid("u1", START)] == ["p-w1"]
    assert found.in_grid("u1", gap) == []
    assert [p.person for p in found.in_grid("u1", then)] == ["p-new"]
    assert found.grids_of("p-w1", then) == set()
    assert not found.holds(party("p-w1"), then)
    assert found.holds(party("p-new"), then)


def test_every_end_of_a_posting_is_kept() -> None:
    """A posting that ended, began anew and ended again has two ends."""
    [entry] = SUBSCRIPTIONS.of(PostingEnded.SPEC.type)
    assert isinstance(entry, Mirror)
    envelope: Any = SimpleNamespace(subject=W1)
    assert len({entry.key(ended(W1, at), envelope) for at in (START, LATER)}) == 2


def test_a_posting_said_anew_for_somebody_else_has_one_holder() -> None:
    changed = successor("p-new").model_copy(update={"posting": W1})
    found = build_postings([post("p-w1", "worker", "u1"), changed])
    assert [p.person for p in found.in_grid("u1", LATER)] == ["p-new"]
    assert [(s.data.person, s.end) for s in found.ended(LATER)] == [("p-w1", LATER)]


def test_who_only_got_other_shifts_has_not_left() -> None:
    changed = successor("p-w1").model_copy(update={"accountable": False})
    assert build_postings([post("p-w1", "worker", "u1"), changed]).ended(LATER) == []


SAID = st.lists(
    st.tuples(st.booleans(), st.integers(0, 20), st.integers(1, 9), st.sampled_from("abc")),
    max_size=8,
)


@given(SAID)
def test_a_posting_never_has_two_holders_at_a_time(said: list[Any]) -> None:
    told: list[EventData] = []
    for is_end, start, length, person in said:
        since = FROM + timedelta(days=start)
        until = since + timedelta(days=length)
        begun = post(person, "worker", "u1").model_copy(
            update={"posting": W1, "valid_from": since, "valid_to": until}
        )
        told.append(ended(W1, since) if is_end else begun)
    found = build_postings(told)
    for day in range(32):
        at = FROM + timedelta(days=day)
        holders = found.in_grid("u1", at)
        assert len(holders) <= 1
        assert all(found.holds(party(p.person), at) for p in holders)
        left = {span.data.person for span in found.ended(at)}
        assert not left & {p.person for p in holders}


def test_a_post_is_watched_for_a_while_after_its_last_case(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 100.0
    monkeypatch.setattr("dispatch.left_posts.time.monotonic", lambda: now)
    spans = build_postings([*POSTINGS, ended(W1)]).ended(LATER)
    watch = Watch()
    looked_at = watch.open(spans)
    assert [key[0] for key in looked_at] == [W1]
    watch.seen(looked_at, {"p-w1"})
    now += 60
    assert watch.open(spans) == looked_at, "its case could not be handed on yet"
    watch.seen(looked_at, set())
    now += 5
    assert watch.open(spans) == looked_at
    now += 5
    assert watch.open(spans) == []


def test_what_does_not_move_is_tried_under_another_cause() -> None:
    watch, turn, other = Watch(), ("case:1", 1, 2), ("case:2", 1, 2)
    tried = [watch.attempts([turn])[turn] for _ in range(45)]
    assert tried == [0] * 20 + [1] * 20 + [2] * 5
    assert watch.attempts([other]) == {other: 0}
    assert watch.attempts([turn]) == {turn: 0}, "it was done with in between"


def test_a_case_opened_after_the_end_never_reaches_who_has_left() -> None:
    desk = after(Desk(), ended(W1))
    desk.do(OpenCase(filed(matter=LITTER)))
    assert handler(desk) == "p-lead"
    assert desk.state.status == Status.ASSIGNED
